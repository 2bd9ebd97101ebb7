/*
 * Known boilerplate: phrases from corpus/boilerplate, compiled into a table of key hashes.
 *
 * A phrase is matched as --match=loose against a whole sentence or a whole line, or a run of
 * phrases is. One probe a word at most; never a scan of the list.
 */
#ifndef JUDGE_PHRASE_H
#define JUDGE_PHRASE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buffer.h"

/* Longest text that is looked up, in bytes; longer ones are no phrase. */
enum { PHRASE_MAX = 400 };

/* What a text is. */
enum { PHRASE_NONE = 0 /* else 1 + index of a category */ };

/* Folds a text of at most PHRASE_MAX bytes as phrases are folded: loosely (fold.h), but the copyright
   sign stays, the one symbol that says by itself what a line is. False: out of memory. */
bool phrase_fold(const uint8_t *text, size_t len, buffer *out);

/* The category of a text folded by phrase_fold; PHRASE_NONE when it is no phrase and no run of
   phrases. Thread-safe, constant tables. */
unsigned phrase_match(const uint8_t *folded, size_t len);

/* False: `text`, not folded, is certainly no phrase, and need not be folded to be asked about.
   Looks at its first words, and only where they are ASCII. Most text ends here. Thread-safe. */
bool phrase_possible(const uint8_t *text, size_t len);

/* The name of a category as it stands in reports: "comments", "share"... A constant. */
const char *phrase_category_name(unsigned category);

/* Phrases compiled: ours, or those of a rules file (rules.h). What is in it: phrase_table.h. */
typedef struct {
    const uint64_t *slots; /* the edges; a power of two of places */
    uint64_t mask;         /* how many, less one */
    const uint16_t *states;
    const uint16_t *filter; /* FILTER_SIZE of them */
    uint8_t flags; /* those of all states together */
} phrase_table;

/* What a rules file says of a text. */
typedef enum {
    PHRASE_UNKNOWN = 0,
    PHRASE_FOUND, /* `*category` is set */
    PHRASE_NEVER  /* it must stay, whatever else speaks against it */
} phrase_answer;

/* As phrase_possible, of any table, and of texts of any length. */
bool phrase_worth_asking(const phrase_table *table, const uint8_t *text, size_t len);

/* As phrase_match, of any table. Of a text of more than PHRASE_MAX bytes, folded, only whether it
   begins with a phrase that has a star, or holds one that has two. Linear. */
phrase_answer phrase_ask(const phrase_table *table, const uint8_t *folded, size_t len,
                         unsigned *category);

#endif
