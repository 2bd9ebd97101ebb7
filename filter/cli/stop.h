/*
 * stop.h: being asked to stop by a signal: SIGINT, SIGTERM, SIGHUP and others that end a program.
 *
 * The first one only leaves a note; whoever reads or writes looks at it, ends the output
 * at a line end and removes what is temporary; then the process dies of that signal after all. A
 * second one kills at once.
 */
#ifndef CLI_STOP_H
#define CLI_STOP_H

/* Begins to listen. Signals that were ignored at the start (nohup) stay ignored. 0, or -1 with
   errno. Called once, by the thread that reads and writes. */
int stop_listen(void);

/* Whether a signal has come. */
int stop_requested(void);

/* Dies of the signal that came. */
void stop_die(void);

/* Waits until `fd` is ready for `events` (of poll) or `timeout_ms` is over (-1: no limit). No
   signal is missed between the question and the sleep. */
typedef enum { WAIT_READY, WAIT_TIMEOUT, WAIT_STOPPED } wait_result;
wait_result stop_wait(int fd, short events, int timeout_ms);

/* The same, for those who have something to finish after the signal. */
wait_result stop_wait_past_signals(int fd, short events, int timeout_ms);

#endif
