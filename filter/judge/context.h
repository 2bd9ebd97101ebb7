/*
 * Context: a score for each line from features that need no language, its own and those of the
 * lines around it. Weights are fitted by corpus/boilerplate/fit.py.
 *
 * A line's bytes are counted into a few small cells (context_measure). Each value of each cell has
 * a row of weights; the rows of a line, added up, are its traits. What is scored are the line's own
 * traits beside those of its neighbours (the next line, the two after it, the five after those, the
 * line before) and a small memory of all lines before, in which each line decides how much of what
 * was is kept. See context.c;
 * the cells are made in context_measure.c.
 */
#ifndef JUDGE_CONTEXT_H
#define JUDGE_CONTEXT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* How many lines after a line have a say in its score. */
enum { CONTEXT_AHEAD = 8 };

/* Bytes of a line that are looked at; of a longer line, its last bytes too. */
enum { CONTEXT_LOOK = 4096 };

/* A document of fewer lines has no context: none of its lines reaches a threshold. */
enum { CONTEXT_MIN_LINES = 4 };

/* No line reaches the default threshold but where a known phrase stands CONTEXT_AHEAD lines after
   it or less, or this many before it or less. Text that never was a web page has no phrases, and
   with them its lists, tables and verses are safe, in whatever language. */
enum { CONTEXT_PHRASE_REACH = 64 };

/* Where only the default threshold counts, only lines near a phrase need measuring: those it has in
   reach, and as many before as the scorer is given of the past. (With 240 of them verdicts
   were no better, and a text with few phrases took 3 % longer.) A line is near when a known phrase
   stands CONTEXT_NEAR_BEFORE lines after it or less, or CONTEXT_NEAR_AFTER before it or less. Most
   text has no phrases, and costs little. */
enum {
    CONTEXT_PAST = 64,
    CONTEXT_NEAR_BEFORE = CONTEXT_AHEAD + CONTEXT_PAST,
    CONTEXT_NEAR_AFTER = CONTEXT_PHRASE_REACH + CONTEXT_AHEAD
};

/* What a line tells by itself: small, as one is kept for every line of a batch. */
enum {
    CELL_WORDS,   /* how many */
    CELL_LENGTH,  /* characters a word */
    CELL_FIRST,   /* what the first character is */
    CELL_LAST,    /* what the last character is */
    CELL_CAPS,    /* share of capitals among ASCII letters */
    CELL_TITLE,   /* share of words that begin with a capital */
    CELL_DIGITS,  /* share of digits */
    CELL_COMMAS,  /* how many, semicolons too */
    CELL_STOPS,   /* how many full stops, question and exclamation marks */
    CELL_BARS,    /* how many | > » › • · */
    CELL_SIGNS,   /* (C), addresses, colons: a bit each */
    CELL_SCRIPT,  /* share of Han, Kana, Thai */
    CELL_PHRASE,  /* of a known phrase, its category */
    CELL_GAP,     /* an empty line stands before it */
    CELL_MEASURED /* how many are measured */
};

/* Values of CELL_PHRASE: no phrase, and the categories of corpus/boilerplate. */
enum { CELL_PHRASES = 16 };

typedef struct {
    uint8_t cell[CELL_MEASURED];
    uint16_t mark; /* of the line's bytes: equal lines have equal ones */
} line_features;

_Static_assert(sizeof(line_features) == 16, "one is kept for every line of a batch");

/* Measures one line (valid UTF-8, BUFFER_SLACK readable past it). `phrase`: the category
   of a known phrase. `after_gap`: an empty line stands before it. Pure. */
void context_measure(line_features *out, const uint8_t *line, size_t len, unsigned phrase,
                     bool after_gap);

/* An empty line stands before it after all: it was in another batch. */
static inline void context_after_gap(line_features *f)
{
    f->cell[CELL_GAP] = 1;
}

/* The window over one document. */
typedef struct context context;
context *context_create(void); /* NULL: out of memory */
void context_free(context *c);
void context_begin(context *c); /* a document begins; the window is empty */

/* From now on scores are those for the default threshold; else they are those for the strict one. A
   line that cannot reach it, for want of a phrase, is given the lowest score, unweighed. Only lines
   near a phrase, and the one before each stretch of them, need features. The past, and what was
   there before, is that of near lines alone. */
void context_default_only(context *c);

/* The next line of the document. True: `*score` is the score of the oldest line that is owed one.
   Higher is more likely boilerplate; integer arithmetic, the same on every machine. */
bool context_push(context *c, const line_features *f, int32_t *score);

/* The same for a line that is not near a phrase, where only the default threshold is compared with:
   no score is owed for it, nor any more for the lines before it. All of them stay. */
void context_pass(context *c);

/* After the document's last line: the scores still owed, oldest first, one a call; then false. */
bool context_pop(context *c, int32_t *score);

/* A line is boilerplate when its score for the level is at least this. */
extern const int32_t context_default_threshold, context_strict_threshold;

/* For tests: how many kernels of scoring this machine has, and to use one. Each gives the same
   scores. */
unsigned context_kernels(void);
void context_use_kernel(unsigned which);

#endif
