#include "frame/json_string.h"

#include <string.h>

enum { REPLACEMENT = 0xFFFD, UTF8_MAX = 4 };

/* Sixteen bytes at once, in whatever registers the machine has. */
typedef uint8_t bytes16 __attribute__((vector_size(16)));

/* The index of the first byte of `found` that is not 0; 16: none is. */
static inline size_t first_of(bytes16 found)
{
    uint64_t half[2];
    memcpy(half, &found, sizeof half);
#if defined(__BYTE_ORDER__) && __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__
    if (half[0])
        return (size_t)__builtin_ctzll(half[0]) / 8;
    return half[1] ? 8 + (size_t)__builtin_ctzll(half[1]) / 8 : 16;
#else
    size_t i = 0;
    while (i < 16 && !found[i])
        i++;
    return half[0] | half[1] ? i : 16;
#endif
}

/* Copies what stands before the first backslash, or, of text to be escaped (`any`), before the
   first byte that must be. Writes up to 15 bytes more, all within `len`. Returns its length. */
static inline size_t copy_plain(uint8_t *to, const uint8_t *from, size_t len, bool any)
{
    size_t at = 0;
    for (size_t n; len - at >= 16; at += 16) {
        bytes16 b;
        memcpy(&b, from + at, 16);
        memcpy(to + at, &b, 16);
        bytes16 found = (bytes16)(b == '\\');
        if (any)
            found |= (bytes16)(b == '"') | (bytes16)(b < 0x20);
        if ((n = first_of(found)) < 16)
            return at + n;
    }
    for (; at < len && from[at] != '\\' && !(any && (from[at] < 0x20 || from[at] == '"')); at++)
        to[at] = from[at];
    return at;
}

static int hex_digit(uint8_t c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    c |= 0x20;
    return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

/* The four digits of \uXXXX; -1: they are none. */
static int32_t hex4(const uint8_t *s, size_t len)
{
    int32_t value = 0;
    if (len < 4)
        return -1;
    for (int i = 0; i < 4; i++) {
        int digit = hex_digit(s[i]);
        if (digit < 0)
            return -1;
        value = value * 16 + digit;
    }
    return value;
}

/* \uXXXX, or two of them that are a pair. */
static size_t read_unicode(const uint8_t *s, size_t len, uint32_t *c)
{
    int32_t first = hex4(s + 2, len - 2);
    if (first < 0)
        return 0;
    *c = (uint32_t)first;
    if (first < 0xD800 || first > 0xDBFF || len < 12 || s[6] != '\\' || s[7] != 'u')
        return 6;
    int32_t second = hex4(s + 8, len - 8);
    if (second < 0xDC00 || second > 0xDFFF)
        return 6;
    *c = 0x10000 + ((uint32_t)first - 0xD800) * 0x400 + ((uint32_t)second - 0xDC00);
    return 12;
}

/* Bytes of the escape that s[0..len) begins with, 0: it is none that is known. `*c` is what it
   stands for: a character, or half a surrogate pair. */
static size_t read_escape(const uint8_t *s, size_t len, uint32_t *c)
{
    static const uint8_t means[256] = {['"'] = '"',  ['\\'] = '\\', ['/'] = '/',  ['b'] = '\b',
                                       ['f'] = '\f', ['n'] = '\n',  ['r'] = '\r', ['t'] = '\t'};
    if (len < 2)
        return 0;
    *c = means[s[1]];
    if (*c)
        return 2;
    return s[1] == 'u' ? read_unicode(s, len, c) : 0;
}

bool json_string_valid(const uint8_t *string, size_t len)
{
    uint32_t c;
    const uint8_t *at = string, *end = string + len;
    while (at < end && (at = memchr(at, '\\', (size_t)(end - at))) != NULL) {
        size_t n = read_escape(at, (size_t)(end - at), &c);
        if (!n)
            return false;
        at += n;
    }
    return true;
}

static size_t put_utf8(uint8_t *out, uint32_t c)
{
    if (c < 0x80) {
        out[0] = (uint8_t)c;
        return 1;
    }
    size_t n = c < 0x800 ? 2 : c < 0x10000 ? 3 : 4;
    for (size_t i = n; i-- > 1; c >>= 6)
        out[i] = (uint8_t)(0x80 | (c & 0x3F));
    out[0] = (uint8_t)(0xF00 >> n | c); /* 0xC0, 0xE0, 0xF0 */
    return n;
}

bool json_string_is(const uint8_t *string, size_t len, const char *text, size_t text_len)
{
    uint8_t bytes[UTF8_MAX];
    size_t same = 0;
    for (size_t at = 0; at < len;) {
        uint32_t c;
        size_t n = 1, size = 1;
        bytes[0] = string[at];
        if (string[at] == '\\') {
            n = read_escape(string + at, len - at, &c);
            if (!n)
                return false;
            size = put_utf8(bytes, c);
        }
        if (size > text_len - same || memcmp(text + same, bytes, size) != 0)
            return false;
        same += size;
        at += n;
    }
    return same == text_len;
}

/* From offset `text` on, the text stands at `raw` of the string. */
static bool note(text_edits *map, size_t text, size_t raw)
{
    if (!list_reserve(map, 1))
        return false;
    map->items[map->len++] = (text_edit){(uint32_t)text, (uint32_t)raw};
    return true;
}

/* One escape, as text; `*to` and `*at` move behind it. False: it is none. */
static bool copy_escape(uint8_t **to, const uint8_t *string, size_t len, size_t *at, size_t *halves)
{
    uint32_t c;
    size_t n = read_escape(string + *at, len - *at, &c);
    if (!n)
        return false;
    if (c >= 0xD800 && c <= 0xDFFF) {
        c = REPLACEMENT;
        ++*halves;
    }
    *at += n;
    *to += put_utf8(*to, c);
    return true;
}

json_found json_string_read(const uint8_t *string, size_t len, buffer *out, size_t *halves,
                            text_edits *map)
{
    out->len = 0;
    *halves = 0;
    if (map)
        map->len = 0;
    if (!buffer_reserve(out, len)) /* no escape is shorter than what it stands for */
        return JSON_NOMEM;
    uint8_t *to = out->data;
    for (size_t at = 0;;) {
        size_t n = copy_plain(to, string + at, len - at, false);
        at += n;
        to += n;
        if (at == len)
            break;
        if (!copy_escape(&to, string, len, &at, halves))
            return JSON_MALFORMED;
        if (map && !note(map, (size_t)(to - out->data), at))
            return JSON_NOMEM;
    }
    out->len = (size_t)(to - out->data);
    return JSON_FOUND;
}

static size_t put_escape(uint8_t *to, uint8_t c)
{
    static const char hex[] = "0123456789abcdef";
    static const char names[] = {['"'] = '"',  ['\\'] = '\\', ['\b'] = 'b', ['\f'] = 'f',
                                 ['\n'] = 'n', ['\r'] = 'r',  ['\t'] = 't'};
    to[0] = '\\';
    if (names[c]) {
        to[1] = (uint8_t)names[c];
        return 2;
    }
    memcpy(to + 1, "u00", 3);
    to[4] = (uint8_t)hex[c >> 4];
    to[5] = (uint8_t)hex[c & 15];
    return 6;
}

bool json_string_write(const uint8_t *text, size_t len, buffer *out)
{
    enum { STRETCH = 4096, LONGEST = 6 };
    for (size_t from = 0; from < len; from += STRETCH) {
        size_t n = len - from < STRETCH ? len - from : STRETCH;
        if (!buffer_reserve(out, n * LONGEST))
            return false;
        uint8_t *to = out->data + out->len;
        for (size_t at = 0; at < n;) {
            size_t plain = copy_plain(to, text + from + at, n - at, true);
            at += plain;
            to += plain;
            if (at < n)
                to += put_escape(to, text[from + at++]);
        }
        out->len = (size_t)(to - out->data);
    }
    return true;
}
