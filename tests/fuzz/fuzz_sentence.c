/* Boundaries: each call advances, no character is parted, and the last boundary is the end. The
   first byte chooses the rules, the rest is a line. */
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
    for (size_t at = 0; at < line.len;) {
        size_t next = sentence_next(rules, line.data, line.len, at);
        MUST(next > at && next <= line.len);
        MUST(next == line.len || (line.data[next] & 0xC0) != 0x80);
        at = next;
    }
    buffer_free(&line);
    return 0;
}
