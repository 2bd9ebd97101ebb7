/* How most sentences of running text end: a short way to what prose.c decides of them. */
#ifndef SENTENCE_PLAIN_H
#define SENTENCE_PLAIN_H

#include <stddef.h>

#include "sentence/stop.h"

/* Bytes of the sentence before what is plain: no mark of an item, whatever it is, ends behind them.
   */
enum { PLAIN_BEFORE = 16 };

/* The boundary behind the sign at `at`, or 0 where it takes more to tell. What it answers is what
   the rules of prose answer. */
size_t plain_end(const line *l, size_t at);

/* Whether the sign at `at` ends no sentence, and the next place to look at is behind it: "p. 5",
   "J. Smith", "U.S.", "etc.,". False where it takes more to tell. The line is no item of a list. */
bool plain_goes_on(const line *l, size_t at);

#endif
