#include "sentence/words.h"

#include <string.h>

#include "sentence/lower.h"
#include "sentence/word_hash.h"

typedef struct {
    char key[WORD_BYTES];
    uint8_t len;
    uint8_t owns; /* languages that see it otherwise ... */
    uint16_t own; /* ... from here on in word_owns */
    word merged;
} word_entry;

typedef struct {
    uint8_t language;
    word meaning;
} word_own;

#include "words_table.h"

int words_language(const char *code)
{
    for (int i = 0; i < WORD_LANGUAGES; i++)
        if (strcmp(code, word_languages[i]) == 0)
            return i;
    return -2;
}

const char *words_code(unsigned language)
{
    return language < WORD_LANGUAGES ? word_languages[language] : NULL;
}

static word meaning_in(int language, const word_entry *e)
{
    for (unsigned i = 0; i < e->owns; i++)
        if (word_owns[e->own + i].language == language)
            return word_owns[e->own + i].meaning;
    return e->merged;
}

static bool is_in_sieve(unsigned bit)
{
    return word_sieve[bit / 64] >> bit % 64 & 1;
}

/* One bit a byte, the topmost, where `x` has an ASCII letter. */
static uint64_t letters_of(uint64_t x)
{
    uint64_t small = (x | 0x2020202020202020) & 0x7F7F7F7F7F7F7F7F;
    uint64_t from_a = small + 0x1F1F1F1F1F1F1F1F, past_z = small + 0x0505050505050505;
    return from_a & ~past_z & ~x & 0x8080808080808080;
}

/* a e o u y */
static bool is_vowel(uint8_t b)
{
    return 0x02208022 >> (b & 31) & 1;
}

bool words_plain_before(const uint8_t *end)
{
    uint64_t x = word_load8(end - WORD_TAIL), others = letters_of(x) ^ 0x8080808080808080;
    if (others) {
        unsigned n = (unsigned)__builtin_clzll(others) / 8; /* letters */
        if (n < 3 || end[-(int)n - 1] != ' ')
            return false;
        if (n < 5 && !is_vowel(end[-1]) && !is_vowel(end[-2]) && !is_vowel(end[-3]))
            return false;
        x >>= 8 * (WORD_TAIL - n);
    }
    return !is_in_sieve(word_sieve_bit(x));
}

static const word none = {WORD_PLAIN, 0};

/* The only entry that can be of a word with this hash; or NULL. */
static const word_entry *entry_of(uint64_t hash)
{
    unsigned bucket = word_bucket(hash, WORD_BUCKETS);
    unsigned slot = word_slot(hash, word_displacement[bucket], WORD_SLOTS);
    return word_checks[slot] == word_check(hash) ? word_slots + slot : NULL;
}

/* `lower`: it is written without a capital. */
static word meaning_of(int language, const word_entry *e, bool lower)
{
    word w = meaning_in(language, e);
    if ((w.roles & WORD_CAPITAL) && lower)
        w.abbreviation = WORD_PLAIN;
    return w;
}

/* ASCII, at most WORD_TAIL bytes. The bit that makes letters small is set in the signs of listed
   words too (. - / '), and but for controls, which no word has, nothing else becomes one of them.
   */
static word find_short(int language, uint64_t text, size_t len)
{
    uint64_t key = (text | 0x2020202020202020) & UINT64_MAX >> 8 * (WORD_TAIL - len);
    const word_entry *e = entry_of(word_hash_step(len, key));
    if (!e || e->len != len || word_tail((const uint8_t *)e->key, len) != key)
        return none;
    return meaning_of(language, e, text == key);
}

static word find_long(int language, const uint8_t *text, size_t len)
{
    uint8_t key[WORD_BYTES];
    size_t n = lower_text(text, len, key, sizeof key);
    if (n > sizeof key)
        return none;
    uint64_t h = word_hash(key, n);
    if (!is_in_sieve(word_sieve_bit_of(key, n, h)))
        return none;
    const word_entry *e = entry_of(h);
    if (!e || e->len != n || memcmp(e->key, key, n) != 0)
        return none;
    return meaning_of(language, e, memcmp(text, key, n) == 0);
}

word words_find(int language, const uint8_t *text, size_t len)
{
    if (len == 0 || len > WORD_BYTES)
        return none;
    uint64_t tail = word_tail(text, len);
    bool ascii = word_tail_is_ascii(tail);
    if (ascii && !is_in_sieve(word_sieve_bit(tail)))
        return none;
    return ascii && len <= WORD_TAIL ? find_short(language, tail, len)
                                     : find_long(language, text, len);
}
