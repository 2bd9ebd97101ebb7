/* What the lists of corpus/abbreviations say about a word. */
#ifndef SENTENCE_WORDS_H
#define SENTENCE_WORDS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* What a full stop behind the word means. */
enum {
    WORD_PLAIN,  /* the end of a sentence */
    WORD_NEVER,  /* an abbreviation that something must follow: "Dr." */
    WORD_DIGIT,  /* an abbreviation before a number, else a word: "no. 5" */
    WORD_MAY,    /* an abbreviation that may end a sentence; by default it does not: "Inc." */
    WORD_LIKELY  /* ... by default it does: "etc." */
};

/* What the word does elsewhere; bits. */
enum {
    WORD_CAPITAL = 1 << 0,        /* abbreviation only with a capital: "Gen.", not "gen." */
    WORD_STARTS = 1 << 1,         /* often begins a sentence, hardly ever is a name */
    WORD_ARTICLE = 1 << 2,        /* begins sentences, but names too: "De", "La" */
    WORD_STAYS = 1 << 3,          /* goes on after "5 p.m.": "Monday", "EST" */
    WORD_AFTER_NUMBER = 1 << 4,   /* "12. Juni" */
    WORD_BEFORE_ORDINAL = 1 << 5, /* "am 12. Dezember" */
    WORD_FRONTS = 1 << 6,         /* opens a phrase before the subject: "At 5 p.m. Mr. Smith" */
    WORD_SHOUTS = 1 << 7,         /* a name that is written with "!" */
    WORD_TITLE = 1 << 8,          /* stands before a name, so it may begin a sentence: "Mr." */
    WORD_SUBJECT = 1 << 9,        /* begins a sentence even in small letters: "they" */
    WORD_SAYS = 1 << 10           /* after a quotation and a name: "said" */
};

typedef struct {
    uint8_t abbreviation;
    uint16_t roles;
} word;

enum { WORDS_MOST_LANGUAGES = 64 };
enum { WORD_MERGED = -1 }; /* no language: what does no harm in any */

/* The number of a language, by its file's name; -2: there is none. Thread-safe. */
int words_language(const char *code);

/* The code of a language, by its number; NULL past the last. Thread-safe. */
const char *words_code(unsigned language);

/* What is known of a word in any case, without its last full stop. Thread-safe. */
word words_find(int language, const uint8_t *text, size_t len);

/* Whether ASCII letters end at `end` that are no word of the lists, no initial, no number, and not
   written without vowels: true only if that is sure. Reads the WORDS_BEFORE bytes before. */
enum { WORDS_BEFORE = 8 };
bool words_plain_before(const uint8_t *end);

#endif
