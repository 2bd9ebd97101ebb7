#include "judge/saved_merge.h"

#include <stdlib.h>

/* Among equal keys the first set comes first, so m->who is in order. */
static bool stands_before(const saved_merge *m, size_t a, size_t b)
{
    saved_key x = m->sets[a].key, y = m->sets[b].key;
    return saved_before(x, y) || (!saved_before(y, x) && a < b);
}

/* The set at heap[at] may belong further down. */
static void sink_down(saved_merge *m, size_t at)
{
    size_t set = m->heap[at], child;
    while ((child = 2 * at + 1) < m->waiting) {
        if (child + 1 < m->waiting && stands_before(m, m->heap[child + 1], m->heap[child]))
            child++;
        if (!stands_before(m, m->heap[child], set))
            break;
        m->heap[at] = m->heap[child];
        at = child;
    }
    m->heap[at] = set;
}

static winnow_status read_next(saved_merge *m, size_t set)
{
    winnow_status st = saved_next(&m->sets[set]);
    if (st != WINNOW_OK)
        m->failed = set;
    return st;
}

winnow_status merge_begin(saved_merge *m, saved_reader *sets, size_t count)
{
    *m = (saved_merge){.sets = sets, .count = count};
    m->who = calloc(count + 1, sizeof *m->who);
    m->heap = calloc(count + 1, sizeof *m->heap);
    if (!m->who || !m->heap)
        return WINNOW_ERR_NOMEM;
    for (size_t i = 0; i < count; i++) {
        if (!sets[i].left)
            continue;
        winnow_status st = read_next(m, i);
        if (st != WINNOW_OK)
            return st;
        m->heap[m->waiting++] = i;
    }
    for (size_t i = m->waiting / 2; i > 0; i--)
        sink_down(m, i - 1);
    return WINNOW_OK;
}

/* The set at the top goes on to its next key, or leaves. */
static winnow_status advance(saved_merge *m)
{
    size_t set = m->heap[0];
    winnow_status st = WINNOW_OK;
    if (m->sets[set].left)
        st = read_next(m, set);
    else
        m->heap[0] = m->heap[--m->waiting];
    if (st == WINNOW_OK && m->waiting)
        sink_down(m, 0);
    return st;
}

winnow_status merge_next(saved_merge *m)
{
    winnow_status st = WINNOW_OK;
    m->found = 0;
    if (!m->waiting)
        return st;
    m->key = m->sets[m->heap[0]].key;
    while (m->waiting && st == WINNOW_OK && !saved_before(m->key, m->sets[m->heap[0]].key)) {
        m->who[m->found++] = m->heap[0];
        st = advance(m);
    }
    return st;
}

void merge_free(saved_merge *m)
{
    free(m->who);
    free(m->heap);
    m->who = m->heap = NULL;
}
