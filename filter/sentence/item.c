#include "sentence/item.h"

/* A mark: an optional bullet, an optional bracket, a number, letter or roman number, and signs. */
typedef struct {
    uint32_t bullet;    /* code point; 0: none */
    unsigned value;     /* number; 0: none */
    unsigned roman;     /* value if it is read as a roman number; 0: it is none */
    char kind;          /* '1', 'a', 'A' */
    char signs[4];      /* "(" before, ".", ")", ".)" behind */
    size_t end;         /* behind the signs */
} mark;

enum { MOST_CHARS = 5 }; /* of a number: "viii", "1234" are more than lists have */

static bool is_bullet(uint32_t cp)
{
    switch (cp) {
    case 0x2022: case 0x2023: case 0x2043: case 0x2219: case 0x25A0: case 0x25AA: case 0x25CF:
    case 0x25E6: case 0x25BA: case 0x27A2: case 0x2713:
        return true;
    default:
        return false;
    }
}

static unsigned roman_digit(uint8_t c)
{
    switch (c | 0x20) {
    case 'i': return 1;
    case 'v': return 5;
    case 'x': return 10;
    default: return 0;
    }
}

static unsigned roman_value(const uint8_t *s, size_t n)
{
    unsigned sum = 0;
    for (size_t i = 0; i < n; i++) {
        unsigned d = roman_digit(s[i]);
        if (!d)
            return 0;
        sum = i + 1 < n && roman_digit(s[i + 1]) > d ? sum - d : sum + d;
    }
    return sum;
}

static bool is_digit(uint8_t c)
{
    return c >= '0' && c <= '9';
}

static bool is_latin(uint8_t c)
{
    return (uint8_t)((c | 0x20) - 'a') < 26;
}

/* The number at `at`; bytes it takes, or 0. */
static size_t read_value(const line *l, size_t at, mark *m)
{
    const uint8_t *s = l->text + at;
    size_t n = 0, most = l->len - at < MOST_CHARS ? l->len - at : MOST_CHARS;
    if (n < most && is_digit(s[0])) {
        for (; n < most && is_digit(s[n]); n++)
            m->value = m->value * 10 + (unsigned)(s[n] - '0');
        m->kind = '1';
        return n < 4 ? n : 0;
    }
    while (n < most && is_latin(s[n]))
        n++;
    if (n == 0 || n == MOST_CHARS)
        return 0;
    m->kind = s[0] & 0x20 ? 'a' : 'A';
    m->roman = roman_value(s, n);
    m->value = n == 1 ? (unsigned)((s[0] | 0x20) - 'a') + 1 : 0;
    return m->roman || m->value ? n : 0;
}

/* A few: a line that is all blanks must not be read again for each of its marks. */
static size_t skip_blanks(const line *l, size_t at)
{
    for (unsigned i = 0; i < 8 && at < l->len && l->text[at] == ' '; i++)
        at++;
    return at;
}

/* The mark at `at`: false if there is none, or a letter follows without a blank. */
static bool read_mark(const line *l, size_t at, mark *m)
{
    *m = (mark){0};
    letter c = letter_at(l->text, l->len, at);
    if (is_bullet(c.cp)) {
        m->bullet = c.cp;
        at = skip_blanks(l, at + c.size);
        m->end = at;
    }
    size_t n = 0;
    if (at < l->len && l->text[at] == '(') {
        m->signs[n++] = '(';
        at++;
    }
    size_t size = read_value(l, at, m);
    at += size;
    while (size && n < 3 && at < l->len && (l->text[at] == '.' || l->text[at] == ')'))
        m->signs[n++] = (char)l->text[at++];
    bool marked = size && n > 0 && m->signs[n - 1] != '(' && at < l->len && l->text[at] == ' ';
    if (marked)
        m->end = at;
    else
        m->value = m->roman = 0;
    return marked || m->bullet;
}

static bool same_signs(const mark *a, const mark *b)
{
    return a->kind == b->kind && a->signs[0] == b->signs[0] && a->signs[1] == b->signs[1] &&
           a->signs[2] == b->signs[2];
}

static bool follows(const mark *a, const mark *b)
{
    return same_signs(a, b) &&
           ((a->value && b->value == a->value + 1) || (a->roman && b->roman == a->roman + 1));
}

/* Where the mark that has its sign at `at` begins. */
static size_t mark_begin(const line *l, size_t at)
{
    size_t begin = at, least = at > MOST_CHARS ? at - MOST_CHARS : 0;
    while (begin > least && l->text[begin - 1] == '.')
        begin--;
    while (begin > least && (is_digit(l->text[begin - 1]) || is_latin(l->text[begin - 1])))
        begin--;
    return begin > 0 && l->text[begin - 1] == '(' ? begin - 1 : begin;
}

bool item_at(const line *l, size_t at)
{
    mark m;
    if (l->len - at < 3)
        return false;
    uint8_t first = l->text[at], second = l->text[at + 1];
    if (is_latin(first) && is_latin(second) && !roman_digit(second)) /* nearly always */
        return false;
    return (is_latin(first) || is_digit(first) || first == '(' || first == ' ' || first >= 0x80) &&
           read_mark(l, skip_blanks(l, at), &m);
}

/* "A. Roe and B. Doe", "1. FC Rot steigt in die 2. Liga ab": initials and ordinals run on too. */
static bool runs_on(const line *l, size_t begin, const mark *here)
{
    if (here->signs[0] != '.' || here->signs[1])
        return false;
    if (here->kind == 'A')
        return here->roman < 2;
    token before = token_before(l, begin - 1), after = token_after(l, here->end);
    return here->kind == '1' && ((token_word(l, &before).roles & (WORD_STARTS | WORD_ARTICLE)) ||
                                 (token_word(l, &after).roles & WORD_AFTER_NUMBER));
}

size_t item_begin(const line *l, size_t at)
{
    mark here, first;
    letter c = letter_at(l->text, l->len, at);
    size_t begin = is_bullet(c.cp) ? at : mark_begin(l, at);
    if (begin == 0 || l->text[begin - 1] != ' ' || !read_mark(l, begin, &here))
        return 0;
    read_mark(l, skip_blanks(l, 0), &first);
    if (here.bullet)
        return here.bullet == first.bullet ? begin : 0;
    return !first.bullet && follows(&first, &here) && !runs_on(l, begin, &here) ? begin : 0;
}

bool item_is_first(const line *l, size_t at)
{
    mark m;
    return read_mark(l, at, &m) && m.kind == 'a' && m.value == 1;
}

bool item_owns(const line *l, size_t at)
{
    mark m;
    return l->is_item && at < 16 && read_mark(l, skip_blanks(l, 0), &m) &&
           at < m.end;
}
