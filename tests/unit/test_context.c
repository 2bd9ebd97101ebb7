#include <criterion/criterion.h>
#include <stdlib.h>
#include <string.h>

#include "base/buffer.h"
#include "judge/context.h"

enum { MAX_LINES = 64 };

/* The features of a line that stands in a buffer with real slack, filled with what would mislead. */
static line_features measured(const char *line, size_t len, unsigned phrase, bool gap)
{
    uint8_t *bytes = malloc(len + BUFFER_SLACK);
    memcpy(bytes, line, len);
    memset(bytes + len, '|', BUFFER_SLACK);
    line_features f;
    context_measure(&f, bytes, len, phrase, gap);
    free(bytes);
    return f;
}

/* Scores of the lines of a text; a line that begins with '#' is a known phrase. */
static unsigned scored(context *c, const char *text, int32_t scores[MAX_LINES])
{
    unsigned given = 0, pushed = 0;
    bool gap = false;
    context_begin(c);
    while (*text) {
        size_t len = strcspn(text, "\n");
        bool phrase = *text == '#';
        if (len) {
            line_features f = measured(text + phrase, len - phrase, phrase, gap);
            given += context_push(c, &f, &scores[given]);
            cr_expect_eq(given, ++pushed > CONTEXT_AHEAD ? pushed - CONTEXT_AHEAD : 0);
        }
        gap = !len;
        text += len + (text[len] == '\n');
    }
    while (context_pop(c, &scores[given]))
        given++;
    cr_expect_eq(given, pushed);
    return given;
}

Test(context, each_line_gets_one_score_in_order)
{
    context *c = context_create();
    char text[MAX_LINES * 64];
    for (unsigned lines = 0; lines <= 30; lines++) {
        *text = '\0';
        for (unsigned i = 0; i < lines; i++)
            strcat(text, i % 5 ? "Alone\n" : "This one says a good deal more, and then it stops.\n");
        int32_t score[MAX_LINES];
        cr_assert_eq(scored(c, text, score), lines);
        for (unsigned i = 1; i < lines && lines >= CONTEXT_MIN_LINES; i++)
            if (i % 5)
                cr_expect_gt(score[i], score[i - i % 5], "line %u of %u", i, lines);
    }
    context_free(c);
}

/* k: stays; d: goes at default; s: goes only when strict; .: nobody says. A letter a line. */
typedef struct {
    const char *name, *verdicts, *text;
} page;

static const page pages[] = {
@@PAGES@@
};

Test(context, lines_that_stay_and_lines_that_go)
{
    context *c = context_create();
    for (size_t p = 0; p < sizeof pages / sizeof pages[0]; p++) {
        int32_t score[MAX_LINES];
        unsigned lines = scored(c, pages[p].text, score);
        cr_assert_eq(lines, strlen(pages[p].verdicts), "%s: %u lines", pages[p].name, lines);
        for (unsigned i = 0; i < lines; i++) {
            char want = pages[p].verdicts[i];
            char is = score[i] >= context_default_threshold  ? 'd'
                      : score[i] >= context_strict_threshold ? 's'
                                                             : 'k';
            cr_expect(want == '.' || (want == 'k' && is == 's') || want == is,
                      "%s, line %u: %c, not %c (%d)", pages[p].name, i + 1, is, want, score[i]);
        }
    }
    context_free(c);
}
