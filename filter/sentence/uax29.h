/* Sentence boundaries by UAX #29 alone. */
#ifndef SENTENCE_UAX29_H
#define SENTENCE_UAX29_H

#include <stddef.h>
#include <stdint.h>

/* The end of the sentence that text[0..len) begins with; `place` and `offset` are as scan_next
   takes them. */
size_t uax29_next(const uint8_t *text, size_t len, const uint32_t *place, size_t offset);

/* Behind a separator at `at`: SB3, SB4. */
size_t uax29_after_separator(const uint8_t *text, size_t len, size_t at);

#endif
