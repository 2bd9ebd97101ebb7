/*
 * explain.h: the input with each line marked kept, or why not.
 *
 *     kept               | A line that stays as a whole. All its sentences are on it.
 *     kept               | Of this line the first sentence stays,
 *     phrase:share       + the second one goes,
 *     kept               + and the third stays.
 *     document           | 2
 *
 * A row begins with the verdict, padded to EXPLAIN_COLUMN, then "| " before what begins a line and
 * "+ " before what goes on the one above; so `grep ^repeat` finds what it seems to, and
 * `cut -c22-` gives the text alone.
 */
#ifndef CLI_EXPLAIN_H
#define CLI_EXPLAIN_H

#include <stdbool.h>
#include <stdint.h>

#include "cli/output.h"
#include "winnow.h"

enum { EXPLAIN_COLUMN = 19 };

typedef struct {
    output *out;
    bool colour;     /* a terminal looks on */
    bool documents;  /* a row for each document */
    bool split;      /* a row for each sentence */
    bool open;       /* a row waits for more of its line, or for its end */
    winnow_reason reason; /* of that row */
    const char *category;
    uint64_t document, line; /* of that row */
    uint64_t end;            /* where its text ends in the input, as far as lengths tell */
} explain;

/* Whether rows written to `fd` should have colours: it is a terminal, and NO_COLOR is not set. */
bool explain_wants_colour(int fd);

/* The next piece, in input order. False: where output_put says so. */
bool explain_verdict(explain *e, const winnow_verdict *v);

/* There are no more. */
bool explain_end(explain *e);

#endif
