/*
 * The sentence stage: where the sentences of one line end.
 *
 * Source: UAX #29 (sentence boundaries); the prose rules and their sources are in prose.c.
 */
#ifndef SENTENCE_SENTENCE_H
#define SENTENCE_SENTENCE_H

#include <stddef.h>
#include <stdint.h>

#include "winnow.h"

/* A rule set: constant once made, shared by all threads. */
typedef struct sentence_rules sentence_rules;

/* The Unicode version of the Sentence_Break table, "15.0.0". */
extern const char sentence_unicode_version[];

/* The rules for options.sentences and a language ("de"; NULL: all that do no harm in others).
   A constant; NULL: no such language. Thread-safe. */
const sentence_rules *sentence_rules_for(winnow_sentences which, const char *lang);

/* The code of the i-th language, from 0; NULL past the last. A constant. Thread-safe. */
const char *sentence_language(unsigned i);

/* The next sentence boundary after `from`: the offset where a sentence begins, or `len`. The spaces
   after a sentence belong to it, as in UAX #29; the caller trims them. `text` is valid UTF-8 and
   may be read BUFFER_SLACK bytes past `len`. `from` is 0 or an earlier answer, and less than `len`.
   Looks a bounded way back of `from` and ahead of its answer. Thread-safe. */
size_t sentence_next(const sentence_rules *r, const uint8_t *text, size_t len, size_t from);

#endif
