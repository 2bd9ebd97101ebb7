/* The hash of the word table, the same where it is built and where it is asked. */
#ifndef SENTENCE_WORD_HASH_H
#define SENTENCE_WORD_HASH_H

#include <stddef.h>
#include <stdint.h>

enum { WORD_BYTES = 24 }; /* longest word listed */

/* FNV-1a, finished by a multiplication so that all bits depend on all bytes. */
static inline uint64_t word_hash(const uint8_t *key, size_t len)
{
    uint64_t h = 0xCBF29CE484222325;
    for (size_t i = 0; i < len; i++)
        h = (h ^ key[i]) * 0x100000001B3;
    h ^= h >> 32;
    h *= 0x9E3779B97F4A7C15;
    return h ^ h >> 29;
}

static inline unsigned word_bucket(uint64_t h, unsigned buckets)
{
    return (unsigned)((h >> 32) * buckets >> 32);
}

static inline unsigned word_slot(uint64_t h, uint16_t displacement, unsigned slots)
{
    uint64_t x = (h ^ displacement * 0x9E3779B97F4A7C15) * 0xD6E8FEB86659FD93;
    return (unsigned)((x >> 32) * slots >> 32);
}

#endif
