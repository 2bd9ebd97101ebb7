/*
 * sets.h: saved sets as files: read where they lie, written beside and renamed.
 */
#ifndef CLI_SETS_H
#define CLI_SETS_H

#include "cli/output.h"

#include "winnow.h"

#include <sys/stat.h>

/* A file that is read as a winnow_source. */
typedef struct {
    int fd;
    const char *name; /* as the user gave it; borrowed */
    struct stat file;
} set_file;

/* Opens a regular file. 0; or -1, and the reason has been told. */
int set_open(set_file *f, const char *name);

/* A winnow_source whose user is a set_file. When it fails, errno tells why. */
int64_t set_read(void *user, uint64_t offset, void *bytes, size_t len);

void set_close(set_file *f);

/* Begins the file of a set that will be saved. 0; or -1, and the reason has been told. */
int set_create(output *o, const char *name);

/* A winnow_sink whose user is an output. */
int set_write(void *user, const void *bytes, size_t len);

/* Tells what became of a set that was read (`name`), by what the library answered. */
void set_trouble(const char *name, winnow_status status, const char *fault);

#endif
