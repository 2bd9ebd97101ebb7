/*
 * What repeats cost. Prints GB/s and ns: of folding at each level; of words and
 * keys; of the seen set as it grows, with its bytes per key.
 *
 *     repeats FILE [MILLIONS]      FILE: text, folded line by line; so many keys (20)
 */
#include <stdint.h>
#include <string.h>

#include "base/list.h"
#include "bench.h"
#include "judge/fold.h"
#include "judge/key.h"
#include "judge/seen.h"

enum { MOST = 64 << 20 };

typedef struct {
    const uint8_t *text;
    size_t len;
} line;

typedef struct {
    buffer text;
    LIST(line) lines;
} corpus;

static corpus read_corpus(const char *name)
{
    corpus c = {.text = bench_read(name, MOST)};
    const uint8_t *at = c.text.data, *stop = at + c.text.len;
    while (at < stop) {
        const uint8_t *lf = memchr(at, '\n', (size_t)(stop - at)), *end = lf ? lf + 1 : stop;
        if (!list_reserve(&c.lines, 1))
            bench_die("out of memory");
        c.lines.items[c.lines.len++] = (line){at, (size_t)(end - at)};
        at = end;
    }
    return c;
}

static void bench_fold(const corpus *c, winnow_match match, const char *name)
{
    buffer out = {0};
    double best = 1e9;
    for (unsigned round = 0; round < 5; round++) {
        double begin = bench_now();
        for (size_t i = 0; i < c->lines.len; i++)
            if (!fold(match, c->lines.items[i].text, c->lines.items[i].len, &out))
                bench_die("out of memory");
        double took = bench_now() - begin;
        best = took < best ? took : best;
    }
    printf("fold %-8s %6.2f GB/s, %.0f bytes a line\n", name, (double)c->text.len / best / 1e9,
           (double)c->text.len / (double)c->lines.len);
    buffer_free(&out);
}

static void bench_words(const corpus *c)
{
    unsigned sum = 0;
    double begin = bench_now();
    for (size_t i = 0; i < c->lines.len; i++)
        sum += fold_words(c->lines.items[i].text, c->lines.items[i].len, 3);
    double took = bench_now() - begin;
    printf("words, 3 at most: %.1f ns a line (%u)\n", 1e9 * took / (double)c->lines.len, sum);
}

static void bench_keys(const corpus *c)
{
    uint64_t sum = 0;
    double begin = bench_now();
    for (size_t i = 0; i < c->lines.len; i++)
        sum ^= key_of(key_secret, c->lines.items[i].text, c->lines.items[i].len).lo;
    double took = bench_now() - begin;
    printf("keys: %.1f ns a line (%llx)\n", 1e9 * took / (double)c->lines.len,
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
    double begin = bench_now();
    for (uint64_t at = from; at < to; at += AHEAD) {
        key128 keys[AHEAD];
        for (uint64_t i = 0; i < AHEAD; i++) {
            keys[i] = key_number(at + i);
            seen_prefetch(s, keys[i]);
        }
        for (uint64_t i = 0; i < AHEAD; i++) {
            int repeat;
            if (seen_add(s, keys[i], &repeat) != WINNOW_OK)
                bench_die("out of memory");
            *repeats += (uint64_t)repeat;
        }
    }
    return 1e9 * (bench_now() - begin) / (double)(to - from);
}

static void bench_seen(uint64_t most)
{
    seen *s;
    uint64_t repeats = 0, before = resident(), sample = 1 << 20;
    if (seen_create(&s, 1, 0) != WINNOW_OK)
        bench_die("out of memory");
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
    if (argc < 2)
        bench_die("usage: repeats FILE [MILLIONS]");
    corpus c = read_corpus(argv[1]);
    bench_fold(&c, WINNOW_MATCH_EXACT, "exact");
    bench_fold(&c, WINNOW_MATCH_TEXT, "text");
    bench_fold(&c, WINNOW_MATCH_LOOSE, "loose");
    bench_words(&c);
    bench_keys(&c);
    bench_seen((argc > 2 ? strtoull(argv[2], NULL, 10) : 20) * 1000000);
    buffer_free(&c.text);
    list_free(&c.lines);
    return 0;
}
