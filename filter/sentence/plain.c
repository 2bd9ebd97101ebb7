#include "sentence/plain.h"

#include <stdbool.h>

#include "sentence/class.h"
#include "sentence/words.h"

enum { NOTE_BYTES = 8 }; /* "[1234567" */

static bool is_digit(uint8_t b)
{
    return (uint8_t)(b - '0') < 10;
}

static bool is_capital(uint8_t b)
{
    return (uint8_t)(b - 'A') < 26;
}

static bool is_latin(uint8_t b)
{
    return (uint8_t)((b | 0x20) - 'a') < 26;
}

static bool is_letter_or_digit(uint8_t b)
{
    return is_latin(b) || is_digit(b);
}

/* Behind the note "[7]" at `at`; or `at`. */
static size_t note_end(const uint8_t *text, size_t len, size_t at)
{
    size_t i = at + 1;
    while (i < len && i - at < NOTE_BYTES && is_letter_or_digit(text[i]))
        i++;
    return i > at + 1 && i < len && text[i] == ']' ? i + 1 : at;
}

/* Bytes of the quote that begins here and closes, if it is one of few: U+00BB, 2019, 201D, 203A. */
static size_t quote_size(const uint8_t *s, size_t left)
{
    if (left >= 2 && s[0] == 0xC2 && s[1] == 0xBB)
        return 2;
    bool high = left >= 3 && s[0] == 0xE2 && s[1] == 0x80;
    return high && (s[2] == 0x99 || s[2] == 0x9D || s[2] == 0xBA) ? 3 : 0;
}

/* Behind the signs that close, and notes. */
static size_t skip_closers(const line *l, size_t at)
{
    size_t next = at;
    do {
        at = next;
        if (at == l->len)
            break;
        switch (l->text[at]) {
        case '"': case ')': case '\'': case ']': case '}': case '*': case '_':
            next = at + 1;
            break;
        case '[':
            next = note_end(l->text, l->len, at);
            break;
        default:
            next = at + quote_size(l->text + at, l->len - at);
            break;
        }
    } while (next > at);
    return at;
}

/* Which begin a sentence before a capital or a digit, and close none behind a blank. */
static bool is_opener(uint32_t cp)
{
    switch (cp) {
    case '"': case '(': case '_': case '[': case 0xA1: case 0xAB: case 0xBF: case 0x2018:
    case 0x201C: case 0x201E:
        return true;
    default:
        return false;
    }
}

/* A capital or a digit, or a letter that has no case; perhaps behind what opens. */
static bool opens(const line *l, size_t at)
{
    if (is_capital(l->text[at]))
        return true;
    letter c = letter_at(l->text, l->len, at);
    if (is_opener(c.cp))
        c = letter_at(l->text, l->len, at + c.size);
    return is_alnum(c) && c.class != SB_LOWER;
}

/* a e o u y: not i, which roman numbers have. */
static bool is_vowel(uint8_t b)
{
    return is_latin(b) && 0x02208022 >> (b & 31) & 1;
}

/* A word that has neither full stops nor hyphens in it, nor looks like an initial, a number or an
   abbreviation, and is listed as none. */
static bool is_plain_word(const line *l, const token *t)
{
    const uint8_t *s = l->text + t->begin;
    size_t n = t->end - t->begin, high = 0, vowels = 0;
    for (size_t i = 0; i < n; i++) {
        if (s[i] == '.' || s[i] == '-')
            return false;
        high += s[i] >= 0x80;
        vowels += is_vowel(s[i]);
    }
    if (n <= t->first.size || !is_letter(t->first) || (n == 2 && s[0] == s[1]))
        return false;
    return (n > 4 || high > 0 || vowels > 0) && token_word(l, t).abbreviation == WORD_PLAIN;
}

/* A word that is no abbreviation, a year, or no word at all stands before the full stop. */
static bool is_plain_before(const line *l, size_t at)
{
    const uint8_t *end = l->text + at;
    switch (end[-1]) {
    case ')': case '"': case '\'': case ']':
        return true;
    default:
        break;
    }
    if (is_digit(end[-1]))
        return is_digit(end[-2]) && is_digit(end[-3]) && is_digit(end[-4]) && end[-5] == ' ';
    if (words_plain_before(end))
        return true;
    if (end[-2] == ' ' || end[-2] == '.') /* initials */
        return false;
    token t = token_before(l, at);
    return is_plain_word(l, &t);
}

/* "?" and "!" end a sentence behind all words but names such as "Yahoo!". */
static bool is_plain_strong(const line *l, size_t at)
{
    if (words_plain_before(l->text + at))
        return true;
    token t = token_before(l, at);
    return is_letter(t.first) && !(token_word(l, &t).roles & WORD_SHOUTS);
}

size_t plain_end(const line *l, size_t at)
{
    uint8_t sign = l->text[at];
    if (sign != '.' && sign != '?' && sign != '!')
        return 0;
    size_t close = l->text[at + 1] == ' ' ? at + 1 : skip_closers(l, at + 1);
    if (close == l->len)
        return l->len;
    if (l->text[close] != ' ' || l->len - close < 2 || !opens(l, close + 1) || at < PLAIN_BEFORE)
        return 0;
    if (sign == '.')
        return is_plain_before(l, at) ? close + 1 : 0;
    /* "\"Why?\" Tom asked." */
    return close == at + 1 && is_plain_strong(l, at) ? close + 1 : 0;
}

/* ASCII letters before `at`, behind a blank or bracket, at most LETTERS; or 0. */
static size_t letters_before(const line *l, size_t at)
{
    enum { LETTERS = 5 };
    size_t n = 0;
    while (n < at && n <= LETTERS && is_latin(l->text[at - n - 1]))
        n++;
    uint8_t before = n < at && n <= LETTERS ? l->text[at - n - 1] : 0;
    return before == ' ' || before == '(' ? n : 0;
}

/* "J. Smith", unless another initial stands before, or the name is a word that is listed. */
static bool is_name(const line *l, size_t at)
{
    size_t begin = at + 2, end = begin;
    if (at < 3 || l->text[at - 3] == '.')
        return false;
    while (end < l->len && end - begin < BACK_BYTES && is_letter_or_digit(l->text[end]))
        end++;
    token t = {begin, end, {0, 0, SB_OTHER}};
    return end < l->len && l->text[end] < 0x80 && token_word(l, &t).roles == 0;
}

bool plain_goes_on(const line *l, size_t at)
{
    const uint8_t *s = l->text + at;
    if (l->len - at < 3 || (s[0] != '.' && s[0] != '?' && s[0] != '!'))
        return false;
    if (s[1] == ',' || s[0] != '.')
        return s[1] == ',';
    if (is_capital(s[1])) /* "U.S." */
        return at > 0 && is_capital(s[-1]);
    bool digit = is_digit(s[2]);
    if (s[1] != ' ' || !(digit || is_capital(s[2])))
        return false;
    size_t n = letters_before(l, at);
    if (n < 2)
        return n == 1 && (digit || is_name(l, at));
    token t = {at - n, at, {0, 0, SB_OTHER}};
    uint8_t kind = token_word(l, &t).abbreviation;
    return kind == WORD_NEVER || (digit && kind != WORD_PLAIN);
}
