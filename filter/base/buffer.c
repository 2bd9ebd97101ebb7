#include "base/buffer.h"

#include <stdlib.h>
#include <string.h>

bool buffer_reserve(buffer *b, size_t more)
{
    if (b->data && more <= b->cap - b->len)
        return true;
    if (more > SIZE_MAX / 2 - BUFFER_SLACK - b->len)
        return false;
    size_t cap = b->cap + b->cap / 2;
    if (cap < b->len + more)
        cap = b->len + more;
    uint8_t *data = realloc(b->data, cap + BUFFER_SLACK);
    if (!data)
        return false;
    memset(data + cap, 0, BUFFER_SLACK); /* read by vector loads, so defined */
    b->data = data;
    b->cap = cap;
    return true;
}

bool buffer_append(buffer *b, const void *bytes, size_t len)
{
    if (!buffer_reserve(b, len))
        return false;
    if (len)
        memcpy(b->data + b->len, bytes, len);
    b->len += len;
    return true;
}

void buffer_clear(buffer *b)
{
    enum { KEEPS = 4 << 20 };
    if (b->cap > KEEPS)
        buffer_free(b);
    b->len = 0;
}

void buffer_free(buffer *b)
{
    free(b->data);
    *b = (buffer){0};
}
