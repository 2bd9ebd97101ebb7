#include "sentence/abbreviation.h"

#include <string.h>

static bool is_ascii_letter(uint8_t c)
{
    return (uint8_t)((c | 0x20) - 'a') < 26;
}

static bool is_vowel(uint8_t c)
{
    switch (c | 0x20) {
    case 'a': case 'e': case 'i': case 'o': case 'u': case 'y':
        return true;
    default:
        return false;
    }
}

/* Letters and full stops in turn: "U.S", "a.m", "т.е", "J.-P". */
static bool is_acronym(const line *l, const token *t)
{
    bool dot = false, letter_due = true;
    for (size_t i = t->begin; i < t->end;) {
        letter c = letter_at(l->text, t->end, i);
        if (c.cp == '.' || c.cp == '-') {
            if (letter_due && c.cp == '.')
                return false;
            letter_due = true;
            dot |= c.cp == '.';
        } else {
            if (!letter_due || !is_letter(c))
                return false;
            letter_due = false;
        }
        i += c.size;
    }
    return dot && !letter_due;
}

/* One letter. In scripts without case only where words are long: not in Hangul or Han. Bulgarian
   and Ukrainian "й" is a word. */
static bool is_initial(const line *l, const token *t)
{
    letter c = letter_at(l->text, t->end, t->begin);
    bool cased = c.class == SB_UPPER || c.class == SB_LOWER;
    return t->end > t->begin && c.size == t->end - t->begin && c.cp != 0x439 &&
           (cased || (c.class == SB_OLETTER && c.cp >= 0x590 && c.cp < 0xE00));
}

/* "Nr", "vgl", "Blvd": words in Latin script have vowels; but "TV" and "PC" end sentences, and
   "dpkg" is a name. */
static bool lacks_vowels(const line *l, const token *t)
{
    size_t n = t->end - t->begin, most = t->first.class == SB_UPPER ? 4 : 3;
    if (n < 2 || n > most || (l->text[t->begin + 1] & 0x20) == 0)
        return false;
    for (size_t i = t->begin; i < t->end; i++)
        if (!is_ascii_letter(l->text[i]) || is_vowel(l->text[i]))
            return false;
    return true;
}

/* The part behind the last hyphen: "Univ.-Prof". */
static word last_part(const line *l, const token *t)
{
    for (size_t i = t->end; i-- > t->begin;)
        if (l->text[i] == '-')
            return words_find(l->language, l->text + i + 1, t->end - i - 1);
    return (word){WORD_PLAIN, 0};
}

/* "z. B.", "т. д.": listed without the blank. */
static uint8_t pair_abbreviation(const line *l, const token *t)
{
    uint8_t joined[2 * 4 + 1];
    letter blank = letter_before(l->text, 0, t->begin);
    letter dot = letter_before(l->text, 0, t->begin - blank.size);
    if (!is_blank(blank) || dot.cp != '.')
        return WORD_PLAIN;
    size_t end = t->begin - blank.size - 1;
    token first = token_before(l, end);
    size_t n = first.end - first.begin, m = t->end - t->begin;
    if (!is_initial(l, &first) || n + 1 + m > sizeof joined)
        return WORD_PLAIN;
    memcpy(joined, l->text + first.begin, n);
    joined[n] = '.';
    memcpy(joined + n + 1, l->text + t->begin, m);
    return words_find(l->language, joined, n + 1 + m).abbreviation;
}

/* "EE. UU.": Spanish doubles the initials of a plural. */
static bool is_doubled(const line *l, const token *t)
{
    const uint8_t *s = l->text + t->begin;
    return t->end - t->begin == 2 && s[0] == s[1] && t->first.class == SB_UPPER;
}

abbreviation abbreviation_kind(const line *l, const token *t)
{
    static const abbreviation listed[] = {
        [WORD_PLAIN] = KIND_PLAIN, [WORD_NEVER] = KIND_NEVER,   [WORD_DIGIT] = KIND_DIGIT,
        [WORD_MAY] = KIND_MAY,     [WORD_LIKELY] = KIND_LIKELY,
    };
    bool initial = is_initial(l, t);
    uint8_t known = token_word(l, t).abbreviation;
    uint8_t pair = initial ? pair_abbreviation(l, t) : WORD_PLAIN;
    if (pair)
        return listed[pair];
    if (known && !initial)
        return listed[known];
    if (token_is_number(l, t))
        return KIND_NUMBER;
    if (initial)
        return known == WORD_NEVER ? KIND_NEVER : KIND_INITIAL;
    if (is_doubled(l, t))
        return KIND_INITIAL;
    if (is_acronym(l, t) || lacks_vowels(l, t))
        return KIND_MAY;
    return listed[last_part(l, t).abbreviation];
}
