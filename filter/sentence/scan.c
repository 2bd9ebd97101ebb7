#include "sentence/scan.h"

#include <stdbool.h>
#include <string.h>

#include "sentence/class.h"

#if defined(__x86_64__)
#include <immintrin.h>
#endif

/* Whether code points that share all UTF-8 bytes but the last hold a decision, by their last. */
static bool decides(uint32_t cp)
{
    return sb_decides[sb_decides_index[cp >> 6]] >> (cp & 63) & 1;
}

static bool is_digit(uint8_t b)
{
    return b >= '0' && b <= '9';
}

/* Armenian and Greek; "12:05" and "http://" in prose. */
static bool colon_decides(const uint8_t *s, size_t len)
{
    return s[-1] >= 0x80 ||
           (s[0] == ':' && len > 2 &&
            ((s[1] == '/' && s[2] == '/') || (is_digit(s[-1]) && is_digit(s[1]))));
}

static bool is_opener(uint8_t b)
{
    return b == ' ' || b == '(';
}

/* In the number of an item: digits, and those of roman numbers. */
static bool counts(uint8_t b)
{
    uint8_t small = b | 0x20;
    return is_digit(b) || small == 'i' || small == 'v' || small == 'x';
}

/* ":)" and ":-)", or an item's number: up to three digits, a letter, up to "viii", with a blank or
   bracket before. Nearly all others close a remark. */
static bool bracket_decides(const uint8_t *s, size_t at)
{
    if (at < 2)
        return false;
    if (s[-1] == ':' || s[-1] == ';' || s[-1] == '-' || s[-1] == '.' || is_opener(s[-2]))
        return true;
    return at > 2 && counts(s[-1]) && counts(s[-2]) &&
           (is_opener(s[-3]) || (at > 3 && is_opener(s[-4])) ||
            (at > 4 && is_opener(s[-5]) && !is_digit(s[-4])));
}

/* The first of as many signs as the shortest rule that is drawn has. */
static bool rule_decides(const uint8_t *s, size_t len, size_t at)
{
    return len >= SCAN_RULE && s[1] == s[0] && memcmp(s, s + 1, SCAN_RULE - 1) == 0 &&
           (at == 0 || s[-1] != s[0]);
}

/* "a.org", "3.14": nowhere does a sentence end so. */
static inline bool dot_decides(const uint8_t *s, size_t at)
{
    return (uint8_t)(s[1] - 'a') >= 26 && !(is_digit(s[1]) && at > 0 && is_digit(s[-1]));
}

static bool ascii_decides(const uint8_t *s, size_t len, size_t at)
{
    switch (s[0]) {
    case '.':
        return dot_decides(s, at);
    case '?': case '!': case '\n': case '\r':
        return true;
    case ':': case ';':
        return at > 0 && colon_decides(s, len);
    case ')':
        return bracket_decides(s, at);
    case '*': case '=': case '_':
        return rule_decides(s, len, at);
    default:
        return false;
    }
}

/* A lead byte that was found: is it the beginning of one? Reads up to 3 bytes behind it. */
static bool decides_at(const uint8_t *text, size_t len, size_t at)
{
    const uint8_t *s = text + at;
    if (s[0] < 0x80)
        return ascii_decides(s, len - at, at);
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
    for (size_t at = from; at + 1 < len; at++)
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
        if (i + 1 >= len)
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

/* The sign bits of 64 bytes. */
AVX2 static inline uint64_t both(__m256i low, __m256i high)
{
    return (uint64_t)(uint32_t)_mm256_movemask_epi8(high) << 32 |
           (uint32_t)_mm256_movemask_epi8(low);
}

AVX2 static inline __m256i in32(__m256i b, int first, int last)
{
    __m256i off = _mm256_sub_epi8(b, _mm256_set1_epi8((char)first));
    return _mm256_cmpeq_epi8(_mm256_min_epu8(off, _mm256_set1_epi8((char)(last - first))), off);
}

/* Leads of two and three bytes, and the bytes behind them that go before a decision; bits, named by
   what most of it is, in tables of low and high nibbles. A few bytes more look up the same. */
enum { INDIC = 1, AFRICA = 2, ASIA = 4, SIGNS = 8, CJK = 16, VAI = 32, TWO = 64, NKO = 128 };

static const struct {
    uint8_t lead_low[16], lead_high[16], next_low[16], next_high[16];
} leads __attribute__((aligned(16))) = {
    {INDIC, AFRICA | ASIA, SIGNS | TWO, CJK, 0, 0, TWO, 0, TWO, 0, VAI, TWO, TWO, 0, 0,
     SIGNS | NKO},
    {[0xC] = TWO, [0xD] = TWO | NKO, [0xE] = INDIC | AFRICA | ASIA | SIGNS | CJK | VAI},
    {INDIC | AFRICA | ASIA | SIGNS | CJK | TWO, AFRICA | ASIA | SIGNS | VAI | TWO, TWO, VAI,
     VAI | TWO, INDIC | AFRICA | TWO, SIGNS, SIGNS | VAI, SIGNS | VAI,
     ASIA | SIGNS | VAI | TWO | NKO, AFRICA, SIGNS | VAI, INDIC | ASIA | SIGNS,
     AFRICA | SIGNS | TWO, SIGNS | TWO, ASIA | VAI | TWO},
    {[0x8] = AFRICA | SIGNS | CJK | TWO, [0x9] = ASIA | SIGNS | VAI | TWO,
     [0xA] = INDIC | AFRICA | VAI, [0xB] = INDIC | ASIA | SIGNS | NKO},
};

AVX2 static inline __m256i look_up32(const uint8_t table[16], __m256i nibbles)
{
    __m128i t = _mm_load_si128((const __m128i *)table);
    return _mm256_shuffle_epi8(_mm256_broadcastsi128_si256(t), nibbles);
}

AVX2 static inline __m256i classes32(__m256i b, const uint8_t low[16], const uint8_t high[16])
{
    __m256i nibble = _mm256_set1_epi8(0x0F);
    return _mm256_and_si256(look_up32(low, _mm256_and_si256(b, nibble)),
                            look_up32(high, _mm256_and_si256(_mm256_srli_epi16(b, 4), nibble)));
}

/* The leads behind which a decision can stand. Of curly quotes and most of Devanagari, of which text
   is full, the third byte tells. */
AVX2 static uint32_t leads32(const uint8_t *s)
{
    __m256i b = _mm256_loadu_si256((const __m256i *)s);
    __m256i next = _mm256_loadu_si256((const __m256i *)(s + 1));
    __m256i third = _mm256_loadu_si256((const __m256i *)(s + 2));
    __m256i class = _mm256_and_si256(classes32(b, leads.lead_low, leads.lead_high),
                                     classes32(next, leads.next_low, leads.next_high));
    __m256i quote = _mm256_and_si256(_mm256_and_si256(is32(b, 0xE2), is32(next, 0x80)),
                                     _mm256_cmpgt_epi8(_mm256_set1_epi8((char)0xA0), third));
    __m256i vowel = _mm256_andnot_si256(in32(third, 0xA4, 0xA5),
                                        _mm256_and_si256(is32(b, 0xE0), is32(next, 0xA5)));
    __m256i none = _mm256_or_si256(_mm256_cmpeq_epi8(class, _mm256_setzero_si256()),
                                   _mm256_or_si256(quote, vowel));
    uint32_t astral = (uint32_t)_mm256_movemask_epi8(is32(b, 0xF0));
    return ~(uint32_t)_mm256_movemask_epi8(none) | astral;
}

/* What an ASCII sign must have behind it to decide. Bits: signs that share one are the only bytes
   that have a high nibble and a low nibble of theirs. */
enum {
    BREAK = 1,     /* LF CR */
    CLOSE = 2,     /* ! ) */
    QUESTION = 4,  /* ? */
    DOT = 8,       /* . and no small letter */
    EQUALS = 16,   /* = and the same again */
    COLON = 32,    /* : ; and a digit or slash, or another script before */
    RULE = 64      /* * _ and the same again; / and Z look up the same and are no signs */
};

#define BYTES8(x) x, x, x, x, x, x, x, x
#define BYTES32(x) BYTES8(x), BYTES8(x), BYTES8(x), BYTES8(x)

/* In memory, or each call would first make them in registers. */
static const struct {
    int8_t low[32], high[32], nibble[32], a[32], letters[32], slash[32], digits[32];
    int8_t dot[32], colon[32], rule[32];
} signs __attribute__((aligned(32))) = {
    {0, CLOSE, 0, 0, 0, 0, 0, 0, 0, CLOSE, BREAK | COLON | RULE, COLON, 0, BREAK | EQUALS, DOT,
     QUESTION | RULE, 0, CLOSE, 0, 0, 0, 0, 0, 0, 0, CLOSE, BREAK | COLON | RULE, COLON, 0,
     BREAK | EQUALS, DOT, QUESTION | RULE},
    {BREAK, 0, CLOSE | DOT | RULE, QUESTION | EQUALS | COLON, 0, RULE, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
     BREAK, 0, CLOSE | DOT | RULE, QUESTION | EQUALS | COLON, 0, RULE},
    {BYTES32(0x0F)}, {BYTES32('a')}, {BYTES32(25)}, {BYTES32('/')}, {BYTES32(10)},
    {BYTES32(DOT)}, {BYTES32(COLON)}, {BYTES32(RULE | EQUALS)},
};

AVX2 static inline __m256i load32(const void *p)
{
    return _mm256_loadu_si256((const __m256i *)p);
}

/* first <= b <= first + span, unsigned. */
AVX2 static inline __m256i among32(__m256i b, const int8_t *first, const int8_t *span)
{
    __m256i off = _mm256_sub_epi8(b, load32(first));
    return _mm256_cmpeq_epi8(_mm256_min_epu8(off, load32(span)), off);
}

/* A table of low nibbles and one of high ones. Bytes of 0x80 and more look up zero. */
AVX2 static inline __m256i signs32(__m256i b)
{
    __m256i nibble = _mm256_and_si256(_mm256_srli_epi16(b, 4), load32(signs.nibble));
    return _mm256_and_si256(_mm256_shuffle_epi8(load32(signs.low), b),
                            _mm256_shuffle_epi8(load32(signs.high), nibble));
}

/* Zero where the next byte makes the sign undecided. */
AVX2 static inline __m256i decided32(__m256i sign, __m256i b, __m256i next)
{
    __m256i dots = _mm256_and_si256(among32(next, signs.a, signs.letters), load32(signs.dot));
    __m256i colons = _mm256_andnot_si256(among32(next, signs.slash, signs.digits),
                                         load32(signs.colon));
    __m256i rules = _mm256_andnot_si256(_mm256_cmpeq_epi8(b, next), load32(signs.rule));
    return _mm256_andnot_si256(_mm256_or_si256(dots, _mm256_or_si256(colons, rules)), sign);
}

/* COLON becomes the sign bit. */
AVX2 static inline uint64_t colons64(__m256i low, __m256i high)
{
    return both(_mm256_slli_epi16(low, 2), _mm256_slli_epi16(high, 2));
}

/* A bit for each of the `left` bytes, 64 at most, at which a decision may begin. Not inlined, that
   its many constants need not live longer than it. */
AVX2 __attribute__((noinline)) static uint64_t found64(const uint8_t *s, size_t left)
{
    __m256i a = load32(s), b = load32(s + 32), zero = _mm256_setzero_si256();
    __m256i a_signs = signs32(a), b_signs = signs32(b);
    __m256i a_decided = decided32(a_signs, a, load32(s + 1));
    __m256i b_decided = decided32(b_signs, b, load32(s + 33));
    uint64_t within = left < 64 ? ((uint64_t)1 << left) - 1 : UINT64_MAX;
    uint64_t found = both(_mm256_cmpgt_epi8(a_decided, zero), _mm256_cmpgt_epi8(b_decided, zero));
    uint64_t colons = colons64(a_signs, b_signs), high = both(a, b) & within;
    found |= colons & 1; /* the byte before it is not looked at here */
    if (high) {
        found |= (colons & high << 1) | leads32(s);
        if (left > 32)
            found |= (uint64_t)leads32(s + 32) << 32;
    }
    return found & within;
}

/* A line is 60 bytes on the mean: 64 at a time are one step for most. */
static size_t scan_avx2(const uint8_t *text, size_t len, size_t from)
{
    for (size_t at = from; at + 1 < len; at += 64) {
        for (uint64_t found = found64(text + at, len - 1 - at); found; found &= found - 1) {
            size_t i = at + (size_t)__builtin_ctzll(found);
            if (text[i] == '.' ? dot_decides(text + i, i) : decides_at(text, len, i))
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
