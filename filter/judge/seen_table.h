/* How the seen set lies in memory: for seen.c, which fills it, and seen_walk.c, which reads it out.
   Why it lies so is told in seen.c. */
#ifndef JUDGE_SEEN_TABLE_H
#define JUDGE_SEEN_TABLE_H

#include <stddef.h>

#include "judge/seen.h"
#include "judge/seen_spill.h"

enum {
    SLOTS = 7,
    REACH = 31 /* buckets a search reads at most */
};

typedef struct {
    uint64_t words[SLOTS];
    uint8_t tags[SLOTS + 1]; /* the last one is no tag. Bits 0..2: keys in the bucket. 3..7: its
                                reach, how many buckets behind it keys at home here went to; or
                                SPILLED */
} bucket;

_Static_assert(sizeof(bucket) == 64, "a bucket is a cache line");

typedef struct {
    bucket *buckets;   /* SEEN_PARTS * per_part; NULL while the region is empty */
    uint32_t per_part; /* buckets of a part */
    uint64_t count;    /* keys in the buckets */
} region;

struct seen {
    region regions[SEEN_REGIONS];
    spill spill;
    uint64_t held;   /* keys in regions and tree, each copy counted */
    uint64_t unique; /* without copies */
    uint64_t bytes;  /* of regions */
    uint64_t max_bytes;
    uint32_t keep;
};

static inline unsigned count_of(const bucket *b)
{
    return b->tags[SLOTS] & 7;
}

static inline bucket *part_of(const region *r, unsigned part)
{
    return r->buckets + (size_t)part * r->per_part;
}

/* Keeps the order of words, so that a region is copied into a larger one from end to end. */
static inline uint32_t home_of(const region *r, uint64_t word)
{
    return (uint32_t)((word >> 32) * r->per_part >> 32);
}

#endif
