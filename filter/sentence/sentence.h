/*
 * The sentence stage: where the sentences of one line end.
 *
 * Source: UAX #29 (sentence boundaries); the prose rules and their sources are in prose.c.
 */
#ifndef SENTENCE_SENTENCE_H
#define SENTENCE_SENTENCE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "sentence/scan.h"
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

/* Finds where in `text` it is worth to look for a boundary: once for all its lines, each of which
   ends in LF. `text` is valid UTF-8 and may be read BUFFER_SLACK bytes past `len`. False: out of
   memory. Thread-safe. */
bool sentence_scan(const uint8_t *text, size_t len, scan_places *places);

/* What sentence_next does where there is a place to look at. */
size_t sentence_decide(const sentence_rules *r, const uint8_t *text, const uint32_t *place,
                       size_t from, size_t end);

/* Where the sentence ends that begins at text[from], of a line or what is left of it, that ends at
   `end` > from: where another begins, or `end`. The spaces after a sentence belong to it, as in UAX
   #29; the caller trims them. `*place` is one of the text's, not behind `from`: at first
   places.items, then where the call before left it. Looks at nothing outside the line, and a
   bounded way ahead of its answer. Thread-safe. */
static inline size_t sentence_next(const sentence_rules *r, const uint8_t *text,
                                   const uint32_t **place, size_t from, size_t end)
{
    while (**place < from)
        ++*place;
    return **place < end - 1 ? sentence_decide(r, text, *place, from, end) : end;
}

#endif
