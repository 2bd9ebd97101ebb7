/* Folding of characters that are not ASCII, by the table: what the kernels share. */
#ifndef JUDGE_FOLD_WIDE_H
#define JUDGE_FOLD_WIDE_H

#include "judge/fold_ascii.h"
#include "judge/fold_table.h"

static inline bool fold_put_one(fold_run *r, uint8_t c)
{
    if (fold_before(r) != c)
        *r->to++ = c;
    r->last_ccc = 0;
    return true;
}

/* What is written by the look of what stands before it. False: it takes thought. To `loose`, a
   number may go on behind what is not written, and a blank may be a joint. */
static bool fold_put_by_look(fold_run *r, const fold_plain *p, bool loose)
{
    uint8_t before = fold_before(r);
    switch ((fold_way)p->way) {
    case FOLD_ONE_BLANK:
        return fold_put_one(r, ' ');
    case FOLD_ONE_DASH:
        return fold_put_one(r, '-');
    case FOLD_JOINT:
        return before != '0' && fold_put_one(r, ' ');
    case FOLD_OFF_LETTER:
        return before >= 'a' && before <= 'z';
    case FOLD_GONE:
        return !loose || (before != '0' && before != ' ');
    default:
        return false;
    }
}

/* NULL: its block is not built yet. */
static inline const fold_plain *fold_plain_of(uint32_t cp, bool loose)
{
    const fold_block *block = atomic_load_explicit(&fold_blocks[cp / 256], memory_order_acquire);
    return block ? &block->plain[loose][cp % 256] : NULL;
}

#endif
