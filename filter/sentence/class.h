/* Code points and their Sentence_Break. Text is valid UTF-8; every function takes its length. */
#ifndef SENTENCE_CLASS_H
#define SENTENCE_CLASS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "tables/sentence_break.h"

typedef struct {
    uint32_t cp;
    uint8_t size; /* bytes it takes; 0: there is none, `class` is SB_OTHER */
    uint8_t class;
} letter;

static inline uint8_t class_of(uint32_t cp)
{
    return sb_blocks[(size_t)sb_index[cp >> 7] * 128 + (cp & 127)];
}

/* The code point that begins at `at`. */
static inline letter letter_at(const uint8_t *text, size_t len, size_t at)
{
    letter c = {0, 0, SB_OTHER};
    if (at >= len)
        return c;
    const uint8_t *s = text + at;
    if (s[0] < 0x80) {
        c.cp = s[0];
        c.size = 1;
    } else if (s[0] < 0xE0 && len - at >= 2) {
        c.cp = (s[0] & 0x1Fu) << 6 | (s[1] & 0x3Fu);
        c.size = 2;
    } else if (s[0] < 0xF0 && len - at >= 3) {
        c.cp = (s[0] & 0x0Fu) << 12 | (s[1] & 0x3Fu) << 6 | (s[2] & 0x3Fu);
        c.size = 3;
    } else if (len - at >= 4) {
        c.cp = (s[0] & 0x07u) << 18 | (s[1] & 0x3Fu) << 12 | (s[2] & 0x3Fu) << 6 | (s[3] & 0x3Fu);
        c.size = 4;
    } else {
        c.cp = 0xFFFD; /* a line cut by force */
        c.size = (uint8_t)(len - at);
    }
    c.class = class_of(c.cp < 0x110000 ? c.cp : 0xFFFD);
    return c;
}

/* The code point that ends at `at`; none before `from`. */
static inline letter letter_before(const uint8_t *text, size_t from, size_t at)
{
    size_t begin = at;
    while (begin > from && at - begin < 4) {
        begin--;
        if ((text[begin] & 0xC0) != 0x80)
            break;
    }
    letter c = letter_at(text, at, begin);
    c.size = (uint8_t)(at - begin);
    return c;
}

static inline bool class_is_invisible(uint8_t class)
{
    return class == SB_EXTEND || class == SB_FORMAT;
}

static inline bool class_is_separator(uint8_t class)
{
    return class == SB_SEP || class == SB_CR || class == SB_LF;
}

static inline bool class_is_terminator(uint8_t class)
{
    return class == SB_ATERM || class == SB_STERM;
}

static inline bool is_letter(letter c)
{
    return c.class == SB_LOWER || c.class == SB_UPPER || c.class == SB_OLETTER;
}

static inline bool is_alnum(letter c)
{
    return is_letter(c) || c.class == SB_NUMERIC;
}

static inline bool is_blank(letter c)
{
    return c.size && c.class == SB_SP;
}

#endif
