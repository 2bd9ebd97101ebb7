/*
 * Context: a score for each line from features that need no language, its own and those of the
 * lines around it. Weights are fitted by corpus/boilerplate/fit.py.
 */
#ifndef JUDGE_CONTEXT_H
#define JUDGE_CONTEXT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* How many lines after a line have a say in its score. */
enum { CONTEXT_AHEAD = 8 };

/* What a line tells by itself. Small: one is kept for every line of a batch. */
typedef struct {
    uint32_t words;     /* as fold_words counts, capped */
    uint8_t bits[12];   /* packed by context_measure; see context.c */
} line_features;

/* Measures one line (valid UTF-8, BUFFER_SLACK readable past it). `phrase`: what phrase_match said
   of it. `after_gap`: an empty line stands before it. Pure. */
void context_measure(line_features *out, const uint8_t *line, size_t len, unsigned phrase,
                     bool after_gap);

/* The window over one document. */
typedef struct context context;
context *context_create(void); /* NULL: out of memory */
void context_free(context *c);
void context_begin(context *c); /* a document begins; the window is empty */

/* The next line of the document. True: `*score` is the score of the line CONTEXT_AHEAD lines back.
   Higher is more likely boilerplate; integer arithmetic, the same on every machine. */
bool context_push(context *c, const line_features *f, int32_t *score);

/* After the document's last line: the scores still owed, oldest first, one a call; then false. */
bool context_pop(context *c, int32_t *score);

/* A line is boilerplate when its score is at least this. */
extern const int32_t context_default_threshold, context_strict_threshold;

#endif
