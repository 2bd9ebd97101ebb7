/*
 * What the normal forms say of each character (UAX #15), asked of utf8proc once and then kept in
 * tables: its own look-ups cost more than all the rest of the text stage together.
 *
 * Only utf8proc's functions, the class of a character and its category are relied on: the
 * composition fields of its property struct changed their meaning between versions of one soname.
 */
#ifndef TEXT_NORM_H
#define TEXT_NORM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "winnow.h"

/* What is said of a character. 0: nothing happens to it, and a text may be cut before it. */
enum {
    NORM_CLASS = 0xFF,  /* its combining class */
    NORM_NO = 0x100,    /* never in text of this form: quick check No */
    NORM_MAYBE = 0x200, /* may compose with what stands before it: quick check Maybe */
    /* Tidying alone; whether they matter is the caller's to say. */
    NORM_BLANK = 0x400,
    NORM_INVISIBLE = 0x800, /* goes */
    NORM_ZWSP = 0x1000,     /* U+200B: goes, but for some scripts */
    NORM_LINE_END = 0x2000,

    NORM_FORM = NORM_CLASS | NORM_NO | NORM_MAYBE,
    NORM_TIDY = NORM_BLANK | NORM_INVISIBLE | NORM_ZWSP | NORM_LINE_END
};

enum { NORM_DECOMPOSED_MAX = 18 }; /* characters: U+FDFA */

typedef struct {
    uint16_t said; /* NORM_... */
    uint16_t full; /* its full decomposition's place in `pool`; 0: itself, or a Hangul syllable */
} norm_char;

typedef struct {
    uint32_t first, second, whole; /* whole 0: none */
} norm_pair;

enum { NORM_BLOCKS = 0x110000 >> 6 };

typedef struct {
    winnow_form form;
    bool composes;
    norm_char *chars;  /* blocks of 64 */
    uint32_t *pool;    /* decompositions: how many characters, then these */
    norm_pair *pairs;  /* open addressing by norm_pair_place */
    uint32_t pair_mask;
    uint16_t block[NORM_BLOCKS]; /* by code point / 64, the number of its block */
} norm_table;

/* The table of a form; made when first asked for (thread-safe). NULL: out of memory. */
const norm_table *norm_get(winnow_form form);

static inline const norm_char *norm_look(const norm_table *t, uint32_t c)
{
    return &t->chars[(size_t)t->block[c >> 6] << 6 | (c & 63)];
}

static inline uint32_t norm_pair_place(uint32_t first, uint32_t second)
{
    return (first * UINT32_C(0x9E3779B1) ^ second * UINT32_C(0x85EBCA6B)) >> 12;
}

/* Hangul is arithmetic (Unicode 15, 3.12). */
enum {
    HANGUL_S = 0xAC00, HANGUL_L = 0x1100, HANGUL_V = 0x1161, HANGUL_T = 0x11A7,
    HANGUL_LS = 19, HANGUL_VS = 21, HANGUL_TS = 28,
    HANGUL_SS = HANGUL_LS * HANGUL_VS * HANGUL_TS
};

static inline uint32_t norm_compose_hangul(uint32_t first, uint32_t second)
{
    uint32_t l = first - HANGUL_L, v = second - HANGUL_V, s = first - HANGUL_S;
    uint32_t t = second - HANGUL_T;
    if (l < HANGUL_LS && v < HANGUL_VS)
        return HANGUL_S + (l * HANGUL_VS + v) * HANGUL_TS;
    /* U+11A7 itself is no trailing consonant: it stands for none. */
    if (s < HANGUL_SS && s % HANGUL_TS == 0 && t - 1 < HANGUL_TS - 1)
        return first + t;
    return 0;
}

/* The primary composite of two characters; 0: none. */
static inline uint32_t norm_compose(const norm_table *t, uint32_t first, uint32_t second)
{
    if (second - HANGUL_V < HANGUL_T + HANGUL_TS - HANGUL_V)
        return norm_compose_hangul(first, second);
    for (uint32_t i = norm_pair_place(first, second);; i++) {
        const norm_pair *p = &t->pairs[i & t->pair_mask];
        if (p->whole == 0 || (p->first == first && p->second == second))
            return p->whole;
    }
}

/* Writes the full decomposition of c to `out`, which has room for NORM_DECOMPOSED_MAX; how many. */
size_t norm_decompose(const norm_table *t, uint32_t c, uint32_t *out);

#endif
