/*
 * Tells nearly all text to be no phrase by its first words, before it is folded.
 *
 * It knows how phrases begin, by hashes (phrase_table.h); what it takes for a beginning need not be
 * one.
 */
#ifndef JUDGE_PHRASE_FILTER_H
#define JUDGE_PHRASE_FILTER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "judge/phrase.h"

typedef enum {
    FILTER_NONE, /* certainly no phrase */
    FILTER_MAYBE,
    FILTER_ODD /* its first words are not ASCII: they must be folded to tell */
} filter_answer;

/* Of a text of at least one byte that is not folded, readable BUFFER_SLACK bytes past its end. The
   table has no phrase that may stand anywhere. Thread-safe. */
filter_answer phrase_filter_text(const phrase_table *t, const uint8_t *text, size_t len);

/* False: no phrase begins as the words of folded[0..len) do, whatever follows them. */
bool phrase_filter_start(const phrase_table *t, const uint8_t *folded, size_t len);

/* Whether folded[0..len) has words: signs alone, which fold to themselves, have none. */
bool phrase_filter_sees(const uint8_t *folded, size_t len);

#endif
