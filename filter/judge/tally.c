#include "judge/tally.h"

#include <stdatomic.h>

#include "base/machine.h"
#include "judge/tally_block.h"

#define FOUR(from, c) [from] = c, [from + 1] = c, [from + 2] = c, [from + 3] = c
#define SIXTEEN(from, c) \
    FOUR(from, c), FOUR(from + 4, c), FOUR(from + 8, c), FOUR(from + 12, c)
#define LETTERS(from, c) \
    SIXTEEN(from, c), FOUR(from + 16, c), FOUR(from + 20, c), [from + 24] = c, [from + 25] = c

const uint8_t tally_class[256] = {
    ['\t'] = TALLY_BLANK, [' '] = TALLY_BLANK, [','] = TALLY_COMMA, [';'] = TALLY_COMMA,
    ['.'] = TALLY_STOP, ['!'] = TALLY_STOP, ['?'] = TALLY_STOP, [':'] = TALLY_COLON,
    ['|'] = TALLY_BAR, ['/'] = TALLY_SLASH, ['@'] = TALLY_AT,
    FOUR('0', TALLY_DIGIT), FOUR('4', TALLY_DIGIT), ['8'] = TALLY_DIGIT, ['9'] = TALLY_DIGIT,
    LETTERS('A', TALLY_UPPER), LETTERS('a', TALLY_LOWER),
    SIXTEEN(0x80, TALLY_TAIL), SIXTEEN(0x90, TALLY_TAIL), SIXTEEN(0xA0, TALLY_TAIL),
    SIXTEEN(0xB0, TALLY_TAIL),
    [0xC2] = TALLY_SPECIAL, [0xC3] = TALLY_LETTER, FOUR(0xC4, TALLY_LETTER),
    FOUR(0xC8, TALLY_LETTER), FOUR(0xCC, TALLY_LETTER), FOUR(0xD0, TALLY_LETTER),
    FOUR(0xD4, TALLY_LETTER), [0xD8] = TALLY_SPECIAL, [0xD9] = TALLY_LETTER,
    [0xDA] = TALLY_LETTER, [0xDB] = TALLY_LETTER, FOUR(0xDC, TALLY_LETTER),
    [0xE0] = TALLY_SPECIAL, [0xE1] = TALLY_LETTER, [0xE2] = TALLY_SPECIAL,
    [0xE3] = TALLY_SPECIAL, FOUR(0xE4, TALLY_WIDE), [0xE8] = TALLY_WIDE, [0xE9] = TALLY_WIDE,
    [0xEA] = TALLY_LETTER, [0xEB] = TALLY_LETTER, [0xEC] = TALLY_LETTER,
    [0xED] = TALLY_LETTER, [0xEE] = TALLY_LETTER, [0xEF] = TALLY_SPECIAL,
    FOUR(0xF0, TALLY_LETTER), [0xF4] = TALLY_LETTER,
};

static bool is(const uint8_t *at, size_t left, uint8_t second, uint8_t third)
{
    return left >= 3 && at[1] == second && at[2] == third;
}

unsigned tally_special(const uint8_t *at, size_t left)
{
    switch (at[0]) {
    case 0xC2: /* Latin-1 signs: middle dot, guillemets */
        if (left < 2)
            return TALLY_OTHER;
        return at[1] == 0xB7 || at[1] == 0xBB || at[1] == 0xAB ? TALLY_BAR : TALLY_OTHER;
    case 0xD8: /* Arabic comma, semicolon, question mark */
        if (left >= 2 && (at[1] == 0x8C || at[1] == 0x9B))
            return TALLY_COMMA;
        return left >= 2 && at[1] == 0x9F ? TALLY_STOP : TALLY_LETTER;
    case 0xE0: /* danda, double danda; Thai and Lao, written without blanks */
        if (is(at, left, 0xA5, 0xA4) || is(at, left, 0xA5, 0xA5))
            return TALLY_STOP;
        return left >= 2 && at[1] >= 0xB8 && at[1] <= 0xBB ? TALLY_WIDE : TALLY_LETTER;
    case 0xE2:
        if (left < 3)
            return TALLY_OTHER;
        if (at[1] == 0x80) /* bullet, > quotation mark, ellipsis */
            return at[2] == 0xA2 || at[2] == 0xBA ? TALLY_BAR
                                                  : at[2] == 0xA6 ? TALLY_STOP : TALLY_OTHER;
        return at[1] >= 0x86 && at[1] <= 0x9F ? TALLY_BAR : TALLY_OTHER; /* arrows, shapes */
    case 0xE3:
        if (is(at, left, 0x80, 0x81))
            return TALLY_COMMA;
        return is(at, left, 0x80, 0x82) ? TALLY_STOP : TALLY_WIDE;
    default: /* 0xEF: full width */
        if (is(at, left, 0xBC, 0x8C) || is(at, left, 0xBC, 0x9B))
            return TALLY_COMMA;
        if (is(at, left, 0xBC, 0x81) || is(at, left, 0xBC, 0x9F))
            return TALLY_STOP;
        if (is(at, left, 0xBC, 0x9A))
            return TALLY_COLON;
        return is(at, left, 0xBD, 0x9C) ? TALLY_BAR : TALLY_LETTER;
    }
}

static void classify_plain(tally_masks *m, const uint8_t *text)
{
    memset(m, 0, sizeof *m);
    for (unsigned i = 0; i < 64; i++)
        m->of[tally_class[text[i]]] |= (uint64_t)1 << i;
}

static void count_plain(tally *t, const uint8_t *text, size_t len)
{
    memset(t, 0, sizeof *t);
    t->blank = 1;
    for (size_t i = 0; i < len; i += 64) {
        tally_masks m;
        classify_plain(&m, text + i);
        tally_add(t, &m, text + i, len - i);
    }
}

static const tally_kernels portable = {"portable", count_plain, NULL};

/* Slowest first. */
static const tally_kernels *const all[] = {
    &portable,
#if defined(MACHINE_X86)
    &tally_ssse3,
    &tally_avx2,
#elif defined(MACHINE_NEON)
    &tally_neon,
#endif
};

const tally_kernels *tally_number(unsigned i)
{
    bool runs = i < sizeof all / sizeof *all && (!all[i]->runs_here || all[i]->runs_here());
    return runs ? all[i] : NULL;
}

/* NULL until first asked for. Threads may all look for it at once: they find the same. */
static _Atomic(tally_kernel *) best;

tally_kernel *tally_best(void)
{
    tally_kernel *k = atomic_load_explicit(&best, memory_order_relaxed);
    if (k)
        return k;
    const tally_kernels *at;
    for (unsigned i = 0; (at = tally_number(i)) != NULL; i++)
        k = at->count;
    atomic_store_explicit(&best, k, memory_order_relaxed);
    return k;
}
