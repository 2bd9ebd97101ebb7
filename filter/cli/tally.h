/*
 * tally.h: what a report shows beside the counts, gathered from the verdicts of a run. All its
 * memory is taken at the start; it does not grow with the input, and the same verdicts always give
 * the same tally.
 */
#ifndef CLI_TALLY_H
#define CLI_TALLY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "cli/sketch.h"
#include "winnow.h"

enum {
    TALLY_LENGTHS = 14,       /* bars of the histogram of lengths */
    TALLY_REPEATS = 16384,    /* places of the sketch of repeats */
    TALLY_CATEGORIES = 64,    /* the last takes what finds no place of its own */
    TALLY_CATEGORY_BYTES = 40,
    TALLY_SAMPLES = 6,        /* passages of each kind */
    TALLY_SAMPLE_BYTES = 4096,
    TALLY_SAMPLE_PIECES = 256
};

/* Boilerplate of one reason and category. */
typedef struct {
    winnow_reason reason;
    char name[TALLY_CATEGORY_BYTES]; /* empty: the reason has no categories */
    uint64_t pieces, bytes;
    sketch *examples;
} tally_category;

/* A piece of text in a passage. */
typedef struct {
    uint16_t start, len;
    uint8_t reason;   /* winnow_reason */
    uint8_t category; /* index in tally.categories; where reason is boilerplate */
    uint8_t breaks;   /* line ends before it: 0, 1, or 2 where an empty line stood between */
    bool spaced;      /* on the same line, but not right behind what came before */
    bool cut;         /* the text was longer */
} tally_piece;

/* A document, or a part of one that is longer than a passage. */
typedef struct {
    uint64_t rank;             /* by chance, but by the same chance in every run */
    uint64_t document, line;   /* where it begins */
    uint64_t part;             /* from 0 */
    bool whole;                /* the document ends with it */
    bool touched;              /* something was dropped from it */
    size_t pieces;
    size_t len;
    tally_piece piece[TALLY_SAMPLE_PIECES];
    char text[TALLY_SAMPLE_BYTES];
} tally_passage;

/* The passages of lowest rank, in the order in which they came. */
typedef struct {
    size_t count;
    tally_passage *kept[TALLY_SAMPLES];
} tally_sample;

typedef struct {
    uint64_t lengths[2][TALLY_LENGTHS]; /* pieces by length, kept and dropped */
    uint64_t bytes[WINNOW_REASONS];
    sketch *repeats;
    size_t category_count;
    tally_category categories[TALLY_CATEGORIES];
    tally_sample any, touched;
    uint64_t documents_whole, documents_cut, documents_emptied; /* of those that had text */

    tally_passage *passage; /* the one being filled */
    uint64_t last_line, last_end; /* of the last piece, to tell what stood between */
    bool document_kept, document_dropped; /* something of the current document was */
} tally;

/* NULL: no memory. */
tally *tally_create(void);
void tally_free(tally *t);

/* Takes the next verdict, kept or dropped. */
void tally_take(tally *t, const winnow_verdict *v);

/* No more verdicts come. */
void tally_end(tally *t);

/* The characters of the shortest text in bar `i` of the histogram; for TALLY_LENGTHS there is no
   end. */
unsigned tally_length_from(unsigned i);

#endif
