#include "fuzz.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/scan.h"

void fuzz_broken(const char *what, const char *file, int line)
{
    fprintf(stderr, "%s:%d: does not hold: %s\n", file, line, what);
    abort();
}

uint8_t fuzz_byte(fuzz_input *in)
{
    if (!in->size)
        return 0;
    in->size--;
    return *in->data++;
}

uint8_t *fuzz_copy(const uint8_t *bytes, size_t len)
{
    uint8_t *copy = malloc(len ? len : 1);
    if (!copy)
        abort();
    if (len)
        memcpy(copy, bytes, len);
    return copy;
}

buffer fuzz_text(const uint8_t *bytes, size_t len)
{
    buffer text = {0};
    if (!buffer_reserve(&text, len))
        abort();
    for (size_t at = 0, n; at < len; at += n) {
        bool valid;
        n = scan_sequence(bytes + at, len - at, &valid);
        buffer_append(&text, valid ? bytes + at : (const uint8_t *)"?", valid ? n : 1);
    }
    memset(text.data + text.len, 'a', BUFFER_SLACK);
    return text;
}

void fuzz_join_lines(buffer *text)
{
    for (size_t i = 0; i < text->len; i++)
        if (text->data[i] == '\n')
            text->data[i] = ' ';
}
