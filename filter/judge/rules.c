#include "judge/rules.h"

#include <stdlib.h>
#include <string.h>
#include <utf8proc.h>

#include "judge/phrase_filter.h"
#include "judge/phrase_table.h"

/* Alternatives of alternatives multiply: a line that makes more phrases is a mistake. */
enum { EXPANSIONS_MAX = 100000 };

enum { NAMES_MAX = 2 }; /* names in one phrase: the walk branches at each */

static const char no_memory[] = "out of memory";

typedef struct {
    const uint8_t *text;
    size_t len;
} span;

static span trim(span s)
{
    while (s.len && (s.text[0] == ' ' || s.text[0] == '\t'))
        s.text++, s.len--;
    while (s.len && (s.text[s.len - 1] == ' ' || s.text[s.len - 1] == '\t'))
        s.len--;
    return s;
}

static bool take_first(span *s, char c)
{
    if (!s->len || s->text[0] != (uint8_t)c)
        return false;
    *s = trim((span){s->text + 1, s->len - 1});
    return true;
}

static bool take_last(span *s, char c)
{
    if (!s->len || s->text[s->len - 1] != (uint8_t)c || (s->len > 1 && s->text[s->len - 2] == '\\'))
        return false;
    *s = trim((span){s->text, s->len - 1});
    return true;
}

/* The place of a node in the index: its own, or the empty one where it would be. */
static uint32_t *place_of(const rules *r, uint32_t before, uint64_t word)
{
    size_t mask = r->place_count - 1;
    for (size_t i = (size_t)edge_key(before, word) & mask;; i = (i + 1) & mask) {
        const rules_node *n = &r->nodes.items[r->places[i]];
        if (!r->places[i] || (n->before == before && n->word == word))
            return &r->places[i];
    }
}

static bool grow_index(rules *r)
{
    size_t count = r->place_count ? r->place_count * 2 : 1024;
    uint32_t *places = calloc(count, sizeof *places);
    if (!places)
        return false;
    free(r->places);
    r->places = places;
    r->place_count = count;
    for (uint32_t i = 1; i < r->nodes.len; i++)
        *place_of(r, r->nodes.items[i].before, r->nodes.items[i].word) = i;
    return true;
}

static bool begin_nodes(rules *r)
{
    if (r->nodes.len)
        return true;
    if (!list_reserve(&r->nodes, 1))
        return false;
    r->nodes.items[r->nodes.len++] = (rules_node){0};
    return grow_index(r);
}

/* Adds a word to the first bytes of a node. */
static void note_start(rules_node *n, span word)
{
    for (size_t i = 0; i <= word.len && n->start_len < START_BYTES; i++) {
        uint64_t byte = i < word.len ? word.text[i] : ' ';
        n->start |= byte << 8 * n->start_len++;
    }
}

/* What the filter is to know of a node: the words up to it, if none is a name. */
static void note_words(const rules *r, rules_node *n, span text)
{
    const rules_node *before = &r->nodes.items[n->before];
    bool known = before->words < FILTER_WORDS && text.text[0] != '%';
    n->words = (uint8_t)(known ? before->words + 1 : FILTER_WORDS + 1);
    n->filter = filter_hash(before->filter, filter_word(text.text, text.len));
    n->start = before->start;
    n->start_len = before->start_len;
    note_start(n, text);
}

/* Goes on from `*node` by a word; the node is made when it is not there. */
static const char *step(rules *r, uint32_t *node, span text)
{
    uint64_t word = word_hash(text.text, text.len);
    if (!begin_nodes(r) || (r->nodes.len >= r->place_count / 2 && !grow_index(r)))
        return no_memory;
    uint32_t *place = place_of(r, *node, word);
    if (!*place) {
        if (r->nodes.len > STATE_MASK)
            return "too many phrases";
        if (!list_reserve(&r->nodes, 1))
            return no_memory;
        *place = (uint32_t)r->nodes.len;
        rules_node *n = &r->nodes.items[r->nodes.len++];
        *n = (rules_node){.before = *node, .word = word};
        note_words(r, n, text);
        r->signs |= !n->before && !phrase_filter_sees(text.text, text.len);
    }
    *node = *place;
    return NULL;
}

/* Goes on from `*node` by the words of one part of a phrase, a part without names. */
static const char *add_words(rules *r, span part, uint32_t *node)
{
    if (part.len > PHRASE_MAX)
        return "too long: never compared";
    r->text.len = 0;
    if (!buffer_append(&r->text, part.text, part.len) ||
        !phrase_fold(r->text.data, r->text.len, &r->folded))
        return no_memory;
    const uint8_t *p = r->folded.data;
    bool number = false;
    for (size_t i = 0, n; i < r->folded.len; i += n) {
        n = 1;
        if (p[i] == ' ')
            continue;
        n = word_len(p + i, r->folded.len - i);
        bool again = number;
        number = word_is_number(p + i, n);
        if (number && again)
            continue; /* as phrase_ask does: numbers in a row are one */
        const char *why = step(r, node, (span){p + i, number ? 1 : n});
        if (why)
            return why;
    }
    return NULL;
}

static const char *add_name(rules *r, uint32_t *node)
{
    if (!*node)
        return "a phrase may not begin with %";
    r->nodes.items[*node].flags |= STATE_NAME;
    return step(r, node, (span){(const uint8_t *)"%", 1});
}

/* One phrase, its stars and signs taken off. */
static const char *add_phrase(rules *r, span phrase, unsigned flags)
{
    uint32_t node = 0;
    const char *why = NULL;
    unsigned names = 0;
    for (span rest = phrase; rest.len && !why;) {
        const uint8_t *name = r->corpus ? memchr(rest.text, '%', rest.len) : NULL;
        span part = trim((span){rest.text, name ? (size_t)(name - rest.text) : rest.len});
        if (part.len)
            why = add_words(r, part, &node);
        if (!name)
            break;
        if (!why)
            why = ++names > NAMES_MAX ? "too many names" : add_name(r, &node);
        rest.len -= (size_t)(name + 1 - rest.text);
        rest.text = name + 1;
    }
    if (why)
        return why;
    if (!node)
        return "no phrase";
    rules_node *last = &r->nodes.items[node];
    if (!last->before && last->word == number_hash())
        return "a number is no phrase";
    if (!last->category)
        last->category = (uint8_t)r->category;
    last->flags = (uint8_t)(last->flags | flags);
    return NULL;
}

/* Each of the phrases that the braces of `text` make. */
static const char *expand(rules *r, span text, unsigned flags, unsigned *left)
{
    const uint8_t *open = r->corpus ? memchr(text.text, '{', text.len) : NULL;
    if (!open)
        return (*left)-- ? add_phrase(r, trim(text), flags) : "too many alternatives";
    size_t before = (size_t)(open - text.text);
    const uint8_t *close = memchr(open, '}', text.len - before);
    if (!close)
        return "an open brace";
    size_t after = text.len - (size_t)(close + 1 - text.text);
    uint8_t *one = malloc(text.len); /* NOLINT: it has two braces */
    if (!one)
        return no_memory;
    memcpy(one, text.text, before);
    const char *why = NULL;
    for (const uint8_t *from = open + 1; from <= close && !why;) {
        const uint8_t *bar = memchr(from, '|', (size_t)(close - from));
        size_t n = (size_t)((bar ? bar : close) - from);
        memcpy(one + before, from, n);
        memcpy(one + before + n, close + 1, after);
        why = expand(r, (span){one, before + n + after}, flags, left);
        from += n + 1;
    }
    free(one);
    return why;
}

static const char *begin_category(rules *r, span name)
{
    for (r->category = 1; r->category <= r->names.len; r->category++) {
        const char *old = r->names.items[r->category - 1];
        if (strlen(old) == name.len && memcmp(old, name.text, name.len) == 0)
            return NULL;
    }
    if (r->category > UINT8_MAX)
        return "too many categories";
    char *copy = calloc(1, name.len + 1);
    if (!copy || !list_reserve(&r->names, 1)) {
        free(copy);
        return no_memory;
    }
    memcpy(copy, name.text, name.len);
    r->names.items[r->names.len++] = copy;
    return NULL;
}

static bool is_utf8(span s)
{
    while (s.len) {
        utf8proc_int32_t c;
        utf8proc_ssize_t n = utf8proc_iterate(s.text, (utf8proc_ssize_t)s.len, &c);
        if (n < 1)
            return false;
        s.text += n;
        s.len -= (size_t)n;
    }
    return true;
}

static unsigned flags_of(bool stay, bool weak, bool first, bool last)
{
    if (stay)
        return first ? STATE_STAY_ANYWHERE : last ? STATE_STAY_OPEN : STATE_STAY;
    if (weak)
        return STATE_WEAK;
    return first ? STATE_ANYWHERE : last ? STATE_OPEN : STATE_END;
}

/* A backslash at the start keeps what follows from being read as a sign. One before a star at the
   end needs no care: punctuation is nothing to the phrase. */
static void take_escape(span *s)
{
    if (s->len > 1 && s->text[0] == '\\' && strchr("#!*\\", s->text[1]))
        *s = (span){s->text + 1, s->len - 1};
}

static const char *add_line(rules *r, span s)
{
    s = trim(s);
    if (!s.len || s.text[0] == '#')
        return NULL;
    if (!is_utf8(s))
        return "not UTF-8";
    if (r->corpus && take_first(&s, '['))
        return take_last(&s, ']') ? begin_category(r, s) : "an open bracket";
    bool stay = take_first(&s, '!'), weak = r->corpus && take_first(&s, '+');
    bool first = take_first(&s, '*'), last = take_last(&s, '*');
    take_escape(&s);
    if (first && !last)
        return "a star at the start needs one at the end";
    if (weak && last)
        return "a weak phrase has no star";
    if (!r->category)
        return "no category yet";
    unsigned left = EXPANSIONS_MAX;
    return expand(r, s, flags_of(stay, weak, first, last), &left);
}

bool rules_add(rules *r, const uint8_t *line, size_t len, const char **why)
{
    if (!r->corpus && !r->category)
        r->category = 1;
    *why = add_line(r, (span){line, len});
    return !*why;
}

/* Adds a fact to the sums that say what can follow `n`. */
static void sum_up(rules_node *n, uint32_t state, uint64_t word)
{
    n->sum[0] += edge_key(state, word);
    n->sum[1] += edge_key(~state, word);
}

/* The index of the states by their sums: the place of the one like `n`, or an empty one. */
static uint32_t *state_like(const rules *r, uint32_t *places, size_t mask, const rules_node *n)
{
    for (size_t i = (size_t)n->sum[0] & mask;; i = (i + 1) & mask) {
        const rules_node *other = &r->nodes.items[places[i]];
        if (!places[i] || (other->sum[0] == n->sum[0] && other->sum[1] == n->sum[1]))
            return &places[i];
    }
}

/* Gives the nodes their states, the last node first, so that what follows a node is settled before
   it: nodes of which the same is said and that go on alike (by 128 bits of hash) are one state. */
static bool merge(rules *r)
{
    uint32_t *places = calloc(r->place_count, sizeof *places);
    if (!places)
        return false;
    r->states = r->edges = 0;
    for (uint32_t i = (uint32_t)r->nodes.len; --i > 0;) {
        rules_node *n = &r->nodes.items[i];
        sum_up(n, UINT32_MAX / 2, (uint64_t)n->category << STATE_CATEGORY | n->flags);
        uint32_t *place = state_like(r, places, r->place_count - 1, n);
        n->first = !*place;
        n->state = *place ? r->nodes.items[*place].state : (uint32_t)++r->states;
        if (!*place)
            *place = i;
        sum_up(&r->nodes.items[n->before], n->state, n->word);
    }
    free(places);
    r->states++;
    r->nodes.items[0].first = true;
    for (uint32_t i = 1; i < r->nodes.len; i++)
        r->edges += r->nodes.items[r->nodes.items[i].before].first;
    return true;
}

static void add_edge(uint64_t *slots, uint64_t mask, uint32_t from, uint64_t word, uint32_t to)
{
    uint64_t key = edge_key(from, word), i = key & mask;
    while (slots[i])
        i = (i + 1) & mask;
    slots[i] = (key & ~STATE_MASK) | to;
}

static void add_fact(uint64_t *blocks, size_t count, uint64_t hash, filter_fact fact)
{
    blocks[filter_place(hash, count)] |= filter_bits(hash, fact);
}

static void add_to_filter(uint64_t *filter, const rules_node *n)
{
    const unsigned ends = STATE_END | STATE_STAY,
                   opens = STATE_OPEN | STATE_STAY_OPEN | STATE_NAME;
    if (n->words > FILTER_WORDS)
        return;
    add_fact(filter, FILTER_BLOCKS, n->filter, FILTER_BEGINS);
    if (n->words == FILTER_WORDS)
        return;
    if (n->flags & (ends | STATE_WEAK))
        add_fact(filter, FILTER_BLOCKS, n->filter, FILTER_PIECE);
    if (n->flags & ends)
        add_fact(filter, FILTER_BLOCKS, n->filter, FILTER_END);
    if (n->flags & opens)
        add_fact(filter, FILTER_BLOCKS, n->filter, FILTER_OPEN);
}

/* The start of a node that has all its bytes, or behind which a text may end or be anything. */
static void add_to_starts(uint64_t *starts, const rules_node *n)
{
    const unsigned ends = STATE_END | STATE_WEAK | STATE_OPEN | STATE_NAME | STATE_STAY |
                          STATE_STAY_OPEN;
    if (n->start_len == START_BYTES || n->flags & ends)
        add_fact(starts, START_BLOCKS, filter_hash(0, n->start), FILTER_BEGINS);
}

bool rules_table(rules *r, phrase_table *out)
{
    if (!begin_nodes(r) || !merge(r))
        return false;
    size_t places = 64; /* at most three in four are taken: no slower than two, and half the memory */
    while (places * 3 < r->edges * 4)
        places *= 2;
    uint64_t *slots = calloc(places, sizeof *slots);
    uint16_t *states = calloc(r->states, sizeof *states);
    uint64_t *filter = calloc(FILTER_BLOCKS, sizeof *filter);
    uint64_t *starts = calloc(START_BLOCKS, sizeof *starts);
    *out = (phrase_table){slots, places - 1, states, filter, starts, 0, r->signs};
    if (!slots || !states || !filter || !starts) {
        phrase_table_free(out);
        return false;
    }
    for (size_t i = 1; i < r->nodes.len; i++) {
        const rules_node *n = &r->nodes.items[i], *before = &r->nodes.items[n->before];
        if (before->first)
            add_edge(slots, places - 1, before->state, n->word, n->state);
        states[n->state] = (uint16_t)(n->category << STATE_CATEGORY | n->flags);
        add_to_filter(filter, n);
        add_to_starts(starts, n);
        out->flags |= n->flags;
    }
    return true;
}

void phrase_table_free(phrase_table *t)
{
    free((void *)t->slots);
    free((void *)t->states);
    free((void *)t->filter);
    free((void *)t->starts);
    *t = (phrase_table){0};
}

void rules_free(rules *r)
{
    for (size_t i = 0; i < r->names.len; i++)
        free(r->names.items[i]);
    list_free(&r->names);
    list_free(&r->nodes);
    free(r->places);
    buffer_free(&r->text);
    buffer_free(&r->folded);
    *r = (rules){0};
}

struct winnow_rules {
    rules lines; /* until they are ended */
    phrase_table table;
    bool ended;
};

winnow_status winnow_rules_create(winnow_rules **out)
{
    winnow_rules *r = calloc(1, sizeof *r);
    if (!r)
        return WINNOW_ERR_NOMEM;
    *out = r;
    return WINNOW_OK;
}

winnow_status winnow_rules_add(winnow_rules *r, const void *text, size_t len, uint64_t *line,
                               const char **why)
{
    static const uint8_t bom[] = {0xef, 0xbb, 0xbf};
    if (r->ended)
        return WINNOW_ERR_STATE;
    const uint8_t *at = text, *end = at + len;
    const char *wrong = NULL;
    uint64_t number = 0;
    if (len >= sizeof bom && memcmp(at, bom, sizeof bom) == 0)
        at += sizeof bom;
    while (at < end && !wrong) {
        const uint8_t *stop = memchr(at, '\n', (size_t)(end - at));
        stop = stop ? stop : end;
        size_t n = (size_t)(stop - at);
        number++;
        rules_add(&r->lines, at, n && at[n - 1] == '\r' ? n - 1 : n, &wrong);
        at = stop < end ? stop + 1 : end;
    }
    if (!wrong)
        return WINNOW_OK;
    if (line)
        *line = number;
    if (why)
        *why = wrong;
    return wrong == no_memory ? WINNOW_ERR_NOMEM : WINNOW_ERR_RULE;
}

winnow_status winnow_rules_end(winnow_rules *r)
{
    if (r->ended)
        return WINNOW_ERR_STATE;
    if (!rules_table(&r->lines, &r->table))
        return WINNOW_ERR_NOMEM;
    rules_free(&r->lines);
    r->ended = true;
    return WINNOW_OK;
}

void winnow_rules_free(winnow_rules *r)
{
    if (!r)
        return;
    rules_free(&r->lines);
    phrase_table_free(&r->table);
    free(r);
}

const phrase_table *rules_phrases(const winnow_rules *r)
{
    return r->ended ? &r->table : NULL;
}
