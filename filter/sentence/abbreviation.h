/* What a full stop behind a word can be: by the lists, or by the word's shape. */
#ifndef SENTENCE_ABBREVIATION_H
#define SENTENCE_ABBREVIATION_H

#include "sentence/stop.h"

typedef enum {
    KIND_PLAIN,   /* a word: its full stop ends the sentence */
    KIND_NEVER,   /* as WORD_NEVER ... */
    KIND_DIGIT,
    KIND_MAY,     /* also by shape: "U.S", "Blvd" */
    KIND_LIKELY,
    KIND_INITIAL, /* one letter, or two alike as in "EE. UU." */
    KIND_NUMBER   /* digits */
} abbreviation;

abbreviation abbreviation_kind(const line *l, const token *t);

#endif
