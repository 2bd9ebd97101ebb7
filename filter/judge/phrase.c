#include "judge/phrase.h"

#include <string.h>

#include "judge/phrase_filter.h"
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
    size_t len, split; /* bytes; of which words were made */
    bool cut;          /* more text follows */
    bool ran_out;      /* ... and a word of it was asked for */
    unsigned words, probes;
    unsigned reach;            /* words that phrases may cover, at most */
    unsigned open;             /* category of a phrase with a star, or 0 */
    bool stay;
    uint64_t *hash; /* of each word; PHRASE_MAX of them */
    cover *at;      /* [i]: the words before i; of PHRASE_MAX + 2 those up to `words` are valid */
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

/* Makes the next word. Numbers in a row ("12/05/2014", "1,234") are one: the second is not made. */
static void split_word(matcher *m)
{
    const uint8_t *word = m->text + m->split;
    if (*word == ' ') {
        m->split++;
        return;
    }
    size_t n = word_len(word, m->len - m->split);
    m->split += n;
    const uint64_t number = number_hash();
    uint64_t hash = word_is_number(word, n) ? number : word_hash(word, n);
    if (hash == number && m->words && m->hash[m->words - 1] == number)
        return;
    m->hash[m->words] = hash;
    m->at[++m->words].covered = 0;
}

/* Whether the text has a word [i]. Words are made as they are asked for: most texts are told to be
   no phrase by a few. */
static bool has_word(matcher *m, unsigned i)
{
    while (i >= m->words) {
        if (m->split == m->len) {
            m->ran_out |= m->cut;
            return false;
        }
        split_word(m);
    }
    return true;
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
    m->reach = to > m->reach ? to : m->reach;
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
        (from == 0 && said & STATE_STAY && !has_word(m, to)))
        m->stay = true;
}

/* Follows the phrases that begin at word `from`, of which the words before `to` led to `state`. */
static void walk(matcher *m, unsigned from, unsigned to, uint32_t state)
{
    while (has_word(m, to) && m->probes++ < PROBES_MAX) {
        state = go(m->table, state, m->hash[to]);
        if (state == STATE_FIRST)
            return;
        arrive(m, from, ++to, state);
        if (!(m->table->states[state] & STATE_NAME))
            continue;
        uint32_t named = go(m->table, state, name_hash());
        for (unsigned k = 1; k <= NAME_WORDS && has_word(m, to + k - 1); k++) {
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

/* Follows the phrases that begin at each word that may begin one. */
static void match(matcher *m)
{
    bool anywhere = m->table->flags & (STATE_ANYWHERE | STATE_STAY_ANYWHERE);
    m->at[0] = (cover){.covered = 1};
    for (unsigned i = 0; (i <= m->reach || anywhere) && has_word(m, i); i++) {
        if (!m->at[i].covered && !anywhere)
            continue;
        if (i && m->at[i].covered && m->hash[i] == number_hash())
            extend(m, i, i + 1, false, false, 0);
        walk(m, i, i, STATE_FIRST);
    }
}

static phrase_answer answer_of(matcher *m, unsigned *category)
{
    if (m->stay)
        return PHRASE_NEVER;
    const cover *all = &m->at[m->reach];
    bool run = all->covered && run_counts(all) && !has_word(m, m->reach);
    if (!run && !m->open)
        return PHRASE_UNKNOWN;
    *category = run ? all->category : m->open;
    return PHRASE_FOUND;
}

/* As phrase_ask, of the start of a text where `cut`. False: more of it is needed to tell. */
static bool ask(const phrase_table *table, const uint8_t *folded, size_t len, bool cut,
                phrase_answer *answer, unsigned *category)
{
    *answer = PHRASE_UNKNOWN;
    if (!len || len > PHRASE_MAX || folded[0] == ' ')
        return true;
    uint64_t hash[PHRASE_MAX];
    cover at[PHRASE_MAX + 2];
    matcher m = {.table = table, .text = folded, .len = len, .cut = cut, .hash = hash, .at = at};
    match(&m);
    *answer = answer_of(&m, category);
    return !m.ran_out;
}

phrase_answer phrase_ask(const phrase_table *table, const uint8_t *folded, size_t len,
                         unsigned *category)
{
    phrase_answer answer;
    ask(table, folded, len, false, &answer, category);
    return answer;
}

const phrase_table *phrase_corpus(void)
{
    return &phrases;
}

/* Of a long text, so much is folded first: few phrases are longer. */
enum { CUT_LEAST = 24, CUT_MOST = 56, LETTER_LEN = 2 };

/* Whether what stands before text[i] folds as if nothing followed: behind a blank; before a letter
   that joins nothing, of Han, of Kana, of Thai. */
static bool may_cut(const uint8_t *text, size_t i)
{
    if (text[i - 1] == ' ')
        return true;
    if (text[i] == 0xE3)
        return text[i + 1] == 0x81 || text[i + 1] == 0x83;
    if (text[i] == 0xE0)
        return text[i + 1] == 0xB8 && text[i + 2] <= 0xAE;
    return text[i] >= 0xE5 && text[i] <= 0xE8;
}

/* The length of its start; 0: there is no place to cut, or no need to. The sign that phrase_fold
   looks for may be longer than what is left of it. */
static size_t start_end(const uint8_t *text, size_t len)
{
    if (len < CUT_LEAST + CUT_MOST || memchr(text, '(', CUT_MOST))
        return 0;
    for (size_t i = CUT_LEAST; i < CUT_MOST; i++)
        if (may_cut(text, i))
            return i;
    return 0;
}

/* Folds the text's start into `folded`, behind a letter and a blank: so signs alone, which else
   would fold to themselves, fold to nothing. False: out of memory. */
static bool fold_start(const uint8_t *text, size_t end, buffer *folded)
{
    uint8_t start[LETTER_LEN + CUT_MOST + BUFFER_SLACK] = "x ";
    memcpy(start + LETTER_LEN, text, end);
    memset(start + LETTER_LEN + end, 0, BUFFER_SLACK);
    return phrase_fold(start, LETTER_LEN + end, folded);
}

/* Whether the text's start, folded, tells what it is. */
static bool known_by_start(const phrase_table *t, const buffer *folded, bool odd,
                           phrase_answer *answer, unsigned *category)
{
    if (folded->len <= LETTER_LEN)
        return false;
    const uint8_t *start = folded->data + LETTER_LEN;
    size_t len = folded->len - LETTER_LEN;
    if (odd && !phrase_filter_start(t, start, len))
        return true;
    return ask(t, start, len, true, answer, category);
}

bool phrase_find(const phrase_table *t, const uint8_t *text, size_t len, buffer *folded,
                 phrase_answer *answer, unsigned *category)
{
    *answer = PHRASE_UNKNOWN;
    if (len > PHRASE_MAX)
        return true;
    if (!(t->flags & (STATE_ANYWHERE | STATE_STAY_ANYWHERE))) {
        filter_answer said = phrase_filter_text(t, text, len);
        if (said == FILTER_NONE)
            return true;
        size_t end = start_end(text, len);
        if (end && !fold_start(text, end, folded))
            return false;
        if (end && known_by_start(t, folded, said == FILTER_ODD, answer, category))
            return true;
    }
    if (!phrase_fold(text, len, folded))
        return false;
    *answer = phrase_ask(t, folded->data, folded->len, category);
    return true;
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
static phrase_answer ask_long(const phrase_table *t, const uint8_t *folded, size_t len)
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
    return found ? PHRASE_FOUND : PHRASE_UNKNOWN;
}

bool phrase_find_long(const phrase_table *t, const uint8_t *text, size_t len, buffer *folded,
                      phrase_answer *answer)
{
    *answer = PHRASE_UNKNOWN;
    if (!holds_anywhere(t) && phrase_filter_text(t, text, len) == FILTER_NONE)
        return true;
    if (!phrase_fold(text, len, folded))
        return false;
    *answer = ask_long(t, folded->data, folded->len);
    return true;
}

const char *phrase_category_name(unsigned category)
{
    return category && category <= sizeof phrase_names / sizeof *phrase_names
               ? phrase_names[category - 1]
               : "";
}
