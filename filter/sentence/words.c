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

word words_find(int language, const uint8_t *text, size_t len)
{
    const word none = {WORD_PLAIN, 0};
    uint8_t key[WORD_BYTES];
    if (len == 0 || len > WORD_BYTES)
        return none;
    size_t n = lower_text(text, len, key, sizeof key);
    if (n > sizeof key)
        return none;
    uint64_t h = word_hash(key, n);
    unsigned slot = word_slot(h, word_displacement[word_bucket(h, WORD_BUCKETS)], WORD_SLOTS);
    const word_entry *e = word_slots + slot;
    if (e->len != n || memcmp(e->key, key, n) != 0)
        return none;
    word w = meaning_in(language, e);
    if ((w.roles & WORD_CAPITAL) && memcmp(text, key, n) == 0)
        w.abbreviation = WORD_PLAIN;
    return w;
}
