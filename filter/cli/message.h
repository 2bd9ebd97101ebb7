/*
 * message.h: lines for people, on standard error.
 */
#ifndef CLI_MESSAGE_H
#define CLI_MESSAGE_H

#include <stddef.h>
#include <stdint.h>

#if defined(__GNUC__)
#define MESSAGE_FORMAT __attribute__((format(printf, 1, 2)))
#else
#define MESSAGE_FORMAT
#endif

/* The program's name, before every line; "winnow" unless it is set. */
extern const char *message_program;

/* Writes the program's name and ": ", the text and a line end as one line, in one write. Whatever
   the arguments hold, a terminal is not moved by it: see display_safe. Errors on standard error
   itself have nowhere to be told. */
void message(const char *format, ...) MESSAGE_FORMAT;

/* A line that is there for a while: a next one takes its place, a message or message_clear removes
   it. Only ASCII that takes a column each; it is cut before the last of `columns`. Nothing is shown
   while the terminal takes nothing. */
void message_passing(const char *line, size_t columns);
void message_clear(void);

/* Decodes the character at `text` (len > 0) into `*character`. Returns its bytes, or 0 where they
   are not UTF-8 (Unicode 15, table 3-7). */
size_t display_decode(const char *text, size_t len, uint32_t *character);

/* Whether a terminal shows the character and does nothing else: no controls (C0, DEL, C1), no
   marks of direction, nothing invisible that could disguise a name. */
int display_safe(uint32_t character);

#endif
