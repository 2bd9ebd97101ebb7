/* Folding and counting words: a fold folds to itself, what is the same to `text` is the same to
   `loose`, and a limit changes no count below it. The input is a unit. */
#include <string.h>

#include "fuzz.h"
#include "judge/fold.h"

static bool equal(const buffer *a, const buffer *b)
{
    return a->len == b->len && (!a->len || memcmp(a->data, b->data, a->len) == 0);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    buffer unit = fuzz_text(data, size), text = {0}, loose = {0}, again = {0};
    MUST(fold(WINNOW_MATCH_TEXT, unit.data, unit.len, &text));
    MUST(fold(WINNOW_MATCH_LOOSE, unit.data, unit.len, &loose));
    MUST(fold(WINNOW_MATCH_TEXT, text.data, text.len, &again));
    MUST(equal(&again, &text));
    MUST(fold(WINNOW_MATCH_LOOSE, loose.data, loose.len, &again));
    MUST(equal(&again, &loose));
    MUST(fold(WINNOW_MATCH_LOOSE, text.data, text.len, &again));
    MUST(equal(&again, &loose) || equal(&loose, &unit)); /* what folds to nothing stays */
    unsigned words = fold_words(unit.data, unit.len, 1000000);
    for (unsigned limit = 1; limit < 8; limit++)
        MUST(fold_words(unit.data, unit.len, limit) == (words < limit ? words : limit));
    buffer_free(&unit);
    buffer_free(&text);
    buffer_free(&loose);
    buffer_free(&again);
    return 0;
}
