/* Records through the library: what is told of them, large ones, many, and little memory. */
#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../stream/capture.h"
#include "failing.h"

#define OFF .boilerplate = WINNOW_BOILERPLATE_OFF

static int note_passed(void *user, const winnow_passed *p)
{
    char line[128];
    int n = snprintf(line, sizeof line, "%llu@%llu %s\n", (unsigned long long)p->document,
                     (unsigned long long)p->byte, p->why);
    return capture_sink(user, line, (size_t)n);
}

static int refuse_passed(void *user, const winnow_passed *p)
{
    (void)user;
    return p->document == 2;
}

static const char records[] = "{\"text\":\"Red is one.\"}\n\n{\"text\":1}\n{}\n{\n\xff\n"
                              "{\"text\":\"\\x\"}\n{\"text\":\"Red is one.\"}";
static const char wet[] = "junk\nWARC/1.0\nContent-Length: 1\n\na\n\n"
                          "WARC/1.0\nWARC-Type: conversion\nContent-Length: 4\n\na  b\n\n"
                          "WARC/1.0\nWARC-Type: conversion\nContent-Length: 9\n\na";

Test(record, what_is_passed_on_is_told)
{
    static const struct {
        winnow_format format;
        const char *in, *want;
        uint64_t documents, passed;
    } cases[] = {
        {WINNOW_JSONL, records, "3@24 the field is not a string\n4@35 no field of that name\n"
         "5@38 no JSON object\n6@40 no JSON object\n7@42 no JSON object\n", 8, 5},
        {WINNOW_WET, wet, "1@0 a damaged WARC record\n4@92 the input ends inside the WARC record\n", 4,
         2},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        for (size_t step = 1; step < 200; step += 13) {
            capture told = {0};
            winnow_options opt = {.format = cases[i].format, .on_pass = note_passed,
                                  .on_pass_user = &told, OFF};
            capture out = run_fed(&opt, cases[i].in, strlen(cases[i].in),
                                  (feeding){.at = step, .step = step, .flush = true}, false);
            cr_expect_str_eq(told.text, cases[i].want, "by %zu: %s", step, told.text);
            cr_expect_eq(out.stats.documents, cases[i].documents);
            cr_expect_eq(out.stats.passed_records, cases[i].passed);
            capture_free(&told);
            capture_free(&out);
        }
    winnow_options opt = {.format = WINNOW_JSONL, .on_pass = refuse_passed};
    capture out = run_whole(&opt, "{\"text\":\"a\"}\n7\n", 15);
    cr_expect_eq(out.status, WINNOW_ERR_SINK);
    capture_free(&out);
}

/* With --invalid=fail: everything before the record in error is written. */
Test(record, errors_stop_at_their_record)
{
    static const struct {
        winnow_format format;
        const char *in, *want;
        winnow_status status;
        uint64_t at;
    } cases[] = {
        {WINNOW_JSONL, "{\"text\":\"a  b\"}\n\n{\"text\":\"c\"}\n{}\n{\"text\":\"d\"}\n",
         "{\"text\":\"a b\"}\n\n{\"text\":\"c\"}\n", WINNOW_ERR_RECORD, 30},
        {WINNOW_JSONL, "{\"text\":\"a  b\"}\n{\"x\":\"\xff\",\"text\":\"c\\n\\u00e9\xc3\xa9\xff\"}\n",
         "{\"text\":\"a b\"}\n", WINNOW_ERR_INVALID, 44},
        {WINNOW_WET, wet, "", WINNOW_ERR_RECORD, 0},
        {WINNOW_WET, wet + 5, "WARC/1.0\nContent-Length: 1\n\na\n\n"
         "WARC/1.0\nWARC-Type: conversion\nContent-Length: 3\n\na b\n\n", WINNOW_ERR_RECORD, 87},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        for (size_t step = 1; step < 100; step += 7)
            for (unsigned threads = 1; threads < 3; threads++) {
                winnow_options opt = {.format = cases[i].format, .invalid = WINNOW_INVALID_FAIL,
                                      .threads = threads, OFF};
                capture out = {0};
                winnow *w;
                cr_assert_eq(winnow_create(&w, &opt, capture_sink, &out), WINNOW_OK);
                winnow_status st = WINNOW_OK;
                size_t len = strlen(cases[i].in);
                for (size_t at = 0; at < len && st == WINNOW_OK; at += step)
                    st = winnow_feed(w, cases[i].in + at, len - at < step ? len - at : step);
                if (st == WINNOW_OK)
                    st = winnow_finish(w);
                cr_expect_eq(st, cases[i].status, "case %zu: %s", i, winnow_status_text(st));
                cr_expect_eq(winnow_invalid_at(w), cases[i].at, "case %zu: %d", i,
                             (int)winnow_invalid_at(w));
                cr_expect_str_eq(out.len ? out.text : "", cases[i].want, "case %zu", i);
                winnow_free(w);
                capture_free(&out);
            }
}

/* Documents are numbered as records are, lines in their text; bytes are those of the input. */
Test(record, verdicts_are_told_by_their_place_in_the_input)
{
    static const struct {
        winnow_format format;
        const char *in, *want;
    } cases[] = {
        {WINNOW_JSONL, "7\n{\"text\":\"Red is one.\"}\n"
         "{\"text\":\"\\u00e9\\n\\n\xff  We\\/you are. Red is one.\\nSo it is. \\u0052ed is one.\"}\n",
         "kept 2:1@11 Red is one.\nkept 3:1@34 \xc3\xa9\nkept 3:3@44 \xef\xbf\xbd We/you are.\n"
         "repeat 3:3@60 Red is one.\nkept 3:4@73 So it is.\nrepeat 3:4@83 Red is one.\n"},
        {WINNOW_WET, "WARC/1.0\nWARC-Type: conversion\nContent-Length: 42\n\n"
         "Red is one.\n\n\xc2\xa0 So it is so. Red is one.\n\n\n",
         "kept 1:1@51 Red is one.\nkept 1:3@67 So it is so.\nrepeat 1:3@80 Red is one.\n"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        winnow_options opt = {.format = cases[i].format, OFF};
        size_t len = strlen(cases[i].in);
        capture out = run_fed(&opt, cases[i].in, len, (feeding){.at = len, .step = len}, true);
        const char *told = strstr(out.text, "-- verdicts\n");
        cr_assert_not_null(told, "case %zu: %s", i, out.text);
        cr_expect_str_eq(told + strlen("-- verdicts\n"), cases[i].want, "case %zu: %s", i, told);
        capture_free(&out);
    }
}

/* Inputs that follow each other are not glued together. */
Test(record, inputs_stay_apart)
{
    static const struct {
        winnow_format format;
        const char *first, *second, *want;
    } cases[] = {
        {WINNOW_JSONL, "{\"text\":\"a  b\"}", "{\"text\":\"c\"}\n",
         "{\"text\":\"a b\"}\n{\"text\":\"c\"}\n"},
        {WINNOW_JSONL, "{\"text\":\"a  b\"}\n", "7", "{\"text\":\"a b\"}\n7"},
        {WINNOW_WET, "WARC/1.0\nContent-Length: 1\n\na", "WARC/1.0\nContent-Length: 1\n\nb\n\n",
         "WARC/1.0\nContent-Length: 1\n\na\r\n\r\nWARC/1.0\nContent-Length: 1\n\nb\n\n"},
        {WINNOW_WET, "WARC/1.0\nContent-Length: 9\n\na", "WARC/1.0\nContent-Length: 1\n\nb\n\n",
         "WARC/1.0\nContent-Length: 9\n\na\r\n\r\nWARC/1.0\nContent-Length: 1\n\nb\n\n"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        winnow_options opt = {.format = cases[i].format};
        capture out = {0};
        winnow *w;
        cr_assert_eq(winnow_create(&w, &opt, capture_sink, &out), WINNOW_OK);
        cr_assert_eq(winnow_feed(w, cases[i].first, strlen(cases[i].first)), WINNOW_OK);
        cr_assert_eq(winnow_finish(w), WINNOW_OK);
        cr_assert_eq(winnow_feed(w, cases[i].second, strlen(cases[i].second)), WINNOW_OK);
        cr_assert_eq(winnow_finish(w), WINNOW_OK);
        cr_expect_str_eq(out.text, cases[i].want, "case %zu", i);
        winnow_free(w);
        capture_free(&out);
    }
}

/* Records of all sizes, some of them many batches long, some damaged. */
static size_t make_records(winnow_format format, char *out)
{
    static char text[400000];
    char *end = out;
    for (int i = 0; i < 400; i++) {
        size_t len = 0, lines = i % 100 == 50 ? 12000 : (size_t)i % 40;
        for (size_t k = 0; k < lines; k++)
            len += (size_t)sprintf(text + len, "Line %zu of  a text.%s",
                                   (k * 7 + (size_t)i) % 5000, format == WINNOW_WET ? "\n" : "\\n");
        if (format == WINNOW_WET)
            end += sprintf(end, "WARC/1.0\r\nWARC-Type: conversion\r\nContent-Length: %zu\r\n\r\n%.*s%s",
                           len + (i % 17 == 3 ? 30 : 0), (int)len, text, i % 23 ? "\r\n\r\n" : "\n");
        else
            end += sprintf(end, "{\"id\":%d,\"text\":\"%.*s\"%s\n", i, (int)len, text, i % 17 ? "}" : "");
    }
    return (size_t)(end - out);
}

Test(record, large_calls_and_small_ones_are_alike)
{
    static char in[4 << 20];
    for (winnow_format format = WINNOW_JSONL; format <= WINNOW_WET; format++) {
        size_t len = make_records(format, in);
        winnow_options opt = {.format = format};
        capture whole = run_whole(&opt, in, len);
        cr_assert_eq(whole.status, WINNOW_OK);
        cr_expect_eq(whole.stats.bytes_out, whole.len);
        cr_expect_gt(whole.stats.dropped[WINNOW_REPEAT], 1000);
        cr_expect_gt(whole.stats.passed_records, 10);
        for (unsigned threads = 1; threads < 4; threads += 2)
            for (size_t step = 100; step < len; step *= 13) {
                opt.threads = threads;
                capture got = run_fed(&opt, in, len, (feeding){.at = step, .step = step}, false);
                cr_expect(capture_same(&got, &whole), "format %d, %zu at a time", format, step);
                cr_expect_eq(got.stats.documents, whole.stats.documents);
                cr_expect_eq(got.stats.passed_records, whole.stats.passed_records);
                capture_free(&got);
            }
        capture_free(&whole);
    }
}

/* Passed on in pieces, and what follows is cleaned. */
Test(record, a_record_too_long_is_passed_on)
{
    enum { LONG = (128 << 20) + 100 };
    static const char *const heads[] = {
        "{\"text\":\"", "WARC/1.0\nWARC-Type: conversion\nContent-Length: 134217828\n\n"};
    static const char *const tails[] = {
        "\"}\n{\"text\":\"a  b\"}",
        "\n\nWARC/1.0\nWARC-Type: conversion\nContent-Length: 4\n\na  b\n\n"};
    char *in = malloc(LONG + 256);
    cr_assert_not_null(in);
    for (size_t i = 0; i < 2; i++) {
        size_t head = strlen(heads[i]), tail = strlen(tails[i]), len = head + LONG + tail;
        memcpy(in, heads[i], head);
        memset(in + head, ' ', LONG);
        memcpy(in + head + LONG, tails[i], tail + 1);
        for (size_t step = 1 << 20; step <= len; step += len - (1 << 20)) {
            winnow_options opt = {.format = i ? WINNOW_WET : WINNOW_JSONL};
            capture out = run_fed(&opt, in, len, (feeding){.at = step, .step = step}, false);
            cr_expect_eq(out.len, len - 1);
            cr_assert_gt(out.len, head + LONG);
            cr_expect(memcmp(out.text, in, head + LONG) == 0);
            cr_expect_not_null(strstr(out.text + head + LONG, "a b"));
            cr_expect_eq(out.stats.documents, 2);
            cr_expect_eq(out.stats.passed_records, 1);
            capture_free(&out);
        }
    }
    free(in);
}

/* Every allocation of ours fails in turn: a clean error, and what was written is a true prefix. */
Test(record, no_allocation_is_taken_for_granted)
{
    static const char lines[] = "{\"text\":\"One two three. Caf\\u00e9 e\xcc\x81t au.\\nOne two "
                                "three.\"}\n{\"x\":\"\xff\",\"text\":\"a\xff\\nb \"}\n7\n";
    static const char warc[] = "WARC/1.0\nWARC-Type: conversion\nWARC-Block-Digest: sha1:A\n"
                               "Content-Length: 28\n\nOne two three. One two three.\n\njunk\n";
    for (winnow_format format = WINNOW_JSONL; format <= WINNOW_WET; format++) {
        const char *in = format == WINNOW_WET ? warc : lines;
        size_t len = strlen(in);
        capture dropped = {.text = malloc(4096), .cap = 4096};
        winnow_options opt = {.format = format, .on_pass = note_passed, .on_pass_user = &dropped};
        capture whole = run_whole(&opt, in, len);
        bool failed = true;
        for (unsigned n = 1; failed; n++) {
            capture out = {.text = malloc(4096), .cap = 4096};
            winnow *w = NULL;
            dropped.len = 0;
            fail_allocation(n);
            winnow_status st = winnow_create(&w, &opt, capture_sink, &out);
            if (st == WINNOW_OK)
                st = winnow_feed(w, in, len);
            if (st == WINNOW_OK)
                st = winnow_finish(w);
            fail_allocation(0);
            failed = st != WINNOW_OK;
            cr_expect(!failed || st == WINNOW_ERR_NOMEM, "allocation %u: %s", n,
                      winnow_status_text(st));
            cr_expect(out.len <= whole.len && memcmp(out.text, whole.text, out.len) == 0,
                      "allocation %u: a true prefix", n);
            cr_expect(failed || out.len == whole.len);
            cr_assert_lt(n, 1000);
            winnow_free(w);
            capture_free(&out);
        }
        capture_free(&whole);
        capture_free(&dropped);
    }
}
