/* The hash of the word table, the same where it is built and where it is asked. */
#ifndef SENTENCE_WORD_HASH_H
#define SENTENCE_WORD_HASH_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

enum { WORD_BYTES = 24 }; /* longest word listed */
enum { WORD_TAIL = 8 };   /* bytes that the sieve looks at */
enum { WORD_SIEVE_LOG = 15 };

static inline unsigned word_bucket(uint64_t h, unsigned buckets)
{
    return (unsigned)((h >> 32) * buckets >> 32);
}

static inline unsigned word_slot(uint64_t h, uint16_t displacement, unsigned slots)
{
    uint64_t x = (h ^ displacement * 0x9E3779B97F4A7C15) * 0xD6E8FEB86659FD93;
    return (unsigned)((x >> 32) * slots >> 32);
}

/* A few bits more, which the entries of nearly all words that are not listed differ in. */
static inline uint8_t word_check(uint64_t h)
{
    return (uint8_t)h;
}

/* Little-endian on every machine. */
static inline uint32_t word_load4(const uint8_t *s)
{
    uint32_t x;
    memcpy(&x, s, sizeof x);
    return __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__ ? __builtin_bswap32(x) : x;
}

static inline uint64_t word_load8(const uint8_t *s)
{
    uint64_t x;
    memcpy(&x, s, sizeof x);
    return __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__ ? __builtin_bswap64(x) : x;
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

/* All bits depend on all of both. */
static inline uint64_t word_hash_step(uint64_t h, uint64_t eight)
{
    h = (h ^ eight) * 0x9E3779B97F4A7C15;
    h = (h ^ h >> 32) * 0xD6E8FEB86659FD93;
    return h ^ h >> 29;
}

/* Takes eight bytes at a time; the last ones are filled up with zeros. */
static inline uint64_t word_hash(const uint8_t *key, size_t len)
{
    uint64_t h = len;
    for (size_t i = 0; i < len; i += WORD_TAIL)
        h = word_hash_step(h, word_tail(key + i, len - i < WORD_TAIL ? len - i : WORD_TAIL));
    return h;
}

static inline bool word_tail_is_ascii(uint64_t tail)
{
    return (tail & 0x8080808080808080) == 0;
}

/* The bit of the sieve for words that end in an ASCII tail, in either case. */
static inline unsigned word_sieve_bit(uint64_t tail)
{
    return (unsigned)((tail | 0x2020202020202020) * 0x9E3779B97F4A7C15 >> (64 - WORD_SIEVE_LOG));
}

/* ... and for any word in lower case, whose hash is known. */
static inline unsigned word_sieve_bit_of(const uint8_t *key, size_t len, uint64_t hash)
{
    uint64_t tail = word_tail(key, len);
    return word_tail_is_ascii(tail) ? word_sieve_bit(tail)
                                    : (unsigned)(hash >> (64 - WORD_SIEVE_LOG));
}

#endif
