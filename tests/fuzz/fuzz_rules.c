/*
 * Rules files: whatever stands in one, it is refused or makes a table. The first byte chooses the
 * kind of lines; what stands before an empty line is the file, the lines behind it are asked for.
 * What the filter in front of the table says is what the table says.
 */
#include <string.h>

#include "fuzz.h"
#include "judge/rules.h"

static fuzz_input take_line(fuzz_input *in)
{
    const uint8_t *end = in->size ? memchr(in->data, '\n', in->size) : NULL;
    fuzz_input line = {in->data, end ? (size_t)(end - in->data) : in->size};
    in->data += line.size + (end != NULL);
    in->size -= line.size + (end != NULL);
    return line;
}

static void ask(const phrase_table *table, fuzz_input line)
{
    buffer text = fuzz_text(line.data, line.size), folded = {0};
    unsigned category = 0, twin = 0;
    phrase_answer answer;
    MUST(phrase_find(table, text.data, text.len, &folded, &answer, &category));
    if (text.len <= PHRASE_MAX) {
        MUST(phrase_fold(text.data, text.len, &folded));
        MUST(phrase_ask(table, folded.data, folded.len, &twin) == answer);
        MUST(answer != PHRASE_FOUND || twin == category);
    }
    buffer_free(&text);
    buffer_free(&folded);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    fuzz_input in = {data, size}, line;
    rules r = {.corpus = fuzz_byte(&in) & 1};
    phrase_table table;
    const char *why = NULL;
    while (in.size && (line = take_line(&in)).size) {
        if (!rules_add(&r, line.data, line.size, &why)) {
            MUST(why && *why);
            rules_free(&r);
            return 0;
        }
    }
    MUST(rules_table(&r, &table));
    while (in.size)
        if ((line = take_line(&in)).size)
            ask(&table, line);
    phrase_table_free(&table);
    rules_free(&r);
    return 0;
}
