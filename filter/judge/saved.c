#include "judge/saved.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <utf8proc.h>
#include <xxhash.h>

#include "judge/key.h"
#include "sentence/sentence.h"

static const uint8_t MAGIC[8] = {0x8F, 'w', 'i', 'n', 'n', 'o', 'w', '\n'};

enum { BLOCK_BYTES = 6400 * SAVED_KEY_BYTES }; /* some 64 KiB of whole keys */

/* ---- The header ----------------------------------------------------------------------------- */

static void set_name(char name[SAVED_NAME_BYTES], const char *text)
{
    snprintf(name, SAVED_NAME_BYTES, "%s", text);
}

void saved_header_of(saved_header *h, const winnow_options *opt, const uint8_t *secret)
{
    *h = (saved_header){
        .secret_hash = XXH3_64bits(secret, KEY_SECRET_BYTES),
        .min_words = opt->min_words,
        .match = (uint8_t)opt->match,
        .unit = (uint8_t)opt->unit,
        .form = (uint8_t)opt->form,
        .tidy = !opt->no_tidy,
        .sentences = (uint8_t)opt->sentences,
    };
    set_name(h->lang, opt->lang ? opt->lang : "");
    set_name(h->unicode, utf8proc_unicode_version());
    set_name(h->sentence_unicode, sentence_unicode_version);
    set_name(h->writer, WINNOW_VERSION);
}

void saved_encode(const saved_header *h, uint8_t bytes[SAVED_HEADER_BYTES])
{
    memset(bytes, 0, SAVED_HEADER_BYTES);
    memcpy(bytes, MAGIC, sizeof MAGIC);
    put_number(bytes + 8, SAVED_VERSION, 4);
    put_number(bytes + 12, KEY_RULES, 4);
    put_number(bytes + 16, h->count, 8);
    put_number(bytes + 24, h->secret_hash, 8);
    put_number(bytes + 32, h->min_words, 4);
    const uint8_t choices[] = {h->match, h->unit, h->form, h->tidy, h->sentences, SAVED_KEY_BYTES};
    memcpy(bytes + 36, choices, sizeof choices);
    memcpy(bytes + 48, h->lang, SAVED_NAME_BYTES);
    memcpy(bytes + 64, h->unicode, SAVED_NAME_BYTES);
    memcpy(bytes + 80, h->sentence_unicode, SAVED_NAME_BYTES);
    memcpy(bytes + 96, h->writer, SAVED_NAME_BYTES);
}

static winnow_status wrong(saved_reader *r, const char *what)
{
    snprintf(r->fault, sizeof r->fault, "%s", what);
    return WINNOW_ERR_SET;
}

static winnow_status wrong_version(saved_reader *r, const char *what, uint64_t have, unsigned want)
{
    snprintf(r->fault, sizeof r->fault, "%s %llu; this winnow reads %u", what,
             (unsigned long long)have, want);
    return WINNOW_ERR_SET;
}

static winnow_status decode(saved_reader *r, const uint8_t bytes[SAVED_HEADER_BYTES])
{
    saved_header *h = &r->header;
    if (memcmp(bytes, MAGIC, sizeof MAGIC) != 0)
        return wrong(r, "not a saved set");
    if (get_number(bytes + 8, 4) != SAVED_VERSION)
        return wrong_version(r, "a saved set of version", get_number(bytes + 8, 4), SAVED_VERSION);
    if (get_number(bytes + 12, 4) != KEY_RULES)
        return wrong_version(r, "keys made by rules", get_number(bytes + 12, 4), KEY_RULES);
    *h = (saved_header){
        .count = get_number(bytes + 16, 8),
        .secret_hash = get_number(bytes + 24, 8),
        .min_words = (uint32_t)get_number(bytes + 32, 4),
        .match = bytes[36],
        .unit = bytes[37],
        .form = bytes[38],
        .tidy = bytes[39],
        .sentences = bytes[40],
    };
    bool whole = get_name(h->lang, bytes + 48) && get_name(h->unicode, bytes + 64) &&
                 get_name(h->sentence_unicode, bytes + 80) && get_name(h->writer, bytes + 96);
    whole &= h->match <= WINNOW_MATCH_LOOSE && h->unit <= WINNOW_DOCUMENT &&
             h->form <= WINNOW_FORM_NONE && h->tidy <= 1 && h->sentences <= WINNOW_UAX29 &&
             bytes[41] == SAVED_KEY_BYTES && h->count <= UINT64_MAX / 16;
    uint8_t again[SAVED_HEADER_BYTES];
    saved_encode(h, again);
    return whole && memcmp(again, bytes, sizeof again) == 0 ? WINNOW_OK : wrong(r, "damaged");
}

const char *saved_match_name(const saved_header *h)
{
    static const char *const names[] = {
        [WINNOW_MATCH_TEXT] = "text",
        [WINNOW_MATCH_EXACT] = "exact",
        [WINNOW_MATCH_LOOSE] = "loose",
    };
    return names[h->match];
}

const char *saved_unit_name(const saved_header *h)
{
    static const char *const names[] = {[WINNOW_SENTENCE] = "sentence", [WINNOW_LINE] = "line",
                                        [WINNOW_PARAGRAPH] = "paragraph",
                                        [WINNOW_DOCUMENT] = "document"};
    return names[h->unit];
}

const char *saved_form_name(const saved_header *h)
{
    static const char *const names[] = {[WINNOW_NFC] = "nfc", [WINNOW_NFD] = "nfd",
                                        [WINNOW_NFKC] = "nfkc", [WINNOW_NFKD] = "nfkd",
                                        [WINNOW_FORM_NONE] = "none"};
    return names[h->form];
}

const char *saved_sentences_name(const saved_header *h)
{
    return h->sentences == WINNOW_UAX29 ? "uax29" : "prose";
}

static bool same(const char *what, const char *have, const char *want, char *fault)
{
    if (strcmp(have, want) == 0)
        return true;
    snprintf(fault, SAVED_FAULT_BYTES, "%s: %s, not %s", what, *have ? have : "none",
             *want ? want : "none");
    return false;
}

static bool same_number(const char *what, const char *format, uint64_t have, uint64_t want,
                        char *fault)
{
    char a[24], b[24];
    bool hex = strcmp(format, "hex") == 0;
    snprintf(a, sizeof a, hex ? "%016llx" : "%llu", (unsigned long long)have);
    snprintf(b, sizeof b, hex ? "%016llx" : "%llu", (unsigned long long)want);
    return same(what, a, b, fault);
}

bool saved_fits(const saved_header *have, const saved_header *want, char fault[SAVED_FAULT_BYTES])
{
    return same("another --match", saved_match_name(have), saved_match_name(want), fault) &&
           same("another --unit", saved_unit_name(have), saved_unit_name(want), fault) &&
           same("another --form", saved_form_name(have), saved_form_name(want), fault) &&
           same("other tidying", have->tidy ? "tidied" : "untidied",
                want->tidy ? "tidied" : "untidied", fault) &&
           same("other --sentences", saved_sentences_name(have), saved_sentences_name(want),
                fault) &&
           same("another --lang", have->lang, want->lang, fault) &&
           same_number("other --min-words", "", have->min_words, want->min_words, fault) &&
           same_number("another --secret", "hex", have->secret_hash, want->secret_hash, fault) &&
           same("another Unicode version", have->unicode, want->unicode, fault) &&
           same("another Unicode version of sentence boundaries", have->sentence_unicode,
                want->sentence_unicode, fault);
}

/* ---- Reading -------------------------------------------------------------------------------- */

/* Exactly `len` bytes from `offset` on. */
static winnow_status read_at(saved_reader *r, uint64_t offset, uint8_t *bytes, size_t len)
{
    while (len > 0) {
        int64_t n = r->source(r->user, offset, bytes, len);
        if (n < 0 || (uint64_t)n > len)
            return WINNOW_ERR_SOURCE;
        if (n == 0)
            return wrong(r, "cut off: it ends before its keys do");
        bytes += n;
        offset += (uint64_t)n;
        len -= (size_t)n;
    }
    return WINNOW_OK;
}

/* Behind the keys: their hash, and nothing else. */
static winnow_status check_end(saved_reader *r)
{
    uint8_t header[SAVED_HEADER_BYTES], beyond;
    XXH128_canonical_t have = {{0}}, want;
    winnow_status st = read_at(r, r->offset, have.digest, sizeof have.digest);
    if (st != WINNOW_OK)
        return st;
    saved_encode(&r->header, header);
    XXH3_128bits_update(r->hash, header, sizeof header);
    XXH128_canonicalFromHash(&want, XXH3_128bits_digest(r->hash));
    if (memcmp(&have, &want, sizeof have) != 0)
        return wrong(r, "damaged: its hash is another");
    int64_t n = r->source(r->user, r->offset + SAVED_HASH_BYTES, &beyond, 1);
    if (n < 0)
        return WINNOW_ERR_SOURCE;
    return n == 0 ? WINNOW_OK : wrong(r, "damaged: something stands behind its end");
}

static winnow_status fill_block(saved_reader *r)
{
    uint64_t bytes = r->left * SAVED_KEY_BYTES;
    size_t len = bytes < BLOCK_BYTES ? (size_t)bytes : BLOCK_BYTES;
    winnow_status st = read_at(r, r->offset, r->block, len);
    if (st != WINNOW_OK)
        return st;
    XXH3_128bits_update(r->hash, r->block, len);
    r->offset += len;
    r->len = len;
    r->at = 0;
    return WINNOW_OK;
}

static uint64_t load_big(const uint8_t *bytes)
{
    uint64_t v = 0;
    for (unsigned i = 0; i < 8; i++)
        v = v << 8 | bytes[i];
    return v;
}

static saved_key get_key(const uint8_t *bytes)
{
    return (saved_key){load_big(bytes), (uint16_t)(bytes[8] << 8 | bytes[9])};
}

winnow_status saved_open(saved_reader *r, winnow_source *source, void *user)
{
    uint8_t header[SAVED_HEADER_BYTES];
    *r = (saved_reader){.source = source, .user = user, .offset = SAVED_HEADER_BYTES};
    winnow_status st = read_at(r, 0, header, sizeof header);
    if (st == WINNOW_ERR_SET)
        st = wrong(r, "not a saved set: too short");
    if (st == WINNOW_OK)
        st = decode(r, header);
    if (st != WINNOW_OK)
        return st;
    r->block = malloc(BLOCK_BYTES);
    r->hash = XXH3_createState();
    if (!r->block || !r->hash)
        return WINNOW_ERR_NOMEM;
    XXH3_128bits_reset(r->hash);
    r->left = r->header.count;
    return r->left ? WINNOW_OK : check_end(r);
}

winnow_status saved_next(saved_reader *r)
{
    winnow_status st = WINNOW_OK;
    if (r->at == r->len)
        st = fill_block(r);
    if (st != WINNOW_OK)
        return st;
    saved_key key = get_key(r->block + r->at);
    if (r->left < r->header.count && !saved_before(r->key, key))
        return wrong(r, "damaged: its keys are out of order");
    r->key = key;
    r->at += SAVED_KEY_BYTES;
    return --r->left ? WINNOW_OK : check_end(r);
}

winnow_status saved_find(saved_reader *r, saved_key key, uint64_t *count)
{
    uint64_t low = 0, high = r->header.count;
    while (low < high) {
        uint64_t middle = low + (high - low) / 2;
        uint8_t bytes[SAVED_KEY_BYTES];
        winnow_status st = read_at(r, SAVED_HEADER_BYTES + middle * SAVED_KEY_BYTES, bytes,
                                   sizeof bytes);
        if (st != WINNOW_OK)
            return st;
        if (saved_before(get_key(bytes), key))
            low = middle + 1;
        else
            high = middle;
    }
    *count = low;
    return WINNOW_OK;
}

void saved_close(saved_reader *r)
{
    XXH3_freeState(r->hash);
    free(r->block);
    r->hash = NULL;
    r->block = NULL;
}

/* ---- Writing -------------------------------------------------------------------------------- */

winnow_status saved_begin(saved_writer *w, const saved_header *header, winnow_sink *sink,
                          void *user)
{
    uint8_t bytes[SAVED_HEADER_BYTES];
    *w = (saved_writer){.header = *header, .sink = sink, .user = user};
    w->block = malloc(BLOCK_BYTES);
    w->hash = XXH3_createState();
    if (!w->block || !w->hash)
        return WINNOW_ERR_NOMEM;
    XXH3_128bits_reset(w->hash);
    saved_encode(header, bytes);
    return sink(user, bytes, sizeof bytes) ? WINNOW_ERR_SINK : WINNOW_OK;
}

static winnow_status flush(saved_writer *w)
{
    XXH3_128bits_update(w->hash, w->block, w->len);
    bool failed = w->len && w->sink(w->user, w->block, w->len);
    w->len = 0;
    return failed ? WINNOW_ERR_SINK : WINNOW_OK;
}

winnow_status saved_put(saved_writer *w, saved_key key)
{
    uint8_t *at = w->block + w->len;
    for (unsigned i = 0; i < 8; i++)
        at[i] = (uint8_t)(key.high >> (56 - 8 * i));
    at[8] = (uint8_t)(key.low >> 8);
    at[9] = (uint8_t)key.low;
    w->len += SAVED_KEY_BYTES;
    w->count++;
    return w->len < BLOCK_BYTES ? WINNOW_OK : flush(w);
}

winnow_status saved_finish(saved_writer *w)
{
    uint8_t header[SAVED_HEADER_BYTES];
    XXH128_canonical_t digest;
    winnow_status st = flush(w);
    if (st != WINNOW_OK)
        return st;
    w->header.count = w->count;
    saved_encode(&w->header, header);
    XXH3_128bits_update(w->hash, header, sizeof header);
    XXH128_canonicalFromHash(&digest, XXH3_128bits_digest(w->hash));
    return w->sink(w->user, digest.digest, sizeof digest.digest) ? WINNOW_ERR_SINK : WINNOW_OK;
}

void saved_free(saved_writer *w)
{
    XXH3_freeState(w->hash);
    free(w->block);
    w->hash = NULL;
    w->block = NULL;
}
