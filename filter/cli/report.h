/*
 * report.h: what happened, as JSON (RFC 8259).
 */
#ifndef CLI_REPORT_H
#define CLI_REPORT_H

#include <stdbool.h>

#include "cli/output.h"
#include "winnow.h"

/* All answer false where output_put does. */

/* A string in its quotes. */
bool report_string(output *o, const char *text, size_t len);

/* One drop, one line. */
bool report_drop(output *o, const winnow_verdict *drop);

/* The counts, as one object on one line. `seconds`: since the start. */
bool report_stats(output *o, const winnow_stats *stats, double seconds);

#endif
