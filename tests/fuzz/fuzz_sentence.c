/* Boundaries: each call advances, no character is parted, and the last boundary is the end. The
   first byte chooses the rules, the rest is a line. */
#include <stdlib.h>

#include "fuzz.h"
#include "sentence/sentence.h"

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
    scan_places places = {0};
    fuzz_join_lines(&line);
    MUST(sentence_scan(line.data, line.len, &places));
    const uint32_t *place = places.items;
    for (size_t at = 0; at < line.len;) {
        size_t next = sentence_next(rules, line.data, &place, at, line.len);
        MUST(next > at && next <= line.len);
        MUST(next == line.len || (line.data[next] & 0xC0) != 0x80);
        at = next;
    }
    list_free(&places);
    buffer_free(&line);
    return 0;
}
