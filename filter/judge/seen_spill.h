/* Where a seen set keeps the keys that find no room near their place: a crit-bit tree, no deeper
   than a key has bits, whatever the keys. Small unless keys are made to share their place. */
#ifndef JUDGE_SEEN_SPILL_H
#define JUDGE_SEEN_SPILL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "judge/seen_mix.h"

/* A key, and the branching that was added with it. */
typedef struct {
    seen_id id;
    uint32_t child[2]; /* index << 1 | 1 for a key, << 1 for a branching */
    uint8_t bit;       /* which bit decides, 0 the highest */
} spill_node;

/* All zero is empty. */
typedef struct {
    spill_node *nodes;
    size_t len, cap;
    uint32_t root; /* coded as `child` */
} spill;

bool spill_has(const spill *t, seen_id id);

/* Bytes that the tree will take while it makes room for one more key; 0: there is room. */
size_t spill_need(const spill *t);

/* Adds a key unless it is there. False: out of memory, and the tree is as it was. */
bool spill_add(spill *t, seen_id id);

size_t spill_bytes(const spill *t);
void spill_free(spill *t);

#endif
