/* The scanning kernels against their portable twin, and the twin against the standard. */
#include <criterion/criterion.h>
#include <stdlib.h>
#include <string.h>

#include "base/scan.h"
#include "text/utf8.h"

enum { LONGEST = 200, ALIGNS = 33 };

static uint64_t dice = 1;

static uint32_t roll(uint32_t sides)
{
    dice = dice * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
    return (uint32_t)((dice >> 33) % sides);
}

typedef void fill(uint8_t *p, size_t len);

static void fill_ascii(uint8_t *p, size_t len)
{
    for (size_t i = 0; i < len; i++)
        p[i] = (uint8_t)(' ' + roll(94));
}

static void fill_any(uint8_t *p, size_t len)
{
    for (size_t i = 0; i < len; i++)
        p[i] = (uint8_t)roll(256);
}

static void fill_blank(uint8_t *p, size_t len)
{
    for (size_t i = 0; i < len; i++)
        p[i] = (uint8_t)" \n \t\r\x7F" "a\x1F"[roll(8)];
}

/* Valid characters, and now and then one that lacks or has a byte. */
static void fill_characters(uint8_t *p, size_t len)
{
    static const char *const some[] = {"a", " ", "\n", "é", "ÿ", "߿", "ࠀ", "€", "퟿", "", "￿",
                                       "𐀀", "😀", "\xF4\x8F\xBF\xBF", "\xED\x9F\xBF",
                                       "中", "“", "‘", "\xE2\x80\x83"};
    for (size_t i = 0; i < len;) {
        const char *c = some[roll(sizeof some / sizeof *some)];
        size_t n = strlen(c) - (strlen(c) > 1 && roll(200) == 0);
        n = n < len - i ? n : len - i;
        memcpy(p + i, c, n);
        i += n;
    }
    if (len && roll(3) == 0)
        p[roll((uint32_t)len)] = (uint8_t)(0x80 + roll(128));
}

static fill *const fills[] = {fill_ascii, fill_any, fill_blank, fill_characters};

/* Exactly `len` bytes at an alignment, so that a sanitizer sees a byte too many. */
static uint8_t *placed(uint8_t *room, size_t align, size_t len, fill *how)
{
    uint8_t *p = room + align;
    how(p, len);
    return p;
}

static void same(const scan_kernels *twin, const scan_kernels *fast, const uint8_t *p, size_t len,
                 const scan_set *set, uint8_t before)
{
    scan_marks a[4], b[4];
    memset(a, 0, sizeof a);
    memset(b, 0, sizeof b);
    twin->text(p, len, set, before, a);
    fast->text(p, len, set, before, b);
    cr_assert_eq(memcmp(a, b, sizeof a), 0, "%s: marks of %zu bytes", fast->name, len);
    cr_assert_eq(twin->ascii(p, len), fast->ascii(p, len), "%s: ascii", fast->name);
    cr_assert_eq(twin->utf8(p, len), fast->utf8(p, len), "%s: utf8 of %zu bytes", fast->name, len);
}

static scan_set random_set(void)
{
    scan_set set;
    scan_set_init(&set, roll(4) != 0);
    for (unsigned n = roll(40); n > 0; n--) {
        static const uint32_t below[] = {0x800, 0x3000, 0x10000, 0x110000};
        scan_set_add(&set, roll(2) ? 0x2000 + (roll(4) << 4) : roll(below[roll(4)]) & ~15U,
                     roll(0x10000));
    }
    return set;
}

Test(scan, kernels_equal_their_twin)
{
    size_t count;
    const scan_kernels *const *all = scan_all(&count);
    for (size_t k = 1; k < count; k++)
        for (size_t f = 0; f < sizeof fills / sizeof *fills; f++)
            for (size_t len = 0; len <= LONGEST; len++) {
                size_t align = len % ALIGNS;
                uint8_t *room = malloc(align + len + 1);
                for (unsigned again = 0; again < ALIGNS; again++) {
                    scan_set set = random_set();
                    uint8_t *p = placed(room + 1, align, len, fills[f]);
                    same(all[0], all[k], p, len, &set, (uint8_t)" \na"[roll(3)]);
                }
                free(room);
            }
}

Test(scan, kernels_equal_their_twin_at_every_alignment)
{
    size_t count;
    const scan_kernels *const *all = scan_all(&count);
    uint8_t *room = malloc(ALIGNS + LONGEST);
    for (size_t k = 1; k < count; k++)
        for (size_t align = 0; align < ALIGNS; align++)
            for (size_t len = 0; len <= LONGEST; len++) {
                scan_set set = random_set();
                same(all[0], all[k], placed(room, align, len, fills[roll(4)]), len, &set, 0);
            }
    free(room);
}

/* Of a set of characters, all are found, alone in a vector and split by its end. */
Test(scan, every_character_looked_for_is_found)
{
    size_t count;
    const scan_kernels *const *all = scan_all(&count);
    for (unsigned i = 0; i < 4000; i++) {
        scan_set set;
        scan_set_init(&set, roll(2));
        uint32_t base = 0, chars = 0;
        for (unsigned n = 1 + roll(20); n > 0; n--) {
            base = (roll(i % 2 ? 0x1000 : 0x11000) + 8) << 4;
            chars = 1U << roll(16) | roll(0x10000);
            scan_set_add(&set, base, chars);
        }
        uint32_t c = base;
        while (!(chars >> (c - base) & 1))
            c++;
        uint8_t text[192];
        memset(text, 'a', sizeof text);
        size_t at = roll(180);
        utf8_put(text + at++, c);
        for (size_t k = 0; k < count; k++) {
            scan_marks marks[3];
            all[k]->text(text, sizeof text, &set, 0, marks);
            cr_assert(marks[at / 64].stops >> at % 64 & 1, "%s: U+%04X", all[k]->name, c);
        }
    }
}

Test(scan, squeeze_keeps_what_is_asked_for)
{
    size_t count;
    const scan_kernels *const *all = scan_all(&count);
    for (size_t k = 0; k < count; k++)
        for (unsigned again = 0; again < 2000; again++) {
            uint8_t text[64], out[64];
            fill_any(text, sizeof text);
            uint64_t keep = again == 0 ? 0 : again == 1 ? UINT64_MAX
                            : (uint64_t)roll(UINT32_MAX) << 32 | roll(UINT32_MAX);
            size_t n = all[k]->squeeze(out, text, keep), at = 0;
            for (size_t i = 0; i < 64; i++)
                if (keep >> i & 1)
                    cr_assert_eq(out[at++], text[i], "%s", all[k]->name);
            cr_assert_eq(n, at);
        }
}

/* Every sequence of three bytes of some kinds, after text that fills a vector to different
   depths: the borders of table 3-7 of Unicode 15. */
Test(scan, utf8_ends_where_the_standard_says)
{
    static const uint8_t kinds[] = {0x00, 0x7F, 0x80, 0x8F, 0x90, 0x9F, 0xA0, 0xBF, 0xC0, 0xC1,
                                    0xC2, 0xDF, 0xE0, 0xE1, 0xEC, 0xED, 0xEE, 0xEF, 0xF0, 0xF1,
                                    0xF3, 0xF4, 0xF5, 0xFF};
    enum { KINDS = sizeof kinds, TEXT = 128 };
    size_t count;
    const scan_kernels *const *all = scan_all(&count);
    for (size_t k = 1; k < count; k++)
        for (size_t i = 0; i < KINDS * KINDS * KINDS; i++) {
            uint8_t text[TEXT];
            memset(text, 'a', sizeof text);
            size_t at = 55 + i % 20;
            text[at] = kinds[i / KINDS / KINDS];
            text[at + 1] = kinds[i / KINDS % KINDS];
            text[at + 2] = kinds[i % KINDS];
            if (roll(2))
                text[at + 3] = 0x80;
            cr_assert_eq(all[0]->utf8(text, TEXT), all[k]->utf8(text, TEXT),
                         "%s: %02X %02X %02X %02X",
                         all[k]->name, text[at], text[at + 1], text[at + 2], text[at + 3]);
        }
}

Test(scan, sequence_is_a_character_or_a_maximal_subpart)
{
    static const struct {
        const char *bytes;
        size_t len;
        bool valid;
    } rows[] = {
        {"a", 1, true},           {"\xC2\x80", 2, true},          {"\xDF\xBF", 2, true},
        {"\xE0\xA0\x80", 3, true},  {"\xED\x9F\xBF", 3, true},     {"\xEF\xBF\xBF", 3, true},
        {"\xF0\x90\x80\x80", 4, true}, {"\xF4\x8F\xBF\xBF", 4, true},
        {"\x80", 1, false},       {"\xC0\xAF", 1, false},         {"\xC1\xBF", 1, false},
        {"\xC2", 1, false},       {"\xC2" "a", 1, false},         {"\xE0\x9F\xBF", 1, false},
        {"\xE0\xA0", 2, false},   {"\xE2\x82" "a", 2, false},     {"\xED\xA0\x80", 1, false},
        {"\xF0\x8F\xBF\xBF", 1, false}, {"\xF0\x9F\x98", 3, false}, {"\xF0\x9F" "a", 2, false},
        {"\xF4\x90\x80\x80", 1, false}, {"\xF5\x80\x80\x80", 1, false}, {"\xFE", 1, false},
        {"\xFF", 1, false},       {"\xF1\x80\xC2", 2, false},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        bool valid;
        size_t n = scan_sequence((const uint8_t *)rows[i].bytes, strlen(rows[i].bytes), &valid);
        cr_assert_eq(n, rows[i].len, "row %zu: %zu bytes", i, n);
        cr_assert_eq(valid, rows[i].valid, "row %zu", i);
    }
}
