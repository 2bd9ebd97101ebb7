/* Lists run together in one line: "1. First 2. Second", "• this • that". */
#ifndef SENTENCE_ITEM_H
#define SENTENCE_ITEM_H

#include <stdbool.h>
#include <stddef.h>

#include "sentence/stop.h"

/* Whether an item's mark stands at `at`. */
bool item_at(const line *l, size_t at);

/* Where the item begins whose mark or number has its full stop, bracket or bullet at `at`, if the
   line's last sentence is the item before it; else 0. */
size_t item_begin(const line *l, size_t at);

/* Whether "a." or "a)" stands at `at`: a list begins. */
bool item_is_first(const line *l, size_t at);

/* Whether the full stop at `at` belongs to the number of the item that the sentence is. */
bool item_owns(const line *l, size_t at);

#endif
