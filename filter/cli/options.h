/*
 * options.h: the command line. One table feeds the parser, --help, the manual and the completions.
 */
#ifndef CLI_OPTIONS_H
#define CLI_OPTIONS_H

#include <stdbool.h>
#include <stddef.h>

#include "winnow.h"

typedef enum { PROGRESS_AUTO, PROGRESS_ALWAYS, PROGRESS_NEVER } progress_mode;

/* The arguments of an option that may be given several times. */
typedef struct {
    const char **names;
    int count;
} name_list;

typedef struct {
    winnow_options filter;
    const char *output;     /* NULL: standard output */
    const char *dropped;    /* NULL: nobody asks */
    int stats;              /* 1: asked for */
    const char *stats_file; /* NULL: standard error */
    const char *report;     /* NULL: nobody asks */
    progress_mode progress;
    const char *secret;     /* NULL: ours */
    name_list rules;        /* files, in the order given */
    const char *learn;      /* NULL: nobody asks */
    name_list learned;      /* what earlier runs counted, in their order */
    const char *save_learned; /* NULL: nobody asks */
    int explain;
    name_list seen;         /* saved sets to load */
    const char *save_seen;  /* NULL: none is saved */
    int quiet;
    char **files; /* borrowed from argv */
    int file_count;
    char **words; /* the command line, borrowed */
    int word_count;
} settings;

typedef enum {
    OPTIONS_RUN,
    OPTIONS_HELP,
    OPTIONS_VERSION,
    OPTIONS_ERROR, /* what was asked for makes no sense */
    OPTIONS_NOMEM
} options_result;

/* Reads the command line into `*s`, defaults where it is silent. GNU getopt moves the FILEs to the
   end of argv. On the last two the reason has been told. options_free is due in any case. */
options_result options_parse(settings *s, int argc, char **argv);

/* Frees what options_parse allocated, whatever it returned. */
void options_free(settings *s);

/* Tells what each option that takes a choice or a number is set to, in the order of --help: "form",
   "nfc". */
typedef void options_show(void *user, const char *name, const char *value);
void options_each(const settings *s, options_show *show, void *user);

/* Tells how to get help, after an error in usage. */
void options_hint(void);

/* The text of --help, in pieces. `put` gets `user`; it answers 0 to stop. Returns 0 if stopped. */
typedef int options_put(void *user, const char *text, size_t len);
int options_help(options_put *put, void *user);

/* A row of the table, for what is made of it. Everything is constant. */
enum { OPTION_VALUES = 16 };
typedef struct {
    const char *task; /* the heading that it stands under */
    const char *name;
    char letter;          /* 0: none */
    bool takes, may_lack; /* an argument; one that may be left out */
    const char *argument; /* the argument's name: "FILE"; NULL: it is one of the values, if any */
    bool language;        /* the argument is one of winnow_language */
    const char *values[OPTION_VALUES + 1]; /* words that the argument may be, and then NULL */
    const char *standard; /* the value where the option is not given; "": none, or help tells */
    const char *help;     /* lines */
} option_view;

/* Fills `*out` with the i-th row in the order of --help, from 0. False past the last. */
bool options_view(int i, option_view *out);

#endif
