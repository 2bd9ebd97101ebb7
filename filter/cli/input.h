/*
 * input.h: a file that is read, or standard input.
 */
#ifndef CLI_INPUT_H
#define CLI_INPUT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/stat.h>
#include <sys/types.h>

#include "cli/unpack.h"

enum { COMPLAINT_BYTES = 256 };

typedef struct {
    int fd;
    const char *name; /* for people */
    bool waits;       /* no regular file: more may come later */
    bool ready;       /* known not to block, from the last question */
    struct stat file;
    unpack unpack; /* of a compressed file, after input_unpack */
    int packed;    /* that file, read by the program through the same offset; -1: none */
    char complaint[COMPLAINT_BYTES]; /* what is wrong, where errno cannot say it; else empty */
} input;

/* Whether the name means standard input. */
bool input_is_standard(const char *name);

/* Opens the named file, or standard input for "-". 0, or -1 with errno; a folder is EISDIR. */
int input_open(input *in, const char *name);

/* Where the name's ending says that the file is compressed: makes `in` its text. 0, or -1 with a
   complaint; then `in` is closed. */
int input_unpack(input *in);

/* Whether nothing comes within `timeout_ms`, so that reading would wait. Never for a regular file,
   compressed or not. A signal to stop is no wait. */
bool input_is_idle(input *in, int timeout_ms);

/* Reads up to `cap` bytes; waits for the first. Returns how many, 0 at the end or when a signal
   came, -1 with errno or a complaint. */
ssize_t input_read(input *in, void *bytes, size_t cap);

/* The bytes of a regular file that are read, of a compressed one as they stand there; 0 of anything
   else. */
uint64_t input_position(const input *in);

/* Standard input is left open; a program that unpacks is stopped. */
void input_close(input *in);

#endif
