/* What stands apart in a line without a terminator: date stamps, addresses, drawn rules, ":)". */
#ifndef SENTENCE_APART_H
#define SENTENCE_APART_H

#include <stddef.h>

#include "sentence/stop.h"

/* The boundary before or behind the thing that has its sign at `at`, or 0. Message headers, link
   lists and signatures are run together in a line when a page's layout is lost. */
size_t apart_at(const line *l, size_t at);

#endif
