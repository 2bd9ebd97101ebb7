/* Rules of the user's own, templates, and the lines that recur. */
#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../stream/capture.h"
#include "failing.h"
#include "judge/template.h"

static winnow_rules *rules_of(const char *text)
{
    winnow_rules *r = NULL;
    cr_assert_eq(winnow_rules_create(&r), WINNOW_OK);
    cr_assert_eq(winnow_rules_add(r, text, strlen(text), NULL, NULL), WINNOW_OK, "%s", text);
    cr_assert_eq(winnow_rules_end(r), WINNOW_OK);
    return r;
}

/* A verdict as "reason text", without places. */
static int tell_short(void *user, const winnow_verdict *v)
{
    const char *name = winnow_reason_name(v->reason);
    capture_sink(user, name, strlen(name));
    capture_sink(user, v->category ? ":" : " ", 1);
    if (v->category) {
        capture_sink(user, v->category, strlen(v->category));
        capture_sink(user, " ", 1);
    }
    capture_sink(user, v->text, v->len);
    return capture_sink(user, "\n", 1);
}

static int forget(void *user, const void *text, size_t len)
{
    (void)user;
    (void)text;
    (void)len;
    return 0;
}

/* What becomes of the text; to be freed. */
static capture verdicts_of(winnow_options opt, const char *in, size_t len)
{
    capture told = {0};
    opt.on_drop = opt.on_keep = tell_short;
    opt.on_verdict_user = &told;
    winnow *w = NULL;
    cr_assert_eq(winnow_create(&w, &opt, forget, NULL), WINNOW_OK);
    cr_assert_eq(winnow_feed(w, in, len), WINNOW_OK);
    cr_assert_eq(winnow_finish(w), WINNOW_OK);
    winnow_free(w);
    return told;
}

#define LONG \
    "of words and words and words that go on for so long that nobody would ever read them aloud, " \
    "of words and words and words that go on for so long that nobody would ever read them aloud, " \
    "of words and words and words that go on for so long that nobody would ever read them aloud, " \
    "of words and words and words that go on for so long that nobody would ever read them aloud, " \
    "of words and words and words that go on for so long that nobody would ever read them aloud"

Test(rules, each_form_does_what_it_says)
{
    static const struct {
        const char *rules, *in, *want;
        winnow_options opt; /* the level: off, unless it is more than that */
    } rows[] = {
        /* a phrase: a whole line, a whole sentence, a part of a run */
        {"buy our book", "Buy our BOOK!\nBuy our book now\n",
         "rule Buy our BOOK!\nkept Buy our book now\n", {0}},
        {"buy our book", "It is good. Buy our book. Or do not.\n",
         "kept It is good.\nrule Buy our book.\nkept Or do not.\n", {0}},
        {"buy our book\nsee our shop", "Buy our book | See our shop\nBuy our book | See your shop\n",
         "rule Buy our book | See our shop\nkept Buy our book | See your shop\n", {0}},
        {"ad", "Ad. Two words.\n", "rule Ad.\nkept Two words.\n", {0}},
        /* numbers, accents, punctuation do not count */
        {"page 1 of 9", "Page 12 of 1,300\n", "rule Page 12 of 1,300\n", {0}},
        {"caf\xc3\xa9 menu", "Cafe, menu\n", "rule Cafe, menu\n", {0}},
        {"\xe5\xb9\xbf\xe5\x91\x8a", "\xe5\xb9\xbf\xe5\x91\x8a\n", "rule \xe5\xb9\xbf\xe5\x91\x8a\n",
         {0}},
        /* one star: the beginning, in whole words */
        {"posted by*", "Posted by Ann on Monday\nPosted byline\nIt was posted by Ann\n",
         "rule Posted by Ann on Monday\nkept Posted byline\nkept It was posted by Ann\n", {0}},
        {"posted by *", "Posted by\n", "rule Posted by\n", {0}},
        {"posted by*", "Good. Posted by Ann. Bye.\n",
         "kept Good.\nrule Posted by Ann.\nkept Bye.\n", {0}},
        {"posted by*", "Posted by Ann " LONG ".\n", "rule Posted by Ann " LONG ".\n", {0}},
        /* two stars: anywhere */
        {"*special offer*", "A SPECIAL offer for you\nSpecial: offers\n",
         "rule A SPECIAL offer for you\nkept Special: offers\n", {0}},
        {"*special offer*", "Words " LONG ". One special offer.\n",
         "kept Words " LONG ".\nrule One special offer.\n", {0}},
        {"*special offer*", "A special offer " LONG ".\n", "rule A special offer " LONG ".\n", {0}},
        {"*aloud of words 7*", "Words " LONG " of words 12 and 3.\n",
         "rule Words " LONG " of words 12 and 3.\n", {0}},
        /* never boilerplate */
        {"!leave a reply", "Leave a reply\nShare on Facebook\n",
         "kept Leave a reply\nphrase:share Share on Facebook\n",
         {.boilerplate = WINNOW_BOILERPLATE_PHRASES}},
        {"leave*\n!leave a reply", "Leave a reply\nLeave it\n", "kept Leave a reply\nrule Leave it\n",
         {0}},
        {"!leave a reply*", "Leave a reply to Ann\nReply\n", "kept Leave a reply to Ann\nphrase:comments Reply\n",
         {.boilerplate = WINNOW_BOILERPLATE_PHRASES}},
        {"*ann*\n!*reply to*", "I reply to Ann\nAnn\n", "kept I reply to Ann\nrule Ann\n", {0}},
        {"*ann*\n!*reply to*", "Ann " LONG " in reply to Bo.\n",
         "kept Ann " LONG " in reply to Bo.\n", {0}},
        {"shop*\n!It is fine.", "Shop here. It is fine. Shop there.\n",
         "rule Shop here.\nkept It is fine.\nrule Shop there.\n", {0}},
        /* ... but a repeat like any other */
        {"!one two three", "One two three\nOne two three\n",
         "kept One two three\nrepeat One two three\n", {0}},
        /* what is protected or goes stands in a text like any other */
        {"shop*\n!It is fine.", "Shop here. It is fine.\nShop here. It is fine.\n",
         "rule Shop here.\nkept It is fine.\nrule Shop here.\nrepeat It is fine.\n", {0}},
        {"buy it all", "Buy it all\nBuy it all\nOne two three\n",
         "rule Buy it all\nrule Buy it all\nkept One two three\n", {.unit = WINNOW_LINE}},
        {"buy it all", "One two.\nBuy it all.\nThree four.\n\nOne two.\nBuy it all.\nThree four.\n",
         "kept One two.\nrule Buy it all.\nkept Three four.\n"
         "repeat One two.\nrule Buy it all.\nrepeat Three four.\n", {.unit = WINNOW_PARAGRAPH}},
        /* comments, signs that mean themselves, line ends of all kinds */
        {"\xef\xbb\xbf# ad\r\n  \r\n\t ad two \r\n#", "Ad\nAd two\n", "kept Ad\nrule Ad two\n", {0}},
        {"\\#one", "#One\n", "rule #One\n", {0}},
        {"\\!one", "!One\nOne\n", "rule !One\nrule One\n", {0}},
        {"\\*one\\*", "* One *\nOne more\n", "rule * One *\nkept One more\n", {0}},
        {"\\\\one", "\\one\n", "rule \\one\n", {0}},
        {"", "Leave a reply\n", "kept Leave a reply\n", {0}},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        winnow_options opt = rows[i].opt;
        winnow_rules *rules = rules_of(rows[i].rules);
        if (!opt.boilerplate)
            opt.boilerplate = WINNOW_BOILERPLATE_OFF;
        opt.rules = rules;
        capture got = verdicts_of(opt, rows[i].in, strlen(rows[i].in));
        cr_expect_str_eq(got.text, rows[i].want, "rules %s\ngot  %s\nwant %s", rows[i].rules, got.text,
                         rows[i].want);
        capture_free(&got);
        winnow_rules_free(rules);
    }
}

Test(rules, a_line_in_error_is_named)
{
    static const struct {
        const char *text;
        uint64_t line;
        const char *why;
    } rows[] = {
        {"fine\n*half\n", 2, "a star at the start needs one at the end"},
        {"\n\n\xff\xfe", 3, "not UTF-8"},
        {"12\n", 1, "a number is no phrase"},
        {"a\nb\n!\nc", 3, "no phrase"},
        {"**", 1, "no phrase"},
        {LONG, 1, "too long: never compared"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        winnow_rules *r = NULL;
        uint64_t line = 0;
        const char *why = "";
        cr_assert_eq(winnow_rules_create(&r), WINNOW_OK);
        cr_expect_eq(winnow_rules_add(r, rows[i].text, strlen(rows[i].text), &line, &why),
                     WINNOW_ERR_RULE);
        cr_expect_eq(line, rows[i].line, "%s: %u", rows[i].text, (unsigned)line);
        cr_expect_str_eq(why, rows[i].why);
        winnow_rules_free(r);
    }
}

Test(rules, are_ended_once_and_shared)
{
    winnow_rules *r = NULL;
    winnow *a = NULL, *b = NULL;
    capture out = {0};
    cr_assert_eq(winnow_rules_create(&r), WINNOW_OK);
    winnow_options opt = {.rules = r, .boilerplate = WINNOW_BOILERPLATE_OFF};
    cr_expect_eq(winnow_create(&a, &opt, capture_sink, &out), WINNOW_ERR_OPTION);
    cr_expect_eq(winnow_rules_add(r, "one", 3, NULL, NULL), WINNOW_OK);
    cr_expect_eq(winnow_rules_add(r, "two", 3, NULL, NULL), WINNOW_OK);
    cr_expect_eq(winnow_rules_end(r), WINNOW_OK);
    cr_expect_eq(winnow_rules_end(r), WINNOW_ERR_STATE);
    cr_expect_eq(winnow_rules_add(r, "three", 5, NULL, NULL), WINNOW_ERR_STATE);
    cr_assert_eq(winnow_create(&a, &opt, capture_sink, &out), WINNOW_OK);
    opt.threads = 2;
    cr_assert_eq(winnow_create(&b, &opt, capture_sink, &out), WINNOW_OK);
    winnow_feed(a, "One\nA", 5);
    winnow_feed(b, "Two\nB", 5);
    winnow_finish(a);
    winnow_finish(b);
    cr_expect_str_eq(out.text, "AB");
    winnow_free(a);
    winnow_free(b);
    winnow_rules_free(r);
    winnow_rules_free(NULL);
    capture_free(&out);
}

/* Many rules, and bytes of any kind: an answer, and no crash. */
Test(rules, take_any_bytes)
{
    enum { BYTES = 1 << 16 };
    uint8_t *bytes = malloc(BYTES);
    uint64_t x = 88172645463325252u;
    for (int round = 0; round < 40; round++) {
        for (size_t i = 0; i < BYTES; i++) {
            x ^= x << 13, x ^= x >> 7, x ^= x << 17;
            /* from all bytes to hardly any but letters, blanks, signs */
            bytes[i] = (uint8_t)(round % 2 ? x >> 40 : (uint64_t) "ab \n!*\\#\xc3\xa9"[x % 10]);
        }
        winnow_rules *r = NULL;
        cr_assert_eq(winnow_rules_create(&r), WINNOW_OK);
        size_t at = 0, n;
        for (; at < BYTES; at += n) { /* a line in error ends it, so many short texts */
            n = BYTES - at < 37 ? BYTES - at : 37;
            if (winnow_rules_add(r, bytes + at, n, NULL, NULL) == WINNOW_ERR_RULE) {
                winnow_rules_free(r);
                cr_assert_eq(winnow_rules_create(&r), WINNOW_OK);
            }
        }
        cr_assert_eq(winnow_rules_end(r), WINNOW_OK);
        winnow_options opt = {.rules = r};
        capture out = run_whole(&opt, (const char *)bytes, BYTES);
        cr_expect_eq(out.status, WINNOW_OK);
        capture_free(&out);
        winnow_rules_free(r);
    }
    free(bytes);
}

/* However the text is cut and by however many threads: the same verdicts, the same rules learnt. */
Test(rules, the_way_text_comes_changes_nothing)
{
    enum { PAGES = 400, PAGE = 400 };
    char *in = malloc(PAGES * PAGE), *end = in;
    cr_assert_not_null(in);
    for (int i = 0; i < PAGES; i++)
        end += snprintf(end, PAGE, "Leave a reply%cCats%cDogs%cPage %d is here. See our shop. It rained "
                        "on day %d.%cShop%cNever go, shop%cMoles%cVoles%c", 10, 10, 0, i, i % 50, 10,
                        10, 0, 10, i % 7 ? 0 : 10);
    size_t len = (size_t)(end - in);
    winnow_rules *r = rules_of("see our shop\nshop*\n*shop*\n!never go*");
    winnow_options opt = {
        .rules = r, .format = WINNOW_NUL, .boilerplate = WINNOW_BOILERPLATE_STRICT};
    capture want = run_fed(&opt, in, len, (feeding){.at = len, .step = len}, true);
    cr_expect_gt(want.stats.dropped[WINNOW_TEMPLATE], 600);
    cr_expect_gt(want.stats.dropped[WINNOW_RULE], 700);
    for (unsigned threads = 1; threads < 4; threads += 2)
        for (size_t step = 100; step < len; step *= 9) {
            opt.threads = threads;
            capture got = run_fed(&opt, in, len, (feeding){.at = step, .step = step, .flush = true},
                                  true);
            cr_expect(capture_same(&got, &want), "%zu at a time, %u threads", step, threads);
            capture_free(&got);
        }
    capture_free(&want);
    winnow_rules_free(r);
    free(in);
}

#define DOCUMENTS(s) s, sizeof(s) - 1

Test(templates, go_from_the_third_document_on)
{
    static const struct {
        const char *in;
        size_t len;
        const char *want;
        winnow_options opt;
    } rows[] = {
        /* behind a line that has gone, three times: the menu goes, the text does not */
        {DOCUMENTS("Leave a reply\nCats\nOne.\0Leave a reply\nCats\nTwo.\0"
                   "Leave a reply\nCats\nThree.\0"),
         "phrase:comments Leave a reply\nkept Cats\nkept One.\n"
         "phrase:comments Leave a reply\nkept Cats\nkept Two.\n"
         "phrase:comments Leave a reply\ntemplate Cats\nkept Three.\n", {0}},
        {DOCUMENTS("Leave a reply\nCats\nDogs\0Leave a reply\nCats\nDogs\0"
                   "Leave a reply\nCats\nDogs\0"),
         "phrase:comments Leave a reply\nkept Cats\nkept Dogs\n"
         "phrase:comments Leave a reply\nkept Cats\nkept Dogs\n"
         "phrase:comments Leave a reply\ntemplate Cats\ntemplate Dogs\n", {0}},
        /* a repeat is as good */
        {DOCUMENTS("All about our cats\nCats\0All about our cats\nCats\0All about our cats\nCats\0"),
         "kept All about our cats\nkept Cats\nrepeat All about our cats\nkept Cats\n"
         "repeat All about our cats\ntemplate Cats\n", {0}},
        /* what is said here and there, or behind what stays, stays */
        {DOCUMENTS("Is it?\nYes.\0Was it?\nYes.\0Will it?\nYes.\0"),
         "kept Is it?\nkept Yes.\nkept Was it?\nkept Yes.\nkept Will it?\nkept Yes.\n", {0}},
        {DOCUMENTS("Is it?\nYes.\0Is it?\nYes.\0Is it?\nYes.\0"),
         "kept Is it?\nkept Yes.\nkept Is it?\nkept Yes.\nkept Is it?\nkept Yes.\n", {0}},
        {DOCUMENTS("Yes.\0Yes.\0Yes.\0"), "kept Yes.\nkept Yes.\nkept Yes.\n", {0}},
        /* nor is what ended a document, or record, before a document's first line */
        {DOCUMENTS("Leave a reply\0Cats\0Leave a reply\0Cats\0Leave a reply\0Cats\0"),
         "phrase:comments Leave a reply\nkept Cats\nphrase:comments Leave a reply\nkept Cats\n"
         "phrase:comments Leave a reply\nkept Cats\n", {0}},
        {DOCUMENTS("{\"text\":\"Leave a reply\"}\n{\"text\":\"Cats\"}\n"
                   "{\"text\":\"Leave a reply\"}\n{\"text\":\"Cats\"}\n"
                   "{\"text\":\"Leave a reply\"}\n{\"text\":\"Cats\"}\n"),
         "phrase:comments Leave a reply\nkept Cats\nphrase:comments Leave a reply\nkept Cats\n"
         "phrase:comments Leave a reply\nkept Cats\n", {.format = WINNOW_JSONL}},
        /* nor does what heads a list go */
        {DOCUMENTS("Leave a reply\nPros:\0Leave a reply\nPros:\0Leave a reply\nPros:\0"),
         "phrase:comments Leave a reply\nkept Pros:\nphrase:comments Leave a reply\nkept Pros:\n"
         "phrase:comments Leave a reply\nkept Pros:\n", {0}},
        /* only where neighbours count at all */
        {DOCUMENTS("Leave a reply\nCats\0Leave a reply\nCats\0Leave a reply\nCats\0"),
         "phrase:comments Leave a reply\nkept Cats\nphrase:comments Leave a reply\nkept Cats\n"
         "phrase:comments Leave a reply\nkept Cats\n",
         {.boilerplate = WINNOW_BOILERPLATE_PHRASES}},
        {DOCUMENTS("Leave a reply\nCats\0Leave a reply\nCats\0Leave a reply\nCats\0"),
         "phrase:comments Leave a reply\nkept Cats\nphrase:comments Leave a reply\nkept Cats\n"
         "phrase:comments Leave a reply\ntemplate Cats\n",
         {.keep = WINNOW_KEEP_ALL}},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        winnow_options opt = rows[i].opt;
        if (opt.format == WINNOW_TEXT)
            opt.format = WINNOW_NUL;
        if (opt.boilerplate == WINNOW_BOILERPLATE_DEFAULT)
            opt.boilerplate = WINNOW_BOILERPLATE_STRICT;
        capture got = verdicts_of(opt, rows[i].in, rows[i].len);
        cr_expect_str_eq(got.text, rows[i].want, "row %zu: got %s", i, got.text);
        capture_free(&got);
    }
}

Test(templates, are_counted_once_a_document_and_forgotten)
{
    templates *t = templates_create();
    cr_assert_not_null(t);
    const uint64_t pair = UINT64_C(0x123456789abcdef0);
    for (int again = 0; again < 3; again++)
        cr_expect_not(templates_count(t, pair, 0));
    cr_expect_not(templates_count(t, pair, 1));
    for (uint64_t document = 2; document < 300; document++)
        for (int again = 0; again < 2; again++)
            cr_expect(templates_count(t, pair, document), "document %u", (unsigned)document);
    /* Seven others in its place leave it there, the eighth has it forgotten. */
    for (uint64_t other = 1; other <= 8; other++) {
        cr_expect_not(templates_count(t, pair + (other << 60), 300 + other));
        cr_expect_eq(templates_count(t, pair, 300 + other), true);
    }
    for (uint64_t other = 1; other <= 8; other++)
        templates_count(t, pair ^ other << 50, 400);
    cr_expect_not(templates_count(t, pair, 401));
    templates_free(t);
}

static capture learnt(winnow_options opt, const char *in, size_t len)
{
    capture out = {0};
    winnow *w = NULL;
    opt.learn = 1;
    cr_assert_eq(winnow_create(&w, &opt, forget, NULL), WINNOW_OK);
    cr_assert_eq(winnow_feed(w, in, len), WINNOW_OK);
    cr_assert_eq(winnow_finish(w), WINNOW_OK);
    cr_assert_eq(winnow_learned(w, capture_sink, &out), WINNOW_OK);
    winnow_free(w);
    return out;
}

/* What stands below the comments that head every set of rules. */
static const char *below_head(const capture *c)
{
    const char *at = strstr(c->text, "\n\n");
    return at ? at + 2 : "";
}

Test(learn, finds_the_lines_that_recur_in_place)
{
    static const struct {
        const char *in;
        size_t len;
        const char *want;
        bool all; /* given these rules, nothing is left */
    } rows[] = {
        {DOCUMENTS("Home\nNews\nA\0Home\nNews\nB\0Home\nNews\nC\0Home\nD\0"),
         "# 4 documents\nHome\n\n# 3 documents\nNews\n", false},
        /* twice is not enough, nor often in one document, nor here and there */
        {DOCUMENTS("Home\nA\0Home\nB\0"), "", false},
        {DOCUMENTS("Home\nHome\nHome\nHome\nA\0B\0C\0"), "", false},
        {DOCUMENTS("A\nYes.\0B\nYes.\0C\nYes.\0D\nYes.\0"), "", false},
        /* numbers, signs alone, long lines are no rules; letters of any script are */
        {DOCUMENTS("12\n***\n3/4\0" "12\n***\n3/4\0" "12\n***\n3/4\0"), "", false},
        {DOCUMENTS(LONG "\0" LONG "\0" LONG "\0"), "", false},
        {DOCUMENTS("\xe9\xa6\x96\xe9\xa1\xb5\0\xe9\xa6\x96\xe9\xa1\xb5\0\xe9\xa6\x96\xe9\xa1\xb5\0"),
         "# 3 documents\n\xe9\xa6\x96\xe9\xa1\xb5\n", true},
        /* told as rules tell them, written as first met */
        {DOCUMENTS("1 Comment\0" "2 comment\0" "13 COMMENT!\0"), "# 3 documents\n1 Comment\n", true},
        {DOCUMENTS("#a\n!b\n*c*\n\\d\n*e\nf*\n#a\0#a\n!b\n*c*\n\\d\n*e\nf*\0#a\n!b\n*c*\n\\d\n*e\nf*\0"),
         "# 3 documents\n\\!b\n\\#a\n\\*c\\*\n\\*e\n\\\\d\nf\\*\n", true},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        winnow_options opt = {.format = WINNOW_NUL};
        capture got = learnt(opt, rows[i].in, rows[i].len);
        cr_expect_str_eq(below_head(&got), rows[i].want, "row %zu: got %s", i, got.text);
        winnow_rules *rules = rules_of(got.text);
        opt.rules = rules;
        opt.boilerplate = WINNOW_BOILERPLATE_OFF;
        capture left = run_whole(&opt, rows[i].in, rows[i].len);
        if (rows[i].all)
            cr_expect(capture_is(&left, "\0\0\0", 3), "row %zu: left %s", i, left.text);
        capture_free(&left);
        capture_free(&got);
        winnow_rules_free(rules);
    }
}

Test(learn, bounds_what_it_holds_and_never_says_too_much)
{
    enum { DOCUMENTS_FED = 6000, EACH = 100, MENU = 20 };
    winnow_options opt = {.format = WINNOW_NUL, .learn = 1, .boilerplate = WINNOW_BOILERPLATE_OFF,
                          .keep = WINNOW_KEEP_ALL};
    winnow *w = NULL;
    capture out = {0};
    char line[64];
    cr_assert_eq(winnow_create(&w, &opt, forget, NULL), WINNOW_OK);
    for (int d = 0; d < DOCUMENTS_FED; d++) {
        for (int i = 0; i < EACH; i++) {
            /* letters, as numbers are all alike */
            int n = snprintf(line, sizeof line, "%c%c%c%c line\n", 'a' + i % 26, 'a' + i / 26,
                             i < MENU ? 'x' : 'a' + d % 77 % 26, i < MENU ? 'x' : 'a' + d % 26);
            if (i >= MENU)
                n = snprintf(line, sizeof line, "%c%c%c%c%c\n", 'a' + i % 26, 'a' + i / 26,
                             'a' + d % 26, 'a' + d / 26 % 26, 'a' + d / 676);
            cr_assert_eq(winnow_feed(w, line, (size_t)n), WINNOW_OK);
        }
        cr_assert_eq(winnow_feed(w, "", 1), WINNOW_OK);
    }
    cr_assert_eq(winnow_finish(w), WINNOW_OK);
    cr_assert_eq(winnow_learned(w, capture_sink, &out), WINNOW_OK);
    winnow_free(w);
    unsigned long missing = 0, count = 0, lines = 0;
    const char *told = strstr(out.text, "too low by up to ");
    cr_assert_not_null(told, "%.300s", out.text);
    cr_assert_eq(sscanf(told, "too low by up to %lu", &missing), 1);
    cr_assert_eq(sscanf(below_head(&out), "# %lu documents", &count), 1);
    cr_expect(count <= DOCUMENTS_FED && count + missing >= DOCUMENTS_FED, "%lu, %lu", count, missing);
    cr_expect_leq(missing, 2 * (DOCUMENTS_FED * EACH / 262144 + 1));
    for (const char *at = below_head(&out); (at = strchr(at, '\n')); at++)
        lines++;
    cr_expect_eq(lines, MENU + 1, "the menu, and its count");
    capture_free(&out);
}

/* Every allocation fails in turn. */
Test(rules, no_allocation_is_taken_for_granted)
{
    static const char text[] = "one two*\n!three four\n*five*\n";
    static const char in[] = "One two more.\0Home\nThree four.\0Home\nSix five.\0Home\nSeven.\0";
    bool failed = true;
    for (unsigned n = 1; failed; n++) {
        winnow_rules *r = NULL;
        winnow *w = NULL;
        capture out = {.text = malloc(4096), .cap = 4096};
        fail_allocation(n);
        winnow_status st = winnow_rules_create(&r);
        if (st == WINNOW_OK)
            st = winnow_rules_add(r, text, sizeof text - 1, NULL, NULL);
        if (st == WINNOW_OK)
            st = winnow_rules_end(r);
        winnow_options opt = {.rules = r, .learn = 1, .format = WINNOW_NUL};
        if (st == WINNOW_OK)
            st = winnow_create(&w, &opt, capture_sink, &out);
        if (st == WINNOW_OK)
            st = winnow_feed(w, in, sizeof in - 1);
        if (st == WINNOW_OK)
            st = winnow_finish(w);
        if (st == WINNOW_OK)
            st = winnow_learned(w, capture_sink, &out);
        fail_allocation(0);
        failed = st != WINNOW_OK;
        cr_expect(!failed || st == WINNOW_ERR_NOMEM, "allocation %u: %s", n, winnow_status_text(st));
        cr_assert_lt(n, 1000);
        winnow_free(w);
        winnow_rules_free(r);
        capture_free(&out);
    }
}
