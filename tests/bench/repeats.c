/*
 * What repeats cost. Prints GB/s and ns: of folding at each level; of words and
 * keys; of the seen set as it grows, with its bytes per key.
 *
 *     repeats FILE [MILLIONS]      FILE: text, folded line by line; so many keys (20)
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "judge/fold.h"
#include "judge/key.h"
#include "judge/seen.h"

typedef struct {
    uint8_t *text;
    size_t len;
    size_t *starts; /* of lines; starts[lines] == len */
    size_t lines;
} corpus;

/* Processor time: the machine may be busy with other things. */
static double now(void)
{
    struct timespec t;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
    return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

static corpus read_corpus(const char *name)
{
    enum { MOST = 64 << 20 };
    corpus c = {malloc(MOST + BUFFER_SLACK), 0, malloc((MOST + 2) * sizeof(size_t)), 0};
    FILE *f = fopen(name, "rb");
    if (!f || !c.text || !c.starts) {
        fprintf(stderr, "repeats: cannot read %s\n", name);
        exit(2);
    }
    c.len = fread(c.text, 1, MOST, f);
    memset(c.text + c.len, 0, BUFFER_SLACK);
    fclose(f);
    while (c.len && (c.text[c.len - 1] & 0x80))
        c.len--; /* no cut character at the end */
    for (size_t at = 0; at < c.len; c.lines++) {
        const uint8_t *end = memchr(c.text + at, '\n', c.len - at);
        c.starts[c.lines] = at;
        at = end ? (size_t)(end - c.text) + 1 : c.len;
    }
    c.starts[c.lines] = c.len;
    return c;
}

static void bench_fold(const corpus *c, winnow_match match, const char *name)
{
    buffer out = {0};
    double best = 1e9;
    for (unsigned round = 0; round < 5; round++) {
        double begin = now();
        for (size_t i = 0; i < c->lines; i++)
            if (!fold(match, c->text + c->starts[i], c->starts[i + 1] - c->starts[i], &out))
                exit(2);
        double took = now() - begin;
        best = took < best ? took : best;
    }
    printf("fold %-8s %6.2f GB/s, %.0f bytes a line\n", name, (double)c->len / best / 1e9,
           (double)c->len / (double)c->lines);
    buffer_free(&out);
}

static void bench_words(const corpus *c)
{
    unsigned sum = 0;
    double begin = now();
    for (size_t i = 0; i < c->lines; i++)
        sum += fold_words(c->text + c->starts[i], c->starts[i + 1] - c->starts[i], 3);
    printf("words, 3 at most: %.1f ns a line (%u)\n", 1e9 * (now() - begin) / (double)c->lines,
           sum);
}

static void bench_keys(const corpus *c)
{
    uint64_t sum = 0;
    double begin = now();
    for (size_t i = 0; i < c->lines; i++)
        sum ^= key_of(key_secret, c->text + c->starts[i], c->starts[i + 1] - c->starts[i]).lo;
    printf("keys: %.1f ns a line (%llx)\n", 1e9 * (now() - begin) / (double)c->lines,
           (unsigned long long)sum);
}

static key128 key_number(uint64_t n)
{
    uint64_t x = (n + 1) * 0x9E3779B97F4A7C15, y;
    x = (x ^ x >> 30) * 0xBF58476D1CE4E5B9;
    x = (x ^ x >> 27) * 0x94D049BB133111EB;
    y = x ^ x >> 31;
    return (key128){y, y * 0xD6E8FEB86659FD93 ^ x};
}

static uint64_t resident(void)
{
    unsigned long long size = 0, pages = 0;
    FILE *f = fopen("/proc/self/statm", "r");
    if (f) {
        if (fscanf(f, "%llu %llu", &size, &pages) != 2)
            pages = 0;
        fclose(f);
    }
    return pages * 4096;
}

/* Adds the keys number from..to, each asked for AHEAD keys before, as the pipeline does. */
static double add_keys(seen *s, uint64_t from, uint64_t to, uint64_t *repeats)
{
    enum { AHEAD = 16 };
    double begin = now();
    for (uint64_t at = from; at < to; at += AHEAD) {
        key128 keys[AHEAD];
        for (uint64_t i = 0; i < AHEAD; i++) {
            keys[i] = key_number(at + i);
            seen_prefetch(s, keys[i]);
        }
        for (uint64_t i = 0; i < AHEAD; i++) {
            int repeat;
            if (seen_add(s, keys[i], &repeat) != WINNOW_OK)
                exit(2);
            *repeats += (uint64_t)repeat;
        }
    }
    return 1e9 * (now() - begin) / (double)(to - from);
}

static void bench_seen(uint64_t most)
{
    seen *s;
    uint64_t repeats = 0, before = resident(), sample = 1 << 20;
    if (seen_create(&s, 1, 0) != WINNOW_OK)
        exit(2);
    printf("%10s %12s %12s %12s %12s\n", "keys", "ns a new one", "ns a known", "bytes a key",
           "resident");
    for (uint64_t from = 0, to = 1000000, step; to <= most; to += step) {
        double add = add_keys(s, from, to, &repeats);
        double known = add_keys(s, to - sample / 2, to, &repeats);
        printf("%10llu %12.1f %12.1f %12.2f %12.2f\n", (unsigned long long)to, add, known,
               (double)seen_bytes(s) / (double)to, (double)(resident() - before) / (double)to);
        from = to;
        step = to < 20000000 ? 1000000 : 20000000;
    }
    seen_free(s);
}

int main(int argc, char **argv)
{
    if (argc < 2) {
        fprintf(stderr, "usage: repeats FILE [MILLIONS]\n");
        return 2;
    }
    corpus c = read_corpus(argv[1]);
    bench_fold(&c, WINNOW_MATCH_EXACT, "exact");
    bench_fold(&c, WINNOW_MATCH_TEXT, "text");
    bench_fold(&c, WINNOW_MATCH_LOOSE, "loose");
    bench_words(&c);
    bench_keys(&c);
    bench_seen((argc > 2 ? strtoull(argv[2], NULL, 10) : 20) * 1000000);
    free(c.text);
    free(c.starts);
    return 0;
}
