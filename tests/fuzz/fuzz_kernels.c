/* Each kernel this machine has against its portable twin, at the alignment the first byte gives. */
#include <stdlib.h>
#include <string.h>

#include "base/scan.h"
#include "fuzz.h"
#include "judge/fold.h"
#include "judge/fold_ascii.h"
#include "judge/tally.h"
#include "sentence/scan.h"

static void compare_marks(const scan_marks *a, const scan_marks *b)
{
    MUST(a->stops == b->stops);
    MUST(a->lines == b->lines);
    MUST(a->nbsp == b->nbsp);
    MUST(a->extra == b->extra);
}

static void compare_squeeze(const scan_kernels *twin, const scan_kernels *k, const uint8_t *text,
                            uint64_t keep)
{
    uint8_t want[64], got[64];
    size_t n = twin->squeeze(want, text, keep);
    MUST(k->squeeze(got, text, keep) == n);
    MUST(memcmp(want, got, n) == 0);
}

static void compare_scan(const scan_kernels *k, const scan_kernels *twin, const uint8_t *text,
                         size_t len, const scan_set *set, uint8_t before)
{
    scan_marks want[SCAN_BATCH / 64], got[SCAN_BATCH / 64];
    size_t n = len < SCAN_BATCH ? len : SCAN_BATCH;
    MUST(k->ascii(text, len) == twin->ascii(text, len));
    MUST(k->utf8(text, len) == twin->utf8(text, len));
    if (twin->utf8(text, len) < n) /* marks are for valid text */
        n = twin->utf8(text, len);
    twin->text(text, n, set, before, want);
    k->text(text, n, set, before, got);
    for (size_t i = 0; i * 64 < n; i++) {
        compare_marks(&want[i], &got[i]);
        if (n - i * 64 >= 64)
            compare_squeeze(twin, k, text + i * 64, ~want[i].extra);
    }
}

static void compare_scans(fuzz_input in, unsigned align)
{
    scan_set set;
    uint8_t chooses = fuzz_byte(&in), before = fuzz_byte(&in);
    scan_set_init(&set, chooses & 1);
    for (unsigned n = chooses >> 4; n > 0; n--) {
        uint32_t c = (uint32_t)fuzz_byte(&in) << 12 | (uint32_t)fuzz_byte(&in) << 4;
        if (c >= 0x80 && c < 0x110000)
            scan_set_add(&set, c, (unsigned)fuzz_byte(&in) << 8 | 1);
    }
    size_t count, len = in.size;
    const scan_kernels *const *all = scan_all(&count);
    uint8_t *room = malloc(align + len + 1);
    MUST(room);
    memcpy(room + align, in.data, len);
    uint8_t *text = realloc(room, align + len + !len); /* nothing behind it */
    for (size_t i = 1; i < count; i++)
        compare_scan(all[i], all[0], text + align, len, &set, before);
    free(text);
}

static void compare_folds(const buffer *text, size_t at)
{
    const fold_kernels *twin = fold_kernels_number(0), *k;
    size_t len = text->len - at;
    buffer want = {0}, got = {0};
    for (int match = WINNOW_MATCH_TEXT; match <= WINNOW_MATCH_LOOSE; match++)
        for (unsigned i = 1; (k = fold_kernels_number(i)) != NULL; i++) {
            if (match == WINNOW_MATCH_EXACT)
                continue;
            MUST(fold_by(twin, (winnow_match)match, text->data + at, len, &want));
            MUST(fold_by(k, (winnow_match)match, text->data + at, len, &got));
            MUST(want.len == got.len && memcmp(want.data, got.data, got.len) == 0);
        }
    buffer_free(&want);
    buffer_free(&got);
}

static void compare_tallies(const uint8_t *line, size_t len)
{
    const tally_kernels *k;
    tally want, got;
    tally_number(0)->count(&want, line, len);
    for (unsigned i = 1; (k = tally_number(i)) != NULL; i++) {
        k->count(&got, line, len);
        MUST(memcmp(&want, &got, sizeof want) == 0);
    }
}

/* Of one line; kernels may find different places, but decisions begin at the same. */
static void compare_sentences(const uint8_t *line, size_t len)
{
    scan_kernel *kernels[SCAN_KERNELS];
    size_t count = sentence_scan_all(kernels);
    for (size_t i = 1; i < count; i++) {
        scan_places want = {0}, got = {0};
        MUST(scan_text_places(kernels[0], line, len, &want));
        MUST(scan_text_places(kernels[i], line, len, &got));
        const uint32_t *a = want.items, *b = got.items;
        for (size_t at = 0, next; at < len; at = next + 1) {
            next = scan_next(line, len, &a, 0, at);
            MUST(scan_next(line, len, &b, 0, at) == next);
        }
        list_free(&want);
        list_free(&got);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    fuzz_input in = {data, size};
    unsigned align = fuzz_byte(&in) & 63;
    buffer text = fuzz_text(in.data, in.size);
    size_t at = align < text.len ? align : text.len;
    while (at < text.len && (text.data[at] & 0xC0) == 0x80)
        at++;
    compare_scans(in, align);
    if (at < text.len) {
        compare_folds(&text, at);
        fuzz_join_lines(&text);
        compare_sentences(text.data + at, text.len - at);
        compare_tallies(text.data + at, text.len - at);
    }
    buffer_free(&text);
    return 0;
}
