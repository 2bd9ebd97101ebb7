/*
 * The writer: judged lines in, the cleaned text out, in large blocks.
 *
 * A line all of whose spans were dropped goes with its line end; what is left of a line keeps its
 * own spacing, trimmed. While tidying, empty lines are written only between lines that stay.
 */
#ifndef WRITER_H
#define WRITER_H

#include <stdbool.h>
#include <stdint.h>

#include "base/buffer.h"
#include "batch.h"
#include "winnow.h"

typedef struct {
    bool invert, split, nul, drop_empty;
    winnow_format format;
    bool records;            /* documents are records: frame_has_records */
    winnow_sink *sink;
    void *user;
    buffer out;              /* waits for the sink */
    buffer text;             /* of a record: waits for its end */
    const uint8_t *run;      /* text that goes to `out` in one piece, */
    size_t run_len;          /* grown as long as what follows stands behind it */
    bool any;                /* something was written, in this document where NULs end them */
    bool gap;                /* empty lines wait for a line that stays */
    bool gap_first;          /* they did so before the first line */
    bool owes_end;           /* the last line written had no line end */
    bool owes_nul;           /* nor had the last document its NUL, and a document follows */
    bool owes_record;        /* the last record written had not the end that records have */
    bool piece_text;         /* of a line cut by force, something was written */
    bool piece_blank;        /* ... and blanks were trimmed at the cut */
    uint64_t bytes, lines;   /* written so far */
} writer;

void writer_init(writer *w, const winnow_options *opt, winnow_sink *sink, void *user);
void writer_free(writer *w);

/* Line `i` of a judged batch. Errors: NOMEM, SINK. */
winnow_status writer_line(writer *w, const batch *b, size_t i);

/* Empty lines stood here. */
void writer_gap(writer *w);

/* The document ends here; `nul`: its NUL stood there. Errors: as writer_line. */
winnow_status writer_document_end(writer *w, bool nul);

/* The record ends here, its lines written; or nothing was, and it is passed on. Errors: as
   writer_line. */
winnow_status writer_record(writer *w, const batch *b, const record *r);

/* Hands everything to the sink, if it is much. Errors: as writer_flush. */
winnow_status writer_flush_if_large(writer *w);

/* The batch's text is about to go: takes what is still needed of it. Errors: NOMEM. */
winnow_status writer_settle(writer *w);

/* Hands everything to the sink. Errors: NOMEM, SINK. */
winnow_status writer_flush(writer *w);

#endif
