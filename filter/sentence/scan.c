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

/* Behind Armenian and Greek, marks passed over, a colon and semicolon end sentences. Text is full
   of Latin and Cyrillic letters, which is no mark, before them. */
static bool may_be_greek(const uint8_t *s)
{
    return s[-1] >= 0x80 && !(s[-2] >= 0xC3 && s[-2] <= 0xCB) && s[-2] != 0xD0 && s[-2] != 0xD1;
}

/* ... and "12:05" and "http://" in prose. */
static bool colon_decides(const uint8_t *s, size_t len)
{
    return may_be_greek(s) || (s[-1] >= 0x80 && s[1] == '/') ||
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
static inline unsigned dot_decides(const uint8_t *s, size_t at)
{
    unsigned number = (unsigned)is_digit(s[1]) & (unsigned)is_digit(s[-(at > 0)]);
    unsigned small = (uint8_t)(s[1] - 'a') < 26;
    return (number | small) ^ 1;
}

static bool ascii_decides(const uint8_t *s, size_t len, size_t at)
{
    switch (s[0]) {
    case '.': case '?': case '!': case '\r':
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

/* A byte at which a decision may begin: is it the beginning of one? Reads up to 3 bytes behind it.
   Not inlined, that what is nearly always a full stop need not make room for it. */
__attribute__((noinline)) static bool decides_at(const uint8_t *text, size_t len, size_t at)
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

/* ASCII: . ? ! : ; ) * = _ CR. Above: the leads of Latin-1's NEL, Armenian, Arabic, Syriac,
   N'Ko, the Indic and African blocks, punctuation, CJK punctuation, Vai to Meetei Mayek, forms,
   planes 1-2. Latin, Greek, Cyrillic, Hebrew, ideographs and Hangul have none. */
static bool can_lead(uint8_t b)
{
    switch (b) {
    case '.': case '?': case '!': case ':': case ';': case ')': case '*': case '=': case '_':
    case '\r':
    case 0xC2: case 0xD6: case 0xD8: case 0xDB: case 0xDC: case 0xDF:
    case 0xE0: case 0xE1: case 0xE2: case 0xE3: case 0xEA: case 0xEF: case 0xF0:
        return true;
    default:
        return false;
    }
}

static size_t find_portable(const uint8_t *text, size_t from, size_t to, uint32_t *found)
{
    size_t n = 0;
    for (size_t at = from; at < to; at++) {
        found[n] = (uint32_t)at;
        n += can_lead(text[at]);
    }
    return n;
}

#if defined(__x86_64__)

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

static uint64_t bits16(const uint8_t *s)
{
    __m128i b = _mm_loadu_si128((const __m128i *)s);
    __m128i found = _mm_or_si128(
        _mm_or_si128(_mm_or_si128(is16(b, '.'), is16(b, '?')), in16(b, ':', ';')),
        _mm_or_si128(_mm_or_si128(is16(b, '!'), is16(b, ')')),
                     _mm_or_si128(is16(b, '*'), is16(b, '\r'))));
    found = _mm_or_si128(found, _mm_or_si128(is16(b, '='), is16(b, '_')));
    if (_mm_movemask_epi8(b)) {
        __m128i next = _mm_loadu_si128((const __m128i *)(s + 1));
        found = _mm_or_si128(found, leads16(b, next));
    }
    return (uint32_t)_mm_movemask_epi8(found);
}

static size_t find_sse2(const uint8_t *text, size_t from, size_t to, uint32_t *found)
{
    size_t n = 0;
    for (size_t at = from; at < to; at += 64) {
        uint64_t bits = 0;
        for (size_t i = 0; i < 64 && at + i < to; i += 16)
            bits |= bits16(text + at + i) << i;
        if (to - at < 64)
            bits &= ((uint64_t)1 << (to - at)) - 1;
        for (; bits; bits &= bits - 1)
            found[n++] = (uint32_t)at + (uint32_t)__builtin_ctzll(bits);
    }
    return n;
}

#define AVX2 __attribute__((target("avx2,bmi,bmi2,popcnt")))

AVX2 static inline __m256i load32(const void *p)
{
    return _mm256_loadu_si256((const __m256i *)p);
}

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

/* Of what decides, the leads of two and three bytes, the bytes behind them, and the third ones: by
   low and high nibbles, one bit for each of eight groups. Which share a bit was chosen so that
   little of what text is full of looks up the same: 0x01 NEL, Arabic; 0x02 Armenian; 0x04
   U+2043..22EF, circles, Vai (part), Javanese; 0x08 Samaritan to Ethiopic, Mongolian, Limbu,
   Lepcha; 0x10 Syriac, N'Ko; 0x20 Canadian, Khmer, Tai Tham, Balinese, squares, Meetei Mayek; 0x40
   arrows to forms; 0x80 U+2022..203D, U+2E2E, CJK. Behind two bytes any third is right. */
static const struct {
    uint8_t lead_low[16], lead_high[16], next_low[16], next_high[16], third_low[16], third_high[16];
} leads __attribute__((aligned(16))) = {
    .lead_low = {0x08, 0x28, 0xE5, 0x80, 0x00, 0x00, 0x02, 0x00,
                 0x01, 0x00, 0x64, 0x01, 0x10, 0x00, 0x00, 0x50},
    .lead_high = {0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00,
                  0x00, 0x00, 0x00, 0x00, 0x01, 0x13, 0xEC, 0x00},
    .next_low = {0x98, 0x5C, 0x10, 0x40, 0x41, 0x09, 0x20, 0x04,
                 0x84, 0x72, 0x20, 0x24, 0x68, 0x69, 0x41, 0x21},
    .next_high = {0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00,
                  0x9F, 0x65, 0x6C, 0xD8, 0x00, 0x00, 0x00, 0x00},
    .third_low = {0x33, 0x73, 0xDB, 0xFF, 0xFB, 0x3B, 0xF7, 0x7F,
                  0xBF, 0xBF, 0x3B, 0x3B, 0x9B, 0xFB, 0xFF, 0x7F},
    .third_high = {0x13, 0x13, 0x13, 0x13, 0x13, 0x13, 0x13, 0x13,
                   0xDF, 0x77, 0xFF, 0xFB, 0x13, 0x13, 0x13, 0x13},
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

/* The leads behind which a decision can stand. Of planes 1 and 2, all but emoji. */
AVX2 static uint32_t leads32(const uint8_t *s)
{
    __m256i b = load32(s), next = load32(s + 1), third = load32(s + 2);
    __m256i lead = classes32(b, leads.lead_low, leads.lead_high), four = is32(b, 0xF0);
    if (_mm256_testz_si256(lead, lead) && !_mm256_movemask_epi8(four))
        return 0;
    __m256i class = _mm256_and_si256(
        _mm256_and_si256(lead, classes32(next, leads.next_low, leads.next_high)),
        classes32(third, leads.third_low, leads.third_high));
    __m256i astral = _mm256_andnot_si256(is32(next, 0x9F), four);
    __m256i none = _mm256_cmpeq_epi8(_mm256_or_si256(class, astral), _mm256_setzero_si256());
    return ~(uint32_t)_mm256_movemask_epi8(none);
}

#define TWICE(...) __VA_ARGS__, __VA_ARGS__

/* Signs by their lower halves: a byte is one if it looks up itself. */
static const struct {
    uint8_t ends[32], pairs[32], rules[32];
} signs __attribute__((aligned(32))) = {
    {TWICE(1, '!', 0, 0, 0, 0, 0, 0, 0, ')', 0, 0, 0, '\r', '.', '?')},
    {TWICE(1, 0, 0, 0, 0, 0, 0, 0, 0, 0, ':', ';', 0, 0, 0, 0)},
    {TWICE(1, 0, 0, 0, 0, 0, 0, 0, 0, 0, '*', 0, 0, '=', 0, '_')},
};

AVX2 static inline __m256i among32(__m256i b, const uint8_t table[32])
{
    return _mm256_cmpeq_epi8(b, _mm256_shuffle_epi8(load32(table), b));
}

/* The ASCII signs among 32 bytes, but for those that are drawn. ":" and ";" decide, here, before a
   digit or a slash. */
AVX2 static inline __m256i signs32(__m256i b, __m256i next)
{
    __m256i above_9 = _mm256_add_epi8(next, _mm256_set1_epi8(0x7F - '9')); /* signed overflow */
    __m256i number = _mm256_cmpgt_epi8(above_9, _mm256_set1_epi8(0x7F - '9' + '/' - 1));
    return _mm256_or_si256(among32(b, signs.ends),
                           _mm256_and_si256(among32(b, signs.pairs), number));
}

/* What may be drawn, before the same again. */
AVX2 static inline __m256i rules32(__m256i b, __m256i next)
{
    return _mm256_and_si256(among32(b, signs.rules), _mm256_cmpeq_epi8(b, next));
}

/* The leads in 64 bytes, and the colons behind what is no ASCII. `before` is the byte before. */
AVX2 static uint64_t high64(const uint8_t *s, uint8_t before)
{
    __m256i a = load32(s), b = load32(s + 32);
    uint64_t high = both(a, b);
    uint64_t bits = both(among32(a, signs.pairs), among32(b, signs.pairs));
    bits &= high << 1 | before >> 7;
    if ((uint32_t)high)
        bits |= leads32(s);
    if (high >> 32)
        bits |= (uint64_t)leads32(s + 32) << 32;
    return bits;
}

/* Appends the offsets of the bits, the first of which is text[at]'s, to the `n` found. A few are
   written in any case: how many there are cannot be foreseen, that there are more seldom is. */
AVX2 static inline size_t put_bits(uint64_t bits, size_t at, uint32_t *found, size_t n)
{
    size_t more = (size_t)_mm_popcnt_u64(bits);
    for (size_t i = 0; i < 3; i++, bits = _blsr_u64(bits))
        found[n + i] = (uint32_t)(at + _tzcnt_u64(bits));
    for (size_t i = 3; i < more; i++, bits = _blsr_u64(bits))
        found[n + i] = (uint32_t)(at + _tzcnt_u64(bits));
    return n + more;
}

AVX2 static size_t find_avx2(const uint8_t *text, size_t from, size_t to, uint32_t *found)
{
    size_t n = 0;
    uint64_t last_rule = 0;
    bool last_high = from > 0 && text[from - 1] >= 0x80;
    for (size_t at = from; at < to; at += 64) {
        const uint8_t *s = text + at;
        __m256i a = load32(s), a_next = load32(s + 1), b = load32(s + 32), b_next = load32(s + 33);
        uint64_t bits = both(signs32(a, a_next), signs32(b, b_next));
        uint64_t rules = both(rules32(a, a_next), rules32(b, b_next));
        bits |= rules & ~(rules << 1 | last_rule); /* where a rule begins */
        last_rule = rules >> 63;
        if (_mm256_movemask_epi8(_mm256_or_si256(a, b)) | last_high) {
            bits |= high64(s, at > 0 ? s[-1] : 0);
            last_high = s[63] >= 0x80;
        }
        n = put_bits(to - at < 64 ? _bzhi_u64(bits, (unsigned)(to - at)) : bits, at, found, n);
    }
    return n;
}

#endif

size_t sentence_scan_all(scan_kernel *kernels[SCAN_KERNELS])
{
    size_t n = 0;
    kernels[n++] = find_portable;
#if defined(__x86_64__)
    kernels[n++] = find_sse2;
    if (__builtin_cpu_supports("avx2") && __builtin_cpu_supports("bmi") &&
        __builtin_cpu_supports("bmi2") && __builtin_cpu_supports("popcnt"))
        kernels[n++] = find_avx2;
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

/* Drops full stops in names and numbers, and what ends a line; no branch, as it could not be
   foreseen. */
static size_t drop_some(const uint8_t *text, uint32_t *found, size_t n)
{
    size_t kept = 0;
    for (size_t i = 0; i < n; i++) {
        const uint8_t *s = text + found[i];
        found[kept] = found[i];
        unsigned other = s[0] != '.', within = s[1] != '\n';
        kept += within & (other | dot_decides(s, found[i]));
    }
    return kept;
}

enum { PIECE = 4096 }; /* bytes, a multiple of what kernels take at a time */

bool scan_text_places(scan_kernel *kernel, const uint8_t *text, size_t len, scan_places *places)
{
    places->len = 0;
    for (size_t from = 0; from + 1 < len; from += PIECE) {
        size_t to = len - from > PIECE ? from + PIECE : len - 1;
        if (!list_reserve(places, to - from + SCAN_ROOM))
            return false;
        uint32_t *found = places->items + places->len;
        places->len += drop_some(text, found, kernel(text, from, to, found));
    }
    if (!list_reserve(places, 1))
        return false;
    places->items[places->len] = UINT32_MAX;
    return true;
}

size_t scan_next(const uint8_t *text, size_t len, const uint32_t **place, size_t offset,
                 size_t from)
{
    const uint32_t *p = *place;
    while (*p < offset + from)
        p++;
    size_t last = offset + len - 1;
    while (*p < last && text[*p - offset] != '.' && !decides_at(text, len, *p - offset))
        p++;
    *place = p;
    return *p < last ? *p - offset : len;
}
