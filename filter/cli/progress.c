#include "cli/progress.h"

#include "cli/figure.h"
#include "cli/message.h"
#include "cli/system.h"

#include <stdio.h>
#include <unistd.h>

enum { LINE_BYTES = 200, USUAL_COLUMNS = 80 };

static const double FIRST_SECONDS = 1;
static const double EACH_SECONDS = 0.2;

void progress_begin(progress *p, const settings *s, int output, double now)
{
    bool always = s->progress == PROGRESS_ALWAYS;
    p->terminal = isatty(STDERR_FILENO);
    bool typed = s->file_count == 0 && isatty(STDIN_FILENO);
    p->shown = always || (s->progress == PROGRESS_AUTO && !s->quiet && p->terminal && !typed &&
                          !isatty(output));
    p->began = now;
    p->due = always ? now : now + FIRST_SECONDS;
}

bool progress_is_due(const progress *p, double now)
{
    return p->shown && now >= p->due;
}

/* In the background the terminal is another program's. */
static bool in_background(void)
{
    pid_t front = tcgetpgrp(STDERR_FILENO);
    return front > 0 && front != getpgrp();
}

static size_t put_share(char *line, size_t size, uint64_t done, uint64_t whole, double seconds)
{
    if (whole == 0 || done == 0 || done > whole)
        return 0;
    double left = seconds * (double)(whole - done) / (double)done;
    int percent = (int)(100 * (double)done / (double)whole);
    if (left < 59.5)
        return (size_t)snprintf(line, size, "  %d %%, %.0f s left", percent, left);
    return (size_t)snprintf(line, size, "  %d %%, %s left", percent, figure_time(left).text);
}

void progress_show(progress *p, double now, const winnow_stats *stats, uint64_t done,
                   uint64_t size)
{
    char line[LINE_BYTES];
    unsigned columns = system_columns(STDERR_FILENO);
    p->due = now + EACH_SECONDS;
    if (p->terminal && in_background())
        return;
    double seconds = now - p->began;
    size_t len = (size_t)snprintf(line, sizeof line, "%s  %s", figure_bytes(stats->bytes_in).text,
                                  figure_rate(stats->bytes_in, seconds).text);
    len += put_share(line + len, sizeof line - len, done, size, seconds);
    if (stats->sentences)
        snprintf(line + len, sizeof line - len, "  %s kept, %s dropped",
                 figure_short(stats->kept).text,
                 figure_short(stats->sentences - stats->kept).text);
    message_passing(line, columns ? columns : USUAL_COLUMNS);
}

void progress_end(progress *p)
{
    p->shown = false;
    message_clear();
}
