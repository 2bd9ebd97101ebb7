/*
 * Saved sets. The first byte chooses what the rest is: a file as it stands; the header and the keys of
 * a file whose signature, count and hash are made right, so that what lies behind them is reached; or
 * several sets, a byte a key, that are read as one. The second is how few bytes a read gives.
 *
 * Whatever is accepted is, byte for byte, what winnow would write of it; all else is refused with a
 * word about why, and so is any set of which a bit, or the end, is another.
 */
#include <stdlib.h>
#include <string.h>
#include <xxhash.h>

#include "fuzz.h"
#include "judge/saved.h"
#include "judge/saved_merge.h"

typedef struct {
    buffer bytes;
    size_t step; /* most bytes a read gives */
} file;

/* A winnow_source. */
static int64_t read_file(void *user, uint64_t offset, void *bytes, size_t len)
{
    const file *f = user;
    if (offset >= f->bytes.len)
        return 0;
    size_t n = f->bytes.len - (size_t)offset;
    n = n < len ? n : len;
    n = n < f->step ? n : f->step;
    memcpy(bytes, f->bytes.data + offset, n);
    return (int64_t)n;
}

/* A winnow_sink. */
static int write_file(void *user, const void *bytes, size_t len)
{
    file *f = user;
    MUST(buffer_append(&f->bytes, bytes, len));
    return 0;
}

static int write_nothing(void *user, const void *bytes, size_t len)
{
    (void)user, (void)bytes, (void)len;
    return 0;
}

/* ---- One file -------------------------------------------------------------------------------- */

static winnow_status copy_keys(saved_reader *from, file *to)
{
    saved_writer w;
    MUST(saved_begin(&w, &from->header, write_file, to) == WINNOW_OK);
    winnow_status st = WINNOW_OK;
    while (from->left && (st = saved_next(from)) == WINNOW_OK)
        MUST(saved_put(&w, from->key) == WINNOW_OK);
    MUST(saved_finish(&w) == WINNOW_OK);
    saved_free(&w);
    return st;
}

/* Whether the file is read to its end. */
static bool accepted(file *f)
{
    saved_reader r;
    file again = {0};
    winnow_status st = saved_open(&r, read_file, f);
    if (st == WINNOW_OK)
        st = copy_keys(&r, &again);
    MUST(st == WINNOW_OK || (st == WINNOW_ERR_SET && r.fault[0]));
    if (st == WINNOW_OK) {
        MUST(again.bytes.len == f->bytes.len);
        MUST(memcmp(again.bytes.data, f->bytes.data, f->bytes.len) == 0);
    }
    saved_close(&r);
    buffer_free(&again.bytes);
    return st == WINNOW_OK;
}

/* What a filter says of it; one made by the options of the file's own header, where they are any. */
static bool loaded(file *f, winnow_options o, uint64_t *keys)
{
    winnow *w;
    winnow_stats stats;
    MUST(winnow_create(&w, &o, write_nothing, NULL) == WINNOW_OK);
    winnow_status st = winnow_load_seen(w, read_file, f);
    MUST(st == WINNOW_OK || (st == WINNOW_ERR_SET && winnow_set_fault(w)[0]));
    winnow_get_stats(w, &stats);
    MUST(st != WINNOW_OK || (stats.loaded == stats.unique && stats.unremembered == 0));
    *keys = stats.loaded;
    if (st == WINNOW_OK) { /* nothing came to it: what is saved is the header and the hash */
        file none = {.step = SIZE_MAX};
        MUST(winnow_finish(w) == WINNOW_OK);
        MUST(winnow_save_seen(w, write_file, &none) == WINNOW_OK);
        MUST(none.bytes.len == SAVED_HEADER_BYTES + SAVED_HASH_BYTES && accepted(&none));
        buffer_free(&none.bytes);
    }
    winnow_free(w);
    return st == WINNOW_OK;
}

static void put_count(uint8_t *header, uint64_t count)
{
    for (unsigned i = 0; i < 8; i++)
        header[16 + i] = (uint8_t)(count >> 8 * i);
}

/* The hash that the header and the keys take, by the words of saved.h. */
static void put_hash(file *f)
{
    XXH128_canonical_t hash;
    buffer both = {0};
    size_t keys = f->bytes.len - SAVED_HEADER_BYTES;
    MUST(buffer_append(&both, f->bytes.data + SAVED_HEADER_BYTES, keys));
    MUST(buffer_append(&both, f->bytes.data, SAVED_HEADER_BYTES));
    XXH128_canonicalFromHash(&hash, XXH3_128bits(both.data, both.len));
    write_file(f, hash.digest, sizeof hash.digest);
    buffer_free(&both);
}

static bool in_order(const uint8_t *keys, size_t count)
{
    for (size_t i = 1; i < count; i++)
        if (memcmp(keys + (i - 1) * SAVED_KEY_BYTES, keys + i * SAVED_KEY_BYTES,
                   SAVED_KEY_BYTES) >= 0)
            return false;
    return true;
}

/* One bit of it is another, or its end is gone, or something follows. */
static void damage(file *f, uint64_t place)
{
    size_t at = (size_t)(place >> 3) % f->bytes.len;
    f->bytes.data[at] ^= (uint8_t)(1U << (place & 7));
    MUST(!accepted(f));
    f->bytes.data[at] ^= (uint8_t)(1U << (place & 7));
    size_t whole = f->bytes.len;
    f->bytes.len = at;
    MUST(!accepted(f));
    f->bytes.len = whole;
    write_file(f, "", 1);
    MUST(!accepted(f));
    f->bytes.len = whole;
}

/* Options that winnow has, of bytes. */
static winnow_options take_options(fuzz_input *in)
{
    uint8_t a = fuzz_byte(in), b = fuzz_byte(in);
    return (winnow_options){.match = (winnow_match)(a % 3),
                            .unit = (winnow_unit)(a >> 2 & 3),
                            .form = (winnow_form)((a >> 4) % 5),
                            .no_tidy = a >> 7,
                            .min_words = 1 + (b & 15),
                            .lang = b >> 5 ? winnow_language(b >> 5) : NULL};
}

/* The header winnow makes by some options, or one that is all the input's. */
static void take_header(file *f, fuzz_input *in, const winnow_options *o)
{
    winnow *w;
    MUST(winnow_create(&w, o, write_nothing, NULL) == WINNOW_OK);
    MUST(winnow_finish(w) == WINNOW_OK);
    MUST(winnow_save_seen(w, write_file, f) == WINNOW_OK);
    winnow_free(w);
    f->bytes.len = SAVED_HEADER_BYTES;
    for (unsigned changes = fuzz_byte(in) & 7; changes > 0; changes--) {
        uint8_t at = fuzz_byte(in) % SAVED_HEADER_BYTES;
        f->bytes.data[at] = fuzz_byte(in);
    }
}

static void try_made(fuzz_input in, size_t step)
{
    file f = {.step = step};
    uint64_t keys, place = (uint64_t)fuzz_byte(&in) << 8 | fuzz_byte(&in);
    winnow_options o = take_options(&in);
    take_header(&f, &in, &o);
    size_t count = in.size / SAVED_KEY_BYTES;
    write_file(&f, in.data, count * SAVED_KEY_BYTES);
    put_count(f.bytes.data, count);
    put_hash(&f);
    bool read = accepted(&f), fits = loaded(&f, o, &keys);
    MUST(!read || in_order(in.data, count));
    MUST(!fits || (read && keys == count));
    if (read)
        damage(&f, place);
    buffer_free(&f.bytes);
}

static void try_raw(fuzz_input in, size_t step)
{
    file f = {.step = step};
    uint64_t keys;
    write_file(&f, in.data, in.size);
    bool read = accepted(&f);
    MUST(!loaded(&f, (winnow_options){0}, &keys) || read);
    buffer_free(&f.bytes);
}

/* ---- Several as one -------------------------------------------------------------------------- */

enum { MOST_SETS = 5, KINDS = 256 };

/* Keys in the order of their numbers, in all regions. */
static saved_key numbered_key(unsigned number)
{
    return (saved_key){(uint64_t)number << 56 | (number & 1), (uint16_t)(number << 8)};
}

static void write_set(file *f, const bool has[KINDS])
{
    saved_header header;
    saved_writer w;
    static const uint8_t secret[WINNOW_SECRET_BYTES];
    saved_header_of(&header, &(winnow_options){.min_words = 3}, secret);
    for (unsigned i = 0; i < KINDS; i++)
        header.count += has[i];
    MUST(saved_begin(&w, &header, write_file, f) == WINNOW_OK);
    for (unsigned i = 0; i < KINDS; i++)
        if (has[i])
            MUST(saved_put(&w, numbered_key(i)) == WINNOW_OK);
    MUST(saved_finish(&w) == WINNOW_OK);
    saved_free(&w);
}

/* The next key is `number`, and the sets that have it are named in their order. */
static void expect_key(saved_merge *m, bool has[MOST_SETS][KINDS], size_t sets, unsigned number)
{
    size_t found = 0;
    MUST(merge_next(m) == WINNOW_OK);
    MUST(m->key.high == numbered_key(number).high && m->key.low == numbered_key(number).low);
    for (size_t i = 0; i < sets; i++)
        if (has[i][number])
            MUST(found < m->found && m->who[found++] == i);
    MUST(found == m->found);
}

static void expect_merged(file *files, bool has[MOST_SETS][KINDS], size_t sets)
{
    saved_reader readers[MOST_SETS];
    saved_merge m;
    for (size_t i = 0; i < sets; i++)
        MUST(saved_open(&readers[i], read_file, &files[i]) == WINNOW_OK);
    MUST(merge_begin(&m, readers, sets) == WINNOW_OK);
    for (unsigned number = 0; number < KINDS; number++) {
        bool any = false;
        for (size_t i = 0; i < sets; i++)
            any |= has[i][number];
        if (any)
            expect_key(&m, has, sets, number);
    }
    MUST(merge_next(&m) == WINNOW_OK && !m.found);
    merge_free(&m);
    for (size_t i = 0; i < sets; i++)
        saved_close(&readers[i]);
}

static void try_merge(fuzz_input in, size_t step)
{
    bool has[MOST_SETS][KINDS] = {{0}};
    file files[MOST_SETS];
    size_t sets = 1 + fuzz_byte(&in) % MOST_SETS;
    for (size_t i = 0; in.size; i++)
        has[i % sets][fuzz_byte(&in)] = true;
    for (size_t i = 0; i < sets; i++) {
        files[i] = (file){.step = step};
        write_set(&files[i], has[i]);
    }
    expect_merged(files, has, sets);
    for (size_t i = 0; i < sets; i++)
        buffer_free(&files[i].bytes);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    fuzz_input in = {data, size};
    uint8_t what = fuzz_byte(&in);
    size_t step = 1 + (size_t)fuzz_byte(&in) * 16;
    switch (what % 3) {
    case 0:
        try_raw(in, step);
        break;
    case 1:
        try_made(in, step);
        break;
    default:
        try_merge(in, step);
        break;
    }
    return 0;
}
