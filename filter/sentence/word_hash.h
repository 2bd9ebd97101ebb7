/* The hash of the word table, the same where it is built and where it is asked. */
#ifndef SENTENCE_WORD_HASH_H
#define SENTENCE_WORD_HASH_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { WORD_BYTES = 24 }; /* longest word listed */
enum { WORD_TAIL = 8 };   /* bytes that the sieve looks at */
enum { WORD_SIEVE_LOG = 15 };

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

/* Little-endian on every machine; a compiler makes it one load. */
static inline uint32_t word_load4(const uint8_t *s)
{
    return s[0] | (uint32_t)s[1] << 8 | (uint32_t)s[2] << 16 | (uint32_t)s[3] << 24;
}

static inline uint64_t word_load8(const uint8_t *s)
{
    return word_load4(s) | (uint64_t)word_load4(s + 4) << 32;
}

/* The last WORD_TAIL bytes of a word, or all it has, the first lowest. `len` is not 0. */
static inline uint64_t word_tail(const uint8_t *s, size_t len)
{
    if (len >= WORD_TAIL)
        return word_load8(s + len - WORD_TAIL);
    if (len >= 4)
        return word_load4(s) | (uint64_t)word_load4(s + len - 4) << 8 * (len - 4);
    return s[0] | (uint64_t)s[len >> 1] << 8 * (len >> 1) | (uint64_t)s[len - 1] << 8 * (len - 1);
}

static inline bool word_tail_is_ascii(uint64_t tail)
{
    return (tail & 0x8080808080808080) == 0;
}

/* The bit of the sieve for words that end in an ASCII tail of either case. */
static inline unsigned word_sieve_bit(uint64_t tail)
{
    return (unsigned)((tail | 0x2020202020202020) * 0x9E3779B97F4A7C15 >> (64 - WORD_SIEVE_LOG));
}

#endif
