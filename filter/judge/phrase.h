/*
 * Known boilerplate: phrases from corpus/boilerplate, compiled into a table of key hashes.
 *
 * A phrase is matched as --match=loose against a whole sentence or a whole line, or a run of
 * phrases is. One probe a word at most; never a scan of the list.
 */
#ifndef JUDGE_PHRASE_H
#define JUDGE_PHRASE_H

#include <stddef.h>
#include <stdint.h>

/* Longest text that is looked up, in bytes; longer ones are no phrase. */
enum { PHRASE_MAX = 400 };

/* What a text is. */
enum { PHRASE_NONE = 0 /* else 1 + index of a category */ };

/* The category of text[0..len), folded loosely (fold.h); PHRASE_NONE when it is no phrase and no
   run of phrases. Thread-safe, constant tables. */
unsigned phrase_match(const uint8_t *folded, size_t len);

/* The name of a category as it stands in reports: "comments", "share"... A constant. */
const char *phrase_category_name(unsigned category);

#endif
