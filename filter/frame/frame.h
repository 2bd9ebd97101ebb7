/*
 * Framing: where the input may be cut into batches without changing what comes out.
 *
 * A cut falls after a line end, after a document's NUL, or, when paragraphs or documents are
 * compared, after the end of one of those. Only a line over FRAME_LINE_MAX, or a compared unit over
 * FRAME_UNIT_MAX, is cut by force; where that happens depends on the bytes alone.
 *
 * Of JSON Lines and WET, a batch holds whole records; or nothing but a piece of one that is passed
 * on as it is, because it is over FRAME_RECORD_MAX, or damaged so that its end is not known.
 */
#ifndef FRAME_FRAME_H
#define FRAME_FRAME_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "winnow.h"

enum {
    FRAME_LINE_MAX = 1 << 20,  /* bytes; a longer line is cut into pieces */
    FRAME_UNIT_MAX = 4 << 20,  /* bytes; a longer paragraph or document is not compared */
    FRAME_RECORD_MAX = 128 << 20 /* bytes; a longer record is not cleaned */
};

typedef enum {
    FRAME_CLEAN = 0,
    FRAME_IN_UNIT, /* at a line end, but inside a unit too long to be compared */
    FRAME_IN_LINE  /* inside a line */
} frame_cut;

typedef struct {
    winnow_unit unit;
    winnow_format format;
    bool cr_ends; /* CR is a line end */
    bool drops;   /* bytes that are not UTF-8 go: what stands around them comes together */
    bool in_line; /* the pending input begins inside a line cut by force */
    size_t seen;  /* bytes at the front of the pending input known to hold no place to cut */
    uint64_t skip; /* bytes to come of a WARC record that is cut */
} frame;

/* Whether documents are records, with bytes around their text. */
static inline bool frame_has_records(winnow_format format)
{
    return format == WINNOW_JSONL || format == WINNOW_WET;
}

void frame_init(frame *f, const winnow_options *opt);

/* How many of the `len` pending bytes make the next batch, and how it ends (`*cut`): about `target`
   bytes, more only when there is no place to cut before. 0: more bytes are needed to tell. The
   pending bytes begin where the last batch ended; those of the last call stand at the front. */
size_t frame_next(frame *f, const uint8_t *bytes, size_t len, size_t target, frame_cut *cut);

/* Where the line that bytes[at] stands on begins; bytes[0] begins one. */
size_t frame_line_start(const frame *f, const uint8_t *bytes, size_t at);

/* The length of the first document of bytes[0..len), its NUL left out; `*ends`: it has one. */
size_t frame_document(const frame *f, const uint8_t *bytes, size_t len, bool *ends);

#endif
