/*
 * Folding of all that takes no thought: ASCII, by vectors where the machine has them
 * (fold_vector.h), and what stands between it, by the table (fold_wide.h).
 */
#ifndef JUDGE_FOLD_ASCII_H
#define JUDGE_FOLD_ASCII_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
    FOLD_BLOCK = 64,           /* bytes classified at once: most sentences are one or two */
    FOLD_ROOM = 8 * FOLD_BLOCK /* bytes that a block may take, with what is written beyond them: a
                                  character has two or more, its fold eight at most */
};

/* Where a fold has come. */
typedef struct {
    const uint8_t *from, *end; /* what is to be folded; readable BUFFER_SLACK bytes further */
    uint8_t *to;               /* where the fold goes on */
    const uint8_t *start;      /* where it was as this run began */
    const uint8_t *limit;      /* FOLD_ROOM bytes before the end of the room */
    uint8_t last;              /* byte of the fold before `start`; at its start a space, so that
                                  leading blanks go */
    uint8_t last_ccc;          /* combining class of the mark at the end of the fold, or 0 */
} fold_run;

/* Folds up to a character that takes thought, the end, or a little beyond the limit. */
typedef void fold_kernel(fold_run *r);

typedef struct fold_kernels {
    const char *name;
    fold_kernel *text, *loose;
    bool (*runs_here)(void); /* NULL: on all machines */
} fold_kernels;

extern const fold_kernels fold_avx2, fold_ssse3, fold_neon; /* where base/machine.h says so */

/* The fastest this machine runs. Thread-safe. */
const fold_kernels *fold_kernels_best(void);

/* The portable kernel of loose: no other stops at once at its limit. */
fold_kernel fold_loose_portable;

/* Those this machine runs, the portable one first; NULL at the end. For the tests. */
const fold_kernels *fold_kernels_number(unsigned i);

static inline bool fold_is_digit(uint8_t c)
{
    return c >= '0' && c <= '9';
}

/* What may stand between the digits of one number: '.', ',' and what folds to an apostrophe. */
static inline bool fold_is_joint(uint32_t c)
{
    return c == '.' || c == ',' || c == '\'' || c == '`';
}

/* As fold_is_joint, of all scripts. */
static inline bool fold_may_join(uint32_t folded)
{
    return fold_is_joint(folded) || folded == 0x66B || folded == 0x66C;
}

/* The last byte of the fold so far. */
static inline uint8_t fold_before(const fold_run *r)
{
    return r->to > r->start ? r->to[-1] : r->last;
}

#endif
