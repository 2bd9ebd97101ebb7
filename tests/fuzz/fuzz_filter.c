/*
 * The whole filter. The first bytes choose options and how the text is fed; the rest is the text.
 *
 * However it is fed, flushed and shared among threads, the output, drops and counts are those of one
 * call. Asked for nothing it changes no valid text; asked for lines that are repeated, byte for byte,
 * it drops those that plain C finds. Cleaned text cleaned again stays as it is. Verdicts lie inside
 * the input, in its order.
 */
#include <stdlib.h>
#include <string.h>

#include "fuzz.h"
#include "../stream/capture.h"

/* The rules that some runs go by: made once, never freed. */
static const winnow_rules *some_rules(void)
{
    static const char LINES[] = "a\nb c*\n*d*\n!the *\n!*cat*\n";
    static winnow_rules *rules;
    if (!rules) {
        MUST(winnow_rules_create(&rules) == WINNOW_OK);
        MUST(winnow_rules_add(rules, LINES, sizeof LINES - 1, NULL, NULL) == WINNOW_OK);
        MUST(winnow_rules_end(rules) == WINNOW_OK);
    }
    return rules;
}

/* What is asked for more seldom. */
static void take_more(winnow_options *o, unsigned bits)
{
    static const unsigned char secret[WINNOW_SECRET_BYTES] = {1, 2, 3};
    if (bits & 1)
        o->rules = some_rules();
    if (bits >> 1 & 1)
        o->learn = 1;
    if (bits >> 2 & 1)
        o->secret = secret;
    if (bits >> 3 & 1)
        o->memory = 1 + (bits >> 4 & 1) * 100000;
    if (bits >> 5 & 1)
        o->memory_full = WINNOW_FULL_PASS;
}

static winnow_options take_options(fuzz_input *in)
{
    uint8_t a = fuzz_byte(in), b = fuzz_byte(in), c = fuzz_byte(in), d = fuzz_byte(in);
    winnow_options o = {
        .form = (winnow_form)(a % 5),
        .no_tidy = a >> 3 & 1,
        .invalid = (winnow_invalid)((a >> 4) % 3),
        .split = a >> 6 & 1,
        .invert = a >> 7,
        .unit = (winnow_unit)(b & 3),
        .match = (winnow_match)((b >> 2 & 3) % 3),
        .boilerplate = (winnow_boilerplate)(b >> 4 & 3),
        .sentences = (winnow_sentences)(b >> 6 & 1),
        .scope = (winnow_scope)(b >> 7),
        .format = (winnow_format)((c & 3) % 3),
        .keep = c >> 2 & 3,
        .min_words = c >> 4 & 3,
        .count = c >> 6 & 1,
        .lang = d & 3 || b >> 6 & 1 ? NULL : winnow_language(d >> 2),
    };
    if (o.format == WINNOW_NUL)
        o.empty = (winnow_empty)(c >> 7);
    if (o.keep == 0)
        o.keep = WINNOW_KEEP_ALL;
    if (d & 1)
        take_more(&o, d >> 2);
    return o;
}

static void same(const capture *got, const capture *want)
{
    MUST(capture_same(got, want));
    MUST(got->stats.sentences == want->stats.sentences);
    MUST(got->stats.kept == want->stats.kept);
    MUST(got->stats.lines_in == want->stats.lines_in);
    MUST(got->stats.lines_out == want->stats.lines_out);
    MUST(got->stats.documents == want->stats.documents);
    MUST(got->stats.controls == want->stats.controls);
    MUST(got->stats.unique == want->stats.unique);
}

static void feed_otherwise(winnow_options o, fuzz_input in, feeding how, bool threads)
{
    const char *text = (const char *)in.data;
    feeding once = {.at = in.size, .step = in.size};
    capture want = run_fed(&o, text, in.size, once, true);
    MUST(want.status == WINNOW_OK || (want.status == WINNOW_ERR_INVALID && o.invalid) ||
         (want.status == WINNOW_ERR_FULL && o.memory));
    if (want.status == WINNOW_OK) {
        uint64_t sum = want.stats.kept;
        for (int i = 0; i < WINNOW_REASONS; i++)
            sum += want.stats.dropped[i];
        MUST(sum == want.stats.sentences);
    }
    o.threads = threads ? 2 : 1;
    capture got = run_fed(&o, text, in.size, how, true);
    if (want.status == WINNOW_OK)
        same(&got, &want);
    else
        MUST(capture_same(&got, &want));
    capture_free(&want);
    capture_free(&got);
}

static void change_nothing(fuzz_input in, winnow_format format, winnow_unit unit)
{
    winnow_options o = {.form = WINNOW_FORM_NONE, .no_tidy = 1, .keep = WINNOW_KEEP_ALL,
                        .boilerplate = WINNOW_BOILERPLATE_OFF, .format = format, .unit = unit};
    buffer text = fuzz_text(in.data, in.size);
    capture got = run_whole(&o, (const char *)text.data, text.len);
    MUST(capture_is(&got, (const char *)text.data, text.len));
    capture_free(&got);
    buffer_free(&text);
}

/* The bytes of the blank that begins there: White_Space of Unicode, but for line ends; 0: none. */
static size_t blank_bytes(const uint8_t *at, size_t left)
{
    static const char *const blanks[] = {"\t", "\v", "\f", "\r", " ", "\302\205", "\u00a0",
        "\u1680", "\u2000", "\u2001", "\u2002", "\u2003", "\u2004", "\u2005", "\u2006", "\u2007",
        "\u2008", "\u2009", "\u200a", "\u2028", "\u2029", "\u202f", "\u205f", "\u3000"};
    for (size_t i = 0; i < sizeof blanks / sizeof *blanks; i++) {
        size_t len = strlen(blanks[i]);
        if (len <= left && memcmp(at, blanks[i], len) == 0)
            return len;
    }
    return 0;
}

static bool is_blank(fuzz_input line)
{
    for (size_t n; line.size && (n = blank_bytes(line.data, line.size)) > 0;) {
        line.data += n;
        line.size -= n;
    }
    return line.size == 0;
}

static fuzz_input line_at(const buffer *text, size_t at)
{
    const uint8_t *end = memchr(text->data + at, '\n', text->len - at);
    return (fuzz_input){text->data + at, end ? (size_t)(end - text->data) - at : text->len - at};
}

/* How many lines before `at` are the same. */
static unsigned copies_before(const buffer *text, size_t at)
{
    fuzz_input line = line_at(text, at), other;
    unsigned copies = 0;
    for (size_t i = 0; i < at; i += other.size + 1) {
        other = line_at(text, i);
        copies += other.size == line.size && memcmp(other.data, line.data, line.size) == 0;
    }
    return copies;
}

static void drop_lines(fuzz_input in, unsigned keep)
{
    winnow_options o = {.form = WINNOW_FORM_NONE, .no_tidy = 1, .keep = keep, .min_words = 1,
                        .unit = WINNOW_LINE, .match = WINNOW_MATCH_EXACT,
                        .boilerplate = WINNOW_BOILERPLATE_OFF};
    buffer text = fuzz_text(in.data, in.size), want = {0};
    for (size_t at = 0; at < text.len;) {
        fuzz_input line = line_at(&text, at);
        size_t len = line.size + (at + line.size < text.len);
        if (is_blank(line) || copies_before(&text, at) < keep)
            MUST(buffer_append(&want, line.data, len));
        at += len;
    }
    capture got = run_whole(&o, (const char *)text.data, text.len);
    MUST(capture_is(&got, want.len ? (const char *)want.data : "", want.len));
    capture_free(&got);
    buffer_free(&want);
    buffer_free(&text);
}

static void clean_twice(winnow_options o, fuzz_input in)
{
    winnow_options clean = {.form = o.form, .no_tidy = o.no_tidy, .invalid = o.invalid,
                            .format = o.format, .keep = WINNOW_KEEP_ALL,
                            .boilerplate = WINNOW_BOILERPLATE_OFF};
    capture once = run_whole(&clean, (const char *)in.data, in.size);
    if (once.status == WINNOW_OK) {
        capture twice = run_whole(&clean, once.len ? once.text : "", once.len);
        MUST(capture_same(&twice, &once));
        capture_free(&twice);
    }
    capture_free(&once);
}

typedef struct {
    uint64_t size, line, byte, verdicts;
} watch;

static int watch_verdict(void *user, const winnow_verdict *v)
{
    watch *w = user;
    MUST(v->line >= w->line && v->byte >= w->byte && v->byte < w->size);
    MUST(v->document >= 1 && v->document <= v->line + w->size && v->len > 0);
    w->line = v->line;
    w->byte = v->byte;
    w->verdicts++;
    return 0;
}

static int ignore(void *user, const void *text, size_t len)
{
    (void)user;
    (void)text;
    (void)len;
    return 0;
}

static void watch_verdicts(winnow_options o, fuzz_input in)
{
    watch seen = {.size = in.size};
    winnow *w;
    o.on_drop = o.on_keep = watch_verdict;
    o.on_verdict_user = &seen;
    MUST(winnow_create(&w, &o, ignore, NULL) == WINNOW_OK);
    if (winnow_feed(w, in.data, in.size) == WINNOW_OK)
        winnow_finish(w);
    winnow_free(w);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    fuzz_input in = {data, size};
    winnow_options o = take_options(&in);
    uint8_t at = fuzz_byte(&in), how = fuzz_byte(&in);
    feeding feed = {.at = at, .step = 1 + (how & 31U), .flush = how >> 5 & 1};
    feed_otherwise(o, in, feed, how >> 6 == 3);
    switch (how >> 6) {
    case 0:
        change_nothing(in, o.format, o.unit);
        drop_lines(in, o.keep);
        break;
    case 1:
        clean_twice(o, in);
        break;
    case 2:
        watch_verdicts(o, in);
        break;
    }
    return 0;
}
