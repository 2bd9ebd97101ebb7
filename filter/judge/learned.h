/*
 * What was learnt, as a file: the counts of short lines (learn.h), for a later run to go on with.
 *
 * All numbers are little-endian. A file is a header of 96 bytes, the lines, and a hash.
 *
 *   at  bytes
 *    0      8  8F 6C 65 61 72 6E 74 0A ("learnt" between a byte that is no text and a line end)
 *    8      4  the version of this format: 1
 *   12      4  KEY_RULES: what a line is folded by
 *   16      8  how many lines, LEARN_LINES at most
 *   24      8  documents
 *   32      8  the most that a count is too low by
 *   40      8  bytes of all lines, as below
 *   48      1  winnow_form
 *   49      1  1: tidied, 0: not
 *   50     14  0
 *   64     16  the Unicode version of the normal forms and folds, filled up with 0
 *   80     16  the version of winnow that wrote it, likewise
 *   96    ...  the lines as they were first met: 8 bytes of the key, 8 of the key of the line it
 *              stood behind the first time, 8 ... the last time, 4 of how many documents had it,
 *              4 of how often it stood behind the same line again, 1 of its text's length, its text
 *  ...     16  XXH3-128, in its canonical form, of all that
 *
 * Files fit when form, tidying and Unicode's version are the same.
 */
#ifndef JUDGE_LEARNED_H
#define JUDGE_LEARNED_H

#include "judge/learn.h"
#include "judge/saved_bytes.h"
#include "winnow.h"

enum { LEARNED_VERSION = 1, LEARNED_HEADER_BYTES = 96 };

/* Adds what a file holds to `l`; all of it is found right before the first line is added. Errors:
   NOMEM, SOURCE, and SET, of which `fault` tells more. */
winnow_status learned_load(learn *l, const winnow_options *opt, winnow_source *source, void *user,
                           char fault[SAVED_FAULT_BYTES]);

/* Hands the file to `sink`; `documents`: those of this run. Errors: NOMEM, SINK. */
winnow_status learned_save(const learn *l, const winnow_options *opt, uint64_t documents,
                           winnow_sink *sink, void *user);

#endif
