/* Each kernel this machine has against its portable twin, at the alignment the first byte gives. */
#include <stdlib.h>
#include <string.h>

#include "base/scan.h"
#include "fuzz.h"
#include "judge/fold_ascii.h"
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

static void compare_fold(fold_ascii_kernel *twin, fold_ascii_kernel *k, const buffer *text,
                         size_t at)
{
    size_t len = text->len - at;
    buffer want = {0}, got = {0};
    MUST(buffer_reserve(&want, len + BUFFER_SLACK) && buffer_reserve(&got, len + BUFFER_SLACK));
    for (int digit = 0; digit < 2; digit++) {
        uint8_t last = digit ? '0' : ' ';
        fold_ascii_done a = twin(text->data + at, len, want.data, last);
        fold_ascii_done b = k(text->data + at, len, got.data, last);
        MUST(a.read == b.read && a.written == b.written);
        MUST(memcmp(want.data, got.data, a.written) == 0);
    }
    buffer_free(&want);
    buffer_free(&got);
}

static void compare_folds(const buffer *text, size_t at)
{
    const fold_ascii_kernels *twin = fold_ascii_number(0), *k;
    for (unsigned i = 1; (k = fold_ascii_number(i)) != NULL; i++) {
        compare_fold(twin->text, k->text, text, at);
        compare_fold(twin->loose, k->loose, text, at);
    }
}

static void compare_sentences(const buffer *text, size_t align)
{
    scan_kernel *kernels[SCAN_KERNELS];
    size_t count = sentence_scan_all(kernels);
    for (size_t i = 1; i < count; i++)
        for (size_t at = align; at < text->len;) {
            size_t want = kernels[0](text->data, text->len, at);
            MUST(kernels[i](text->data, text->len, at) == want);
            at = want + 1;
        }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    fuzz_input in = {data, size};
    unsigned align = fuzz_byte(&in) & 63;
    buffer text = fuzz_text(in.data, in.size);
    size_t at = align < text.len ? align : text.len;
    compare_scans(in, align);
    compare_folds(&text, at);
    compare_sentences(&text, at);
    buffer_free(&text);
    return 0;
}
