/*
 * confine.h: giving up what will not be needed, before the first byte of foreign text is read.
 *
 * With Landlock (Linux 5.13 or later): files may be read from the folders of the inputs and renamed
 * in those of the outputs, and that is all; where the kernel knows how, no TCP either. (Where
 * programs are started that unpack inputs, any file may be read.) What is open
 * already stays open. Where there is no Landlock, or a rule cannot be made, all is as it was but
 * for no_new_privs: no call of this file fails.
 */
#ifndef CLI_CONFINE_H
#define CLI_CONFINE_H

#include <stdbool.h>

typedef struct {
    int rules;    /* a descriptor; -1: none */
    bool reads;   /* what is not named may be read, and run */
    bool failed;  /* a rule could not be made */
    const char *folder; /* of the last name to be read, and its length */
    int folder_len;
} confinement;

/* `runs_programs`: other programs will be started, which read what they need. */
void confine_begin(confinement *c, bool runs_programs);

/* The named file may be read, and what stands beside it, as it may be replaced before its turn. The
   name is borrowed until confine_end. */
void confine_keep_reading(confinement *c, const char *name);

/* The named file may be put there or replaced by another of its folder. NULL: does nothing. */
void confine_keep_replacing(confinement *c, const char *name);

/* From now on nothing else may be done, by this thread and those that it makes. */
void confine_end(confinement *c);

#endif
