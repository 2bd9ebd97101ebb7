/*
 * progress.h: how far a run is, on one line of standard error that is gone when the run ends.
 */
#ifndef CLI_PROGRESS_H
#define CLI_PROGRESS_H

#include <stdbool.h>
#include <stdint.h>

#include "cli/options.h"
#include "winnow.h"

typedef struct {
    bool shown;    /* at all */
    bool terminal; /* standard error is one */
    double began;  /* seconds, on the caller's clock */
    double due;    /* when the line is next written */
} progress;

/* `output`: the descriptor that takes the text. A terminal that shows it, or where the input is
   typed, shows no progress but PROGRESS_ALWAYS. */
void progress_begin(progress *p, const settings *s, int output, double now);

/* Whether it is time for progress_show. Costs nothing that is worth sparing. */
bool progress_is_due(const progress *p, double now);

/* Shows the line. `done` of `size` bytes are read; a size of 0 is not known. */
void progress_show(progress *p, double now, const winnow_stats *stats, uint64_t done,
                   uint64_t size);

/* Removes it. */
void progress_end(progress *p);

#endif
