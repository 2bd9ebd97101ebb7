/*
 * The text stage: bytes in, cleaned lines out. Repair, tidy and normal form in one pass.
 *
 * A call takes whole lines (the caller cuts after a line end; see `cut`), so nothing of one call
 * is remembered in the next, and any thread may take any call.
 */
#ifndef TEXT_TEXT_H
#define TEXT_TEXT_H

#include "base/buffer.h"
#include "base/list.h"
#include "winnow.h"

enum {
    TEXT_ENDS = 1,       /* a line end follows in the input */
    TEXT_AFTER_GAP = 2,  /* tidying: one empty line or more stood before it */
    TEXT_CUT_BEFORE = 4, /* its begin was cut off: it goes on the line before */
    TEXT_CUT_AFTER = 8,  /* its end was cut off */
    TEXT_BLANK_LEFT = 16,  /* beside a cut: blanks were trimmed from its begin */
    TEXT_BLANK_RIGHT = 32  /* beside a cut: blanks were trimmed from its end; of blanks alone
                              between two cuts, both */
};

/* One cleaned line. Its line end is not part of it. */
typedef struct {
    uint32_t start; /* offset in the cleaned text */
    uint32_t len;   /* bytes; 0 only when not tidying, or beside a cut */
    uint32_t raw;   /* offset in the input of this call */
    uint32_t number; /* of its line, counted from 0 in the input of this call; a line is what ends
                        in LF, and when tidying also in CR, CR LF, VT, FF, NEL, U+2028, U+2029 */
    uint8_t flags;  /* TEXT_... */
} text_line;

/* From cleaned offset `text` on, until the next edit, input offset = raw + (offset - text). Each
   call's first stands where its text begins; the others where that difference changes. */
typedef struct {
    uint32_t text, raw;
} text_edit;

typedef LIST(text_edit) text_edits;

typedef struct {
    winnow_form form;
    bool tidy;
    winnow_invalid invalid;
    bool one_line; /* tidying: line ends other than LF and CR LF become a blank (--format=lines) */
    bool edits;    /* record text_edit's */
} text_options;

/* Lists, text and numbers grow with each call until text_clear; `gap` is the last call's. */
typedef struct {
    /* Every line, each followed by LF where TEXT_ENDS, and preceded by one more LF where
       TEXT_AFTER_GAP: as it is written when nothing is dropped. */
    buffer text;
    LIST(text_line) lines;
    text_edits edits;
    bool gap;                /* tidying: empty lines stood after the last line */
    uint32_t line_ends;      /* line ends seen, those of empty lines too */
    uint64_t invalid_bytes;  /* bytes that were not UTF-8 */
    uint64_t controls;       /* C0, DEL and escape sequences removed, one each */
    uint64_t forced_cuts;    /* runs of marks cut by Stream-Safe's rule (UAX #15, D3) */
    int64_t invalid_at;      /* offset of the first of invalid_bytes; -1: none */
} text_clean;

/* Scratch of one thread. */
typedef struct text_stage text_stage;

/* Errors: NOMEM. The tables are made by the first text that is not ASCII, once for the process
   (thread-safe). */
winnow_status text_create(text_stage **out, const text_options *opt);
void text_free(text_stage *t);

/* What a call's input was cut off from: TEXT_CUT_BEFORE for its first line, TEXT_CUT_AFTER for its
   last. Blanks beside a cut are trimmed and flagged; the writer puts one back. */

/* Cleans `len` bytes, at most UINT32_MAX / 16, behind what `out` holds; `out->lines` etc. grow.
   `raw` needs no slack. Errors: NOMEM, INVALID (out->invalid_at says where; out is unusable). */
winnow_status text_run(text_stage *t, const uint8_t *raw, size_t len, unsigned cut,
                       text_clean *out);

/* Where `raw` of text_run was made of another text: `map` tells from its offsets those in that
   text, in the way of a text_edit. Turns the offsets in `out` into such, from a line and an edit
   on. False: out of memory. */
bool text_map(text_stage *t, const text_edits *map, text_clean *out, size_t first_line,
              size_t first_edit);

/* An offset mapped; `at` before the first of `map` stays. */
uint32_t text_mapped(const text_edits *map, uint32_t at);

/* Empties `out` and keeps its memory. */
void text_clear(text_clean *out);
void text_clean_free(text_clean *out);

/* The last place in text[0..len) where a line may be cut so that both sides are cleaned as the
   whole would be: before a character that is a starter, does not compose with what precedes it,
   and begins no escape sequence; searched back over 4 KiB. 0: there is none. */
size_t text_cut_place(const uint8_t *text, size_t len);

/* Where the escape sequence begins that reaches the end of text[0..len); `len`: none does. */
size_t text_open_sequence(const uint8_t *text, size_t len);

#endif
