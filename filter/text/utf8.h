/* Characters of text known to be valid UTF-8. */
#ifndef TEXT_UTF8_H
#define TEXT_UTF8_H

#include <stddef.h>
#include <stdint.h>

enum { UTF8_MAX = 4 }; /* bytes of a character */

/* The character at p; *len: its bytes. */
static inline uint32_t utf8_get(const uint8_t *p, size_t *len)
{
    uint32_t c = p[0];
    if (c < 0x80) {
        *len = 1;
        return c;
    }
    if (c < 0xE0) {
        *len = 2;
        return (c & 31) << 6 | (p[1] & 63U);
    }
    if (c < 0xF0) {
        *len = 3;
        return (c & 15) << 12 | (p[1] & 63U) << 6 | (p[2] & 63U);
    }
    *len = 4;
    return (c & 7) << 18 | (p[1] & 63U) << 12 | (p[2] & 63U) << 6 | (p[3] & 63U);
}

/* Writes c at p, which has room for UTF8_MAX bytes; its bytes. */
static inline size_t utf8_put(uint8_t *p, uint32_t c)
{
    if (c < 0x80) {
        p[0] = (uint8_t)c;
        return 1;
    }
    if (c < 0x800) {
        p[0] = (uint8_t)(0xC0 | c >> 6);
        p[1] = (uint8_t)(0x80 | (c & 63));
        return 2;
    }
    if (c < 0x10000) {
        p[0] = (uint8_t)(0xE0 | c >> 12);
        p[1] = (uint8_t)(0x80 | (c >> 6 & 63));
        p[2] = (uint8_t)(0x80 | (c & 63));
        return 3;
    }
    p[0] = (uint8_t)(0xF0 | c >> 18);
    p[1] = (uint8_t)(0x80 | (c >> 12 & 63));
    p[2] = (uint8_t)(0x80 | (c >> 6 & 63));
    p[3] = (uint8_t)(0x80 | (c & 63));
    return 4;
}

/* Where the character begins that ends at text[at), at > 0. */
static inline size_t utf8_back(const uint8_t *text, size_t at)
{
    do
        at--;
    while ((text[at] & 0xC0) == 0x80);
    return at;
}

#endif
