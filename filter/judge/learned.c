#include "judge/learned.h"

#include <stdio.h>

#define XXH_INLINE_ALL
#include <utf8proc.h>
#include <xxhash.h>

#include "judge/saved.h"

static const uint8_t MAGIC[8] = {0x8F, 'l', 'e', 'a', 'r', 'n', 't', '\n'};

enum { LINE_BYTES = 33, HASH_BYTES = sizeof(XXH128_canonical_t) };

typedef struct {
    uint64_t lines, documents, missing, bytes;
} amounts;

static void put_name(uint8_t *at, const char *name)
{
    size_t len = strlen(name);
    memcpy(at, name, len < SAVED_NAME_BYTES ? len : SAVED_NAME_BYTES - 1);
}

static void put_head(uint8_t bytes[LEARNED_HEADER_BYTES], const winnow_options *opt, amounts a)
{
    memset(bytes, 0, LEARNED_HEADER_BYTES);
    memcpy(bytes, MAGIC, sizeof MAGIC);
    put_number(bytes + 8, LEARNED_VERSION, 4);
    put_number(bytes + 12, KEY_RULES, 4);
    put_number(bytes + 16, a.lines, 8);
    put_number(bytes + 24, a.documents, 8);
    put_number(bytes + 32, a.missing, 8);
    put_number(bytes + 40, a.bytes, 8);
    bytes[48] = (uint8_t)opt->form;
    bytes[49] = !opt->no_tidy;
    put_name(bytes + 64, utf8proc_unicode_version());
    put_name(bytes + 80, WINNOW_VERSION);
}

static void hash_of(const buffer *b, uint8_t hash[HASH_BYTES])
{
    XXH128_canonical_t digest;
    XXH128_canonicalFromHash(&digest, XXH3_128bits(b->data, b->len));
    memcpy(hash, digest.digest, HASH_BYTES);
}

/* ---- Reading -------------------------------------------------------------------------------- */

static winnow_status wrong(char *fault, const char *what)
{
    snprintf(fault, SAVED_FAULT_BYTES, "%s", what);
    return WINNOW_ERR_SET;
}

/* Appends exactly `len` bytes of the file to `b`, which has all before them. */
static winnow_status read_more(buffer *b, uint64_t len, winnow_source *source, void *user,
                               char *fault)
{
    if (!buffer_reserve(b, (size_t)len))
        return WINNOW_ERR_NOMEM;
    while (len > 0) {
        int64_t n = source(user, b->len, b->data + b->len, (size_t)len);
        if (n < 0 || (uint64_t)n > len)
            return WINNOW_ERR_SOURCE;
        if (n == 0)
            return wrong(fault, "cut off, or not what was learnt");
        b->len += (size_t)n;
        len -= (uint64_t)n;
    }
    return WINNOW_OK;
}

static winnow_status check_choices(const uint8_t *have, const uint8_t *want, char *fault)
{
    char name[SAVED_NAME_BYTES];
    if (have[48] != want[48])
        return wrong(fault, "learnt with another --form");
    if (have[49] != want[49])
        return wrong(fault, "learnt with other tidying");
    if (memcmp(have + 64, want + 64, SAVED_NAME_BYTES) == 0)
        return WINNOW_OK;
    bool shown = get_name(name, have + 64);
    snprintf(fault, SAVED_FAULT_BYTES, "learnt with another Unicode version: %s, not %s",
             shown ? name : "?", (const char *)want + 64);
    return WINNOW_ERR_SET;
}

static winnow_status check_head(const uint8_t *bytes, const winnow_options *opt, amounts *a,
                                char *fault)
{
    uint8_t want[LEARNED_HEADER_BYTES];
    if (memcmp(bytes, MAGIC, sizeof MAGIC) != 0)
        return wrong(fault, "not what was learnt");
    *a = (amounts){get_number(bytes + 16, 8), get_number(bytes + 24, 8),
                   get_number(bytes + 32, 8), get_number(bytes + 40, 8)};
    put_head(want, opt, *a);
    if (memcmp(bytes + 8, want + 8, 8) != 0)
        return wrong(fault, "of another version than this winnow reads");
    winnow_status st = check_choices(bytes, want, fault);
    if (st != WINNOW_OK)
        return st;
    bool sound = a->lines <= LEARN_LINES && a->bytes >= a->lines * LINE_BYTES &&
                 a->bytes <= a->lines * (LINE_BYTES + LEARN_BYTES);
    return sound ? WINNOW_OK : wrong(fault, "damaged");
}

/* Bytes of the line at the front, 0 where there is none. */
static size_t get_line(const uint8_t *bytes, size_t len, learned_line *line)
{
    if (len < LINE_BYTES || len < (size_t)LINE_BYTES + bytes[LINE_BYTES - 1])
        return 0;
    *line = (learned_line){
        .key = get_number(bytes, 8),
        .first = get_number(bytes + 8, 8),
        .last = get_number(bytes + 16, 8),
        .count = (uint32_t)get_number(bytes + 24, 4),
        .behind = (uint32_t)get_number(bytes + 28, 4),
        .text = bytes + LINE_BYTES,
        .len = bytes[LINE_BYTES - 1],
    };
    bool sound = learn_may_be_line(line->text, line->len) && line->behind < line->count;
    return sound ? (size_t)LINE_BYTES + line->len : 0;
}

/* Whether the file is as it was written: the lines are so many, and nothing stands behind. */
static winnow_status check_body(const buffer *b, const amounts *a, winnow_source *source,
                                void *user, char *fault)
{
    uint8_t hash[HASH_BYTES], beyond;
    buffer hashed = {.data = b->data, .len = b->len - HASH_BYTES};
    learned_line line;
    hash_of(&hashed, hash);
    if (memcmp(hash, b->data + hashed.len, HASH_BYTES) != 0)
        return wrong(fault, "damaged: its hash is another");
    size_t at = LEARNED_HEADER_BYTES;
    for (uint64_t i = 0; i < a->lines; i++) {
        size_t len = get_line(b->data + at, hashed.len - at, &line);
        if (!len)
            return wrong(fault, "damaged");
        at += len;
    }
    int64_t n = source(user, b->len, &beyond, 1);
    if (n < 0)
        return WINNOW_ERR_SOURCE;
    return n == 0 && at == hashed.len ? WINNOW_OK : wrong(fault, "damaged");
}

static winnow_status add_lines(learn *l, const buffer *b, const amounts *a)
{
    const uint8_t *at = b->data + LEARNED_HEADER_BYTES, *end = at + a->bytes;
    learned_line line;
    for (uint64_t i = 0; i < a->lines; i++) {
        at += get_line(at, (size_t)(end - at), &line);
        if (!learn_add(l, &line))
            return WINNOW_ERR_NOMEM;
    }
    learn_add_run(l, a->documents, a->missing);
    return WINNOW_OK;
}

winnow_status learned_load(learn *l, const winnow_options *opt, winnow_source *source, void *user,
                           char fault[SAVED_FAULT_BYTES])
{
    buffer b = {0};
    amounts a;
    winnow_status st = read_more(&b, LEARNED_HEADER_BYTES, source, user, fault);
    if (st == WINNOW_OK)
        st = check_head(b.data, opt, &a, fault);
    if (st == WINNOW_OK)
        st = read_more(&b, a.bytes + HASH_BYTES, source, user, fault);
    if (st == WINNOW_OK)
        st = check_body(&b, &a, source, user, fault);
    if (st == WINNOW_OK)
        st = add_lines(l, &b, &a);
    buffer_free(&b);
    return st;
}

/* ---- Writing -------------------------------------------------------------------------------- */

static bool append_line(buffer *b, const learned_line *line)
{
    uint8_t bytes[LINE_BYTES];
    put_number(bytes, line->key, 8);
    put_number(bytes + 8, line->first, 8);
    put_number(bytes + 16, line->last, 8);
    put_number(bytes + 24, line->count, 4);
    put_number(bytes + 28, line->behind, 4);
    bytes[LINE_BYTES - 1] = line->len;
    return buffer_append(b, bytes, sizeof bytes) && buffer_append(b, line->text, line->len);
}

winnow_status learned_save(const learn *l, const winnow_options *opt, uint64_t documents,
                           winnow_sink *sink, void *user)
{
    buffer b = {0};
    uint8_t head[LEARNED_HEADER_BYTES] = {0}, hash[HASH_BYTES];
    bool ok = buffer_append(&b, head, sizeof head);
    for (size_t i = 0; i < learn_lines(l) && ok; i++) {
        learned_line line = learn_get(l, i);
        ok = append_line(&b, &line);
    }
    winnow_status st = WINNOW_ERR_NOMEM;
    if (ok) {
        put_head(b.data, opt, (amounts){learn_lines(l), learn_earlier(l) + documents,
                                        learn_missing(l), b.len - sizeof head});
        hash_of(&b, hash);
        ok = buffer_append(&b, hash, sizeof hash);
    }
    if (ok)
        st = sink(user, b.data, b.len) ? WINNOW_ERR_SINK : WINNOW_OK;
    buffer_free(&b);
    return st;
}
