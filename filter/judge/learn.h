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

/* Appends the rules, the most frequent first, to `out`; `documents`: how many there were. Can be
   asked again. False: out of memory. */
bool learn_rules(const learn *l, uint64_t documents, buffer *out);

#endif
