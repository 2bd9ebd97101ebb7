/* Runs a text through the library in one way or another, and keeps what comes out. */
#ifndef STREAM_CAPTURE_H
#define STREAM_CAPTURE_H

#include <stdbool.h>
#include <stddef.h>

#include "winnow.h"

typedef struct {
    char *text;
    size_t len, cap;
    winnow_status status; /* the first that was not OK */
    winnow_stats stats;
} capture;

/* Where the input is cut: `at` bytes, then `step` bytes a call, flushed after each call if asked. */
typedef struct {
    size_t at, step;
    bool flush;
} feeding;

/* The output, verdicts included where `verdicts`: a line "reason document:line@byte text" for each
   piece, dropped and kept. */
capture run_fed(const winnow_options *opt, const char *in, size_t len, feeding how, bool verdicts);

capture run_whole(const winnow_options *opt, const char *in, size_t len);

bool capture_is(const capture *c, const char *want, size_t len);
bool capture_same(const capture *a, const capture *b);
void capture_free(capture *c);

/* A winnow_sink whose user is a capture. */
int capture_sink(void *user, const void *text, size_t len);

/* A winnow_verdict_sink likewise: adds such a line. */
int capture_verdict(void *user, const winnow_verdict *verdict);

#endif
