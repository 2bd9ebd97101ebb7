/* A terminator in prose, with what stands around it. */
#ifndef SENTENCE_STOP_H
#define SENTENCE_STOP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "sentence/class.h"
#include "sentence/words.h"

/* How far is looked. Bounded, so that no text takes time beyond its length. */
enum {
    BACK_BYTES = 48,    /* the word before a full stop */
    AHEAD_BYTES = 64,   /* SB8: on to the letter that decides */
    BRACKET_BYTES = 240 /* on to the bracket that closes a quotation in CJK text */
};

typedef struct {
    const uint8_t *text; /* where the sentence begins */
    size_t len;
    const uint32_t *place; /* as scan_next takes it */
    size_t offset;
    int language;
    bool is_item; /* it begins with the mark of a list's item: "2.", "b)", a bullet */
} line;

typedef struct {
    size_t at;     /* the run of terminators */
    size_t end;    /* behind it */
    size_t close;  /* behind closing quotes, brackets and notes */
    size_t next;   /* behind the blanks: where another sentence would begin */
    unsigned dots; /* full stops in the run; an ellipsis character counts 3 */
    bool strong;   /* a terminator that is no full stop: ? ! ; and those of other scripts */
    bool full;     /* needs no blank behind it: CJK, Indic ... */
    bool spaced;   /* ". . ." */
    letter before; /* the character before the run */
    letter after;  /* the character at next */
} stop;

typedef struct {
    size_t begin, end;
    letter first; /* its first letter or digit */
} token;

/* Whether a decision begins at `at`, and if so all about it. */
bool stop_read(const line *l, size_t at, stop *s);

/* The word that ends at `end`: letters, digits, and what stands within words: . - & @ _ ° */
token token_before(const line *l, size_t end);

/* The first word at or after `at`, within AHEAD_BYTES and before any terminator. */
token token_after(const line *l, size_t at);

/* What the lists say of a word. */
word token_word(const line *l, const token *t);

/* Whether it is ASCII digits; whether it has no ASCII but letters. */
bool token_is_number(const line *l, const token *t);
bool token_is_letters(const line *l, const token *t);

#endif
