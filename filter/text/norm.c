#include "text/norm.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <utf8proc.h>

#include "base/list.h"

/* Where characters are of which something may be said. Outside stand the syllables of Hangul, which
   are computed, and ideographs, private use and planes without characters, none of which decomposes
   or combines; Unicode's stability policy keeps the ideographs so. Asking for them would cost three times as much as the rest. */
static const struct {
    uint32_t first, last;
} ranges[] = {{0x80, 0x33FF}, {0xA000, 0xABFF}, {0xF900, 0xFFFF}, {0x10000, 0x1FFFF},
              {0x2F800, 0x2FA1F}, {0xE0000, 0xE0FFF}};

static const struct {
    uint32_t first, last;
    uint16_t said;
} tidied[] = {
    {0x0085, 0x0085, NORM_LINE_END}, {0x00A0, 0x00A0, NORM_BLANK}, {0x00AD, 0x00AD, NORM_INVISIBLE},
    {0x1680, 0x1680, NORM_BLANK}, {0x2000, 0x200A, NORM_BLANK}, {0x200B, 0x200B, NORM_ZWSP},
    {0x2028, 0x2029, NORM_LINE_END}, {0x202F, 0x202F, NORM_BLANK}, {0x205F, 0x205F, NORM_BLANK},
    {0x2060, 0x2060, NORM_INVISIBLE}, {0x3000, 0x3000, NORM_BLANK},
    {0xFEFF, 0xFEFF, NORM_INVISIBLE},
};

/* A table being made. */
typedef struct {
    norm_table *table;
    LIST(norm_char) chars;
    LIST(uint32_t) pool;
    LIST(norm_pair) pairs;
} maker;

/* The entry of a character, in a block of its own from now on. NULL: out of memory. */
static norm_char *entry(maker *m, uint32_t c)
{
    uint16_t *block = &m->table->block[c >> 6];
    if (*block == 0) {
        if (!list_reserve(&m->chars, 64))
            return NULL;
        memset(m->chars.items + m->chars.len, 0, 64 * sizeof *m->chars.items);
        *block = (uint16_t)(m->chars.len / 64);
        m->chars.len += 64;
    }
    return &m->chars.items[(size_t)*block << 6 | (c & 63)];
}

static bool say(maker *m, uint32_t c, unsigned said)
{
    norm_char *e = entry(m, c);
    if (e)
        e->said |= (uint16_t)said;
    return e;
}

static bool keep_full(maker *m, uint32_t c, const int32_t *full, size_t n)
{
    norm_char *e = entry(m, c);
    if (!e || !list_reserve(&m->pool, n + 1))
        return false;
    e->full = (uint16_t)m->pool.len;
    m->pool.items[m->pool.len++] = (uint32_t)n;
    for (size_t i = 0; i < n; i++)
        m->pool.items[m->pool.len++] = (uint32_t)full[i];
    return true;
}

/* The one character that characters compose to, by utf8proc; 0: they do not. */
static uint32_t composed(const int32_t *full, size_t n)
{
    int32_t work[NORM_DECOMPOSED_MAX + 1];
    memcpy(work, full, n * sizeof *full);
    ssize_t left = utf8proc_normalize_utf32(work, (ssize_t)n, UTF8PROC_COMPOSE | UTF8PROC_STABLE);
    return left == 1 ? (uint32_t)work[0] : 0;
}

/* A character that is the composition of its decomposition has been made of the composition of
   all but the last, and of the last. */
static bool keep_pair(maker *m, uint32_t c, const int32_t *full, size_t n)
{
    uint32_t second = (uint32_t)full[n - 1];
    uint32_t first = n == 2 ? (uint32_t)full[0] : composed(full, n - 1);
    if (!first || !list_reserve(&m->pairs, 1))
        return false;
    m->pairs.items[m->pairs.len++] = (norm_pair){first, second, c};
    return say(m, second, NORM_MAYBE);
}

static size_t decomposed(uint32_t c, unsigned how, int32_t *full)
{
    int bound = 0;
    ssize_t n = utf8proc_decompose_char((int32_t)c, full, NORM_DECOMPOSED_MAX,
                                        UTF8PROC_DECOMPOSE | (utf8proc_option_t)how, &bound);
    return n < 1 || n > NORM_DECOMPOSED_MAX || (n == 1 && full[0] == (int32_t)c) ? 0 : (size_t)n;
}

static bool add_char(maker *m, uint32_t c)
{
    int32_t full[NORM_DECOMPOSED_MAX + 1], compat[NORM_DECOMPOSED_MAX + 1];
    winnow_form form = m->table->form;
    unsigned class = (unsigned)utf8proc_get_property((int32_t)c)->combining_class;
    if (class && !say(m, c, class))
        return false;
    size_t n = decomposed(c, 0, full);
    bool whole = n > 1 && m->table->composes && composed(full, n) == c;
    if (whole && !keep_pair(m, c, full, n))
        return false;
    if (form == WINNOW_NFKC || form == WINNOW_NFKD) {
        size_t k = decomposed(c, UTF8PROC_COMPAT, compat);
        whole = whole && k == n && memcmp(full, compat, n * sizeof *full) == 0;
        memcpy(full, compat, k * sizeof *full);
        n = k;
    }
    return n == 0 || (keep_full(m, c, full, n) && (whole || say(m, c, NORM_NO)));
}

static bool add_hangul(maker *m)
{
    bool ok = true;
    if (m->table->composes) {
        for (uint32_t v = HANGUL_V; v < HANGUL_V + HANGUL_VS; v++)
            ok = ok && say(m, v, NORM_MAYBE);
        for (uint32_t t = HANGUL_T + 1; t < HANGUL_T + HANGUL_TS; t++)
            ok = ok && say(m, t, NORM_MAYBE);
        return ok;
    }
    for (uint32_t s = HANGUL_S; s < HANGUL_S + HANGUL_SS; s++)
        ok = ok && say(m, s, NORM_NO);
    return ok;
}

static bool add_tidied(maker *m)
{
    bool ok = true;
    for (size_t i = 0; i < sizeof tidied / sizeof *tidied; i++)
        for (uint32_t c = tidied[i].first; c <= tidied[i].last; c++)
            ok = ok && say(m, c, tidied[i].said);
    return ok;
}

/* The pairs, spread over a table at most half full. */
static bool spread_pairs(maker *m)
{
    size_t size = 64;
    while (size < 2 * m->pairs.len)
        size *= 2;
    norm_pair *pairs = calloc(size, sizeof *pairs);
    if (!pairs)
        return false;
    m->table->pairs = pairs;
    m->table->pair_mask = (uint32_t)size - 1;
    for (size_t i = 0; i < m->pairs.len; i++) {
        norm_pair p = m->pairs.items[i];
        uint32_t at = norm_pair_place(p.first, p.second);
        while (pairs[at & m->table->pair_mask].whole)
            at++;
        pairs[at & m->table->pair_mask] = p;
    }
    return true;
}

static bool fill(maker *m)
{
    if (!list_reserve(&m->chars, 64 * 256) || !list_reserve(&m->pool, 8192))
        return false;
    memset(m->chars.items, 0, 64 * sizeof *m->chars.items); /* block 0: nothing is said */
    m->chars.len = 64;
    m->pool.items[m->pool.len++] = 0;
    bool any = m->table->form != WINNOW_FORM_NONE;
    for (size_t i = 0; any && i < sizeof ranges / sizeof *ranges; i++)
        for (uint32_t c = ranges[i].first; c <= ranges[i].last; c++)
            if (!add_char(m, c))
                return false;
    return (!any || add_hangul(m)) && add_tidied(m) && spread_pairs(m);
}

static norm_table *make(winnow_form form)
{
    maker m = {.table = calloc(1, sizeof *m.table)};
    if (!m.table)
        return NULL;
    m.table->form = form;
    m.table->composes = form == WINNOW_NFC || form == WINNOW_NFKC;
    bool ok = fill(&m);
    m.table->chars = m.chars.items;
    m.table->pool = m.pool.items;
    free(m.pairs.items);
    if (ok)
        return m.table;
    free(m.chars.items);
    free(m.pool.items);
    free(m.table->pairs);
    free(m.table);
    return NULL;
}

const norm_table *norm_get(winnow_form form)
{
    static const norm_table *made[WINNOW_FORM_NONE + 1];
    static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
    const norm_table *t = __atomic_load_n(&made[form], __ATOMIC_ACQUIRE);
    if (t)
        return t;
    pthread_mutex_lock(&lock);
    t = made[form];
    if (!t) {
        t = make(form);
        __atomic_store_n(&made[form], t, __ATOMIC_RELEASE);
    }
    pthread_mutex_unlock(&lock);
    return t;
}

static size_t decompose_hangul(uint32_t c, uint32_t *out)
{
    uint32_t s = c - HANGUL_S, t = s % HANGUL_TS;
    out[0] = HANGUL_L + s / (HANGUL_VS * HANGUL_TS);
    out[1] = HANGUL_V + s / HANGUL_TS % HANGUL_VS;
    out[2] = HANGUL_T + t;
    return t ? 3 : 2;
}

size_t norm_decompose(const norm_table *t, uint32_t c, uint32_t *out)
{
    if (c - HANGUL_S < HANGUL_SS)
        return decompose_hangul(c, out);
    const uint32_t *full = t->pool + norm_look(t, c)->full;
    if (full == t->pool) {
        out[0] = c;
        return 1;
    }
    memcpy(out, full + 1, full[0] * sizeof *out);
    return full[0];
}
