/* Code points of valid UTF-8. */
#ifndef JUDGE_FOLD_UTF8_H
#define JUDGE_FOLD_UTF8_H

#include <stdint.h>

/* The code point that begins at `s`, and its bytes. */
static inline uint32_t fold_decode(const uint8_t *s, unsigned *len)
{
    if (s[0] < 0x80)
        return *len = 1, s[0];
    if (s[0] < 0xE0)
        return *len = 2, (s[0] & 0x1Fu) << 6 | (s[1] & 0x3Fu);
    if (s[0] < 0xF0)
        return *len = 3, (s[0] & 0xFu) << 12 | (s[1] & 0x3Fu) << 6 | (s[2] & 0x3Fu);
    *len = 4;
    return (s[0] & 7u) << 18 | (s[1] & 0x3Fu) << 12 | (s[2] & 0x3Fu) << 6 | (s[3] & 0x3Fu);
}

/* Writes a code point; answers where the next one goes. */
static inline uint8_t *fold_encode(uint8_t *to, uint32_t cp)
{
    if (cp < 0x80) {
        *to++ = (uint8_t)cp;
        return to;
    }
    if (cp < 0x800) {
        *to++ = (uint8_t)(0xC0 | cp >> 6);
    } else {
        if (cp < 0x10000) {
            *to++ = (uint8_t)(0xE0 | cp >> 12);
        } else {
            *to++ = (uint8_t)(0xF0 | cp >> 18);
            *to++ = (uint8_t)(0x80 | (cp >> 12 & 0x3F));
        }
        *to++ = (uint8_t)(0x80 | (cp >> 6 & 0x3F));
    }
    *to++ = (uint8_t)(0x80 | (cp & 0x3F));
    return to;
}

#endif
