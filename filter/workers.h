/*
 * Workers: threads that do batches' work, in any order; batches come back in the order given.
 *
 * The caller's thread is one of the workers: while the oldest batch is not done it works too. With
 * one thread nothing is started, and a batch is worked on when it is asked for.
 */
#ifndef WORKERS_H
#define WORKERS_H

#include "batch.h"

typedef struct workers workers;

/* `threads`: the caller's included, 1 or more; fewer are used where the system gives fewer. `plan`
   must outlive the workers. Errors: NOMEM. */
winnow_status workers_create(workers **out, const batch_plan *plan, unsigned threads);

/* Waits for the work at hand, ends the threads. `*left`: the batches not taken, as a list. */
void workers_free(workers *w, batch **left);

/* Room for one more batch? */
bool workers_full(const workers *w);

/* Gives a batch to the workers, which must not be full. */
void workers_give(workers *w, batch *b);

/* The oldest batch given, its work done. `wait`: if it is not done yet, works or waits; else NULL.
   NULL also when no batch is left. */
batch *workers_take(workers *w, bool wait);

#endif
