/*
 * algebra.h: what winnow-seen does with saved sets. Each command reads its sets once, in order, and
 * writes as it reads; memory is some 64 KiB a set read and 200 KiB a set written. Nothing takes its
 * name before all sets were read to their ends and found right.
 */
#ifndef SETS_ALGEBRA_H
#define SETS_ALGEBRA_H

#include <stddef.h>

typedef enum {
    SETS_MERGE,     /* what is in any of them */
    SETS_SUBTRACT,  /* what is in the first and in no other */
    SETS_INTERSECT, /* what is in all of them */
    SETS_SPLIT,     /* one set by ranges of keys, into `parts` */
    SETS_REPEATS    /* of each set, what is in one before it */
} sets_operation;

/* What is asked for. `to` is a file's name; for SETS_SPLIT and SETS_REPEATS what the names of files
   begin with: to.0, to.1... */
typedef struct {
    sets_operation operation;
    const char *to;
    char **names;
    size_t count;
    unsigned parts;
} sets_job;

/* Each answers 0, or -1: the reason has been told, unless a signal came. */
int sets_run(const sets_job *job);

/* Reads each set whole and tells what is wrong with the first that is not right. */
int sets_check(char **names, size_t count);

/* Writes what the header of each says to standard output, as a JSON object a line. */
int sets_info(char **names, size_t count);

#endif
