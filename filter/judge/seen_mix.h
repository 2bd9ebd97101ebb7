/* What of a key the seen set remembers, and where. */
#ifndef JUDGE_SEEN_MIX_H
#define JUDGE_SEEN_MIX_H

#include <stdbool.h>
#include <stdint.h>

#include "judge/key.h"

enum {
    SEEN_BITS = 80,      /* of a mixed key are compared */
    SEEN_REGIONS = 16,   /* tables that grow one at a time */
    SEEN_PARTS = 16      /* of a region: a key never leaves its part, so that is not stored */
};

/* The compared bits. Which region and part: 4 + 4 bits, told by the place. Which bucket of the
   part: by `word`. */
typedef struct {
    uint64_t word;
    uint8_t region, part, tag;
} seen_id;

/* A permutation of the 128 bits (a Feistel network), so that keys that differ in few bits, or share
   most, still differ everywhere in what is kept of them. */
static inline key128 seen_mix(key128 k)
{
    k.lo += k.hi * 0x9E3779B97F4A7C15;
    k.hi ^= (k.lo ^ k.lo >> 32) * 0xD6E8FEB86659FD93;
    k.lo ^= (k.hi ^ k.hi >> 29) * 0xA0761D6478BD642F;
    return k;
}

static inline seen_id seen_id_of(key128 key)
{
    key128 k = seen_mix(key);
    return (seen_id){.word = k.lo, .region = (uint8_t)(k.hi >> 60),
                     .part = (uint8_t)(k.hi >> 56 & 15), .tag = (uint8_t)(k.hi >> 48)};
}

/* The order of saved sets: that of regions and parts, and in a part, but for keys that found no
   room at home, that of buckets. */
static inline bool seen_id_before(seen_id a, seen_id b)
{
    int part_a = a.region * SEEN_PARTS + a.part, part_b = b.region * SEEN_PARTS + b.part;
    if (part_a != part_b)
        return part_a < part_b;
    return a.word != b.word ? a.word < b.word : a.tag < b.tag;
}

#endif
