#include "judge/fold_ascii.h"

#include <pthread.h>
#include <stdatomic.h>

#include "base/buffer.h"

#if defined(__x86_64__) && defined(__GNUC__)
#define HAVE_X86 1
#include <immintrin.h>
#endif

enum { BLOCK = 64 }; /* bytes classified at once, one bit each: most sentences are one or two */

static bool is_digit(uint8_t c)
{
    return c >= '0' && c <= '9';
}

static bool is_letter(uint8_t c)
{
    return (c | 0x20) >= 'a' && (c | 0x20) <= 'z';
}

static bool is_blank(uint8_t c)
{
    return c == ' ' || (c >= 9 && c <= 13);
}

static uint8_t lower(uint8_t c)
{
    return c >= 'A' && c <= 'Z' ? c | 0x20 : c;
}

static fold_ascii_done text_portable(const uint8_t *text, size_t len, uint8_t *to, uint8_t last)
{
    fold_ascii_done d = {0, 0};
    for (; d.read < len && text[d.read] < 0x80; d.read++) {
        uint8_t c = is_blank(text[d.read]) ? ' ' : text[d.read] == '`' ? '\'' : lower(text[d.read]);
        if ((c == ' ' || c == '-') && c == last)
            continue;
        to[d.written++] = last = c;
    }
    return d;
}

/* A control that is no blank stays what it is. */
static uint8_t loose_byte(uint8_t c)
{
    if (is_digit(c))
        return '0';
    if (is_letter(c) || (c < 0x20 && !is_blank(c)) || c == 0x7F)
        return lower(c);
    return ' ';
}

static fold_ascii_done loose_portable(const uint8_t *text, size_t len, uint8_t *to, uint8_t last)
{
    fold_ascii_done d = {0, 0};
    bool after_digit = last == '0';
    for (; d.read < len && text[d.read] < 0x80; d.read++) {
        uint8_t c = text[d.read], to_c = loose_byte(c);
        if (after_digit && fold_is_joint(c) && d.read + 1 < len && is_digit(text[d.read + 1]))
            to_c = '0';
        after_digit = is_digit(c);
        if ((to_c == ' ' || to_c == '0') && to_c == last)
            continue;
        to[d.written++] = last = to_c;
    }
    return d;
}

#ifdef HAVE_X86

/* What the bytes of a block are, a bit each. */
typedef struct {
    uint64_t stop;  /* above 0x7F */
    uint64_t blank; /* folds to a space */
    uint64_t once;  /* text: dashes. loose: digits. A run of them is written once */
    uint64_t joint; /* loose: fold_is_joint */
} block_bits;

typedef struct {
    const uint8_t *text;
    size_t len;
    uint8_t *to;
    fold_ascii_done at;
    uint64_t after_blank, after_once; /* 1: the byte before was such */
} cursor;

/* A joint between two digits is one of the number's bytes. */
static inline uint64_t number_bits(const cursor *c, uint64_t digits, uint64_t joints)
{
    size_t next = c->at.read + BLOCK;
    uint64_t digit_next = next < c->len && is_digit(c->text[next]);
    return digits | (joints & (digits << 1 | c->after_once) & (digits >> 1 | digit_next << 63));
}

static inline uint64_t low_bits(size_t count)
{
    return count < BLOCK ? ((uint64_t)1 << count) - 1 : UINT64_MAX;
}

/* Of the block at the cursor, already folded where it goes: how many bytes come before the end or
   the first that is not ASCII, and which of them are too much: a run's, from its second on. */
static inline uint64_t surplus(cursor *c, block_bits b, unsigned *count)
{
    uint64_t valid = low_bits(c->len - c->at.read), stop = b.stop | ~valid;
    uint64_t once = b.joint ? number_bits(c, b.once & valid, b.joint) : b.once;
    uint64_t blank = b.blank & ~once;
    uint64_t drop = (blank & (blank << 1 | c->after_blank)) | (once & (once << 1 | c->after_once));
    if (!stop) { /* apart, so that the next block need not wait for the count of this one */
        c->after_blank = blank >> 63;
        c->after_once = once >> 63;
        *count = BLOCK;
        return drop;
    }
    unsigned n = (unsigned)__builtin_ctzll(stop);
    if (n) {
        c->after_blank = blank >> (n - 1) & 1;
        c->after_once = once >> (n - 1) & 1;
    }
    *count = n;
    return drop & low_bits(n);
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

static inline cursor start(const uint8_t *text, size_t len, uint8_t *to, bool after_once,
                           uint8_t last)
{
    return (cursor){text, len, to, {0, 0}, last == ' ', after_once};
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
    b->stop |= bits_avx2(v, half);
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
    b->stop |= bits_avx2(v, half);
    b->blank |= bits_avx2(blank, half);
    b->once |= bits_avx2(digit, half);
    b->joint |= bits_avx2(joint, half);
}

TARGET_AVX2 static inline block_bits text_block_avx2(const uint8_t *from, uint8_t *to)
{
    block_bits b = {0, 0, 0, 0};
    text_half_avx2(from, to, 0, &b);
    text_half_avx2(from, to, 1, &b);
    return b;
}

TARGET_AVX2 static inline block_bits loose_block_avx2(const uint8_t *from, uint8_t *to)
{
    block_bits b = {0, 0, 0, 0};
    loose_half_avx2(from, to, 0, &b);
    loose_half_avx2(from, to, 1, &b);
    return b;
}

/* By the dropped ones of eight bytes: where the kept ones come from. */
static uint64_t kept_from[256];

static void make_kept_from(void)
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
    return kept - (BLOCK - count) % 8;
}

TARGET_AVX2 static fold_ascii_done text_avx2(const uint8_t *text, size_t len, uint8_t *to,
                                             uint8_t last)
{
    cursor c = start(text, len, to, last == '-', last);
    for (unsigned n = BLOCK; n == BLOCK && c.at.read < len; c.at.read += n) {
        uint8_t *at = to + c.at.written;
        uint64_t drop = surplus(&c, text_block_avx2(text + c.at.read, at), &n);
        c.at.written += drop ? close_gaps_avx2(at, n, drop) : n;
    }
    return c.at;
}

TARGET_AVX2 static fold_ascii_done loose_avx2(const uint8_t *text, size_t len, uint8_t *to,
                                              uint8_t last)
{
    cursor c = start(text, len, to, last == '0', last);
    for (unsigned n = BLOCK; n == BLOCK && c.at.read < len; c.at.read += n) {
        uint8_t *at = to + c.at.written;
        uint64_t drop = surplus(&c, loose_block_avx2(text + c.at.read, at), &n);
        c.at.written += drop ? close_gaps_avx2(at, n, drop) : n;
    }
    return c.at;
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
    b->stop |= bits_sse2(v, quarter);
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
    b->stop |= bits_sse2(v, quarter);
    b->blank |= bits_sse2(blank, quarter);
    b->once |= bits_sse2(digit, quarter);
    b->joint |= bits_sse2(joint, quarter);
}

static inline block_bits text_block_sse2(const uint8_t *from, uint8_t *to)
{
    block_bits b = {0, 0, 0, 0};
    for (unsigned quarter = 0; quarter < 4; quarter++)
        text_quarter_sse2(from, to, quarter, &b);
    return b;
}

static inline block_bits loose_block_sse2(const uint8_t *from, uint8_t *to)
{
    block_bits b = {0, 0, 0, 0};
    for (unsigned quarter = 0; quarter < 4; quarter++)
        loose_quarter_sse2(from, to, quarter, &b);
    return b;
}

static fold_ascii_done text_sse2(const uint8_t *text, size_t len, uint8_t *to, uint8_t last)
{
    cursor c = start(text, len, to, last == '-', last);
    for (unsigned n = BLOCK; n == BLOCK && c.at.read < len; c.at.read += n) {
        uint8_t *at = to + c.at.written;
        uint64_t drop = surplus(&c, text_block_sse2(text + c.at.read, at), &n);
        c.at.written += drop ? close_gaps(at, n, drop) : n;
    }
    return c.at;
}

static fold_ascii_done loose_sse2(const uint8_t *text, size_t len, uint8_t *to, uint8_t last)
{
    cursor c = start(text, len, to, last == '0', last);
    for (unsigned n = BLOCK; n == BLOCK && c.at.read < len; c.at.read += n) {
        uint8_t *at = to + c.at.written;
        uint64_t drop = surplus(&c, loose_block_sse2(text + c.at.read, at), &n);
        c.at.written += drop ? close_gaps(at, n, drop) : n;
    }
    return c.at;
}

#endif

/* Slowest first. */
static const fold_ascii_kernels all[] = {
    {"portable", text_portable, loose_portable},
#ifdef HAVE_X86
    {"sse2", text_sse2, loose_sse2},
    {"avx2", text_avx2, loose_avx2},
#endif
};

static bool runs_here(unsigned i)
{
#ifdef HAVE_X86
    if (i == 2)
        return __builtin_cpu_supports("avx2") && __builtin_cpu_supports("bmi") &&
               __builtin_cpu_supports("popcnt");
#endif
    return i < sizeof all / sizeof all[0];
}

static _Atomic(const fold_ascii_kernels *) best;
static pthread_once_t best_once = PTHREAD_ONCE_INIT;

static void choose(void)
{
    unsigned i = 0;
#ifdef HAVE_X86
    make_kept_from();
#endif
    while (runs_here(i + 1))
        i++;
    atomic_store_explicit(&best, &all[i], memory_order_release);
}

const fold_ascii_kernels *fold_ascii_best(void)
{
    const fold_ascii_kernels *k = atomic_load_explicit(&best, memory_order_acquire);
    if (k)
        return k;
    pthread_once(&best_once, choose);
    return atomic_load_explicit(&best, memory_order_acquire);
}

const fold_ascii_kernels *fold_ascii_number(unsigned i)
{
    return fold_ascii_best() && runs_here(i) ? &all[i] : NULL;
}
