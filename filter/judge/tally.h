/*
 * Counts the bytes of a line by class, 64 at a time, by vectors where the machine has them
 * (tally_vector.h). No character is decoded but the signs other scripts write for a comma, a full
 * stop or a bar.
 */
#ifndef JUDGE_TALLY_H
#define JUDGE_TALLY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* What a byte is. */
enum {
    TALLY_OTHER,   /* controls, quotes, hyphens, what stands in code: they tell nothing */
    TALLY_BLANK,
    TALLY_UPPER,
    TALLY_LOWER,
    TALLY_DIGIT,
    TALLY_COMMA,   /* , ; */
    TALLY_STOP,    /* . ! ? */
    TALLY_COLON,
    TALLY_BAR,     /* | */
    TALLY_SLASH,
    TALLY_AT,      /* @ */
    TALLY_TAIL,    /* a later byte of a character */
    TALLY_LETTER,  /* the first byte of a letter that is not ASCII */
    TALLY_WIDE,    /* the same, of Han or Kana */
    TALLY_SPECIAL, /* the first byte of what may be punctuation: to be looked at */
    TALLY_CLASSES
};

extern const uint8_t tally_class[256]; /* of each byte */

/* What the character of at[0..left), whose first byte is TALLY_SPECIAL, counts as. */
unsigned tally_special(const uint8_t *at, size_t left);

typedef struct {
    uint32_t of[TALLY_CLASSES];
    uint32_t words;  /* runs between blanks */
    uint32_t titled; /* of these, that begin with a capital */
    uint32_t copyrights;
    uint64_t blank;  /* whether the last byte was one */
} tally;

/* Counts text[0..len) of valid UTF-8, readable BUFFER_SLACK bytes further. */
typedef void tally_kernel(tally *t, const uint8_t *text, size_t len);

typedef struct {
    const char *name;
    tally_kernel *count;
    bool (*runs_here)(void); /* NULL: on all machines */
} tally_kernels;

extern const tally_kernels tally_avx2, tally_ssse3, tally_neon; /* where base/machine.h says so */

/* The fastest this machine runs. Thread-safe. */
tally_kernel *tally_best(void);

/* Those this machine runs, the portable one first; NULL at the end. For the tests. */
const tally_kernels *tally_number(unsigned i);

#endif
