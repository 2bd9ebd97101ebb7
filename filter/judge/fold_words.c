/* Counting words: most sentences show theirs in the first bytes. */
#include <stdbool.h>
#include <utf8proc.h>

#include "judge/fold.h"
#include "judge/fold_utf8.h"

#ifdef __SSE2__
#include <emmintrin.h>
#endif

/* Han, Kana, Thai, Lao, Tibetan, Burmese, Khmer, and the scripts of their neighbours that are
   written without blanks: blocks from Unicode's Blocks.txt. */
static bool is_unspaced(uint32_t cp)
{
    if (cp < 0x2E80)
        return (cp >= 0xE00 && cp < 0x10A0) || (cp >= 0x1780 && cp < 0x1800) ||
               (cp >= 0x1950 && cp < 0x1A00) || (cp >= 0x1A20 && cp < 0x1AB0) ||
               (cp >= 0x1B00 && cp < 0x1B80);
    return cp < 0x3130 || (cp >= 0x31A0 && cp < 0xA4D0) || (cp >= 0xA980 && cp < 0xAA00) ||
           (cp >= 0xAA60 && cp < 0xAAE0) ||
           (cp >= 0xF900 && cp < 0xFB00) || (cp >= 0xFF66 && cp < 0xFFA0) ||
           (cp >= 0x16FE0 && cp < 0x1B300) || (cp >= 0x20000 && cp < 0x323B0);
}

static bool is_unspaced_letter(uint32_t cp)
{
    if (cp >= 0x4E00 && cp < 0x9FA6) /* the Han of Unicode 1: letters to every version */
        return true;
    if (!is_unspaced(cp))
        return false;
    utf8proc_category_t c = utf8proc_category((utf8proc_int32_t)cp);
    return c >= UTF8PROC_CATEGORY_LU && c <= UTF8PROC_CATEGORY_LO;
}

static bool is_blank(uint32_t cp)
{
    if (cp < 0x80)
        return cp == ' ' || (cp >= 9 && cp <= 13);
    return cp == 0x85 || cp == 0xA0 || cp == 0x1680 || (cp >= 0x2000 && cp <= 0x200A) ||
           cp == 0x2028 || cp == 0x2029 || cp == 0x202F || cp == 0x205F || cp == 0x3000;
}

/* How far the ASCII letters, digits and signs go from here. */
static size_t graphic_bytes(const uint8_t *text, size_t len)
{
    size_t i = 0;
    while (i < len && text[i] > ' ' && text[i] < 0x80)
        i++;
    return i;
}

/* What is known of the words before the text that is counted. */
typedef struct {
    unsigned words;  /* in the runs before this one */
    unsigned in_run; /* in this one, all ASCII so far; 0: between runs */
} words_before;

/* Reads no further than it must. */
static unsigned count_words(const uint8_t *text, size_t len, unsigned limit, words_before before)
{
    unsigned words = before.words, in_run = before.in_run;
    unsigned letters = 0; /* unspaced ones in this run */
    for (size_t i = 0; i < len && words + in_run < limit;) {
        size_t graphic = graphic_bytes(text + i, len - i);
        if (graphic) {
            in_run = in_run ? in_run : 1;
            i += graphic;
            continue;
        }
        unsigned n;
        uint32_t cp = fold_decode(text + i, &n);
        i += n;
        if (is_blank(cp)) {
            words += in_run;
            in_run = letters = 0;
            continue;
        }
        letters += cp >= 0xE00 && is_unspaced_letter(cp);
        in_run = letters > 3 ? letters / 2 : 1;
    }
    return words + in_run < limit ? words + in_run : limit;
}

#ifdef __SSE2__
enum { GLANCE = 64 }; /* bytes looked at: most sentences begin with words enough there */

static inline __m128i load(const uint8_t *text)
{
    return _mm_loadu_si128((const __m128i *)(const void *)text);
}

/* Bytes from..from + count - 1, as 0xFF. */
static inline __m128i range(__m128i v, uint8_t from, int count)
{
    __m128i least = _mm_sub_epi8(v, _mm_set1_epi8((char)(from ^ 0x80)));
    return _mm_cmplt_epi8(least, _mm_set1_epi8((char)(count - 128)));
}

static inline __m128i is(__m128i v, uint8_t c)
{
    return _mm_cmpeq_epi8(v, _mm_set1_epi8((char)c));
}

static inline __m128i blanks(__m128i v)
{
    return _mm_or_si128(is(v, ' '), range(v, 9, 5));
}

static inline uint64_t wide_bits(const uint8_t *text)
{
    uint64_t bits = 0;
    for (unsigned i = 0; i < GLANCE; i += 16)
        bits |= (uint64_t)(uint32_t)_mm_movemask_epi8(load(text + i)) << i;
    return bits;
}

static inline uint64_t blank_bits(const uint8_t *text)
{
    uint64_t bits = 0;
    for (unsigned i = 0; i < GLANCE; i += 16)
        bits |= (uint64_t)(uint32_t)_mm_movemask_epi8(blanks(load(text + i))) << i;
    return bits;
}

/* First bytes of characters that may be blanks, or written without: they are to be looked at. Those
   of U+2010 to U+2027, quotes and dashes, stand in most texts, and are neither. */
static inline __m128i doubtful(const uint8_t *text)
{
    __m128i lead = load(text), second = load(text + 1), third = load(text + 2);
    __m128i c2 = _mm_or_si128(is(second, 0x85), is(second, 0xA0));
    __m128i sign = _mm_and_si128(is(second, 0x80), range(third, 0x90, 0x18));
    __m128i e2 = _mm_or_si128(range(second, 0x82, 0xBA - 0x82), sign); /* neither */
    __m128i low = _mm_or_si128(_mm_and_si128(is(lead, 0xC2), c2),
                               _mm_and_si128(is(lead, 0xE0), range(second, 0xB8, 8)));
    __m128i high = _mm_or_si128(_mm_and_si128(is(lead, 0xE1), range(second, 0x80, 0x30)),
                                _mm_andnot_si128(e2, is(lead, 0xE2)));
    return _mm_or_si128(_mm_or_si128(low, high), range(lead, 0xE3, 0x1D));
}

static inline uint64_t doubtful_bits(const uint8_t *text, size_t len)
{
    uint64_t bits = 0;
    for (unsigned i = 0; i < GLANCE && i < len; i += 16)
        bits |= (uint64_t)(uint32_t)_mm_movemask_epi8(doubtful(text + i)) << i;
    return bits;
}

/* By pairs, fours, bytes: no branch, and no instruction that x86-64 may lack. */
static inline unsigned count_bits(uint64_t set)
{
    set -= set >> 1 & UINT64_C(0x5555555555555555);
    set = (set & UINT64_C(0x3333333333333333)) + (set >> 2 & UINT64_C(0x3333333333333333));
    set = (set + (set >> 4)) & UINT64_C(0x0F0F0F0F0F0F0F0F);
    return (unsigned)(set * UINT64_C(0x0101010101010101) >> 56);
}

/* Adds the words that begin in the first bytes, at the start or behind an ASCII blank: no more than
   there are, and more than `limit` do not matter. `*blank`: whether one stands before; then,
   whether one stands at their end. False: there may be others. */
static inline bool words_at_a_glance(const uint8_t *text, size_t len, unsigned limit,
                                     unsigned *words, uint64_t *blank)
{
    uint64_t valid = UINT64_MAX >> ((GLANCE - (len < GLANCE ? len : GLANCE)) & 63), doubt = 0;
    uint64_t blank_at = blank_bits(text), wide = wide_bits(text) & valid;
    uint64_t begin = (blank_at << 1 | *blank) & ~blank_at & valid;
    unsigned sure = *words + count_bits(begin & ~wide);
    if (wide && sure < limit) {
        doubt = doubtful_bits(text, len) & valid;
        sure = *words + count_bits(begin & ~doubt);
    }
    *words = sure;
    *blank = blank_at >> (GLANCE - 1);
    return !doubt;
}

/* The rest of a character that stands across the glances is a letter's. */
static size_t next_character(const uint8_t *text, size_t len, size_t at)
{
    while (at < len && (text[at] & 0xC0) == 0x80)
        at++;
    return at;
}

unsigned fold_words(const uint8_t *text, size_t len, unsigned limit)
{
    unsigned words = 0;
    uint64_t blank = 1;
    for (size_t at = 0; at < len && words < limit; at += GLANCE) {
        words_before before = {words - !blank, !blank};
        if (!words_at_a_glance(text + at, len - at, limit, &words, &blank) && words < limit) {
            at = next_character(text, len, at);
            return count_words(text + at, len - at, limit, before);
        }
    }
    return words < limit ? words : limit;
}
#else
unsigned fold_words(const uint8_t *text, size_t len, unsigned limit)
{
    return count_words(text, len, limit, (words_before){0, 0});
}
#endif
