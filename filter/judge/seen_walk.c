/*
 * Reads a seen set out in order.
 *
 * Buckets stand in the order of words, so a part is nearly sorted: a key lies at most REACH buckets
 * behind its place, and an insertion sort moves it by few. Those that went round the part's end are
 * taken last. The tree's keys are sorted once, then merged in.
 */
#include "judge/seen_table.h"

#include <stdlib.h>

typedef struct {
    const seen *set;
    seen_id *ids;     /* of the part at hand */
    size_t len;
    seen_id *spilled; /* all of the tree's, in order */
    size_t given;     /* of them, so many */
} walk;

static int compare_ids(const void *a, const void *b)
{
    const seen_id *x = a, *y = b;
    return seen_id_before(*y, *x) - seen_id_before(*x, *y);
}

static void sort_in(walk *w, seen_id id)
{
    size_t at = w->len++;
    for (; at > 0 && seen_id_before(id, w->ids[at - 1]); at--)
        w->ids[at] = w->ids[at - 1];
    w->ids[at] = id;
}

/* The keys of the buckets before `end` that went round the part's end, or those that did not. */
static void gather(walk *w, uint8_t number, uint8_t part, uint32_t end, bool round)
{
    const region *r = &w->set->regions[number];
    for (uint32_t at = 0; at < end; at++) { /* of an empty region none */
        const bucket *b = &part_of(r, part)[at];
        for (unsigned i = 0; i < count_of(b); i++)
            if ((home_of(r, b->words[i]) > at) == round)
                sort_in(w, (seen_id){b->words[i], number, part, b->tags[i]});
    }
}

static bool spilled_next(const walk *w, uint8_t number, uint8_t part)
{
    if (w->given == w->set->spill.len)
        return false;
    const seen_id *next = &w->spilled[w->given];
    return next->region == number && next->part == part;
}

/* Growing that failed halfway leaves a key in the tree that is in a bucket, too. */
static bool is_next(const walk *w, size_t at, seen_id id)
{
    return at < w->len && !seen_id_before(id, w->ids[at]) && !seen_id_before(w->ids[at], id);
}

static winnow_status walk_part(walk *w, uint8_t number, uint8_t part, seen_visitor *see, void *user)
{
    const region *r = &w->set->regions[number];
    winnow_status st = WINNOW_OK;
    size_t from = 0, at = 0;
    w->len = 0;
    gather(w, number, part, r->per_part, false);
    gather(w, number, part, r->per_part < REACH ? r->per_part : REACH, true);
    for (; st == WINNOW_OK && spilled_next(w, number, part); w->given++) {
        const seen_id *spilled = &w->spilled[w->given];
        while (at < w->len && seen_id_before(w->ids[at], *spilled))
            at++;
        if (is_next(w, at, *spilled))
            continue;
        st = at > from ? see(user, w->ids + from, at - from) : WINNOW_OK;
        if (st == WINNOW_OK)
            st = see(user, spilled, 1);
        from = at;
    }
    return st == WINNOW_OK && w->len > from ? see(user, w->ids + from, w->len - from) : st;
}

/* Room for the largest part, were it full. */
static bool make_room(walk *w)
{
    const spill *tree = &w->set->spill;
    size_t most = 1;
    for (unsigned i = 0; i < SEEN_REGIONS; i++)
        if (w->set->regions[i].buckets && w->set->regions[i].per_part * (size_t)SLOTS > most)
            most = w->set->regions[i].per_part * (size_t)SLOTS;
    w->ids = malloc(most * sizeof *w->ids);
    w->spilled = malloc((tree->len + 1) * sizeof *w->spilled);
    return w->ids && w->spilled;
}

winnow_status seen_walk(const seen *s, seen_visitor *see, void *user)
{
    walk w = {.set = s};
    winnow_status st = make_room(&w) ? WINNOW_OK : WINNOW_ERR_NOMEM;
    if (st == WINNOW_OK) {
        for (size_t i = 0; i < s->spill.len; i++)
            w.spilled[i] = s->spill.nodes[i].id;
        qsort(w.spilled, s->spill.len, sizeof *w.spilled, compare_ids);
    }
    for (unsigned i = 0; i < SEEN_REGIONS && st == WINNOW_OK; i++)
        for (unsigned p = 0; p < SEEN_PARTS && st == WINNOW_OK && s->regions[i].buckets; p++)
            st = walk_part(&w, (uint8_t)i, (uint8_t)p, see, user);
    free(w.ids);
    free(w.spilled);
    return st;
}
