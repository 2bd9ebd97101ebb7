/*
 * Compiles corpus/boilerplate/LANG.txt into the table that filter/judge/phrase.c includes.
 *
 *     phrases FILE... > phrases.inc
 *
 * Runs at build time, so the phrases are folded by the very code that folds the text.
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "judge/phrase_table.h"
#include "judge/rules.h"

static int read_file(rules *r, const char *path)
{
    FILE *f = fopen(path, "r");
    if (!f) {
        perror(path);
        return -1;
    }
    char *line = NULL;
    size_t cap = 0, number = 0;
    const char *why = NULL;
    r->category = 0;
    for (ssize_t n; !why && (n = getline(&line, &cap, f)) >= 0;) {
        number++;
        if (n && line[n - 1] == '\n')
            n--;
        rules_add(r, (const uint8_t *)line, (size_t)n, &why);
    }
    if (why)
        fprintf(stderr, "%s:%zu: %s\n", path, number, why);
    if (ferror(f)) {
        perror(path);
        why = path;
    }
    free(line);
    fclose(f);
    return why ? -1 : 0;
}

static void write_blocks(const char *name, const uint64_t *blocks, size_t count)
{
    printf("static const uint64_t phrase_%s[%zu] = {", name, count);
    for (size_t i = 0; i < count; i++)
        printf("%s0x%" PRIx64 ",", i % 8 ? "" : "\n", blocks[i]);
    printf("\n};\n");
}

static void write_table(const rules *r, const phrase_table *t)
{
    printf("/* Made by filter/tables/phrases.c from corpus/boilerplate: %zu states, %zu edges. */\n",
           r->states, r->edges);
    write_blocks("slots", t->slots, t->mask + 1);
    write_blocks("filter", t->filter, FILTER_BLOCKS);
    write_blocks("starts", t->starts, START_BLOCKS);
    printf("static const uint16_t phrase_states[%zu] = {", r->states);
    for (size_t i = 0; i < r->states; i++)
        printf("%s%u,", i % 16 ? "" : "\n", (unsigned)t->states[i]);
    printf("\n};\nstatic const phrase_table phrases = {\n"
           "    phrase_slots, %" PRIu64 ", phrase_states, phrase_filter, phrase_starts, %u,\n"
           "    %d};\n",
           t->mask, (unsigned)t->flags, t->signs);
    printf("static const char *const phrase_names[] = {");
    for (size_t i = 0; i < r->names.len; i++)
        printf("%s\"%s\"", i ? ", " : "", r->names.items[i]);
    printf("};\n");
}

int main(int argc, char **argv)
{
    rules r = {.corpus = true};
    phrase_table t = {0};
    int failed = 0;
    for (int i = 1; i < argc && !failed; i++)
        failed = read_file(&r, argv[i]);
    if (!failed && rules_table(&r, &t))
        write_table(&r, &t);
    else
        failed = 1;
    phrase_table_free(&t);
    rules_free(&r);
    return failed || fflush(stdout) || ferror(stdout) ? EXIT_FAILURE : EXIT_SUCCESS;
}
