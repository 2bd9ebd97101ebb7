#include <criterion/criterion.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <utf8proc.h>

#include "failing.h"
#include "judge/fold.h"
#include "judge/fold_ascii.h"
#include "judge/fold_lead.h"
#include "judge/fold_table.h"

/* Folds a copy that ends right before unreadable or poisoned memory but for the slack. */
static buffer folded(winnow_match match, const void *text, size_t len)
{
    buffer out = {0};
    uint8_t *copy = calloc(len + BUFFER_SLACK, 1);
    memcpy(copy, text, len);
    memset(copy + len, '7', BUFFER_SLACK); /* a digit, a bait for lookahead past the end */
    cr_assert(fold(match, copy, len, &out));
    free(copy);
    return out;
}

static bool same(winnow_match match, const char *a, const char *b)
{
    buffer x = folded(match, a, strlen(a)), y = folded(match, b, strlen(b));
    bool equal = x.len == y.len && memcmp(x.data, y.data, x.len) == 0;
    buffer_free(&x);
    buffer_free(&y);
    return equal;
}

/* Two texts, and whether they are the same to `text` and to `loose`. */
static const struct {
    const char *a, *b;
    bool text, loose;
} pairs[] = {
    {"The quick brown fox.", "the QUICK Brown FOX.", 1, 1},
    {"one  two\tthree ", " one two three", 1, 1},
    {"one\u00A0two\u2003three", "one two three", 1, 1},
    {"one\ntwo\r\nthree\u2028four\xC2\x85" "five", "one two three four five", 1, 1},
    {"It\u2019s a \u201Cquoted\u201D word \u2013 here.", "It's a \"quoted\" word - here.", 1, 1},
    {"\u00ABguillemets\u00BB", "\u201Eguillemets\u201C", 1, 1},
    {"\u300C\u6771\u4EAC\u300D", "\u201C\u6771\u4EAC\u201D", 1, 1},
    {"\u300E\u6771\u4EAC\u300F", "\"\u6771\u4EAC\"", 1, 1},
    {"\u2018word\u2019", "\u201Cword\u201D", 0, 1},
    {"5\u20326\u2033", "5'6\"", 1, 1},
    {"\u1F00\u03BB\u03BB\u1FBD \u1F10\u03B3", "\u1F00\u03BB\u03BB\u2019 \u1F10\u03B3", 1, 1},
    {"rock `n\u00B4 roll", "rock 'n' roll", 1, 1},
    {"\u043C\u02BC\u044F\u0442\u0430", "\u043C'\u044F\u0442\u0430", 1, 1}, /* Ukrainian */
    {"a\u2010b\u2011c\u2012d\u2013e\u2014f\u2015g", "a-b-c-d-e-f-g", 1, 1},
    {"g\u2212h\uFE63i\uFF0Dj", "g-h-i-j", 1, 1},
    {"one--two", "one\u2014two", 1, 1},
    {"one---two", "one-two", 1, 1},
    {"10\u301C20", "10-20", 0, 1}, /* a wave dash is no line */
    {"wait\u2026", "wait...", 1, 1},
    {"Caf\u00E9 au lait", "Cafe\u0301 au lait", 1, 1},
    {"\uFF26\uFF55\uFF4C\uFF4C width and \uFB01ne", "Full width and fine", 1, 1},
    {"STRASSE", "Stra\u00DFe", 1, 1},
    {"\u1E9E", "ss", 1, 1},
    {"soft\u00ADhyphen", "softhyphen", 1, 1},
    {"zero\u200Bwidth\u2060\uFEFF", "zerowidth", 1, 1},
    {"\u2764\uFE0F heart", "\u2764 heart", 1, 1},
    {"\u0645\u06CC\u200C\u062E\u0648\u0627\u0647", "\u0645\u06CC\u062E\u0648\u0627\u0647", 1, 1},
    {"\u2460 \u2461", "1 2", 1, 1},
    {"10\u00B3", "103", 1, 1},
    {"\u33A1", "m2", 1, 1},
    {"\u2122", "TM", 1, 1},

    {"We sold 1,200 cars in 2023.", "We sold 950 cars in 24.", 0, 1},
    {"costs 3.14 or 1'000'000", "costs 7 or 8", 0, 1},
    {"costs 1\u2019000", "costs 8", 0, 1},
    {"12,\uFF13", "1", 0, 1},
    {"\uFF11\uFF0C\uFF12", "1", 0, 1},
    {"1, 2", "1", 0, 0},
    {"1,2 3", "1 2", 0, 1},
    {"1,2 3", "1", 0, 0},
    {"1,,2", "1 2", 0, 1},
    {"1 ,2", "1 2", 0, 1},
    {"2 300", "2300", 0, 0},
    {"12:30", "9 15", 0, 1},
    {"\u0663\u066B\u0661\u0664", "7", 0, 1}, /* Arabic-Indic 3.14 */
    {"\u0967\u0968 \u0915", "5 \u0915", 0, 1}, /* Devanagari 12 */
    {"\u2776 first", "2 first", 0, 1}, /* a number in a black disc */
    {"abc1def", "abc22def", 0, 1},
    {"abc1def", "abc def", 0, 0},
    {"Wait, what did you say?", "Wait what did you say", 0, 1},
    {"Prices rose by 5% now", "Prices rose by 5 now", 0, 1},
    {"e-mail", "e mail", 0, 1},
    {"e-mail", "email", 0, 0},
    {"don\u2019t", "dont", 0, 0},
    {"rain \U0001F327\uFE0F today", "rain today", 0, 1},
    {"El ni\u00F1o comi\u00F3", "El nino comio", 0, 1},
    {"Ti\u1EBFng Vi\u1EC7t \u0111\u01B0\u1EDDng", "Tieng Viet duong", 0, 1},
    {"\u0141\u00F3d\u017A, Sm\u00F8rrebr\u00F8d", "Lodz Smorrebrod", 0, 1},
    {"\u0130stanbul k\u0131z", "istanbul KIZ", 0, 1},
    {"c\u0153ur \u00E6gis", "coeur aegis", 0, 1},
    {"The cat sat on the mat.", "The cat sat on the hat.", 0, 0},

    /* Greek: accents go, the iota subscript is a letter, the final sigma is a sigma. */
    {"\u039F\u0394\u039F\u03A3", "\u03BF\u03B4\u03BF\u03C2", 1, 1},
    {"\u03BF\u03B4\u03CC\u03C2", "\u03BF\u03B4\u03BF\u03C2", 0, 1},
    {"\u1FB4", "\u03B1\u0345\u0301", 1, 1},
    {"\u1FB4", "\u1FB3\u0301", 1, 1},
    {"\u1FB3", "\u03B1\u03B9", 1, 1},
    {"\u1FBC", "\u1FB3", 1, 1},

    /* Cyrillic: yo is ye, stress goes; short i and its like are letters. */
    {"\u0451\u043B\u043A\u0430", "\u0435\u043B\u043A\u0430", 0, 1},
    {"\u0401\u043B\u043A\u0430", "\u0435\u0308\u043B\u043A\u0430", 1, 1},
    {"\u0437\u0430\u0301\u043C\u043E\u043A", "\u0437\u0430\u043C\u043E\u043A", 0, 1},
    {"\u043C\u043E\u0439", "\u043C\u043E\u0438", 0, 0},
    {"\u043C\u043E\u0439", "\u041C\u041E\u0418\u0306", 1, 1},
    {"\u0457\u0445", "\u0456\u0445", 0, 0},
    {"\u045E", "\u0443", 0, 0},
    {"\u0453\u045C", "\u0433\u043A", 0, 0},
    {"\u04E3", "\u0438", 0, 0},
    {"\u0441\u044F\u0442", "\u0441\u044F\u0442\u044C", 0, 0}, /* soft sign */

    /* Signs that are part of the letter. */
    {"\u0915\u093F\u0924\u093E\u092C", "\u0915\u0924\u093E\u092C", 0, 0}, /* Devanagari i */
    {"\u0915\u0941\u0932", "\u0915\u0942\u0932", 0, 0},                   /* u and uu */
    {"\u0915\u093C", "\u0915", 0, 0},                                     /* nukta */
    {"\u0958", "\u0915\u093C", 1, 1},
    {"\u0915\u094D\u0937", "\u0915\u0937", 0, 0},                         /* virama */
    {"\u0995\u09BE", "\u0995", 0, 0},                                     /* Bengali */
    {"\u0B95\u0BBF", "\u0B95", 0, 0},                                     /* Tamil */
    {"\u0E01\u0E34\u0E19", "\u0E01\u0E19", 0, 0},                         /* Thai vowel */
    {"\u0E44\u0E21\u0E48", "\u0E44\u0E21\u0E49", 0, 0},                   /* Thai tones */
    {"\u0E81\u0EB4", "\u0E81", 0, 0},                                     /* Lao */
    {"\u1780\u17B6", "\u1780", 0, 0},                                     /* Khmer */
    {"\u1000\u102D", "\u1000", 0, 0},                                     /* Burmese */
    {"\u0F40\u0F72", "\u0F40", 0, 0},                                     /* Tibetan */
    {"\u05E9\u05C1", "\u05E9\u05C2", 0, 0},                               /* shin, sin */
    {"\u05E9\u05B8", "\u05E9", 0, 0},
    {"\u0643\u064E\u062A\u0628", "\u0643\u062A\u0628", 0, 0},             /* fatha */
    {"\u0623", "\u0627", 0, 0},                                           /* hamza */
    {"\u0623", "\u0627\u0654", 1, 1},
    {"\u0629", "\u0647", 0, 0},
    {"\uFEFB", "\u0644\u0627", 1, 1},                                     /* lam alef */
    {"\u30D1\u30F3", "\u30CF\u30F3", 0, 0},                               /* pa, ha */
    {"\uFF8A\uFF9F\uFF9D", "\u30D1\u30F3", 1, 1},
    {"\u3042", "\u30A2", 0, 0},
    {"\uD55C\uAE00", "\u1112\u1161\u11AB\u1100\u1173\u11AF", 1, 1},       /* Hangul */
    {"\uAC01", "\u1100\u1161\u11A8", 1, 1},
    {"\uAC00\u11A7", "\uAC00", 0, 0},
    {"\uAC00\u11A8", "\uAC01", 1, 1},
    {"\u4E2D\u56FD", "\u4E2D\u570B", 0, 0},
    {"\uF900", "\u8C48", 1, 1},                                           /* compatibility Han */
    {"\u10D0\u10D1", "\u1C90\u1C91", 1, 1},                               /* Georgian capitals */
    {"\u0531\u0562", "\u0561\u0562", 1, 1},                               /* Armenian */
    {"\u13A0", "\uAB70", 1, 1},                                           /* Cherokee */
    {"\u12A0\u1201", "\u12A1\u1201", 0, 0},                               /* Ethiopic */

    /* Marks in any order. */
    {"q\u0307\u0323", "q\u0323\u0307", 1, 1},
    {"\u1E69", "s\u0307\u0323", 1, 1},
    {"\u0644\u0651\u064E", "\u0644\u064E\u0651", 1, 1},
    {"a\u0301\u0300", "a\u0300\u0301", 0, 1},
    {"\u05D0\u0344", "\u05D0\u0308\u0301", 1, 1},
    {"a\u034F\u0301", "\u00E1", 1, 1},
};

Test(fold, what_is_the_same_at_each_level)
{
    for (size_t i = 0; i < sizeof pairs / sizeof *pairs; i++) {
        cr_expect(same(WINNOW_MATCH_EXACT, pairs[i].a, pairs[i].a), "row %zu", i);
        cr_expect_not(same(WINNOW_MATCH_EXACT, pairs[i].a, pairs[i].b), "exact: row %zu", i);
        cr_expect_eq(same(WINNOW_MATCH_TEXT, pairs[i].a, pairs[i].b), pairs[i].text,
                     "text: row %zu: %s | %s", i, pairs[i].a, pairs[i].b);
        cr_expect_eq(same(WINNOW_MATCH_LOOSE, pairs[i].a, pairs[i].b), pairs[i].loose,
                     "loose: row %zu: %s | %s", i, pairs[i].a, pairs[i].b);
    }
}

static const struct {
    winnow_match match;
    const char *text, *fold;
} folds[] = {
    {WINNOW_MATCH_TEXT, "  Hello,\t World! ", "hello, world!"},
    {WINNOW_MATCH_LOOSE, "  Hello,\t World! ", "hello world"},
    {WINNOW_MATCH_LOOSE, "At 10:45, 3,000 came (90.5%).", "at 0 0 0 came 0"},
    {WINNOW_MATCH_LOOSE, "read more \u2192", "read more"},
    {WINNOW_MATCH_TEXT, "\u00C9", "e\u0301"},
    {WINNOW_MATCH_TEXT, "a \u00AD b", "a b"},
    {WINNOW_MATCH_LOOSE, "!!!", "!!!"},
    {WINNOW_MATCH_LOOSE, "\u2026", "\u2026"},
    {WINNOW_MATCH_TEXT, "\u00AD", "\u00AD"},
    {WINNOW_MATCH_TEXT, " \t ", " \t "},
    {WINNOW_MATCH_TEXT, "", ""},
    {WINNOW_MATCH_LOOSE, "", ""},
    {WINNOW_MATCH_LOOSE, "1", "0"},
    {WINNOW_MATCH_LOOSE, "1,", "0"},
    {WINNOW_MATCH_LOOSE, "\u0661,", "0"},
    {WINNOW_MATCH_EXACT, " A\u00AD ", " A\u00AD "},
};

Test(fold, what_it_folds_to)
{
    for (size_t i = 0; i < sizeof folds / sizeof *folds; i++) {
        buffer b = folded(folds[i].match, folds[i].text, strlen(folds[i].text));
        bool equal = b.len == strlen(folds[i].fold);
        cr_expect(equal && (!b.len || memcmp(b.data, folds[i].fold, b.len) == 0),
                  "row %zu: %.*s", i, (int)b.len, b.data ? (char *)b.data : "");
        buffer_free(&b);
    }
}

static uint64_t state = 88172645463325252u;

static uint32_t any(uint32_t below)
{
    state ^= state << 13, state ^= state >> 7, state ^= state << 17;
    return (uint32_t)((state >> 20) % below);
}

/* One run of a kernel, over a text that follows `last`. */
static fold_run kernel_run(fold_kernel *kernel, const uint8_t *text, size_t len, uint8_t last,
                           uint8_t *to, size_t room)
{
    fold_run r = {.from = text, .end = text + len, .to = to, .start = to,
                  .limit = to + room - FOLD_ROOM, .last = last};
    kernel(&r);
    return r;
}

static void expect_equal_kernels(fold_kernel *plain, fold_kernel *k, const char *name,
                                 const uint8_t *text, size_t len, uint8_t last)
{
    uint8_t a[3 * FOLD_ROOM + BUFFER_SLACK], b[sizeof a];
    fold_run x = kernel_run(plain, text, len, last, a, 3 * FOLD_ROOM);
    fold_run y = kernel_run(k, text, len, last, b, 3 * FOLD_ROOM);
    size_t written = (size_t)(x.to - a);
    cr_assert(x.from == y.from && written == (size_t)(y.to - b) && x.last_ccc == y.last_ccc,
              "%s: %zu bytes: read %zu, %zu, written %zu, %zu: %.*s", name, len,
              (size_t)(x.from - text), (size_t)(y.from - text), written, (size_t)(y.to - b),
              (int)len, (const char *)text);
    cr_assert_eq(memcmp(a, b, written), 0, "%s: %zu bytes: %.*s", name, len, (int)len,
                 (const char *)text);
}

static const char pieces[] = "aZ09 -.,'`\t\n\x01\x7f!~@[{/:AzMb0 1,2--  ";

/* Of all bytes below 0x80, or of what runs and numbers are made of. */
static uint8_t any_ascii(bool all)
{
    return all ? (uint8_t)any(128) : (uint8_t)pieces[any(sizeof pieces - 1)];
}

static const uint32_t wide[] = {
    0xE9, 0xC9, 0xDF, 0x1D6, 0x142, 0xA0, 0xAD, 0x2019, 0x2014, 0x2014, 0x2026, 0x301, 0x323,
    0x331, 0x336, 0x345, 0x34F, 0x3AC, 0x430, 0x410, 0x439, 0x561, 0x531, 0x5D0, 0x5B8, 0x627,
    0x623, 0x64E, 0x651, 0x661, 0x66B, 0x905, 0x94D, 0x93C, 0xE33, 0xE48, 0x1100, 0x1161, 0x11A8,
    0x1EBF, 0x200B, 0x200D, 0x2C88, 0x3000, 0x3042, 0x304C, 0x3099, 0x4DBF, 0x4DC0, 0x4E2D,
    0x2C8, 0x259, 0x3B1, 0x3B9, 0x3C2, 0x457, 0x456, 0x587, 0x58A, 0x6C2, 0x710, 0x711, 0x13A0,
    0x1401, 0x1201, 0xAC00, 0xD7A3, 0xFB01, 0xFDFA, 0xFF0C, 0xFF11, 0x1F600, 0x20000, 0x2F800};

enum { WIDE = sizeof wide / sizeof *wide };

/* A text of at most so many bytes: ASCII of both kinds; between it, from round to round more and
   more of what the kernels fold by the table. */
static size_t mixed_text(uint8_t *to, size_t most, unsigned round)
{
    size_t len = 0;
    while (len + 4 <= most) {
        if (any(64) >= round % 64)
            to[len++] = any_ascii(round % 3 == 0);
        else
            len += (size_t)utf8proc_encode_char((utf8proc_int32_t)wide[any(WIDE)], to + len);
    }
    return len;
}

Test(fold, vector_kernels_equal_the_portable_one)
{
    const fold_kernels *k, *plain = fold_kernels_number(0);
    static const uint8_t lasts[] = {' ', '0', '-', 'a'};
    for (size_t i = 0; i < WIDE; i++)
        cr_assert(fold_block_of(wide[i])); /* kernels know what was built */
    for (unsigned n = 1; (k = fold_kernels_number(n)) != NULL; n++) {
        for (unsigned round = 0; round < 201 * 64; round++) {
            size_t most = round / 64, shift = any(32), size = shift + most + BUFFER_SLACK;
            uint8_t *text = calloc(size, 1), last = lasts[any(4)];
            size_t len = mixed_text(text + shift, most, round);
            memset(text + shift + len, round % 2 ? '7' : ' ', BUFFER_SLACK);
            expect_equal_kernels(plain->text, k->text, k->name, text + shift, len, last);
            expect_equal_kernels(plain->loose, k->loose, k->name, text + shift, len, last);
            free(text);
        }
    }
}

Test(fold, what_may_not_change_folds_to_itself)
{
    cr_assert(fold_kernels_best());
    for (uint32_t cp = 0x80; cp < 0x110000; cp++) {
        uint8_t c[4] = {0};
        if (!utf8proc_codepoint_valid((utf8proc_int32_t)cp))
            continue;
        utf8proc_encode_char((utf8proc_int32_t)cp, c);
        if (fold_lead_may_change(c[0], c[1]))
            continue;
        cr_assert(fold_is_inert(cp) || fold_block_of(cp)); /* it is learnt */
        cr_expect(fold_is_same(c, false) && fold_is_same(c, true), "U+%04X", cp);
    }
}

/* Leaves each character to be thought about. */
static void no_kernel(fold_run *r)
{
    (void)r;
}

static void expect_fold_by(const fold_kernels *k, const fold_kernels *other, winnow_match match,
                           const uint8_t *text, size_t len)
{
    buffer a = {0}, b = {0};
    cr_assert(fold_by(k, match, text, len, &a) && fold_by(other, match, text, len, &b));
    cr_assert(a.len == b.len && memcmp(a.data, b.data, a.len) == 0, "%s (match %d): %.*s", k->name,
              (int)match, (int)len, (const char *)text);
    buffer_free(&a);
    buffer_free(&b);
}

/* The longest outgrow their room again and again. */
Test(fold, kernels_fold_as_thought_does)
{
    enum { MOST = 20000 };
    static const fold_kernels thought = {"none", no_kernel, no_kernel, NULL};
    uint8_t *text = calloc(MOST + BUFFER_SLACK, 1);
    const fold_kernels *k;
    for (unsigned n = 0; (k = fold_kernels_number(n)) != NULL; n++) {
        for (unsigned round = 0; round < 64 * 64; round++) {
            size_t most = round % 256 == 255 ? any(MOST) : any(200);
            size_t len = mixed_text(text, most, round);
            expect_fold_by(k, &thought, WINNOW_MATCH_TEXT, text, len);
            expect_fold_by(k, &thought, WINNOW_MATCH_LOOSE, text, len);
        }
    }
    free(text);
}

/* Quotes that have a compatibility decomposition, which is not what they fold to. */
static bool is_compatible_quote(uint32_t cp)
{
    return cp == 0xB4 || cp == 0x2033 || cp == 0x2036 || cp == 0x1FBD || cp == 0x1FBF ||
           (cp >= 0x1FCD && cp <= 0x1FCF) || cp == 0x1FFD;
}

static bool has_compatible_quote(const uint8_t *text, size_t len)
{
    utf8proc_int32_t cp;
    for (size_t i = 0; i < len; i += (size_t)utf8proc_iterate(text + i, 4, &cp))
        if (utf8proc_iterate(text + i, 4, &cp) && is_compatible_quote((uint32_t)cp))
            return true;
    return false;
}

static void expect_same_fold(winnow_match match, const uint8_t *a, size_t a_len, const uint8_t *b,
                             size_t b_len, const char *what)
{
    buffer x = folded(match, a, a_len), y = folded(match, b, b_len);
    cr_expect(x.len == y.len && memcmp(x.data, y.data, x.len) == 0, "%s (match %d): %.*s", what,
              (int)match, (int)a_len, (const char *)a);
    buffer_free(&x);
    buffer_free(&y);
}

static bool folds_to_itself(winnow_match match, const uint8_t *text, size_t len)
{
    buffer b = folded(match, text, len);
    bool itself = b.len == len && (!len || memcmp(b.data, text, len) == 0);
    buffer_free(&b);
    return itself;
}

/* A soft hyphen behind each character sends ASCII down the road of all other text. */
Test(fold, ascii_folds_alike_by_kernel_and_by_table)
{
    for (unsigned round = 0; round < 20000; round++) {
        uint8_t text[80], parted[240];
        size_t len = any(sizeof text), n = 0;
        for (size_t i = 0; i < len; i++) {
            text[i] = any_ascii(round % 3 == 0);
            parted[n++] = text[i];
            if (round % 2 || any(4) == 0) {
                memcpy(parted + n, "\u00AD", 2);
                n += 2;
            }
        }
        for (int loose = 0; loose < 2; loose++) {
            winnow_match match = loose ? WINNOW_MATCH_LOOSE : WINNOW_MATCH_TEXT;
            if (!folds_to_itself(match, text, len))
                expect_same_fold(match, text, len, parted, n, "by table");
        }
    }
}

/* Text with a bias for what interacts: digits and joints, marks, dashes, blanks, jamo. */
static size_t random_text(uint8_t *to, unsigned count)
{
    static const uint32_t odd[] = {
        0x301, 0x323, 0x345, 0x308, 0x306, 0x1FB3, 0x3B1, 0x435, 0x418, 0x1100, 0x1161, 0x11A8,
        0x11A7, 0xAC00, 0xAD, 0x200D, 0x2019, 0x2014, 0x2212, 0xA0, 0x3000, 0x661, 0x66B,
        0xFF0C, 0xFF11, 0x2033, 0xE9, 0xC6, 0x131, 0x142, 0x4E2D, 0x915, 0x93C, 0x958, 0xFDFA,
        0xB4, 0xA8, 0x1F600, 0x20E3, 0x344, 0x64E, 0x651, 0xFB01, 0x2026, 0x85, 0x1D160, 0x3099,
        0x30CF};
    size_t len = 0;
    for (unsigned i = 0; i < count; i++) {
        uint32_t kind = any(8), cp;
        if (kind < 3)
            cp = (uint8_t)" -.,'`0129aZe\t"[any(14)];
        else if (kind < 7)
            cp = odd[any(sizeof odd / sizeof *odd)];
        else
            cp = any(0x3000);
        len += (size_t)utf8proc_encode_char((utf8proc_int32_t)cp, to + len);
    }
    return len;
}

static void expect_form_does_not_matter(winnow_match match, const uint8_t *text, size_t len,
                                        int form, const char *what)
{
    uint8_t *other = NULL;
    utf8proc_ssize_t n = utf8proc_map(text, (utf8proc_ssize_t)len, &other, (utf8proc_option_t)form);
    cr_assert(n >= 0);
    expect_same_fold(match, text, len, other, (size_t)n, what);
    free(other);
}

Test(fold, folds_of_random_text_agree_with_each_other)
{
    uint8_t text[256];
    for (unsigned round = 0; round < 20000; round++) {
        size_t len = random_text(text, 1 + any(12));
        for (int loose = 0; loose < 2; loose++) {
            winnow_match match = loose ? WINNOW_MATCH_LOOSE : WINNOW_MATCH_TEXT;
            buffer once = folded(match, text, len);
            expect_same_fold(match, text, len, once.data, once.len, "folding twice");
            buffer_free(&once);
            if (folds_to_itself(match, text, len))
                continue;
            expect_form_does_not_matter(match, text, len, UTF8PROC_DECOMPOSE, "NFD");
            if (!has_compatible_quote(text, len))
                expect_form_does_not_matter(match, text, len, UTF8PROC_DECOMPOSE | UTF8PROC_COMPAT,
                                            "NFKD");
        }
        buffer b = folded(WINNOW_MATCH_TEXT, text, len);
        if (!folds_to_itself(WINNOW_MATCH_LOOSE, text, len))
            expect_same_fold(WINNOW_MATCH_LOOSE, text, len, b.data, b.len, "loose after text");
        buffer_free(&b);
    }
}

/* A quote, dash or blank is the fold's own business; all else is NFKC_Casefold, decomposed. */
static bool is_own(uint32_t cp)
{
    const fold_block *b = fold_block_of(cp);
    fold_atom a = b->atoms[cp % 256];
    bool many = fold_class_of(a) == FOLD_MANY;
    const fold_atom *part = many ? b->many + fold_value(a) / 32 : &a;
    for (unsigned n = many ? fold_value(a) % 32 : 1; n > 0; n--, part++)
        if (fold_value(*part) == '\'' || fold_value(*part) == '"' || fold_value(*part) == '-' ||
            fold_class_of(*part) == FOLD_BLANK)
            return true;
    return false;
}

Test(fold, text_is_nfkc_casefold_for_every_code_point)
{
    enum {
        CASEFOLD = UTF8PROC_COMPAT | UTF8PROC_CASEFOLD | UTF8PROC_IGNORE | UTF8PROC_DECOMPOSE
    };
    for (uint32_t cp = 0x80; cp < 0x110000; cp++) {
        if ((cp >= 0xD800 && cp < 0xE000) || is_own(cp))
            continue;
        uint8_t text[16 + BUFFER_SLACK] = "x", *want = NULL, *got = NULL;
        size_t len = 1 + (size_t)utf8proc_encode_char((utf8proc_int32_t)cp, text + 1);
        memcpy(text + len, text + 1, len - 1); /* twice: the second one meets its block in use */
        len += len - 1;
        buffer b = {0};
        cr_assert(fold(WINNOW_MATCH_TEXT, text, len, &b));
        utf8proc_ssize_t n = utf8proc_map(text, (utf8proc_ssize_t)len, &want,
                                          (utf8proc_option_t)CASEFOLD);
        utf8proc_ssize_t m = utf8proc_map(b.data, (utf8proc_ssize_t)b.len, &got,
                                          UTF8PROC_DECOMPOSE);
        cr_expect(n == m && memcmp(want, got, (size_t)m) == 0, "U+%04X", cp);
        free(want);
        free(got);
        buffer_free(&b);
    }
}

static double seconds(void)
{
    struct timespec t;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
    return (double)t.tv_sec + (double)t.tv_nsec * 1e-9;
}

static double time_of_marks(size_t pairs_of_marks)
{
    size_t len = 1 + 4 * pairs_of_marks;
    uint8_t *text = calloc(len + BUFFER_SLACK, 1);
    text[0] = 'a';
    for (size_t i = 0; i < pairs_of_marks; i++)
        memcpy(text + 1 + 4 * i, "\u05B0\u0327", 4); /* a Hebrew point: no accent, stays in loose */
    buffer b = {0};
    double begin = seconds();
    cr_assert(fold(WINNOW_MATCH_TEXT, text, len, &b) && fold(WINNOW_MATCH_LOOSE, text, len, &b));
    double took = seconds() - begin;
    buffer_free(&b);
    free(text);
    return took;
}

Test(fold, stacked_marks_take_linear_time)
{
    time_of_marks(1000);
    double small = time_of_marks(20000), large = time_of_marks(200000);
    cr_expect_lt(large, 40 * small + 0.01, "%g s, ten times as many: %g s", small, large);
}

/* Several blocks of the table, marks out of order, and a fold longer than its text. */
static const char many_scripts[] = "Caf\u00E9 \u201CZ\u0307\u0323\u201D \u0416\u0443\u043A "
                                   "\uFDFA\uFDFA\uFDFA\uFDFA\uFDFA\uFDFA \u0915\u093F "
                                   "\uFF21 \u1E69 \u0E01 \u30D1 \U0001F600";

Test(fold, any_allocation_may_fail)
{
    bool done = false;
    uint8_t text[sizeof many_scripts + BUFFER_SLACK] = {0};
    memcpy(text, many_scripts, sizeof many_scripts);
    unsigned n = 0;
    while (!done) {
        buffer out = {0};
        fail_allocation(++n);
        done = fold(WINNOW_MATCH_TEXT, text, sizeof many_scripts - 1, &out);
        fail_allocation(0);
        buffer_free(&out);
    }
    cr_expect_gt(n, 2);
    buffer b = folded(WINNOW_MATCH_TEXT, text, sizeof many_scripts - 1);
    expect_same_fold(WINNOW_MATCH_TEXT, text, sizeof many_scripts - 1, b.data, b.len, "after all");
    buffer_free(&b);
}

static void *fold_many_scripts(void *out)
{
    uint8_t text[sizeof many_scripts + BUFFER_SLACK] = {0};
    memcpy(text, many_scripts, sizeof many_scripts);
    for (int i = 0; i < 100; i++)
        if (!fold(WINNOW_MATCH_LOOSE, text, sizeof many_scripts - 1, out))
            return NULL;
    return out;
}

Test(fold, threads_may_meet_a_script_together)
{
    enum { THREADS = 4 };
    pthread_t threads[THREADS];
    buffer out[THREADS] = {{0}};
    for (int i = 0; i < THREADS; i++)
        cr_assert_eq(pthread_create(&threads[i], NULL, fold_many_scripts, &out[i]), 0);
    for (int i = 0; i < THREADS; i++) {
        void *done = NULL;
        cr_assert_eq(pthread_join(threads[i], &done), 0);
        cr_assert(done && out[i].len == out[0].len);
        cr_expect_eq(memcmp(out[i].data, out[0].data, out[0].len), 0);
    }
    for (int i = 0; i < THREADS; i++)
        buffer_free(&out[i]);
}

static const struct {
    const char *text;
    unsigned words;
} words[] = {
    {"", 0},
    {"   ", 0},
    {"one", 1},
    {" one  two ", 2},
    {"one\u00A0two\u3000three\nfour", 4},
    {"- - -", 3},
    {"\u0434\u0432\u0430 \u0441\u043B\u043E\u0432\u0430", 2},
    {"\u4E2D", 1},
    {"\u4E2D\u56FD", 1},
    {"\u4E2D\u56FD\u4EBA", 1},
    {"\u4E2D\u56FD\u4EBA\u6C11\u5E01\u3002", 2},
    {"\u4E2D\u56FD\u4EBA\u6C11\u5E01\u5E01", 3},
    {"\u3072\u3089\u304C\u306A \u30AB\u30BF", 3},
    {"\u0E20\u0E32\u0E29\u0E32\u0E44\u0E17\u0E22", 3},
    {"\u0E17\u0E35\u0E48\u0E19\u0E35\u0E48", 1}, /* marks are no letters */
    {"\uD55C\uAD6D\uC5B4\uB294 \uB744\uC5B4", 2}, /* Korean has blanks */
    {"a b c d e f g h i j", 7},
};

/* Of a copy with the room behind it that a buffer has, full of words. */
static unsigned counted_words(const uint8_t *text, size_t len, unsigned limit)
{
    uint8_t *copy = malloc(len + BUFFER_SLACK);
    memcpy(copy, text, len);
    for (size_t i = 0; i < BUFFER_SLACK; i++)
        copy[len + i] = i % 2 ? 'x' : ' ';
    unsigned words_found = fold_words(copy, len, limit);
    free(copy);
    return words_found;
}

static void expect_words(const uint8_t *text, size_t len, unsigned limit, unsigned expected)
{
    cr_expect_eq(counted_words(text, len, limit), expected, "%u words at most: %.*s", limit,
                 (int)len, (const char *)text);
}

Test(fold, words_are_counted_up_to_the_limit)
{
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        for (unsigned limit = 0; limit <= 7; limit++)
            expect_words((const uint8_t *)words[i].text, strlen(words[i].text), limit,
                         words[i].words < limit ? words[i].words : limit);
}

/* Behind a letter that is not ASCII all are counted one by one, if no limit is reached. */
Test(fold, words_at_a_glance_are_words)
{
    static const char *const parts[] = {
        " ", " ", "\t", "\r", "a", "bc", ".", "\x01", "\x0E", "\xC2\x85", "\u00A0", "\u00A1",
        "\u0431", "\u0939", "\u0E01", "\u1680", "\u1681", "\u1780", "\u1EBF", "\u2003", "\u200B",
        "\u2014", "\u201C", "\u2028", "\u202F", "\u205F", "\u2082", "\u2E80", "\u3000", "\u3042",
        "\u4E2D", "\uD55C", "\U00020000"};
    static const char letter[] = "\u0431 ";
    for (unsigned round = 0; round < 20000; round++) {
        char text[240];
        strcpy(text, letter);
        for (unsigned i = any(40); i > 0; i--)
            strcat(text, parts[any(round % 2 ? 6 : sizeof parts / sizeof *parts)]);
        const uint8_t *all = (const uint8_t *)text, *rest = all + strlen(letter);
        size_t len = strlen(text), rest_len = len - strlen(letter);
        unsigned most = counted_words(all, len, 1000) - 1;
        for (unsigned limit = 0; limit <= 8; limit++)
            expect_words(rest, rest_len, limit, most < limit ? most : limit);
    }
}
