/*
 * The judge: takes batches in input order and decides what stays. Serial, so that the first copy in
 * the input is the one kept, whoever did the batches' work.
 *
 * A line is settled when its own text or the lines around it have told whether it is boilerplate;
 * then the seen set is asked for what is left of it, and the line goes to the writer.
 */
#ifndef JUDGE_VERDICT_H
#define JUDGE_VERDICT_H

#include "batch.h"
#include "judge/learn.h"
#include "judge/seen.h"
#include "judge/template.h"
#include "writer.h"

/* A place in the batches held: before line `line` of `batch`. */
typedef struct {
    batch *batch;
    size_t line;
    size_t document; /* index of the document part the line belongs to */
} judge_place;

typedef struct {
    const batch_plan *plan;
    writer *writer;
    seen *seen;          /* NULL: nothing is compared */
    context *context;    /* NULL: neighbours have no say */
    int32_t threshold;   /* of a line's score */
    templates *templates; /* NULL: earlier documents have no say */
    uint64_t before;      /* the line before, in the same document, by its key, */
    bool before_gone;     /* ... which was dropped */
    learn *learn;         /* NULL: nobody asks which lines recur */
    batch *first, *last; /* held, oldest first */
    judge_place settled; /* lines before it have their own verdict */
    judge_place judged;  /* lines before it are written */
    bool shown;          /* the context was shown a line since its window began */
    bool gap;            /* empty lines ended the last batch, in the same document */
    unsigned passed;     /* lines not judged since the last that is */
    size_t prefetched;   /* spans of judged.batch asked for */
    bool repeat;         /* the current unit was seen before */
    bool open;           /* it is a paragraph, and will be remembered by `key` at its end */
    bool spoiled;        /* ... unless: a line of it went as context */
    key128 key;
    bool compared;       /* the current unit was long enough to be compared */
    uint64_t documents;  /* ended before judged */
    uint64_t lines;      /* of the input, before judged.batch */
    winnow_stats stats;  /* what the judge counts */
} judge;

/* Errors: NOMEM. */
winnow_status judge_init(judge *j, const batch_plan *plan, writer *w);
void judge_free(judge *j);

/* Takes a batch whose work is done. Batches that are done with are given back in `*done` (a list by
   `next`), also on an error. Errors: those of the batch, the writer, the seen set. */
winnow_status judge_take(judge *j, batch *b, batch **done);

/* The batches whose lines still wait for their neighbours, as a list; the judge lets go of them. */
batch *judge_release(judge *j);

#endif
