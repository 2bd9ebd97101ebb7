#include "judge/phrase.h"

#include <string.h>

#include "judge/fold_ascii.h"
#include "judge/phrase_table.h"
#include "tables/phrases.inc"

/* Texts made to be slow (one-letter words that begin many phrases) end here; the longest honest run
   of phrases in 400 bytes takes about 300. */
enum { PROBES_MAX = 1024 };

/* A run may hold weak phrases, but it takes this many pieces then; more when all are weak. */
enum { RUN_MIXED = 4, RUN_WEAK = 5 };

/* How the words up to here are covered by phrases. */
typedef struct {
    uint8_t covered;
    uint8_t category; /* of the first piece, a strong one if there is one */
    uint16_t strong, weak;
} cover;

typedef struct {
    const phrase_table *table;
    const uint8_t *text;
    unsigned words, probes;
    uint64_t hash[PHRASE_MAX]; /* of each word */
    cover at[PHRASE_MAX + 2];                            /* [i]: the words before i */
    unsigned open;                                       /* category of a phrase with a star, or 0 */
    bool stay;
} matcher;

/* The state that the edge by a word leads to; STATE_FIRST: there is none. */
static uint32_t go(const phrase_table *t, uint32_t state, uint64_t word)
{
    uint64_t key = edge_key(state, word);
    for (uint64_t i = key & t->mask;; i = (i + 1) & t->mask) {
        uint64_t slot = t->slots[i];
        if (!slot || (slot ^ key) >> STATE_BITS == 0)
            return (uint32_t)(slot & STATE_MASK);
    }
}

/* Numbers in a row ("12/05/2014", "1,234") are one. */
static void split_words(matcher *m, size_t len)
{
    const uint64_t number = number_hash();
    for (size_t i = 0; i < len;) {
        if (m->text[i] == ' ') {
            i++;
            continue;
        }
        size_t n = word_len(m->text + i, len - i);
        uint64_t hash = word_is_number(m->text + i, n) ? number : word_hash(m->text + i, n);
        if (hash != number || !m->words || m->hash[m->words - 1] != number)
            m->hash[m->words++] = hash;
        i += n;
    }
}

static bool is_strong(const cover *c)
{
    return c->strong && !c->weak;
}

/* Strong pieces alone are best, the fewer the better, as a long one says most; else the most. */
static bool better(const cover *a, const cover *b)
{
    if (!b->covered || is_strong(a) != is_strong(b))
        return !b->covered || is_strong(a);
    if (is_strong(a))
        return a->strong < b->strong;
    return a->strong != b->strong ? a->strong > b->strong : a->weak > b->weak;
}

/* Remembers that a piece covers the words from..to. */
static void extend(matcher *m, unsigned from, unsigned to, bool strong, bool weak, unsigned category)
{
    const cover *a = &m->at[from];
    cover c = {1, a->category, (uint16_t)(a->strong + strong), (uint16_t)(a->weak + weak)};
    if (!a->strong && (strong || !a->category))
        c.category = (uint8_t)category;
    if (better(&c, &m->at[to]))
        m->at[to] = c;
}

/* The words from..to led to `state`. */
static void arrive(matcher *m, unsigned from, unsigned to, uint32_t state)
{
    unsigned said = m->table->states[state], category = said >> STATE_CATEGORY;
    bool begins = m->at[from].covered;
    if (begins && said & (STATE_END | STATE_WEAK))
        extend(m, from, to, said & STATE_END, !(said & STATE_END), category);
    if (!m->open && (said & STATE_ANYWHERE || (begins && said & STATE_OPEN)))
        m->open = category;
    if (said & STATE_STAY_ANYWHERE || (from == 0 && said & STATE_STAY_OPEN) ||
        (from == 0 && to == m->words && said & STATE_STAY))
        m->stay = true;
}

/* Follows the phrases that begin at word `from`, of which the words before `to` led to `state`. */
static void walk(matcher *m, unsigned from, unsigned to, uint32_t state)
{
    while (to < m->words && m->probes++ < PROBES_MAX) {
        state = go(m->table, state, m->hash[to]);
        if (state == STATE_FIRST)
            return;
        arrive(m, from, ++to, state);
        if (!(m->table->states[state] & STATE_NAME))
            continue;
        uint32_t named = go(m->table, state, name_hash());
        for (unsigned k = 1; k <= NAME_WORDS && to + k <= m->words; k++) {
            arrive(m, from, to + k, named);
            walk(m, from, to + k, named);
        }
    }
}

static bool run_counts(const cover *c)
{
    if (!c->strong)
        return c->weak >= RUN_WEAK;
    return !c->weak || c->strong + c->weak >= RUN_MIXED;
}

/* Whether a phrase may begin as the text does: for most texts the only probe. */
static bool begins(const phrase_table *t, const uint8_t *text, size_t len)
{
    size_t n = word_len(text, len);
    return word_is_number(text, n) || go(t, STATE_FIRST, word_hash(text, n));
}

static bool holds_anywhere(const phrase_table *t)
{
    return t->flags & (STATE_ANYWHERE | STATE_STAY_ANYWHERE);
}

/* The phrases that the last words of a text may be the beginning of. */
typedef struct {
    uint32_t states[PHRASE_MAX]; /* the longest first: each began at another word */
    unsigned count;
    bool whole; /* the first of them began with the text */
} begun;

/* Goes on by a word. True: PHRASE_NEVER is known. */
static bool go_on(const phrase_table *t, begun *b, uint64_t word, unsigned *category)
{
    unsigned kept = 0;
    bool whole = b->whole;
    b->whole = false;
    for (unsigned i = 0; i < b->count; i++) {
        bool from_start = whole && i == 0;
        uint32_t state = go(t, b->states[i], word);
        unsigned said = t->states[state];
        if (state == STATE_FIRST)
            continue;
        if (said & STATE_STAY_ANYWHERE || (from_start && said & STATE_STAY_OPEN))
            return true;
        if (!*category && (said & STATE_ANYWHERE || (from_start && said & STATE_OPEN)))
            *category = said >> STATE_CATEGORY;
        b->whole |= from_start;
        b->states[kept++] = state;
    }
    b->count = kept;
    return false;
}

/* A text too long to be a phrase may begin with one, or hold one. */
static phrase_answer ask_long(const phrase_table *t, const uint8_t *folded, size_t len,
                              unsigned *category)
{
    const bool anywhere = holds_anywhere(t);
    begun b = {.states = {STATE_FIRST}, .count = 1, .whole = true};
    unsigned found = PHRASE_NONE;
    bool number = false;
    for (size_t i = 0, n; i < len && b.count; i += n) {
        n = folded[i] == ' ' ? 1 : word_len(folded + i, len - i);
        if (folded[i] == ' ')
            continue;
        bool again = number;
        number = word_is_number(folded + i, n);
        if (number && again)
            continue;
        if (go_on(t, &b, number ? number_hash() : word_hash(folded + i, n), &found))
            return PHRASE_NEVER;
        if (anywhere && b.count < PHRASE_MAX)
            b.states[b.count++] = STATE_FIRST;
    }
    if (!found)
        return PHRASE_UNKNOWN;
    *category = found;
    return PHRASE_FOUND;
}

phrase_answer phrase_ask(const phrase_table *table, const uint8_t *folded, size_t len,
                         unsigned *category)
{
    bool anywhere = holds_anywhere(table);
    if (!len || folded[0] == ' ' || (!anywhere && !begins(table, folded, len)))
        return PHRASE_UNKNOWN;
    if (len > PHRASE_MAX)
        return ask_long(table, folded, len, category);
    matcher m;
    m.table = table;
    m.text = folded;
    m.words = m.probes = m.open = 0;
    m.stay = false;
    split_words(&m, len);
    memset(m.at, 0, (m.words + 1) * sizeof m.at[0]);
    m.at[0].covered = 1;
    for (unsigned i = 0; i < m.words; i++) {
        if (!m.at[i].covered && !anywhere)
            continue;
        if (i && m.at[i].covered && m.hash[i] == number_hash())
            extend(&m, i, i + 1, false, false, 0);
        walk(&m, i, i, STATE_FIRST);
    }
    if (m.stay)
        return PHRASE_NEVER;
    const cover *all = &m.at[m.words];
    bool run = all->covered && run_counts(all);
    if (!run && !m.open)
        return PHRASE_UNKNOWN;
    *category = run ? all->category : m.open;
    return PHRASE_FOUND;
}

unsigned phrase_match(const uint8_t *folded, size_t len)
{
    unsigned category = PHRASE_NONE;
    return len <= PHRASE_MAX && phrase_ask(&phrases, folded, len, &category) == PHRASE_FOUND ? category : PHRASE_NONE;
}

/* The words of a text that is not folded, one by one, as the filter knows them. */
typedef struct {
    const uint8_t *text;
    size_t len, at;
    uint64_t word;
    bool number;
} reader;

typedef enum { WORD, WORD_NONE /* the text ends */, WORD_ODD /* not for the filter */ } word_kind;

/* What a byte folds to: a blank, a digit, a letter that is itself. The rest is not for the filter:
   controls stay what they are, and beyond ASCII a character is more than a byte. */
enum { BYTE_ODD, BYTE_BLANK, BYTE_DIGIT };

#define FIVE(from, c) \
    [from] = c, [from + 1] = c, [from + 2] = c, [from + 3] = c, [from + 4] = c
#define LETTER(c) [c] = c, [c - 32] = c
static const uint8_t folds_to[256] = {
    FIVE(' ', BYTE_BLANK), FIVE('%', BYTE_BLANK), FIVE('*', BYTE_BLANK), ['/'] = BYTE_BLANK,
    FIVE('0', BYTE_DIGIT), FIVE('5', BYTE_DIGIT), FIVE(':', BYTE_BLANK), ['?'] = BYTE_BLANK,
    ['@'] = BYTE_BLANK, FIVE('[', BYTE_BLANK), ['`'] = BYTE_BLANK, ['{'] = BYTE_BLANK,
    ['|'] = BYTE_BLANK, ['}'] = BYTE_BLANK, ['~'] = BYTE_BLANK, ['\t'] = BYTE_BLANK,
    LETTER('a'), LETTER('b'), LETTER('c'), LETTER('d'), LETTER('e'), LETTER('f'), LETTER('g'),
    LETTER('h'), LETTER('i'), LETTER('j'), LETTER('k'), LETTER('l'), LETTER('m'), LETTER('n'),
    LETTER('o'), LETTER('p'), LETTER('q'), LETTER('r'), LETTER('s'), LETTER('t'), LETTER('u'),
    LETTER('v'), LETTER('w'), LETTER('x'), LETTER('y'), LETTER('z'),
};

/* Bytes of a sign that folds to a blank and is common in ASCII text: spaces of all widths, dashes,
   quotes, dots, arrows, boxes, shapes. Else 0. */
static size_t sign_bytes(const uint8_t *p, size_t len)
{
    if (p[0] == 0xC2 && len >= 2)
        return p[1] == 0xA0 || p[1] == 0xAB || p[1] == 0xB7 || p[1] == 0xBB ? 2 : 0;
    if (p[0] != 0xE2 || len < 3)
        return 0;
    if (p[1] == 0x80)
        return p[2] <= 0x8A || (p[2] >= 0x90 && p[2] <= 0xA6) ? 3 : 0;
    return p[1] == 0x86 || p[1] == 0x87 || (p[1] >= 0x94 && p[1] <= 0x97) ? 3 : 0;
}

/* Whether 16 bytes are all blanks, as folds_to has it. */
static bool all_blank(const uint8_t *p)
{
    typedef uint8_t bytes __attribute__((vector_size(16)));
    bytes c, folded;
    uint64_t other[2];
    memcpy(&c, p, sizeof c);
    folded = c | 0x20;
    bytes is_other = (bytes)((bytes)(folded - 'a') < 26) | (bytes)((bytes)(c - '0') < 10) |
                     (bytes)(c < ' ') | (bytes)(c > '~');
    memcpy(other, &is_other, sizeof other);
    return !(other[0] | other[1]);
}

/* Tables hold long runs of blanks and signs. */
static size_t after_blanks(const uint8_t *text, size_t len, size_t i)
{
    size_t start = i;
    while (i < len) {
        if (folds_to[text[i]] == BYTE_BLANK) {
            i++;
            while (i - start >= 8 && i + 16 <= len && all_blank(text + i))
                i += 16;
            continue;
        }
        size_t n = sign_bytes(text + i, len - i);
        if (!n)
            break;
        i += n;
    }
    return i;
}

/* The end of the number at text[i]: a joint between digits is part of it, as fold() has it. */
static size_t number_end(const uint8_t *text, size_t len, size_t i)
{
    while (i < len && (folds_to[text[i]] == BYTE_DIGIT ||
                       (fold_is_joint(text[i]) && i + 1 < len &&
                        folds_to[text[i + 1]] == BYTE_DIGIT)))
        i++;
    return i;
}

/* Folds the word at text[i], which holds a digit; returns its end. */
static size_t fold_counted(reader *r, size_t i)
{
    uint8_t word[PHRASE_MAX], c;
    size_t n = 0;
    for (; i < r->len && n < sizeof word && (c = folds_to[r->text[i]]) > BYTE_BLANK; i++) {
        word[n++] = c == BYTE_DIGIT ? '0' : c;
        if (c == BYTE_DIGIT)
            i = number_end(r->text, r->len, i) - 1;
    }
    r->word = filter_word(word, n);
    return i;
}

/* How many letters begin the text, of eight bytes at most; `*folded`: in small letters, then 0. */
static size_t leading_letters(const uint8_t *p, size_t len, uint64_t *folded)
{
    const uint64_t each = UINT64_C(0x0101010101010101), high = each << 7;
    uint64_t bytes = (uint64_t)p[0] | (uint64_t)p[1] << 8 | (uint64_t)p[2] << 16 |
                     (uint64_t)p[3] << 24 | (uint64_t)p[4] << 32 | (uint64_t)p[5] << 40 |
                     (uint64_t)p[6] << 48 | (uint64_t)p[7] << 56;
    uint64_t small = bytes | each * 0x20, low = small & ~high;
    uint64_t letter = (low + each * (0x80 - 'a')) & ~(low + each * (0x80 - 'z' - 1)) & ~small;
    uint64_t other = ~letter & high;
    size_t n = other ? (size_t)__builtin_ctzll(other) / 8 : 8;
    n = n < len ? n : len;
    *folded = n < 8 ? small & ((UINT64_C(1) << 8 * n) - 1) : small;
    return n;
}

/* Folds the word at text[r->at] as fold() does. */
static word_kind fold_word(reader *r)
{
    const uint8_t *text = r->text;
    size_t start = r->at, i = start;
    uint64_t part;
    size_t n;
    r->word = 0;
    do {
        n = leading_letters(text + i, r->len - i, &part);
        r->word = n ? filter_part(r->word, part) : r->word;
        i += n;
    } while (n == 8);
    if (i < r->len && folds_to[text[i]] == BYTE_DIGIT)
        i = fold_counted(r, start);
    r->at = i;
    if (i < r->len && folds_to[text[i]] != BYTE_BLANK && !sign_bytes(text + i, r->len - i))
        return WORD_ODD;
    return r->word == 'c' && start && text[start - 1] == '(' ? WORD_ODD : WORD; /* as phrase_fold */
}

/* Whether the word is a number, as word_is_number has it. */
static bool is_number(uint64_t word)
{
    return word == '0' || word == ('0' | 'k' << 8) || word == ('0' | 'm' << 8);
}

static word_kind read_word(reader *r)
{
    bool again = r->number;
    do {
        r->at = after_blanks(r->text, r->len, r->at);
        if (r->at == r->len)
            return WORD_NONE;
        if (fold_word(r) == WORD_ODD)
            return WORD_ODD;
        r->number = is_number(r->word);
    } while (r->number && again); /* numbers in a row are one */
    if (r->number)
        r->word = '0';
    return WORD;
}

static unsigned filter_ask(const phrase_table *t, uint64_t hash, unsigned words)
{
    return (unsigned)t->filter[filter_place(hash)] >> filter_shift(hash, words);
}

/* So many words are looked at. A text of fewer is no run of weak phrases, nor of mixed ones. */
enum { LOOK_WORDS = 4 };

/* Beginnings of phrases that the last words read are. */
typedef struct {
    unsigned count;
    struct {
        uint64_t hash;
        unsigned words;
    } of[FILTER_WORDS];
    bool covered; /* phrases cover all words so far */
    bool strong;  /* one of them is not weak */
    bool open;    /* one may go on beyond what the filter knows */
} beginnings;

static void begin_with_word(const phrase_table *t, beginnings *b, const reader *r)
{
    unsigned count = b->count, kept = 0;
    if (b->covered)
        b->of[count++].words = 0;
    b->covered = b->covered && r->number;
    for (unsigned i = 0; i < count; i++) {
        unsigned words = b->of[i].words + 1;
        uint64_t hash = filter_hash(words > 1 ? b->of[i].hash : 0, r->word);
        unsigned said = filter_ask(t, hash, words);
        if (!(said & FILTER_BEGINS))
            continue;
        b->open |= words == FILTER_WORDS || said & FILTER_OPEN;
        b->covered |= (said & FILTER_PIECE) != 0;
        b->strong |= (said & FILTER_END) != 0;
        b->of[kept].hash = hash;
        b->of[kept++].words = words;
    }
    b->count = kept;
}

/* Whether the text may be a phrase by its first words. */
static bool begins_as(const phrase_table *t, const uint8_t *text, size_t len)
{
    reader r = {.text = text, .len = len};
    beginnings b = {.covered = true};
    for (unsigned i = 0; i < LOOK_WORDS; i++) {
        word_kind kind = read_word(&r);
        if (kind != WORD)
            return kind == WORD_ODD || (b.covered && b.strong);
        begin_with_word(t, &b, &r);
        if (b.open)
            return true;
        if (!b.count && !b.covered)
            return false;
    }
    return true;
}

bool phrase_worth_asking(const phrase_table *table, const uint8_t *text, size_t len)
{
    return holds_anywhere(table) || begins_as(table, text, len);
}

bool phrase_possible(const uint8_t *text, size_t len)
{
    return phrase_worth_asking(&phrases, text, len);
}

const char *phrase_category_name(unsigned category)
{
    return category && category <= sizeof phrase_names / sizeof *phrase_names
               ? phrase_names[category - 1]
               : "";
}
