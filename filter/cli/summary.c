#include "cli/summary.h"

#include "cli/figure.h"

enum { BAR = 24 }; /* columns of the longest bar */

static void put_row(output *o, const char *name, figure in, figure out, figure share)
{
    output_format(o, "%-12s%12s%12s%10s\n", name, in.text, out.text, share.text);
}

static void put_sizes(output *o, const winnow_stats *s)
{
    output_format(o, "%-12s%12s%12s%10s\n", "", "read", "written", "share");
    put_row(o, "bytes", figure_bytes(s->bytes_in), figure_bytes(s->bytes_out),
            figure_share(s->bytes_out, s->bytes_in));
    put_row(o, "lines", figure_short(s->lines_in), figure_short(s->lines_out),
            figure_share(s->lines_out, s->lines_in));
    output_format(o, "%-12s%12s\n", "documents", figure_short(s->documents).text);
    output_format(o, "%-12s%12s\n\n", "sentences", figure_short(s->sentences).text);
}

/* Bars of one scale: all sentences. What is there at all is seen. */
static void put_verdict(output *o, const char *name, uint64_t count, uint64_t all)
{
    char bar[BAR + 1] = "";
    int len = all ? (int)((double)count / (double)all * BAR + 0.5) : 0;
    if (count > 0 && len == 0)
        len = 1;
    for (int i = 0; i < len; i++)
        bar[i] = '#';
    output_format(o, "  %-10s%12s%12s%s%s\n", name, figure_short(count).text,
                  figure_share(count, all).text, len ? "  " : "", bar);
}

static void put_verdicts(output *o, const winnow_stats *s)
{
    for (int i = WINNOW_KEPT; i < WINNOW_REASONS; i++)
        put_verdict(o, winnow_reason_name((winnow_reason)i),
                    i == WINNOW_KEPT ? s->kept : s->dropped[i], s->sentences);
}

/* What is no news goes without saying. */
static void put_event(output *o, uint64_t count, const char *what)
{
    if (count)
        output_format(o, "%s %s\n", figure_short(count).text, what);
}

void summary_write(output *o, const winnow_stats *s, double seconds)
{
    put_sizes(o, s);
    put_verdicts(o, s);
    output_format(o, "\n");
    put_event(o, s->passed_records, "records left as they are");
    put_event(o, s->too_short, "too short to be compared");
    put_event(o, s->invalid_bytes, "bytes that were not UTF-8");
    put_event(o, s->controls, "control characters and escape sequences removed");
    put_event(o, s->forced_cuts, "stretches cut, too long to be held");
    put_event(o, s->unremembered, "not remembered: memory full");
    output_format(o, "%s remembered in %s", figure_short(s->unique).text,
                  figure_bytes(s->seen_bytes).text);
    if (s->expected_false_drops >= 0.001)
        output_format(o, ", %.2g expected to be taken for another", s->expected_false_drops);
    output_format(o, "\n%s, %s\n", figure_time(seconds).text,
                  figure_rate(s->bytes_in, seconds).text);
}
