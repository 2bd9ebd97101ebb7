/*
 * Folding by blocks of 64 bytes: a file for each machine (fold_avx2.c...) has it made of the
 * vectors it names.
 */
#include "base/scan.h"
#include "base/vector.h"
#include "judge/fold_lead.h"
#include "judge/fold_utf8.h"
#include "judge/fold_wide.h"

/* What the bytes of a block are, a bit each. */
typedef struct {
    uint64_t wide;  /* above 0x7F */
    uint64_t lead;  /* of these, the first of a character */
    uint64_t blank; /* folds to a space */
    uint64_t once;  /* text: dashes. loose: digits. A run of them is written once */
    uint64_t joint; /* loose: fold_is_joint */
} block_bits;

/* 1: the byte before the block was such. */
typedef struct {
    uint64_t blank, once;
} block_before;

/* `count` > 0. */
static inline uint64_t low_bits(size_t count)
{
    return UINT64_MAX >> ((FOLD_BLOCK - (count < FOLD_BLOCK ? count : FOLD_BLOCK)) & 63);
}

static inline uint64_t bit(size_t at)
{
    return at < FOLD_BLOCK ? (uint64_t)1 << at : 0;
}

static inline size_t left(const fold_run *r)
{
    return (size_t)(r->end - r->from);
}

static inline block_before look_back(const fold_run *r, uint8_t once)
{
    uint8_t before = fold_before(r);
    return (block_before){before == ' ', before == once};
}

/* A joint between two digits is one of the number's bytes. */
static inline uint64_t number_bits(const fold_run *r, const block_bits *b, uint64_t after_once)
{
    uint64_t digits = b->once & low_bits(left(r));
    uint64_t digit_next = left(r) > FOLD_BLOCK && fold_is_digit(r->from[FOLD_BLOCK]);
    return digits | (b->joint & (digits << 1 | after_once) & (digits >> 1 | digit_next << 63));
}

/* Which ASCII bytes of the block are too much: a run's, from its second on. */
static inline uint64_t surplus(const fold_run *r, const block_bits *b, block_before *before)
{
    uint64_t once = b->joint ? number_bits(r, b, before->once) : b->once;
    uint64_t blank = b->blank & ~once;
    uint64_t drop = (blank & (blank << 1 | before->blank)) | (once & (once << 1 | before->once));
    *before = (block_before){blank >> 63, once >> 63};
    return drop;
}

/* Bytes of the block up to its end, the text's, or a character that goes on behind it. */
static inline size_t whole_count(const fold_run *r, const block_bits *b)
{
    if (left(r) <= FOLD_BLOCK)
        return left(r);
    bool cut = (r->from[FOLD_BLOCK] & 0xC0) == 0x80;
    return cut ? FOLD_BLOCK - 1 - (size_t)__builtin_clzll(b->lead) : FOLD_BLOCK;
}

/* A block in work. What it shares with its run is kept twice, for here it stays in registers. */
typedef struct {
    const block_bits *bits;
    const uint8_t *folded; /* but for what is not ASCII */
    size_t count;          /* bytes of whole characters */
    size_t at;             /* what is before it is folded */
    uint64_t stops;        /* what does not fold to itself */
    uint8_t *to;
    unsigned last_ccc;
} mixed;

/* Copies a stretch of the block, which may be empty; a block beyond it is read and written. */
VECTOR void fold_stretch(mixed *m, size_t to)
{
    for (unsigned i = 0; i < VECS; i++)
        vec_store(m->to + i * VEC_BYTES, vec_load(m->folded + m->at + i * VEC_BYTES));
    m->to += to - m->at;
    m->last_ccc = to > m->at ? 0 : m->last_ccc;
    m->at = to;
}

/* What is written by the look. Behind a blank or dash, one of ASCII is too much. */
VECTOR bool fold_look(mixed *m, fold_run *r, const fold_plain *p, unsigned n, bool loose)
{
    r->to = m->to;
    r->last_ccc = (uint8_t)m->last_ccc;
    if (!fold_put_by_look(r, p, loose))
        return false;
    m->to = r->to;
    m->last_ccc = r->last_ccc;
    m->at += n;
    uint8_t before = fold_before(r);
    uint64_t run = before == ' ' ? m->bits->blank : 0;
    if (before == '-' && !loose)
        run = m->bits->once;
    m->stops |= run & bit(m->at) & low_bits(m->count);
    return true;
}

/* The character at m->at. False: it takes thought. */
VECTOR bool fold_wide(mixed *m, fold_run *r, bool loose)
{
    unsigned n;
    uint32_t cp = fold_decode(r->from + m->at, &n);
    const fold_plain *p = fold_plain_of(cp, loose);
    if (!p)
        return false;
    if (p->way != FOLD_AS_IS)
        return fold_look(m, r, p, n, loose);
    if (p->order < m->last_ccc)
        return false;
    memcpy(m->to, p->bytes, sizeof p->bytes);
    m->to += p->len;
    m->last_ccc = p->last_ccc;
    m->at += n;
    return true;
}

/* First bytes in the block of characters that may fold to something else. */
VECTOR uint64_t changing(const uint8_t *block)
{
    vec may[VECS];
    for (unsigned i = 0; i < VECS; i++) {
        vec lead = vec_load(block + i * VEC_BYTES), second = vec_load(block + i * VEC_BYTES + 1);
        vec lead_high = vec_high(lead), lead_low = vec_low(lead);
        vec second_high = vec_high(second), second_low = vec_low(second);
        may[i] = vec_all(0);
        for (unsigned k = 0; k < FOLD_LEAD_SETS; k++) {
            const fold_lead_set *set = &fold_lead_sets[k];
            vec by_lead = vec_and(vec_look(vec_table(set->lead_high), lead_high),
                                  vec_look(vec_table(set->lead_low), lead_low));
            vec by_second = vec_and(vec_look(vec_table(set->second_high), second_high),
                                    vec_look(vec_table(set->second_low), second_low));
            may[i] = vec_or(may[i], vec_and(by_lead, by_second));
        }
    }
    return vec_set(may);
}

/* The block at r->from, whose ASCII is folded at r->to: character by character where they do not
   fold to themselves, the stretches between in one go. False: one takes thought; r->from is
   there. */
VECTOR bool fold_mixed(fold_run *r, const block_bits *b, uint64_t drop, bool loose)
{
    size_t count = whole_count(r, b);
    uint8_t folded[2 * FOLD_BLOCK]; /* room for fold_stretch */
    for (unsigned i = 0; i < VECS; i++)
        vec_store(folded + i * VEC_BYTES, vec_load(r->to + i * VEC_BYTES));
    uint64_t stops = (changing(r->from) | drop) & low_bits(count);
    if (!stops) {
        r->from += count;
        r->to += count;
        r->last_ccc = 0;
        return true;
    }
    mixed m = {.bits = b, .folded = folded, .count = count, .to = r->to, .stops = stops,
               .last_ccc = r->last_ccc};
    bool go = true;
    while (m.stops && go) {
        size_t stop = (size_t)__builtin_ctzll(m.stops);
        m.stops &= m.stops - 1;
        bool wide = r->from[stop] >= 0x80;
        if (wide && fold_is_same(r->from + stop, loose))
            continue;
        fold_stretch(&m, stop);
        if (wide)
            go = fold_wide(&m, r, loose);
        else
            m.at++;
    }
    if (go)
        fold_stretch(&m, m.count);
    r->from += m.at;
    r->to = m.to;
    r->last_ccc = (uint8_t)m.last_ccc;
    return go;
}

#define APART VECTOR_CODE __attribute__((noinline))

/* Apart, for what is a constant in each, and so that ASCII has the registers for itself. */
static APART bool fold_mixed_text(fold_run *r, const block_bits *b, uint64_t drop)
{
    return fold_mixed(r, b, drop, false);
}

static APART bool fold_mixed_loose(fold_run *r, const block_bits *b, uint64_t drop)
{
    return fold_mixed(r, b, drop, true);
}

/* Closes the gaps; answers how many bytes stay. */
VECTOR size_t close_gaps(uint8_t *to, unsigned count, uint64_t drop)
{
    size_t kept = 0;
    for (unsigned i = 0; i < count; i += 8) {
        const scan_order *order = &scan_kept[~drop >> i & 0xFF];
        vec_gather8(to + kept, to + i, order->place);
        kept += order->count;
    }
    return kept - (FOLD_BLOCK - count) % 8;
}

VECTOR vec lower(vec v)
{
    return vec_or(v, vec_and(vec_between(v, 'A', 'Z'), vec_all(0x20)));
}

VECTOR block_bits text_block(const uint8_t *from, uint8_t *to)
{
    vec v[VECS], lead[VECS], blank[VECS];
    vec_load_block(v, from);
    for (unsigned i = 0; i < VECS; i++) {
        lead[i] = vec_leads(v[i]);
        blank[i] = vec_or(vec_is(v[i], ' '), vec_between(v[i], 9, 13));
        vec folded = vec_put(lower(v[i]), ' ', blank[i]);
        vec_store(to + i * VEC_BYTES, vec_put(folded, '\'', vec_is(v[i], '`')));
    }
    return (block_bits){.wide = vec_tops(v), .lead = vec_tops(lead), .blank = vec_bits(blank),
                        .once = vec_where(v, '-')};
}

VECTOR block_bits loose_block(const uint8_t *from, uint8_t *to)
{
    vec v[VECS], lead[VECS], blank[VECS], digit[VECS], joint[VECS];
    vec_load_block(v, from);
    for (unsigned i = 0; i < VECS; i++) {
        vec small = lower(v[i]);
        lead[i] = vec_leads(v[i]);
        digit[i] = vec_between(v[i], '0', '9');
        blank[i] = vec_or(vec_between(v[i], 0x20, 0x7E), vec_between(v[i], 9, 13));
        blank[i] = vec_but(blank[i], vec_or(vec_between(small, 'a', 'z'), digit[i]));
        joint[i] = vec_or(vec_or(vec_is(v[i], '.'), vec_is(v[i], ',')),
                          vec_or(vec_is(v[i], '\''), vec_is(v[i], '`')));
        vec_store(to + i * VEC_BYTES, vec_put(vec_put(small, ' ', blank[i]), '0', digit[i]));
    }
    return (block_bits){.wide = vec_tops(v), .lead = vec_tops(lead), .blank = vec_bits(blank),
                        .once = vec_bits(digit), .joint = vec_bits(joint)};
}

VECTOR void fold_blocks_of(fold_run *r, bool loose)
{
    const uint8_t once = loose ? '0' : '-';
    block_before before = look_back(r, once);
    while (r->from < r->end && r->to < r->limit) {
        block_bits b = loose ? loose_block(r->from, r->to) : text_block(r->from, r->to);
        uint64_t drop = surplus(r, &b, &before);
        unsigned count = left(r) < FOLD_BLOCK ? (unsigned)left(r) : FOLD_BLOCK;
        if (b.wide & low_bits(count)) {
            if (!(loose ? fold_mixed_loose(r, &b, drop) : fold_mixed_text(r, &b, drop)))
                return;
            before = look_back(r, once);
            continue;
        }
        drop &= low_bits(count);
        r->from += count;
        r->to += drop ? close_gaps(r->to, count, drop) : count;
        r->last_ccc = 0;
    }
}

static VECTOR_CODE void fold_vector_text(fold_run *r)
{
    fold_blocks_of(r, false);
}

static VECTOR_CODE void fold_vector_loose(fold_run *r)
{
    fold_blocks_of(r, true);
}
