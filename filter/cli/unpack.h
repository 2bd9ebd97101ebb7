/*
 * unpack.h: compressed files, through the programs that unpack them.
 *
 * The program (gzip, zstd, xz, bzip2) runs beside this one, on a core of its own: 60 MB of text
 * from a .gz take 0.26 s, of which gzip alone takes 0.24. Linking libarchive instead would lift the
 * start of every run, compressed files or none, from 0.93 ms to 2.3 (cat: 0.77), and it does not
 * compare gzip's checksum.
 */
#ifndef CLI_UNPACK_H
#define CLI_UNPACK_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

typedef struct {
    const char *program;
    pid_t child;    /* 0: none runs */
    int complaints; /* what it says on standard error */
} unpack;

/* The program that unpacks a file of this name, by the name's ending; NULL: none. */
const char *unpack_program(const char *name);

/* The program that made what begins with these bytes, as far as they tell; NULL: none. */
const char *unpack_guess(const void *bytes, size_t len);

/* Begins to unpack what can be read from `file`, which stays the caller's. Returns a descriptor of
   the text, to be closed by the caller before unpack_end; or -1 with errno. */
int unpack_begin(unpack *u, const char *program, int file);

/* Waits for the program, which is stopped first unless it was read to its end. False: it found the
   file damaged or cut short, and `complaint` says so in one line, as the program did. */
bool unpack_end(unpack *u, bool read_to_end, char *complaint, size_t size);

#endif
