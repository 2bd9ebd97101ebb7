#include "cli/explain.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

bool explain_wants_colour(int fd)
{
    const char *never = getenv("NO_COLOR"), *terminal = getenv("TERM");
    return isatty(fd) && !(never && *never) && terminal && strcmp(terminal, "dumb") != 0;
}

/* What stays has the terminal's own colour. */
static const char *colour_of(winnow_reason reason)
{
    switch (reason) {
    case WINNOW_KEPT:
        return "";
    case WINNOW_REPEAT:
        return "\033[33m";
    case WINNOW_PHRASE:
    case WINNOW_RULE:
        return "\033[31m";
    default:
        return "\033[35m";
    }
}

static bool put_text(output *o, const char *text)
{
    return output_put(o, text, strlen(text));
}

static bool end_row(explain *e)
{
    if (!e->open)
        return true;
    e->open = false;
    bool coloured = e->colour && e->reason != WINNOW_KEPT;
    return put_text(e->out, coloured ? "\033[0m\n" : "\n");
}

static bool put_mark(explain *e, const char *name, const char *category, bool goes_on)
{
    char text[128];
    int len = snprintf(text, sizeof text, "%s%s%s", name, category ? ":" : "",
                       category ? category : "");
    int pad = len < EXPLAIN_COLUMN ? EXPLAIN_COLUMN - len : 0;
    len += snprintf(text + len, sizeof text - (size_t)len, "%*s%s", pad, "", goes_on ? "+ " : "| ");
    return output_put(e->out, text, (size_t)len);
}

static bool put_document(explain *e, uint64_t document)
{
    char number[32];
    snprintf(number, sizeof number, "%llu\n", (unsigned long long)document);
    return put_mark(e, "document", NULL, false) && put_text(e->out, number);
}

static bool begin_row(explain *e, const winnow_verdict *v, bool same_line)
{
    if (!end_row(e))
        return false;
    if (e->documents && v->document != e->document && !put_document(e, v->document))
        return false;
    e->open = true;
    e->reason = v->reason;
    e->category = v->category;
    e->document = v->document;
    e->line = v->line;
    return put_text(e->out, e->colour ? colour_of(v->reason) : "") &&
           put_mark(e, winnow_reason_name(v->reason), v->category, same_line);
}

bool explain_verdict(explain *e, const winnow_verdict *v)
{
    bool same_line = e->open && v->document == e->document && v->line == e->line;
    bool goes_on = same_line && !e->split && v->reason == e->reason && v->category == e->category;
    /* Nothing stood between two sentences of Chinese. */
    if (goes_on ? v->byte != e->end && !put_text(e->out, " ") : !begin_row(e, v, same_line))
        return false;
    e->end = v->byte + v->len;
    return output_put(e->out, v->text, v->len);
}

bool explain_end(explain *e)
{
    return end_row(e);
}
