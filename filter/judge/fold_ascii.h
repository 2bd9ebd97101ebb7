/* Folding of stretches of ASCII, by vectors where the machine has them. */
#ifndef JUDGE_FOLD_ASCII_H
#define JUDGE_FOLD_ASCII_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef struct {
    size_t read;    /* bytes folded: all that stand before the first one above 0x7F */
    size_t written; /* bytes of the fold, never more than `read` */
} fold_ascii_done;

/* Folds text[0..len) up to its first byte above 0x7F. `last` is the last byte of the fold so far;
   at its start a space, so that leading blanks go. Reads up to BUFFER_SLACK bytes past text + len,
   and writes up to BUFFER_SLACK bytes past to + len. */
typedef fold_ascii_done fold_ascii_kernel(const uint8_t *text, size_t len, uint8_t *to,
                                          uint8_t last);

typedef struct {
    const char *name;
    fold_ascii_kernel *text, *loose;
} fold_ascii_kernels;

/* The fastest this machine runs. Thread-safe. */
const fold_ascii_kernels *fold_ascii_best(void);

/* Those this machine runs, the portable one first; NULL at the end. For the tests. */
const fold_ascii_kernels *fold_ascii_number(unsigned i);

/* What may stand between the digits of one number: '.', ',' and what folds to an apostrophe. */
static inline bool fold_is_joint(uint32_t c)
{
    return c == '.' || c == ',' || c == '\'' || c == '`';
}

#endif
