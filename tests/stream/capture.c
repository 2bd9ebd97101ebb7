#include "capture.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

int capture_sink(void *user, const void *text, size_t len)
{
    capture *c = user;
    if (c->len + len + 1 > c->cap) {
        c->cap = 2 * (c->len + len + 1);
        c->text = realloc(c->text, c->cap);
        if (!c->text)
            abort();
    }
    memcpy(c->text + c->len, text, len);
    c->len += len;
    c->text[c->len] = '\0';
    return 0;
}

int capture_verdict(void *user, const winnow_verdict *d)
{
    char head[96];
    int n = snprintf(head, sizeof head, "%s %llu:%llu@%llu ", winnow_reason_name(d->reason),
                     (unsigned long long)d->document, (unsigned long long)d->line,
                     (unsigned long long)d->byte);
    capture_sink(user, head, (size_t)n);
    capture_sink(user, d->text, d->len);
    return capture_sink(user, "\n", 1);
}

static winnow_status feed_all(winnow *w, const char *in, size_t len, feeding how)
{
    winnow_status st = WINNOW_OK;
    for (size_t at = 0, n = how.at; at < len && st == WINNOW_OK; at += n, n = how.step) {
        if (n > len - at)
            n = len - at;
        /* A copy of the very size, so that a read past it is seen. */
        char *piece = malloc(n ? n : 1);
        memcpy(piece, in + at, n);
        st = winnow_feed(w, piece, n);
        free(piece);
        if (st == WINNOW_OK && how.flush)
            st = winnow_flush(w);
    }
    return st == WINNOW_OK ? winnow_finish(w) : st;
}

capture run_fed(const winnow_options *opt, const char *in, size_t len, feeding how,
                bool verdicts)
{
    capture out = {0}, told = {0};
    winnow_options o = opt ? *opt : (winnow_options){0};
    if (verdicts) {
        o.on_drop = o.on_keep = capture_verdict;
        o.on_verdict_user = &told;
    }
    winnow *w;
    out.status = winnow_create(&w, &o, capture_sink, &out);
    if (out.status != WINNOW_OK)
        return out;
    out.status = feed_all(w, in, len, how);
    winnow_get_stats(w, &out.stats);
    winnow_free(w);
    if (told.len) {
        capture_sink(&out, "-- verdicts\n", 12);
        capture_sink(&out, told.text, told.len);
    }
    capture_free(&told);
    return out;
}

capture run_whole(const winnow_options *opt, const char *in, size_t len)
{
    return run_fed(opt, in, len, (feeding){.at = len, .step = len}, false);
}

bool capture_is(const capture *c, const char *want, size_t len)
{
    return c->status == WINNOW_OK && c->len == len && memcmp(len ? c->text : "", want, len) == 0;
}

bool capture_same(const capture *a, const capture *b)
{
    return a->status == b->status && a->len == b->len &&
           (a->len == 0 || memcmp(a->text, b->text, a->len) == 0);
}

void capture_free(capture *c)
{
    free(c->text);
    *c = (capture){0};
}
