/*
 * summary.h: the counts of a run in words, for a terminal.
 */
#ifndef CLI_SUMMARY_H
#define CLI_SUMMARY_H

#include "cli/output.h"
#include "winnow.h"

/* `seconds`: since the start. Errors stay in `o`. */
void summary_write(output *o, const winnow_stats *stats, double seconds);

#endif
