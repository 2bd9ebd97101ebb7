/*
 * Learning: the short lines that recur in documents, counted once a document, to be made into
 * rules.
 *
 * A line is told from others as rules tell them, by its loose fold. It is learnt when it stood in
 * LEARN_DOCUMENTS documents or more and in one of LEARN_SHARE, and half the time or more behind the
 * same line as the time before: "Yes." recurs too, but here and there.
 *
 * Counted in fixed memory: when LEARN_LINES lines are known, the median of their counts is taken
 * off every one, and those left with nothing are forgotten. So a count is never too high; it is too
 * low by `missing` at most, which is no more than 2 / LEARN_LINES of all the counting done.
 */
#ifndef JUDGE_LEARN_H
#define JUDGE_LEARN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buffer.h"

enum {
    LEARN_DOCUMENTS = 3,
    LEARN_SHARE = 1000,
    LEARN_WORDS = 12, /* at most, in a line that is counted */
    LEARN_BYTES = 160, /* likewise */
    LEARN_LINES = 1 << 18
};

typedef struct learn learn;

learn *learn_create(void); /* NULL: out of memory */
void learn_free(learn *l);

/* A line (valid UTF-8, BUFFER_SLACK readable past it) of a document. Lines come in order, those of
   each document together. False: out of memory. */
bool learn_line(learn *l, const uint8_t *line, size_t len, uint64_t document);

/* What is counted of one line; what goes from run to run (learned.h). Counts of runs that follow
   each other add up, and where they meet `first` and `last` tell whether the line stood behind the
   same one again. So as long as no count had to be taken off, it is the same whether documents were
   counted in one run or in several; `missing`, where it had, adds up too. */
typedef struct {
    uint64_t key, first, last; /* hashes of the line, and of those it stood behind */
    uint32_t count, behind;
    const uint8_t *text;
    uint8_t len;
} learned_line;

size_t learn_lines(const learn *l);
learned_line learn_get(const learn *l, size_t i); /* borrowed; i < learn_lines, as they were met */

/* Adds what an earlier run counted of a line, the runs in their order, before the first
   learn_line. False: out of memory. */
bool learn_add(learn *l, const learned_line *line);

/* ... and how many documents that run had, and the most that its counts are too low by. */
void learn_add_run(learn *l, uint64_t documents, uint64_t missing);

uint64_t learn_earlier(const learn *l); /* documents of all earlier runs */
uint64_t learn_missing(const learn *l);

/* Whether it could be the text of a line that is counted. */
bool learn_may_be_line(const uint8_t *text, size_t len);

/* Appends the rules, the most frequent first, to `out`; `documents`: how many there were, without
   those of earlier runs. Can be asked again. False: out of memory. */
bool learn_rules(const learn *l, uint64_t documents, buffer *out);

#endif
