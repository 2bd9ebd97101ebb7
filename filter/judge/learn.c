#include "judge/learn.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define XXH_INLINE_ALL
#include <xxhash.h>

#include "base/list.h"
#include "judge/fold.h"
#include "judge/phrase.h"
#include "judge/phrase_table.h"

typedef struct {
    uint64_t key;      /* hash of the folded line */
    uint64_t first;    /* that of the line before it, the first time */
    uint64_t before;   /* ... the last time */
    uint64_t document; /* the last that had it */
    uint32_t text;     /* offset in `texts` of the line as it was first met */
    uint8_t len;
    uint32_t count;    /* documents that had it, less what was taken off */
    uint32_t behind;   /* ... behind the same line as the time before */
} entry;

_Static_assert(LEARN_BYTES <= UINT8_MAX, "an entry's len is a byte");

struct learn {
    LIST(entry) entries;
    buffer texts;
    uint32_t *places; /* where an entry is, by key, plus 1; 0: an empty place */
    size_t place_count;
    uint64_t before;   /* the line before, 0 at a document's start */
    uint64_t document; /* its document */
    uint64_t missing;  /* most that a count is too low by */
    uint64_t earlier;  /* documents of earlier runs */
    buffer folded;
};

enum { FIRST_PLACES = 1024 };

learn *learn_create(void)
{
    learn *l = calloc(1, sizeof *l);
    if (l && !(l->places = calloc(FIRST_PLACES, sizeof *l->places))) {
        free(l);
        return NULL;
    }
    if (l)
        l->place_count = FIRST_PLACES;
    return l;
}

void learn_free(learn *l)
{
    if (!l)
        return;
    list_free(&l->entries);
    buffer_free(&l->texts);
    buffer_free(&l->folded);
    free(l->places);
    free(l);
}

static uint32_t *place_of(const learn *l, uint64_t key)
{
    size_t mask = l->place_count - 1;
    for (size_t i = (size_t)key & mask;; i = (i + 1) & mask)
        if (!l->places[i] || l->entries.items[l->places[i] - 1].key == key)
            return &l->places[i];
}

static void fill_places(learn *l)
{
    memset(l->places, 0, l->place_count * sizeof *l->places);
    for (size_t i = 0; i < l->entries.len; i++)
        *place_of(l, l->entries.items[i].key) = (uint32_t)i + 1; /* NOLINT: `len` are there */
}

static bool grow_places(learn *l)
{
    uint32_t *places = calloc(l->place_count * 2, sizeof *places);
    if (!places)
        return false;
    free(l->places);
    l->places = places;
    l->place_count *= 2;
    fill_places(l);
    return true;
}

/* The middle one of the counts, by counting them: the high bits first, as most are small. */
static uint32_t median_count(const learn *l)
{
    uint32_t low = 1, high = UINT32_MAX;
    while (low < high) {
        uint32_t mid = low + (high - low) / 2;
        size_t below = 0;
        for (size_t i = 0; i < l->entries.len; i++)
            below += l->entries.items[i].count <= mid; /* NOLINT: `len` are there */
        if (below * 2 >= l->entries.len)
            high = mid;
        else
            low = mid + 1;
    }
    return low;
}

/* Takes the median off every count; the lines left with nothing, half of them or more, go. */
static void forget_half(learn *l)
{
    uint32_t off = median_count(l);
    size_t kept = 0, bytes = 0;
    l->missing += off;
    for (size_t i = 0; i < l->entries.len; i++) {
        entry e = l->entries.items[i];
        if (e.count <= off)
            continue;
        e.count -= off;
        e.behind = e.behind < e.count ? e.behind : e.count;
        memmove(l->texts.data + bytes, l->texts.data + e.text, e.len);
        e.text = (uint32_t)bytes;
        bytes += e.len;
        l->entries.items[kept++] = e;
    }
    l->entries.len = kept;
    l->texts.len = bytes;
    fill_places(l);
}

/* Adds a line, its text beside it. */
static bool add_entry(learn *l, entry e, const uint8_t *text)
{
    if (l->entries.len == LEARN_LINES)
        forget_half(l);
    if ((l->entries.len >= l->place_count / 2 && !grow_places(l)) ||
        !list_reserve(&l->entries, 1) || !buffer_append(&l->texts, text, e.len))
        return false;
    e.text = (uint32_t)(l->texts.len - e.len);
    l->entries.items[l->entries.len++] = e;
    *place_of(l, e.key) = (uint32_t)l->entries.len;
    return true;
}

static entry *find_entry(const learn *l, uint64_t key)
{
    uint32_t place = *place_of(l, key);
    return place ? &l->entries.items[place - 1] : NULL;
}

/* Whether a rule can be made of the folded text, and be read for what it is: it has a word that is
   no number. What is nothing but punctuation folds to itself. */
static bool has_word(const uint8_t *folded, size_t len)
{
    if (len && folded[0] > ' ' && folded[0] < 0x7f && !(folded[0] >= '0' && folded[0] <= '9') &&
        !(folded[0] >= 'a' && folded[0] <= 'z'))
        return false;
    for (size_t i = 0, n; i < len; i += n) {
        n = folded[i] == ' ' ? 1 : word_len(folded + i, len - i);
        if (folded[i] != ' ' && !word_is_number(folded + i, n))
            return true;
    }
    return false;
}

static bool has_control(const uint8_t *line, size_t len)
{
    size_t i = 0;
    while (i < len && line[i] >= ' ')
        i++;
    return i < len;
}

static bool is_blank(uint8_t c)
{
    return c == ' ' || c == '\t';
}

static uint32_t add_up(uint32_t a, uint32_t b)
{
    return a < UINT32_MAX - b ? a + b : UINT32_MAX;
}

bool learn_line(learn *l, const uint8_t *line, size_t len, uint64_t document)
{
    while (len && is_blank(line[0]))
        line++, len--;
    while (len && is_blank(line[len - 1]))
        len--;
    if (l->document != document)
        l->before = 0;
    l->document = document;
    if (!len)
        return true;
    if (len > LEARN_BYTES || has_control(line, len) ||
        fold_words(line, len, LEARN_WORDS + 1) > LEARN_WORDS) {
        l->before = XXH3_64bits(line, len);
        return true;
    }
    if (!phrase_fold(line, len, &l->folded))
        return false;
    uint64_t key = XXH3_64bits(l->folded.data, l->folded.len);
    entry *e = find_entry(l, key);
    if (e && e->document != document) {
        e->behind += e->before == l->before;
        e->count = add_up(e->count, 1);
        e->before = l->before;
        e->document = document;
    }
    entry fresh = {.key = key, .first = l->before, .before = l->before, .document = document,
                   .len = (uint8_t)len, .count = 1};
    bool ok = e || !has_word(l->folded.data, l->folded.len) || add_entry(l, fresh, line);
    l->before = key;
    return ok;
}

/* ---- What earlier runs counted -------------------------------------------------------------- */

size_t learn_lines(const learn *l)
{
    return l->entries.len;
}

learned_line learn_get(const learn *l, size_t i)
{
    const entry *e = &l->entries.items[i];
    return (learned_line){.key = e->key, .first = e->first, .last = e->before, .count = e->count,
                          .behind = e->behind, .text = l->texts.data + e->text, .len = e->len};
}

bool learn_add(learn *l, const learned_line *line)
{
    entry *e = find_entry(l, line->key);
    if (!e)
        return add_entry(l, (entry){.key = line->key, .first = line->first, .before = line->last,
                                    .count = line->count, .behind = line->behind,
                                    .len = line->len}, line->text);
    e->behind = add_up(e->behind, line->behind + (e->before == line->first));
    e->count = add_up(e->count, line->count);
    e->before = line->last;
    return true;
}

void learn_add_run(learn *l, uint64_t documents, uint64_t missing)
{
    l->earlier += documents;
    l->missing += missing;
}

uint64_t learn_earlier(const learn *l)
{
    return l->earlier;
}

uint64_t learn_missing(const learn *l)
{
    return l->missing;
}

bool learn_may_be_line(const uint8_t *text, size_t len)
{
    return len && len <= LEARN_BYTES && !has_control(text, len);
}

/* ---- Rules ---------------------------------------------------------------------------------- */

/* A line to be written, beside its text. */
typedef struct {
    const uint8_t *text;
    uint32_t len, count;
} found;

static int by_count(const void *a, const void *b)
{
    const found *x = a, *y = b;
    if (x->count != y->count)
        return x->count < y->count ? 1 : -1;
    int order = memcmp(x->text, y->text, x->len < y->len ? x->len : y->len);
    return order ? order : x->len < y->len ? -1 : x->len > y->len;
}

/* As many of `documents` as it takes. */
static uint64_t enough(uint64_t documents)
{
    uint64_t share = documents / LEARN_SHARE;
    return share > LEARN_DOCUMENTS ? share : LEARN_DOCUMENTS;
}

static bool put_head(const learn *l, uint64_t documents, buffer *out)
{
    char text[512];
    int n = snprintf(text, sizeof text,
                     "# Lines learnt: they stood in %" PRIu64 " documents or more, of %" PRIu64 ".\n"
                     "# Look them over: given to --rules, each drops its like wherever it stands.\n",
                     enough(documents), documents);
    if (n < 0 || !buffer_append(out, text, (size_t)n))
        return false;
    if (!l->missing)
        return true;
    n = snprintf(text, sizeof text, "# There were too many lines to count: a count may be too low "
                 "by up to %" PRIu64 ".\n", l->missing);
    return n > 0 && buffer_append(out, text, (size_t)n);
}

static bool put_count(uint32_t count, buffer *out)
{
    char text[64];
    int n = snprintf(text, sizeof text, "\n# %" PRIu32 " documents\n", count);
    return n > 0 && buffer_append(out, text, (size_t)n);
}

/* The line so that the rules mean it, whatever signs it begins and ends with. */
static bool put_rule(const found *f, buffer *out)
{
    bool first = memchr("#!*\\", f->text[0], 4), star = f->text[f->len - 1] == '*';
    size_t len = star ? f->len - 1 : f->len;
    return (!first || buffer_append(out, "\\", 1)) && buffer_append(out, f->text, len) &&
           (!star || buffer_append(out, "\\*", 2)) && buffer_append(out, "\n", 1);
}

bool learn_rules(const learn *l, uint64_t documents, buffer *out)
{
    documents += l->earlier;
    found *all = malloc((l->entries.len + 1) * sizeof *all);
    if (!all)
        return false;
    size_t n = 0;
    for (size_t i = 0; i < l->entries.len; i++) {
        const entry *e = &l->entries.items[i];
        if (e->count >= enough(documents) && e->behind >= e->count / 2)
            all[n++] = (found){l->texts.data + e->text, e->len, e->count};
    }
    qsort(all, n, sizeof *all, by_count);
    bool ok = put_head(l, documents, out);
    for (size_t i = 0; i < n && ok; i++)
        ok = ((i && all[i].count == all[i - 1].count) || put_count(all[i].count, out)) &&
             put_rule(&all[i], out);
    free(all);
    return ok;
}
