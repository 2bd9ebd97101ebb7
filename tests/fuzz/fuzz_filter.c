/*
 * The whole filter. The first bytes choose options and how the text is fed; the rest is the text.
 *
 * However it is fed, flushed and shared among threads, the output, drops and counts are those of one
 * call. Asked for nothing it changes no valid text. Cleaned text cleaned again stays as it is.
 * Verdicts lie inside the input, in its order.
 */
#include <stdlib.h>
#include <string.h>

#include "fuzz.h"
#include "../stream/capture.h"

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
    MUST(want.status == WINNOW_OK || want.status == WINNOW_ERR_INVALID);
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
