/* A growable run of bytes. All zero is an empty one. */
#ifndef BASE_BUFFER_H
#define BASE_BUFFER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Vector loads may run this far past the last byte of a buffer: every buffer has that much room
   behind `len`, readable, of any content. */
enum { BUFFER_SLACK = 64 };

typedef struct {
    uint8_t *data; /* NULL while nothing was reserved */
    size_t len;    /* bytes in use */
    size_t cap;    /* bytes that may be used; BUFFER_SLACK more are allocated */
} buffer;

/* Makes room for `more` bytes behind len. False: out of memory, and the buffer is as it was. */
bool buffer_reserve(buffer *b, size_t more);

bool buffer_append(buffer *b, const void *bytes, size_t len);

/* Empties the buffer; one that takes much does not keep its memory. */
void buffer_clear(buffer *b);

void buffer_free(buffer *b);

#endif
