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

#ifdef __SSE2__
enum { GLANCE = 32 }; /* bytes looked at */

/* A bit for each byte. */
typedef struct {
    uint32_t blank; /* of ASCII */
    uint32_t lead;  /* may lead a blank that is not: U+0085 to U+3000 */
    uint32_t wide;  /* above 0x7F */
} byte_bits;

/* Bytes from..from + count - 1, as 0xFF. */
static inline __m128i range(__m128i v, uint8_t from, int count)
{
    __m128i least = _mm_sub_epi8(v, _mm_set1_epi8((char)(from ^ 0x80)));
    return _mm_cmplt_epi8(least, _mm_set1_epi8((char)(count - 128)));
}

static inline byte_bits look_at(const uint8_t *text)
{
    __m128i v = _mm_loadu_si128((const __m128i *)(const void *)text);
    __m128i blank = _mm_or_si128(_mm_cmpeq_epi8(v, _mm_set1_epi8(' ')), range(v, 9, 5));
    __m128i lead = _mm_or_si128(_mm_cmpeq_epi8(v, _mm_set1_epi8((char)0xC2)), range(v, 0xE1, 3));
    return (byte_bits){(uint32_t)_mm_movemask_epi8(blank), (uint32_t)_mm_movemask_epi8(lead),
                       (uint32_t)_mm_movemask_epi8(v)};
}

/* Words that begin in the first bytes, at the start or behind an ASCII blank: no more than `text`
   has. `*all`: it has no other, but beyond the limit. */
static unsigned words_at_a_glance(const uint8_t *text, size_t len, unsigned limit, bool *all)
{
    byte_bits low = look_at(text), high = look_at(text + GLANCE / 2);
    uint32_t valid = len < GLANCE ? ((uint32_t)1 << len) - 1 : UINT32_MAX;
    uint32_t blank = low.blank | high.blank << 16, lead = low.lead | high.lead << 16;
    *all = len <= GLANCE && !((low.wide | high.wide << 16) & valid);
    unsigned words = 0;
    for (uint32_t b = ~(blank | lead) & (blank << 1 | 1) & valid; b && words < limit; b &= b - 1)
        words++;
    return words;
}
#else
static unsigned words_at_a_glance(const uint8_t *text, size_t len, unsigned limit, bool *all)
{
    (void)text;
    (void)limit;
    *all = len == 0;
    return 0;
}
#endif

/* Reads no further than it must. */
static unsigned count_words(const uint8_t *text, size_t len, unsigned limit)
{
    unsigned words = 0;   /* in the runs before this one */
    unsigned in_run = 0;  /* in this one; 0: between runs */
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

unsigned fold_words(const uint8_t *text, size_t len, unsigned limit)
{
    bool all;
    unsigned words = words_at_a_glance(text, len, limit, &all);
    return all || words == limit ? words : count_words(text, len, limit);
}
