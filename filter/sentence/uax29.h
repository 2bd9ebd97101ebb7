/* Sentence boundaries by UAX #29 alone. */
#ifndef SENTENCE_UAX29_H
#define SENTENCE_UAX29_H

#include <stddef.h>
#include <stdint.h>

#include "sentence/scan.h"

/* As sentence_next. */
size_t uax29_next(scan_kernel *scan, const uint8_t *text, size_t len, size_t from);

/* Behind a separator at `at`: SB3, SB4. */
size_t uax29_after_separator(const uint8_t *text, size_t len, size_t at);

#endif
