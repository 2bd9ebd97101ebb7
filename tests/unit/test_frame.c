/* Where batches end: never where it would change what comes out. */
#include <criterion/criterion.h>
#include <stdlib.h>
#include <string.h>

#include "frame/frame.h"

typedef struct {
    const char *name;
    winnow_options opt;
    const char *in;
    size_t len, target, want;
    frame_cut cut;
} row;

#define TEXT(s) s, sizeof(s) - 1

static const row rows[] = {
    {"nothing", {0}, TEXT(""), 100, 0, FRAME_CLEAN},
    {"no line end yet", {0}, TEXT("ab"), 100, 0, FRAME_CLEAN},
    {"the last line end", {0}, TEXT("a\nb\nc"), 100, 4, FRAME_CLEAN},
    {"the last within the target", {0}, TEXT("a\nb\nc"), 3, 2, FRAME_CLEAN},
    {"none within the target", {0}, TEXT("abcdef\ngh\ni"), 3, 7, FRAME_CLEAN},
    {"CR, when its LF cannot follow", {0}, TEXT("a\rb"), 100, 2, FRAME_CLEAN},
    {"CR whose LF may follow", {0}, TEXT("ab\r"), 100, 0, FRAME_CLEAN},
    {"CR, left alone", {.no_tidy = 1}, TEXT("a\rb"), 100, 0, FRAME_CLEAN},
    {"CR inside a document a line", {.format = WINNOW_LINES}, TEXT("a\rb"), 100, 0, FRAME_CLEAN},
    {"NUL ends documents", {.format = WINNOW_NUL}, TEXT("a\nb\0c"), 100, 4, FRAME_CLEAN},
    {"NUL is no end in a text", {0}, TEXT("a\nb\0c"), 100, 2, FRAME_CLEAN},
    {"an empty line ends a paragraph", {.unit = WINNOW_PARAGRAPH}, TEXT("a\nb\n\nc\nd"), 100, 5,
     FRAME_CLEAN},
    {"an empty CR LF line too", {.unit = WINNOW_PARAGRAPH}, TEXT("a\r\n\r\nb\r\nc"), 100, 5,
     FRAME_CLEAN},
    {"a line end does not", {.unit = WINNOW_PARAGRAPH}, TEXT("a\nb\nc"), 100, 0, FRAME_CLEAN},
    {"a document goes on", {.unit = WINNOW_DOCUMENT}, TEXT("a\n\nb\n\nc"), 100, 0, FRAME_CLEAN},
    {"documents that NUL ends", {.unit = WINNOW_DOCUMENT, .format = WINNOW_NUL},
     TEXT("a\n\nb\0c\0d"), 100, 7, FRAME_CLEAN},
    {"records of JSON Lines", {.format = WINNOW_JSONL, .unit = WINNOW_DOCUMENT},
     TEXT("{}\r{}\n\n{}"), 100, 7, FRAME_CLEAN},
    {"a record over the target", {.format = WINNOW_JSONL}, TEXT("{        }\n{}\n"), 5, 11,
     FRAME_CLEAN},
    {"WET records", {.format = WINNOW_WET},
     TEXT("WARC/1.0\nContent-Length:1\n\na\n\n\n\nWARC/1.0\nContent-Length:9\n\na\n"), 100, 32,
     FRAME_CLEAN},
    {"damage, its end not seen", {.format = WINNOW_WET},
     TEXT("What is this? It is nothing.\n\n"), 100, 14, FRAME_IN_LINE},
    {"documents that lines are", {.unit = WINNOW_DOCUMENT, .format = WINNOW_LINES}, TEXT("a\nb\nc"),
     100, 4, FRAME_CLEAN},
};

Test(frame, cuts_where_nothing_changes)
{
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        const row *r = &rows[i];
        frame f;
        frame_cut cut;
        frame_init(&f, &r->opt);
        size_t got = frame_next(&f, (const uint8_t *)r->in, r->len, r->target, &cut);
        cr_expect_eq(got, r->want, "%s: %zu bytes, not %zu", r->name, got, r->want);
        cr_expect_eq(cut, r->cut, "%s", r->name);
    }
}

/* A line of `len` times 'a' behind `head`, then `tail`. */
static uint8_t *long_line(const char *head, size_t len, const char *tail, size_t *total)
{
    *total = strlen(head) + len + strlen(tail);
    uint8_t *text = malloc(*total + 1);
    cr_assert_not_null(text);
    memcpy(text, head, strlen(head));
    memset(text + strlen(head), 'a', len);
    memcpy(text + strlen(head) + len, tail, strlen(tail) + 1);
    return text;
}

/* Cuts all of `text`, shown in steps of `step` bytes more; the sum of the cuts made by force. */
static size_t forced_places(const winnow_options *opt, const uint8_t *text, size_t total,
                            size_t step)
{
    frame f;
    size_t from = 0, sum = 0;
    frame_init(&f, opt);
    for (size_t shown = step; from < total; shown += step) {
        size_t upto = shown < total ? shown : total, len;
        frame_cut cut;
        while ((len = frame_next(&f, text + from, upto - from, 4096, &cut)) != 0) {
            from += len;
            sum += cut == FRAME_CLEAN ? 0 : from;
        }
        if (upto == total)
            break;
    }
    return sum;
}

Test(frame, force_depends_on_the_bytes_alone)
{
    static const struct {
        const char *head, *tail;
        size_t len;
        winnow_unit unit;
        bool forced;
    } cases[] = {
        {"one\ntwo\n", "\nthree\n", FRAME_LINE_MAX - 1, WINNOW_SENTENCE, false},
        {"one\ntwo\n", "\nthree\n", FRAME_LINE_MAX, WINNOW_SENTENCE, true},
        {"one\ntwo\n", "\r\nthree\n", FRAME_LINE_MAX - 1, WINNOW_SENTENCE, true},
        {"one\r", "\rthree", FRAME_LINE_MAX - 1, WINNOW_SENTENCE, false},
        {"one\r", "\r", FRAME_LINE_MAX * 3, WINNOW_SENTENCE, true},
        {"one\r", "\r\nthree\n", FRAME_LINE_MAX - 5, WINNOW_SENTENCE, false},
        {"one\ntwo\n", "\n\nthree\n", FRAME_UNIT_MAX / 2, WINNOW_PARAGRAPH, false},
        {"one\ntwo\n", "\n\nthree\n", FRAME_UNIT_MAX, WINNOW_PARAGRAPH, true},
        {"one\n\n\n", "\n\nthree\n", FRAME_UNIT_MAX - 2, WINNOW_PARAGRAPH, false},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        size_t total;
        uint8_t *text = long_line(cases[i].head, cases[i].len, cases[i].tail, &total);
        winnow_options opt = {.unit = cases[i].unit};
        size_t want = forced_places(&opt, text, total, total);
        cr_expect_eq(want != 0, cases[i].forced, "case %zu", i);
        cr_expect_eq(forced_places(&opt, text, total, 5), want, "case %zu, by 5", i);
        cr_expect_eq(forced_places(&opt, text, total, 1000), want, "case %zu, by 1000", i);
        cr_expect_eq(forced_places(&opt, text, total, 300007), want, "case %zu, by 300007", i);
        free(text);
    }
}
