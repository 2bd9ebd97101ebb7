/* WARC records: what one is, where it ends, and where the next begins. */
#include <criterion/criterion.h>
#include <stdlib.h>
#include <string.h>

#include "frame/frame.h"
#include "frame/wet.h"

#define END "\r\n\r\n"
#define RECORD(type, more, length) \
    "WARC/1.1\r\nWARC-Type: " type "\r\n" more "Content-Length: " length "\r\n\r\n"
#define TEXT_RECORD RECORD("conversion", "", "3") "abc" END
#define OTHER_RECORD RECORD("response", "", "3") "abc" END

typedef struct {
    const char *name, *in;
    wet_kind kind, unfinished; /* at the input's end; where more may come */
    size_t left;               /* bytes behind it */
} row;

static const row rows[] = {
    {"a text", TEXT_RECORD, WET_TEXT, WET_TEXT, 0},
    {"... and another", TEXT_RECORD OTHER_RECORD, WET_TEXT, WET_TEXT, sizeof OTHER_RECORD - 1},
    {"another type", OTHER_RECORD, WET_OTHER, WET_OTHER, 0},
    {"no type", "WARC/1.0\r\nContent-Length: 0\r\n\r\n" END, WET_OTHER, WET_OTHER, 0},
    {"a text of text/plain", RECORD("conversion", "Content-Type: Text/Plain; x=y\r\n", "1") "a" END,
     WET_TEXT, WET_TEXT, 0},
    {"no text", RECORD("conversion", "Content-Type: image/png\r\n", "1") "a" END, WET_OTHER,
     WET_OTHER, 0},
    {"LF alone", "WARC/1.0\nWARC-Type: conversion\nContent-Length:1\n\na\n\n" TEXT_RECORD, WET_TEXT,
     WET_TEXT, sizeof TEXT_RECORD - 1},
    {"folded lines, odd case", RECORD("conversion", "X: a\r\n b\r\n\tc: d\r\ncOnTent-type:\r\n text/x\r\n",
     "0") END, WET_TEXT, WET_TEXT, 0},
    {"no line ends behind", RECORD("conversion", "", "3") "abc", WET_TEXT, WET_MORE, 0},
    {"one line end behind, then a record", RECORD("conversion", "", "3") "abc\r\n" OTHER_RECORD,
     WET_TEXT, WET_TEXT, sizeof OTHER_RECORD - 1},
    {"a third line end behind", RECORD("conversion", "", "3") "abc" END "\r\n", WET_TEXT, WET_TEXT, 2},
    {"line ends alone", "\r\n\n" OTHER_RECORD, WET_BLANK, WET_BLANK, sizeof OTHER_RECORD - 1},
    {"a block that says it were a record", RECORD("response", "", "98") TEXT_RECORD END "12345678901" END,
     WET_DAMAGED, WET_MORE, sizeof TEXT_RECORD - 1 + 19},
    {"too long a Content-Length", RECORD("conversion", "", "9") "abc" END OTHER_RECORD, WET_DAMAGED,
     WET_DAMAGED, sizeof OTHER_RECORD - 1},
    {"too short a Content-Length", RECORD("conversion", "", "1") "abc" END OTHER_RECORD, WET_DAMAGED,
     WET_DAMAGED, sizeof OTHER_RECORD - 1},
    {"cut off in the block", RECORD("conversion", "", "30") "abc", WET_DAMAGED, WET_MORE, 0},
    {"cut off in the header", "WARC/1.0\r\nWARC-Type: conv", WET_DAMAGED, WET_MORE, 0},
    {"a record in the header", "WARC/1.0\r\nX: y\r\nWARC/1.0\r\n", WET_DAMAGED, WET_DAMAGED, 10},
    {"cut off in the version", "WARC/1", WET_DAMAGED, WET_MORE, 0},
    {"no Content-Length", "WARC/1.0\r\nWARC-Type: conversion\r\n\r\nabc" END, WET_DAMAGED,
     WET_DAMAGED, 0},
    {"two Content-Lengths", RECORD("conversion", "Content-Length: 3\r\n", "3") "abc" END, WET_DAMAGED,
     WET_DAMAGED, 0},
    {"a Content-Length that is none", RECORD("conversion", "", "-3") "abc" END, WET_DAMAGED,
     WET_DAMAGED, 0},
    {"an empty Content-Length", RECORD("conversion", "", "") "abc" END, WET_DAMAGED, WET_DAMAGED, 0},
    {"a Content-Length that overflows", RECORD("conversion", "", "18446744073709551617") "abc" END,
     WET_DAMAGED, WET_DAMAGED, 0},
    {"a header line without a name", RECORD("conversion", "nothing\r\n", "3") "abc" END, WET_DAMAGED,
     WET_DAMAGED, 0},
    {"an unknown version", "WARC/2.0\r\nContent-Length: 3\r\n\r\nabc" END TEXT_RECORD, WET_DAMAGED,
     WET_DAMAGED, sizeof TEXT_RECORD - 1},
    {"no record", "What is this, and why is it here?\n" TEXT_RECORD, WET_DAMAGED, WET_DAMAGED,
     sizeof TEXT_RECORD - 1},
    {"no record but the word", "This is said of WARC/1.0\r\n and of WARC/1.1\r\n", WET_DAMAGED,
     WET_DAMAGED, 0},
};

/* A copy of the very size, so that a read past it is seen. */
static wet_record read_exact(const char *in, size_t len, bool final)
{
    wet_record r;
    uint8_t *copy = malloc(len);
    cr_assert_not_null(copy);
    memcpy(copy, in, len);
    wet_read(copy, len, final, &r);
    free(copy);
    return r;
}

Test(wet, records_end_where_they_should)
{
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        const row *r = &rows[i];
        size_t len = strlen(r->in);
        wet_record got = read_exact(r->in, len, true);
        cr_expect_eq(got.kind, r->kind, "%s: kind %d", r->name, got.kind);
        cr_expect_eq(len - got.len, r->left, "%s: %zu left", r->name, len - (size_t)got.len);
        got = read_exact(r->in, len, false);
        cr_expect_eq(got.kind, r->unfinished, "%s, unfinished: kind %d", r->name, got.kind);
    }
}

/* What is said of the beginning of an input is never taken back when more of it comes. */
Test(wet, more_bytes_change_nothing_said)
{
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        size_t len = strlen(rows[i].in);
        wet_record whole = read_exact(rows[i].in, len, false);
        for (size_t n = 1; n < len; n++) {
            wet_record part = read_exact(rows[i].in, n, false);
            bool open = part.kind == WET_MORE || (part.kind == WET_DAMAGED && !part.found) ||
                        part.kind == WET_BLANK;
            cr_expect(open || (part.kind == whole.kind && part.len == whole.len), "%s, %zu bytes",
                      rows[i].name, n);
            cr_expect(part.kind != WET_DAMAGED || whole.kind == WET_DAMAGED, "%s, %zu bytes",
                      rows[i].name, n);
        }
    }
}

Test(wet, a_header_has_bounds_and_a_record_too)
{
    static const char begin[] = "WARC/1.0\r\nX: ";
    enum { LONG = 1 << 20 };
    char *in = malloc(LONG);
    cr_assert_not_null(in);
    memcpy(in, begin, sizeof begin - 1);
    memset(in + sizeof begin - 1, 'x', LONG - sizeof begin + 1);
    cr_expect_eq(read_exact(in, 1000, false).kind, WET_MORE);
    cr_expect_eq(read_exact(in, LONG, false).kind, WET_DAMAGED);
    free(in);
    wet_record r = read_exact(RECORD("conversion", "", "999999999999") "abc",
                              sizeof RECORD("conversion", "", "999999999999") + 2, false);
    cr_expect_eq(r.kind, WET_LONG);
    cr_expect_eq(r.len, r.block + 999999999999);
    cr_expect(r.text);
}
