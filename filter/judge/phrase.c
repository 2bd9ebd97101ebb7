#include "judge/phrase.h"

#include <string.h>

#include "judge/phrase_table.h"
#include "tables/phrases.inc"

/* Texts made to be slow (one-letter words that begin many phrases) end here; the longest honest run
   of phrases in 400 bytes takes about 300. */
enum { PROBES_MAX = 1024 };

/* A run may hold weak phrases, but it takes this many pieces then; more when all are weak. */
enum { RUN_MIXED = 4, RUN_WEAK = 5 };

enum { PLAIN_WORD = 24 };

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

phrase_answer phrase_ask(const phrase_table *table, const uint8_t *folded, size_t len,
                         unsigned *category)
{
    bool anywhere = table->flags & (STATE_ANYWHERE | STATE_STAY_ANYWHERE);
    if (!len || len > PHRASE_MAX || folded[0] == ' ' || (!anywhere && !begins(table, folded, len)))
        return PHRASE_UNKNOWN;
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
    return phrase_ask(&phrases, folded, len, &category) == PHRASE_FOUND ? category : PHRASE_NONE;
}

static bool ascii_word(uint8_t c)
{
    return (c >= '0' && c <= '9') || ((c | 0x20) >= 'a' && (c | 0x20) <= 'z');
}

static size_t skip_blanks(const uint8_t *text, size_t len, size_t i)
{
    while (i < len && text[i] < 0x80 && !ascii_word(text[i]))
        i++;
    return i;
}

/* The next word at text[*at], folded as fold() does it: its length. 0 when there is none, or it is
   long, holds a digit (numbers fold by rules of their own), or has other neighbours than ASCII. */
static size_t plain_word(const uint8_t *text, size_t len, size_t *at, uint8_t word[PLAIN_WORD])
{
    size_t i = skip_blanks(text, len, *at), n = 0;
    for (; i < len && ascii_word(text[i]); i++) {
        if (text[i] <= '9' || n == PLAIN_WORD)
            return 0;
        word[n++] = text[i] | 0x20;
    }
    *at = i;
    return i < len && text[i] >= 0x80 ? 0 : n;
}

bool phrase_possible(const uint8_t *text, size_t len)
{
    uint8_t word[PLAIN_WORD];
    size_t at = skip_blanks(text, len, 0);
    if (at == len)
        return false; /* rules, table borders: ours all have a letter */
    size_t n = plain_word(text, len, &at, word);
    if (!n || phrases.flags & (STATE_ANYWHERE | STATE_STAY_ANYWHERE))
        return true;
    uint32_t state = go(&phrases, STATE_FIRST, word_hash(word, n));
    if (state == STATE_FIRST)
        return false;
    unsigned said = phrases.states[state];
    n = plain_word(text, len, &at, word);
    if (!n || said & (STATE_OPEN | STATE_NAME))
        return true;
    uint64_t hash = word_hash(word, n);
    return go(&phrases, state, hash) ||
           (said & (STATE_END | STATE_WEAK) && go(&phrases, STATE_FIRST, hash));
}

const char *phrase_category_name(unsigned category)
{
    return category && category <= sizeof phrase_names / sizeof *phrase_names
               ? phrase_names[category - 1]
               : "";
}
