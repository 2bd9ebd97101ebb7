/*
 * Templates: short lines that stand in the same place of one document after another.
 *
 * A line of fewer words than are compared ("Yes.") may be said in every document. It is the site's
 * when it stood behind the same line in two documents before, and that line is dropped in this one:
 * so menus and footers go from their third copy on, and nothing goes that follows text that stays.
 *
 * Counted in fixed memory: TEMPLATE_SLOTS pairs of a line and the line before it, those met last.
 * Of a pair TEMPLATE_BITS bits are kept beside its place in the table. A pair that was forgotten is
 * counted anew, so a template passes; one is taken for another, which may drop a short line
 * wrongly, at one look in 2^38.
 */
#ifndef JUDGE_TEMPLATE_H
#define JUDGE_TEMPLATE_H

#include <stdbool.h>
#include <stdint.h>

enum { TEMPLATE_BITS = 41, TEMPLATE_SLOTS = 1 << 17 };

typedef struct templates templates;

templates *templates_create(void); /* NULL: out of memory. 1 MiB, untouched until used */
void templates_free(templates *t);

/* Counts a pair, once a document. True: two documents before this one had it. `pair`: a hash. */
bool templates_count(templates *t, uint64_t pair, uint64_t document);

#endif
