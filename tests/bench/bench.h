/* What the benchmarks share: the time, a file in memory. */
#ifndef BENCH_H
#define BENCH_H

#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "base/buffer.h"

static inline void bench_die(const char *what)
{
    fprintf(stderr, "bench: %s\n", what);
    exit(2);
}

/* Seconds of processor time: other work on the machine does not count. */
static inline double bench_now(void)
{
    struct timespec t;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
    return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

/* At most `most` bytes of a file, no character cut at the end. */
static inline buffer bench_read(const char *path, size_t most)
{
    buffer b = {0};
    FILE *f = fopen(path, "rb");
    if (!f)
        bench_die("cannot open a file");
    for (size_t n = 1; n > 0 && b.len < most; b.len += n) {
        size_t want = most - b.len < 1 << 20 ? most - b.len : 1 << 20;
        if (!buffer_reserve(&b, want))
            bench_die("out of memory");
        n = fread(b.data + b.len, 1, want, f);
    }
    fclose(f);
    if (b.len == most)
        while (b.len && b.data[b.len - 1] & 0x80)
            b.len--;
    return b;
}

#endif
