/* The scanning kernels, by blocks of 64 bytes: a file for each machine (scan_avx2.c...) has them
   made of the vectors it names. */
#include "base/scan_kernels.h"
#include "base/vector.h"

/* scan_ascii */

VECTOR bool any_wide(const vec v[VECS])
{
    vec all = v[0];
    for (unsigned i = 1; i < VECS; i++)
        all = vec_or(all, v[i]);
    return vec_any_top(all);
}

static VECTOR_CODE size_t scan_vector_ascii(const uint8_t *text, size_t len)
{
    size_t n = 0;
    for (; n + 64 <= len; n += 64) {
        vec v[VECS];
        vec_load_block(v, text + n);
        if (any_wide(v))
            break;
    }
    while (n < len && text[n] < 0x80)
        n++;
    return n;
}

/* scan_utf8 */

/* Why two bytes, one after the other, are not UTF-8. Looked up three times, by the upper and the
   lower half of the first byte and by the upper half of the second: a reason that all three give
   is one that holds. (Keiser and Lemire, Validating UTF-8 In Less Than One Instruction Per Byte,
   2020.) */
enum {
    BAD_SHORT = 1,        /* a lead, then no continuation */
    BAD_LONG = 2,         /* ASCII, then a continuation */
    BAD_OVERLONG_3 = 4,   /* E0 80..9F */
    BAD_LARGE = 8,        /* F4 90..BF, F5..FF 90..BF */
    BAD_SURROGATE = 16,   /* ED A0..BF */
    BAD_OVERLONG_2 = 32,  /* C0, C1 */
    BAD_FOUR = 64,        /* F0 80..8F, F5..FF 80..8F */
    BAD_TWO = 128,        /* two continuations: right where a longer character has them */
    BAD_ANY_LOW = BAD_SHORT | BAD_LONG | BAD_TWO, /* whatever the lower half is */
    BAD_TOP = BAD_ANY_LOW | BAD_LARGE | BAD_FOUR,
    BAD_THEN = BAD_LONG | BAD_OVERLONG_2 | BAD_TWO
};

static const uint8_t bad_first_high[] = {
    BAD_LONG, BAD_LONG, BAD_LONG, BAD_LONG, BAD_LONG, BAD_LONG, BAD_LONG, BAD_LONG,
    BAD_TWO, BAD_TWO, BAD_TWO, BAD_TWO,
    BAD_SHORT | BAD_OVERLONG_2, BAD_SHORT, BAD_SHORT | BAD_OVERLONG_3 | BAD_SURROGATE,
    BAD_SHORT | BAD_LARGE | BAD_FOUR};

static const uint8_t bad_first_low[] = {
    BAD_ANY_LOW | BAD_OVERLONG_2 | BAD_OVERLONG_3 | BAD_FOUR, BAD_ANY_LOW | BAD_OVERLONG_2,
    BAD_ANY_LOW, BAD_ANY_LOW, BAD_ANY_LOW | BAD_LARGE,
    BAD_TOP, BAD_TOP, BAD_TOP, BAD_TOP, BAD_TOP, BAD_TOP, BAD_TOP, BAD_TOP,
    BAD_TOP | BAD_SURROGATE, BAD_TOP, BAD_TOP};

static const uint8_t bad_second_high[] = {
    BAD_SHORT, BAD_SHORT, BAD_SHORT, BAD_SHORT, BAD_SHORT, BAD_SHORT, BAD_SHORT, BAD_SHORT,
    BAD_THEN | BAD_OVERLONG_3 | BAD_FOUR, BAD_THEN | BAD_OVERLONG_3 | BAD_LARGE,
    BAD_THEN | BAD_SURROGATE | BAD_LARGE, BAD_THEN | BAD_SURROGATE | BAD_LARGE,
    BAD_SHORT, BAD_SHORT, BAD_SHORT, BAD_SHORT};

/* text[0..at) is valid, but its last character may be cut off: where that begins. */
static inline size_t scan_whole(const uint8_t *text, size_t at)
{
    static const uint8_t lead[] = {0, 0xC0, 0xE0, 0xF0}; /* of what is longer than its index */
    if (at == 0 || text[at - 1] < 0x80)
        return at;
    for (size_t back = 1; back <= 3 && back <= at; back++)
        if (text[at - back] >= 0xC0)
            return text[at - back] >= lead[back] ? at - back : at;
    return at;
}

/* Non-zero where `now`, which stands behind `past`, is not UTF-8. */
VECTOR vec errors(vec now, vec past)
{
    vec back = VEC_BEHIND(now, past, 1);
    vec bad = vec_and(vec_and(vec_look(vec_table(bad_first_high), vec_high(back)),
                              vec_look(vec_table(bad_first_low), vec_low(back))),
                      vec_look(vec_table(bad_second_high), vec_high(now)));
    /* 0x80 where a third or fourth byte must stand: there two continuations are right. */
    vec third = vec_less(VEC_BEHIND(now, past, 2), vec_all(0xE0 - 0x80));
    vec fourth = vec_less(VEC_BEHIND(now, past, 3), vec_all(0xF0 - 0x80));
    return vec_xor(bad, vec_and(vec_or(third, fourth), vec_all(0x80)));
}

static VECTOR_CODE size_t scan_vector_utf8(const uint8_t *text, size_t len)
{
    size_t n = 0;
    vec past = vec_all(0);
    for (; n + 64 <= len; n += 64) {
        vec v[VECS];
        vec_load_block(v, text + n);
        if (any_wide(v) || scan_whole(text, n) != n) {
            vec bad = errors(v[0], past);
            for (unsigned i = 1; i < VECS; i++)
                bad = vec_or(bad, errors(v[i], v[i - 1]));
            if (vec_any(bad))
                break;
        }
        past = v[VECS - 1];
    }
    n = scan_whole(text, n);
    return n + scan_portable_utf8(text + n, len - n);
}

/* scan_text */

/* The tables of a set. */
typedef struct {
    vec two, slot[SCAN_PAIRS], second[SCAN_PAIRS], third;
} wide_set;

VECTOR wide_set widen(const scan_set *set)
{
    wide_set w = {.two = vec_table(set->two), .third = vec_table(set->third)};
    for (unsigned k = 0; k < SCAN_PAIRS; k++) {
        w.slot[k] = vec_table(set->slot[k]);
        w.second[k] = vec_table(set->second[k]);
    }
    return w;
}

/* What is looked for in a vector: not 0, or a mask, where it is. */
typedef struct {
    vec second;  /* second bytes of characters looked for */
    vec third;   /* third bytes that are looked for behind 0xE2 0x80 */
    vec general; /* second bytes of such */
} wanted;

VECTOR vec pair(const wide_set *set, unsigned k, vec lead_low, vec low)
{
    return vec_and(vec_look(set->slot[k], lead_low), vec_look(set->second[k], low));
}

VECTOR wanted find_wanted(const wide_set *set, vec now, vec past)
{
    /* By upper halves of bytes: what a second byte picks, what a lead byte admits. */
    static const uint8_t group_of[16] = {[8] = 0x11, [9] = 0x22, [10] = 0x44, [11] = 0x88},
                         lead_two[16] = {[12] = 0x0F, [13] = 0xF0}, lead_three[16] = {[14] = 0xFF},
                         lead_four[16] = {[15] = 0xFF};
    vec lead = VEC_BEHIND(now, past, 1);
    vec low = vec_low(now), lead_low = vec_low(lead), lead_high = vec_high(lead);
    vec group = vec_look(vec_table(group_of), vec_high(now));
    vec two = vec_and(vec_look(set->two, lead_low), vec_look(vec_table(lead_two), lead_high));
    vec three = vec_or(vec_or(pair(set, 0, lead_low, low), pair(set, 1, lead_low, low)),
                       pair(set, 2, lead_low, low));
    three = vec_and(three, vec_look(vec_table(lead_three), lead_high));
    vec four = vec_and(pair(set, 3, lead_low, low), vec_look(vec_table(lead_four), lead_high));
    return (wanted){.second = vec_and(vec_or(two, vec_or(three, four)), group),
                    .third = vec_and(vec_look(set->third, low), group),
                    .general = vec_and(vec_is(lead, 0xE2), vec_is(now, 0x80))};
}

/* Second bytes of the block that are looked for. Behind 0xE2 0x80 the third byte decides; what
   follows the last one is not known. */
VECTOR uint64_t wanted_bits(const wide_set *set, const vec v[VECS], vec past)
{
    vec second[VECS], third[VECS], general[VECS];
    for (unsigned i = 0; i < VECS; i++) {
        wanted w = find_wanted(set, v[i], i ? v[i - 1] : past);
        second[i] = w.second;
        third[i] = w.third;
        general[i] = w.general;
    }
    uint64_t unwanted = vec_bits(general) & ~(vec_set(third) >> 1) & (UINT64_MAX >> 1);
    return vec_set(second) & ~unwanted;
}

/* C0 and DEL. */
VECTOR uint64_t control_bits(const vec v[VECS])
{
    vec control[VECS];
    for (unsigned i = 0; i < VECS; i++)
        control[i] = vec_but(vec_between(v[i], 0x7F, 0x1F), v[i]); /* its uppermost bit counts */
    return vec_tops(control);
}

static VECTOR_CODE void scan_vector_text(const uint8_t *text, size_t len, const scan_set *set,
                                    uint8_t before, scan_marks *marks)
{
    const wide_set wide = widen(set);
    size_t n = 0;
    scan_before edge = {before == ' ', before == '\n'};
    vec past = vec_all(before);
    for (; n + 64 <= len; n += 64) {
        vec v[VECS];
        vec_load_block(v, text + n);
        scan_found f = {.lf = vec_where(v, '\n')};
        if (set->tidy) {
            f.space = vec_where(v, ' ');
            f.control = control_bits(v);
        }
        if (any_wide(v)) {
            f.wanted = wanted_bits(&wide, v, past);
            f.nbsp = vec_where(v, 0xA0) & vec_where(v, 0xC2) << 1;
        }
        past = v[VECS - 1];
        marks[n / 64] = scan_combine(set, &f, &edge);
    }
    if (n < len)
        marks[n / 64] = scan_portable_tail(text + n, len - n, set, n ? text[n - 1] : before, &edge);
}

/* scan_squeeze */

static VECTOR_CODE size_t scan_vector_squeeze(uint8_t *out, const uint8_t *text, uint64_t keep)
{
    uint8_t *to = out;
    for (size_t i = 0; i < 64; i += 8, keep >>= 8) {
        vec_gather8(to, text + i, scan_kept[keep & 255].place);
        to += scan_kept[keep & 255].count;
    }
    return (size_t)(to - out);
}
