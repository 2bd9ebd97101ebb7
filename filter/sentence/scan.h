/* Finds the characters at which a decision about a sentence boundary can begin. */
#ifndef SENTENCE_SCAN_H
#define SENTENCE_SCAN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/list.h"

enum { SCAN_RULE = 8 }; /* signs in the shortest rule that is drawn: "========" */

/* Offsets in a text, ascending, and UINT32_MAX behind the last (not counted): wherever a decision
   can begin, and few other places. That is at a terminator or separator of UAX #29, or what prose
   adds to them; never at the last byte of the text or of a line. Empty: zeros. */
typedef LIST(uint32_t) scan_places;

/* Writes the offsets in text[from..to) to `found`, which has room for to - from + SCAN_ROOM, and
   returns how many. text[to] is not the end of the text; 64 bytes past it may be read. */
enum { SCAN_ROOM = 8 };
typedef size_t scan_kernel(const uint8_t *text, size_t from, size_t to, uint32_t *found);

/* The fastest kernel this machine has. Thread-safe. */
scan_kernel *sentence_scan_best(void);

/* All kernels this machine has, for tests: [0] is the portable one. Returns how many. */
enum { SCAN_KERNELS = 3 };
size_t sentence_scan_all(scan_kernel *kernels[SCAN_KERNELS]);

/* The places in a text of lines that end in LF; it may be read 64 bytes past `len`, which is less
   than UINT32_MAX. False: out of memory. */
bool scan_text_places(scan_kernel *kernel, const uint8_t *text, size_t len, scan_places *places);

/* Where in text[from..len), the last byte excepted, a decision begins; or `len`, which is not 0.
   The text is part of a line and stands at `offset` in the text that `*place` is of: a place not
   behind `from`, and moved up to the answer. Whatever kernel found the places, the answer is the
   same. */
size_t scan_next(const uint8_t *text, size_t len, const uint32_t **place, size_t offset,
                 size_t from);

#endif
