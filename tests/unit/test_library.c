/* The library's contract: states, errors, documents, statistics. */
#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../stream/capture.h"
#include "failing.h"

static winnow *create(const winnow_options *opt, capture *out)
{
    winnow *w = NULL;
    cr_assert_eq(winnow_create(&w, opt, capture_sink, out), WINNOW_OK);
    return w;
}

static void feed(winnow *w, const char *text)
{
    cr_assert_eq(winnow_feed(w, text, strlen(text)), WINNOW_OK);
}

static void expect_text(const capture *out, const char *want)
{
    cr_expect_str_eq(out->len ? out->text : "", want);
}

static int refuse(void *user, const void *text, size_t len)
{
    (void)text;
    (void)len;
    return ++*(int *)user; /* never 0 */
}

Test(library, options_out_of_range_are_refused)
{
    static const winnow_options wrong[] = {
        {.form = (winnow_form)9},   {.unit = (winnow_unit)9},     {.match = (winnow_match)9},
        {.format = (winnow_format)9}, {.scope = (winnow_scope)9}, {.invalid = (winnow_invalid)9},
        {.empty = WINNOW_EMPTY_DROP}, {.lang = "de", .sentences = WINNOW_UAX29},
    };
    winnow *w = NULL;
    capture out = {0};
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++)
        cr_expect_eq(winnow_create(&w, &wrong[i], capture_sink, &out), WINNOW_ERR_OPTION, "%zu", i);
    cr_expect_eq(winnow_create(&w, NULL, NULL, NULL), WINNOW_ERR_OPTION);
    cr_expect_null(w);
    winnow_free(NULL);
}

Test(library, what_was_seen_outlives_a_document)
{
    capture out = {0};
    winnow *w = create(NULL, &out);
    feed(w, "One two three four.\nFive six");
    cr_assert_eq(winnow_finish(w), WINNOW_OK);
    expect_text(&out, "One two three four.\nFive six");
    feed(w, "One two three four.\nSeven eight nine ten.\n");
    cr_assert_eq(winnow_finish(w), WINNOW_OK);
    expect_text(&out, "One two three four.\nFive six\nSeven eight nine ten.\n");
    winnow_free(w);
    capture_free(&out);
}

/* Inputs that follow each other are documents of their own, whether or not a NUL ends each. */
Test(library, documents_stay_apart)
{
    static const char want[] = "One two three.\0Four five six.\0\0Seven.";
    winnow_options opt = {.format = WINNOW_NUL};
    capture out = {0};
    winnow *w = create(&opt, &out);
    static const struct {
        const char *text;
        size_t len;
    } inputs[] = {{"One two three.", 14}, {"Four five six.\0", 15}, {"", 0}, {"\0", 1}, {"Seven.", 6}};
    for (size_t i = 0; i < sizeof inputs / sizeof *inputs; i++) {
        cr_assert_eq(winnow_feed(w, inputs[i].text, inputs[i].len), WINNOW_OK);
        cr_assert_eq(winnow_finish(w), WINNOW_OK);
    }
    cr_expect(capture_is(&out, want, sizeof want - 1));
    winnow_free(w);
    capture_free(&out);
}

/* A line of marks is cut between characters, so nothing of it is taken for invalid. */
Test(library, a_line_cut_by_force_stays_as_it_was)
{
    enum { MARKS = (1 << 19) + 1000 };
    char *in = malloc(1 + 2 * MARKS + 1);
    cr_assert_not_null(in);
    in[0] = 'a';
    for (size_t i = 0; i < MARKS; i++)
        memcpy(in + 1 + 2 * i, "\xcc\x81", 2);
    in[1 + 2 * MARKS] = '\n';
    winnow_options opt = {.form = WINNOW_FORM_NONE, .no_tidy = 1, .keep = WINNOW_KEEP_ALL,
                          .boilerplate = WINNOW_BOILERPLATE_OFF};
    capture out = run_whole(&opt, in, 2 + 2 * MARKS);
    cr_expect(capture_is(&out, in, 2 + 2 * MARKS));
    cr_expect_eq(out.stats.invalid_bytes, 0);
    cr_expect_eq(out.stats.forced_cuts, 1);
    capture_free(&out);
    free(in);
}

/* Input that is worked on where it lies, and input that is gathered first, by one thread or more. */
Test(library, large_calls_and_small_ones_are_alike)
{
    enum { LINES = 20000 };
    char *in = malloc(LINES * 40), *end = in;
    cr_assert_not_null(in);
    for (int i = 0; i < LINES; i++)
        end += snprintf(end, 40, "Line %d%s of a text.\n%s", i % 7000, i % 3 ? "" : ".",
                        i % 11 ? "" : "\n");
    size_t len = (size_t)(end - in);
    for (int unit = WINNOW_SENTENCE; unit <= WINNOW_DOCUMENT; unit++) {
        winnow_options opt = {.unit = (winnow_unit)unit};
        capture whole = run_whole(&opt, in, len);
        for (unsigned threads = 1; threads < 4; threads += 2)
            for (size_t step = 1000; step < len; step *= 5) {
                opt.threads = threads;
                capture got = run_fed(&opt, in, len, (feeding){.at = step, .step = step}, false);
                cr_expect(capture_same(&got, &whole), "unit %d, %zu at a time", unit, step);
                capture_free(&got);
            }
        capture_free(&whole);
    }
    free(in);
}

Test(library, a_reset_forgets)
{
    capture out = {0};
    winnow *w = create(NULL, &out);
    feed(w, "One two three four.\nFive six");
    cr_assert_eq(winnow_reset(w), WINNOW_OK);
    feed(w, "One two three four.\n");
    cr_assert_eq(winnow_finish(w), WINNOW_OK);
    expect_text(&out, "One two three four.\n");
    winnow_free(w);
    capture_free(&out);
}

Test(library, a_flush_gives_all_that_waits_for_no_neighbour)
{
    capture out = {0};
    winnow_options opt = {.boilerplate = WINNOW_BOILERPLATE_PHRASES};
    winnow *w = create(&opt, &out);
    feed(w, "One two three four.\nFive six");
    expect_text(&out, "");
    cr_assert_eq(winnow_flush(w), WINNOW_OK);
    expect_text(&out, "One two three four.\n");
    cr_assert_eq(winnow_finish(w), WINNOW_OK);
    expect_text(&out, "One two three four.\nFive six");
    winnow_free(w);
    capture_free(&out);
}

Test(library, errors_stick_until_reset)
{
    for (unsigned threads = 1; threads < 4; threads += 2) {
        int calls = 0;
        winnow *w;
        winnow_options opt = {.threads = threads};
        cr_assert_eq(winnow_create(&w, &opt, refuse, &calls), WINNOW_OK);
        feed(w, "One two three.\n");
        cr_expect_eq(winnow_finish(w), WINNOW_ERR_SINK);
        cr_expect_eq(winnow_feed(w, "x", 1), WINNOW_ERR_STATE);
        cr_expect_eq(winnow_flush(w), WINNOW_ERR_STATE);
        cr_expect_eq(winnow_finish(w), WINNOW_ERR_STATE);
        cr_expect_eq(calls, 1);
        cr_expect_eq(winnow_reset(w), WINNOW_OK);
        feed(w, "x");
        winnow_free(w);
    }
}

/* What stands before the line in error is written, whatever came in one call with it. */
Test(library, bytes_that_are_no_text_stop_at_their_line)
{
    static const char in[] = "One two three.\nFour five six.\nSeven \xff eight.\nNine.\n";
    winnow_options opt = {.invalid = WINNOW_INVALID_FAIL, .boilerplate = WINNOW_BOILERPLATE_OFF};
    for (size_t step = 1; step < sizeof in; step++)
        for (unsigned threads = 1; threads < 3; threads++) {
            capture out = {0};
            opt.threads = threads;
            winnow *w = create(&opt, &out);
            winnow_status st = WINNOW_OK;
            for (size_t at = 0; at < sizeof in - 1 && st == WINNOW_OK; at += step) {
                size_t n = sizeof in - 1 - at < step ? sizeof in - 1 - at : step;
                st = winnow_feed(w, in + at, n);
            }
            if (st == WINNOW_OK)
                st = winnow_finish(w);
            cr_expect_eq(st, WINNOW_ERR_INVALID, "step %zu", step);
            cr_expect_eq(winnow_invalid_at(w), 36, "step %zu", step);
            expect_text(&out, "One two three.\nFour five six.\n");
            winnow_free(w);
            capture_free(&out);
        }
}

Test(library, a_full_set_stops_or_passes_but_drops_nothing_new)
{
    enum { LINES = 40000 };
    char *in = malloc(LINES * 2 * 32), *end = in;
    cr_assert_not_null(in);
    for (int copy = 0; copy < 2; copy++)
        for (int i = 0; i < LINES; i++)
            end += snprintf(end, 32, "Line number %d of it.\n", i);
    size_t len = (size_t)(end - in);

    winnow_options opt = {.memory = 256 * 1024, .boilerplate = WINNOW_BOILERPLATE_OFF};
    capture out = run_whole(&opt, in, len);
    cr_expect_eq(out.status, WINNOW_ERR_FULL);
    cr_expect(out.len > 0 && memcmp(out.text, in, out.len) == 0, "a true prefix");
    cr_expect_eq(out.text[out.len - 1], '\n');
    cr_expect_leq(out.stats.seen_bytes, opt.memory);
    capture_free(&out);

    opt.memory_full = WINNOW_FULL_PASS;
    out = run_whole(&opt, in, len);
    cr_expect_eq(out.status, WINNOW_OK);
    cr_expect(out.len >= len / 2 && memcmp(out.text, in, len / 2) == 0, "every first copy stays");
    cr_expect_lt(out.len, len, "what was remembered is dropped");
    cr_expect_leq(out.stats.seen_bytes, opt.memory);
    cr_expect_gt(out.stats.unremembered, 0);
    capture_free(&out);
    free(in);
}

static const char FAILING[] = "One two three four.\n\nOne two three four. Caf\xc3\xa9 e\xcc\x81t au.\n"
                              "Leave a reply\nSeven \xff eight nine.\nTen eleven twelve.";

/* The n-th allocation fails, and all after it: a clean error, and what was written is a true
   prefix. */
static bool fails_cleanly(const winnow_options *opt, const char *in, size_t len, unsigned n,
                          const capture *whole)
{
    capture out = {.text = malloc(whole->len + 1), .cap = whole->len + 1};
    winnow *w = NULL;
    fail_allocation(n);
    winnow_status st = winnow_create(&w, opt, capture_sink, &out);
    if (st == WINNOW_OK)
        st = winnow_feed(w, in, len);
    if (st == WINNOW_OK)
        st = winnow_finish(w);
    fail_allocation(0);
    bool failed = st != WINNOW_OK;
    cr_expect(!failed || st == WINNOW_ERR_NOMEM, "allocation %u: %s", n, winnow_status_text(st));
    cr_expect(out.len <= whole->len && memcmp(out.text, whole->text, out.len) == 0,
              "allocation %u: a true prefix", n);
    cr_expect(failed || out.len == whole->len);
    winnow_free(w);
    capture_free(&out);
    return failed;
}

Test(library, no_allocation_is_taken_for_granted)
{
    enum { MORE = 40 }; /* allocations come in another order with threads: see beyond the first luck */
    size_t len = sizeof FAILING - 1, copies = 1000;
    char *often = malloc(len * copies);
    for (size_t i = 0; i < copies; i++)
        memcpy(often + i * len, FAILING, len);
    for (unsigned threads = 1; threads <= 3; threads++) {
        winnow_options opt = {.threads = threads};
        const char *in = threads == 1 ? FAILING : often;
        size_t in_len = threads == 1 ? len : len * copies;
        capture whole = run_whole(&opt, in, in_len);
        cr_assert_eq(whole.status, WINNOW_OK);
        for (unsigned n = 1, good = 0; good < (threads == 1 ? 1 : MORE); n++) {
            good += !fails_cleanly(&opt, in, in_len, n, &whole);
            cr_assert_lt(n, 2000);
        }
        capture_free(&whole);
    }
    free(often);
}

Test(library, a_language_sharpens_and_none_is_made_up)
{
    winnow_options opt = {.lang = "xx"};
    winnow *w = NULL;
    capture out = {0};
    cr_expect_eq(winnow_create(&w, &opt, capture_sink, &out), WINNOW_ERR_OPTION);
    unsigned n = 0;
    for (; winnow_language(n); n++) {
        opt.lang = winnow_language(n);
        cr_assert_eq(winnow_create(&w, &opt, capture_sink, &out), WINNOW_OK, "%s", opt.lang);
        winnow_free(w);
    }
    cr_expect_geq(n, 20);
}

typedef struct {
    uint64_t unit[8];
    size_t count;
} units;

static int take_unit(void *user, const winnow_verdict *v)
{
    units *u = user;
    if (u->count < 8)
        u->unit[u->count++] = v->unit;
    return 0;
}

/* Copies are told by their unit, however they are written. */
Test(library, verdicts_tell_which_unit)
{
    static const char in[] = "One two three. Yes.\nFour five six. ONE TWO THREE.\nLeave a reply\n";
    units u = {.count = 0};
    capture out = {0};
    winnow_options opt = {.on_drop = take_unit, .on_keep = take_unit, .on_verdict_user = &u};
    winnow *w = NULL;
    cr_assert_eq(winnow_create(&w, &opt, capture_sink, &out), WINNOW_OK);
    feed(w, in);
    cr_assert_eq(winnow_finish(w), WINNOW_OK);
    winnow_free(w);
    cr_assert_eq(u.count, 5);
    cr_expect(u.unit[0] != 0 && u.unit[3] == u.unit[0]);
    cr_expect_eq(u.unit[1], 0, "too short to be compared");
    cr_expect(u.unit[2] != 0 && u.unit[2] != u.unit[0]);
    cr_expect_eq(u.unit[4], 0, "gone as a line");
    capture_free(&out);
}

/* Another secret, other keys; the same repeats. */
Test(library, a_secret_changes_nothing_that_is_seen)
{
    static const char in[] = "One two three.\nFour five six.\nOne two three.\n";
    unsigned char secret[WINNOW_SECRET_BYTES];
    for (size_t i = 0; i < sizeof secret; i++)
        secret[i] = (unsigned char)(i * 101 + 7);
    winnow_options opt = {.secret = secret};
    capture ours = run_whole(NULL, in, sizeof in - 1), theirs = run_whole(&opt, in, sizeof in - 1);
    cr_expect(capture_same(&ours, &theirs));
    cr_expect_eq(theirs.stats.dropped[WINNOW_REPEAT], 1);
    cr_expect_neq(ours.stats.secret_hash, theirs.stats.secret_hash);
    capture_free(&ours);
    capture_free(&theirs);
}

Test(library, counts_add_up)
{
    static const char in[] = "One two three. Yes.\n\nOne two three.\nFour \xff five six.\x07\n"
                             "Your email address will not be published.";
    winnow_options opt = {.boilerplate = WINNOW_BOILERPLATE_PHRASES};
    capture out = run_whole(&opt, in, sizeof in - 1);
    const winnow_stats *s = &out.stats;
    cr_expect_eq(s->bytes_in, sizeof in - 1);
    cr_expect_eq(s->bytes_out, out.len);
    cr_expect_eq(s->documents, 1);
    cr_expect_eq(s->lines_in, 5);
    cr_expect_eq(s->lines_out, 3);
    cr_expect_eq(s->sentences, 5);
    cr_expect_eq(s->kept, 3);
    cr_expect_eq(s->dropped[WINNOW_REPEAT], 1);
    cr_expect_eq(s->dropped[WINNOW_PHRASE], 1);
    cr_expect_eq(s->too_short, 1);
    cr_expect_eq(s->invalid_bytes, 1);
    cr_expect_eq(s->controls, 1);
    cr_expect_eq(s->unique, 2);
    cr_expect_gt(s->seen_bytes, 0);
    capture_free(&out);
}

/* on_drop and on_keep: together every piece that is not empty, in input order. */
Test(library, verdicts_are_told_in_order)
{
    static const struct {
        winnow_options opt;
        const char *in, *want;
    } rows[] = {
        {{0}, "One two three. Yes.\n\n\nLeave a reply\nOne two three. No.\n",
         "kept 1:1@0 One two three.\nkept 1:1@15 Yes.\nphrase 1:4@22 Leave a reply\n"
         "repeat 1:5@36 One two three.\nkept 1:5@51 No.\n"},
        {{.unit = WINNOW_LINE}, "One. Two three.\nOne. Two three.\n",
         "kept 1:1@0 One. Two three.\nrepeat 1:2@16 One. Two three.\n"},
        {{.no_tidy = 1}, " \n\nOne\n", "kept 1:1@0  \nkept 1:3@3 One\n"},
        {{.boilerplate = WINNOW_BOILERPLATE_OFF, .keep = WINNOW_KEEP_ALL}, "One. Two.\nThree",
         "kept 1:1@0 One. Two.\nkept 1:2@10 Three\n"},
        {{.format = WINNOW_LINES}, "One\nTwo\n", "kept 1:1@0 One\nkept 2:2@4 Two\n"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        capture told = {0}, out = {0};
        winnow_options opt = rows[i].opt;
        opt.on_drop = opt.on_keep = capture_verdict;
        opt.on_verdict_user = &told;
        winnow *w = create(&opt, &out);
        feed(w, rows[i].in);
        cr_assert_eq(winnow_finish(w), WINNOW_OK);
        winnow_free(w);
        cr_expect_str_eq(told.text, rows[i].want, "row %zu: %s", i, told.text);
        capture_free(&told);
        capture_free(&out);
    }
}

Test(library, names_and_texts_are_there)
{
    for (int st = 0; st <= WINNOW_ERR_STATE + 1; st++)
        cr_expect(strlen(winnow_status_text((winnow_status)st)) > 4, "%d", st);
    cr_expect_str_eq(winnow_reason_name(WINNOW_REPEAT), "repeat");
    cr_expect_str_eq(winnow_reason_name(WINNOW_PHRASE), "phrase");
    cr_expect_str_eq(winnow_reason_name(WINNOW_CONTEXT), "context");
    cr_expect_not_null(strstr(winnow_version_text(), "winnow " WINNOW_VERSION));
    cr_expect_not_null(strstr(winnow_version_text(), "Unicode"));
}
