/*
 * run.h: one run of the filter, from the files named to the exit status.
 */
#ifndef CLI_RUN_H
#define CLI_RUN_H

#include "cli/options.h"

enum {
    EXIT_DONE = 0,
    EXIT_ASKED = 1,  /* the condition that --invalid=fail asks for */
    EXIT_TROUBLE = 2 /* usage, input, output, memory */
};

/* Returns the exit status; what went wrong has been told. After a signal it does not return. */
int run(const settings *s);

#endif
