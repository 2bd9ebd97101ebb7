/*
 * WARC records (ISO 28500, WARC/1.0 and 1.1), as WET files have them: a header, its empty line, a
 * block of Content-Length bytes, two line ends.
 */
#ifndef FRAME_WET_H
#define FRAME_WET_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef enum {
    WET_TEXT,  /* a conversion record, whose block is text */
    WET_OTHER, /* another record */
    WET_BLANK, /* line ends between records */
    WET_DAMAGED, /* no record, up to where the next one begins */
    WET_LONG,  /* a record over FRAME_RECORD_MAX, up to the end of its block; not all of it need be
                  there */
    WET_MORE   /* more bytes are needed to tell */
} wet_kind;

typedef struct {
    wet_kind kind;
    uint64_t len;        /* bytes in all */
    size_t block;        /* where the block begins */
    uint64_t block_len;
    bool text;           /* it is, or would be, a WET_TEXT */
    bool found;          /* WET_DAMAGED: the next record begins behind it */
    bool cut_off;        /* WET_DAMAGED: the input ends inside its block */
} wet_record;

/* What bytes[0..len) begin with, len > 0. `final`: no bytes follow, or another record does; then it
   is never WET_MORE. */
void wet_read(const uint8_t *bytes, size_t len, bool final, wet_record *r);

/* Where the first record begins behind bytes[0]; `len`: none does. The last WET_MARK bytes may be
   the beginning of one. */
enum { WET_MARK = 16 };
size_t wet_find(const uint8_t *bytes, size_t len);

/* A line of a header: its name ends before the colon, its value is trimmed of blanks; folded lines
   (1.0) belong to it. */
typedef struct {
    size_t name_len;
    size_t value, value_len; /* offset from the line's begin */
    size_t len;              /* with its line end */
} wet_line;

/* The line that bytes[0..len) begin with. False: it is no line of a header. */
bool wet_header_line(const uint8_t *bytes, size_t len, wet_line *line);

/* Whether the line's name is this one, whatever the case. */
bool wet_is(const uint8_t *bytes, const wet_line *line, const char *name);

/* Bytes of the first line, "WARC/1.0" or "WARC/1.1", with its line end; 0: it is none. */
size_t wet_version_line(const uint8_t *bytes, size_t len);

#endif
