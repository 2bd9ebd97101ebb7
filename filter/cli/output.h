/*
 * output.h: a file that is written, and whole lines at a time.
 *
 * Every write(2) ends at a line end, as long as lines are shorter than what can be held. So
 * wherever the program stops, what is out is a prefix of the right output that ends with a line.
 */
#ifndef CLI_OUTPUT_H
#define CLI_OUTPUT_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/stat.h>
#include <sys/types.h>

typedef struct {
    int fd;
    const char *name; /* as the user gave it; NULL: standard output */
    char end;         /* the byte that ends a line, or a record */

    char *held; /* not yet written */
    size_t len;
    bool inside; /* the last byte written did not end a line */
    int error;   /* errno of the write that failed; then nothing more is written */
    bool over;   /* stopped by a signal; nothing more is written */

    char *target;    /* what the finished file will be called; NULL: written in place */
    char *temporary; /* what it is called until then */
    mode_t mode;     /* what the file that it replaces allowed; used where `replaces` */
    bool replaces;

    bool durable; /* fsynced before it has its name, so that a set never knows what a file lost */
    bool locked;  /* the temporary file has one name, and a lock on it */

    bool is_file; /* regular; then these two tell which */
    dev_t device;
    ino_t inode;
} output;

/* Each of the three begins `*o`, and returns 0, or -1 with errno set; then `*o` needs no
   output_abandon. `name` is borrowed. */

/* `fd` as it is. */
int output_to_fd(output *o, int fd, const char *name);

/* The named file, emptied once output_empty is called: not before it is known to be nobody's
   input. */
int output_to_file(output *o, const char *name);

/* A new file that takes the name when output_finish finds all well, and whatever stood there stays
   until then. "-", and what is no regular file (a device, a FIFO), is written in place. */
int output_to_name(output *o, const char *name);

/* As output_to_name, for a regular file alone (EINVAL), durable, and with one writer at a time:
   EWOULDBLOCK, another process writes it. */
int output_to_locked(output *o, const char *name);

/* Empties the file of output_to_file. 0, or -1 with errno. */
int output_empty(output *o);

/* Whether the file described is the one that will be written, or replaced. */
bool output_is(const output *o, const struct stat *file);

/* Whether finishing both would leave one file. */
bool output_is_same(const output *a, const output *b);

/* Takes text. False: it could not be written (o->error), or a signal came. */
bool output_put(output *o, const char *text, size_t len);

/* Takes what printf would print, at most 255 bytes. False also where it is more. */
#if defined(__GNUC__)
__attribute__((format(printf, 2, 3)))
#endif
bool output_format(output *o, const char *format, ...);

/* Puts text in the place of what was written first. For output_to_locked. False: as output_put. */
bool output_patch(output *o, const char *text, size_t len);

/* Writes everything, to the disk. For output_to_locked: then output_finish need not wait for it.
   False: as output_put. */
bool output_sync(output *o);

/* Writes the whole lines that are held. */
bool output_flush(output *o);

/* Writes everything, closes, renames. False: it failed (o->error), or a signal came; then
   output_abandon is due. */
bool output_finish(output *o);

/* Ends the output early: the whole lines held are still written if `keep`, then it is closed; a
   temporary file is removed. Does nothing after output_finish returned true. */
void output_abandon(output *o, bool keep);

#endif
