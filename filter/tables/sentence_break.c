/*
 * Writes sentence_break.h: Sentence_Break of every code point, and the code points at which a
 * decision about a boundary can begin.
 *
 *     sentence_break SentenceBreakProperty.txt >sentence_break.h
 */
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { CODE_POINTS = 0x110000, PLANE = 0x10000, BLOCK = 128, BLOCKS = CODE_POINTS / BLOCK };

static const struct {
    const char *name, *constant;
} classes[] = {
    {"Other", "SB_OTHER"},     {"CR", "SB_CR"},           {"LF", "SB_LF"},
    {"Sep", "SB_SEP"},         {"Extend", "SB_EXTEND"},   {"Format", "SB_FORMAT"},
    {"Sp", "SB_SP"},           {"Lower", "SB_LOWER"},     {"Upper", "SB_UPPER"},
    {"OLetter", "SB_OLETTER"}, {"Numeric", "SB_NUMERIC"}, {"ATerm", "SB_ATERM"},
    {"STerm", "SB_STERM"},     {"Close", "SB_CLOSE"},     {"SContinue", "SB_SCONTINUE"},
};
enum { CLASSES = sizeof classes / sizeof *classes };

/* What ends a sentence in prose though Unicode gives it no such class: an ellipsis, Tibetan shad,
   Khmer khan; the signs that are colon and semicolon in Latin text but a full stop after Armenian
   and a question mark after Greek; and what begins an item of a list: a bracket behind its number,
   a bullet. The rules look at each and mostly turn it down. */
static const uint32_t prose[] = {
    ')',    ':',    ';',    0x0F0D, 0x0F0E, 0x17D4, 0x17D5, 0x2022, 0x2023, 0x2026,
    0x2043, 0x2219, 0x22EF, 0x25A0, 0x25AA, 0x25CF, 0x25E6, 0x25BA, 0x27A2, 0x2713,
};

static uint8_t class_of[CODE_POINTS];
static char version[32] = "unknown";

static void fail(const char *what)
{
    fprintf(stderr, "sentence_break: %s\n", what);
    exit(2);
}

static uint8_t class_named(const char *name)
{
    for (unsigned i = 0; i < CLASSES; i++)
        if (strcmp(classes[i].name, name) == 0)
            return (uint8_t)i;
    fail("a class of another Unicode version");
    return 0;
}

static void read_line(const char *line)
{
    unsigned first, last;
    char name[32];
    if (sscanf(line, "# SentenceBreakProperty-%31[0-9.]", version) == 1) {
        version[strlen(version) - 1] = '\0'; /* the dot of ".txt" */
        return;
    }
    if (sscanf(line, "%x..%x ; %31[A-Za-z]", &first, &last, name) != 3) {
        if (sscanf(line, "%x ; %31[A-Za-z]", &first, name) != 2)
            return;
        last = first;
    }
    if (first > last || last >= CODE_POINTS)
        fail("a code point out of range");
    memset(class_of + first, class_named(name), last - first + 1);
}

static void read_classes(const char *path)
{
    char line[512];
    FILE *f = fopen(path, "r");
    if (!f)
        fail("cannot open the property file");
    while (fgets(line, sizeof line, f))
        read_line(line);
    fclose(f);
}

static bool begins_decision(uint32_t cp)
{
    const char *name = classes[class_of[cp]].name;
    for (unsigned i = 0; i < sizeof prose / sizeof *prose; i++)
        if (prose[i] == cp)
            return true;
    return strstr("ATerm STerm Sep CR LF", name) != NULL;
}

static void write_bytes(const char *name, const uint8_t *bytes, size_t len)
{
    printf("static const uint8_t %s[%zu] = {", name, len);
    for (size_t i = 0; i < len; i++)
        printf("%s%u,", i % 32 ? "" : "\n    ", bytes[i]);
    printf("\n};\n\n");
}

static void write_classes(void)
{
    static uint8_t index[BLOCKS], blocks[256 * BLOCK];
    unsigned known = 0;
    for (unsigned b = 0; b < BLOCKS; b++) {
        const uint8_t *here = class_of + (size_t)b * BLOCK;
        unsigned k = 0;
        while (k < known && memcmp(blocks + (size_t)k * BLOCK, here, BLOCK) != 0)
            k++;
        if (k == known) {
            if (known == 256)
                fail("too many different blocks for one byte");
            memcpy(blocks + (size_t)known++ * BLOCK, here, BLOCK);
        }
        index[b] = (uint8_t)k;
    }
    write_bytes("sb_index", index, BLOCKS);
    write_bytes("sb_blocks", blocks, (size_t)known * BLOCK);
}

/* A mask for every 64 code points: they share all bytes of their UTF-8 but the last. */
static void write_decisions(void)
{
    static uint8_t index[PLANE / 64];
    uint64_t masks[256] = {0};
    unsigned known = 1;
    for (uint32_t b = 0; b < PLANE / 64; b++) {
        uint64_t mask = 0;
        for (uint32_t i = 0; i < 64; i++)
            mask |= (uint64_t)begins_decision(b * 64 + i) << i;
        unsigned k = 0;
        while (k < known && masks[k] != mask)
            k++;
        if (k == known) {
            if (known == 256)
                fail("too many different masks for one byte");
            masks[known++] = mask;
        }
        index[b] = (uint8_t)k;
    }
    write_bytes("sb_decides_index", index, PLANE / 64);
    printf("static const uint64_t sb_decides[%u] = {", known);
    for (unsigned i = 0; i < known; i++)
        printf("%s0x%llx,", i % 4 ? " " : "\n    ", (unsigned long long)masks[i]);
    printf("\n};\n\n");
}

int main(int argc, char **argv)
{
    if (argc != 2)
        fail("usage: sentence_break SentenceBreakProperty.txt");
    read_classes(argv[1]);
    printf("/* Generated by filter/tables/sentence_break.c from Unicode's "
           "SentenceBreakProperty.txt. */\n"
           "#ifndef TABLES_SENTENCE_BREAK_H\n#define TABLES_SENTENCE_BREAK_H\n\n"
           "#include <stdint.h>\n\n#define SB_UNICODE_VERSION \"%s\"\n\nenum {",
           version);
    for (unsigned i = 0; i < CLASSES; i++)
        printf("\n    %s,", classes[i].constant);
    printf("\n};\n\n");
    write_classes();
    write_decisions();
    printf("#endif\n");
    return 0;
}
