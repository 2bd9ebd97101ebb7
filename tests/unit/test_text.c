/* The text stage: repair, tidy, normal forms, and where everything came from. */
#include <criterion/criterion.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "text/text.h"

#define TIDY {.form = WINNOW_NFC, .tidy = true}

static const text_options tidy = TIDY;

/* Cleans `len` bytes that stand alone in memory, so that a sanitizer sees a byte too many. */
static text_clean run_cut(const text_options *opt, const char *in, size_t len, unsigned cut)
{
    text_stage *t;
    text_clean out = {0};
    uint8_t *raw = malloc(len + 1);
    memcpy(raw + 1, in, len);
    cr_assert_eq(text_create(&t, opt), WINNOW_OK);
    cr_assert_eq(text_run(t, raw + 1, len, cut, &out), WINNOW_OK);
    free(raw);
    text_free(t);
    return out;
}

static text_clean run(const text_options *opt, const char *in)
{
    return run_cut(opt, in, strlen(in), 0);
}

static bool is(const text_clean *out, const char *want)
{
    return out->text.len == strlen(want) && !memcmp(out->text.data, want, out->text.len);
}

static void expect(const text_options *opt, const char *in, const char *want)
{
    text_clean out = run(opt, in);
    cr_expect(is(&out, want), "\"%s\" became \"%.*s\", not \"%s\"", in, (int)out.text.len,
              (const char *)out.text.data, want);
    text_clean_free(&out);
}

typedef struct {
    const char *in, *want;
} row;

#define EACH(i, rows) (size_t i = 0; i < sizeof(rows) / sizeof *(rows); i++)

Test(text, is_tidied)
{
    static const row rows[] = {
        /* line ends of every kind */
        {"a\r\nb\rc\n", "a\nb\nc\n"},
        {"a\fb\vc\xC2\x85" "d\xE2\x80\xA8" "e\xE2\x80\xA9" "f", "a\nb\nc\nd\ne\nf"},
        {"a\n\r\nb", "a\n\nb"},
        /* blanks of every kind */
        {"runs   of \t spaces  \n", "runs of spaces\n"},
        {"a\xC2\xA0" "b\xE1\x9A\x80" "c\xE2\x80\x83\xE2\x80\x8A" "d\xE2\x80\xAF\xE2\x81\x9F"
         "e\xE3\x80\x80" "f",
         "a b c d e f"},
        {"\t \xE3\x80\x80trimmed\xC2\xA0 \n  too", "trimmed\ntoo"},
        {"a \n b", "a\nb"},
        {"Mongolian \xE1\xA0\x8E separator", "Mongolian \xE1\xA0\x8E separator"},
        /* empty lines */
        {"a\n\n\n\n\nb\n\n\n", "a\n\nb\n"},
        {"\n\n\na\n", "\na\n"},
        {"a\n \t \n\xC2\xA0\nb", "a\n\nb"},
        {"a\n\x01\n\x1B[0m\nb", "a\n\nb"},
        {"", ""}, {"\n", ""}, {"   \n", ""}, {"  ", ""},
        /* what cannot be seen */
        {"\xEF\xBB\xBF" "mid\xEF\xBB\xBF" "dle", "middle"},
        {"soft\xC2\xADhyphen zero\xE2\x80\x8Bwidth word\xE2\x81\xA0joiner",
         "softhyphen zerowidth wordjoiner"},
        {"a \xC2\xAD b", "a b"},
        {"a \xC2\xAD\n\xEF\xBB\xBF b", "a\nb"},
        {"ភាសា\xE2\x80\x8Bខ្មែរ", "ភាសា\xE2\x80\x8Bខ្មែរ"},
        {"ไทย\xE2\x80\x8B" "a \xE2\x80\x8Bລາວ\xE2\x80\x8B",
         "ไทย\xE2\x80\x8B" "a \xE2\x80\x8Bລາວ\xE2\x80\x8B"},
        {"မြန်မာ\xC2\xAD\xE2\x80\x8B" "a", "မြန်မာ\xE2\x80\x8B" "a"},
        {"ก\xE2\x80\x8B\xE2\x80\x8B\xE2\x80\x8Bข", "ก\xE2\x80\x8B\xE2\x80\x8Bข"},
        {"๑\xE2\x80\x8B" "1", "๑1"},
        {"ก่\xE2\x80\x8B" "a e่\xE2\x80\x8B" "a", "ก่\xE2\x80\x8B" "a e่a"},
        {"e\xE2\x80\x8B\xCC\x81 e\xC2\xAD\xCC\xA3\xEF\xBB\xBF\xCC\x81", "é ẹ́"},
        /* what stays */
        {"می\xE2\x80\x8Cخواهم", "می\xE2\x80\x8Cخواهم"},
        {"❤️\xE2\x80\x8D🩹 👩\xE2\x80\x8D💻", "❤️\xE2\x80\x8D🩹 👩\xE2\x80\x8D💻"},
        {"क्\xE2\x80\x8Dष ক্\xE2\x80\x8Cষ", "क्\xE2\x80\x8Dष ক্\xE2\x80\x8Cষ"},
        {"ക്ഷ தமிழ் ગુજરાતી ਪੰਜਾਬੀ", "ക്ഷ தமிழ் ગુજરાતી ਪੰਜਾਬੀ"},
        {"x² ﬁne ½ Ⅳ ™ \xE2\x80\x8F\xE2\x80\xAA", "x² ﬁne ½ Ⅳ ™ \xE2\x80\x8F\xE2\x80\xAA"},
        {"“quotes” – dash… ‘s’", "“quotes” – dash… ‘s’"},
        {"C1 \xC2\x80\xC2\x9F stays", "C1 \xC2\x80\xC2\x9F stays"},
    };
    for EACH (i, rows)
        expect(&tidy, rows[i].in, rows[i].want);
}

Test(text, loses_controls_and_escape_sequences)
{
    static const struct {
        const char *in, *want;
        unsigned controls;
    } rows[] = {
        {"bell\x07" "esc\x1b[31mred\x1b[0m", "bellescred", 3},
        {"\x01\x02\x7F\x1F", "", 4},
        {"a\x1b[38;5;1mb\x1b[?25lc\x1b[1 qd", "abcd", 3},
        {"a\x1b]0;title\x07" "b\x1b]8;;http://x\x1b\\c\x1bPq#0\x1b\\d", "abcd", 3},
        {"a\x1bX..\x07" "b\x1b^..\x07" "c\x1b_..\x07" "d", "abcd", 3},
        {"a\x1b(Bb\x1b=c\x1b" "cd\x1b#8e", "abcde", 4},
        {"a\x1b]0;cut\nb", "a\nb", 1},
        {"a\x1b]0;cut\xC2\x85" "b\x1b]0;cut\xE2\x80\xA8" "c\x1b]0;cut\rd", "a\nb\nc\nd", 3},
        {"a\x1b[31\nb\x1b[\nc\x1b\nd\x1b(\ne", "a\nb\nc\nd\ne", 4},
        {"a\x1b[31", "a", 1},
        {"a\x1b", "a", 1},
        {"a\x1b]2;x", "a", 1},
        {"a\x1b[31é", "aé", 1},
        {"a\x1b\x1b[mb", "ab", 2},
        {"a\x1b]0;t\x1b[mb", "ab", 2},
        {"a \x1b[m b", "a b", 1},
        {"e\x07\xCC\x81 e\x1b[m\xCC\x81", "é é", 2},
        {"\xCC\x81\x1b[m\xCC\xA3", "\xCC\xA3\xCC\x81", 1},
    };
    for EACH (i, rows) {
        text_clean out = run(&tidy, rows[i].in);
        cr_expect(is(&out, rows[i].want), "row %zu became \"%.*s\"", i, (int)out.text.len,
                  (const char *)out.text.data);
        cr_expect_eq(out.controls, rows[i].controls, "row %zu: %u controls", i,
                     (unsigned)out.controls);
        text_clean_free(&out);
    }
    text_clean out = run_cut(&tidy, "nul\0nul", 7, 0);
    cr_expect(is(&out, "nulnul") && out.controls == 1);
    text_clean_free(&out);
}

Test(text, is_left_alone_unless_asked)
{
    static const text_options raw = {.form = WINNOW_FORM_NONE}, nfc = {.form = WINNOW_NFC};
    static const char *const same[] = {
        "", "\n", " \t x  y \xC2\xA0\n\n\n\nend \r\n\x1b[0m\x01\xEF\xBB\xBF\xC2\xAD", "\n\na\n\n",
        "a\xE2\x80\xA8" "b\xC2\x85" "c\fd\re",
    };
    for EACH (i, same) {
        expect(&raw, same[i], same[i]);
        expect(&nfc, same[i], same[i]);
    }
    expect(&raw, "e\xCC\x81\xE2\x84\xAB", "e\xCC\x81\xE2\x84\xAB");
    expect(&nfc, "e\xCC\x81 e\x07\xCC\x81", "é e\x07\xCC\x81");
}

Test(text, has_the_form_asked_for)
{
    static const struct {
        const char *in, *nfc, *nfd, *nfkc, *nfkd;
    } rows[] = {
        {"é", "é", "e\xCC\x81", "é", "e\xCC\x81"},
        {"e\xCC\x81", "é", "e\xCC\x81", "é", "e\xCC\x81"},
        {"Å", "Å", "A\xCC\x8A", "Å", "A\xCC\x8A"},                   /* U+212B */
        {"ﬁ", "ﬁ", "ﬁ", "fi", "fi"},
        {"é\xCC\xA7", "ȩ\xCC\x81", "e\xCC\xA7\xCC\x81", "ȩ\xCC\x81", "e\xCC\xA7\xCC\x81"},
        {"क़", "क\xE0\xA4\xBC", "क\xE0\xA4\xBC", "क\xE0\xA4\xBC", "क\xE0\xA4\xBC"}, /* excluded */
        {"\xCD\x84", "\xCC\x88\xCC\x81", "\xCC\x88\xCC\x81",
         "\xCC\x88\xCC\x81", "\xCC\x88\xCC\x81"},
        /* U+1100 U+1161 U+11A8, U+AC00 U+11A8, and U+C8E0 U+11A7: no syllable */
        {"\xE1\x84\x80\xE1\x85\xA1\xE1\x86\xA8", "각", "\xE1\x84\x80\xE1\x85\xA1\xE1\x86\xA8", "각",
         "\xE1\x84\x80\xE1\x85\xA1\xE1\x86\xA8"},
        {"가\xE1\x86\xA8", "각", "\xE1\x84\x80\xE1\x85\xA1\xE1\x86\xA8", "각",
         "\xE1\x84\x80\xE1\x85\xA1\xE1\x86\xA8"},
        {"죠\xE1\x86\xA7", "죠\xE1\x86\xA7", "\xE1\x84\x8C\xE1\x85\xAD\xE1\x86\xA7", "죠\xE1\x86\xA7",
         "\xE1\x84\x8C\xE1\x85\xAD\xE1\x86\xA7"},
        /* U+09C7 U+09BE composes, U+0995 U+09BE does not */
        {"ে\xE0\xA6\xBE কা", "ো কা", "ে\xE0\xA6\xBE কা", "ো কা", "ে\xE0\xA6\xBE কা"},
        /* a compatibility decomposition that makes a blank, one that starts with a mark */
        {"a \xC2\xB4", "a \xC2\xB4", "a \xC2\xB4", "a \xCC\x81", "a \xCC\x81"},
        {"a\xC2\xB4", "a\xC2\xB4", "a\xC2\xB4", "a \xCC\x81", "a \xCC\x81"},
        {"\xC2\xB4" "a", "\xC2\xB4" "a", "\xC2\xB4" "a", "\xCC\x81" "a", "\xCC\x81" "a"},
        {"ｶﾞ", "ｶﾞ", "ｶﾞ", "ガ", "カ\xE3\x82\x99"},
        {"が", "が", "か\xE3\x82\x99", "が", "か\xE3\x82\x99"},
    };
    for EACH (i, rows) {
        const char *want[] = {rows[i].nfc, rows[i].nfd, rows[i].nfkc, rows[i].nfkd};
        for (int form = WINNOW_NFC; form <= WINNOW_NFKD; form++) {
            text_options opt = {.form = (winnow_form)form, .tidy = true};
            expect(&opt, rows[i].in, want[form]);
        }
    }
}

/* Kuhn's stress test and its like: one U+FFFD for each maximal subpart. */
Test(text, is_repaired)
{
    static const struct {
        const char *in, *want;
        unsigned invalid;
        int at;
    } rows[] = {
        {"fine é 中 😀", "fine é 中 😀", 0, -1},
        {"a\x80z", "a\uFFFDz", 1, 1},
        {"\x80\xBF\x80", "\uFFFD\uFFFD\uFFFD", 3, 0},
        {"\xC0\xAF\xE0\x80\xAF", "\uFFFD\uFFFD\uFFFD\uFFFD\uFFFD", 5, 0},
        {"\xE2\x82|\xF0\x9F\x98|\xF0\x9F|\xE2", "\uFFFD|\uFFFD|\uFFFD|\uFFFD", 8, 0},
        {"é\xED\xA0\x80é", "é\uFFFD\uFFFD\uFFFDé", 3, 2},
        {"\xF4\x90\x80\x80\xFE\xFF", "\uFFFD\uFFFD\uFFFD\uFFFD\uFFFD\uFFFD", 6, 0},
        {"e\xFF\xCC\x81", "e\uFFFD\xCC\x81", 1, 1},
        {"a\x1b]0;\xFF;\x07z", "az", 1, 5},
        {"a \xFF b", "a \uFFFD b", 1, 2},
    };
    for EACH (i, rows) {
        text_clean out = run(&tidy, rows[i].in);
        cr_expect(is(&out, rows[i].want), "row %zu became \"%.*s\"", i, (int)out.text.len,
                  (const char *)out.text.data);
        cr_expect_eq(out.invalid_bytes, rows[i].invalid, "row %zu", i);
        cr_expect_eq(out.invalid_at, rows[i].at, "row %zu", i);
        text_clean_free(&out);
    }
    static const text_options drop = {.invalid = WINNOW_INVALID_DROP, .tidy = true};
    expect(&drop, "e\xFF\xCC\x81 \xE2\x82 x\xED\xA0\x80y", "é xy");
    expect(&drop, "a\n\xFF\nb", "a\n\nb");
}

Test(text, fails_on_invalid_bytes_if_asked)
{
    static const text_options fail = {.invalid = WINNOW_INVALID_FAIL};
    text_stage *t;
    text_clean out = {0};
    cr_assert_eq(text_create(&t, &fail), WINNOW_OK);
    cr_expect_eq(text_run(t, (const uint8_t *)"ab\xC3\xA9\xC3", 5, 0, &out), WINNOW_ERR_INVALID);
    cr_expect_eq(out.invalid_at, 4);
    text_clear(&out);
    cr_expect_eq(text_run(t, (const uint8_t *)"ab\xC3\xA9", 4, 0, &out), WINNOW_OK);
    cr_expect_eq(out.invalid_at, -1);
    text_clean_free(&out);
    text_free(t);
}

typedef struct {
    uint32_t start, len, raw, number, flags;
} line_row;

static void expect_lines(const text_clean *out, const char *what, const line_row *rows,
                         size_t count)
{
    cr_assert_eq(out->lines.len, count, "%s: %zu lines", what, out->lines.len);
    for (size_t i = 0; i < count; i++) {
        const text_line *l = &out->lines.items[i];
        cr_expect(l->start == rows[i].start && l->len == rows[i].len && l->raw == rows[i].raw &&
                      l->number == rows[i].number && l->flags == rows[i].flags,
                  "%s: line %zu is {%u, %u, %u, %u, %u}", what, i, l->start, l->len, l->raw,
                  l->number, l->flags);
    }
}

#define EXPECT_LINES(out, what, ...)                                                     \
    expect_lines(out, what, (const line_row[]){__VA_ARGS__},                             \
                 sizeof((const line_row[]){__VA_ARGS__}) / sizeof(line_row))

Test(text, says_where_its_lines_are)
{
    enum { ENDS = TEXT_ENDS, GAP = TEXT_AFTER_GAP };
    text_clean out = run(&tidy, "one\n  two\r\n\n\t\nthree\xE2\x80\xA8" "end");
    EXPECT_LINES(&out, "tidy", {0, 3, 0, 0, ENDS}, {4, 3, 6, 1, ENDS}, {9, 5, 14, 4, ENDS | GAP},
                 {15, 3, 22, 5, 0});
    cr_expect_eq(out.line_ends, 5);
    cr_expect_not(out.gap);
    text_clean_free(&out);

    out = run(&tidy, "\n\na\n\n");
    EXPECT_LINES(&out, "gaps", {1, 1, 2, 2, ENDS | GAP});
    cr_expect(out.gap && is(&out, "\na\n"));
    cr_expect_eq(out.line_ends, 4);
    text_clean_free(&out);

    out = run(&tidy, "\n \n");
    cr_expect(out.gap && out.lines.len == 0 && out.text.len == 0 && out.line_ends == 2);
    text_clean_free(&out);

    static const text_options raw = {.form = WINNOW_NFC};
    out = run(&raw, "one\n\n two \r\xE2\x80\xA8\nend");
    EXPECT_LINES(&out, "raw", {0, 3, 0, 0, ENDS}, {4, 0, 4, 1, ENDS}, {5, 9, 5, 2, ENDS},
                 {15, 3, 15, 3, 0});
    text_clean_free(&out);

    static const text_options one_line = {.tidy = true, .one_line = true};
    out = run(&one_line, "a\rb\fc\xC2\x85 d\xE2\x80\xA9\r\nx\n");
    cr_expect(is(&out, "a b c d\nx\n"));
    EXPECT_LINES(&out, "lines", {0, 7, 0, 0, ENDS}, {8, 1, 14, 1, ENDS});
    text_clean_free(&out);

    out = run(&tidy, "\xFF\xFF x\ny\n");
    EXPECT_LINES(&out, "repaired", {0, 8, 0, 0, ENDS}, {9, 1, 5, 1, ENDS});
    text_clean_free(&out);
}

Test(text, says_what_was_cut)
{
    enum { BEFORE = TEXT_CUT_BEFORE, AFTER = TEXT_CUT_AFTER, BOTH = BEFORE | AFTER,
           LEFT = TEXT_BLANK_LEFT, RIGHT = TEXT_BLANK_RIGHT };
    static const struct {
        const char *in;
        unsigned cut;
        const char *want;
        uint32_t len, flags;
    } rows[] = {
        {"a", BOTH, "a", 1, BOTH},
        {" a ", BOTH, "a", 1, BOTH | LEFT | RIGHT},
        {"\xC2\xA0" "a\t", BOTH, "a", 1, BOTH | LEFT | RIGHT},
        {" a ", AFTER, "a", 1, AFTER | RIGHT},
        {" a ", BEFORE, "a", 1, BEFORE | LEFT},
        {"", BOTH, "", 99, 0},
        {"  ", BOTH, "", 0, BOTH | LEFT | RIGHT},
        {"  ", AFTER, "", 0, AFTER},
        {"\x01", BOTH, "", 0, BOTH},
        {"\n", BEFORE, "\n", 0, BEFORE | TEXT_ENDS},
        {" \n", BEFORE, "\n", 0, BEFORE | LEFT | TEXT_ENDS},
        {"\n\n", BEFORE, "\n", 0, BEFORE | TEXT_ENDS},
        {"\xFF", BOTH, "\uFFFD", 3, BOTH},
    };
    for EACH (i, rows) {
        text_clean out = run_cut(&tidy, rows[i].in, strlen(rows[i].in), rows[i].cut);
        cr_expect(is(&out, rows[i].want), "row %zu became \"%.*s\"", i, (int)out.text.len,
                  (const char *)out.text.data);
        cr_expect_eq(out.lines.len, rows[i].len != 99, "row %zu", i);
        if (out.lines.len) {
            cr_expect_eq(out.lines.items[0].flags, rows[i].flags, "row %zu: flags %u", i,
                         out.lines.items[0].flags);
            cr_expect_eq(out.lines.items[0].len, rows[i].len, "row %zu", i);
        }
        text_clean_free(&out);
    }
    text_clean out = run_cut(&tidy, "a \n b \n\n c ", 11, BOTH);
    EXPECT_LINES(&out, "three", {0, 1, 0, 0, BEFORE | TEXT_ENDS}, {2, 1, 4, 1, TEXT_ENDS},
                 {5, 1, 9, 3, TEXT_AFTER_GAP | AFTER | RIGHT});
    text_clean_free(&out);
}

/* The input offset of a cleaned one. */
static size_t mapped(const text_clean *out, size_t at)
{
    size_t raw = at;
    for (size_t i = 0; i < out->edits.len && out->edits.items[i].text <= at; i++)
        raw = out->edits.items[i].raw + (at - out->edits.items[i].text);
    return raw;
}

/* Each letter of the input is another, so where it came from is where it stands. */
Test(text, edits_lead_back_to_the_input)
{
    static const text_options opt = {.tidy = true, .edits = true},
                              drop = {.tidy = true, .edits = true, .invalid = WINNOW_INVALID_DROP};
    static const char *const inputs[] = {
        "abc", "  a  b\t\tc \n\n\n d\r\ne", "a\xC2\xAD" "b\xEF\xBB\xBF" "c\xE2\x80\x8B" "d",
        "a\x1b[31mb\x1b[0mc\x07" "d", "a\xFF" "b\xFF\xFF" "c\xE2\x82" "d",
        "A\xCC\x81" "b C\xCC\xA7\xCC\x81" "d \xE2\x84\xAB" "e", "\xFF a \xFF  b\n\xFF\n\nc\xFF",
        "\n\n\n  a\n\n\n", "a\xE2\x80\xA8" "b\xE2\x80\xA9" "c\xC2\x85" "d",
    };
    for EACH (i, inputs)
        for (int k = 0; k < 2; k++) {
            text_clean out = run(k ? &drop : &opt, inputs[i]);
            for (size_t at = 0; at < out.text.len; at++) {
                char c = (char)out.text.data[at];
                if (c >= 'a' && c <= 'z')
                    cr_expect_eq(inputs[i][mapped(&out, at)], c, "row %zu: %c", i, c);
            }
            for (size_t e = 1; e < out.edits.len; e++) {
                const text_edit *now = &out.edits.items[e], *last = now - 1;
                cr_expect(now->text > last->text && now->raw - now->text != last->raw - last->text,
                          "row %zu: edit %zu changes nothing", i, e);
                cr_expect_geq(now->raw, last->raw, "row %zu: edit %zu goes back", i, e);
            }
            text_clean_free(&out);
        }
}

Test(text, calls_add_up)
{
    text_stage *t;
    text_clean out = {0};
    cr_assert_eq(text_create(&t, &tidy), WINNOW_OK);
    cr_assert_eq(text_run(t, (const uint8_t *)"a\x01\n", 3, 0, &out), WINNOW_OK);
    cr_assert_eq(text_run(t, (const uint8_t *)"  b\x01\n\n", 6, 0, &out), WINNOW_OK);
    cr_expect(is(&out, "a\nb\n") && out.controls == 2 && out.gap);
    EXPECT_LINES(&out, "two calls", {0, 1, 0, 0, TEXT_ENDS}, {2, 1, 2, 0, TEXT_ENDS});
    text_clear(&out);
    cr_expect(out.text.len == 0 && out.lines.len == 0 && out.controls == 0 && !out.gap);
    text_clean_free(&out);
    text_free(t);
}

/* A marks' bomb is cut and counted, takes no time, and stays as it is when cleaned again. */
Test(text, runs_of_marks_are_bounded)
{
    enum { MARKS = 260000 };
    char *in = malloc(1 + 4 * MARKS), *again;
    in[0] = 'a';
    for (size_t i = 0; i < MARKS; i++)
        memcpy(in + 1 + 4 * i, "\xCC\x81\xCC\xA7", 4);
    clock_t start = clock();
    text_clean out = run_cut(&tidy, in, 1 + 4 * MARKS, 0);
    cr_expect_lt((double)(clock() - start) / CLOCKS_PER_SEC, 1.0);
    cr_expect_gt(out.forced_cuts, 100);
    again = malloc(out.text.len);
    memcpy(again, out.text.data, out.text.len);
    text_clean twice = run_cut(&tidy, again, out.text.len, 0);
    cr_expect(twice.forced_cuts == 0 && twice.text.len == out.text.len &&
              !memcmp(twice.text.data, out.text.data, out.text.len));
    text_clean_free(&out);
    text_clean_free(&twice);
    free(again);
    /* Sixty marks are a joke, but whole: one composes with the letter. */
    out = run_cut(&tidy, in, 1 + 4 * 30, 0);
    cr_expect(out.forced_cuts == 0 && out.text.len == 4 * 30);
    text_clean_free(&out);
    free(in);
}

/* Random text of what is awkward: cleaning it again changes nothing, edits or not changes
   nothing, and lines cleaned alone are what they are together. */
static uint64_t dice = 7;

static uint32_t roll(uint32_t sides)
{
    dice = dice * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
    return (uint32_t)((dice >> 33) % sides);
}

static size_t awkward(char *p, size_t room)
{
    static const char *const some[] = {
        "a", "e", "x", " ", " ", "  ", "            ", "\n", "\n", "\n\n", "\r\n", "\t", "\x07",
        "\x1b[1m", "é", "\xCC\x81", "\xCC\xA3", "\xC2\xAD", "\xC2\xA0", "\xE2\x80\x8B", "ก", "่",
        "’", "\xE1\x84\x80", "\xE1\x85\xA1", "\xE1\x86\xA8", "가", "\xE0\xA6\xBE", "\xE0\xA7\x87",
        "wwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwww",
        "\xE2\x80\xA8", "\xC2\xB4", "中", "😀", "\xFF",
    };
    uint32_t kinds = 2 + roll(sizeof some / sizeof *some - 2), shift = roll(40);
    size_t n = 0;
    while (n + 80 < room) {
        const char *c = some[(roll(kinds) + shift) % (sizeof some / sizeof *some)];
        memcpy(p + n, c, strlen(c));
        n += strlen(c);
    }
    return n;
}

static bool same(const text_clean *a, const text_clean *b)
{
    bool lines = a->lines.len == b->lines.len;
    for (size_t i = 0; lines && i < a->lines.len; i++) {
        const text_line *x = &a->lines.items[i], *y = &b->lines.items[i];
        lines = x->start == y->start && x->len == y->len && x->flags == y->flags &&
                x->raw == y->raw && x->number == y->number;
    }
    return lines && a->text.len == b->text.len && a->gap == b->gap &&
           (a->text.len == 0 || !memcmp(a->text.data, b->text.data, a->text.len));
}

Test(text, cleaning_is_stable)
{
    for (unsigned i = 0; i < 4000; i++) {
        char in[700];
        size_t len = awkward(in, 100 + roll(600));
        text_options opt = {.form = (winnow_form)roll(5), .tidy = true};
        text_clean once = run_cut(&opt, in, len, 0);
        opt.edits = true;
        text_clean edits = run_cut(&opt, in, len, 0);
        cr_expect(same(&once, &edits), "%u: edits change the text", i);
        text_clean twice = run_cut(&opt, (const char *)once.text.data, once.text.len, 0);
        cr_expect(twice.text.len == once.text.len &&
                      (once.text.len == 0 ||
                       !memcmp(twice.text.data, once.text.data, once.text.len)),
                  "%u: what is clean is changed", i);
        text_clean_free(&once);
        text_clean_free(&edits);
        text_clean_free(&twice);
    }
}

/* The line of all pieces of one, as the writer puts them together. */
static void join_piece(buffer *b, bool *blank, const text_clean *piece)
{
    for (size_t i = 0; i < piece->lines.len; i++) {
        const text_line *l = &piece->lines.items[i];
        *blank = *blank || l->flags & TEXT_BLANK_LEFT;
        if (l->len && *blank)
            cr_assert(buffer_append(b, " ", 1));
        *blank = l->len ? l->flags & TEXT_BLANK_RIGHT : *blank || l->flags & TEXT_BLANK_RIGHT;
        cr_assert(buffer_append(b, piece->text.data + l->start, l->len));
    }
}

Test(text, may_be_cut_where_it_says)
{
    unsigned pieces = 0;
    for (unsigned i = 0; i < 4000; i++) {
        char in[300];
        size_t len = awkward(in, 100 + roll(200)), place;
        for (size_t k = 0; k < len; k++)
            if (in[k] == '\n' || in[k] == '\r' || !memcmp(in + k, "\xE2\x80\xA8", 3))
                in[k] = 'l';
        text_options opt = {.form = (winnow_form)roll(5), .tidy = true};
        text_clean whole = run_cut(&opt, in, len, 0);
        buffer joined = {0};
        bool blank = false;
        unsigned before = 0;
        const char *at = in;
        while (len > 0) {
            size_t n = len < 60 ? len : 60;
            place = n < len ? text_cut_place((const uint8_t *)at, n) : len;
            if (place == 0)
                break;
            pieces++;
            unsigned after = place < len ? TEXT_CUT_AFTER : 0;
            text_clean piece = run_cut(&opt, at, place, before | after);
            join_piece(&joined, &blank, &piece);
            text_clean_free(&piece);
            before = TEXT_CUT_BEFORE;
            at += place;
            len -= place;
        }
        if (len == 0)
            cr_expect(joined.len == whole.text.len &&
                          (joined.len == 0 || !memcmp(joined.data, whole.text.data, joined.len)),
                      "%u: \"%.*s\", not \"%.*s\"", i, (int)joined.len, (char *)joined.data,
                      (int)whole.text.len, (char *)whole.text.data);
        buffer_free(&joined);
        text_clean_free(&whole);
    }
    cr_expect_gt(pieces, 4000);
}

/* A letter's own mark counts (UAX #15, D3). */
Test(text, marks_are_counted_decomposed)
{
    enum { MARKS = 1023 };
    char in[2 + 2 * (MARKS + 1)] = "\xC3\xA9";
    for (size_t i = 0; i <= MARKS; i++)
        memcpy(in + 2 + 2 * i, "\xCC\x96", 2);
    for (unsigned form = WINNOW_NFC; form <= WINNOW_NFKD; form++)
        for (unsigned more = 0; more < 2; more++) {
            text_options opt = {.form = (winnow_form)form, .tidy = true};
            text_clean out = run_cut(&opt, in, 2 + 2 * (MARKS + more), 0);
            cr_expect_eq(out.forced_cuts, more, "form %u: %u", form, (unsigned)out.forced_cuts);
            text_clean_free(&out);
        }
}

Test(text, cut_places)
{
    static const struct {
        const char *text;
        size_t place;
    } rows[] = {
        {"", 0}, {"a", 0}, {"ab", 1}, {"abc", 2}, {"aé", 1}, {"a\xC3", 0}, {"ab\xC3", 1},
        {"abe\xCC\x81", 2}, {"e\xCC\x81\xCC\xA3", 0}, {"e\xCC\x81" "e\xCC\x81", 3}, {"ab\x1b[31", 1}, {"ab\x1b[31mcd", 8},
        {"ab\x1b]0;title", 1}, {"ab\x1b]0;t\x07" "cd", 9}, {"ab\r\n", 1}, {"中文中", 6},
        {"ab\xE2\x80\x8B", 1}, {"a가\xE1\x86\xA8", 1}, {"abｶﾞ", 1},
    };
    for EACH (i, rows) {
        size_t place = text_cut_place((const uint8_t *)rows[i].text, strlen(rows[i].text));
        cr_expect_eq(place, rows[i].place, "row %zu: %zu", i, place);
    }
}
