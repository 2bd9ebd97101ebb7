/* Controls, terminal escape sequences (ECMA-48), and the place to cut that respects them. */
#include <utf8proc.h>

#include "text/stage.h"
#include "text/utf8.h"

enum { BEL = 0x07, ESC = 0x1B, DEL = 0x7F };

/* Bytes of a line end of any kind; 0: none. */
static size_t line_end(const uint8_t *p, size_t len)
{
    if (p[0] >= 0x0A && p[0] <= 0x0D)
        return 1;
    if (p[0] == 0xC2 && len > 1 && p[1] == 0x85)
        return 2;
    return p[0] == 0xE2 && len > 2 && p[1] == 0x80 && (p[2] == 0xA8 || p[2] == 0xA9) ? 3 : 0;
}

/* OSC, DCS, SOS, PM, APC: to BEL or ST, or up to what begins another sequence or a line. */
static size_t string_sequence(const uint8_t *text, size_t len)
{
    for (size_t n = 2; n < len; n++) {
        if (text[n] == BEL)
            return n + 1;
        if (text[n] == ESC)
            return n + 1 < len && text[n + 1] == '\\' ? n + 2 : n;
        if (line_end(text + n, len - n))
            return n;
    }
    return len;
}

static size_t span(const uint8_t *text, size_t len, size_t at, uint8_t first, uint8_t last)
{
    while (at < len && text[at] >= first && text[at] <= last)
        at++;
    return at;
}

size_t text_escape(const uint8_t *text, size_t len)
{
    if (len < 2)
        return len;
    switch (text[1]) {
    case ']': case 'P': case 'X': case '^': case '_':
        return string_sequence(text, len);
    case '[': {
        size_t n = span(text, len, span(text, len, 2, 0x30, 0x3F), 0x20, 0x2F);
        return n < len && text[n] >= 0x40 && text[n] <= 0x7E ? n + 1 : n;
    }
    default: {
        size_t n = span(text, len, 1, 0x20, 0x2F);
        return n < len && text[n] >= 0x30 && text[n] <= 0x7E ? n + 1 : n;
    }
    }
}

size_t text_control(const text_walk *w, size_t at)
{
    uint8_t byte = w->raw[at];
    if (byte == ESC)
        return text_escape(w->raw + at, w->len - at);
    return byte == DEL || byte < 0x09 || (byte > 0x0D && byte < 0x20);
}

/* Letters and marks of the scripts whose words zero-width spaces separate: fewer than those written
   without blanks. */
static bool is_separated_script(uint32_t c)
{
    static const uint32_t blocks[][2] = {
        {0x0E00, 0x0EFF}, /* Thai, Lao */
        {0x1000, 0x109F}, /* Burmese */
        {0x1780, 0x17FF}, /* Khmer */
        {0xA9E0, 0xA9FF}, {0xAA60, 0xAA7F}, /* Burmese */
    };
    for (size_t i = 0; i < sizeof blocks / sizeof *blocks; i++)
        if (c >= blocks[i][0] && c <= blocks[i][1]) {
            utf8proc_category_t is = utf8proc_category((int32_t)c);
            return is >= UTF8PROC_CATEGORY_LU && is <= UTF8PROC_CATEGORY_ME; /* letters, marks */
        }
    return false;
}

static bool invisible(uint32_t c)
{
    return c == 0xAD || c == 0x2060 || c == 0xFEFF;
}

static bool reorders(uint32_t c)
{
    return utf8proc_get_property((int32_t)c)->combining_class != 0;
}

/* Marks that canonical ordering may move do not count: where they stand before and after it would
   make a difference. */
bool text_separates(const uint8_t *raw, size_t len, size_t at)
{
    size_t n;
    for (size_t p = at; p > 0;) {
        p = utf8_back(raw, p);
        uint32_t c = utf8_get(raw + p, &n);
        if (invisible(c) || reorders(c))
            continue;
        if (is_separated_script(c))
            return true;
        break;
    }
    utf8_get(raw + at, &n);
    for (size_t p = at + n; p < len; p += n) {
        uint32_t c = utf8_get(raw + p, &n);
        if (!invisible(c))
            return is_separated_script(c) && !reorders(c);
    }
    return false;
}

/* The character of text[0..len) is whole and no control, and nothing else is said of it than `may`
   be. */
static bool plain(const norm_table *t, const uint8_t *text, size_t len, unsigned may, size_t *n)
{
    bool valid;
    *n = scan_sequence(text, len, &valid);
    if (!valid || *text < 0x20 || *text == DEL)
        return false;
    return *text < 0x80 || (t && (norm_look(t, utf8_get(text, n))->said & ~may) == 0);
}

/* Where the character begins that ends before text[at), of bytes that may not be UTF-8. */
static size_t before(const uint8_t *text, size_t at)
{
    size_t p = at - 1;
    while (p > 0 && at - p < UTF8_MAX && (text[p] & 0xC0) == 0x80)
        p--;
    return p;
}

/* The last escape sequence that begins before a place. ESC ends every sequence, so no earlier one
   reaches behind it. */
typedef struct {
    size_t start, end;
} sequence;

static sequence last_sequence(const uint8_t *text, size_t len, size_t place)
{
    while (place > 0 && text[place - 1] != ESC)
        place--;
    if (place == 0)
        return (sequence){0, 0};
    return (sequence){place - 1, place - 1 + text_escape(text + place - 1, len - (place - 1))};
}

size_t text_cut_place(const uint8_t *text, size_t len)
{
    enum { SEARCHED = 4096 };
    const norm_table *t = norm_get(WINNOW_NFKC); /* the strictest; NULL: ASCII alone will do */
    size_t lowest = len > SEARCHED ? len - SEARCHED : 0, n;
    sequence escape = last_sequence(text, len, len);
    for (size_t at = len; at > lowest;) {
        at = before(text, at);
        if (at == 0)
            break;
        if (at <= escape.start)
            escape = last_sequence(text, len, at);
        if (at < escape.end || !plain(t, text + at, len - at, 0, &n))
            continue;
        size_t p = before(text, at);
        if (plain(t, text + p, at - p, NORM_FORM, &n) && n == at - p)
            return at;
    }
    return 0;
}

size_t text_open_sequence(const uint8_t *text, size_t len)
{
    sequence escape = last_sequence(text, len, len);
    return escape.end == len ? escape.start : len;
}
