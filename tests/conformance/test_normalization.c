/*
 * Unicode's NormalizationTest.txt: all relations of the four forms for every row, and every
 * character that its part 1 does not list is itself in all of them.
 */
#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/buffer.h"
#include "text/text.h"
#include "text/utf8.h"

#define PACKED "/usr/share/unicode/NormalizationTest.txt.bz2"

enum { COLUMNS = 5 };

static const struct {
    winnow_form form;
    const char *name;
    unsigned want[COLUMNS]; /* by column, the column that is its form */
} forms[] = {
    {WINNOW_NFC, "NFC", {1, 1, 1, 3, 3}},
    {WINNOW_NFD, "NFD", {2, 2, 2, 4, 4}},
    {WINNOW_NFKC, "NFKC", {3, 3, 3, 3, 3}},
    {WINNOW_NFKD, "NFKD", {4, 4, 4, 4, 4}},
};

static void put(buffer *b, uint32_t c)
{
    cr_assert(buffer_reserve(b, UTF8_MAX));
    b->len += utf8_put(b->data + b->len, c);
}

static text_stage *stage(winnow_form form)
{
    text_stage *t;
    text_options opt = {.form = form};
    cr_assert_eq(text_create(&t, &opt), WINNOW_OK);
    return t;
}

/* Columns of code points to lines of text, one for each column. */
static void read_row(const char *row, buffer columns[COLUMNS], bool *alone, bool *listed)
{
    uint32_t first = 0;
    size_t count = 0;
    for (size_t i = 0; i < COLUMNS; i++, row++) {
        for (char *end; *row != ';'; row = end + (*end == ' ')) {
            uint32_t c = (uint32_t)strtoul(row, &end, 16);
            first = count ? first : c;
            count += i == 0;
            put(&columns[i], c);
        }
        put(&columns[i], '\n');
    }
    if (*alone && count == 1)
        listed[first] = true;
}

static void check_rows(const buffer columns[COLUMNS])
{
    for (size_t f = 0; f < sizeof forms / sizeof *forms; f++) {
        text_stage *t = stage(forms[f].form);
        for (size_t i = 0; i < COLUMNS; i++) {
            text_clean out = {0};
            const buffer *want = &columns[forms[f].want[i]];
            cr_assert_eq(text_run(t, columns[i].data, columns[i].len, 0, &out), WINNOW_OK);
            cr_expect(out.text.len == want->len && !memcmp(out.text.data, want->data, want->len),
                      "%s of column %zu is not column %u", forms[f].name, i + 1,
                      forms[f].want[i] + 1);
            text_clean_free(&out);
        }
        text_free(t);
    }
}

static void check_others(const bool *listed)
{
    buffer all = {0};
    for (uint32_t c = 1; c < 0x110000; c++)
        if (!listed[c] && (c < 0xD800 || c > 0xDFFF)) {
            put(&all, c);
            put(&all, '\n');
        }
    for (size_t f = 0; f < sizeof forms / sizeof *forms; f++) {
        text_stage *t = stage(forms[f].form);
        text_clean out = {0};
        cr_assert_eq(text_run(t, all.data, all.len, 0, &out), WINNOW_OK);
        cr_expect(out.text.len == all.len && !memcmp(out.text.data, all.data, all.len),
                  "%s changes a character that is not listed", forms[f].name);
        text_clean_free(&out);
        text_free(t);
    }
    buffer_free(&all);
}

Test(normalization, all_relations_hold)
{
    static bool listed[0x110000];
    FILE *packed = fopen(PACKED, "rb");
    if (!packed) {
        cr_skip("no " PACKED " (Debian: unicode-data): NormalizationTest was not run");
        return;
    }
    fclose(packed);
    FILE *f = popen("bzcat " PACKED, "r");
    cr_assert(f);
    buffer columns[COLUMNS] = {{0}};
    char row[4096];
    bool alone = false;
    size_t rows = 0;
    while (fgets(row, sizeof row, f)) {
        if (row[0] == '@')
            alone = strncmp(row, "@Part1", 6) == 0;
        else if (row[0] != '#' && row[0] != '\n') {
            read_row(row, columns, &alone, listed);
            rows++;
        }
    }
    cr_assert_eq(pclose(f), 0);
    cr_assert_gt(rows, 18000);
    check_rows(columns);
    check_others(listed);
    for (size_t i = 0; i < COLUMNS; i++)
        buffer_free(&columns[i]);
}
