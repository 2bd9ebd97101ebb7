#include "judge/fold_lead.h"

/* A bit for each half of a byte: lists of four bits, or from one to another. */
#define ONE(n) (1U << (n))
#define TO(from, to) ((2U << (to)) - (1U << (from)))
#define ANY 0xFFFFU

/* Characters all of whose halves are in a row. Several scripts share one where that gives too much
   to few letters that are often seen: it is only a matter of speed. */
static const struct {
    uint16_t lead_high, lead_low, second_high, second_low;
} rules[] = {
    /* Latin with its signs and accents, all marks above U+0300; beyond U+10000. */
    {ONE(0xC) | ONE(0xF), TO(0, 8) | ONE(0xC) | ONE(0xD), ANY, ANY},
    /* More Latin, Greek, Coptic, modifier letters. */
    {ONE(0xC), ONE(0x9) | ONE(0xE), ONE(0x8), ANY},
    {ONE(0xC) | ONE(0xD), ONE(0xB), ONE(0x8), ONE(0x0) | TO(0x2, 0x5)},
    {ONE(0xC), ONE(0xB) | ONE(0xE) | ONE(0xF), ONE(0x9) | ONE(0xA), ANY},
    {ONE(0xC), ONE(0xA) | ONE(0xB) | ONE(0xF), ONE(0xB), ANY},
    {ONE(0xC), ONE(0xE), ONE(0xB), ONE(0x0)},
    {ONE(0xC), ONE(0xF), ONE(0x8), ONE(0x2) | TO(0xA, 0xF)},
    /* Cyrillic: capitals, short i, the letters of Russian's neighbours; N'Ko. */
    {ONE(0xD), ONE(0x0), ONE(0xB), ONE(0x9)},
    {ONE(0xD), ONE(0x1), ONE(0x9), ONE(0x0) | ONE(0x1) | ONE(0x3) | ONE(0x7) | TO(0xC, 0xE)},
    {ONE(0xD), TO(0x2, 0x4) | ONE(0xF), ANY, ANY},
    /* Capitals of Cyrillic and Armenian, marks and signs of Hebrew, Arabic and Syriac. */
    {ONE(0xD), ONE(0x0) | ONE(0x5) | ONE(0x8), ONE(0x8) | ONE(0x9), ANY},
    {ONE(0xD), ONE(0x6) | ONE(0x9) | ONE(0xB), ONE(0x9), ANY},
    {ONE(0xD), ONE(0x0) | ONE(0x1) | ONE(0x6) | ONE(0x9) | ONE(0xB), ONE(0xA), ANY},
    {ONE(0xD), ONE(0x1) | ONE(0x6) | ONE(0x7) | ONE(0x9) | ONE(0xB) | ONE(0xC), ONE(0xB), ANY},
    {ONE(0xD), ONE(0x7) | ONE(0xC) | ONE(0xD), ONE(0x8), ANY},
    {ONE(0xD), ONE(0x6), ONE(0x8), ONE(0x7) | ONE(0x9) | ONE(0xA) | TO(0xD, 0xF)},
    {ONE(0xD), ONE(0x8), ONE(0xA), TO(0x2, 0x6)},
    {ONE(0xD), ONE(0x9), ONE(0x8), TO(0xB, 0xF)},
    /* India, signs, compatibility: the third byte decides. */
    {ONE(0xE), ONE(0x0) | ONE(0x2) | ONE(0xF), ANY, ANY},
    /* Burmese to jamo, Cherokee, Runic to Greek; not Ethiopic and Canadian syllables. */
    {ONE(0xE), ONE(0x1), ONE(0x8), TO(0x0, 0x7) | TO(0xD, 0xF)},
    {ONE(0xE), ONE(0x1), ONE(0x9), ONE(0x0) | TO(0x9, 0xF)},
    {ONE(0xE), ONE(0x1), ONE(0xA) | ONE(0xB), ANY},
    /* Kana, jamo and signs before Han; between Yi and Hangul. */
    {ONE(0xE), ONE(0x3) | ONE(0xA), TO(0x8, 0xA), ANY},
    /* A mark of Syriac; hexagrams, between Han and Han. */
    {ONE(0xD) | ONE(0xE), ONE(0x4) | ONE(0xC), ONE(0x9) | ONE(0xB), ONE(0x1) | ONE(0x7)},
};

_Static_assert(sizeof rules / sizeof *rules <= 8 * FOLD_LEAD_SETS, "a bit for each");

fold_lead_set fold_lead_sets[FOLD_LEAD_SETS];

static void add(uint8_t table[16], unsigned halves, unsigned bit)
{
    for (unsigned i = 0; i < 16; i++)
        if (halves >> i & 1)
            table[i] |= (uint8_t)(1U << bit);
}

void fold_lead_begin(void)
{
    for (unsigned i = 0; i < sizeof rules / sizeof *rules; i++) {
        fold_lead_set *set = &fold_lead_sets[i / 8];
        add(set->lead_high, rules[i].lead_high, i % 8);
        add(set->lead_low, rules[i].lead_low, i % 8);
        add(set->second_high, rules[i].second_high, i % 8);
        add(set->second_low, rules[i].second_low, i % 8);
    }
}

bool fold_lead_may_change(uint8_t lead, uint8_t second)
{
    for (unsigned i = 0; i < sizeof rules / sizeof *rules; i++)
        if (rules[i].lead_high >> (lead >> 4) & rules[i].lead_low >> (lead & 15) &
            rules[i].second_high >> (second >> 4) & rules[i].second_low >> (second & 15) & 1)
            return true;
    return false;
}
