/* Finds the characters at which a decision about a sentence boundary can begin. */
#ifndef SENTENCE_SCAN_H
#define SENTENCE_SCAN_H

#include <stddef.h>
#include <stdint.h>

enum { SCAN_RULE = 8 }; /* signs in the shortest rule that is drawn: "========" */

/* Offset of the first such character at or after `from`, or `len`: a terminator or separator of
   UAX #29, or what prose adds to them. None is the last byte: whatever stands there, the sentence
   ends behind it. `text` may be read 64 bytes past `len`. */
typedef size_t scan_kernel(const uint8_t *text, size_t len, size_t from);

/* The fastest kernel this machine has. Thread-safe. */
scan_kernel *sentence_scan_best(void);

/* All kernels this machine has, for tests: [0] is the portable one. Returns how many. */
enum { SCAN_KERNELS = 3 };
size_t sentence_scan_all(scan_kernel *kernels[SCAN_KERNELS]);

#endif
