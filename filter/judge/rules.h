/*
 * Rules: lists of phrases as people write them, made into a table that phrase_ask reads.
 *
 * A phrase a line; it is folded as --match=loose folds the text it will be compared with.
 *
 *     # a comment
 *     phrase      a whole sentence, a whole line, or part of a run of phrases
 *     phrase*     at the start of one
 *     *phrase*    anywhere in one
 *     !phrase     is never boilerplate (also with stars)
 *     \#phrase    a backslash before # ! * or another at the start, and before a star at the end,
 * is
 *                 taken off with its meaning
 *
 * The lists in corpus/boilerplate may say more:
 *
 *     [comments]            the phrases below are of this category
 *     posted {by|in} %      each of the alternatives; % is a name of 1 to 4 words
 *     +news                 counts only in a run, never alone
 */
#ifndef JUDGE_RULES_H
#define JUDGE_RULES_H

#include "base/buffer.h"
#include "base/list.h"
#include "judge/phrase.h"
#include "winnow.h"

/* A beginning of phrases, in whole words. */
typedef struct {
    uint32_t before; /* the one without its last word */
    uint32_t state;  /* of the automaton: equal ones have equal continuations */
    uint64_t word;   /* hash of its last word */
    uint64_t sum[2]; /* of all that can follow, in any order */
    uint64_t filter; /* filter_hash of the words */
    uint64_t start;  /* its first bytes, a blank behind each word; those not there are 0 */
    uint8_t start_len;
    uint8_t words;   /* how many, up to FILTER_WORDS + 1: too many for the filter, or names */
    uint8_t category, flags;
    bool first; /* of its state */
} rules_node;

typedef struct {
    bool corpus; /* the second kind of lines is understood as well */
    bool signs;  /* a phrase begins with signs alone */
    unsigned category;
    LIST(char *) names;     /* of the categories, owned; the first is category 1 */
    LIST(rules_node) nodes; /* the first is the empty beginning; each comes after its `before` */
    uint32_t *places;       /* where a node is, by `before` and `word`; 0: an empty place */
    size_t place_count;
    size_t states, edges; /* of the table made */
    buffer text, folded;
} rules;

/* Adds a line, without its line end. False: `*why` says what is wrong with it; a constant. All zero
   is an empty set of rules; after a failure it may only be freed. */
bool rules_add(rules *r, const uint8_t *line, size_t len, const char **why);

/* Makes the table, once all lines are added; phrase_table_free frees it. False: out of memory. */
bool rules_table(rules *r, phrase_table *out);
void phrase_table_free(phrase_table *t);

void rules_free(rules *r);

/* The table of rules that were ended; NULL before. */
const phrase_table *rules_phrases(const winnow_rules *r);

#endif
