#include "judge/seen_spill.h"

#include <stdlib.h>

enum { FIRST_CAP = 16 };

static uint32_t head_of(seen_id id)
{
    return (uint32_t)id.region << 12 | (uint32_t)id.part << 8 | id.tag;
}

static unsigned bit_at(seen_id id, unsigned bit)
{
    return bit < 16 ? head_of(id) >> (15 - bit) & 1 : (unsigned)(id.word >> (79 - bit) & 1);
}

/* The first bit in which they differ; SEEN_BITS: none. */
static unsigned first_difference(seen_id a, seen_id b)
{
    unsigned bit = 0;
    while (bit < SEEN_BITS && bit_at(a, bit) == bit_at(b, bit))
        bit++;
    return bit;
}

/* The only key that may equal `id`. */
static const spill_node *candidate(const spill *t, seen_id id)
{
    uint32_t at = t->root;
    while (!(at & 1)) {
        const spill_node *n = &t->nodes[at >> 1];
        at = n->child[bit_at(id, n->bit)];
    }
    return &t->nodes[at >> 1];
}

bool spill_has(const spill *t, seen_id id)
{
    return t->len && first_difference(candidate(t, id)->id, id) == SEEN_BITS;
}

static size_t next_cap(const spill *t)
{
    return t->cap ? t->cap + t->cap / 4 : FIRST_CAP;
}

size_t spill_need(const spill *t)
{
    return t->len < t->cap ? 0 : next_cap(t) * sizeof *t->nodes;
}

static bool make_room(spill *t)
{
    if (t->len < t->cap)
        return true;
    size_t cap = next_cap(t);
    if (cap > UINT32_MAX / 2)
        return false;
    spill_node *nodes = realloc(t->nodes, cap * sizeof *nodes);
    if (!nodes)
        return false;
    t->nodes = nodes;
    t->cap = cap;
    return true;
}

/* The branching on `bit` goes above the first one met that decides a later bit. */
static void link_node(spill *t, uint32_t index, unsigned bit)
{
    spill_node *added = &t->nodes[index];
    uint32_t *at = &t->root;
    while (!(*at & 1) && t->nodes[*at >> 1].bit < bit)
        at = &t->nodes[*at >> 1].child[bit_at(added->id, t->nodes[*at >> 1].bit)];
    unsigned side = bit_at(added->id, bit);
    added->bit = (uint8_t)bit;
    added->child[side] = index << 1 | 1;
    added->child[!side] = *at;
    *at = index << 1;
}

bool spill_add(spill *t, seen_id id)
{
    unsigned bit = 0;
    if (t->len && (bit = first_difference(candidate(t, id)->id, id)) == SEEN_BITS)
        return true;
    if (!make_room(t))
        return false;
    uint32_t index = (uint32_t)t->len++;
    t->nodes[index] = (spill_node){.id = id};
    if (index == 0)
        t->root = 1;
    else
        link_node(t, index, bit);
    return true;
}

size_t spill_bytes(const spill *t)
{
    return t->cap * sizeof *t->nodes;
}

void spill_free(spill *t)
{
    free(t->nodes);
    *t = (spill){0};
}
