#include "cli/sketch.h"

#include <stdlib.h>
#include <string.h>

struct sketch {
    uint32_t used, places;
    uint32_t mask;         /* of the index: its size, a power of two, less one */
    uint32_t *index;       /* by key: an entry and one, 0 where free; probed one after the other */
    uint32_t *heap;        /* entries; none is counted less often than its parent */
    sketch_entry *entries;
    char *texts;           /* SKETCH_TEXT bytes for each; apart, so that counting touches little */
};

sketch *sketch_create(uint32_t places)
{
    sketch *s = calloc(1, sizeof *s);
    if (!s)
        return NULL;
    uint32_t size = 4;
    while (size < 2 * places)
        size *= 2;
    s->places = places;
    s->mask = size - 1;
    s->index = calloc(size, sizeof *s->index);
    s->heap = calloc(places, sizeof *s->heap);
    s->entries = calloc(places, sizeof *s->entries);
    s->texts = malloc((size_t)places * SKETCH_TEXT);
    if (s->index && s->heap && s->entries && s->texts)
        return s;
    sketch_free(s);
    return NULL;
}

void sketch_free(sketch *s)
{
    if (!s)
        return;
    free(s->index);
    free(s->heap);
    free(s->entries);
    free(s->texts);
    free(s);
}

/* ---- The index ------------------------------------------------------------------------------ */

static uint32_t home(const sketch *s, uint64_t key)
{
    return (uint32_t)(key * 0x9E3779B97F4A7C15u >> 32) & s->mask;
}

/* Where the key's entry stands in the index, or where it would. */
static uint32_t slot_of(const sketch *s, uint64_t key)
{
    uint32_t i = home(s, key);
    while (s->index[i] && s->entries[s->index[i] - 1].key != key)
        i = (i + 1) & s->mask;
    return i;
}

/* Whoever was probed past the free slot moves back, so that probing still finds all. */
static void unindex(sketch *s, uint64_t key)
{
    uint32_t hole = slot_of(s, key);
    s->index[hole] = 0;
    for (uint32_t i = (hole + 1) & s->mask; s->index[i]; i = (i + 1) & s->mask) {
        uint32_t from = home(s, s->entries[s->index[i] - 1].key);
        if (((i - from) & s->mask) < ((i - hole) & s->mask))
            continue;
        s->index[hole] = s->index[i];
        s->index[i] = 0;
        hole = i;
    }
}

/* ---- The heap ------------------------------------------------------------------------------- */

static uint64_t count_at(const sketch *s, uint32_t at)
{
    return s->entries[s->heap[at]].count;
}

static void swap(sketch *s, uint32_t a, uint32_t b)
{
    uint32_t entry = s->heap[a];
    s->heap[a] = s->heap[b];
    s->heap[b] = entry;
    s->entries[s->heap[a]].heap_at = a;
    s->entries[s->heap[b]].heap_at = b;
}

static void rise(sketch *s, uint32_t at)
{
    for (; at > 0 && count_at(s, at) < count_at(s, (at - 1) / 2); at = (at - 1) / 2)
        swap(s, at, (at - 1) / 2);
}

static void sink(sketch *s, uint32_t at)
{
    for (;;) {
        uint32_t least = at;
        for (uint32_t child = 2 * at + 1; child <= 2 * at + 2 && child < s->used; child++)
            if (count_at(s, child) < count_at(s, least))
                least = child;
        if (least == at)
            return;
        swap(s, at, least);
        at = least;
    }
}

/* ---- Counting ------------------------------------------------------------------------------- */

size_t sketch_fitting(const char *text, size_t len, size_t cap)
{
    if (len <= cap)
        return len;
    while (cap > 0 && ((unsigned char)text[cap] & 0xC0) == 0x80)
        cap--;
    return cap;
}

static void hold(sketch *s, sketch_entry *e, uint64_t key, const char *text, size_t len)
{
    size_t fits = sketch_fitting(text, len, SKETCH_TEXT);
    e->key = key;
    e->len = (uint16_t)fits;
    e->cut = fits < len;
    char *held = s->texts + (size_t)(e - s->entries) * SKETCH_TEXT;
    memcpy(held, text, fits);
    e->text = held;
    s->index[slot_of(s, key)] = (uint32_t)(e - s->entries) + 1;
}

void sketch_add(sketch *s, uint64_t key, const char *text, size_t len)
{
    uint32_t found = s->index[slot_of(s, key)];
    if (found) {
        sketch_entry *e = &s->entries[found - 1];
        e->count++;
        sink(s, e->heap_at);
    } else if (s->used < s->places) {
        sketch_entry *e = &s->entries[s->used];
        s->heap[s->used] = e->heap_at = s->used;
        s->used++;
        e->count = 1;
        hold(s, e, key, text, len);
        rise(s, e->heap_at);
    } else {
        sketch_entry *e = &s->entries[s->heap[0]];
        unindex(s, e->key);
        e->error = e->count++;
        hold(s, e, key, text, len);
        sink(s, 0);
    }
}

uint64_t sketch_floor(const sketch *s)
{
    return s->used < s->places ? 0 : count_at(s, 0);
}

static bool before(const sketch_entry *a, const sketch_entry *b)
{
    uint64_t sure_a = a->count - a->error, sure_b = b->count - b->error;
    if (sure_a != sure_b)
        return sure_a > sure_b;
    return a->count != b->count ? a->count > b->count : a < b;
}

size_t sketch_top(const sketch *s, const sketch_entry **top, size_t n)
{
    size_t have = 0;
    for (uint32_t i = 0; i < s->used; i++) {
        const sketch_entry *e = &s->entries[i];
        size_t at = have;
        while (at > 0 && before(e, top[at - 1]))
            at--;
        if (at == n)
            continue;
        have += have < n;
        memmove(top + at + 1, top + at, (have - at - 1) * sizeof *top);
        top[at] = e;
    }
    return have;
}
