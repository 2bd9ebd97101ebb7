/* Boundaries: each call advances, no character is parted, and the last boundary is the end. The
   line above changes nothing. The first byte chooses the rules, the rest is a line. */
#include <stdlib.h>
#include <string.h>

#include "fuzz.h"
#include "sentence/sentence.h"

static const char ABOVE[] = "Nr. 3 (\u03b1: _ \u00e9\n";

/* The text of one line, and its boundaries to come. */
typedef struct {
    const uint8_t *text;
    size_t at, end;
    scan_places places;
    const uint32_t *place;
} walk;

static walk walk_from(const uint8_t *text, size_t at, size_t end)
{
    walk w = {.text = text, .at = at, .end = end};
    MUST(sentence_scan(text, end, &w.places));
    w.place = w.places.items;
    return w;
}

static size_t walk_on(walk *w, const sentence_rules *rules)
{
    size_t at = w->at;
    w->at = sentence_next(rules, w->text, &w->place, at, w->end);
    return w->at - at;
}

static void walk_line(const sentence_rules *rules, const buffer *line)
{
    buffer second = {0};
    size_t above = strlen(ABOVE);
    MUST(buffer_append(&second, ABOVE, above) && buffer_append(&second, line->data, line->len));
    walk w = walk_from(line->data, 0, line->len);
    walk under = walk_from(second.data, above, second.len);
    while (w.at < w.end) {
        size_t len = walk_on(&w, rules);
        MUST(len > 0 && w.at <= w.end);
        MUST(w.at == w.end || (line->data[w.at] & 0xC0) != 0x80);
        MUST(walk_on(&under, rules) == len);
    }
    list_free(&w.places);
    list_free(&under.places);
    buffer_free(&second);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    fuzz_input in = {data, size};
    unsigned which = fuzz_byte(&in), languages = 0;
    while (winnow_language(languages))
        languages++;
    which %= languages + 2;
    const sentence_rules *rules =
        sentence_rules_for(which ? WINNOW_PROSE : WINNOW_UAX29,
                           which > 1 ? winnow_language(which - 2) : NULL);
    buffer line = fuzz_text(in.data, in.size);
    fuzz_join_lines(&line);
    if (line.len)
        walk_line(rules, &line);
    buffer_free(&line);
    return 0;
}
