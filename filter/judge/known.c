#include "judge/known.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "judge/saved_merge.h"

/* Keys of a file lie in the order of the seen set, so those of a region stand together. Room for
   them is made at once, so that nothing is copied as the region grows; for no more than them, as
   some may be there already. Then each is put where the last one went or just behind, so that
   memory is waited for as seldom as in reading a file. */
static winnow_status reserve(saved_reader *r, seen *s, unsigned region)
{
    uint64_t begin, end = r->header.count;
    winnow_status st = saved_find(r, (saved_key){(uint64_t)region << 60, 0}, &begin);
    if (st == WINNOW_OK && region + 1 < SEEN_REGIONS)
        st = saved_find(r, (saved_key){(uint64_t)(region + 1) << 60, 0}, &end);
    if (st != WINNOW_OK)
        return st;
    /* In a file that changes while it is read, the end may be told before the beginning. */
    return seen_reserve(s, (uint8_t)region, end > begin ? end - begin : 0);
}

/* The keys of the first set are all new: no file has a key twice. */
static winnow_status load_keys(known *k, seen *s, saved_reader *r)
{
    winnow_status st = WINNOW_OK;
    bool first = seen_count(s) == 0;
    unsigned reserved = 0; /* regions */
    while (r->left && st == WINNOW_OK) {
        bool added = true;
        st = saved_next(r);
        seen_id id = saved_id_of(r->key);
        for (; st == WINNOW_OK && reserved <= id.region; reserved++)
            st = reserve(r, s, reserved);
        if (st == WINNOW_OK)
            st = first ? seen_put_new(s, id) : seen_put(s, id, &added);
        k->keys += st == WINNOW_OK && added;
    }
    return st;
}

winnow_status known_load(known *k, seen *s, const saved_header *want, winnow_source *source,
                         void *user)
{
    saved_reader r;
    if (!list_reserve(&k->sets, 1))
        return WINNOW_ERR_NOMEM;
    winnow_status st = saved_open(&r, source, user);
    if (st == WINNOW_OK && !saved_fits(&r.header, want, r.fault))
        st = WINNOW_ERR_SET;
    if (st == WINNOW_OK)
        st = load_keys(k, s, &r);
    if (st == WINNOW_OK)
        k->sets.items[k->sets.len++] = (known_set){source, user};
    memcpy(k->fault, r.fault, sizeof k->fault);
    saved_close(&r);
    return st;
}

/* ---- Saving --------------------------------------------------------------------------------- */

typedef struct {
    saved_writer to;
    saved_reader *sets; /* those loaded, read again */
    size_t open;        /* of them, so many */
    saved_merge before; /* their keys */
} saving;

static winnow_status reopen(saving *v, const known *k)
{
    winnow_status st = WINNOW_OK;
    v->sets = calloc(k->sets.len + 1, sizeof *v->sets);
    if (!v->sets)
        return WINNOW_ERR_NOMEM;
    for (size_t i = 0; i < k->sets.len && st == WINNOW_OK; i++)
        st = saved_open(&v->sets[v->open++], k->sets.items[i].source, k->sets.items[i].user);
    if (st == WINNOW_OK)
        st = merge_begin(&v->before, v->sets, v->open);
    return st == WINNOW_OK ? merge_next(&v->before) : st;
}

/* A seen_visitor. */
static winnow_status save_keys(void *user, const seen_id *ids, size_t count)
{
    saving *v = user;
    winnow_status st = WINNOW_OK;
    for (size_t i = 0; i < count && st == WINNOW_OK; i++) {
        saved_key key = saved_key_of(ids[i]);
        while (st == WINNOW_OK && v->before.found && saved_before(v->before.key, key))
            st = merge_next(&v->before);
        bool loaded = v->before.found && !saved_before(key, v->before.key);
        if (st == WINNOW_OK && !loaded)
            st = saved_put(&v->to, key);
    }
    return st;
}

winnow_status known_save(known *k, const seen *s, const saved_header *header, winnow_sink *sink,
                         void *user)
{
    saving v = {0};
    saved_header full = *header;
    full.count = seen_count(s) - k->keys;
    winnow_status st = saved_begin(&v.to, &full, sink, user);
    if (st == WINNOW_OK)
        st = reopen(&v, k);
    if (st == WINNOW_OK)
        st = seen_walk(s, save_keys, &v);
    if (st == WINNOW_OK && v.to.count != full.count)
        st = WINNOW_ERR_SET;
    if (st == WINNOW_ERR_SET)
        snprintf(k->fault, sizeof k->fault, "a set that was loaded has changed since");
    if (st == WINNOW_OK)
        st = saved_finish(&v.to);
    merge_free(&v.before);
    for (size_t i = 0; i < v.open; i++)
        saved_close(&v.sets[i]);
    free(v.sets);
    saved_free(&v.to);
    return st;
}

void known_free(known *k)
{
    list_free(&k->sets);
    *k = (known){0};
}
