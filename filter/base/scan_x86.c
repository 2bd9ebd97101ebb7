/* The scanning kernels for x86-64: 32 bytes at a time with AVX2, 16 with SSSE3. */
#include "base/scan_kernels.h"

#ifdef SCAN_X86

#include <immintrin.h>

#define AVX2 __attribute__((target("avx2")))
#define SSSE3 __attribute__((target("ssse3")))

static AVX2 __m256i load32(const uint8_t *p)
{
    return _mm256_loadu_si256((const __m256i *)(const void *)p);
}

static SSSE3 __m128i load16(const uint8_t *p)
{
    return _mm_loadu_si128((const __m128i *)(const void *)p);
}

/* scan_ascii */

static AVX2 size_t avx2_ascii(const uint8_t *text, size_t len)
{
    size_t n = 0;
    for (; n + 64 <= len; n += 64)
        if (_mm256_movemask_epi8(_mm256_or_si256(load32(text + n), load32(text + n + 32))))
            break;
    while (n < len && text[n] < 0x80)
        n++;
    return n;
}

static SSSE3 size_t ssse3_ascii(const uint8_t *text, size_t len)
{
    size_t n = 0;
    for (; n + 32 <= len; n += 32)
        if (_mm_movemask_epi8(_mm_or_si128(load16(text + n), load16(text + n + 16))))
            break;
    while (n < len && text[n] < 0x80)
        n++;
    return n;
}

/* scan_utf8 */

/* The vector `by` bytes further on in the text whose last 32 bytes are `now`, as seen from there:
   its bytes move up by `by`, and those of `past` come in below. */
#define BEHIND32(now, past, by) \
    _mm256_alignr_epi8(now, _mm256_permute2x128_si256(past, now, 0x21), 16 - (by))

/* Non-zero where `now`, which stands behind `past`, is not UTF-8. */
static inline AVX2 __m256i errors32(__m256i now, __m256i past)
{
    const __m256i first_high = _mm256_setr_epi8(BAD_FIRST_HIGH, BAD_FIRST_HIGH);
    const __m256i first_low = _mm256_setr_epi8(BAD_FIRST_LOW, BAD_FIRST_LOW);
    const __m256i second_high = _mm256_setr_epi8(BAD_SECOND_HIGH, BAD_SECOND_HIGH);
    const __m256i half = _mm256_set1_epi8(15);
    __m256i back1 = BEHIND32(now, past, 1);
    __m256i high1 = _mm256_and_si256(_mm256_srli_epi16(back1, 4), half);
    __m256i high = _mm256_and_si256(_mm256_srli_epi16(now, 4), half);
    __m256i bad = _mm256_and_si256(
        _mm256_and_si256(_mm256_shuffle_epi8(first_high, high1),
                         _mm256_shuffle_epi8(first_low, _mm256_and_si256(back1, half))),
        _mm256_shuffle_epi8(second_high, high));
    /* 0x80 where a third or fourth byte must stand: there two continuations are right. */
    __m256i third = _mm256_subs_epu8(BEHIND32(now, past, 2), _mm256_set1_epi8(0xE0 - 0x80));
    __m256i fourth =
        _mm256_subs_epu8(BEHIND32(now, past, 3), _mm256_set1_epi8((char)(0xF0 - 0x80)));
    __m256i must = _mm256_and_si256(_mm256_or_si256(third, fourth), _mm256_set1_epi8((char)0x80));
    return _mm256_xor_si256(bad, must);
}

static AVX2 size_t avx2_utf8(const uint8_t *text, size_t len)
{
    size_t n = 0;
    __m256i past = _mm256_setzero_si256();
    for (; n + 64 <= len; n += 64) {
        __m256i one = load32(text + n), two = load32(text + n + 32);
        if (!_mm256_movemask_epi8(_mm256_or_si256(one, two)) &&
            scan_whole(text, n) == n) {
            past = two;
            continue;
        }
        __m256i bad = _mm256_or_si256(errors32(one, past), errors32(two, one));
        if (!_mm256_testz_si256(bad, bad))
            break;
        past = two;
    }
    n = scan_whole(text, n);
    return n + scan_portable_utf8(text + n, len - n);
}

#define BEHIND16(now, past, by) _mm_alignr_epi8(now, past, 16 - (by))

static inline SSSE3 __m128i errors16(__m128i now, __m128i past)
{
    const __m128i first_high = _mm_setr_epi8(BAD_FIRST_HIGH);
    const __m128i first_low = _mm_setr_epi8(BAD_FIRST_LOW);
    const __m128i second_high = _mm_setr_epi8(BAD_SECOND_HIGH);
    const __m128i half = _mm_set1_epi8(15);
    __m128i back1 = BEHIND16(now, past, 1);
    __m128i high1 = _mm_and_si128(_mm_srli_epi16(back1, 4), half);
    __m128i high = _mm_and_si128(_mm_srli_epi16(now, 4), half);
    __m128i bad =
        _mm_and_si128(_mm_and_si128(_mm_shuffle_epi8(first_high, high1),
                                    _mm_shuffle_epi8(first_low, _mm_and_si128(back1, half))),
                      _mm_shuffle_epi8(second_high, high));
    __m128i third = _mm_subs_epu8(BEHIND16(now, past, 2), _mm_set1_epi8(0xE0 - 0x80));
    __m128i fourth = _mm_subs_epu8(BEHIND16(now, past, 3), _mm_set1_epi8((char)(0xF0 - 0x80)));
    __m128i must = _mm_and_si128(_mm_or_si128(third, fourth), _mm_set1_epi8((char)0x80));
    return _mm_xor_si128(bad, must);
}

static SSSE3 size_t ssse3_utf8(const uint8_t *text, size_t len)
{
    size_t n = 0;
    __m128i past = _mm_setzero_si128();
    for (; n + 16 <= len; n += 16) {
        __m128i now = load16(text + n);
        if (_mm_movemask_epi8(now) || scan_whole(text, n) != n) {
            __m128i bad = errors16(now, past);
            if (_mm_movemask_epi8(_mm_cmpeq_epi8(bad, _mm_setzero_si128())) != 0xFFFF)
                break;
        }
        past = now;
    }
    n = scan_whole(text, n);
    return n + scan_portable_utf8(text + n, len - n);
}

/* scan_text */

/* Second bytes behind which no third byte follows that is looked for. What follows the last one
   is not known. */
static inline uint64_t unwanted(uint64_t general, uint64_t third)
{
    return general & ~(third >> 1) & (UINT64_MAX >> 1);
}

static inline AVX2 uint32_t equal32(__m256i v, char byte)
{
    return (uint32_t)_mm256_movemask_epi8(_mm256_cmpeq_epi8(v, _mm256_set1_epi8(byte)));
}

/* C0, DEL, and all from 0x80 on: plus one, they are below 0x21 as signed bytes. */
static inline AVX2 uint32_t unplain32(__m256i v)
{
    __m256i up = _mm256_add_epi8(v, _mm256_set1_epi8(1));
    return (uint32_t)_mm256_movemask_epi8(_mm256_cmpgt_epi8(_mm256_set1_epi8(0x21), up));
}

static inline uint64_t join(uint32_t low, uint32_t high)
{
    return low | (uint64_t)high << 32;
}

static inline AVX2 uint32_t sign32(__m256i v)
{
    return (uint32_t)_mm256_movemask_epi8(v);
}

/* The tables of a set, in both halves of vectors. */
typedef struct {
    __m256i two, slot[SCAN_PAIRS], second[SCAN_PAIRS], third;
} wide_set;

static inline AVX2 __m256i both(const uint8_t *table)
{
    return _mm256_broadcastsi128_si256(load16(table));
}

static inline AVX2 wide_set widen(const scan_set *set)
{
    wide_set w;
    w.two = both(set->two);
    w.third = both(set->third);
    for (unsigned k = 0; k < SCAN_PAIRS; k++) {
        w.slot[k] = both(set->slot[k]);
        w.second[k] = both(set->second[k]);
    }
    return w;
}

/* Upper halves of bytes: what a second byte picks, what a lead byte admits. */
#define GROUP 0, 0, 0, 0, 0, 0, 0, 0, 0x11, 0x22, 0x44, (char)0x88, 0, 0, 0, 0
#define LEAD_TWO 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0x0F, (char)0xF0, 0, 0
#define LEAD_THREE 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, (char)0xFF, 0
#define LEAD_FOUR 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, (char)0xFF

#define AND32 _mm256_and_si256
#define LOOK32 _mm256_shuffle_epi8

static inline AVX2 uint32_t nonzero32(__m256i v)
{
    return ~sign32(_mm256_cmpeq_epi8(v, _mm256_setzero_si256()));
}

/* Second bytes of characters looked for, in `now`, which stands behind `past`. In *third: third
   bytes that are looked for behind 0xE2 0x80; in *general: second bytes of such. */
static inline AVX2 uint32_t wanted32(const wide_set *set, __m256i now, __m256i past,
                                     uint32_t *third, uint32_t *general)
{
    const __m256i half = _mm256_set1_epi8(15);
    __m256i lead = BEHIND32(now, past, 1);
    __m256i low = AND32(now, half), lead_low = AND32(lead, half);
    __m256i lead_high = AND32(_mm256_srli_epi16(lead, 4), half);
    __m256i group = LOOK32(_mm256_setr_epi8(GROUP, GROUP), AND32(_mm256_srli_epi16(now, 4), half));
    __m256i two = AND32(LOOK32(set->two, lead_low),
                        LOOK32(_mm256_setr_epi8(LEAD_TWO, LEAD_TWO), lead_high));
    __m256i three = AND32(LOOK32(set->slot[0], lead_low), LOOK32(set->second[0], low));
    for (unsigned k = 1; k < SCAN_PAIRS - 1; k++)
        three = _mm256_or_si256(three, AND32(LOOK32(set->slot[k], lead_low),
                                             LOOK32(set->second[k], low)));
    three = AND32(three, LOOK32(_mm256_setr_epi8(LEAD_THREE, LEAD_THREE), lead_high));
    __m256i four = AND32(LOOK32(set->slot[3], lead_low), LOOK32(set->second[3], low));
    four = AND32(four, LOOK32(_mm256_setr_epi8(LEAD_FOUR, LEAD_FOUR), lead_high));
    *third = nonzero32(AND32(LOOK32(set->third, low), group));
    *general = equal32(lead, (char)0xE2) & equal32(now, (char)0x80);
    return nonzero32(AND32(_mm256_or_si256(two, _mm256_or_si256(three, four)), group));
}

static AVX2 void avx2_text(const uint8_t *text, size_t len, const scan_set *set, uint8_t before,
                           scan_marks *marks)
{
    const wide_set wide = widen(set);
    size_t n = 0;
    scan_before edge = {before == ' ', before == '\n'};
    __m256i past = _mm256_set1_epi8((char)before);
    for (; n + 64 <= len; n += 64) {
        __m256i one = load32(text + n), two = load32(text + n + 32);
        uint64_t high = join(sign32(one), sign32(two));
        scan_found f = {.lf = join(equal32(one, '\n'), equal32(two, '\n'))};
        if (set->tidy) {
            f.space = join(equal32(one, ' '), equal32(two, ' '));
            f.control = join(unplain32(one), unplain32(two)) & ~high;
        }
        if (high) {
            uint32_t third[2], general[2];
            uint32_t low = wanted32(&wide, one, past, &third[0], &general[0]);
            f.wanted = join(low, wanted32(&wide, two, one, &third[1], &general[1]));
            f.nbsp = join(equal32(one, (char)0xA0), equal32(two, (char)0xA0)) &
                     join(equal32(one, (char)0xC2), equal32(two, (char)0xC2)) << 1;
            f.wanted &= ~unwanted(join(general[0], general[1]), join(third[0], third[1]));
        }
        past = two;
        marks[n / 64] = scan_combine(set, &f, &edge);
    }
    if (n < len)
        marks[n / 64] = scan_portable_tail(text + n, len - n, set, n ? text[n - 1] : before, &edge);
}

static inline SSSE3 uint64_t equal16(__m128i v, char byte)
{
    return (uint64_t)_mm_movemask_epi8(_mm_cmpeq_epi8(v, _mm_set1_epi8(byte)));
}

static inline SSSE3 uint64_t nonzero16(__m128i v)
{
    return equal16(v, 0) ^ 0xFFFF;
}

#define AND16 _mm_and_si128
#define LOOK16 _mm_shuffle_epi8

static inline SSSE3 uint64_t wanted16(const scan_set *set, __m128i now, __m128i past,
                                      uint64_t *third, uint64_t *general)
{
    const __m128i half = _mm_set1_epi8(15);
    __m128i lead = BEHIND16(now, past, 1);
    __m128i low = AND16(now, half), lead_low = AND16(lead, half);
    __m128i lead_high = AND16(_mm_srli_epi16(lead, 4), half);
    __m128i group = LOOK16(_mm_setr_epi8(GROUP), AND16(_mm_srli_epi16(now, 4), half));
    __m128i two = AND16(LOOK16(load16(set->two), lead_low),
                        LOOK16(_mm_setr_epi8(LEAD_TWO), lead_high));
    __m128i pair[SCAN_PAIRS];
    for (unsigned k = 0; k < SCAN_PAIRS; k++)
        pair[k] =
            AND16(LOOK16(load16(set->slot[k]), lead_low), LOOK16(load16(set->second[k]), low));
    __m128i three = AND16(_mm_or_si128(_mm_or_si128(pair[0], pair[1]), pair[2]),
                          LOOK16(_mm_setr_epi8(LEAD_THREE), lead_high));
    __m128i four = AND16(pair[3], LOOK16(_mm_setr_epi8(LEAD_FOUR), lead_high));
    *third = nonzero16(AND16(LOOK16(load16(set->third), low), group));
    *general = equal16(lead, (char)0xE2) & equal16(now, (char)0x80);
    return nonzero16(AND16(_mm_or_si128(two, _mm_or_si128(three, four)), group));
}

static inline SSSE3 uint64_t controls16(__m128i v)
{
    __m128i up = _mm_add_epi8(v, _mm_set1_epi8(1));
    __m128i unplain = _mm_cmplt_epi8(up, _mm_set1_epi8(0x21));
    return (uint64_t)_mm_movemask_epi8(_mm_andnot_si128(v, unplain));
}

static SSSE3 void ssse3_text(const uint8_t *text, size_t len, const scan_set *set, uint8_t before,
                             scan_marks *marks)
{
    size_t n = 0;
    scan_before edge = {before == ' ', before == '\n'};
    __m128i past = _mm_set1_epi8((char)before);
    for (; n + 64 <= len; n += 64) {
        scan_found f = {0};
        uint64_t thirds = 0, generals = 0, c2 = 0;
        for (size_t k = 0; k < 64; k += 16) {
            __m128i v = load16(text + n + k);
            f.lf |= equal16(v, '\n') << k;
            if (set->tidy) {
                f.space |= equal16(v, ' ') << k;
                f.control |= controls16(v) << k;
            }
            if (_mm_movemask_epi8(v)) {
                uint64_t third, general;
                f.wanted |= wanted16(set, v, past, &third, &general) << k;
                f.nbsp |= equal16(v, (char)0xA0) << k;
                c2 |= equal16(v, (char)0xC2) << k;
                thirds |= third << k;
                generals |= general << k;
            }
            past = v;
        }
        f.nbsp &= c2 << 1;
        f.wanted &= ~unwanted(generals, thirds);
        marks[n / 64] = scan_combine(set, &f, &edge);
    }
    if (n < len)
        marks[n / 64] = scan_portable_tail(text + n, len - n, set, n ? text[n - 1] : before, &edge);
}

/* scan_squeeze */

/* By which of 8 bytes are kept: where each byte that is written stands, and how many are. */
static uint8_t squeeze_from[256][8], squeeze_count[256];

void scan_x86_init(void)
{
    for (unsigned keep = 0; keep < 256; keep++)
        for (unsigned i = 0; i < 8; i++)
            if (keep >> i & 1)
                squeeze_from[keep][squeeze_count[keep]++] = (uint8_t)i;
}

static SSSE3 size_t ssse3_squeeze(uint8_t *out, const uint8_t *text, uint64_t keep)
{
    uint8_t *to = out;
    for (size_t i = 0; i < 64; i += 8, keep >>= 8) {
        __m128i from = _mm_loadl_epi64((const __m128i *)(const void *)squeeze_from[keep & 255]);
        __m128i v = _mm_loadl_epi64((const __m128i *)(const void *)(text + i));
        _mm_storel_epi64((__m128i *)(void *)to, _mm_shuffle_epi8(v, from));
        to += squeeze_count[keep & 255];
    }
    return (size_t)(to - out);
}

const scan_kernels scan_ssse3 = {"SSSE3", ssse3_ascii, ssse3_utf8, ssse3_text, ssse3_squeeze};
const scan_kernels scan_avx2 = {"AVX2", avx2_ascii, avx2_utf8, avx2_text, ssse3_squeeze};

#endif
