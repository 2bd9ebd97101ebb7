#include "sentence/scan.h"

#include <stdbool.h>

#include "sentence/class.h"

#if defined(__x86_64__)
#include <immintrin.h>
#endif

/* Whether code points that share all UTF-8 bytes but the last hold a decision, by their last. */
static bool decides(uint32_t cp)
{
    return sb_decides[sb_decides_index[cp >> 6]] >> (cp & 63) & 1;
}

/* Armenian and Greek; "12:05" and "http://" in prose. */
static bool colon_decides(const uint8_t *s, size_t len)
{
    return s[-1] >= 0x80 ||
           (s[0] == ':' && len > 2 &&
            ((s[1] == '/' && s[2] == '/') || (s[-1] <= '9' && s[-1] >= '0' && s[1] <= '9')));
}

/* ":)", and an item's number: a blank or bracket is near. */
static bool bracket_decides(const uint8_t *s, size_t at)
{
    size_t most = at < 7 ? at : 7;
    for (size_t i = 1; i <= most; i++)
        if (s[-(ptrdiff_t)i] == ' ' || s[-(ptrdiff_t)i] == '(')
            return true;
    return most == at;
}

static bool ascii_decides(const uint8_t *s, size_t len, size_t at)
{
    switch (s[0]) {
    case ':': case ';':
        return at > 0 && colon_decides(s, len);
    case ')':
        return bracket_decides(s, at);
    case '*': case '=': case '_': /* the first of four: a rule is drawn */
        return len > 3 && s[1] == s[0] && s[2] == s[0] && s[3] == s[0] &&
               (at == 0 || s[-1] != s[0]);
    default:
        return true;
    }
}

/* A lead byte that was found: is it the beginning of one? Reads up to 3 bytes behind it. */
static bool decides_at(const uint8_t *text, size_t len, size_t at)
{
    const uint8_t *s = text + at;
    if (s[0] < 0x80)
        return s[0] == '.' || ascii_decides(s, len - at, at);
    if (s[0] < 0xE0)
        return decides((s[0] & 0x1Fu) << 6 | (s[1] & 0x3Fu));
    if (s[0] < 0xF0)
        return decides((s[0] & 0x0Fu) << 12 | (s[1] & 0x3Fu) << 6 | (s[2] & 0x3Fu));
    return letter_at(text, len, at).class == SB_STERM;
}

/* ASCII: . ? ! : ; ) * = _ LF CR. Above: the leads of Latin-1's NEL, Armenian, Arabic, Syriac,
   N'Ko, the Indic and African blocks, punctuation, CJK punctuation, Vai to Meetei Mayek, forms,
   planes 1-2. Latin, Greek, Cyrillic, Hebrew, ideographs and Hangul have none. */
static bool can_lead(uint8_t b)
{
    switch (b) {
    case '.': case '?': case '!': case ':': case ';': case ')': case '*': case '=': case '_':
    case '\n': case '\r':
    case 0xC2: case 0xD6: case 0xD8: case 0xDB: case 0xDC: case 0xDF:
    case 0xE0: case 0xE1: case 0xE2: case 0xE3: case 0xEA: case 0xEF: case 0xF0:
        return true;
    default:
        return false;
    }
}

static size_t scan_portable(const uint8_t *text, size_t len, size_t from)
{
    for (size_t at = from; at < len; at++)
        if (can_lead(text[at]) && decides_at(text, len, at))
            return at;
    return len;
}

#if defined(__x86_64__)

/* The first bit of `mask`, bytes from `at` on, that is one; or `len`. */
static inline size_t first_of(uint32_t mask, const uint8_t *text, size_t len, size_t at)
{
    for (; mask; mask &= mask - 1) {
        size_t i = at + (size_t)__builtin_ctz(mask);
        if (i >= len)
            return len;
        if (decides_at(text, len, i))
            return i;
    }
    return len;
}

static inline __m128i is16(__m128i b, int byte)
{
    return _mm_cmpeq_epi8(b, _mm_set1_epi8((char)byte));
}

/* first <= b <= last, unsigned. */
static inline __m128i in16(__m128i b, int first, int last)
{
    __m128i off = _mm_sub_epi8(b, _mm_set1_epi8((char)first));
    return _mm_cmpeq_epi8(_mm_min_epu8(off, _mm_set1_epi8((char)(last - first))), off);
}

static inline __m128i leads16(__m128i b, __m128i next)
{
    __m128i nel = _mm_and_si128(is16(b, 0xC2), is16(next, 0x85));
    __m128i arabic = _mm_and_si128(is16(b, 0xD8), in16(next, 0x9D, 0x9F));
    __m128i two = _mm_or_si128(_mm_or_si128(is16(b, 0xD6), is16(b, 0xDB)),
                               _mm_or_si128(is16(b, 0xDC), is16(b, 0xDF)));
    __m128i more = _mm_or_si128(_mm_or_si128(in16(b, 0xE0, 0xE3), is16(b, 0xEA)),
                                in16(b, 0xEF, 0xF0));
    return _mm_or_si128(_mm_or_si128(nel, arabic), _mm_or_si128(two, more));
}

static size_t scan_sse2(const uint8_t *text, size_t len, size_t from)
{
    for (size_t at = from; at < len; at += 16) {
        __m128i b = _mm_loadu_si128((const __m128i *)(text + at));
        __m128i found = _mm_or_si128(
            _mm_or_si128(_mm_or_si128(is16(b, '.'), is16(b, '?')), in16(b, ':', ';')),
            _mm_or_si128(_mm_or_si128(is16(b, '!'), is16(b, ')')),
                         _mm_or_si128(is16(b, '\n'), is16(b, '\r'))));
        found = _mm_or_si128(_mm_or_si128(found, is16(b, '*')),
                             _mm_or_si128(is16(b, '='), is16(b, '_')));
        if (_mm_movemask_epi8(b)) {
            __m128i next = _mm_loadu_si128((const __m128i *)(text + at + 1));
            found = _mm_or_si128(found, leads16(b, next));
        }
        uint32_t mask = (uint32_t)_mm_movemask_epi8(found);
        if (mask) {
            size_t i = first_of(mask, text, len, at);
            if (i < len)
                return i;
        }
    }
    return len;
}

#define AVX2 __attribute__((target("avx2")))

AVX2 static inline __m256i is32(__m256i b, int byte)
{
    return _mm256_cmpeq_epi8(b, _mm256_set1_epi8((char)byte));
}

AVX2 static inline __m256i in32(__m256i b, int first, int last)
{
    __m256i off = _mm256_sub_epi8(b, _mm256_set1_epi8((char)first));
    return _mm256_cmpeq_epi8(_mm256_min_epu8(off, _mm256_set1_epi8((char)(last - first))), off);
}

AVX2 static inline __m256i leads32(__m256i b, __m256i next)
{
    __m256i nel = _mm256_and_si256(is32(b, 0xC2), is32(next, 0x85));
    __m256i arabic = _mm256_and_si256(is32(b, 0xD8), in32(next, 0x9D, 0x9F));
    __m256i two = _mm256_or_si256(_mm256_or_si256(is32(b, 0xD6), is32(b, 0xDB)),
                                  _mm256_or_si256(is32(b, 0xDC), is32(b, 0xDF)));
    __m256i more = _mm256_or_si256(_mm256_or_si256(in32(b, 0xE0, 0xE3), is32(b, 0xEA)),
                                   in32(b, 0xEF, 0xF0));
    return _mm256_or_si256(_mm256_or_si256(nel, arabic), _mm256_or_si256(two, more));
}

/* One bit a high nibble that has any, and a table of low nibbles for each: LF CR; ! ) * .; : ; = ?;
   and _. Bytes of 0x80 and more look up zero. */
AVX2 static inline __m256i ascii32(__m256i b)
{
    const __m256i low = _mm256_setr_epi8(
        0, 2, 0, 0, 0, 0, 0, 0, 0, 2, 1 | 2 | 4, 4, 0, 1 | 4, 2, 4 | 8,
        0, 2, 0, 0, 0, 0, 0, 0, 0, 2, 1 | 2 | 4, 4, 0, 1 | 4, 2, 4 | 8);
    const __m256i high = _mm256_setr_epi8(1, 0, 2, 4, 0, 8, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
                                          1, 0, 2, 4, 0, 8, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0);
    __m256i nibble = _mm256_and_si256(_mm256_srli_epi16(b, 4), _mm256_set1_epi8(0x0F));
    __m256i both = _mm256_and_si256(_mm256_shuffle_epi8(low, b),
                                    _mm256_shuffle_epi8(high, nibble));
    return _mm256_cmpgt_epi8(both, _mm256_setzero_si256());
}

AVX2 static size_t scan_avx2(const uint8_t *text, size_t len, size_t from)
{
    for (size_t at = from; at < len; at += 32) {
        __m256i b = _mm256_loadu_si256((const __m256i *)(text + at));
        __m256i found = ascii32(b);
        if (_mm256_movemask_epi8(b)) {
            __m256i next = _mm256_loadu_si256((const __m256i *)(text + at + 1));
            found = _mm256_or_si256(found, leads32(b, next));
        }
        uint32_t mask = (uint32_t)_mm256_movemask_epi8(found);
        if (mask) {
            size_t i = first_of(mask, text, len, at);
            if (i < len)
                return i;
        }
    }
    return len;
}

#endif

size_t sentence_scan_all(scan_kernel *kernels[SCAN_KERNELS])
{
    size_t n = 0;
    kernels[n++] = scan_portable;
#if defined(__x86_64__)
    kernels[n++] = scan_sse2;
    if (__builtin_cpu_supports("avx2"))
        kernels[n++] = scan_avx2;
#endif
    return n;
}

scan_kernel *sentence_scan_best(void)
{
    scan_kernel *kernels[SCAN_KERNELS] = {NULL};
    size_t n = sentence_scan_all(kernels);
    /* cppcheck-suppress CastIntegerToAddressAtReturn ; it is a function's address */
    return kernels[n - 1];
}
