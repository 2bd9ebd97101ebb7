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

/* Folds a text of at most PHRASE_MAX bytes as phrases are folded: loosely (fold.h), but the
   copyright sign stays, the one symbol that says by itself what a line is. False: out of memory. */
bool phrase_fold(const uint8_t *text, size_t len, buffer *out);

/* The name of a category as it stands in reports: "comments", "share"... A constant. */
const char *phrase_category_name(unsigned category);

/* Phrases compiled: ours, or those of a rules file (rules.h). What is in it: phrase_table.h. */
typedef struct {
    const uint64_t *slots; /* the edges; a power of two of places */
    uint64_t mask;         /* how many, less one */
    const uint16_t *states;
    const uint64_t *filter; /* FILTER_BLOCKS */
    const uint64_t *starts; /* START_BLOCKS */
    uint8_t flags; /* those of all states together */
    bool signs;    /* a phrase begins with signs alone */
} phrase_table;

/* What a table says of a text. */
typedef enum {
    PHRASE_UNKNOWN = 0,
    PHRASE_FOUND, /* `*category` is set */
    PHRASE_NEVER  /* it must stay, whatever else speaks against it */
} phrase_answer;

/* The phrases of corpus/boilerplate. Constant. */
const phrase_table *phrase_corpus(void);

/* What a text folded by phrase_fold is to a table. Thread-safe. */
phrase_answer phrase_ask(const phrase_table *table, const uint8_t *folded, size_t len,
                         unsigned *category);

/* What a text is to a table. Most text need not be folded to tell. It is valid UTF-8 of at least
   one byte, readable BUFFER_SLACK bytes further; `folded` is scratch. False: out of memory. */
bool phrase_find(const phrase_table *table, const uint8_t *text, size_t len, buffer *folded,
                 phrase_answer *answer, unsigned *category);

/* As phrase_find, of a text of more than PHRASE_MAX bytes: whether it begins with a phrase that has
   a star, or holds one that has two. Linear. */
bool phrase_find_long(const phrase_table *table, const uint8_t *text, size_t len, buffer *folded,
                      phrase_answer *answer);

#endif
