/*
 * What repeats cost. Prints GB/s and ns: of folding at each level; of words and
 * keys; of the seen set as it grows, with its bytes per key.
 *
 *     repeats FILE [MILLIONS]      FILE: text, folded line by line; so many keys (20)
 */
#include <stdint.h>

#include "bench.h"
#include "judge/fold.h"
#include "judge/key.h"
#include "judge/seen.h"
#include "text/text.h"

enum { MOST = 64 << 20 };

/* The text repaired, in lines. */
static text_clean read_lines(const char *name)
{
    static const text_options repair = {.form = WINNOW_FORM_NONE};
    buffer raw = bench_read(name, MOST);
    text_clean c = {0};
    text_stage *t;
    if (text_create(&t, &repair) != WINNOW_OK || text_run(t, raw.data, raw.len, 0, &c) != WINNOW_OK)
        bench_die("out of memory");
    if (!c.lines.len)
        bench_die("no line in the file");
    text_free(t);
    buffer_free(&raw);
    return c;
}

static const uint8_t *line_text(const text_clean *c, size_t i)
{
    return c->text.data + c->lines.items[i].start;
}

static void bench_fold(const text_clean *c, winnow_match match, const char *name)
{
    buffer out = {0};
    double best = 1e9;
    for (unsigned round = 0; round < 5; round++) {
        double begin = bench_now();
        for (size_t i = 0; i < c->lines.len; i++)
            if (!fold(match, line_text(c, i), c->lines.items[i].len, &out))
                bench_die("out of memory");
        double took = bench_now() - begin;
        best = took < best ? took : best;
    }
    printf("fold %-8s %6.2f GB/s, %.0f bytes a line\n", name, (double)c->text.len / best / 1e9,
           (double)c->text.len / (double)c->lines.len);
    buffer_free(&out);
}

static void bench_words(const text_clean *c)
{
    unsigned sum = 0;
    double begin = bench_now();
    for (size_t i = 0; i < c->lines.len; i++)
        sum += fold_words(line_text(c, i), c->lines.items[i].len, 3);
    double took = bench_now() - begin;
    printf("words, 3 at most: %.1f ns a line (%u)\n", 1e9 * took / (double)c->lines.len, sum);
}

static void bench_keys(const text_clean *c)
{
    uint64_t sum = 0;
    double begin = bench_now();
    for (size_t i = 0; i < c->lines.len; i++)
        sum ^= key_of(key_secret, line_text(c, i), c->lines.items[i].len).lo;
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
    text_clean c = read_lines(argv[1]);
    bench_fold(&c, WINNOW_MATCH_EXACT, "exact");
    bench_fold(&c, WINNOW_MATCH_TEXT, "text");
    bench_fold(&c, WINNOW_MATCH_LOOSE, "loose");
    bench_words(&c);
    bench_keys(&c);
    bench_seen((argc > 2 ? strtoull(argv[2], NULL, 10) : 20) * 1000000);
    text_clean_free(&c);
    return 0;
}
