#include <string.h>

#include "judge/context.h"
#include "judge/edge.h"
#include "judge/tally.h"

static bool has_address(const tally *t, const uint8_t *text, size_t len)
{
    if (t->of[TALLY_AT])
        return true;
    const uint8_t *slash = t->of[TALLY_SLASH] >= 2 && t->of[TALLY_COLON] ? text : NULL;
    while (slash && (slash = memchr(slash, ':', len - (size_t)(slash - text)))) {
        if (len - (size_t)(slash - text) >= 3 && slash[1] == '/' && slash[2] == '/')
            return true;
        slash++;
    }
    return false;
}

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
    tally_best()(&t, line, look);
    const uint32_t *of = t.of;
    uint32_t chars = (uint32_t)look - of[TALLY_TAIL], ink = chars - of[TALLY_BLANK];
    uint32_t words = t.words + of[TALLY_WIDE] / 2, ascii = of[TALLY_UPPER] + of[TALLY_LOWER];
    uint64_t by_word = inverse(words), by_ink = inverse(ink), by_ascii = inverse(ascii);
    uint8_t *cell = out->cell;
    cell[CELL_WORDS] = word_bucket(words);
    cell[CELL_LENGTH] = least((ink * by_word + (1 << 21)) >> 22, 15);
    cell[CELL_FIRST] = (uint8_t)edge_first(line, len);
    cell[CELL_LAST] = (uint8_t)edge_last(line, len);
    cell[CELL_CAPS] = (uint8_t)(ascii ? 1 + share(of[TALLY_UPPER], by_ascii, 14) : 0);
    cell[CELL_TITLE] = share(t.titled, by_word, 8);
    cell[CELL_DIGITS] = some(of[TALLY_DIGIT], by_ink, 8);
    cell[CELL_COMMAS] = least(of[TALLY_COMMA], 6);
    cell[CELL_STOPS] = least(of[TALLY_STOP], 6);
    cell[CELL_BARS] = least(of[TALLY_BAR], 5);
    cell[CELL_SIGNS] = (uint8_t)((t.copyrights > 0) + 2 * has_address(&t, line, look) +
                                 4 * (of[TALLY_COLON] > 0));
    cell[CELL_SCRIPT] = share(of[TALLY_WIDE], by_ink, 2);
    cell[CELL_PHRASE] = least(phrase, CELL_PHRASES - 1);
    cell[CELL_GAP] = after_gap;
    out->mark = mark_of(line, len);
}
