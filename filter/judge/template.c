#include "judge/template.h"

#include <stdlib.h>

/* A slot: the pair's bits, then the number of the last document that had it (its last bits: one met
   again after exactly 2^21 documents is counted too low), then how many had it, up to TEMPLATE_AT.
   0 is an empty slot. */
enum { WAYS = 8, DOCUMENT_BITS = 21, COUNT_BITS = 2, TEMPLATE_AT = 2 };

_Static_assert(TEMPLATE_BITS + DOCUMENT_BITS + COUNT_BITS == 64, "a slot has 64 bits");

/* A bucket is a cache line; the pair met last stands first, and the last one is forgotten. */
struct templates {
    uint64_t slots[TEMPLATE_SLOTS / WAYS][WAYS];
};

templates *templates_create(void)
{
    return calloc(1, sizeof(templates));
}

void templates_free(templates *t)
{
    free(t);
}

bool templates_count(templates *t, uint64_t pair, uint64_t document)
{
    const unsigned low = DOCUMENT_BITS + COUNT_BITS;
    const uint64_t tag = pair >> low << low;
    const uint64_t now = (document & ((UINT64_C(1) << DOCUMENT_BITS) - 1)) << COUNT_BITS;
    uint64_t *slots = t->slots[pair % (TEMPLATE_SLOTS / WAYS)];
    unsigned i = 0;
    while (i < WAYS - 1 && slots[i] >> low << low != tag)
        i++;
    uint64_t old = slots[i] >> low << low == tag ? slots[i] : 0;
    unsigned before = old & ((1 << COUNT_BITS) - 1);
    bool again = before && (old ^ tag ^ now) >> COUNT_BITS == 0; /* in the same document */
    for (; i > 0; i--)
        slots[i] = slots[i - 1];
    slots[0] = tag | now | (again || before > TEMPLATE_AT ? before : before + 1);
    return again ? before > TEMPLATE_AT : before >= TEMPLATE_AT;
}
