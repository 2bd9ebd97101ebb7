/* Several saved sets read as one: each key once, in order, and who has it. */
#ifndef JUDGE_SAVED_MERGE_H
#define JUDGE_SAVED_MERGE_H

#include "judge/saved.h"

typedef struct {
    saved_reader *sets; /* borrowed, just opened; `count` of them */
    size_t count;
    saved_key key; /* the one read last */
    size_t *who;   /* the sets that have it, in their order */
    size_t found;  /* how many these are; 0: all sets are at their end */
    size_t *heap;  /* sets that stand at a key not given yet, the least first */
    size_t waiting;
    size_t failed; /* after an error: which set it came from */
} saved_merge;

/* `*m` is to be freed whatever the answer. Errors: those of saved_next. */
winnow_status merge_begin(saved_merge *m, saved_reader *sets, size_t count);

/* Goes to the next key: m->key, m->who, m->found. Errors: those of saved_next. */
winnow_status merge_next(saved_merge *m);

void merge_free(saved_merge *m);

#endif
