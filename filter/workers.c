#include "workers.h"

#include <pthread.h>
#include <signal.h>
#include <stdlib.h>

typedef struct {
    batch *batch;
    bool done;
} slot;

typedef struct {
    workers *pool;
    batch_worker scratch;
    pthread_t thread;
} worker;

struct workers {
    const batch_plan *plan;
    pthread_mutex_t lock; /* of all below but `own` and what is constant */
    pthread_cond_t given, done;
    slot *ring; /* the batches given and not taken: counts taken..given, in order */
    size_t slots;
    uint64_t taken, started, given_count;
    bool stop;
    batch_worker own; /* the caller's scratch */
    worker *threads;
    unsigned started_threads;
};

static slot *slot_of(const workers *w, uint64_t count)
{
    return &w->ring[count % w->slots];
}

/* Works on the oldest batch nobody works on. Called, and returns, with the lock held. */
static void work_on_next(workers *w, batch_worker *scratch)
{
    uint64_t count = w->started++;
    batch *b = slot_of(w, count)->batch;
    pthread_mutex_unlock(&w->lock);
    batch_work(b, scratch, w->plan);
    pthread_mutex_lock(&w->lock);
    slot_of(w, count)->done = true;
    if (count == w->taken)
        pthread_cond_signal(&w->done);
}

static void *run(void *arg)
{
    worker *me = arg;
    workers *w = me->pool;
    pthread_mutex_lock(&w->lock);
    while (!w->stop) {
        if (w->started < w->given_count)
            work_on_next(w, &me->scratch);
        else
            pthread_cond_wait(&w->given, &w->lock);
    }
    pthread_mutex_unlock(&w->lock);
    return NULL;
}

/* Signals are the program's: they go to its own threads. */
static bool start_thread(worker *t)
{
    sigset_t all, before;
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &before);
    bool ok = pthread_create(&t->thread, NULL, run, t) == 0;
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    return ok;
}

static winnow_status start_threads(workers *w, unsigned n)
{
    if (!n)
        return WINNOW_OK;
    w->threads = calloc(n, sizeof *w->threads);
    if (!w->threads)
        return WINNOW_ERR_NOMEM;
    for (unsigned i = 0; i < n; i++) {
        worker *t = &w->threads[i];
        t->pool = w;
        winnow_status st = batch_worker_init(&t->scratch, w->plan);
        if (st != WINNOW_OK || !start_thread(t)) {
            batch_worker_free(&t->scratch);
            return st; /* no more threads to be had: those there are do the work */
        }
        w->started_threads++;
    }
    return WINNOW_OK;
}

winnow_status workers_create(workers **out, const batch_plan *plan, unsigned threads)
{
    workers *w = calloc(1, sizeof *w);
    if (!w)
        return WINNOW_ERR_NOMEM;
    w->plan = plan;
    pthread_mutex_init(&w->lock, NULL);
    pthread_cond_init(&w->given, NULL);
    pthread_cond_init(&w->done, NULL);
    /* For each thread a batch in work, one in wait, and one that is done but not yet judged: with
       two, threads ran dry while the judge was at work (English on 2 cores: x1.9 of one thread,
       not 1.6). */
    w->slots = threads == 1 ? 1 : 3 * (size_t)threads;
    w->ring = calloc(w->slots, sizeof *w->ring);
    winnow_status st = w->ring ? batch_worker_init(&w->own, plan) : WINNOW_ERR_NOMEM;
    if (st == WINNOW_OK)
        st = start_threads(w, threads - 1);
    if (st != WINNOW_OK) {
        batch *none;
        workers_free(w, &none);
        return st;
    }
    *out = w;
    return WINNOW_OK;
}

void workers_free(workers *w, batch **left)
{
    *left = NULL;
    if (!w)
        return;
    pthread_mutex_lock(&w->lock);
    w->stop = true;
    pthread_cond_broadcast(&w->given);
    pthread_mutex_unlock(&w->lock);
    for (unsigned i = 0; i < w->started_threads; i++) {
        pthread_join(w->threads[i].thread, NULL);
        batch_worker_free(&w->threads[i].scratch);
    }
    for (; w->taken < w->given_count; w->taken++) {
        batch *b = slot_of(w, w->taken)->batch;
        b->next = *left;
        *left = b;
    }
    batch_worker_free(&w->own);
    pthread_cond_destroy(&w->done);
    pthread_cond_destroy(&w->given);
    pthread_mutex_destroy(&w->lock);
    free(w->threads);
    free(w->ring);
    free(w);
}

bool workers_full(const workers *w)
{
    return w->given_count - w->taken == w->slots; /* the caller's thread alone writes both */
}

void workers_give(workers *w, batch *b)
{
    pthread_mutex_lock(&w->lock);
    *slot_of(w, w->given_count) = (slot){.batch = b};
    w->given_count++;
    pthread_cond_signal(&w->given);
    pthread_mutex_unlock(&w->lock);
}

batch *workers_take(workers *w, bool wait)
{
    batch *b = NULL;
    pthread_mutex_lock(&w->lock);
    while (!b && w->taken < w->given_count) {
        if (slot_of(w, w->taken)->done)
            b = slot_of(w, w->taken++)->batch;
        else if (!wait)
            break;
        else if (w->started < w->given_count)
            work_on_next(w, &w->own);
        else
            pthread_cond_wait(&w->done, &w->lock);
    }
    pthread_mutex_unlock(&w->lock);
    return b;
}
