/*
 * Saved sets: the keys of what was seen, as a file.
 *
 * All numbers are little-endian. A file is a header of 128 bytes, the keys, and a hash.
 *
 *   at  bytes
 *    0      8  8F 77 69 6E 6E 6F 77 0A ("winnow" between a byte that is no text and a line end)
 *    8      4  the version of this format: 1
 *   12      4  what a key is made by: KEY_RULES; raised when folding, or the mixing below, changes
 *   16      8  how many keys
 *   24      8  XXH3-64 of the secret
 *   32      4  min_words
 *   36      1  winnow_match
 *   37      1  winnow_unit
 *   38      1  winnow_form
 *   39      1  1: tidied, 0: not
 *   40      1  winnow_sentences
 *   41      1  bytes of a key: 10
 *   42      6  0
 *   48     16  lang, filled up with 0; all 0: none
 *   64     16  the Unicode version of the normal forms and folds ("15.0.0"), likewise
 *   80     16  the Unicode version of the sentence boundaries, likewise
 *   96     16  the version of winnow that wrote it, likewise
 *  112     16  0
 *  128  10 * n  the keys, as memcmp orders them, each greater than the one before it
 *  ...     16  XXH3-128, in its canonical form, of the keys followed by the header
 *
 * A key is the 80 bits that the seen set compares, so a later run gives the very verdicts that one
 * run would give. The 128 bits of XXH3 are mixed (seen_mix.h); then come the top 8 bits of the high
 * half, the low half from its highest byte on, and the next 8 bits of the high half.
 *
 * Sets fit each other when all of the header is the same but the count and the writer's version.
 */
#ifndef JUDGE_SAVED_H
#define JUDGE_SAVED_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "judge/saved_bytes.h"
#include "judge/seen_mix.h"
#include "winnow.h"

enum {
    SAVED_VERSION = 1,
    KEY_RULES = 1,
    SAVED_HEADER_BYTES = 128,
    SAVED_KEY_BYTES = 10,
    SAVED_HASH_BYTES = 16
};

typedef struct {
    uint64_t count, secret_hash;
    uint32_t min_words;
    uint8_t match, unit, form, tidy, sentences;
    char lang[SAVED_NAME_BYTES]; /* these end with a NUL */
    char unicode[SAVED_NAME_BYTES];
    char sentence_unicode[SAVED_NAME_BYTES];
    char writer[SAVED_NAME_BYTES];
} saved_header;

/* A key as a file orders it: by `high`, then by `low`. */
typedef struct {
    uint64_t high;
    uint16_t low;
} saved_key;

static inline bool saved_before(saved_key a, saved_key b)
{
    return a.high != b.high ? a.high < b.high : a.low < b.low;
}

static inline saved_key saved_key_of(seen_id id)
{
    uint64_t place = (uint64_t)(id.region * SEEN_PARTS + id.part);
    return (saved_key){place << 56 | id.word >> 8, (uint16_t)((id.word & 0xFF) << 8 | id.tag)};
}

static inline seen_id saved_id_of(saved_key k)
{
    return (seen_id){.word = k.high << 8 | k.low >> 8, .region = (uint8_t)(k.high >> 60),
                     .part = (uint8_t)(k.high >> 56 & 15), .tag = (uint8_t)k.low};
}

/* What a set made by these options begins with. */
void saved_header_of(saved_header *h, const winnow_options *opt, const uint8_t *secret);

void saved_encode(const saved_header *h, uint8_t bytes[SAVED_HEADER_BYTES]);

/* Whether keys of sets with these headers may meet. False: `fault` tells what differs, of `have` as
   against `want`. */
bool saved_fits(const saved_header *have, const saved_header *want, char fault[SAVED_FAULT_BYTES]);

/* The name of a choice as the command line has it. */
const char *saved_match_name(const saved_header *h);
const char *saved_unit_name(const saved_header *h);
const char *saved_form_name(const saved_header *h);
const char *saved_sentences_name(const saved_header *h);

/* ---- Reading: the keys in order, whatever is wrong found on the way ---- */

typedef struct {
    saved_header header;
    saved_key key;   /* the one read last */
    uint64_t left;   /* keys not yet read */
    char fault[SAVED_FAULT_BYTES]; /* what is wrong, after ERR_SET */

    winnow_source *source;
    void *user;
    uint64_t offset; /* of the next block in the file */
    uint8_t *block;
    size_t at, len;  /* bytes of the block: read, there */
    void *hash;      /* XXH3_state_t */
} saved_reader;

/* Reads the header. `*r` is to be freed whatever the answer. Errors: NOMEM, SOURCE, SET. */
winnow_status saved_open(saved_reader *r, winnow_source *source, void *user);

/* Reads the next key into r->key, while r->left > 0. With the last one the hash is compared, and
   that nothing follows it: only then are the keys known to be right. Errors: as saved_open. */
winnow_status saved_next(saved_reader *r);

/* How many keys of the file are before `key`; the reader stays where it is. Its answer is as good
   as the file's order, which saved_next looks after. Errors: as saved_open. */
winnow_status saved_find(saved_reader *r, saved_key key, uint64_t *count);

void saved_close(saved_reader *r);

/* ---- Writing ---- */

typedef struct {
    saved_header header;
    winnow_sink *sink;
    void *user;
    uint64_t count; /* keys put */
    uint8_t *block;
    size_t len;
    void *hash;
} saved_writer;

/* Writes the header. Where its count is not known yet, the caller sees to it that the header which
   saved_finish leaves in w->header takes its place. `*w` is to be freed whatever the answer.
   Errors: NOMEM, SINK. */
winnow_status saved_begin(saved_writer *w, const saved_header *header, winnow_sink *sink,
                          void *user);

/* `key` comes after all that were put before. Errors: SINK. */
winnow_status saved_put(saved_writer *w, saved_key key);

/* Writes what is held and the hash. Errors: SINK. */
winnow_status saved_finish(saved_writer *w);

void saved_free(saved_writer *w);

#endif
