/* Which letters are alike to `loose`. */
#ifndef JUDGE_FOLD_LETTER_H
#define JUDGE_FOLD_LETTER_H

#include <stdbool.h>
#include <stdint.h>

/* The iota subscript: a mark that case folds to a letter. */
enum { FOLD_YPOGEGRAMMENI = 0x345 };

/* Whether `mark` comes off `base`; 0 stands for no base at all. */
bool fold_accent_goes(uint32_t base, uint32_t mark);

/* What is typed for a letter whose stroke or missing dot Unicode does not decompose: one letter or
   two; the letter itself where there is nothing else. */
typedef struct {
    uint32_t first, second; /* second: 0 where there is one */
} fold_typed;

fold_typed fold_typed_for(uint32_t cp);

/* Vowels and trailing consonants, which join what is before them into a syllable. */
static inline bool fold_is_jamo(uint32_t cp)
{
    return cp >= 0x1161 && cp < 0x1200;
}

#endif
