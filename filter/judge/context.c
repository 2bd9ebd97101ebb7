#include "judge/context.h"

#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

#include "base/machine.h"
#include "judge/edge.h"
#include "tables/context_weights.inc"

#ifdef MACHINE_X86
#include <immintrin.h>
#endif

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

/* CONTEXT_HIDDEN sums, each of all inputs, weighted. */
typedef struct {
    unsigned inputs;
    const int16_t (*weights)[CONTEXT_HIDDEN][2];
    const int32_t *bias;
} weighing;

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

/* Whether a line with this mark was seen in the document. A bounded memory: the latest of each
   slot. */
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

_Static_assert(CONTEXT_AROUND * sizeof(int16_t) == sizeof(lanes),
               "what neighbours show is one vector");

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

#ifdef MACHINE_X86
/* Two inputs at a time: their weights stand side by side. */
__attribute__((target("avx2"))) static void
sum_avx2(int32_t *sums, const int16_t *in, const weighing *by)
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

typedef void sum_kernel(int32_t *sums, const int16_t *in, const weighing *by);

static sum_kernel *const all_kernels[] = {
    sum_plain,
#ifdef MACHINE_X86
    sum_avx2,
#endif
};

/* NULL until first asked for. Threads may all look for it at once: they find the same. */
static _Atomic(sum_kernel *) chosen;

unsigned context_kernels(void)
{
#ifdef MACHINE_X86
    return machine_has_avx2() ? 2 : 1;
#else
    return 1;
#endif
}

void context_use_kernel(unsigned which)
{
    atomic_store_explicit(&chosen, all_kernels[which], memory_order_relaxed);
}

static sum_kernel *kernel(void)
{
    sum_kernel *k = atomic_load_explicit(&chosen, memory_order_relaxed);
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
    kernel()(sums, in, &mixing);
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
    kernel()(sums, in, &turning);
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
