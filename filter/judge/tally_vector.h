/*
 * Counting by blocks of 64 bytes: a file for each machine (tally_avx2.c...) has it made of the
 * vectors it names.
 */
#include "base/vector.h"
#include "judge/tally_block.h"

typedef struct {
    vec of[VECS];
} block;

VECTOR uint64_t bits(block b)
{
    return vec_bits(b.of);
}

VECTOR block is_one(block b, uint8_t c)
{
    for (unsigned i = 0; i < VECS; i++)
        b.of[i] = vec_is(b.of[i], c);
    return b;
}

VECTOR block is_in(block b, uint8_t from, uint8_t to)
{
    for (unsigned i = 0; i < VECS; i++)
        b.of[i] = vec_between(b.of[i], from, to);
    return b;
}

VECTOR block either(block a, block b)
{
    for (unsigned i = 0; i < VECS; i++)
        a.of[i] = vec_or(a.of[i], b.of[i]);
    return a;
}

/* What is not ASCII. */
VECTOR void classify_high(tally_masks *m, block b)
{
    block special = either(either(is_one(b, 0xC2), is_one(b, 0xD8)), is_one(b, 0xE0));
    special = either(special, either(is_one(b, 0xEF), is_in(b, 0xE2, 0xE3)));
    m->of[TALLY_SPECIAL] = bits(special);
    m->of[TALLY_WIDE] = bits(is_in(b, 0xE4, 0xE9));
    m->of[TALLY_TAIL] = bits(is_in(b, 0x80, 0xBF));
    m->of[TALLY_LETTER] = bits(is_in(b, 0xC3, 0xF4)) & ~m->of[TALLY_SPECIAL] & ~m->of[TALLY_WIDE];
}

VECTOR void classify_vector(tally_masks *m, const uint8_t *text)
{
    block b;
    vec_load_block(b.of, text);
    /* cppcheck-suppress uninitvar ; it is loaded */
    m->of[TALLY_BLANK] = bits(either(is_one(b, ' '), is_one(b, '\t')));
    m->of[TALLY_UPPER] = bits(is_in(b, 'A', 'Z'));
    m->of[TALLY_LOWER] = bits(is_in(b, 'a', 'z'));
    m->of[TALLY_DIGIT] = bits(is_in(b, '0', '9'));
    m->of[TALLY_COMMA] = bits(either(is_one(b, ','), is_one(b, ';')));
    m->of[TALLY_STOP] = bits(either(either(is_one(b, '.'), is_one(b, '!')), is_one(b, '?')));
    m->of[TALLY_COLON] = bits(is_one(b, ':'));
    m->of[TALLY_BAR] = bits(is_one(b, '|'));
    m->of[TALLY_AT] = bits(is_one(b, '@'));
    m->of[TALLY_SLASH] = bits(is_one(b, '/'));
    m->of[TALLY_TAIL] = m->of[TALLY_LETTER] = m->of[TALLY_WIDE] = m->of[TALLY_SPECIAL] = 0;
    if (vec_tops(b.of))
        classify_high(m, b);
}

static VECTOR_CODE void count_vector(tally *t, const uint8_t *text, size_t len)
{
    memset(t, 0, sizeof *t);
    t->blank = 1;
    for (size_t i = 0; i < len; i += 64) {
        tally_masks m;
        classify_vector(&m, text + i);
        tally_add(t, &m, text + i, len - i);
    }
}
