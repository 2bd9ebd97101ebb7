/* What is known from before: the saved sets that were put into the seen set, and the saving of what
   came to it since. */
#ifndef JUDGE_KNOWN_H
#define JUDGE_KNOWN_H

#include "base/list.h"
#include "judge/saved.h"
#include "judge/seen.h"

/* Where a set was read from, for it to be read again. */
typedef struct {
    winnow_source *source;
    void *user;
} known_set;

/* All zero is none. */
typedef struct {
    LIST(known_set) sets;
    uint64_t keys; /* of all of them together, each counted once */
    char fault[SAVED_FAULT_BYTES]; /* after ERR_SET */
} known;

/* Puts the keys of a saved set that fits `want` into `s`. Errors: NOMEM, FULL, SOURCE, SET; then
   part of them may be in `s`. */
winnow_status known_load(known *k, seen *s, const saved_header *want, winnow_source *source,
                         void *user);

/* Saves the keys of `s` that are in none of the sets loaded, which are read again. The count of
   `header` is left to it. Errors: NOMEM, SINK, SOURCE, SET (a set loaded is no longer what it
   was). */
winnow_status known_save(known *k, const seen *s, const saved_header *header, winnow_sink *sink,
                         void *user);

void known_free(known *k);

#endif
