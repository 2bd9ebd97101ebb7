/* Numbers and names as the files of saved sets and of what was learnt have them. */
#ifndef JUDGE_SAVED_BYTES_H
#define JUDGE_SAVED_BYTES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

enum {
    SAVED_NAME_BYTES = 16,
    SAVED_FAULT_BYTES = 160 /* room for the words about what is wrong with a file */
};

/* Little-endian. */
static inline void put_number(uint8_t *at, uint64_t value, unsigned bytes)
{
    for (unsigned i = 0; i < bytes; i++)
        at[i] = (uint8_t)(value >> 8 * i);
}

static inline uint64_t get_number(const uint8_t *at, unsigned bytes)
{
    uint64_t value = 0;
    for (unsigned i = bytes; i > 0; i--)
        value = value << 8 | at[i - 1];
    return value;
}

/* Names of bytes that are no text, or do not end, are never shown. */
static inline bool get_name(char name[SAVED_NAME_BYTES], const uint8_t *bytes)
{
    memcpy(name, bytes, SAVED_NAME_BYTES);
    size_t len = 0;
    while (len < SAVED_NAME_BYTES && name[len] > ' ' && name[len] <= '~')
        len++;
    for (size_t i = len; i < SAVED_NAME_BYTES; i++)
        if (name[i])
            return false;
    return len < SAVED_NAME_BYTES;
}

#endif
