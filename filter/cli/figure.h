/*
 * figure.h: numbers as people read them. The locale has no say: a comma between thousands, a point
 * before decimals, bytes in powers of 1000.
 */
#ifndef CLI_FIGURE_H
#define CLI_FIGURE_H

#include <stdint.h>

typedef struct {
    char text[32];
} figure;

/* "1,234,567". */
figure figure_count(uint64_t n);

/* Three digits that matter: "12,345", "1.23 M". Exact below 100,000. */
figure figure_short(uint64_t n);

/* "512 B", "1.46 GB". */
figure figure_bytes(uint64_t bytes);

/* "46.1 MB/s"; "-" where no time has passed. */
figure figure_rate(uint64_t bytes, double seconds);

/* "33.5 %". "0 %" and "100 %" are said only of none and of all; "-" of nothing. */
figure figure_share(uint64_t part, uint64_t whole);

/* "0.82 s", "1:23", "26:03:59". */
figure figure_time(double seconds);

#endif
