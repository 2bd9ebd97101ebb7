/* What the command tells people: figures, the sketch of repeats, the tally of a report. */
#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/figure.h"
#include "cli/sketch.h"
#include "cli/tally.h"
#include "failing.h"

#define says(f, wanted) cr_expect_str_eq((f).text, wanted)

Test(report, figures)
{
    says(figure_count(0), "0");
    says(figure_count(999), "999");
    says(figure_count(1000), "1,000");
    says(figure_count(UINT64_MAX), "18,446,744,073,709,551,615");

    says(figure_short(99999), "99,999");
    says(figure_short(100000), "100 k");
    says(figure_short(999499), "999 k");
    says(figure_short(999500), "1.00 M");
    says(figure_short(UINT64_MAX), "18446744 T");

    says(figure_bytes(999), "999 B");
    says(figure_bytes(1000), "1.00 kB");
    says(figure_bytes(9994), "9.99 kB");
    says(figure_bytes(9996), "10.0 kB");
    says(figure_bytes(99949), "99.9 kB");
    says(figure_bytes(99951), "100 kB");
    says(figure_bytes(999499999), "999 MB");
    says(figure_bytes(999500000), "1.00 GB");
    says(figure_bytes(UINT64_MAX), "18447 PB");

    says(figure_rate(5000000, 2), "2.50 MB/s");
    says(figure_rate(5, 0), "-");
    says(figure_rate(UINT64_MAX, 1e-9), "1000 PB/s");

    says(figure_share(0, 0), "-");
    says(figure_share(0, 7), "0 %");
    says(figure_share(1, 10000), "<0.1 %");
    says(figure_share(1, 8), "12.5 %");
    says(figure_share(9999, 10000), ">99.9 %");
    says(figure_share(7, 7), "100 %");
    says(figure_share(3, 2), "150.0 %"); /* normal forms may lengthen a text */

    says(figure_time(0), "<0.01 s");
    says(figure_time(0.25), "0.25 s");
    says(figure_time(12.34), "12.3 s");
    says(figure_time(59.6), "1:00");
    says(figure_time(3599.4), "59:59");
    says(figure_time(93839), "26:03:59");
}

static void add_number(sketch *s, unsigned n)
{
    char text[16];
    int len = snprintf(text, sizeof text, "number %u", n);
    sketch_add(s, n + 1, text, (size_t)len);
}

/* Number n comes about 3000 / (n + 1) times, in an order that jumps about. */
enum { NUMBERS = 2000, ADDED = 20000 };

static unsigned number_at(unsigned i)
{
    unsigned spread = i * 2654435761u >> 8;
    return NUMBERS / (spread % NUMBERS + 1);
}

Test(report, sketch_keeps_its_bounds)
{
    static const uint32_t places[] = {1, 2, 7, 64, 4096};
    for (size_t p = 0; p < sizeof places / sizeof *places; p++) {
        static uint64_t truth[NUMBERS + 1];
        static bool held[NUMBERS + 1];
        static const sketch_entry *top[4096];
        sketch *s = sketch_create(places[p]);
        memset(truth, 0, sizeof truth);
        memset(held, 0, sizeof held);
        for (unsigned i = 0; i < ADDED; i++) {
            truth[number_at(i)]++;
            add_number(s, number_at(i));
        }
        size_t n = sketch_top(s, top, 4096);
        cr_assert_leq(n, places[p]);
        for (size_t i = 0; i < n; i++) {
            unsigned number = (unsigned)top[i]->key - 1;
            char text[16];
            snprintf(text, sizeof text, "number %u", number);
            cr_assert(top[i]->len == strlen(text) && !memcmp(top[i]->text, text, top[i]->len));
            cr_assert(!held[number]);
            held[number] = true;
            cr_assert_leq(truth[number], top[i]->count);
            cr_assert_geq(truth[number], top[i]->count - top[i]->error);
            cr_assert(i == 0 || top[i - 1]->count - top[i - 1]->error >=
                                    top[i]->count - top[i]->error);
        }
        cr_assert_leq(sketch_floor(s), ADDED / places[p]);
        for (unsigned number = 0; number <= NUMBERS; number++)
            cr_assert(held[number] || truth[number] <= sketch_floor(s));
        sketch_free(s);
    }
}

Test(report, sketch_splits_no_character)
{
    static const struct {
        const char *text;
        size_t cap, fits;
    } rows[] = {{"", 4, 0},       {"abc", 3, 3},        {"abc", 2, 2},
                {"a\u00e9", 2, 1}, {"a\u00e9b", 3, 3},  {"\u4e00\u4e00", 5, 3},
                {"\U0001f600", 3, 0}};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        cr_expect_eq(sketch_fitting(rows[i].text, strlen(rows[i].text), rows[i].cap),
                     rows[i].fits, "row %zu", i);
}

static void take(tally *t, winnow_reason reason, const char *category, uint64_t document,
                 uint64_t line, const char *text)
{
    static uint64_t byte;
    winnow_verdict v = {.reason = reason,
                        .category = category,
                        .document = document,
                        .line = line,
                        .byte = byte,
                        .text = text,
                        .len = strlen(text),
                        .unit = reason == WINNOW_REPEAT ? strlen(text) : 0};
    byte += v.len + 1;
    tally_take(t, &v);
}

Test(report, tally_is_bounded)
{
    static char text[TALLY_SAMPLE_BYTES * 2 + 1];
    memset(text, 'x', sizeof text - 1);
    tally *t = tally_create();
    cr_assert(t);
    /* Documents with pieces of every kind: long ones, many ones, more categories than places. */
    for (unsigned d = 1; d <= 300; d++) {
        char category[80];
        snprintf(category, sizeof category, "category %u %060u", d, d);
        take(t, WINNOW_PHRASE, category, d, 10 * d, text + sizeof text - 1 - d);
        for (unsigned i = 0; i < 600; i++)
            take(t, i % 7 ? WINNOW_KEPT : WINNOW_REPEAT, NULL, d, 10 * d + i, "a few words");
        take(t, WINNOW_CONTEXT, NULL, d, 10 * d + 600, text);
    }
    take(t, WINNOW_REPEAT, NULL, 301, 9000, "a few words");
    take(t, WINNOW_KEPT, NULL, 302, 9001, "a few words");
    tally_end(t);
    cr_expect_eq(t->documents_cut, 300);
    cr_expect_eq(t->documents_emptied, 1);
    cr_expect_eq(t->documents_whole, 1);
    cr_expect_eq(t->category_count, TALLY_CATEGORIES);
    cr_expect_str_eq(t->categories[TALLY_CATEGORIES - 1].name, "others");
    uint64_t pieces = 0;
    for (size_t i = 0; i < t->category_count; i++)
        pieces += t->categories[i].pieces;
    cr_expect_eq(pieces, 600);
    uint64_t lengths = 0;
    for (size_t i = 0; i < TALLY_LENGTHS; i++)
        lengths += t->lengths[0][i] + t->lengths[1][i];
    cr_expect_eq(lengths, 300 * 602 + 2);
    cr_expect_eq(t->any.count, TALLY_SAMPLES);
    cr_expect_eq(t->touched.count, TALLY_SAMPLES);
    for (size_t i = 0; i < TALLY_SAMPLES; i++) {
        const tally_passage *p = t->touched.kept[i];
        cr_expect(p->touched && p->pieces > 0 && p->pieces <= TALLY_SAMPLE_PIECES);
        cr_expect_leq(p->len, TALLY_SAMPLE_BYTES);
        cr_expect(i == 0 || p->document >= t->touched.kept[i - 1]->document);
    }
    tally_free(t);
}

Test(report, lengths_count_characters)
{
    tally *t = tally_create();
    take(t, WINNOW_KEPT, NULL, 1, 1, "\u4e00\u4e00\u4e00\u4e00\u4e00\u4e00\u4e00\u4e00\u4e00");
    take(t, WINNOW_KEPT, NULL, 1, 2, "ten letter");
    take(t, WINNOW_REPEAT, NULL, 1, 3, "nineteen characters");
    take(t, WINNOW_REPEAT, NULL, 1, 4, "twenty characters it");
    cr_expect_eq(t->lengths[0][0], 1);
    cr_expect_eq(t->lengths[0][1], 1);
    cr_expect_eq(t->lengths[1][2], 1);
    cr_expect_eq(t->lengths[1][3], 1);
    tally_free(t);
}

Test(report, tally_without_memory)
{
    unsigned n = 1;
    for (tally *t = NULL; !t; n++) {
        fail_allocation(n);
        t = tally_create();
        fail_allocation(0);
        tally_free(t);
        cr_assert_lt(n, 10000);
    }
    cr_expect_gt(n, 50);
}
