/*
 * system.h: what differs between systems.
 */
#ifndef CLI_SYSTEM_H
#define CLI_SYSTEM_H

/* Opens something at each of descriptors 0, 1 and 2 that is closed, so that no file opened later
   lands there; it is open the wrong way round, so that using it still fails with EBADF. 0, or -1
   where even that fails. */
int system_fill_standard_fds(void);

/* The cores this process may use; at least 1. */
unsigned system_cores(void);

/* The columns of the terminal `fd`; 0: it has none, or is no terminal. */
unsigned system_columns(int fd);

/* Where `fd` is a pipe and the system allows it, makes it hold more. */
void system_widen_pipe(int fd);

/* Tells the system that the file is read from start to end. */
void system_read_ahead(int fd);

#endif
