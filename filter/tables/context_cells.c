/*
 * The cells of each line, as context.c has them, for corpus/boilerplate/fit.py.
 *
 *   context_cells           lines in (a form feed alone: a document begins), a row of bytes out
 *   context_cells --scores  the score of each line, one a line
 *   context_cells --sizes   as JSON: how many cells a line has, and how many values each can take
 */
#include <stdio.h>

#include "base/buffer.h"
#include "judge/context.c"
#include "judge/phrase.h"

static const uint8_t cell_values[CELLS] = {
    [CELL_WORDS] = 25,  [CELL_LENGTH] = 16, [CELL_FIRST] = EDGES, [CELL_LAST] = EDGES,
    [CELL_CAPS] = 16,   [CELL_TITLE] = 9,   [CELL_DIGITS] = 10,   [CELL_COMMAS] = 7,
    [CELL_STOPS] = 7,   [CELL_BARS] = 6,    [CELL_SIGNS] = 8,     [CELL_SCRIPT] = 3,
    [CELL_PHRASE] = CELL_PHRASES, [CELL_GAP] = 2, [CELL_STEP] = 10, [CELL_LIKE] = 4,
    [CELL_AGAIN] = 2,
};

static unsigned phrase_of(const uint8_t *line, size_t len, buffer *folded)
{
    phrase_answer answer;
    unsigned category;
    if (!phrase_find(phrase_corpus(), line, len, folded, &answer, &category))
        exit(EXIT_FAILURE);
    return answer == PHRASE_FOUND ? category : PHRASE_NONE;
}

/* Reads one line without its end, with slack behind it. */
static bool read_line(FILE *in, buffer *line)
{
    int c;
    line->len = 0;
    while ((c = getc(in)) != EOF && c != '\n')
        if (!buffer_append(line, &(char){(char)c}, 1))
            return false;
    return (c != EOF || line->len) && buffer_reserve(line, 0);
}

static void write_cells(context *c, const line_features *f)
{
    uint8_t cell[CELLS];
    hold(c, f);
    compare(c, c->pushed - 1, cell);
    fwrite(cell, 1, CELLS, stdout);
}

static void write_scores_owed(context *c)
{
    int32_t score;
    while (context_pop(c, &score))
        printf("%d\n", score);
}

static void write_score(context *c, const line_features *f)
{
    int32_t score;
    if (context_push(c, f, &score))
        printf("%d\n", score);
}

static int measure_lines(bool scores)
{
    buffer line = {0}, folded = {0};
    context *c = context_create();
    bool gap = false;
    while (c && read_line(stdin, &line)) {
        if (line.len == 1 && *line.data == '\f') {
            if (scores)
                write_scores_owed(c);
            context_begin(c);
        } else if (line.len) {
            line_features f;
            context_measure(&f, line.data, line.len, phrase_of(line.data, line.len, &folded), gap);
            (scores ? write_score : write_cells)(c, &f);
        }
        gap = !line.len;
    }
    if (c && scores)
        write_scores_owed(c);
    context_free(c);
    buffer_free(&line);
    buffer_free(&folded);
    return !c || fflush(stdout) ? 1 : 0;
}

int main(int argc, char **argv)
{
    if (argc > 1 && !strcmp(argv[1], "--sizes")) {
        printf("[%d", CELLS);
        for (unsigned i = 0; i < CELLS; i++)
            printf(", %d", cell_values[i]);
        puts("]");
        return 0;
    }
    return measure_lines(argc > 1 && !strcmp(argv[1], "--scores"));
}
