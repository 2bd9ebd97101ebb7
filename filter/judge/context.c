#include "judge/context.h"

#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

#include "tables/context_weights.inc"

#if defined(__x86_64__)
#include <immintrin.h>
#define AVX2 __attribute__((target("avx2,popcnt,bmi")))
#endif

/* Into each kernel, to be compiled for its machine. */
#define ALWAYS_INLINE inline __attribute__((always_inline))

/*
 * Measuring. Bytes are counted by class; no character is decoded but the first, the last, and the
 * signs other scripts write for a comma, a full stop or a bar.
 */

/* What a byte is. */
enum {
    OTHER,  /* controls, quotes, hyphens, what stands in code: they tell nothing */
    BLANK,
    UPPER,
    LOWER,
    DIGIT,
    COMMA,  /* , ; */
    STOP,   /* . ! ? */
    COLON,
    BAR,    /* | */
    SLASH,
    AT,     /* @ */
    TAIL,   /* a later byte of a character */
    LETTER, /* the first byte of a letter that is not ASCII */
    WIDE,   /* the same, of Han or Kana */
    SPECIAL, /* the first byte of what may be punctuation: to be looked at */
    CLASSES
};

static const uint8_t class_of[256] = {
    ['\t'] = BLANK, [' '] = BLANK, ['!'] = STOP,  [','] = COMMA, ['.'] = STOP, ['/'] = SLASH,
    [':'] = COLON,  [';'] = COMMA, ['?'] = STOP,  ['@'] = AT,    ['|'] = BAR,
#define TEN(from, c)                                                                          \
    [from] = c, [from + 1] = c, [from + 2] = c, [from + 3] = c, [from + 4] = c, [from + 5] = c, \
    [from + 6] = c, [from + 7] = c, [from + 8] = c, [from + 9] = c
    TEN('0', DIGIT),
    TEN('A', UPPER), TEN('K', UPPER), ['U'] = UPPER, ['V'] = UPPER, ['W'] = UPPER,
    ['X'] = UPPER,   ['Y'] = UPPER,   ['Z'] = UPPER,
    TEN('a', LOWER), TEN('k', LOWER), ['u'] = LOWER, ['v'] = LOWER, ['w'] = LOWER,
    ['x'] = LOWER,   ['y'] = LOWER,   ['z'] = LOWER,
    TEN(0x80, TAIL), TEN(0x8A, TAIL), TEN(0x94, TAIL), TEN(0x9E, TAIL), TEN(0xA8, TAIL),
    TEN(0xB2, TAIL), [0xBC] = TAIL,   [0xBD] = TAIL,   [0xBE] = TAIL,   [0xBF] = TAIL,
    [0xC2] = SPECIAL, [0xC3] = LETTER, TEN(0xC4, LETTER), TEN(0xCE, LETTER),
    [0xD8] = SPECIAL, [0xD9] = LETTER, [0xDA] = LETTER, [0xDB] = LETTER, [0xDC] = LETTER,
    [0xDD] = LETTER, [0xDE] = LETTER, [0xDF] = LETTER, [0xE0] = SPECIAL, [0xE1] = LETTER,
    [0xE2] = SPECIAL, [0xE3] = SPECIAL, [0xE4] = WIDE, [0xE5] = WIDE, [0xE6] = WIDE,
    [0xE7] = WIDE,   [0xE8] = WIDE,   [0xE9] = WIDE,   [0xEA] = LETTER, [0xEB] = LETTER,
    [0xEC] = LETTER, [0xED] = LETTER, [0xEE] = LETTER, [0xEF] = SPECIAL,
    [0xF0] = LETTER, [0xF1] = LETTER, [0xF2] = LETTER, [0xF3] = LETTER, [0xF4] = LETTER,
};

/* Of 64 bytes, which are of a class: bit i is byte i. */
typedef struct {
    uint64_t of[CLASSES]; /* that of OTHER tells nothing */
} masks;

typedef struct {
    uint32_t of[CLASSES];
    uint32_t words;  /* runs between blanks */
    uint32_t titled; /* of these, that begin with a capital */
    uint32_t copyrights;
    uint64_t blank;  /* whether the last byte was one */
} tally;

static void classify_plain(masks *m, const uint8_t *text)
{
    memset(m, 0, sizeof *m);
    for (unsigned i = 0; i < 64; i++)
        m->of[class_of[text[i]]] |= (uint64_t)1 << i;
}

static bool is(const uint8_t *at, size_t left, uint8_t second, uint8_t third)
{
    return left >= 3 && at[1] == second && at[2] == third;
}

/* What the character at `at`, whose first byte is SPECIAL, counts as. */
static unsigned special_class(const uint8_t *at, size_t left)
{
    switch (at[0]) {
    case 0xC2: /* Latin-1 signs: middle dot, guillemets */
        if (left < 2)
            return OTHER;
        return at[1] == 0xB7 || at[1] == 0xBB || at[1] == 0xAB ? BAR : OTHER;
    case 0xD8: /* Arabic comma, semicolon, question mark */
        if (left >= 2 && (at[1] == 0x8C || at[1] == 0x9B))
            return COMMA;
        return left >= 2 && at[1] == 0x9F ? STOP : LETTER;
    case 0xE0: /* danda, double danda; Thai and Lao, written without blanks */
        if (is(at, left, 0xA5, 0xA4) || is(at, left, 0xA5, 0xA5))
            return STOP;
        return left >= 2 && at[1] >= 0xB8 && at[1] <= 0xBB ? WIDE : LETTER;
    case 0xE2:
        if (left < 3)
            return OTHER;
        if (at[1] == 0x80) /* bullet, > quotation mark, ellipsis */
            return at[2] == 0xA2 || at[2] == 0xBA ? BAR : at[2] == 0xA6 ? STOP : OTHER;
        return at[1] >= 0x86 && at[1] <= 0x9F ? BAR : OTHER; /* arrows, shapes, dingbats */
    case 0xE3:
        if (is(at, left, 0x80, 0x81))
            return COMMA;
        return is(at, left, 0x80, 0x82) ? STOP : WIDE;
    default: /* 0xEF: full width */
        if (is(at, left, 0xBC, 0x8C) || is(at, left, 0xBC, 0x9B))
            return COMMA;
        if (is(at, left, 0xBC, 0x81) || is(at, left, 0xBC, 0x9F))
            return STOP;
        return is(at, left, 0xBC, 0x9A) ? COLON : is(at, left, 0xBD, 0x9C) ? BAR : LETTER;
    }
}

/* Gives each special character the class it turns out to have. */
static void count_specials(tally *t, uint64_t where, const uint8_t *text, size_t left)
{
    for (; where; where &= where - 1) {
        unsigned i = (unsigned)__builtin_ctzll(where);
        t->of[special_class(text + i, left - i)]++;
        t->copyrights += text[i] == 0xC2 && left - i >= 2 && text[i + 1] == 0xA9;
    }
}

/* Adds up the classes of text[0..left), 64 bytes of it at most. */
static ALWAYS_INLINE void add_masks(tally *t, const masks *m, const uint8_t *text, size_t left)
{
    uint64_t inside = left < 64 ? ((uint64_t)1 << left) - 1 : ~(uint64_t)0;
    uint64_t blank = m->of[BLANK] | ~inside;
    uint64_t starts = ~blank & (blank << 1 | t->blank);
    t->blank = blank >> 63;
    t->words += (uint32_t)__builtin_popcountll(starts);
    t->titled += (uint32_t)__builtin_popcountll(starts & m->of[UPPER]);
#pragma GCC unroll 16
    for (unsigned c = BLANK; c < SPECIAL; c++)
        t->of[c] += (uint32_t)__builtin_popcountll(m->of[c] & inside);
    if (m->of[SPECIAL] & inside)
        count_specials(t, m->of[SPECIAL] & inside, text, left);
}

static void count_plain(tally *t, const uint8_t *text, size_t len)
{
    memset(t, 0, sizeof *t);
    t->blank = 1;
    for (size_t i = 0; i < len; i += 64) {
        masks m;
        classify_plain(&m, text + i);
        add_masks(t, &m, text + i, len - i);
    }
}

#if defined(__x86_64__)
/* 64 bytes, and what may be asked of them at once. */
typedef struct {
    __m256i lo, hi;
} block;

AVX2 static ALWAYS_INLINE uint64_t bits(block b)
{
    uint32_t lo = (uint32_t)_mm256_movemask_epi8(b.lo), hi = (uint32_t)_mm256_movemask_epi8(b.hi);
    return lo | (uint64_t)hi << 32;
}

AVX2 static ALWAYS_INLINE block is_one(block b, uint8_t c)
{
    __m256i all = _mm256_set1_epi8((char)c);
    return (block){_mm256_cmpeq_epi8(b.lo, all), _mm256_cmpeq_epi8(b.hi, all)};
}

AVX2 static ALWAYS_INLINE block either(block a, block b)
{
    return (block){_mm256_or_si256(a.lo, b.lo), _mm256_or_si256(a.hi, b.hi)};
}

AVX2 static ALWAYS_INLINE __m256i range_of(__m256i v, uint8_t from, uint8_t to)
{
    __m256i off = _mm256_sub_epi8(v, _mm256_set1_epi8((char)from));
    return _mm256_cmpeq_epi8(_mm256_min_epu8(off, _mm256_set1_epi8((char)(to - from))), off);
}

AVX2 static ALWAYS_INLINE block is_in(block b, uint8_t from, uint8_t to)
{
    return (block){range_of(b.lo, from, to), range_of(b.hi, from, to)};
}

/* What is not ASCII. */
AVX2 static ALWAYS_INLINE void classify_high(masks *m, block b)
{
    block special = either(either(is_one(b, 0xC2), is_one(b, 0xD8)), is_one(b, 0xE0));
    special = either(special, either(is_one(b, 0xEF), is_in(b, 0xE2, 0xE3)));
    m->of[SPECIAL] = bits(special);
    m->of[WIDE] = bits(is_in(b, 0xE4, 0xE9));
    m->of[TAIL] = bits(is_in(b, 0x80, 0xBF));
    m->of[LETTER] = bits(is_in(b, 0xC3, 0xF4)) & ~m->of[SPECIAL] & ~m->of[WIDE];
}

AVX2 static ALWAYS_INLINE void classify_avx2(masks *m, const uint8_t *text)
{
    const __m256i *at = (const __m256i *)(const void *)text;
    block b = {_mm256_loadu_si256(at), _mm256_loadu_si256(at + 1)};
    m->of[BLANK] = bits(either(is_one(b, ' '), is_one(b, '\t')));
    m->of[UPPER] = bits(is_in(b, 'A', 'Z'));
    m->of[LOWER] = bits(is_in(b, 'a', 'z'));
    m->of[DIGIT] = bits(is_in(b, '0', '9'));
    m->of[COMMA] = bits(either(is_one(b, ','), is_one(b, ';')));
    m->of[STOP] = bits(either(either(is_one(b, '.'), is_one(b, '!')), is_one(b, '?')));
    m->of[COLON] = bits(is_one(b, ':'));
    m->of[BAR] = bits(is_one(b, '|'));
    m->of[AT] = bits(is_one(b, '@'));
    m->of[SLASH] = bits(is_one(b, '/'));
    m->of[TAIL] = m->of[LETTER] = m->of[WIDE] = m->of[SPECIAL] = 0;
    if (_mm256_movemask_epi8(_mm256_or_si256(b.lo, b.hi)))
        classify_high(m, b);
}

AVX2 static void count_avx2(tally *t, const uint8_t *text, size_t len)
{
    memset(t, 0, sizeof *t);
    t->blank = 1;
    for (size_t i = 0; i < len; i += 64) {
        masks m;
        classify_avx2(&m, text + i);
        add_masks(t, &m, text + i, len - i);
    }
}
#endif

static bool has_address(const tally *t, const uint8_t *text, size_t len)
{
    if (t->of[AT])
        return true;
    const uint8_t *slash = t->of[SLASH] >= 2 && t->of[COLON] ? text : NULL;
    while (slash && (slash = memchr(slash, ':', len - (size_t)(slash - text)))) {
        if (len - (size_t)(slash - text) >= 3 && slash[1] == '/' && slash[2] == '/')
            return true;
        slash++;
    }
    return false;
}

/* What kind of character begins or ends a line. */
enum {
    EDGE_OTHER,
    EDGE_UPPER,
    EDGE_LOWER,
    EDGE_DIGIT,
    EDGE_LETTER,
    EDGE_WIDE,
    EDGE_STOP,
    EDGE_QUESTION,
    EDGE_EXCLAIM,
    EDGE_ELLIPSIS,
    EDGE_COLON,
    EDGE_COMMA,
    EDGE_QUOTE,
    EDGE_OPEN,
    EDGE_CLOSE,
    EDGE_DASH,
    EDGE_BAR,
    EDGE_BULLET,
    EDGE_SYMBOL,
    EDGE_STAR,     /* * at the end: "required" */
    EDGE_SIGN,     /* (C) and the like */
    EDGE_NUMBERED, /* only first: "3." or "3)" */
    EDGE_ENDED,    /* only last: a full stop and its closing quote or bracket */
    EDGES
};

/* Of ASCII signs; letters and digits follow from their class. */
static const uint8_t sign_edge[128] = {
    ['.'] = EDGE_STOP,   ['?'] = EDGE_QUESTION, ['!'] = EDGE_EXCLAIM, [':'] = EDGE_COLON,
    [','] = EDGE_COMMA,  [';'] = EDGE_COMMA,    ['"'] = EDGE_QUOTE,   ['\''] = EDGE_QUOTE,
    ['('] = EDGE_OPEN,   ['['] = EDGE_OPEN,     ['{'] = EDGE_OPEN,    [')'] = EDGE_CLOSE,
    [']'] = EDGE_CLOSE,  ['}'] = EDGE_CLOSE,    ['-'] = EDGE_DASH,    ['|'] = EDGE_BAR,
    ['>'] = EDGE_BAR,    ['*'] = EDGE_STAR,     ['#'] = EDGE_SYMBOL,  ['$'] = EDGE_SYMBOL,
    ['%'] = EDGE_SYMBOL, ['&'] = EDGE_SYMBOL,   ['+'] = EDGE_SYMBOL,  ['/'] = EDGE_SYMBOL,
    ['<'] = EDGE_SYMBOL, ['='] = EDGE_SYMBOL,   ['@'] = EDGE_SYMBOL,  ['\\'] = EDGE_SYMBOL,
    ['^'] = EDGE_SYMBOL, ['_'] = EDGE_SYMBOL,   ['`'] = EDGE_SYMBOL,  ['~'] = EDGE_SYMBOL,
};

static unsigned ascii_edge(uint8_t c)
{
    static const uint8_t of_class[CLASSES] = {
        [UPPER] = EDGE_UPPER, [LOWER] = EDGE_LOWER, [DIGIT] = EDGE_DIGIT};
    return sign_edge[c] | of_class[class_of[c]];
}

/* General Punctuation: E2 80 xx. */
static unsigned general_edge(uint8_t third)
{
    if (third >= 0x90 && third <= 0x95)
        return EDGE_DASH;
    if (third >= 0x98 && third <= 0x9F)
        return EDGE_QUOTE;
    switch (third) {
    case 0xA2: case 0xA3: return EDGE_BULLET;
    case 0xA6: return EDGE_ELLIPSIS;
    case 0xB9: case 0xBA: return EDGE_BAR;
    default: return EDGE_OTHER;
    }
}

static unsigned wide_edge(const uint8_t *at, size_t left)
{
    if (at[0] == 0xE3 && left >= 3 && at[1] == 0x80) {
        if (at[2] == 0x81)
            return EDGE_COMMA;
        if (at[2] == 0x82)
            return EDGE_STOP;
        if (at[2] >= 0x88 && at[2] <= 0x91) /* brackets in pairs, the opening one is even */
            return at[2] & 1 ? EDGE_CLOSE : EDGE_OPEN;
    }
    if (at[0] != 0xEF)
        return EDGE_WIDE;
    if (!(left >= 3 && at[1] == 0xBC))
        return EDGE_OTHER;
    uint8_t half = (uint8_t)(at[2] - 0x60); /* FF01 is '!' and so on */
    return at[2] >= 0x81 && at[2] <= 0x9F ? ascii_edge(half) : EDGE_OTHER;
}

/* The edge class of the character at `at`. */
static unsigned edge_of(const uint8_t *at, size_t left)
{
    if (at[0] < 0x80)
        return ascii_edge(at[0]);
    if (at[0] == 0xC2 && left >= 2) {
        switch (at[1]) {
        case 0xAB: return EDGE_QUOTE;
        case 0xBB: return EDGE_BAR;
        case 0xB7: return EDGE_BULLET;
        case 0xA9: case 0xAE: return EDGE_SIGN;
        default: return EDGE_OTHER;
        }
    }
    if (at[0] == 0xE2 && left >= 3) {
        if (at[1] == 0x80)
            return general_edge(at[2]);
        return at[1] >= 0x86 && at[1] <= 0x9F ? EDGE_BULLET : EDGE_OTHER;
    }
    if (at[0] == 0xE3 || at[0] == 0xEF || class_of[at[0]] == WIDE)
        return wide_edge(at, left);
    switch (special_class(at, left)) {
    case STOP: return at[0] == 0xD8 ? EDGE_QUESTION : EDGE_STOP;
    case COMMA: return EDGE_COMMA;
    default: return EDGE_LETTER;
    }
}

/* Where the character that ends before `end` begins. */
static const uint8_t *step_back(const uint8_t *from, const uint8_t *end)
{
    do
        end--;
    while (end > from && (*end & 0xC0) == 0x80);
    return end;
}

static unsigned first_edge(const uint8_t *line, size_t len)
{
    unsigned edge = edge_of(line, len);
    if (edge != EDGE_DIGIT)
        return edge;
    size_t i = 1;
    while (i < len && i < 4 && class_of[line[i]] == DIGIT)
        i++;
    if (i + 1 < len && (line[i] == '.' || line[i] == ')') && class_of[line[i + 1]] == BLANK)
        return EDGE_NUMBERED;
    return edge;
}

static unsigned last_edge(const uint8_t *line, size_t len)
{
    const uint8_t *at = step_back(line, line + len);
    unsigned edge = edge_of(at, (size_t)(line + len - at));
    if (edge == EDGE_STOP && at - line >= 2 && at[-1] == '.' && at[-2] == '.')
        return EDGE_ELLIPSIS;
    bool closes = edge == EDGE_QUOTE || edge == EDGE_CLOSE || (edge == EDGE_BAR && *at == 0xC2);
    if (!closes || at == line)
        return edge;
    const uint8_t *inner = step_back(line, at);
    unsigned within = edge_of(inner, (size_t)(at - inner));
    return within >= EDGE_STOP && within <= EDGE_ELLIPSIS ? EDGE_ENDED : edge;
}

/* CONTEXT_HIDDEN sums, each of all inputs, weighted. */
typedef struct {
    unsigned inputs;
    const int16_t (*weights)[CONTEXT_HIDDEN][2];
    const int32_t *bias;
} weighing;

/* Values of CELL_PHRASE: no phrase, and the categories of corpus/boilerplate. */
enum { CELL_PHRASES = 16 };

/* The parts that are written for several machines. */
typedef struct {
    void (*count)(tally *t, const uint8_t *text, size_t len);
    void (*sum)(int32_t *sums, const int16_t *in, const weighing *by);
} kernels;
static const kernels *kernel(void);

/* 0 to 7 themselves; above, four steps to each doubling. */
static uint8_t word_bucket(uint32_t words)
{
    if (words < 8)
        return (uint8_t)words;
    if (words >= 128)
        return 24;
    unsigned top = 31 - (unsigned)__builtin_clz(words);
    return (uint8_t)(8 + 4 * (top - 3) + (words >> (top - 2) & 3));
}

/* A reciprocal, so that one division serves several shares. */
static uint64_t inverse(uint32_t of)
{
    return of ? ((uint32_t)1 << 22) / of : 0;
}

/* part / of, in steps of 1 / scale, to the nearest. */
static uint8_t share(uint32_t part, uint64_t inverse_of, uint32_t scale)
{
    uint64_t steps = (part * inverse_of * scale + (1 << 21)) >> 22;
    return (uint8_t)(steps < scale ? steps : scale);
}

/* The same, but 0 only when there is no part. */
static uint8_t some(uint32_t part, uint64_t inverse_of, uint32_t scale)
{
    return part ? (uint8_t)(1 + share(part, inverse_of, scale)) : 0;
}

static uint8_t least(uint64_t a, uint64_t b)
{
    return (uint8_t)(a < b ? a : b);
}

/* The same on every machine; one load where bytes already stand that way. */
static uint64_t load64(const uint8_t *p)
{
    uint32_t lo = (uint32_t)p[0] | (uint32_t)p[1] << 8 | (uint32_t)p[2] << 16 |
                  (uint32_t)p[3] << 24;
    uint32_t hi = (uint32_t)p[4] | (uint32_t)p[5] << 8 | (uint32_t)p[6] << 16 |
                  (uint32_t)p[7] << 24;
    return lo | (uint64_t)hi << 32;
}

/* Equal lines have equal marks; others seldom, if they differ in length or in their first or last
   16 bytes. */
static uint16_t mark_of(const uint8_t *line, size_t len)
{
    const uint64_t odd = 0x9E3779B97F4A7C15u;
    uint64_t h = (uint64_t)len * odd;
    if (len < 8) {
        for (size_t i = 0; i < len; i++)
            h = (h ^ line[i]) * odd;
    } else {
        const uint8_t *end = line + len - 8;
        h = (h ^ load64(line)) * odd;
        h = (h ^ h >> 29 ^ load64(end)) * odd;
        if (len > 16) {
            h = (h ^ h >> 29 ^ load64(line + 8)) * odd;
            h = (h ^ h >> 29 ^ load64(end - 8)) * odd;
        }
    }
    return (uint16_t)(h >> 48);
}

void context_measure(line_features *out, const uint8_t *line, size_t len, unsigned phrase,
                     bool after_gap)
{
    memset(out, 0, sizeof *out);
    if (!len)
        return;
    size_t look = len < CONTEXT_LOOK ? len : CONTEXT_LOOK;
    tally t;
    kernel()->count(&t, line, look);
    const uint32_t *of = t.of;
    uint32_t chars = (uint32_t)look - of[TAIL], ink = chars - of[BLANK];
    uint32_t words = t.words + of[WIDE] / 2, ascii = of[UPPER] + of[LOWER];
    uint64_t by_word = inverse(words), by_ink = inverse(ink), by_ascii = inverse(ascii);
    uint8_t *cell = out->cell;
    cell[CELL_WORDS] = word_bucket(words);
    cell[CELL_LENGTH] = least((ink * by_word + (1 << 21)) >> 22, 15);
    cell[CELL_FIRST] = (uint8_t)first_edge(line, len);
    cell[CELL_LAST] = (uint8_t)last_edge(line, len);
    cell[CELL_CAPS] = (uint8_t)(ascii ? 1 + share(of[UPPER], by_ascii, 14) : 0);
    cell[CELL_TITLE] = share(t.titled, by_word, 8);
    cell[CELL_DIGITS] = some(of[DIGIT], by_ink, 8);
    cell[CELL_COMMAS] = least(of[COMMA], 6);
    cell[CELL_STOPS] = least(of[STOP], 6);
    cell[CELL_BARS] = least(of[BAR], 5);
    cell[CELL_SIGNS] = (uint8_t)((t.copyrights > 0) + 2 * has_address(&t, line, look) +
                                 4 * (of[COLON] > 0));
    cell[CELL_SCRIPT] = share(of[WIDE], by_ink, 2);
    cell[CELL_PHRASE] = least(phrase, CELL_PHRASES - 1);
    cell[CELL_GAP] = after_gap;
    out->mark = mark_of(line, len);
}

/*
 * Scoring. The rows of a line's cells, added up and cut off at 0 and FULL, are its traits. A line
 * is shown with its own traits and, of the lines around it, the first AROUND traits: sums over the
 * next line, the two after it, the five after those; and the line before.
 *
 * What came before all that is in a memory of a few numbers. Each line replaces a part of each of
 * them, the gate, by another number, the wish; both are weighted sums of what the line is shown
 * with. So a menu may be forgotten in a line, and that the article has begun may be kept for long.
 *
 * What is shown and what is remembered, weighted, make HIDDEN sums, cut off again; and those,
 * weighted for the level, the score.
 *
 * Everything is an integer, and no sum can overflow: fit.py sees to it. So order of summing, and
 * with it the width of the machine's vectors, does not matter.
 */

enum { FULL = 255, TRAIT_SHIFT = 2, SUM_SHIFT = 10, GATE_SHIFT = 13 };

/* By how much a whole sentence must pass the default threshold: odds e^1.5 times as high.
   Pages were fitted in few languages; in others sentences are what is known best. */
enum { SENTENCE_WORDS = 4, SENTENCE_MARGIN = (3 * FULL / 2) << SUM_SHIFT };

/* The same for what may be the heading of the prose that follows at once: pages were fitted whose
   main text begins below it. Bucket 10: twelve words or more. */
enum { HEADING_WORDS = 3, PROSE_BUCKET = 10, HEADING_MARGIN = 2 * SENTENCE_MARGIN };
enum { LINE_SENTENCE = 1, LINE_PROSE = 2, LINE_HEADING = 4 };
enum { AHEAD_SPANS = 3 };
enum { SHOWN = CONTEXT_TRAITS + CONTEXT_AROUND * (AHEAD_SPANS + 1) };
enum { INPUTS = SHOWN + CONTEXT_MEMORY };
_Static_assert(2 * CONTEXT_MEMORY == CONTEXT_HIDDEN, "as many gates and wishes");
static const weighing turning = {SHOWN, context_turn, context_turn_bias};
static const weighing mixing = {INPUTS, context_mix, context_mix_bias};

enum { RING = 16 }; /* a power of 2 above CONTEXT_AHEAD + 2 */
enum { HELD = 128 }; /* a power of 2 above CONTEXT_NEAR_BEFORE + 1 */
enum { MARKS = 1024 };

_Static_assert(HELD > CONTEXT_NEAR_BEFORE + 1, "a phrase makes so many lines before it near");

/* Cells beside those measured. */
enum {
    CELL_STEP = CELL_MEASURED, /* how many more words than the line before */
    CELL_LIKE,                 /* same first, same last kind of character as the line before */
    CELL_AGAIN,                /* the line was there before */
    CELLS
};

typedef struct {
    int16_t of[CONTEXT_TRAITS];
} traits;

struct context {
    traits ring[RING];       /* by line number */
    uint8_t kind[RING]; /* LINE_..., likewise */
    uint64_t pushed, scored; /* lines of this document */
    uint64_t phrase;         /* number of its last line pushed that is one, from 1; 0: none was */
    uint64_t seen; /* lines before it have traits, if they are near a phrase */
    uint64_t remembered; /* of these, lines before it are in the memory */
    uint16_t memory[CONTEXT_MEMORY]; /* times 256 */
    line_features held[HELD]; /* the lines pushed last, by number */
    bool default_only;
    uint32_t marks[MARKS]; /* lines by mark: the mark; above it the document */
    uint16_t document;
};

context *context_create(void)
{
    context *c = calloc(1, sizeof *c);
    if (c)
        context_begin(c);
    return c;
}

void context_free(context *c)
{
    free(c);
}

void context_default_only(context *c)
{
    c->default_only = true;
}

void context_begin(context *c)
{
    c->pushed = c->scored = c->phrase = c->seen = c->remembered = 0;
    memset(c->ring, 0, sizeof c->ring);
    memset(c->memory, 0, sizeof c->memory);
    memset(&c->held[HELD - 1], 0, sizeof c->held[0]); /* before the first line */
    if (++c->document == 0) {
        memset(c->marks, 0, sizeof c->marks);
        c->document = 1;
    }
}

/* Whether a line with this mark was seen in the document. A bounded memory: the latest of each slot. */
static bool seen_again(context *c, uint16_t mark)
{
    uint32_t *at = &c->marks[mark % MARKS], now = (uint32_t)c->document << 16 | mark;
    bool again = *at == now;
    *at = now;
    return again;
}

/* Fills all the cells of a line held; once for each, in order. */
static void compare(context *c, uint64_t line, uint8_t cell[CELLS])
{
    const line_features *f = &c->held[line % HELD];
    memcpy(cell, f->cell, CELL_MEASURED);
    const uint8_t *last = c->held[(line - 1) % HELD].cell;
    int step = f->cell[CELL_WORDS] - last[CELL_WORDS];
    step = step < -4 ? -4 : step > 4 ? 4 : step;
    cell[CELL_STEP] = (uint8_t)(line ? step + 5 : 0);
    cell[CELL_LIKE] = (uint8_t)((f->cell[CELL_FIRST] == last[CELL_FIRST]) +
                                2 * (f->cell[CELL_LAST] == last[CELL_LAST]));
    cell[CELL_AGAIN] = seen_again(c, f->mark);
}

static void hold(context *c, const line_features *f)
{
    c->held[c->pushed % HELD] = *f;
    c->pushed++;
}

/* Eight traits at a time; the compiler knows how, on every machine. */
typedef int16_t lanes __attribute__((vector_size(16)));
enum { LANES = 8, TRAIT_VECTORS = CONTEXT_TRAITS / LANES };

static void add_rows(traits *t, const uint8_t cell[CELLS])
{
    lanes sum[TRAIT_VECTORS];
    memcpy(sum, context_trait_bias, sizeof sum);
    for (unsigned i = 0; i < CELLS; i++) {
        const int16_t *row = context_rows[context_first_row[i] + cell[i]];
#pragma GCC unroll 8
        for (unsigned v = 0; v < TRAIT_VECTORS; v++) {
            lanes part;
            memcpy(&part, row + LANES * v, sizeof part);
            sum[v] += part;
        }
    }
    const lanes none = {0}, full = none + FULL;
#pragma GCC unroll 8
    for (unsigned v = 0; v < TRAIT_VECTORS; v++) {
        lanes cut = (sum[v] & (sum[v] > none)) >> TRAIT_SHIFT;
        lanes over = cut > full;
        cut = (full & over) | (cut & ~over);
        memcpy(t->of + LANES * v, &cut, sizeof cut);
    }
}

_Static_assert(CONTEXT_AROUND * sizeof(int16_t) == sizeof(lanes), "what neighbours show is one vector");

static lanes around(const traits *t)
{
    lanes first;
    memcpy(&first, t->of, sizeof first);
    return first;
}

/* What the line is shown with, and what is remembered. */
static void gather(const context *c, uint64_t line, int16_t in[INPUTS])
{
    const traits *t[CONTEXT_AHEAD + 1];
    for (unsigned i = 0; i <= CONTEXT_AHEAD; i++)
        t[i] = &c->ring[(line + i) % RING];
    memcpy(in, t[0]->of, sizeof t[0]->of);
    const lanes sums[AHEAD_SPANS + 1] = {
        around(t[1]),
        around(t[2]) + around(t[3]),
        around(t[4]) + around(t[5]) + around(t[6]) + around(t[7]) + around(t[8]),
        around(&c->ring[(line - 1) % RING]),
    };
    in += CONTEXT_TRAITS;
    memcpy(in, sums, sizeof sums);
    in += (AHEAD_SPANS + 1) * CONTEXT_AROUND;
    for (unsigned k = 0; k < CONTEXT_MEMORY; k++)
        in[k] = (int16_t)(c->memory[k] >> 8);
}

static void sum_plain(int32_t *sums, const int16_t *in, const weighing *by)
{
    memcpy(sums, by->bias, CONTEXT_HIDDEN * sizeof *sums);
    for (unsigned i = 0; i < by->inputs; i++)
        for (unsigned k = 0; k < CONTEXT_HIDDEN; k++)
            sums[k] += in[i] * by->weights[i / 2][k][i % 2];
}

#if defined(__x86_64__)
/* Two inputs at a time: their weights stand side by side. */
AVX2 static void sum_avx2(int32_t *sums, const int16_t *in, const weighing *by)
{
    enum { VECTORS = CONTEXT_HIDDEN / LANES };
    __m256i sum[VECTORS];
#pragma GCC unroll 8
    for (unsigned v = 0; v < VECTORS; v++)
        sum[v] = _mm256_loadu_si256((const __m256i *)(const void *)(by->bias + LANES * v));
    for (unsigned i = 0; i < by->inputs / 2; i++) {
        int32_t two;
        memcpy(&two, in + 2 * i, sizeof two);
        __m256i pair = _mm256_set1_epi32(two);
#pragma GCC unroll 8
        for (unsigned v = 0; v < VECTORS; v++) {
            const void *w = by->weights[i][LANES * v];
            __m256i product = _mm256_madd_epi16(pair, _mm256_loadu_si256((const __m256i *)w));
            sum[v] = _mm256_add_epi32(sum[v], product);
        }
    }
#pragma GCC unroll 8
    for (unsigned v = 0; v < VECTORS; v++)
        _mm256_storeu_si256((__m256i *)(void *)(sums + LANES * v), sum[v]);
}
#endif

static const kernels all_kernels[] = {
    {count_plain, sum_plain},
#if defined(__x86_64__)
    {count_avx2, sum_avx2},
#endif
};

/* NULL until first asked for. Threads may all look for it at once: they find the same. */
static const kernels *_Atomic chosen;

unsigned context_kernels(void)
{
#if defined(__x86_64__)
    bool avx2 = __builtin_cpu_supports("avx2") && __builtin_cpu_supports("popcnt") &&
                __builtin_cpu_supports("bmi");
    return avx2 ? 2 : 1;
#else
    return 1;
#endif
}

void context_use_kernel(unsigned which)
{
    atomic_store_explicit(&chosen, &all_kernels[which], memory_order_relaxed);
}

static const kernels *kernel(void)
{
    const kernels *k = atomic_load_explicit(&chosen, memory_order_relaxed);
    if (k)
        return k;
    context_use_kernel(context_kernels() - 1);
    return atomic_load_explicit(&chosen, memory_order_relaxed);
}

/* Whether a line is a sentence as far as can be seen, or leads up to one; a long one; or neither,
   of some words. */
static uint8_t kind_of_line(const uint8_t cell[CELLS])
{
    unsigned last = cell[CELL_LAST], words = cell[CELL_WORDS];
    bool ends = (last >= EDGE_STOP && last <= EDGE_COLON) || last == EDGE_ENDED;
    if (!ends)
        return words >= HEADING_WORDS ? LINE_HEADING : 0;
    bool prose = words >= PROSE_BUCKET && !cell[CELL_PHRASE];
    return words < SENTENCE_WORDS ? 0 : LINE_SENTENCE | (prose ? LINE_PROSE : 0);
}

/* By how much a line must pass the default threshold. */
static int32_t margin(const context *c)
{
    unsigned kind = c->kind[c->scored % RING];
    if (kind & LINE_SENTENCE)
        return SENTENCE_MARGIN;
    bool prose_next = c->scored + 1 < c->pushed && c->kind[(c->scored + 1) % RING] & LINE_PROSE;
    return kind & LINE_HEADING && prose_next ? HEADING_MARGIN : 0;
}

static bool phrase_in_reach(const context *c)
{
    return c->phrase && c->phrase + CONTEXT_PHRASE_REACH > c->scored;
}

static int32_t cut(int32_t sum)
{
    int32_t whole = (sum > 0 ? sum : 0) >> SUM_SHIFT;
    return whole < FULL ? whole : FULL;
}

/* The score of the line gathered, at the level chosen. */
static int32_t weigh(const context *c, const int16_t in[INPUTS])
{
    int32_t sums[CONTEXT_HIDDEN];
    kernel()->sum(sums, in, &mixing);
    unsigned level = c->default_only ? 0 : 1;
    int32_t score = context_score_bias[level];
    for (unsigned k = 0; k < CONTEXT_HIDDEN; k++)
        score += cut(sums[k]) * context_score[level][k];
    return score;
}

/* The line gathered becomes part of the past. */
static void remember(context *c, const int16_t in[INPUTS])
{
    int32_t sums[CONTEXT_HIDDEN];
    kernel()->sum(sums, in, &turning);
    for (unsigned k = 0; k < CONTEXT_MEMORY; k++) {
        int32_t step = (sums[k] > 0 ? sums[k] : 0) >> GATE_SHIFT;
        uint32_t gate = context_gate[step < CONTEXT_GATES ? step : CONTEXT_GATES - 1];
        uint32_t wish = (uint32_t)cut(sums[CONTEXT_MEMORY + k]) << 8;
        c->memory[k] = (uint16_t)((c->memory[k] * (65536 - gate) + wish * gate + 32768) >> 16);
    }
    c->remembered++;
}

/* Scores the oldest line that has no score; the ring holds what follows it, or it `ends` there. */
static int32_t score_next(context *c, bool ends)
{
    int32_t score = INT32_MIN;
    bool reach = phrase_in_reach(c);
    bool shown = c->remembered == c->scored && c->scored < c->seen;
    int16_t in[INPUTS];
    if (shown)
        gather(c, c->scored, in);
    if (shown && (reach || !c->default_only)) {
        score = weigh(c, in);
        if (c->default_only)
            score -= margin(c);
    }
    if (shown && (ends || c->scored + CONTEXT_AHEAD < c->seen))
        remember(c, in);
    c->scored++;
    return score;
}

/* Sees the next line: its traits. A line scored unseen is part of the past all the same, once those
   after it are seen. */
static void see_next(context *c)
{
    uint8_t cell[CELLS];
    uint64_t line = c->seen++;
    compare(c, line, cell);
    add_rows(&c->ring[line % RING], cell);
    c->kind[line % RING] = kind_of_line(cell);
    if (c->remembered >= c->scored || c->remembered + CONTEXT_AHEAD >= c->seen)
        return;
    int16_t in[INPUTS];
    gather(c, c->remembered, in);
    remember(c, in);
}

/* The line pushed last is a known phrase: the lines before it are near one. */
static void note_phrase(context *c)
{
    c->phrase = c->pushed;
    if (!c->default_only || c->phrase <= c->seen + 1 + CONTEXT_NEAR_BEFORE)
        return;
    c->seen = c->remembered = c->phrase - 1 - CONTEXT_NEAR_BEFORE;
    memset(c->memory, 0, sizeof c->memory); /* the past begins here */
}

bool context_push(context *c, const line_features *f, int32_t *score)
{
    hold(c, f);
    if (f->cell[CELL_PHRASE])
        note_phrase(c);
    uint64_t near = c->phrase ? c->phrase + CONTEXT_NEAR_AFTER : 0;
    while (c->seen < c->pushed && (!c->default_only || c->seen < near))
        see_next(c);
    if (c->pushed - c->scored <= CONTEXT_AHEAD)
        return false;
    *score = score_next(c, false);
    return true;
}

void context_pass(context *c)
{
    c->scored = ++c->pushed;
}

bool context_pop(context *c, int32_t *score)
{
    if (c->scored == c->pushed)
        return false;
    memset(&c->ring[(c->scored + CONTEXT_AHEAD) % RING], 0, sizeof c->ring[0]);
    *score = score_next(c, true);
    if (c->pushed < CONTEXT_MIN_LINES)
        *score = INT32_MIN;
    return true;
}

const int32_t context_default_threshold = CONTEXT_DEFAULT;
const int32_t context_strict_threshold = CONTEXT_STRICT;
