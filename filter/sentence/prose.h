/* Sentence boundaries in prose: UAX #29 and the rules of prose.c. */
#ifndef SENTENCE_PROSE_H
#define SENTENCE_PROSE_H

#include <stddef.h>
#include <stdint.h>

#include "sentence/scan.h"

/* As sentence_next; `language` is that of words.h. */
size_t prose_next(scan_kernel *scan, int language, const uint8_t *text, size_t len, size_t from);

#endif
