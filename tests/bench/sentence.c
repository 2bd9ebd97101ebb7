/*
 * Speed of the sentence stage alone, on the lines of a text file.
 *
 *     sentence FILE [uax29]
 *
 * Prints GB/s of one thread, the best of several passes, and sentences per line.
 */
#include "sentence/sentence.h"

#include <stdint.h>
#include <string.h>

#include "bench.h"

enum { PASSES = 7 };

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

int main(int argc, char **argv)
{
    if (argc < 2)
        bench_die("usage: sentence FILE [uax29]");
    buffer b = bench_read(argv[1], SIZE_MAX);
    const sentence_rules *r = sentence_rules_for(argc > 2 ? WINNOW_UAX29 : WINNOW_PROSE, NULL);
    double best = 1e9;
    size_t sentences = 0;
    for (int i = 0; i < PASSES; i++) {
        double begin = bench_now();
        sentences = count(r, b.data, b.len);
        double took = bench_now() - begin;
        best = took < best ? took : best;
    }
    printf("%.3f GB/s, %zu bytes, %zu sentences\n", (double)b.len / best / 1e9, b.len, sentences);
    buffer_free(&b);
    return 0;
}
