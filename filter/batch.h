/*
 * A batch: whole lines worked on together. The work is pure: it reads the batch's input and the
 * plan, knows nothing of other batches, and may be done by any thread.
 */
#ifndef BATCH_H
#define BATCH_H

#include <stdbool.h>
#include <stdint.h>

#include "base/list.h"
#include "frame/frame.h"
#include "frame/json_field.h"
#include "judge/context.h"
#include "judge/key.h"
#include "judge/phrase.h"
#include "sentence/sentence.h"
#include "text/text.h"
#include "winnow.h"

enum {
    SPAN_HEAD = 1,   /* the first of its unit: carries the key; the others share its fate */
    SPAN_COMPARE = 2, /* on a head: long enough to be compared */
    SPAN_STAY = 4,    /* never boilerplate: a rule protects it */
    SPAN_BRIEF = 8    /* on a head: too short to be compared, but it may be a template */
};

enum { FIELD_BYTES = 256 }; /* of options.field, and its NUL */

/* A sentence; or a whole line, when nothing asks for sentences. */
typedef struct {
    key128 key;          /* of its unit; on a head with SPAN_COMPARE, or where templates count */
    uint32_t start, len; /* in the cleaned text */
    uint8_t flags;       /* SPAN_... */
    uint8_t phrase;      /* its category; PHRASE_NONE */
    uint8_t reason;      /* winnow_reason: by a phrase or a rule, then as the judge has it */
} span;

/* What is known of a line beside its text. */
typedef struct {
    uint32_t first_span, spans; /* none: nothing is judged, the line is written as it is */
    line_features features;
    bool near;       /* to a phrase, or asked for all the same: its features are measured */
    uint8_t phrase;  /* category of the whole line */
    uint8_t reason;  /* winnow_reason of the whole line, by a phrase, a rule or the judge */
    bool stays;      /* not all of it: a rule protects a part */
} line_note;

/* A stretch of lines of one document. */
typedef struct {
    uint32_t lines_end; /* index behind its last line */
    bool gap;           /* empty lines stood at its end */
    bool ends;          /* the document's end was seen */
} document_part;

/* A document part of JSON Lines or WET: a whole record, or a piece of one that is passed on. */
typedef struct {
    size_t begin, end;      /* in raw */
    size_t text, text_end;  /* in raw: what the cleaned text takes the place of */
    size_t clean, clean_end; /* in the cleaned text: all of it, with nothing dropped */
    const char *passed;     /* why it cannot be cleaned, on the first piece */
    bool cleaned;
    bool same;              /* with nothing dropped its text is what it was */
    bool open;              /* no line end stood at the end of its text */
} record;

/* What is the same for all batches of a context. */
typedef struct {
    winnow_options opt;
    frame frame; /* as frame_init left it */
    text_options text;
    const sentence_rules *rules;
    uint8_t secret[KEY_SECRET_BYTES];
    uint32_t min_words;
    bool spans;     /* somebody asks what a line's parts are */
    bool sentences; /* and they are sentences, not whole lines */
    bool keys;      /* units are compared */
    bool phrases, context;
    bool records; /* documents are records: frame_has_records */
    char field[FIELD_BYTES];
    bool templates;          /* lines of earlier documents speak against their like */
    const phrase_table *own; /* the user's rules; NULL: none */
} batch_plan;

typedef struct batch {
    /* in */
    buffer held;          /* where `raw` lives, unless it is the caller's */
    const uint8_t *raw;
    size_t raw_len;
    uint64_t raw_offset;  /* of raw in the whole input */
    bool in_line_before, in_line_after; /* cut by force: inside a line */
    bool in_unit_before, in_unit_after; /* ... or inside a unit */
    bool document_ends;   /* the input ends a document here */

    /* out */
    winnow_status status; /* INVALID: what stands here is the input before the line in error */
    uint64_t invalid_at;  /* offset in the whole input */
    size_t bad_record;    /* where in raw the record in error begins */
    text_clean clean;
    LIST(line_note) notes; /* one for each of clean.lines */
    LIST(span) spans;
    LIST(document_part) documents;
    LIST(record) records; /* one for each of documents, where they are records */

    /* the judge's */
    struct batch *next;
} batch;

/* Scratch of one thread, for records. */
typedef struct {
    json_field *field;
    buffer padded;    /* a record, for those who read past its end */
    buffer unescaped; /* its text */
    text_edits map;   /* ... and where that stands in the record */
} record_scratch;

/* Scratch of one thread. */
typedef struct {
    text_stage *text;
    buffer folded;
    scan_places places;    /* of a batch's text: where sentences may end */
    const uint32_t *place; /* the first one ahead */
    record_scratch record;
} batch_worker;

winnow_status batch_worker_init(batch_worker *w, const batch_plan *plan);
void batch_worker_free(batch_worker *w);

/* Text that stands somewhere in raw becomes clean lines, counted from 0, their offsets such in
   `text`. Errors: as of text_run. */
winnow_status batch_clean(batch *b, batch_worker *w, const uint8_t *text, size_t len, unsigned cut);

/* Lines and edits from these on stand at `raw` of the batch's input. */
void batch_rebase(text_clean *c, size_t line, size_t edit, size_t raw);

/* What was cleaned since the last document part is one. */
bool batch_note_document(batch *b, bool ends);

/* Fills the out part from the in part. b->status tells how it went. */
void batch_work(batch *b, batch_worker *w, const batch_plan *plan);

/* Empties both parts; keeps memory unless it is much. */
void batch_clear(batch *b);
void batch_free(batch *b);

#endif
