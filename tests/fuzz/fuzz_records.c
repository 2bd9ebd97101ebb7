/*
 * Records: lines of JSON and WARC. The first bytes choose options and how the input is fed. Pieces,
 * flushes and threads change nothing, and every record that is no text to clean stays as it was: what
 * is asked for nothing comes out as it went in, or is the same when asked once more.
 */
#include "../stream/capture.h"
#include "fuzz.h"

static capture feed(winnow_options o, fuzz_input in, feeding how, unsigned threads)
{
    o.threads = threads;
    return run_fed(&o, (const char *)in.data, in.size, how, true);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    fuzz_input in = {data, size};
    uint8_t a = fuzz_byte(&in), b = fuzz_byte(&in), how = fuzz_byte(&in);
    winnow_options o = {
        .format = a & 1 ? WINNOW_WET : WINNOW_JSONL,
        .empty = (winnow_empty)(a >> 1 & 1),
        .field = a & 1 || !(a >> 2 & 1) ? NULL : "a.b",
        .split = a >> 3 & 1,
        .boilerplate = (winnow_boilerplate)(a >> 4 & 3),
        .invert = a >> 6 & 1,
        .no_tidy = a >> 7,
        .unit = (winnow_unit)(b & 3),
        .scope = (winnow_scope)(b >> 2 & 1),
        .invalid = (winnow_invalid)((b >> 3 & 3) % 3),
        .form = (winnow_form)((b >> 5) % 5),
    };
    feeding once = {.at = in.size, .step = in.size};
    feeding cut = {.at = how >> 2, .step = 1 + (how >> 2), .flush = how & 1};
    capture want = feed(o, in, once, 1), got = feed(o, in, cut, how & 2 ? 2 : 1);
    MUST(want.status != WINNOW_ERR_OPTION && want.status != WINNOW_ERR_STATE);
    MUST(capture_same(&got, &want));
    capture_free(&want);
    capture_free(&got);
    winnow_options clean = {.format = o.format, .field = o.field, .keep = WINNOW_KEEP_ALL,
                            .boilerplate = WINNOW_BOILERPLATE_OFF, .no_tidy = o.no_tidy,
                            .form = o.form};
    capture first = run_whole(&clean, (const char *)in.data, in.size);
    capture again = run_whole(&clean, first.len ? first.text : "", first.len);
    MUST(capture_same(&again, &first));
    capture_free(&first);
    capture_free(&again);
    return 0;
}
