#include "judge/fold_ascii.h"

#include <pthread.h>

#include "base/buffer.h"

#if defined(__x86_64__) && defined(__GNUC__)
#define HAVE_X86 1
#include <immintrin.h>
#endif

enum { BLOCK = 32 }; /* bytes classified at once; one bit each in a uint32_t */

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
    uint32_t stop;  /* above 0x7F */
    uint32_t blank; /* folds to a space */
    uint32_t once;  /* text: dashes. loose: digits. A run of them is written once */
    uint32_t joint; /* loose: fold_is_joint */
} block_bits;

typedef struct {
    const uint8_t *text;
    size_t len;
    uint8_t *to;
    fold_ascii_done at;
    uint32_t after_blank, after_once; /* 1: the byte before was such */
} cursor;

/* A joint between two digits is one of the number's bytes. */
static inline uint32_t number_bits(const cursor *c, uint32_t digits, uint32_t joints)
{
    size_t next = c->at.read + BLOCK;
    uint32_t digit_next = next < c->len && is_digit(c->text[next]);
    return digits | (joints & (digits << 1 | c->after_once) & (digits >> 1 | digit_next << 31));
}

/* Steps over what the block at the cursor, already written there, holds up to the first run to be
   shortened, and over what is too much of that run. False: at the end. */
static inline bool step(cursor *c, block_bits b)
{
    size_t left = c->len - c->at.read;
    uint32_t valid = left >= BLOCK ? UINT32_MAX : ((uint32_t)1 << left) - 1;
    uint32_t stop = b.stop | ~valid;
    unsigned end = stop ? (unsigned)__builtin_ctz(stop) : BLOCK;
    uint32_t once = number_bits(c, b.once & valid, b.joint);
    uint32_t blank = b.blank & ~once;
    uint32_t drop = (blank & (blank << 1 | c->after_blank)) | (once & (once << 1 | c->after_once));
    unsigned from = drop ? (unsigned)__builtin_ctz(drop) : BLOCK;
    unsigned to = from;
    if (from < end) {
        uint32_t kept = ~(drop >> from);
        to = kept ? from + (unsigned)__builtin_ctz(kept) : BLOCK;
        to = to < end ? to : end;
    } else {
        from = to = end;
    }
    if (to > 0) {
        c->after_blank = blank >> (to - 1) & 1;
        c->after_once = once >> (to - 1) & 1;
    }
    c->at.read += to;
    c->at.written += from;
    return c->at.read < c->len && !(to == end && end < BLOCK);
}

static inline cursor start(const uint8_t *text, size_t len, uint8_t *to, bool after_once,
                           uint8_t last)
{
    return (cursor){text, len, to, {0, 0}, last == ' ', after_once};
}

#define TARGET_AVX2 __attribute__((target("avx2,bmi")))

/* Bytes from..to, as 0xFF. `v` is compared as signed: bytes above 0x7F are below all. */
TARGET_AVX2 static inline __m256i between_avx2(__m256i v, char from, char to)
{
    return _mm256_and_si256(_mm256_cmpgt_epi8(v, _mm256_set1_epi8((char)(from - 1))),
                            _mm256_cmpgt_epi8(_mm256_set1_epi8((char)(to + 1)), v));
}

TARGET_AVX2 static inline uint32_t bits_avx2(__m256i v)
{
    return (uint32_t)_mm256_movemask_epi8(v);
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

TARGET_AVX2 static inline block_bits text_block_avx2(const uint8_t *from, uint8_t *to)
{
    __m256i v = _mm256_loadu_si256((const __m256i *)from);
    __m256i blank = _mm256_or_si256(is_avx2(v, ' '), between_avx2(v, 9, 13));
    __m256i r = _mm256_blendv_epi8(lower_avx2(v), _mm256_set1_epi8(' '), blank);
    r = _mm256_blendv_epi8(r, _mm256_set1_epi8('\''), is_avx2(v, '`'));
    _mm256_storeu_si256((__m256i *)to, r);
    return (block_bits){bits_avx2(v), bits_avx2(blank), bits_avx2(is_avx2(v, '-')), 0};
}

TARGET_AVX2 static inline block_bits loose_block_avx2(const uint8_t *from, uint8_t *to)
{
    __m256i v = _mm256_loadu_si256((const __m256i *)from);
    __m256i small = lower_avx2(v), digit = between_avx2(v, '0', '9');
    __m256i word = _mm256_or_si256(between_avx2(small, 'a', 'z'), digit);
    __m256i blank = _mm256_or_si256(between_avx2(v, 0x20, 0x7E), between_avx2(v, 9, 13));
    blank = _mm256_andnot_si256(word, blank);
    __m256i r = _mm256_blendv_epi8(small, _mm256_set1_epi8(' '), blank);
    r = _mm256_blendv_epi8(r, _mm256_set1_epi8('0'), digit);
    _mm256_storeu_si256((__m256i *)to, r);
    __m256i joint = _mm256_or_si256(_mm256_or_si256(is_avx2(v, '.'), is_avx2(v, ',')),
                                    _mm256_or_si256(is_avx2(v, '\''), is_avx2(v, '`')));
    return (block_bits){bits_avx2(v), bits_avx2(blank), bits_avx2(digit), bits_avx2(joint)};
}

TARGET_AVX2 static fold_ascii_done text_avx2(const uint8_t *text, size_t len, uint8_t *to,
                                             uint8_t last)
{
    cursor c = start(text, len, to, last == '-', last);
    if (len)
        while (step(&c, text_block_avx2(text + c.at.read, to + c.at.written)))
            continue;
    return c.at;
}

TARGET_AVX2 static fold_ascii_done loose_avx2(const uint8_t *text, size_t len, uint8_t *to,
                                              uint8_t last)
{
    cursor c = start(text, len, to, last == '0', last);
    if (len)
        while (step(&c, loose_block_avx2(text + c.at.read, to + c.at.written)))
            continue;
    return c.at;
}

static inline __m128i between_sse2(__m128i v, char from, char to)
{
    return _mm_and_si128(_mm_cmpgt_epi8(v, _mm_set1_epi8((char)(from - 1))),
                         _mm_cmplt_epi8(v, _mm_set1_epi8((char)(to + 1))));
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

static inline uint32_t bits_sse2(__m128i v, unsigned half)
{
    return (uint32_t)_mm_movemask_epi8(v) << (16 * half);
}

static inline void text_half_sse2(const uint8_t *from, uint8_t *to, unsigned half, block_bits *b)
{
    __m128i v = _mm_loadu_si128((const __m128i *)from + half);
    __m128i blank = _mm_or_si128(is_sse2(v, ' '), between_sse2(v, 9, 13));
    __m128i r = put_sse2(put_sse2(lower_sse2(v), ' ', blank), '\'', is_sse2(v, '`'));
    _mm_storeu_si128((__m128i *)to + half, r);
    b->stop |= bits_sse2(v, half);
    b->blank |= bits_sse2(blank, half);
    b->once |= bits_sse2(is_sse2(v, '-'), half);
}

static inline void loose_half_sse2(const uint8_t *from, uint8_t *to, unsigned half, block_bits *b)
{
    __m128i v = _mm_loadu_si128((const __m128i *)from + half);
    __m128i small = lower_sse2(v), digit = between_sse2(v, '0', '9');
    __m128i word = _mm_or_si128(between_sse2(small, 'a', 'z'), digit);
    __m128i blank = _mm_or_si128(between_sse2(v, 0x20, 0x7E), between_sse2(v, 9, 13));
    blank = _mm_andnot_si128(word, blank);
    _mm_storeu_si128((__m128i *)to + half, put_sse2(put_sse2(small, ' ', blank), '0', digit));
    __m128i joint = _mm_or_si128(_mm_or_si128(is_sse2(v, '.'), is_sse2(v, ',')),
                                 _mm_or_si128(is_sse2(v, '\''), is_sse2(v, '`')));
    b->stop |= bits_sse2(v, half);
    b->blank |= bits_sse2(blank, half);
    b->once |= bits_sse2(digit, half);
    b->joint |= bits_sse2(joint, half);
}

static inline block_bits text_block_sse2(const uint8_t *from, uint8_t *to)
{
    block_bits b = {0, 0, 0, 0};
    text_half_sse2(from, to, 0, &b);
    text_half_sse2(from, to, 1, &b);
    return b;
}

static inline block_bits loose_block_sse2(const uint8_t *from, uint8_t *to)
{
    block_bits b = {0, 0, 0, 0};
    loose_half_sse2(from, to, 0, &b);
    loose_half_sse2(from, to, 1, &b);
    return b;
}

static fold_ascii_done text_sse2(const uint8_t *text, size_t len, uint8_t *to, uint8_t last)
{
    cursor c = start(text, len, to, last == '-', last);
    if (len)
        while (step(&c, text_block_sse2(text + c.at.read, to + c.at.written)))
            continue;
    return c.at;
}

static fold_ascii_done loose_sse2(const uint8_t *text, size_t len, uint8_t *to, uint8_t last)
{
    cursor c = start(text, len, to, last == '0', last);
    if (len)
        while (step(&c, loose_block_sse2(text + c.at.read, to + c.at.written)))
            continue;
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
        return __builtin_cpu_supports("avx2") && __builtin_cpu_supports("bmi");
#endif
    return i < sizeof all / sizeof all[0];
}

const fold_ascii_kernels *fold_ascii_number(unsigned i)
{
    return runs_here(i) ? &all[i] : NULL;
}

static const fold_ascii_kernels *best;
static pthread_once_t best_once = PTHREAD_ONCE_INIT;

static void choose(void)
{
    for (unsigned i = 0; runs_here(i); i++)
        best = &all[i];
}

const fold_ascii_kernels *fold_ascii_best(void)
{
    pthread_once(&best_once, choose);
    return best;
}
