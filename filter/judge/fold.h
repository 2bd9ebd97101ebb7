/*
 * Folding: the form in which units are compared (--match). Never written.
 *
 * exact  the text itself.
 * text   NFKC_Casefold (Unicode 15, D146), left decomposed, quotes and dashes of any shape alike,
 *        default-ignorables out, blanks alike: a run is one space, none at the ends.
 * loose  also: a number is "0"; punctuation and symbols are blanks; accents are off Latin, Greek
 *        and Cyrillic letters. What is a number, and what an accent: see fold.c.
 * What is the same to text is the same to loose, and a fold folds to itself.
 * A unit that would fold to nothing folds to itself, as exact.
 */
#ifndef JUDGE_FOLD_H
#define JUDGE_FOLD_H

#include <stddef.h>
#include <stdint.h>

#include "base/buffer.h"
#include "winnow.h"

/* Folds `len` bytes of valid UTF-8 (readable BUFFER_SLACK bytes further) into `out`, whose content
   is replaced. False: out of memory. Thread-safe; the tables are built as scripts are met, once for
   the process, 20 us for each 256 code points. */
bool fold(winnow_match match, const uint8_t *text, size_t len, buffer *out);

/* As fold(), by these kernels (fold_ascii.h). For the tests. */
struct fold_kernels;
bool fold_by(const struct fold_kernels *kernels, winnow_match match, const uint8_t *text,
             size_t len, buffer *out);

/* How many words `text` (as for fold) has, counted up to `limit` only. A word is a run between
   blanks; in scripts written without blanks (Han, Kana, Thai, Lao, Khmer, Burmese, Tibetan...)
   every two letters. */
unsigned fold_words(const uint8_t *text, size_t len, unsigned limit);

#endif
