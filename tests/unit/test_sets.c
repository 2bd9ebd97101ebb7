/* Saved sets: a later run knows what an earlier one saw, and a set that is not right is refused. */
#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../stream/capture.h"
#include "failing.h"
#include "judge/saved.h"
#include "judge/seen.h"

static uint64_t state = 88172645463325252u;

static uint64_t any(void)
{
    state ^= state << 13, state ^= state >> 7, state ^= state << 17;
    return state * 0x2545F4914F6CDD1D;
}

/* ---- The seen set, read out ------------------------------------------------------------------ */

typedef struct {
    seen_id last;
    size_t count, out_of_order, unknown;
    seen *set;
} walked;

static winnow_status check_walk(void *user, const seen_id *ids, size_t count)
{
    walked *w = user;
    for (size_t i = 0; i < count; i++) {
        bool added = true;
        w->out_of_order += w->count++ > 0 && !seen_id_before(w->last, ids[i]);
        w->last = ids[i];
        seen_put(w->set, ids[i], &added);
        w->unknown += added;
    }
    return WINNOW_OK;
}

/* Keys as they come, keys at home in one bucket, and keys at the end of the last part. */
static seen_id made_id(unsigned kind, uint64_t i)
{
    seen_id id = seen_id_of((key128){any(), any()});
    if (kind == 1)
        id = (seen_id){(uint64_t)0xABCD1234 << 32 | i, 5, 10, (uint8_t)any()};
    else if (kind == 2)
        id = (seen_id){UINT64_MAX - i, 15, 15, 0xFF};
    return id;
}

Test(sets, a_seen_set_is_read_out_whole_and_in_order)
{
    static const size_t sizes[] = {0, 1, 5, 8, 100, 3000, 40000, 250000};
    for (unsigned kind = 0; kind < 3; kind++)
        for (size_t n = 0; n < sizeof sizes / sizeof *sizes; n++) {
            seen *s;
            cr_assert_eq(seen_create(&s, 1, 0), WINNOW_OK);
            bool added;
            for (uint64_t i = 0; i < sizes[n]; i++) {
                cr_assert_eq(seen_put(s, made_id(kind, i), &added), WINNOW_OK);
                if (i % 4000 == 10) { /* growing that fails must not leave a key twice */
                    fail_allocation(1);
                    if (seen_put(s, made_id(kind, i + 1), &added) == WINNOW_ERR_NOMEM)
                        added = false;
                    fail_allocation(0);
                }
            }
            walked w = {.set = s};
            uint64_t held = seen_count(s);
            cr_expect_eq(seen_walk(s, check_walk, &w), WINNOW_OK);
            cr_expect(w.count == held && !w.out_of_order && !w.unknown,
                      "kind %u, %zu keys: %zu of %zu, %zu out of order, %zu unknown", kind, sizes[n],
                      w.count, (size_t)held, w.out_of_order, w.unknown);
            seen_free(s);
        }
}

/* ---- Sets in memory -------------------------------------------------------------------------- */

/* A winnow_source whose user is a capture; short reads, as pread may give. */
static int64_t read_capture(void *user, uint64_t offset, void *bytes, size_t len)
{
    const capture *c = user;
    if (offset >= c->len)
        return 0;
    size_t n = c->len - (size_t)offset < len ? c->len - (size_t)offset : len;
    n = n > 1000 ? 1000 : n;
    memcpy(bytes, c->text + offset, n);
    return (int64_t)n;
}

static int64_t read_nothing(void *user, uint64_t offset, void *bytes, size_t len)
{
    (void)user, (void)offset, (void)bytes, (void)len;
    return -1;
}

static int64_t read_too_much(void *user, uint64_t offset, void *bytes, size_t len)
{
    (void)user, (void)offset, (void)bytes;
    return (int64_t)len + 1;
}

static int refuse(void *user, const void *text, size_t len)
{
    (void)user, (void)text, (void)len;
    return 1;
}

/* Runs `text` with the sets loaded; `*saved` is what it saves. */
static capture run_with(const winnow_options *opt, const char *text, size_t len, capture *sets,
                        size_t count, capture *saved)
{
    capture out = {0};
    winnow *w;
    cr_assert_eq(winnow_create(&w, opt, capture_sink, &out), WINNOW_OK);
    for (size_t i = 0; i < count; i++)
        cr_assert_eq(winnow_load_seen(w, read_capture, &sets[i]), WINNOW_OK, "%s",
                     winnow_set_fault(w));
    cr_assert_eq(winnow_feed(w, text, len), WINNOW_OK);
    cr_assert_eq(winnow_finish(w), WINNOW_OK);
    *saved = (capture){0};
    cr_assert_eq(winnow_save_seen(w, capture_sink, saved), WINNOW_OK, "%s", winnow_set_fault(w));
    winnow_get_stats(w, &out.stats);
    winnow_free(w);
    return out;
}

/* Documents of few sentences in many orders, in lines and paragraphs; each ends with a NUL. */
static size_t make_text(char *text, size_t sentences, unsigned kinds)
{
    size_t len = 0;
    for (size_t i = 0; i < sentences; i++) {
        static const char *const ends[] = {" ", " ", "\n", "\n\n", ""};
        const char *word = any() % 4 ? "stands here" : "STANDS  here";
        unsigned end = i + 1 == sentences ? 4 : (unsigned)(any() % 20) % 5;
        len += (size_t)sprintf(text + len, "Sentence number %u %s today.%s",
                               (unsigned)(any() % kinds), word, ends[end]);
        if (end == 4)
            text[len++] = '\0';
    }
    return len;
}

static capture finish_part(winnow *w, capture *out, const char *text, size_t len)
{
    capture part = {0};
    size_t before = out->len;
    cr_assert_eq(winnow_feed(w, text, len), WINNOW_OK);
    cr_assert_eq(winnow_finish(w), WINNOW_OK);
    capture_sink(&part, out->text + before, out->len - before);
    return part;
}

enum { PARTS = 4, PART_BYTES = 40000 };

/* One context is fed all parts; beside it, each part has a context of its own that knows the sets
   the parts before it saved. */
static void expect_parts_alike(const winnow_options *opt)
{
    static char text[PART_BYTES];
    capture one = {0}, sets[PARTS];
    uint64_t unique = 0;
    winnow *w;
    cr_assert_eq(winnow_create(&w, opt, capture_sink, &one), WINNOW_OK);
    for (size_t i = 0; i < PARTS; i++) {
        size_t len = make_text(text, 200 + any() % 300, 400);
        capture want = finish_part(w, &one, text, len);
        capture have = run_with(opt, text, len, sets, i, &sets[i]);
        cr_expect(capture_is(&have, want.text, want.len), "unit %u, match %u, part %zu", opt->unit,
                  opt->match, i);
        unique += have.stats.unique - have.stats.loaded;
        winnow_stats all;
        winnow_get_stats(w, &all);
        cr_expect_eq(unique, all.unique);
        cr_expect_eq(have.stats.unique, all.unique);
        capture_free(&want);
        capture_free(&have);
    }
    for (size_t i = 0; i < PARTS; i++)
        capture_free(&sets[i]);
    winnow_free(w);
    capture_free(&one);
}

Test(sets, a_later_run_goes_as_one_run_over_all)
{
    for (unsigned unit = 0; unit <= WINNOW_DOCUMENT; unit++)
        for (unsigned match = 0; match <= WINNOW_MATCH_LOOSE; match++)
            for (unsigned n = 0; n < 4; n++) {
                winnow_options opt = {.unit = (winnow_unit)unit, .match = (winnow_match)match,
                                      .format = WINNOW_NUL,
                                      .boilerplate = n & 1 ? WINNOW_BOILERPLATE_OFF
                                                           : WINNOW_BOILERPLATE_DEFAULT,
                                      .threads = 1 + n / 2};
                expect_parts_alike(&opt);
            }
}

static const char TEXT[] = "One sentence is here.\nAnother one is here too.\nThe third has come as well.\n";

static capture saved_text(const winnow_options *opt)
{
    capture saved, out = run_with(opt, TEXT, sizeof TEXT - 1, NULL, 0, &saved);
    capture_free(&out);
    return saved;
}

static winnow_status load(const winnow_options *opt, capture *set, char fault[SAVED_FAULT_BYTES])
{
    capture out = {0};
    winnow *w;
    cr_assert_eq(winnow_create(&w, opt, capture_sink, &out), WINNOW_OK);
    winnow_status st = winnow_load_seen(w, read_capture, set);
    strcpy(fault, winnow_set_fault(w));
    if (st != WINNOW_OK)
        cr_expect_eq(winnow_feed(w, TEXT, sizeof TEXT - 1), WINNOW_ERR_STATE);
    cr_expect_eq(out.len, 0);
    winnow_free(w);
    capture_free(&out);
    return st;
}

/* Every byte of it changed, and every length. */
Test(sets, a_set_that_is_damaged_is_refused)
{
    static const winnow_options opt;
    char fault[SAVED_FAULT_BYTES];
    capture set = saved_text(&opt);
    cr_assert_eq(set.len, 128 + 3 * 10 + 16);
    for (size_t i = 0; i < set.len; i++)
        for (unsigned bit = 0; bit < 8; bit++) {
            set.text[i] = (char)(set.text[i] ^ 1 << bit);
            cr_expect_eq(load(&opt, &set, fault), WINNOW_ERR_SET, "byte %zu, bit %u", i, bit);
            cr_expect(fault[0] != '\0');
            set.text[i] = (char)(set.text[i] ^ 1 << bit);
        }
    size_t whole = set.len;
    for (set.len = 0; set.len < whole; set.len++)
        cr_expect_eq(load(&opt, &set, fault), WINNOW_ERR_SET, "%zu bytes", set.len);
    cr_expect_eq(load(&opt, &set, fault), WINNOW_OK, "%s", fault);
    capture_sink(&set, "", 1);
    cr_expect_eq(load(&opt, &set, fault), WINNOW_ERR_SET);
    cr_expect_str_eq(fault, "damaged: something stands behind its end");
    set.len = whole;
    set.text[8] = 2;
    cr_expect_eq(load(&opt, &set, fault), WINNOW_ERR_SET);
    cr_expect_str_eq(fault, "a saved set of version 2; this winnow reads 1");
    capture_free(&set);
}

Test(sets, a_set_made_otherwise_is_refused_and_the_difference_named)
{
    static const unsigned char secret[WINNOW_SECRET_BYTES] = {1, 2, 3};
    static const struct {
        winnow_options opt;
        const char *fault;
    } rows[] = {
        {{.match = WINNOW_MATCH_LOOSE}, "another --match: text, not loose"},
        {{.unit = WINNOW_LINE}, "another --unit: sentence, not line"},
        {{.form = WINNOW_NFKD}, "another --form: nfc, not nfkd"},
        {{.no_tidy = 1}, "other tidying: tidied, not untidied"},
        {{.sentences = WINNOW_UAX29}, "other --sentences: prose, not uax29"},
        {{.lang = "de"}, "another --lang: none, not de"},
        {{.min_words = 1}, "other --min-words: 3, not 1"},
        {{.secret = secret}, "another --secret: e0a8bbf22130ccd1, not *"},
        {{.min_words = 3, .boilerplate = WINNOW_BOILERPLATE_OFF, .threads = 2, .split = 1}, NULL},
    };
    capture set = saved_text(NULL);
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        char fault[SAVED_FAULT_BYTES];
        winnow_status st = load(&rows[i].opt, &set, fault);
        const char *want = rows[i].fault ? rows[i].fault : "";
        size_t len = strcspn(want, "*");
        cr_expect_eq(st, rows[i].fault ? WINNOW_ERR_SET : WINNOW_OK, "row %zu", i);
        cr_expect(strncmp(fault, want, len) == 0, "row %zu: %s", i, fault);
    }
    capture_free(&set);
}

Test(sets, what_makes_no_sense_or_fails_is_told)
{
    static const winnow_options wrong[] = {
        {.keep = 2}, {.keep = WINNOW_KEEP_ALL}, {.scope = WINNOW_SCOPE_DOCUMENT}};
    capture set = saved_text(NULL), out = {0};
    winnow *w;
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        cr_assert_eq(winnow_create(&w, &wrong[i], capture_sink, &out), WINNOW_OK);
        cr_expect_eq(winnow_load_seen(w, read_capture, &set), WINNOW_ERR_OPTION);
        cr_expect_eq(winnow_save_seen(w, capture_sink, &out), WINNOW_ERR_OPTION);
        winnow_free(w);
    }
    winnow_options small = {.memory = 1000, .memory_full = WINNOW_FULL_PASS};
    cr_assert_eq(winnow_create(&w, &small, capture_sink, &out), WINNOW_OK);
    cr_expect_eq(winnow_load_seen(w, read_capture, &set), WINNOW_ERR_FULL);
    winnow_free(w);

    cr_assert_eq(winnow_create(&w, NULL, capture_sink, &out), WINNOW_OK);
    cr_expect_eq(winnow_load_seen(w, read_nothing, NULL), WINNOW_ERR_SOURCE);
    cr_expect_eq(winnow_save_seen(w, capture_sink, &out), WINNOW_ERR_STATE);
    cr_assert_eq(winnow_reset(w), WINNOW_OK);
    cr_expect_eq(winnow_load_seen(w, read_too_much, NULL), WINNOW_ERR_SOURCE);
    cr_assert_eq(winnow_reset(w), WINNOW_OK);
    cr_assert_eq(winnow_load_seen(w, read_capture, &set), WINNOW_OK);
    cr_assert_eq(winnow_feed(w, TEXT, sizeof TEXT - 1), WINNOW_OK);
    cr_expect_eq(winnow_load_seen(w, read_capture, &set), WINNOW_ERR_STATE);
    cr_assert_eq(winnow_finish(w), WINNOW_OK);
    cr_expect_eq(out.len, 0); /* all of it was seen before */
    cr_expect_eq(winnow_save_seen(w, refuse, NULL), WINNOW_ERR_SINK);
    set.text[140] ^= 1; /* a set that changes under us */
    cr_expect_eq(winnow_save_seen(w, capture_sink, &out), WINNOW_ERR_SET);
    set.text[140] ^= 1;
    out.len = 0;
    cr_expect_eq(winnow_save_seen(w, capture_sink, &out), WINNOW_OK);
    cr_expect_eq(out.len, 128 + 16, "nothing is new");
    winnow_free(w);
    capture_free(&set);
    capture_free(&out);
}

/* The n-th allocation of loading or saving fails, and all after it. */
static bool survives(unsigned n, capture *set)
{
    capture out = {0};
    winnow *w;
    cr_assert_eq(winnow_create(&w, NULL, capture_sink, &out), WINNOW_OK);
    fail_allocation(n);
    winnow_status loaded = winnow_load_seen(w, read_capture, set);
    fail_allocation(0);
    bool failed = loaded == WINNOW_ERR_NOMEM;
    if (!failed) {
        char sink[1];
        cr_assert_eq(loaded, WINNOW_OK);
        cr_assert_eq(winnow_finish(w), WINNOW_OK);
        fail_allocation(n);
        winnow_status st = winnow_save_seen(w, refuse, sink); /* capture_sink allocates */
        fail_allocation(0);
        failed = st == WINNOW_ERR_NOMEM;
        cr_expect(failed || st == WINNOW_ERR_SINK);
        cr_expect_eq(winnow_save_seen(w, capture_sink, &out), WINNOW_OK);
        cr_expect_eq(out.len, 128 + 16);
    }
    winnow_free(w);
    capture_free(&out);
    return failed;
}

Test(sets, any_allocation_may_fail)
{
    static char text[PART_BYTES];
    size_t len = make_text(text, 900, 5000);
    capture set, out = run_with(NULL, text, len, NULL, 0, &set);
    unsigned n = 1;
    while (survives(n, &set))
        n++;
    cr_expect_gt(n, 10, "%u", n);
    capture_free(&set);
    capture_free(&out);
}
