/*
 * Writes words.h: the lists of corpus/abbreviations as one perfect hash.
 *
 *     words corpus/abbreviations/??.txt >words.h
 *
 * A file holds one language, a line "keyword: word word ...". Keywords are those of `keywords`
 * below. A word in small letters stands for any case; one with a capital abbreviates only when it
 * is written with one. Full stops within are written, the last is not. Single letters need not be
 * listed: initials are known by rule.
 *
 * A file's meaning of a word becomes everyone's; where files differ over an abbreviation, it may
 * end a sentence. "own keyword" holds only where that language is asked for: for what is a word in
 * another one ("min" in English, "lat" in Polish).
 */
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "sentence/lower.h"
#include "sentence/word_hash.h"
#include "sentence/words.h"

enum { MOST_WORDS = 16384, MOST_OWN = 8192, MOST_LANGUAGES = 64, KEY_BYTES = WORD_BYTES };

static const struct {
    const char *name;
    uint8_t abbreviation;
    uint16_t roles;
} keywords[] = {
    {"never", WORD_NEVER, 0},
    {"title", WORD_NEVER, WORD_TITLE},
    {"digit", WORD_DIGIT, 0},
    {"may", WORD_MAY, 0},
    {"likely", WORD_LIKELY, 0},
    {"starts", 0, WORD_STARTS},
    {"subject", 0, WORD_STARTS | WORD_SUBJECT},
    {"says", 0, WORD_SAYS},
    {"article", 0, WORD_ARTICLE},
    {"stays", 0, WORD_STAYS},
    {"after-number", 0, WORD_AFTER_NUMBER},
    {"before-ordinal", 0, WORD_BEFORE_ORDINAL},
    {"fronts", 0, WORD_FRONTS},
    {"shouts", 0, WORD_SHOUTS},
};
enum { KEYWORDS = sizeof keywords / sizeof *keywords };

typedef struct {
    uint8_t key[KEY_BYTES];
    size_t len;
    word merged;
} entry;

typedef struct {
    unsigned entry, language;
    word meaning;
} own;

static entry entries[MOST_WORDS];
static own owns[MOST_OWN];
static char languages[MOST_LANGUAGES][8];
static unsigned n_entries, n_owns, n_languages;
static const char *file_name;

static void fail(const char *what, const char *detail)
{
    fprintf(stderr, "words: %s: %s: %s\n", file_name ? file_name : "-", what, detail);
    exit(2);
}

static entry *entry_for(const char *text)
{
    uint8_t key[KEY_BYTES];
    size_t len = lower_text((const uint8_t *)text, strlen(text), key, sizeof key);
    if (len > sizeof key)
        fail("too long", text);
    for (unsigned i = 0; i < n_entries; i++)
        if (entries[i].len == len && memcmp(entries[i].key, key, len) == 0)
            return entries + i;
    if (n_entries == MOST_WORDS)
        fail("too many words", text);
    entry *e = entries + n_entries++;
    memcpy(e->key, key, len);
    e->len = len;
    return e;
}

static own *own_for(const entry *e)
{
    unsigned at = (unsigned)(e - entries);
    for (unsigned i = 0; i < n_owns; i++)
        if (owns[i].entry == at && owns[i].language == n_languages - 1)
            return owns + i;
    if (n_owns == MOST_OWN)
        fail("too many words", "own");
    owns[n_owns].entry = at;
    owns[n_owns].language = n_languages - 1;
    return owns + n_owns++;
}

/* Of two languages that differ: the next word decides. */
static uint8_t compromise(uint8_t a, uint8_t b)
{
    if (!a || !b || a == b)
        return a ? a : b;
    return WORD_MAY;
}

static void add_meaning(word *w, uint8_t abbreviation, uint16_t roles, bool capital, bool mix)
{
    if (abbreviation) {
        bool free = w->abbreviation && !(w->roles & WORD_CAPITAL);
        w->roles = (uint16_t)(capital && !free ? w->roles | WORD_CAPITAL
                                               : w->roles & ~WORD_CAPITAL);
        w->abbreviation = mix ? compromise(w->abbreviation, abbreviation) : abbreviation;
    }
    w->roles |= roles;
}

static void add_word(const char *text, unsigned k, bool is_own)
{
    entry *e = entry_for(text);
    uint8_t lowered[KEY_BYTES];
    lower_text((const uint8_t *)text, strlen(text), lowered, sizeof lowered);
    bool capital = memcmp(lowered, text, e->len) != 0;
    own *o = own_for(e);
    add_meaning(&o->meaning, keywords[k].abbreviation, keywords[k].roles, capital, false);
    if (!is_own)
        add_meaning(&e->merged, keywords[k].abbreviation, keywords[k].roles, capital, true);
}

static void read_line(char *line)
{
    char *colon = strchr(line, ':');
    bool is_own = strncmp(line, "own ", 4) == 0;
    if (!colon)
        fail("no keyword", line);
    *colon = '\0';
    for (unsigned k = 0; k < KEYWORDS; k++)
        if (strcmp(line + (is_own ? 4 : 0), keywords[k].name) == 0) {
            for (char *w = strtok(colon + 1, " \t"); w; w = strtok(NULL, " \t"))
                add_word(w, k, is_own);
            return;
        }
    fail("unknown keyword", line);
}

static void read_file(const char *path)
{
    char line[1024];
    const char *base = strrchr(path, '/') ? strrchr(path, '/') + 1 : path;
    FILE *f = fopen(path, "r");
    file_name = path;
    if (!f)
        fail("cannot open", "");
    if (n_languages == MOST_LANGUAGES || strcspn(base, ".") >= sizeof *languages)
        fail("too many languages, or a name too long", base);
    memcpy(languages[n_languages++], base, strcspn(base, "."));
    while (fgets(line, sizeof line, f)) {
        if (!strchr(line, '\n'))
            fail("line too long", line);
        line[strcspn(line, "\n")] = '\0';
        if (line[0] && line[0] != '#')
            read_line(line);
    }
    fclose(f);
}

/* Hash and displace: a bucket's words all go to free slots under one displacement. */
enum { MOST_SLOTS = 2 * MOST_WORDS, MOST_BUCKETS = MOST_WORDS };
static int slots[MOST_SLOTS];
static uint16_t displacement[MOST_BUCKETS];
static unsigned n_slots, n_buckets;

static bool place(unsigned bucket, uint16_t d)
{
    unsigned taken[64], n = 0;
    for (unsigned i = 0; i < n_entries; i++) {
        uint64_t h = word_hash(entries[i].key, entries[i].len);
        if (word_bucket(h, n_buckets) != bucket)
            continue;
        unsigned s = word_slot(h, d, n_slots);
        if (slots[s] >= 0 || n == 64) {
            while (n)
                slots[taken[--n]] = -1;
            return false;
        }
        slots[s] = (int)i;
        taken[n++] = s;
    }
    displacement[bucket] = d;
    return true;
}

static unsigned bucket_size(unsigned bucket)
{
    unsigned n = 0;
    for (unsigned i = 0; i < n_entries; i++)
        n += word_bucket(word_hash(entries[i].key, entries[i].len), n_buckets) == bucket;
    return n;
}

static void build(void)
{
    n_slots = n_entries + n_entries / 4 + 1;
    n_buckets = n_entries / 3 + 1;
    for (unsigned s = 0; s < n_slots; s++)
        slots[s] = -1;
    for (unsigned size = 64; size > 0; size--)
        for (unsigned b = 0; b < n_buckets; b++) {
            if (bucket_size(b) != size)
                continue;
            unsigned d = 0;
            while (d < UINT16_MAX && !place(b, (uint16_t)d))
                d++;
            if (d == UINT16_MAX)
                fail("no perfect hash", "give it more slots");
        }
}

/* What is part of names in one language is not trusted behind initials in any: "J. Le Roy". */
static void distrust_articles(void)
{
    for (unsigned i = 0; i < n_entries; i++)
        if (entries[i].merged.roles & WORD_ARTICLE)
            entries[i].merged.roles &= (uint16_t)~WORD_STARTS;
}

static bool same(word a, word b)
{
    return a.abbreviation == b.abbreviation && a.roles == b.roles;
}

/* Drops what merely repeats the merged meaning; returns how many of entry i are left. */
static unsigned own_of(unsigned i, bool print)
{
    unsigned n = 0;
    for (unsigned k = 0; k < n_owns; k++) {
        word w = owns[k].meaning;
        w.roles |= entries[i].merged.roles & (uint16_t)~WORD_CAPITAL;
        if (!w.abbreviation) {
            w.abbreviation = entries[i].merged.abbreviation;
            w.roles |= entries[i].merged.roles & WORD_CAPITAL;
        }
        if (owns[k].entry != i || same(w, entries[i].merged))
            continue;
        if (print)
            printf("    {%u, {%u, 0x%x}},\n", owns[k].language, w.abbreviation, w.roles);
        n++;
    }
    return n;
}

static void write_checks(void)
{
    printf("static const uint8_t word_checks[WORD_SLOTS] = {");
    for (unsigned s = 0; s < n_slots; s++) {
        const entry *e = slots[s] < 0 ? NULL : entries + slots[s];
        printf("%u,", e ? word_check(word_hash(e->key, e->len)) : 0u);
    }
    printf("};\n\n");
}

static void write_slots(void)
{
    unsigned from = 0;
    printf("static const word_entry word_slots[%u] = {\n", n_slots);
    for (unsigned s = 0; s < n_slots; s++) {
        if (slots[s] < 0) {
            printf("    {\"\", 0, 0, 0, {0, 0}},\n");
            continue;
        }
        const entry *e = entries + slots[s];
        unsigned n = own_of((unsigned)slots[s], false);
        printf("    {\"");
        for (size_t i = 0; i < e->len; i++)
            printf(e->key[i] < 0x80 ? "%c" : "\\%03o", e->key[i]);
        printf("\", %zu, %u, %u, {%u, 0x%x}},\n", e->len, n, from, e->merged.abbreviation,
               e->merged.roles);
        from += n;
    }
    printf("};\n\nstatic const word_own word_owns[%u] = {\n", from + 1);
    for (unsigned s = 0; s < n_slots; s++)
        if (slots[s] >= 0)
            own_of((unsigned)slots[s], true);
    printf("    {0, {0, 0}},\n};\n\n");
}

/* A bit for the tail or hash of every word: what has none of its own is no word and need not be
   sought. */
static void write_sieve(void)
{
    static uint64_t sieve[(1 << WORD_SIEVE_LOG) / 64];
    for (unsigned i = 0; i < n_entries; i++) {
        const entry *e = entries + i;
        unsigned bit = word_sieve_bit_of(e->key, e->len, word_hash(e->key, e->len));
        sieve[bit / 64] |= (uint64_t)1 << bit % 64;
    }
    printf("static const uint64_t word_sieve[%zu] = {", sizeof sieve / sizeof *sieve);
    for (size_t i = 0; i < sizeof sieve / sizeof *sieve; i++)
        printf("0x%llx,", (unsigned long long)sieve[i]);
    printf("};\n\n");
}

int main(int argc, char **argv)
{
    for (int i = 1; i < argc; i++)
        read_file(argv[i]);
    distrust_articles();
    build();
    printf("/* Generated by filter/tables/words.c from corpus/abbreviations. */\n\n"
           "enum { WORD_SLOTS = %u, WORD_BUCKETS = %u, WORD_LANGUAGES = %u };\n\n",
           n_slots, n_buckets, n_languages);
    printf("static const char word_languages[WORD_LANGUAGES][8] = {");
    for (unsigned i = 0; i < n_languages; i++)
        printf("\"%s\", ", languages[i]);
    printf("};\n\nstatic const uint16_t word_displacement[WORD_BUCKETS] = {");
    for (unsigned b = 0; b < n_buckets; b++)
        printf("%u,", displacement[b]);
    printf("};\n\n");
    write_sieve();
    write_checks();
    write_slots();
    return 0;
}
