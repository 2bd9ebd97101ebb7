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
enum { GLANCE = 32 }; /* bytes looked at */

static inline uint32_t bits(__m128i low, __m128i high)
{
    return (uint32_t)_mm_movemask_epi8(low) | (uint32_t)_mm_movemask_epi8(high) << 16;
}

/* Bytes from..from + count - 1, as 0xFF. */
static inline __m128i range(__m128i v, uint8_t from, int count)
{
    __m128i least = _mm_sub_epi8(v, _mm_set1_epi8((char)(from ^ 0x80)));
    return _mm_cmplt_epi8(least, _mm_set1_epi8((char)(count - 128)));
}

static inline __m128i blanks(__m128i v)
{
    return _mm_or_si128(_mm_cmpeq_epi8(v, _mm_set1_epi8(' ')), range(v, 9, 5));
}

/* What may lead a blank that is not ASCII: U+0085 to U+3000. */
static inline __m128i blank_leads(__m128i v)
{
    return _mm_or_si128(_mm_cmpeq_epi8(v, _mm_set1_epi8((char)0xC2)), range(v, 0xE1, 3));
}

/* By pairs, fours, bytes: no branch, and no instruction that x86-64 may lack. */
static inline unsigned count_bits(uint32_t set)
{
    set -= set >> 1 & 0x55555555;
    set = (set & 0x33333333) + (set >> 2 & 0x33333333);
    set = (set + (set >> 4)) & 0x0F0F0F0F;
    return set * 0x01010101 >> 24;
}

/* Adds the words that begin in the first bytes, at the start or behind an ASCII blank: no more than
   there are. `*blank`: whether one stands before; then, whether one stands at their end. False: not
   all is ASCII, and there may be others. */
static inline bool words_at_a_glance(const uint8_t *text, size_t len, unsigned *words,
                                     uint32_t *blank)
{
    __m128i low = _mm_loadu_si128((const __m128i *)(const void *)text);
    __m128i high = _mm_loadu_si128((const __m128i *)(const void *)text + 1);
    uint32_t valid = len < GLANCE ? ((uint32_t)1 << len) - 1 : UINT32_MAX;
    uint32_t wide = bits(low, high) & valid, blank_bits = bits(blanks(low), blanks(high));
    uint32_t begin = (blank_bits << 1 | *blank) & ~blank_bits & valid;
    if (wide)
        begin &= ~bits(blank_leads(low), blank_leads(high));
    *words += count_bits(begin);
    *blank = blank_bits >> (GLANCE - 1);
    return !wide;
}

unsigned fold_words(const uint8_t *text, size_t len, unsigned limit)
{
    unsigned words = 0;
    uint32_t blank = 1;
    for (size_t at = 0; at < len && words < limit; at += GLANCE) {
        words_before before = {words - !blank, !blank};
        if (!words_at_a_glance(text + at, len - at, &words, &blank) && words < limit)
            return count_words(text + at, len - at, limit, before);
    }
    return words < limit ? words : limit;
}
#else
unsigned fold_words(const uint8_t *text, size_t len, unsigned limit)
{
    return count_words(text, len, limit, (words_before){0, 0});
}
#endif
