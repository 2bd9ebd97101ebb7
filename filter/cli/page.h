/*
 * page.h: a report on a run as one page of HTML: no script, nothing from elsewhere. All text of the
 * input is escaped, and a Content-Security-Policy forbids what escaping might have missed.
 */
#ifndef CLI_PAGE_H
#define CLI_PAGE_H

#include "cli/options.h"
#include "cli/output.h"
#include "cli/tally.h"
#include "winnow.h"

/* `seconds`: since the start. Errors stay in `o`. */
void page_write(output *o, const settings *s, const winnow_stats *stats, const tally *t,
                double seconds);

#endif
