/*
 * rules.h: rules files.
 */
#ifndef CLI_RULES_H
#define CLI_RULES_H

#include "cli/options.h"
#include "winnow.h"

/* Makes rules of the named files. `*out` is NULL where there are none. The exit
   status; what went wrong has been told, a line in error by its file and number. */
int rules_read(winnow_rules **out, const name_list *names);

#endif
