/* Sentence boundaries in prose: UAX #29 and the rules of prose.c. */
#ifndef SENTENCE_PROSE_H
#define SENTENCE_PROSE_H

#include <stddef.h>
#include <stdint.h>

#include "sentence/stop.h"

/* The end of the sentence that text[0..len) begins with; `language` is that of words.h, `place` and
   `offset` are as scan_next takes them, and the place is within the text, before its last byte. */
size_t prose_next(int language, const uint8_t *text, size_t len, const uint32_t *place,
                  size_t offset);

/* The boundary that the rules decide on at `at`, or 0, and where to look on: what the short ways of
   plain.h must agree with. */
size_t prose_boundary(const line *l, size_t at, size_t *next);

#endif
