/*
 * Fuzz targets: each fuzz_NAME.c is one, found by its name; what its input means is its own to say.
 * Built with libFuzzer by `make fuzz`, and by any compiler, with replay.c, for `make check`.
 *
 * The seeds of NAME, and every input that once broke something, are in corpus/NAME.
 */
#ifndef FUZZ_FUZZ_H
#define FUZZ_FUZZ_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buffer.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* Aborts, saying what should have held. */
#define MUST(holds) ((holds) ? (void)0 : fuzz_broken(#holds, __FILE__, __LINE__))

_Noreturn void fuzz_broken(const char *what, const char *file, int line);

/* What is left of the input, and the next byte of it; 0 at the end. */
typedef struct {
    const uint8_t *data;
    size_t size;
} fuzz_input;

uint8_t fuzz_byte(fuzz_input *in);

/* A copy of exactly `len` bytes, so that a read past them is seen; free it. Never NULL. */
uint8_t *fuzz_copy(const uint8_t *bytes, size_t len);

/* The bytes as valid UTF-8, what is not so as '?'; followed by BUFFER_SLACK bytes, as in a line that
   others follow. */
buffer fuzz_text(const uint8_t *bytes, size_t len);

/* Makes one line of it. */
void fuzz_join_lines(buffer *text);

#endif
