/*
 * Speed of the sentence stage alone, on the lines of a text file.
 *
 *     sentence FILE [uax29]
 *
 * Prints GB/s of one thread, the best of several passes, and sentences per line.
 */
#include "sentence/sentence.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/buffer.h"

enum { PASSES = 7 };

static double now(void)
{
    struct timespec t;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t); /* other work on the machine does not count */
    return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

/* As much as is worked on at a time. */
enum { CHUNK = 256 * 1024 };

static size_t count_chunk(const sentence_rules *r, const uint8_t *text, size_t len)
{
    static scan_places places;
    size_t sentences = 0;
    if (!sentence_scan(text, len, &places))
        exit(1);
    const uint32_t *place = places.items;
    for (size_t begin = 0; begin < len;) {
        const uint8_t *lf = memchr(text + begin, '\n', len - begin);
        size_t end = lf ? (size_t)(lf - text) : len;
        for (size_t at = begin; at < end; sentences++)
            at = sentence_next(r, text, &place, at, end);
        begin = end + 1;
    }
    return sentences;
}

static size_t count(const sentence_rules *r, const uint8_t *text, size_t len)
{
    size_t sentences = 0;
    for (size_t begin = 0, end; begin < len; begin = end) {
        end = len - begin < CHUNK ? len : begin + CHUNK;
        while (end < len && end - begin > CHUNK / 2 && text[end - 1] != '\n')
            end--;
        sentences += count_chunk(r, text + begin, end - begin);
    }
    return sentences;
}

static bool read_all(const char *path, buffer *b)
{
    FILE *f = fopen(path, "rb");
    size_t n = 1;
    while (f && n > 0 && buffer_reserve(b, 1 << 20)) {
        n = fread(b->data + b->len, 1, 1 << 20, f);
        b->len += n;
    }
    if (f)
        fclose(f);
    return f && n == 0 && b->len > 0;
}

int main(int argc, char **argv)
{
    buffer b = {0};
    if (argc < 2 || !read_all(argv[1], &b)) {
        fprintf(stderr, "usage: sentence FILE [uax29]\n");
        return 2;
    }
    const sentence_rules *r = sentence_rules_for(argc > 2 ? WINNOW_UAX29 : WINNOW_PROSE, NULL);
    double best = 1e9;
    size_t sentences = 0;
    for (int i = 0; i < PASSES; i++) {
        double begin = now();
        sentences = count(r, b.data, b.len);
        double took = now() - begin;
        best = took < best ? took : best;
    }
    printf("%.3f GB/s, %zu bytes, %zu sentences\n", (double)b.len / best / 1e9, b.len, sentences);
    buffer_free(&b);
    return 0;
}
