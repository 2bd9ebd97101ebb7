/* Tidying and lines: from one byte that may matter to the next, everything between as it is. */
#include <string.h>

#include "text/stage.h"
#include "text/utf8.h"

void text_copy(text_walk *w, size_t at)
{
    enum { SHORT = 32 };
    buffer *b = &w->out->text;
    size_t n = at - w->from;
    if (n <= SHORT && w->len - w->from >= SHORT) /* BUFFER_SLACK takes what is too much */
        memcpy(b->data + b->len, w->raw + w->from, SHORT);
    else
        memcpy(b->data + b->len, w->raw + w->from, n);
    b->len += n;
    w->from = at;
}

bool text_room(text_walk *w, size_t more)
{
    if (!w->failed && !buffer_reserve(&w->out->text, more + (w->len - w->from)))
        w->failed = true;
    return !w->failed;
}

static void note_edit(text_walk *w, size_t at)
{
    text_clean *out = w->out;
    text_edit e = {(uint32_t)out->text.len, (uint32_t)at};
    while (out->edits.len > w->first_edit && out->edits.items[out->edits.len - 1].text >= e.text)
        out->edits.len--;
    if (out->edits.len > w->first_edit) {
        const text_edit *last = &out->edits.items[out->edits.len - 1];
        if (e.raw - e.text == last->raw - last->text)
            return;
    }
    if (list_reserve(&out->edits, 1))
        out->edits.items[out->edits.len++] = e;
    else
        w->failed = true;
}

static void skip_blanks(text_walk *w, size_t at);

void text_resume(text_walk *w, size_t at)
{
    w->from = w->seen = at;
    if (w->out->text.len == w->line_start)
        w->line_raw = at;
    if (w->t->opt.tidy && at < w->len && w->raw[at] == ' ' && text_after_blank(w))
        skip_blanks(w, at);
    else if (w->t->opt.edits)
        note_edit(w, at);
}

/* Bytes of the blank at `at`; 0: none. */
static size_t blank_length(const text_walk *w, size_t at)
{
    uint8_t byte = w->raw[at];
    if (byte < 0x80)
        return byte == ' ' || byte == '\t';
    size_t n;
    uint32_t c = utf8_get(w->raw + at, &n);
    return norm_look(w->t->table, c)->said & NORM_BLANK ? n : 0;
}

/* Leaves out the blanks from `at` on; what goes before is in `out`. */
static void skip_blanks(text_walk *w, size_t at)
{
    size_t n;
    while (at < w->len && (n = blank_length(w, at)) > 0)
        at += n;
    if (w->out->text.len == w->line_start)
        w->flags |= TEXT_BLANK_LEFT;
    text_resume(w, at);
}

/* A run of blanks begins at `at` with one of n bytes: one space, and none where a line begins. */
static void blanks(text_walk *w, size_t at, size_t n)
{
    text_copy(w, at);
    if (text_after_blank(w)) {
        if (w->out->text.len == w->line_start)
            w->flags |= TEXT_BLANK_LEFT;
    } else {
        w->out->text.data[w->out->text.len++] = ' ';
    }
    skip_blanks(w, at + n);
}

static void drop(text_walk *w, size_t at, size_t n)
{
    text_copy(w, at);
    text_resume(w, at + n);
}

static void push_line(text_walk *w, size_t end, unsigned flags)
{
    text_clean *out = w->out;
    if (!list_reserve(&out->lines, 1)) {
        w->failed = true;
        return;
    }
    flags |= w->flags | (w->gap ? TEXT_AFTER_GAP : 0U);
    if (!(flags & TEXT_CUT_BEFORE))
        flags &= ~(unsigned)TEXT_BLANK_LEFT;
    out->lines.items[out->lines.len++] =
        (text_line){(uint32_t)w->line_start, (uint32_t)(end - w->line_start), (uint32_t)w->line_raw,
                    w->number, (uint8_t)flags};
    w->gap = false;
}

/* The next line begins behind the line end raw[at..at + n), which is written as LF. */
static void next_line(text_walk *w, size_t at, size_t n, bool written)
{
    buffer *b = &w->out->text;
    bool as_is = written && n == 1 && w->raw[at] == '\n';
    if (as_is) {
        w->line_start = b->len + (at + 1 - w->from);
    } else {
        text_copy(w, at);
        if (written)
            b->data[b->len++] = '\n';
        w->line_start = b->len;
    }
    w->number++;
    w->out->line_ends++;
    w->flags = 0;
    w->line_raw = at + n;
    w->any = at + n < w->len;
    if (!as_is) {
        text_resume(w, at + n);
    } else if (w->t->opt.tidy && at + n < w->len && w->raw[at + n] == ' ') {
        text_copy(w, at + n);
        skip_blanks(w, at + n);
    }
}

/* Where the line ends in `out` that ends at `at` in the input, without its last blank. */
static size_t trimmed_end(text_walk *w, size_t at)
{
    buffer *b = &w->out->text;
    size_t end = b->len + (at - w->from);
    if (end == w->line_start || (at > w->from ? w->raw[at - 1] : b->data[b->len - 1]) != ' ')
        return end;
    text_copy(w, at);
    b->len--;
    w->from = at;
    if (w->t->opt.edits)
        note_edit(w, at);
    return end - 1;
}

static void end_tidy_line(text_walk *w, size_t at, size_t n)
{
    size_t end = trimmed_end(w, at);
    bool empty = end == w->line_start && !(w->flags & TEXT_CUT_BEFORE);
    bool written = !empty || !w->gap;
    if (empty)
        w->gap = true;
    else
        push_line(w, end, TEXT_ENDS);
    next_line(w, at, n, written);
}

static void end_line(text_walk *w, size_t at, size_t n)
{
    if (w->t->opt.tidy) {
        end_tidy_line(w, at, n);
    } else {
        push_line(w, w->out->text.len + (at - w->from), TEXT_ENDS);
        next_line(w, at, n, true);
    }
}

/* A line end that --format=lines takes for a blank. */
static void soft_line_end(text_walk *w, size_t at, size_t n)
{
    if (w->t->opt.one_line)
        blanks(w, at, n);
    else
        end_line(w, at, n);
}

static void meet_ascii(text_walk *w, size_t at)
{
    switch (w->raw[at]) {
    case '\t': case ' ':
        blanks(w, at, 1);
        break;
    case '\r':
        if (at + 1 < w->len && w->raw[at + 1] == '\n')
            end_line(w, at, 2);
        else
            soft_line_end(w, at, 1);
        break;
    case '\v': case '\f':
        soft_line_end(w, at, 1);
        break;
    default:
        w->out->controls++;
        drop(w, at, text_control(w, at));
    }
}

static void meet_char(text_walk *w, size_t at, unsigned said, size_t n)
{
    if (said & NORM_LINE_END)
        soft_line_end(w, at, n);
    else if (said & NORM_BLANK)
        blanks(w, at, n);
    else if (said & NORM_INVISIBLE || (said & NORM_ZWSP && !text_separates(w->raw, w->len, at)))
        drop(w, at, n);
    else if (said & NORM_FORM)
        text_normalise(w, at);
}

static void meet(text_walk *w, size_t at)
{
    uint8_t byte = w->raw[at];
    if (byte == '\n') {
        end_line(w, at, 1);
    } else if (byte < 0x80) {
        meet_ascii(w, at);
    } else {
        size_t n;
        unsigned said = norm_look(w->t->table, utf8_get(w->raw + at, &n))->said & w->t->care;
        if (said)
            meet_char(w, at, said, n);
    }
}

static void walk_batch(text_walk *w, size_t base, const uint64_t *marks, size_t words)
{
    for (size_t i = 0; i < words; i++) {
        for (uint64_t m = marks[i]; m; m &= m - 1) {
            size_t at = base + 64 * i + (size_t)__builtin_ctzll(m);
            if (at >= w->seen)
                meet(w, at);
        }
    }
}

/* The line that no line end follows. */
static void finish(text_walk *w)
{
    buffer *b = &w->out->text;
    bool cut = (w->flags & TEXT_CUT_BEFORE) || (w->cut & TEXT_CUT_AFTER);
    text_copy(w, w->len);
    size_t whole = b->len, end = w->t->opt.tidy ? trimmed_end(w, w->len) : whole;
    unsigned flags = w->cut & TEXT_CUT_AFTER;
    if (flags && (end < whole || (end == w->line_start && w->flags & TEXT_BLANK_LEFT &&
                                  w->flags & TEXT_CUT_BEFORE)))
        flags |= TEXT_BLANK_RIGHT;
    if (end > w->line_start || (w->any && cut))
        push_line(w, end, flags);
    else if (w->gap)
        b->len--;
    w->out->gap = w->gap;
}

winnow_status text_walk_all(text_walk *w, const scan_set *set)
{
    uint64_t marks[SCAN_BATCH / 64];
    w->line_start = w->out->text.len;
    w->flags = w->cut & TEXT_CUT_BEFORE;
    if (!text_room(w, 0))
        return WINNOW_ERR_NOMEM;
    text_resume(w, 0);
    for (size_t base = 0; base < w->len && !w->failed; base += SCAN_BATCH) {
        size_t n = w->len - base < SCAN_BATCH ? w->len - base : SCAN_BATCH;
        scan_marks(w->raw + base, n, set, base ? w->raw[base - 1] : 0, marks);
        walk_batch(w, base, marks, (n + 63) / 64);
    }
    if (!w->failed)
        finish(w);
    return w->failed ? WINNOW_ERR_NOMEM : WINNOW_OK;
}
