/* What --learn counts goes from run to run: the same rules as one run's, and what is not right is
   refused. */
#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../stream/capture.h"
#include "failing.h"
#include "judge/learned.h"
#include "winnow.h"

static int forget(void *user, const void *text, size_t len)
{
    (void)user;
    (void)text;
    (void)len;
    return 0;
}

static int refuse(void *user, const void *text, size_t len)
{
    (void)user;
    (void)text;
    (void)len;
    return 1;
}

/* A winnow_source whose user is a capture; in small pieces. */
static int64_t source(void *user, uint64_t offset, void *bytes, size_t len)
{
    const capture *c = user;
    size_t left = offset < c->len ? c->len - (size_t)offset : 0;
    size_t n = left < len ? left : len;
    n = n > 1000 ? n / 2 : n;
    memcpy(bytes, c->text + offset, n);
    return (int64_t)n;
}

static int64_t unreadable(void *user, uint64_t offset, void *bytes, size_t len)
{
    (void)user;
    (void)offset;
    (void)bytes;
    (void)len;
    return -1;
}

static winnow *begin(const capture *earlier, size_t count)
{
    winnow_options opt = {.format = WINNOW_NUL, .learn = 1};
    winnow *w = NULL;
    cr_assert_eq(winnow_create(&w, &opt, forget, NULL), WINNOW_OK);
    for (size_t i = 0; i < count; i++)
        cr_assert_eq(winnow_load_learned(w, source, (void *)&earlier[i]), WINNOW_OK);
    return w;
}

static void feed(winnow *w, const char *in, size_t len)
{
    cr_assert_eq(winnow_feed(w, in, len), WINNOW_OK);
    cr_assert_eq(winnow_finish(w), WINNOW_OK);
}

static capture saved(const capture *earlier, size_t count, const char *in, size_t len)
{
    capture out = {0};
    winnow *w = begin(earlier, count);
    feed(w, in, len);
    cr_assert_eq(winnow_save_learned(w, capture_sink, &out), WINNOW_OK);
    winnow_free(w);
    return out;
}

static capture rules(const capture *earlier, size_t count, const char *in, size_t len)
{
    capture out = {0};
    winnow *w = begin(earlier, count);
    feed(w, in, len);
    cr_assert_eq(winnow_learned(w, capture_sink, &out), WINNOW_OK);
    winnow_free(w);
    return out;
}

static const char SITE[] =
    "Menu\nHome\nOne\nEnd\0Menu\nHome\nTwo\nYes.\nEnd\0\0HOME\nmenu\nEnd\nMenu\nHome\nYes.\0Menu\nEnd\0"
    "Three\nYes.\nHome\nNews 7\0Menu\nHome\nNews 8\nEnd\0Menu\nNews 9\nHome\nEnd\nYes.\0";

/* Where the n-th document begins. */
static size_t document_start(size_t n)
{
    size_t at = 0;
    for (; n > 0; n--)
        at += strlen(SITE + at) + 1;
    return at;
}

Test(learned, several_runs_learn_what_one_run_does)
{
    enum { DOCUMENTS = 8 };
    capture whole = rules(NULL, 0, SITE, sizeof SITE - 1);
    cr_assert(strstr(whole.text, "\nMenu\n") && strstr(whole.text, "of 8."), "%s", whole.text);
    for (size_t a = 0; a <= DOCUMENTS; a++)
        for (size_t b = a; b <= DOCUMENTS; b++) {
            size_t x = document_start(a), y = document_start(b), end = sizeof SITE - 1;
            capture parts[3] = {saved(NULL, 0, SITE, x), saved(NULL, 0, SITE + x, y - x)};
            capture got = rules(parts, 2, SITE + y, end - y);
            cr_expect(capture_is(&got, whole.text, whole.len), "%zu, %zu: %s", a, b, got.text);
            parts[2] = saved(parts, 1, SITE + x, y - x); /* one after the other */
            capture again = rules(parts + 2, 1, SITE + y, end - y);
            cr_expect(capture_is(&again, whole.text, whole.len), "%zu, %zu", a, b);
            for (int i = 0; i < 3; i++)
                capture_free(&parts[i]);
            capture_free(&got);
            capture_free(&again);
        }
    capture_free(&whole);
}

/* Documents of a menu and of lines of their own. */
static capture many_lines(unsigned run)
{
    enum { DOCUMENTS = 500, EACH = 400 };
    char line[64];
    capture out = {0};
    winnow *w = begin(NULL, 0);
    for (unsigned d = 0; d < DOCUMENTS; d++) {
        cr_assert_eq(winnow_feed(w, "Menu\n", 5), WINNOW_OK);
        for (unsigned i = 0, n = d; i < EACH; i++, n = i * DOCUMENTS + d) {
            int len = snprintf(line, sizeof line, "%c %c%c%c%c%c\n", 'a' + (int)run, 'a' + n % 26,
                               'a' + n / 26 % 26, 'a' + n / 676 % 26, 'a' + n / 17576 % 26,
                               'a' + n / 456976);
            cr_assert_eq(winnow_feed(w, line, (size_t)len), WINNOW_OK);
        }
        cr_assert_eq(winnow_feed(w, "", 1), WINNOW_OK);
    }
    cr_assert_eq(winnow_finish(w), WINNOW_OK);
    cr_assert_eq(winnow_save_learned(w, capture_sink, &out), WINNOW_OK);
    winnow_free(w);
    return out;
}

Test(learned, runs_with_too_many_lines_never_say_too_much)
{
    enum { RUNS = 3, DOCUMENTS = 1500, COUNTED = DOCUMENTS * 401 };
    capture runs[RUNS];
    for (unsigned i = 0; i < RUNS; i++)
        runs[i] = many_lines(i);
    capture out = rules(runs, RUNS, "", 0);
    unsigned long missing = 0, count = 0;
    const char *told = strstr(out.text, "too low by up to "), *first = strstr(out.text, "\n\n# ");
    cr_assert(told && first, "%.300s", out.text);
    cr_assert_eq(sscanf(told, "too low by up to %lu", &missing), 1);
    cr_assert_eq(sscanf(first + 2, "# %lu documents", &count), 1);
    cr_expect(strstr(first, "\nMenu\n") != NULL);
    cr_expect(count <= DOCUMENTS && count + missing >= DOCUMENTS, "%lu, %lu", count, missing);
    cr_expect_leq(missing, 2 * (COUNTED / LEARN_LINES + 1), "%lu", missing);
    capture sum = saved(runs, RUNS, "", 0); /* of counts that something was taken off */
    capture again = rules(&sum, 1, "", 0);
    cr_expect(capture_is(&again, out.text, out.len), "%.300s", again.text);
    capture_free(&sum);
    capture_free(&again);
    capture_free(&out);
    for (unsigned i = 0; i < RUNS; i++)
        capture_free(&runs[i]);
}

static winnow_status load(capture *c, char *fault)
{
    winnow_options opt = {.learn = 1};
    winnow *w = NULL;
    cr_assert_eq(winnow_create(&w, &opt, forget, NULL), WINNOW_OK);
    winnow_status st = winnow_load_learned(w, source, c);
    snprintf(fault, SAVED_FAULT_BYTES, "%s", winnow_set_fault(w));
    cr_expect_eq(winnow_feed(w, "a", 1), st == WINNOW_OK ? WINNOW_OK : WINNOW_ERR_STATE);
    winnow_free(w);
    return st;
}

Test(learned, what_is_damaged_is_refused)
{
    char fault[SAVED_FAULT_BYTES];
    capture c = saved(NULL, 0, SITE, sizeof SITE - 1);
    cr_expect_eq(load(&c, fault), WINNOW_OK);
    size_t len = c.len;
    for (c.len = 0; c.len < len; c.len++)
        cr_expect(load(&c, fault) == WINNOW_ERR_SET && *fault, "%zu bytes", c.len);
    for (size_t i = 0; i < len; i++)
        for (unsigned bit = 1; bit < 256; bit <<= 1) {
            if (i >= 80 && i < 96)
                break; /* who wrote it; the hash tells */
            c.text[i] = (char)(c.text[i] ^ (char)bit);
            cr_expect(load(&c, fault) == WINNOW_ERR_SET && *fault, "byte %zu", i);
            c.text[i] = (char)(c.text[i] ^ (char)bit);
        }
    c.text[85] ^= 1;
    cr_expect_eq(load(&c, fault), WINNOW_ERR_SET);
    c.text[85] ^= 1;
    cr_assert_eq(capture_sink(&c, "x", 1), 0);
    cr_expect_eq(load(&c, fault), WINNOW_ERR_SET, "something behind its end");
    capture_free(&c);
}

Test(learned, what_makes_no_sense_or_fails_is_told)
{
    capture c = saved(NULL, 0, SITE, sizeof SITE - 1);
    winnow_options none = {0};
    winnow *w = NULL;
    cr_assert_eq(winnow_create(&w, &none, forget, NULL), WINNOW_OK);
    cr_expect_eq(winnow_load_learned(w, source, &c), WINNOW_ERR_OPTION);
    cr_expect_eq(winnow_save_learned(w, forget, NULL), WINNOW_ERR_OPTION);
    winnow_free(w);
    w = begin(NULL, 0);
    cr_expect_eq(winnow_save_learned(w, refuse, NULL), WINNOW_ERR_SINK);
    cr_expect_eq(winnow_save_learned(w, forget, NULL), WINNOW_OK);
    cr_expect_eq(winnow_feed(w, "a", 1), WINNOW_OK);
    cr_expect_eq(winnow_load_learned(w, source, &c), WINNOW_ERR_STATE);
    winnow_free(w);
    w = begin(NULL, 0);
    cr_expect_eq(winnow_load_learned(w, unreadable, &c), WINNOW_ERR_SOURCE);
    cr_expect_eq(winnow_save_learned(w, forget, NULL), WINNOW_ERR_STATE);
    cr_expect_eq(winnow_reset(w), WINNOW_OK);
    cr_expect_eq(winnow_load_learned(w, source, &c), WINNOW_OK);
    winnow_free(w);
    capture_free(&c);
}

Test(learned, any_allocation_may_fail)
{
    capture c = many_lines(0);
    bool failed = true;
    unsigned n = 1;
    for (; failed; n++) {
        winnow *w = begin(NULL, 0);
        fail_allocation(n);
        winnow_status st = winnow_load_learned(w, source, &c);
        if (st == WINNOW_OK)
            st = winnow_save_learned(w, forget, NULL);
        fail_allocation(0);
        failed = st != WINNOW_OK;
        cr_expect(!failed || st == WINNOW_ERR_NOMEM, "allocation %u", n);
        cr_assert_lt(n, 1000);
        winnow_free(w);
    }
    cr_expect_gt(n, 5);
    capture_free(&c);
}
