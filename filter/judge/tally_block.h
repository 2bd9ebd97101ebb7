/*
 * How the masks of a block are added up: into each kernel, to be compiled for its machine.
 */
#ifndef JUDGE_TALLY_BLOCK_H
#define JUDGE_TALLY_BLOCK_H

#include <string.h>

#include "judge/tally.h"

/* Of 64 bytes, which are of a class: bit i is byte i. */
typedef struct {
    uint64_t of[TALLY_CLASSES]; /* that of TALLY_OTHER tells nothing */
} tally_masks;

/* Gives each special character the class it turns out to have. */
static inline void tally_specials(tally *t, uint64_t where, const uint8_t *text, size_t left)
{
    for (; where; where &= where - 1) {
        unsigned i = (unsigned)__builtin_ctzll(where);
        t->of[tally_special(text + i, left - i)]++;
        t->copyrights += text[i] == 0xC2 && left - i >= 2 && text[i + 1] == 0xA9;
    }
}

/* Adds up the classes of text[0..left), 64 bytes of it at most. */
static inline __attribute__((always_inline)) void
tally_add(tally *t, const tally_masks *m, const uint8_t *text, size_t left)
{
    uint64_t inside = left < 64 ? ((uint64_t)1 << left) - 1 : ~(uint64_t)0;
    uint64_t blank = m->of[TALLY_BLANK] | ~inside;
    uint64_t starts = ~blank & (blank << 1 | t->blank);
    t->blank = blank >> 63;
    t->words += (uint32_t)__builtin_popcountll(starts);
    t->titled += (uint32_t)__builtin_popcountll(starts & m->of[TALLY_UPPER]);
#pragma GCC unroll 16
    for (unsigned c = TALLY_BLANK; c < TALLY_SPECIAL; c++)
        t->of[c] += (uint32_t)__builtin_popcountll(m->of[c] & inside);
    if (m->of[TALLY_SPECIAL] & inside)
        tally_specials(t, m->of[TALLY_SPECIAL] & inside, text, left);
}

#endif
