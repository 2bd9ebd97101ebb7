/* Unicode's SentenceBreakTest.txt against the bare rules. */
#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/buffer.h"
#include "sentence/sentence.h"

#define TEST_FILE "/usr/share/unicode/auxiliary/SentenceBreakTest.txt"

enum { MOST_BREAKS = 64 };

/* A row: "÷ 0061 × 002E ÷ 0041 ÷". */
typedef struct {
    buffer text;
    size_t breaks[MOST_BREAKS], n;
} row;

static void append_code_point(buffer *b, unsigned cp)
{
    uint8_t s[4];
    size_t n = cp < 0x80 ? 1 : cp < 0x800 ? 2 : cp < 0x10000 ? 3 : 4;
    for (size_t i = n; i-- > 1; cp >>= 6)
        s[i] = (uint8_t)(0x80 | (cp & 0x3F));
    s[0] = (uint8_t)((n == 1 ? 0 : 0xF00u >> n) | cp);
    cr_assert(buffer_append(b, s, n));
}

static void read_row(char *line, row *r)
{
    line[strcspn(line, "#")] = '\0';
    for (char *w = strtok(line, " \t\n"); w; w = strtok(NULL, " \t\n")) {
        if (strcmp(w, "÷") == 0 && r->text.len > 0 && r->n < MOST_BREAKS)
            r->breaks[r->n++] = r->text.len;
        else if ((unsigned char)w[0] < 0x80)
            append_code_point(&r->text, (unsigned)strtoul(w, NULL, 16));
    }
}

/* The boundary behind `from`. A line ends behind its LF (SB3, SB4). */
static size_t next_break(const sentence_rules *rules, const buffer *b, const uint32_t **place,
                         size_t from)
{
    const uint8_t *lf = memchr(b->data + from, '\n', b->len - from);
    size_t end = lf ? (size_t)(lf - b->data) + 1 : b->len;
    return sentence_next(rules, b->data, place, from, end);
}

static void check_row(const sentence_rules *rules, row *r, unsigned number)
{
    size_t at = 0;
    scan_places places = {0};
    cr_assert(buffer_reserve(&r->text, 1) && sentence_scan(r->text.data, r->text.len, &places));
    const uint32_t *place = places.items;
    for (size_t i = 0; i < r->n; i++) {
        at = next_break(rules, &r->text, &place, at);
        cr_expect_eq(at, r->breaks[i], "line %u: boundary %zu, not %zu", number, at, r->breaks[i]);
        if (at != r->breaks[i])
            break;
    }
    cr_expect_eq(at, r->text.len);
    list_free(&places);
}

Test(sentence_break, every_row_of_unicode)
{
    char line[4096];
    unsigned number = 0, rows = 0;
    const sentence_rules *rules = sentence_rules_for(WINNOW_UAX29, NULL);
    FILE *f = fopen(TEST_FILE, "r");
    if (!f) {
        fprintf(stderr, "skipped: no %s\n", TEST_FILE);
        return;
    }
    while (fgets(line, sizeof line, f)) {
        row r = {0};
        number++;
        read_row(line, &r);
        rows += r.n > 0;
        if (r.n > 0)
            check_row(rules, &r, number);
        buffer_free(&r.text);
    }
    fclose(f);
    cr_expect_gt(rows, 500u);
}
