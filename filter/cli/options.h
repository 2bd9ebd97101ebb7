/*
 * options.h: the command line. One table feeds the parser and --help.
 */
#ifndef CLI_OPTIONS_H
#define CLI_OPTIONS_H

#include <stddef.h>

#include "winnow.h"

typedef struct {
    winnow_options filter;
    const char *output;     /* NULL: standard output */
    const char *dropped;    /* NULL: nobody asks */
    int stats;              /* 1: asked for */
    const char *stats_file; /* NULL: standard error */
    const char *secret;     /* NULL: ours */
    const char **rules;     /* files, in the order given */
    size_t rules_count;
    const char *learn;      /* NULL: nobody asks */
    int explain;
    int quiet;
    char **files; /* borrowed from argv */
    int file_count;
} settings;

typedef enum { OPTIONS_RUN, OPTIONS_HELP, OPTIONS_VERSION, OPTIONS_ERROR } options_result;

/* Reads the command line into `*s`, defaults where it is silent. GNU getopt moves the FILEs to the
   end of argv. On OPTIONS_ERROR the reason has been told. */
options_result options_parse(settings *s, int argc, char **argv);

/* Frees what options_parse allocated, whatever it returned. */
void options_free(settings *s);

/* Tells how to get help, after an error in usage. */
void options_hint(void);

/* The text of --help, in pieces. `put` gets `user`; it answers 0 to stop. Returns 0 if stopped. */
typedef int options_put(void *user, const char *text, size_t len);
int options_help(options_put *put, void *user);

#endif
