/* Folding by blocks of 64 bytes, for x86-64: with SSE2 and AVX2. */
#include "judge/fold_x86.h"

#ifdef FOLD_X86

#include <immintrin.h>
#include <string.h>

#include "judge/fold_utf8.h"
#include "judge/fold_wide.h"

#define ALWAYS_INLINE static inline __attribute__((always_inline))

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

static inline uint64_t low_bits(size_t count)
{
    return count < FOLD_BLOCK ? ((uint64_t)1 << count) - 1 : UINT64_MAX;
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

/* Copies `count` bytes, which may be none; up to 32 beyond them are read and written. */
static inline uint8_t *copy_stretch(uint8_t *to, const uint8_t *from, size_t count)
{
    memcpy(to, from, 32);
    for (size_t i = 32; i < count; i += 16)
        memcpy(to + i, from + i, 16);
    return to + count;
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

ALWAYS_INLINE void fold_stretch(mixed *m, size_t to)
{
    m->to = copy_stretch(m->to, m->folded + m->at, to - m->at);
    m->last_ccc = to > m->at ? 0 : m->last_ccc;
    m->at = to;
}

/* What is written by the look. Behind a blank or dash, one of ASCII is too much. */
ALWAYS_INLINE bool fold_look(mixed *m, fold_run *r, const fold_plain *p, unsigned n, bool loose)
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

/* The character at m->at, of n bytes. False: it takes thought. */
ALWAYS_INLINE bool fold_wide(mixed *m, fold_run *r, uint32_t cp, unsigned n, bool loose)
{
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

/* The block at r->from, whose ASCII is folded at r->to: character by character where they do not
   fold to themselves, the stretches between in one go. False: one takes thought; r->from is
   there. */
ALWAYS_INLINE bool fold_mixed(fold_run *r, const block_bits *b, uint64_t drop, bool loose)
{
    uint8_t folded[FOLD_BLOCK + 32]; /* room for copy_stretch */
    memcpy(folded, r->to, FOLD_BLOCK);
    mixed m = {.bits = b, .folded = folded, .count = whole_count(r, b), .to = r->to,
               .last_ccc = r->last_ccc};
    m.stops = (b->lead | drop) & low_bits(m.count);
    bool go = true;
    while (m.stops && go) {
        size_t stop = (size_t)__builtin_ctzll(m.stops);
        m.stops &= m.stops - 1;
        unsigned n;
        uint32_t cp = fold_decode(r->from + stop, &n);
        if (n > 1 && fold_is_same(cp, loose))
            continue;
        fold_stretch(&m, stop);
        if (n > 1)
            go = fold_wide(&m, r, cp, n, loose);
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

/* Apart, for what is a constant in each. */
static bool fold_mixed_text(fold_run *r, const block_bits *b, uint64_t drop)
{
    return fold_mixed(r, b, drop, false);
}

static bool fold_mixed_loose(fold_run *r, const block_bits *b, uint64_t drop)
{
    return fold_mixed(r, b, drop, true);
}

/* Closes the gaps; answers how many bytes stay. */
static size_t close_gaps(uint8_t *to, unsigned count, uint64_t drop)
{
    size_t kept = 0;
    for (unsigned i = 0; i < count; i++) {
        to[kept] = to[i];
        kept += (size_t)(~drop >> i & 1);
    }
    return kept;
}

#define TARGET_AVX2 __attribute__((target("avx2,bmi,popcnt")))

/* Bytes from..to, as 0xFF: the least ones once `from` is moved to -128. */
TARGET_AVX2 static inline __m256i between_avx2(__m256i v, char from, char to)
{
    __m256i moved = _mm256_sub_epi8(v, _mm256_set1_epi8((char)(from ^ 0x80)));
    return _mm256_cmpgt_epi8(_mm256_set1_epi8((char)(to - from - 127)), moved);
}

TARGET_AVX2 static inline uint64_t bits_avx2(__m256i v, unsigned half)
{
    return (uint64_t)(uint32_t)_mm256_movemask_epi8(v) << (32 * half);
}

TARGET_AVX2 static inline __m256i is_avx2(__m256i v, char c)
{
    return _mm256_cmpeq_epi8(v, _mm256_set1_epi8(c));
}

TARGET_AVX2 static inline __m256i lower_avx2(__m256i v)
{
    __m256i upper = between_avx2(v, 'A', 'Z');
    return _mm256_or_si256(v, _mm256_and_si256(upper, _mm256_set1_epi8(0x20)));
}

TARGET_AVX2 static inline void text_half_avx2(const uint8_t *from, uint8_t *to, unsigned half,
                                              block_bits *b)
{
    __m256i v = _mm256_loadu_si256((const __m256i *)(const void *)from + half);
    __m256i blank = _mm256_or_si256(is_avx2(v, ' '), between_avx2(v, 9, 13));
    __m256i r = _mm256_blendv_epi8(lower_avx2(v), _mm256_set1_epi8(' '), blank);
    r = _mm256_blendv_epi8(r, _mm256_set1_epi8('\''), is_avx2(v, '`'));
    _mm256_storeu_si256((__m256i *)(void *)to + half, r);
    b->wide |= bits_avx2(v, half);
    b->lead |= bits_avx2(_mm256_and_si256(v, _mm256_slli_epi16(v, 1)), half);
    b->blank |= bits_avx2(blank, half);
    b->once |= bits_avx2(is_avx2(v, '-'), half);
}

TARGET_AVX2 static inline void loose_half_avx2(const uint8_t *from, uint8_t *to, unsigned half,
                                               block_bits *b)
{
    __m256i v = _mm256_loadu_si256((const __m256i *)(const void *)from + half);
    __m256i small = lower_avx2(v), digit = between_avx2(v, '0', '9');
    __m256i word = _mm256_or_si256(between_avx2(small, 'a', 'z'), digit);
    __m256i blank = _mm256_or_si256(between_avx2(v, 0x20, 0x7E), between_avx2(v, 9, 13));
    blank = _mm256_andnot_si256(word, blank);
    __m256i r = _mm256_blendv_epi8(small, _mm256_set1_epi8(' '), blank);
    r = _mm256_blendv_epi8(r, _mm256_set1_epi8('0'), digit);
    _mm256_storeu_si256((__m256i *)(void *)to + half, r);
    __m256i joint = _mm256_or_si256(_mm256_or_si256(is_avx2(v, '.'), is_avx2(v, ',')),
                                    _mm256_or_si256(is_avx2(v, '\''), is_avx2(v, '`')));
    b->wide |= bits_avx2(v, half);
    b->lead |= bits_avx2(_mm256_and_si256(v, _mm256_slli_epi16(v, 1)), half);
    b->blank |= bits_avx2(blank, half);
    b->once |= bits_avx2(digit, half);
    b->joint |= bits_avx2(joint, half);
}

TARGET_AVX2 static inline block_bits text_block_avx2(const uint8_t *from, uint8_t *to)
{
    block_bits b = {0, 0, 0, 0, 0};
    text_half_avx2(from, to, 0, &b);
    text_half_avx2(from, to, 1, &b);
    return b;
}

TARGET_AVX2 static inline block_bits loose_block_avx2(const uint8_t *from, uint8_t *to)
{
    block_bits b = {0, 0, 0, 0, 0};
    loose_half_avx2(from, to, 0, &b);
    loose_half_avx2(from, to, 1, &b);
    return b;
}

/* By the dropped ones of eight bytes: where the kept ones come from. */
static uint64_t kept_from[256];

void fold_x86_init(void)
{
    for (unsigned drop = 0; drop < 256; drop++) {
        unsigned kept = 0;
        for (unsigned i = 0; i < 8; i++)
            if (!(drop >> i & 1))
                kept_from[drop] |= (uint64_t)i << (8 * kept++);
    }
}

/* As close_gaps, eight bytes at a time. */
TARGET_AVX2 static inline size_t close_gaps_avx2(uint8_t *to, unsigned count, uint64_t drop)
{
    size_t kept = 0;
    for (unsigned i = 0; i < count; i += 8) {
        __m128i v = _mm_loadl_epi64((const __m128i *)(const void *)(to + i));
        __m128i from = _mm_loadl_epi64((const __m128i *)(const void *)&kept_from[drop >> i & 0xFF]);
        _mm_storel_epi64((__m128i *)(void *)(to + kept), _mm_shuffle_epi8(v, from));
        kept += 8 - (unsigned)__builtin_popcountll(drop >> i & 0xFF);
    }
    return kept - (FOLD_BLOCK - count) % 8;
}

TARGET_AVX2 static void text_avx2(fold_run *r)
{
    block_before before = look_back(r, '-');
    while (r->from < r->end && r->to < r->limit) {
        block_bits b = text_block_avx2(r->from, r->to);
        uint64_t drop = surplus(r, &b, &before);
        unsigned count = left(r) < FOLD_BLOCK ? (unsigned)left(r) : FOLD_BLOCK;
        if (b.wide & low_bits(count)) {
            if (!fold_mixed_text(r, &b, drop))
                return;
            before = look_back(r, '-');
            continue;
        }
        drop &= low_bits(count);
        r->from += count;
        r->to += drop ? close_gaps_avx2(r->to, count, drop) : count;
        r->last_ccc = 0;
    }
}

TARGET_AVX2 static void loose_avx2(fold_run *r)
{
    block_before before = look_back(r, '0');
    while (r->from < r->end && r->to < r->limit) {
        block_bits b = loose_block_avx2(r->from, r->to);
        uint64_t drop = surplus(r, &b, &before);
        unsigned count = left(r) < FOLD_BLOCK ? (unsigned)left(r) : FOLD_BLOCK;
        if (b.wide & low_bits(count)) {
            if (!fold_mixed_loose(r, &b, drop))
                return;
            before = look_back(r, '0');
            continue;
        }
        drop &= low_bits(count);
        r->from += count;
        r->to += drop ? close_gaps_avx2(r->to, count, drop) : count;
        r->last_ccc = 0;
    }
}

static inline __m128i between_sse2(__m128i v, char from, char to)
{
    __m128i moved = _mm_sub_epi8(v, _mm_set1_epi8((char)(from ^ 0x80)));
    return _mm_cmplt_epi8(moved, _mm_set1_epi8((char)(to - from - 127)));
}

static inline __m128i is_sse2(__m128i v, char c)
{
    return _mm_cmpeq_epi8(v, _mm_set1_epi8(c));
}

static inline __m128i lower_sse2(__m128i v)
{
    return _mm_or_si128(v, _mm_and_si128(between_sse2(v, 'A', 'Z'), _mm_set1_epi8(0x20)));
}

/* `c` where `mask`, else `v`. */
static inline __m128i put_sse2(__m128i v, char c, __m128i mask)
{
    return _mm_or_si128(_mm_and_si128(mask, _mm_set1_epi8(c)), _mm_andnot_si128(mask, v));
}

static inline uint64_t bits_sse2(__m128i v, unsigned quarter)
{
    return (uint64_t)(uint32_t)_mm_movemask_epi8(v) << (16 * quarter);
}

static inline void text_quarter_sse2(const uint8_t *from, uint8_t *to, unsigned quarter,
                                     block_bits *b)
{
    __m128i v = _mm_loadu_si128((const __m128i *)(const void *)from + quarter);
    __m128i blank = _mm_or_si128(is_sse2(v, ' '), between_sse2(v, 9, 13));
    __m128i r = put_sse2(put_sse2(lower_sse2(v), ' ', blank), '\'', is_sse2(v, '`'));
    _mm_storeu_si128((__m128i *)(void *)to + quarter, r);
    b->wide |= bits_sse2(v, quarter);
    b->lead |= bits_sse2(_mm_and_si128(v, _mm_slli_epi16(v, 1)), quarter);
    b->blank |= bits_sse2(blank, quarter);
    b->once |= bits_sse2(is_sse2(v, '-'), quarter);
}

static inline void loose_quarter_sse2(const uint8_t *from, uint8_t *to, unsigned quarter,
                                      block_bits *b)
{
    __m128i v = _mm_loadu_si128((const __m128i *)(const void *)from + quarter);
    __m128i small = lower_sse2(v), digit = between_sse2(v, '0', '9');
    __m128i word = _mm_or_si128(between_sse2(small, 'a', 'z'), digit);
    __m128i blank = _mm_or_si128(between_sse2(v, 0x20, 0x7E), between_sse2(v, 9, 13));
    blank = _mm_andnot_si128(word, blank);
    __m128i r = put_sse2(put_sse2(small, ' ', blank), '0', digit);
    _mm_storeu_si128((__m128i *)(void *)to + quarter, r);
    __m128i joint = _mm_or_si128(_mm_or_si128(is_sse2(v, '.'), is_sse2(v, ',')),
                                 _mm_or_si128(is_sse2(v, '\''), is_sse2(v, '`')));
    b->wide |= bits_sse2(v, quarter);
    b->lead |= bits_sse2(_mm_and_si128(v, _mm_slli_epi16(v, 1)), quarter);
    b->blank |= bits_sse2(blank, quarter);
    b->once |= bits_sse2(digit, quarter);
    b->joint |= bits_sse2(joint, quarter);
}

static inline block_bits text_block_sse2(const uint8_t *from, uint8_t *to)
{
    block_bits b = {0, 0, 0, 0, 0};
    for (unsigned quarter = 0; quarter < 4; quarter++)
        text_quarter_sse2(from, to, quarter, &b);
    return b;
}

static inline block_bits loose_block_sse2(const uint8_t *from, uint8_t *to)
{
    block_bits b = {0, 0, 0, 0, 0};
    for (unsigned quarter = 0; quarter < 4; quarter++)
        loose_quarter_sse2(from, to, quarter, &b);
    return b;
}

static void text_sse2(fold_run *r)
{
    block_before before = look_back(r, '-');
    while (r->from < r->end && r->to < r->limit) {
        block_bits b = text_block_sse2(r->from, r->to);
        uint64_t drop = surplus(r, &b, &before);
        unsigned count = left(r) < FOLD_BLOCK ? (unsigned)left(r) : FOLD_BLOCK;
        if (b.wide & low_bits(count)) {
            if (!fold_mixed_text(r, &b, drop))
                return;
            before = look_back(r, '-');
            continue;
        }
        drop &= low_bits(count);
        r->from += count;
        r->to += drop ? close_gaps(r->to, count, drop) : count;
        r->last_ccc = 0;
    }
}

static void loose_sse2(fold_run *r)
{
    block_before before = look_back(r, '0');
    while (r->from < r->end && r->to < r->limit) {
        block_bits b = loose_block_sse2(r->from, r->to);
        uint64_t drop = surplus(r, &b, &before);
        unsigned count = left(r) < FOLD_BLOCK ? (unsigned)left(r) : FOLD_BLOCK;
        if (b.wide & low_bits(count)) {
            if (!fold_mixed_loose(r, &b, drop))
                return;
            before = look_back(r, '0');
            continue;
        }
        drop &= low_bits(count);
        r->from += count;
        r->to += drop ? close_gaps(r->to, count, drop) : count;
        r->last_ccc = 0;
    }
}

static bool has_avx2(void)
{
    return __builtin_cpu_supports("avx2") && __builtin_cpu_supports("bmi") &&
           __builtin_cpu_supports("popcnt");
}

const fold_kernels fold_sse2 = {"sse2", text_sse2, loose_sse2, NULL};
const fold_kernels fold_avx2 = {"avx2", text_avx2, loose_avx2, has_avx2};

#endif
