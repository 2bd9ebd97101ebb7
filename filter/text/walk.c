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
    if (list_reserve(&out->edits, 1))
        text_add_edit(out->edits.items, &out->edits.len, w->first_edit, e);
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

/* The first byte from `at` on that is not a space. */
static size_t after_spaces(const uint8_t *raw, size_t len, size_t at)
{
    const uint64_t spaces = UINT64_C(0x2020202020202020);
    for (uint64_t word; at + sizeof word <= len; at += sizeof word) {
        memcpy(&word, raw + at, sizeof word);
        if (word != spaces)
            break;
    }
    while (at < len && raw[at] == ' ')
        at++;
    return at;
}

/* Leaves out the blanks from `at` on; what goes before is in `out`. */
static void skip_blanks(text_walk *w, size_t at)
{
    size_t n;
    while ((at = after_spaces(w->raw, w->len, at)) < w->len && (n = blank_length(w, at)) > 0)
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

static unsigned line_flags(const text_walk *w)
{
    unsigned flags = w->flags & TEXT_CUT_BEFORE ? w->flags : 0U;
    return flags | (w->gap ? TEXT_AFTER_GAP : 0U);
}

static void push_line(text_walk *w, size_t end, unsigned flags)
{
    text_clean *out = w->out;
    if (!list_reserve(&out->lines, 1)) {
        w->failed = true;
        return;
    }
    flags |= line_flags(w);
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
        unsigned said = text_said(w, at, &n);
        if (said)
            meet_char(w, at, said, n);
    }
}

/* Where the character begins whose second byte, or ASCII, is at a stop. */
static size_t stop_start(const text_walk *w, size_t stop)
{
    return stop - (w->raw[stop] >= 0x80);
}

/* Nothing is said of what stands at `at`. */
static bool is_plain(const text_walk *w, size_t at)
{
    size_t n;
    if (at == w->len || w->raw[at] == '\n')
        return true;
    if (w->raw[at] < 0x80)
        return w->raw[at] >= 0x20 && w->raw[at] != 0x7F;
    return text_said(w, at, &n) == 0;
}

/* Without the stops where nothing is to be done: of the character nothing is said, or only that it
   is a mark, and no other follows. (Of two marks, the first is a stop.) */
static uint64_t vetted(const text_walk *w, size_t base, uint64_t stops)
{
    for (uint64_t m = stops; m; m &= m - 1) {
        size_t n, at = stop_start(w, base + (size_t)__builtin_ctzll(m));
        if (w->raw[at] < 0x80)
            return stops;
        unsigned said = text_said(w, at, &n);
        if (said > NORM_CLASS || (said && !is_plain(w, at + n)))
            return stops; /* one is enough to make all of them be looked at */
        stops ^= m & -m;
    }
    return stops;
}

static unsigned bits(uint64_t v)
{
    v -= v >> 1 & UINT64_C(0x5555555555555555);
    v = (v & UINT64_C(0x3333333333333333)) + (v >> 2 & UINT64_C(0x3333333333333333));
    v = (v + (v >> 4)) & UINT64_C(0x0F0F0F0F0F0F0F0F);
    return (unsigned)(v * UINT64_C(0x0101010101010101) >> 56);
}

/* Ends lines where nothing but their LF stands in the way: no blanks to trim, no LF too many.
   `start`: what the block's first byte is in `out`; `keep`: its bytes that go there. */
static void plain_lines(text_walk *w, size_t base, uint64_t lines, uint64_t keep, size_t start)
{
    text_clean *out = w->out;
    text_line *next = out->lines.items + out->lines.len;
    uint32_t line_start = (uint32_t)w->line_start, line_raw = (uint32_t)w->line_raw;
    uint32_t number = w->number, at = 0;
    unsigned flags = line_flags(w);
    for (uint64_t m = lines; m; m &= m - 1) {
        uint64_t below = (m & -m) - 1;
        at = (uint32_t)__builtin_ctzll(m);
        uint32_t end = (uint32_t)start + (keep == UINT64_MAX ? at : bits(keep & below));
        if (end > line_start || !w->t->opt.tidy || flags & TEXT_CUT_BEFORE) {
            *next++ = (text_line){line_start, end - line_start, line_raw, number,
                                  (uint8_t)(flags | TEXT_ENDS)};
            flags = 0;
        } else {
            flags = TEXT_AFTER_GAP;
        }
        line_start = end + 1;
        uint64_t after = keep & ~(below << 1 | 1);
        line_raw = (uint32_t)base + (after ? (uint32_t)__builtin_ctzll(after) : 64);
        number++;
    }
    out->lines.len = (size_t)(next - out->lines.items);
    out->line_ends += number - w->number;
    w->line_start = line_start;
    w->line_raw = line_raw;
    w->number = number;
    w->flags = 0;
    w->gap = flags & TEXT_AFTER_GAP;
    w->any = base + at + 1 < w->len;
}

/* LFs of empty lines behind an empty line. */
static uint64_t surplus(const text_walk *w, size_t start, uint64_t lines)
{
    uint64_t begin = start == w->line_start, gap = begin && w->gap;
    return lines & (lines << 1 | begin) & (lines << 2 | begin << 1 | gap);
}

/* Whether the blanks of a block may be squeezed: it is whole, the first line is not a cut one, and
   neither its first character nor its last needs to know more. */
static bool may_squeeze(const text_walk *w, size_t base)
{
    return !w->t->opt.edits && w->from <= base && w->len - base >= 64 &&
           w->raw[base + 63] < 0xC0 && !(w->flags & TEXT_CUT_BEFORE) &&
           !(w->raw[base] == 0xC2 && w->from == base && text_after_blank(w));
}

/* Appends the bytes of a block whose bits are in `keep`, a space for each U+00A0. */
static void squeeze(text_walk *w, size_t base, uint64_t keep, uint64_t nbsp)
{
    buffer *b = &w->out->text;
    const uint8_t *from = w->raw + base;
    uint8_t spaced[64];
    text_copy(w, base);
    if (nbsp) {
        memcpy(spaced, from, sizeof spaced);
        for (; nbsp; nbsp &= nbsp - 1)
            spaced[__builtin_ctzll(nbsp)] = ' ';
        from = spaced;
    }
    if (b->len == w->line_start)
        w->line_raw = base + (keep ? (size_t)__builtin_ctzll(keep) : 64);
    b->len += w->kernels->squeeze(b->data + b->len, from, keep);
    w->from = w->seen = base + 64;
}

/* A block in which nothing but lines end, and blanks are too many. False: there is more to it. */
static bool plain_block(text_walk *w, size_t base, const scan_marks *m)
{
    size_t start = w->out->text.len + (base - w->from);
    uint64_t keep = ~(m->extra | m->nbsp >> 1);
    if (keep != UINT64_MAX && !may_squeeze(w, base))
        return false;
    if (w->t->opt.tidy && m->lines &&
        (base + (size_t)__builtin_ctzll(m->lines) == w->from || surplus(w, start, m->lines)))
        return false;
    if (m->lines && !list_reserve(&w->out->lines, 64)) {
        w->failed = true;
        return true;
    }
    if (keep != UINT64_MAX)
        squeeze(w, base, keep, m->nbsp);
    if (m->lines)
        plain_lines(w, base, m->lines, keep, start);
    return true;
}

static void walk_block(text_walk *w, size_t base, const scan_marks *marks)
{
    scan_marks m = *marks;
    if (w->seen > base) {
        if (w->seen - base >= 64)
            return;
        uint64_t left = UINT64_MAX << (w->seen - base);
        m = (scan_marks){m.stops & left, m.lines & left, m.nbsp & left, m.extra & left};
    }
    if (m.stops)
        m.stops = vetted(w, base, m.stops);
    if (!m.stops && plain_block(w, base, &m))
        return;
    uint64_t all = m.stops | m.lines | m.nbsp | (m.extra & ~(m.extra << 1));
    for (; all; all &= all - 1) {
        size_t at = stop_start(w, base + (size_t)__builtin_ctzll(all));
        if (at >= w->seen)
            meet(w, at);
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

/* The byte before `at`, for the marks behind it: a space for any that they know as a blank. */
static uint8_t before(const text_walk *w, size_t at)
{
    if (at == 0)
        return 0;
    return at > 1 && w->raw[at - 1] == 0xA0 && w->raw[at - 2] == 0xC2 ? ' ' : w->raw[at - 1];
}

winnow_status text_walk_all(text_walk *w, const scan_set *set)
{
    scan_marks marks[SCAN_BATCH / 64];
    w->kernels = scan_in_use();
    w->line_start = w->out->text.len;
    w->flags = w->cut & TEXT_CUT_BEFORE;
    if (!text_room(w, 0))
        return WINNOW_ERR_NOMEM;
    text_resume(w, 0);
    for (size_t base = 0; base < w->len && !w->failed; base += SCAN_BATCH) {
        size_t n = w->len - base < SCAN_BATCH ? w->len - base : SCAN_BATCH;
        w->kernels->text(w->raw + base, n, set, before(w, base), marks);
        for (size_t i = 0; i < n && !w->failed; i += 64) {
            const scan_marks *m = &marks[i / 64];
            if (m->stops | m->lines | m->nbsp | m->extra)
                walk_block(w, base + i, m);
        }
    }
    if (!w->failed)
        finish(w);
    return w->failed ? WINNOW_ERR_NOMEM : WINNOW_OK;
}
