#include "sentence/apart.h"

#include <string.h>

#include "sentence/scan.h"

enum {
    ADDRESS_BYTES = 256, /* longer addresses are not looked through */
    RULE_CHARS = SCAN_RULE, /* "========" is drawn, "***" and "=====" adorn words */
    BLANK_CHARS = 20     /* "____" is a blank to fill in, this long it is drawn */
};

static bool is_digit(uint8_t c)
{
    return c >= '0' && c <= '9';
}

/* Behind `n` blanks at least, or 0 if there are fewer or the line ends. */
static size_t skip_blanks(const line *l, size_t at)
{
    size_t begin = at;
    while (at < l->len && at - begin < 8 && l->text[at] == ' ')
        at++;
    return at > begin && at < l->len ? at : 0;
}

static size_t digits_before(const line *l, size_t at)
{
    size_t n = 0;
    while (n < 5 && at > n && is_digit(l->text[at - n - 1]))
        n++;
    return n;
}

/* "08/16/2000", "16.8.2000", "2000-08-16" that ends at `end`: where it begins, or `end`. */
static size_t date_begin(const line *l, size_t end)
{
    size_t at = end;
    uint8_t sign = 0;
    for (unsigned part = 0; part < 3; part++) {
        size_t n = digits_before(l, at);
        if (n == 0 || n == 3 || n > 4)
            return end;
        at -= n;
        if (part == 2)
            break;
        if (at == 0 || (sign && l->text[at - 1] != sign))
            return end;
        sign = l->text[--at];
        if (sign != '/' && sign != '.' && sign != '-')
            return end;
    }
    return at;
}

/* Behind ":05", ":05:30", " PM" from the colon at `at` on; 0 if it is no clock time, or has neither
   seconds nor AM or PM, as in running text. */
static size_t time_end(const line *l, size_t at)
{
    unsigned parts = 0;
    while (l->len - at > 2 && l->text[at] == ':' && is_digit(l->text[at + 1]) &&
           is_digit(l->text[at + 2])) {
        at += 3;
        parts++;
    }
    const uint8_t *s = l->text + at;
    size_t left = l->len - at, blank = left > 0 && s[0] == ' ';
    if (left >= blank + 2 && ((s[blank] | 0x20) == 'a' || (s[blank] | 0x20) == 'p') &&
        (s[blank + 1] | 0x20) == 'm')
        return at + blank + 2;
    return parts == 2 ? at : 0;
}

/* Words in small letters lead to a date ("on"), names do not. */
static bool leads_on(const line *l, size_t at)
{
    token t = token_before(l, at - 1);
    return t.first.class == SB_LOWER && memchr(l->text + t.begin, '@', t.end - t.begin) == NULL;
}

/* "Jane Roe 08/16/2000 12:05 PM I wanted": the stamp of a message, between its head and body. */
static size_t stamp(const line *l, size_t at)
{
    size_t hours = digits_before(l, at);
    size_t blank = at - hours;
    if (hours == 0 || hours > 2 || blank == 0 || l->text[blank - 1] != ' ')
        return 0;
    size_t begin = date_begin(l, blank - 1), end = time_end(l, at);
    if (begin == blank - 1 || !end)
        return 0;
    if (begin > 0 && l->text[begin - 1] == ' ' && !leads_on(l, begin))
        return begin;
    size_t next = skip_blanks(l, end);
    if (!next)
        return 0;
    uint8_t class = letter_at(l->text, l->len, next).class;
    return class == SB_UPPER || (class == SB_LOWER && begin == 0) ? next : 0;
}

/* "http://a.org/ http://b.org/": an address ends before another and before what opens sentences. */
static size_t address(const line *l, size_t at)
{
    size_t left = l->len - at;
    const uint8_t *blank = memchr(l->text + at, ' ', left < ADDRESS_BYTES ? left : ADDRESS_BYTES);
    size_t next = blank ? skip_blanks(l, (size_t)(blank - l->text)) : 0;
    if (!next || blank[-1] == ',' || blank[-1] == ';')
        return 0;
    if (l->len - next > 7 && memcmp(l->text + next, "http", 4) == 0)
        return next;
    token after = token_after(l, next);
    return after.begin == next && after.first.class == SB_UPPER &&
                   (token_word(l, &after).roles & WORD_STARTS)
               ? next
               : 0;
}

/* "****** Bush": a line drawn with signs. */
static size_t rule(const line *l, size_t at)
{
    size_t end = at;
    while (end < l->len && l->text[end] == l->text[at])
        end++;
    size_t next = skip_blanks(l, end);
    if (!next || end - at < (l->text[at] == '_' ? BLANK_CHARS : RULE_CHARS))
        return 0;
    token after = token_after(l, next);
    return after.first.class == SB_UPPER ? next : 0;
}

/* ":)" and the like end what has no terminator. */
static size_t emoticon(const line *l, size_t at)
{
    size_t begin = at;
    if (begin > 0 && l->text[begin - 1] == '-')
        begin--;
    if (begin < 2 || (l->text[begin - 1] != ':' && l->text[begin - 1] != ';') ||
        l->text[begin - 2] != ' ')
        return 0;
    size_t next = skip_blanks(l, at + 1);
    return next && letter_at(l->text, l->len, next).class == SB_UPPER ? next : 0;
}

size_t apart_at(const line *l, size_t at)
{
    switch (l->text[at]) {
    case ')':
        return emoticon(l, at);
    case ':':
        return l->len - at > 1 && l->text[at + 1] == '/' ? address(l, at) : stamp(l, at);
    case '*': case '=': case '_':
        return rule(l, at);
    default:
        return 0;
    }
}
