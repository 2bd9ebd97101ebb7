/* Repeats, against the obvious way: every unit folded, and looked for among all before it. */
#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "capture.h"
#include "judge/fold.h"

enum { UNITS = 400, TEXT_BYTES = 128, MIN_WORDS = 3 };

typedef struct {
    char text[TEXT_BYTES];
    size_t len;
    buffer folded;
} unit;

static uint32_t random_state = 1;

static unsigned pick(unsigned n)
{
    random_state = random_state * 1664525 + 1013904223;
    return (random_state >> 16) % n;
}

/* Words that are the same at some levels and not at others. */
static const char *const words[] = {"cat",  "Cat",    "CAT", "caf\xc3\xa9", "cafe", "1,200", "7",
                                    "it's", "it\xe2\x80\x99s", "\xd0\xb4\xd0\xbe\xd0\xbc", "\xd0\x94\xd0\xbe\xd0\xbc",
                                    "\xef\xbd\x83\xef\xbd\x81\xef\xbd\x94", "well-worn", "well\xe2\x80\x93worn"};

/* One to five words and a full stop; small enough a choice for repeats to be many. */
static void make_unit(unit *u, winnow_match match)
{
    unsigned n = 1 + pick(5);
    u->len = 0;
    for (unsigned i = 0; i < n; i++) {
        const char *word = words[pick(i < 3 ? 3 : sizeof words / sizeof *words)];
        u->len += (size_t)snprintf(u->text + u->len, TEXT_BYTES - u->len, "%s%s", i ? " " : "", word);
    }
    u->text[u->len++] = '.';
    memset(u->text + u->len, 0, TEXT_BYTES - u->len);
    cr_assert(fold(match, (const uint8_t *)u->text, u->len, &u->folded));
}

/* Copies of unit `i` before it; 0 too for one that is too short to be compared. */
static unsigned copies_before(const unit *units, size_t i)
{
    unsigned copies = 0;
    if (fold_words((const uint8_t *)units[i].text, units[i].len, MIN_WORDS) < MIN_WORDS)
        return 0;
    for (size_t k = 0; k < i; k++)
        copies += units[k].folded.len == units[i].folded.len &&
                  memcmp(units[k].folded.data, units[i].folded.data, units[i].folded.len) == 0;
    return copies;
}

static void compare(winnow_unit what, winnow_match match, unsigned keep)
{
    static unit units[UNITS];
    winnow_options opt = {.unit = what, .match = match, .keep = keep,
                          .boilerplate = WINNOW_BOILERPLATE_OFF, .empty = WINNOW_EMPTY_KEEP};
    const char *between = what == WINNOW_PARAGRAPH ? "\n\n" : "\n";
    capture in = {0}, want = {0};
    if (what == WINNOW_DOCUMENT)
        opt.format = WINNOW_NUL;
    for (size_t i = 0; i < UNITS; i++) {
        make_unit(&units[i], match);
        bool stays = copies_before(units, i) < keep;
        capture_sink(&in, units[i].text, units[i].len);
        if (stays)
            capture_sink(&want, units[i].text, units[i].len);
        /* A document leaves its NUL behind; of other units nothing is left. */
        if (what == WINNOW_DOCUMENT) {
            capture_sink(&in, "", 1);
            capture_sink(&want, "", 1);
        } else {
            capture_sink(&in, between, strlen(between));
            if (stays)
                capture_sink(&want, between, strlen(between));
        }
    }
    if (what == WINNOW_PARAGRAPH)
        want.len--; /* no empty line at the end */
    capture got = run_whole(&opt, in.text, in.len);
    cr_expect(capture_is(&got, want.text, want.len), "unit %d, match %d, keep %u", what, match, keep);
    cr_expect_gt(got.stats.dropped[WINNOW_REPEAT], 0);
    capture_free(&got);
    capture_free(&in);
    capture_free(&want);
    for (size_t i = 0; i < UNITS; i++)
        buffer_free(&units[i].folded);
}

Test(reference, repeats_are_those_of_the_obvious_way)
{
    for (int what = WINNOW_SENTENCE; what <= WINNOW_DOCUMENT; what++)
        for (int match = WINNOW_MATCH_TEXT; match <= WINNOW_MATCH_LOOSE; match++)
            for (unsigned keep = 1; keep < 4; keep++)
                compare((winnow_unit)what, (winnow_match)match, keep);
}
