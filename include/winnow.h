/*
 * winnow.h: a streaming filter that cleans text.
 *
 * Text goes in by winnow_feed() in pieces of any size. The same text, cleaned, comes out through
 * a callback: Unicode normalised, every sentence seen before dropped, site boilerplate removed.
 *
 *     winnow *w;
 *     if (winnow_create(&w, NULL, my_sink, my_file) == WINNOW_OK) {
 *         while ((n = read(0, bytes, sizeof bytes)) > 0 && winnow_feed(w, bytes, n) == WINNOW_OK)
 *             continue;
 *         winnow_finish(w);
 *         winnow_free(w);
 *     }
 *
 * The contract worth most: what is written depends on the bytes fed and on the options alone, not
 * on how the bytes were cut into calls, nor on flushes, the number of threads, the locale, or the
 * machine.
 *
 * The library never prints, never exits, and touches neither signals nor the locale. It keeps no
 * global state but tables that are built once and then only read. A context belongs to one thread
 * at a time; different contexts may run in different threads.
 */
#ifndef WINNOW_H
#define WINNOW_H

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

#if defined(__GNUC__)
#define WINNOW_API __attribute__((visibility("default")))
#else
#define WINNOW_API
#endif

#define WINNOW_VERSION "0.1.0"

typedef struct winnow winnow; /* one stream and what it has seen */
typedef struct winnow_rules winnow_rules; /* phrases of the caller's own */

typedef enum {
    WINNOW_OK = 0,
    WINNOW_ERR_NOMEM,   /* an allocation failed */
    WINNOW_ERR_OPTION,  /* an option out of its range, or two that exclude each other: lang and
                           WINNOW_UAX29; WINNOW_EMPTY_DROP and WINNOW_TEXT or WINNOW_LINES; field
                           and another format than WINNOW_JSONL; rules that were not ended */
    WINNOW_ERR_SINK,    /* a callback asked to stop */
    WINNOW_ERR_INVALID, /* bytes that are not UTF-8, and WINNOW_INVALID_FAIL was asked for */
    WINNOW_ERR_FULL,    /* the seen set has reached options.memory */
    WINNOW_ERR_RECORD,  /* a record that cannot be cleaned, and WINNOW_INVALID_FAIL was asked for */
    WINNOW_ERR_RULE,    /* a line of rules that says nothing */
    WINNOW_ERR_STATE,   /* a call after an error: only winnow_reset and winnow_free may follow */
    WINNOW_ERR_SOURCE,  /* a source could not be read */
    WINNOW_ERR_SET      /* a saved set, or what was learnt, that is none, is damaged, or does not
                           fit the options: winnow_set_fault tells */
} winnow_status;

/* The Unicode normal form written (UAX #15). */
typedef enum {
    WINNOW_NFC = 0,
    WINNOW_NFD,
    WINNOW_NFKC,
    WINNOW_NFKD,
    WINNOW_FORM_NONE
} winnow_form;

/* What becomes of bytes that are not UTF-8. */
typedef enum {
    WINNOW_INVALID_REPLACE = 0, /* U+FFFD for each maximal subpart (Unicode 15, 3.9) */
    WINNOW_INVALID_DROP,        /* they go */
    WINNOW_INVALID_FAIL         /* WINNOW_ERR_INVALID */
} winnow_invalid;

/* What is compared. */
typedef enum {
    WINNOW_SENTENCE = 0,
    WINNOW_LINE,
    WINNOW_PARAGRAPH, /* lines between empty lines */
    WINNOW_DOCUMENT
} winnow_unit;

/* Where sentences end. */
typedef enum {
    WINNOW_PROSE = 0, /* UAX #29, and what prose needs: abbreviations, initials, quotations... */
    WINNOW_UAX29      /* UAX #29 alone */
} winnow_sentences;

/* What counts as the same. */
typedef enum {
    WINNOW_MATCH_TEXT = 0, /* whatever the case, the width, the shape of quotes and dashes */
    WINNOW_MATCH_EXACT,    /* byte for byte as written */
    WINNOW_MATCH_LOOSE     /* also whatever the numbers, the punctuation, Western accents */
} winnow_match;

/* How far back a repeat is looked for. */
typedef enum { WINNOW_SCOPE_STREAM = 0, WINNOW_SCOPE_DOCUMENT } winnow_scope;

/* What happens when the seen set may not grow any more. */
typedef enum {
    WINNOW_FULL_FAIL = 0, /* WINNOW_ERR_FULL; what was written is right */
    WINNOW_FULL_PASS      /* what is new is no longer remembered, so its repeats pass */
} winnow_memory_full;

/* How much site boilerplate is removed. */
typedef enum {
    WINNOW_BOILERPLATE_DEFAULT = 0, /* phrases, and lines whose neighbours speak against them */
    WINNOW_BOILERPLATE_OFF,
    WINNOW_BOILERPLATE_PHRASES, /* only text known to be boilerplate */
    WINNOW_BOILERPLATE_STRICT   /* as default, with a lower threshold */
} winnow_boilerplate;

/* What a document is. */
typedef enum {
    WINNOW_TEXT = 0, /* everything up to winnow_finish */
    WINNOW_LINES,    /* each line */
    WINNOW_NUL,      /* what stands before each NUL */
    WINNOW_JSONL,    /* the string at options.field of the JSON object on each line (RFC 8259).
                        Every byte around it stays, and so do those of a string that cleaning leaves as it
                        is; in others, quotes, backslashes and C0 controls are escaped, the rest is
                        UTF-8. Half a surrogate pair is U+FFFD; of keys that are the same the last
                        counts; a BOM may stand before the object. A text that did not end in a
                        line end does not afterwards */
    WINNOW_WET       /* the block of each `conversion` record, unless its Content-Type is not text
                        (WARC/1.0 and 1.1, ISO 28500). Where cleaning changes it, Content-Length and
                        SHA-1 digests follow; digests of other kinds are left out. Other records
                        stay as they are */
} winnow_format;

/* What becomes of a document that has no text left (WINNOW_NUL, WINNOW_JSONL, WINNOW_WET). */
typedef enum { WINNOW_EMPTY_KEEP = 0, WINNOW_EMPTY_DROP } winnow_empty;

/* Why a piece of text was dropped. */
typedef enum {
    WINNOW_KEPT = 0,
    WINNOW_REPEAT,  /* its key was seen before */
    WINNOW_PHRASE,  /* known boilerplate text */
    WINNOW_CONTEXT, /* its shape and its neighbours' */
    WINNOW_RULE,     /* options.rules */
    WINNOW_TEMPLATE, /* a short line that stood in the same place of earlier documents */
    WINNOW_REASONS  /* how many reasons there are */
} winnow_reason;

/* Takes cleaned text: `len` bytes of valid UTF-8, borrowed until it returns. 0: go on; anything
   else: stop, and the call that led here returns WINNOW_ERR_SINK. Called only from within
   winnow_feed, winnow_flush and winnow_finish, on the thread that called them. */
typedef int winnow_sink(void *user, const void *text, size_t len);

/* A verdict on a sentence, on the part of a larger unit that stood on one line, or on a line. */
typedef struct {
    winnow_reason reason; /* WINNOW_KEPT: it stays */
    const char *category; /* of a phrase ("comments", "share"...); NULL where there is none */
    uint64_t document;    /* number of its document, from 1. In WINNOW_JSONL each line is one, in
                             WINNOW_WET each record, cleaned or not */
    uint64_t line;        /* number of its line in the input, from 1; in WINNOW_JSONL and
                             WINNOW_WET, in its document's text */
    uint64_t byte;        /* where it begins in the input, in bytes from 0 */
    const char *text;     /* cleaned, not NUL-terminated; borrowed until the callback returns */
    size_t len;           /* bytes of text */
    uint64_t unit;        /* where a unit that was compared begins: half of its key, the same for
                             all its copies; else 0 */
} winnow_verdict;

/* Sees verdicts, in input order. 0: go on; else as of a winnow_sink. */
typedef int winnow_verdict_sink(void *user, const winnow_verdict *verdict);

/* A record of WINNOW_JSONL or WINNOW_WET that was passed on as it is, because it cannot be cleaned:
   it is no JSON object, or is nested over 256 deep, or has no string at the field, or is a damaged
   WARC record, or longer than 128 MiB. (Empty lines and WARC records of other types pass too, but
   are not told of.) */
typedef struct {
    uint64_t document; /* number of the record, from 1 */
    uint64_t byte;     /* where it begins in the input, in bytes from 0 */
    const char *why;   /* a constant text: "no JSON object"... */
} winnow_passed;

/* Is told of each such record, in input order. 0: go on; else as of a winnow_sink. */
typedef int winnow_pass_sink(void *user, const winnow_passed *record);

/* All zero is the default. The struct is copied by winnow_create. */
typedef struct {
    winnow_form form;
    int no_tidy; /* 1: leave blanks, line ends and controls alone */
    winnow_invalid invalid;

    winnow_unit unit;
    winnow_sentences sentences;
    const char *lang; /* sharpens WINNOW_PROSE for a language: one of winnow_language; NULL: what
                         does no harm in any */
    int split; /* 1: one sentence a line is written */
    winnow_match match;
    const unsigned char *secret; /* WINNOW_SECRET_BYTES random bytes that key the hash, so that
                                    nobody can make up texts that are taken for each other; copied.
                                    NULL: ours, the same everywhere */
    uint32_t keep;      /* copies of each unit that stay; 0: 1; WINNOW_KEEP_ALL: every one */
    uint32_t min_words; /* shorter units are not compared; 0: 3 */
    winnow_scope scope;
    uint64_t memory; /* most bytes the seen set may take; 0: no limit */
    winnow_memory_full memory_full;

    winnow_boilerplate boilerplate;
    const winnow_rules *rules; /* apply at every level, WINNOW_BOILERPLATE_OFF too; borrowed until
                                  winnow_free, ended by winnow_rules_end; several contexts, in any
                                  threads, may share them. NULL: none */

    int learn; /* 1: the lines that recur in documents are counted, for winnow_learned */

    winnow_format format;
    const char *field; /* WINNOW_JSONL: where the text stands, keys from the outermost object inward
                          with dots between them, 255 bytes at most; copied. NULL: "text" */
    winnow_empty empty;

    int invert;       /* 1: write what is dropped instead of what is kept */
    int count;        /* 1: sentences are counted even where nothing else needs them found */
    unsigned threads; /* that may work at once, the caller's included; 0: 1, no thread is made */

    winnow_verdict_sink *on_drop; /* sees each piece of text that goes; NULL: nobody asks */
    winnow_verdict_sink *on_keep; /* sees each that stays; together they see all lines that are not
                                     empty */
    void *on_verdict_user;

    winnow_pass_sink *on_pass; /* NULL: nobody asks */
    void *on_pass_user;
} winnow_options;

#define WINNOW_KEEP_ALL UINT32_MAX
#define WINNOW_SECRET_BYTES 192

/* What happened so far. Sums over everything fed since winnow_create or winnow_reset. */
typedef struct {
    uint64_t bytes_in, bytes_out;
    uint64_t documents;
    uint64_t lines_in, lines_out;     /* of text, in WINNOW_JSONL and WINNOW_WET */
    uint64_t gap_before, gap_after;   /* 1: an empty line would stand before what was written, or
                                         behind it, were there text; in WINNOW_NUL, WINNOW_JSONL and
                                         WINNOW_WET gap_after: the end that the last record lacks,
                                         were there another. For those who join outputs */
    uint64_t sentences;               /* = kept + every dropped[...]; whole lines, where lines
                                         are compared and nothing asks for sentences */
    uint64_t kept;
    uint64_t dropped[WINNOW_REASONS]; /* by reason; [WINNOW_KEPT] stays 0 */
    uint64_t too_short;               /* units kept unlooked at: fewer than min_words */
    uint64_t passed_records;          /* of documents: those a winnow_pass_sink is told of */
    uint64_t invalid_bytes;           /* bytes that were not UTF-8, in text */
    uint64_t controls;                /* control characters and escape sequences removed */
    uint64_t forced_cuts;             /* stretches cut because they were too long to be held */
    uint64_t unremembered;            /* units that passed and were not remembered: memory full */
    uint64_t unique;                  /* keys in the seen set */
    uint64_t loaded;                  /* of them, those of saved sets */
    uint64_t seen_bytes;              /* what the seen set takes */
    double expected_false_drops;      /* by the birthday bound, for the bits compared */
    uint64_t secret_hash;             /* XXH3-64 of the secret, which tells secrets apart */
} winnow_stats;

/* Makes a context. `opt` may be NULL (defaults). `*out` is written only on success; it is freed by
   winnow_free. Errors: NOMEM, OPTION. */
WINNOW_API winnow_status winnow_create(winnow **out, const winnow_options *opt, winnow_sink *sink,
                                       void *user);

/* Takes all `len` bytes. They are not needed after the call. Errors stick: after one, every call
   but winnow_reset and winnow_free returns WINNOW_ERR_STATE. Errors: any but OPTION. */
WINNOW_API winnow_status winnow_feed(winnow *w, const void *bytes, size_t len);

/* Writes all that is settled by the bytes so far: whole lines that wait for no neighbour. For live
   streams; never changes what is written in the end. Errors: as winnow_feed. */
WINNOW_API winnow_status winnow_flush(winnow *w);

/* Ends the document and writes all that is held. What was seen stays: feeding on begins the next
   document of the same stream, on a line of its own. Errors: as winnow_feed. */
WINNOW_API winnow_status winnow_finish(winnow *w);

/* Makes the context as new, with the same options and callbacks; nothing is remembered. */
WINNOW_API winnow_status winnow_reset(winnow *w);

/* Frees the context. NULL is fine. Nothing more is written. */
WINNOW_API void winnow_free(winnow *w);

/* Reads bytes of a saved set, as pread(2) does: `len` at most, from `offset` on. Answers how many,
   0 at the end, less than 0 where they cannot be read: then the call that led here returns
   WINNOW_ERR_SOURCE. */
typedef int64_t winnow_source(void *user, uint64_t offset, void *bytes, size_t len);

/* Takes what a saved set holds for seen before. May be called again, for more sets; not after
   something was fed (STATE). Units go as if those that the set was saved from had been fed before,
   with the same options, but that WINNOW_TEMPLATE (of WINNOW_BOILERPLATE_STRICT) goes by this
   stream alone; options.keep must be 1 and options.scope WINNOW_SCOPE_STREAM (OPTION: a set tells
   whether a unit was there, not how often nor where). A set fits that was made with the same match,
   unit, form, no_tidy, sentences, lang, min_words and secret, on the same Unicode data. All of it
   is read, and what is wrong with it is found, before this returns. Until winnow_reset or
   winnow_free, winnow_save_seen may read it again. The file is described in filter/judge/saved.h.
   Errors: OPTION, NOMEM, SOURCE, SET, STATE, and FULL where it takes more than options.memory,
   whatever options.memory_full; all but OPTION stick. */
WINNOW_API winnow_status winnow_load_seen(winnow *w, winnow_source *source, void *user);

/* Saves what was first seen since winnow_create or winnow_reset: without what was loaded. To be
   called after winnow_finish. The same input and options give the same bytes. `sink` sees bytes
   that are no text, and is called within this call only. Errors: OPTION (as winnow_load_seen),
   NOMEM, SINK, SOURCE, SET (a set loaded has changed since), STATE; none of them stick. */
WINNOW_API winnow_status winnow_save_seen(winnow *w, winnow_sink *sink, void *user);

/* What was wrong with a saved set, or with what was learnt, after WINNOW_ERR_SET: a short text,
   "another --match: loose, not text"; valid until the next call with `w`. */
WINNOW_API const char *winnow_set_fault(const winnow *w);

/* Fills `*out`. May be called at any time, also after an error. */
WINNOW_API void winnow_get_stats(const winnow *w, winnow_stats *out);

/* Hands rules (see winnow_rules_create) to `sink` as a text, in one call: the lines that recur in
   the documents so far, the most frequent first, how often in comments. For people to look over.
   Lines of at most 12 words, whatever became of them, that stood in 3 documents or more and in one
   of 1000 or more, and in half of these or more behind the same line as the time before. Counts are
   exact for inputs with up to 262144 different short lines; with more they may be too low, never
   too high, and the text says by how much at most. May be called at any time, also after an error.
   Errors: NOMEM, SINK, OPTION (options.learn was not set). */
WINNOW_API winnow_status winnow_learned(const winnow *w, winnow_sink *sink, void *user);

/* Goes on with what an earlier run counted, as if its documents had been fed before. May be called
   again, for the runs in their order; not after something was fed (STATE). Then winnow_learned
   tells of all of them, byte for byte what one run would, as long as all together have up to 262144
   different short lines; with more, what each count may be too low by adds up, to 2 / 262144 of all
   counting at most, as in one run. A file fits that was made with the same form and no_tidy, on the
   same Unicode data; all of it is found right before any of it counts. It is described in
   filter/judge/learned.h. Errors: OPTION (options.learn was not set), NOMEM, SOURCE, SET
   (winnow_set_fault tells), STATE; all but OPTION stick. */
WINNOW_API winnow_status winnow_load_learned(winnow *w, winnow_source *source, void *user);

/* Hands what was counted, here and in the runs loaded, to `sink`: bytes that are no text, 51 MB at
   most, in one call. To be called after winnow_finish. Errors: OPTION (options.learn was not set),
   NOMEM, SINK, STATE; none of them stick. */
WINNOW_API winnow_status winnow_save_learned(const winnow *w, winnow_sink *sink, void *user);

/* The byte offset in the input of the first bytes that are not UTF-8, after WINNOW_ERR_INVALID; of
   the record, after WINNOW_ERR_RECORD. */
WINNOW_API uint64_t winnow_invalid_at(const winnow *w);

/* Rules: phrases, one a line. A sentence that is one, or a run of them, is dropped, and so is a
   line (of at most 400 bytes, or of one sentence). They are compared as by WINNOW_MATCH_LOOSE.

       # a comment
       phrase       the whole of it, or a part of a run
       phrase*      its beginning, in whole words
       *phrase*     anywhere in it
       !phrase      never boilerplate: no phrase, no neighbour, no other rule drops it (with stars
                    likewise); it may be a repeat
       \#phrase     a backslash before # ! * or another makes text of it

   What one rule protects stays, whatever others say. At most 16 million words in all.

   winnow_rules_create writes `*out` only on success. Errors: NOMEM. */
WINNOW_API winnow_status winnow_rules_create(winnow_rules **out);

/* Adds the lines of `text`; the last needs no line end. After an error, of which `*line` (from 1,
   of this text) and `*why` (a constant) say more where it is RULE, they may only be freed; both may
   be NULL. Errors: NOMEM, RULE, STATE (after winnow_rules_end). */
WINNOW_API winnow_status winnow_rules_add(winnow_rules *rules, const void *text, size_t len,
                                          uint64_t *line, const char **why);

/* All is added: makes the rules ready for use. Errors: NOMEM, STATE (a second time). */
WINNOW_API winnow_status winnow_rules_end(winnow_rules *rules);

/* Frees rules that no context uses any more. NULL is fine. */
WINNOW_API void winnow_rules_free(winnow_rules *rules);

/* A short text for a status; a constant, never NULL. */
WINNOW_API const char *winnow_status_text(winnow_status st);

/* The name of a reason as it stands in reports ("repeat", "phrase"...); a constant. */
WINNOW_API const char *winnow_reason_name(winnow_reason reason);

/* The code of the i-th language options.lang may take, from 0; NULL past the last. A constant. */
WINNOW_API const char *winnow_language(unsigned i);

/* One line for each part whose version decides what is written: winnow, utf8proc, Unicode, xxHash,
   the tables, the secret of the keys. A constant text that ends with a line end. Thread-safe. */
WINNOW_API const char *winnow_version_text(void);

#ifdef __cplusplus
}
#endif

#endif
