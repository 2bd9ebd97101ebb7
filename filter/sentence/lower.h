/* Lower case of the letters that abbreviations are written with: Latin, Greek, Cyrillic, Armenian.
   The generator of the word table and the rules must fold alike, so both use this. */
#ifndef SENTENCE_LOWER_H
#define SENTENCE_LOWER_H

#include <stddef.h>
#include <stdint.h>

static inline uint32_t lower_greek(uint32_t cp)
{
    if (cp >= 0x391 && cp <= 0x3AB)
        return cp + 32;
    if (cp == 0x386)
        return 0x3AC;
    if (cp >= 0x388 && cp <= 0x38A)
        return cp + 37;
    return cp == 0x38C ? 0x3CC : cp == 0x38E || cp == 0x38F ? cp + 63 : cp;
}

static inline uint32_t lower_cyrillic(uint32_t cp)
{
    if (cp <= 0x40F)
        return cp + 80;
    if (cp <= 0x42F)
        return cp + 32;
    return cp >= 0x460 ? cp | 1 : cp;
}

static inline uint32_t lower_of(uint32_t cp)
{
    if (cp < 0x80)
        return cp - 'A' < 26 ? cp + 32 : cp;
    if (cp >= 0xC0 && cp <= 0xDE)
        return cp == 0xD7 ? cp : cp + 32;
    if (cp == 0x130)
        return 'i';
    if ((cp >= 0x139 && cp <= 0x148) || (cp >= 0x179 && cp <= 0x17E))
        return (cp & 1) ? cp + 1 : cp; /* here the capitals are odd */
    if (cp >= 0x100 && cp <= 0x177)
        return cp == 0x131 || cp == 0x138 ? cp : cp | 1;
    if (cp >= 0x386 && cp <= 0x3AB)
        return lower_greek(cp);
    if (cp >= 0x400 && cp <= 0x52F)
        return lower_cyrillic(cp);
    return cp >= 0x531 && cp <= 0x556 ? cp + 48 : cp;
}

/* Lower case of `text`, valid UTF-8, into `out` (`room` bytes). Returns the bytes written; room + 1
   when there is too little of it. */
static inline size_t lower_text(const uint8_t *text, size_t len, uint8_t *out, size_t room)
{
    size_t n = 0;
    for (size_t i = 0; i < len;) {
        if (n + 2 > room)
            return room + 1;
        if (text[i] < 0xC3 || text[i] > 0xDF || i + 1 == len) { /* ASCII, or no capital */
            out[n++] = text[i] < 0x80 ? (uint8_t)lower_of(text[i]) : text[i];
            i++;
            continue;
        }
        uint32_t cp = lower_of((text[i] & 0x1Fu) << 6 | (text[i + 1] & 0x3Fu));
        if (cp >= 0x80)
            out[n++] = (uint8_t)(0xC0 | cp >> 6);
        out[n++] = (uint8_t)(cp < 0x80 ? cp : 0x80 | (cp & 0x3F));
        i += 2;
    }
    return n;
}

#endif
