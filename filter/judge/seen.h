/* The seen set: which keys were there before. Flat buckets in partitions; see seen.c. */
#ifndef JUDGE_SEEN_H
#define JUDGE_SEEN_H

#include <stdbool.h>
#include <stdint.h>

#include "judge/key.h"
#include "judge/seen_mix.h"
#include "winnow.h"

typedef struct seen seen;

/* `keep`: how many copies of a key stay (1 or more); memory for counts is taken only above 1.
   `max_bytes`: most bytes to take; 0: no limit. Errors: NOMEM. */
winnow_status seen_create(seen **out, uint32_t keep, uint64_t max_bytes);
void seen_free(seen *s);

/* Forgets all keys; keeps little memory. Cheap when few keys were added since the last time. */
void seen_clear(seen *s);

/* Asks the memory for the place of a key that seen_add will be called with soon. */
void seen_prefetch(const seen *s, key128 key);

/* Whether `keep` copies of `key` were there before. */
int seen_has(const seen *s, key128 key);

/* Counts a copy of `key`. `*repeat` becomes 1 when `keep` copies were there before, else 0.
   Errors: NOMEM, FULL (max_bytes reached): the set is as it was and stays usable, and whether the
   key is known is still answered: `*repeat` is right. */
winnow_status seen_add(seen *s, key128 key, int *repeat);

/* ---- By what is compared of a key; sets with keep = 1 alone ---- */

/* Makes room for a region's keys at once, `keys` with those it has. Errors: NOMEM, FULL; all is as
   it was. */
winnow_status seen_reserve(seen *s, uint8_t region, uint64_t keys);

/* Remembers the key; `*added`: it was not there. Errors: as seen_add. */
winnow_status seen_put(seen *s, seen_id id, bool *added);

/* The same for a key that is certainly not there. */
winnow_status seen_put_new(seen *s, seen_id id);

/* Gives all keys away in the order of seen_id_before, a part of the set at a time, so that little
   memory is taken beside it. `see` answers OK, or the error that ends the walk. Errors: NOMEM. */
typedef winnow_status seen_visitor(void *user, const seen_id *ids, size_t count);
winnow_status seen_walk(const seen *s, seen_visitor *see, void *user);

/* ---- Counts ---- */

uint64_t seen_count(const seen *s); /* keys held */
uint64_t seen_bytes(const seen *s); /* memory taken */

/* Expected number of units wrongly taken for repeats so far, by the birthday bound for the bits of
   the key that are compared. */
double seen_expected_false(const seen *s);

#endif
