/*
 * Which characters may fold to something else, as far as their first two bytes tell: so that a
 * kernel passes all others by, many at a time.
 */
#ifndef JUDGE_FOLD_LEAD_H
#define JUDGE_FOLD_LEAD_H

#include <stdbool.h>
#include <stdint.h>

/* Eight rules of fold_lead.c, a bit each, by the halves of the two bytes: a rule that all four give
   is one that holds. */
typedef struct {
    uint8_t lead_high[16], lead_low[16], second_high[16], second_low[16];
} fold_lead_set;

enum { FOLD_LEAD_SETS = 3 };

extern fold_lead_set fold_lead_sets[FOLD_LEAD_SETS];

/* Makes the sets; once, before they are looked at. */
void fold_lead_begin(void);

/* Of two bytes that a character begins with. False: to `text` and to `loose` it folds to itself. */
bool fold_lead_may_change(uint8_t lead, uint8_t second);

#endif
