#include "writer.h"

/* Blocks the sink gets: large enough that a write(2) each costs nothing. */
enum { OUT_BLOCK = 256 * 1024 };

void writer_init(writer *w, const winnow_options *opt, winnow_sink *sink, void *user)
{
    *w = (writer){
        .invert = opt->invert != 0,
        .split = opt->split != 0,
        .nul = opt->format == WINNOW_NUL,
        .format = opt->format,
        .records = frame_has_records(opt->format),
        .drop_empty = opt->empty == WINNOW_EMPTY_DROP,
        .sink = sink,
        .user = user,
    };
}

void writer_free(writer *w)
{
    buffer_free(&w->out);
    buffer_free(&w->text);
}

winnow_status writer_settle(writer *w)
{
    if (!buffer_append(w->records ? &w->text : &w->out, w->run, w->run_len))
        return WINNOW_ERR_NOMEM;
    w->run_len = 0;
    return WINNOW_OK;
}

winnow_status writer_flush(writer *w)
{
    winnow_status st = writer_settle(w);
    if (st == WINNOW_OK && w->out.len && w->sink(w->user, w->out.data, w->out.len) != 0)
        st = WINNOW_ERR_SINK;
    buffer_clear(&w->out);
    return st;
}

/* Between lines: what is out is whole lines, unless one was cut by force. */
winnow_status writer_flush_if_large(writer *w)
{
    return w->out.len + w->run_len < OUT_BLOCK ? WINNOW_OK : writer_flush(w);
}

/* Text that stands behind the text before it needs no copy of its own. */
static winnow_status put(writer *w, const uint8_t *text, size_t len)
{
    winnow_status st = WINNOW_OK;
    w->bytes += w->records ? 0 : len; /* a record is counted when it is whole */
    if (w->run_len && text == w->run + w->run_len) {
        w->run_len += len;
        return st;
    }
    if (w->run_len)
        st = writer_settle(w);
    w->run = text;
    w->run_len = len;
    return st;
}

static winnow_status put_byte(writer *w, char byte)
{
    static const uint8_t bytes[] = {'\n', ' ', '\0'};
    return put(w, &bytes[byte == '\n' ? 0 : byte == ' ' ? 1 : 2], 1);
}

static winnow_status put_line_end(writer *w)
{
    w->lines++;
    return put_byte(w, '\n');
}

/* What stands before a line that stays: the line end owed, the empty line that waited. */
static winnow_status begin_line(writer *w, const batch *b, const text_line *l)
{
    winnow_status st = WINNOW_OK;
    if (w->owes_nul)
        st = put_byte(w, '\0');
    if (w->owes_end && st == WINNOW_OK)
        st = put_line_end(w);
    if (w->gap && w->any && st == WINNOW_OK) {
        w->lines++;
        /* The line's own empty line stands before it in the text. */
        st = l->flags & TEXT_AFTER_GAP ? put(w, b->clean.text.data + l->start - 1, 1)
                                       : put_byte(w, '\n');
    }
    w->gap_first |= w->gap && !w->any && !w->nul;
    w->owes_nul = w->owes_end = w->gap = false;
    w->any = true;
    return st;
}

static winnow_status end_line(writer *w, const batch *b, const text_line *l)
{
    if (!(l->flags & TEXT_ENDS)) {
        w->owes_end = true;
        return WINNOW_OK;
    }
    w->lines++;
    return put(w, b->clean.text.data + l->start + l->len, 1);
}

static bool stays(const writer *w, const span *s)
{
    return (s->reason == WINNOW_KEPT) != w->invert;
}

/* How many of a line's spans stay. */
static uint32_t staying(const writer *w, const span *s, uint32_t n)
{
    uint32_t count = 0;
    for (uint32_t i = 0; i < n; i++)
        count += stays(w, &s[i]);
    return count;
}

static winnow_status write_split(writer *w, const batch *b, const text_line *l, const span *s,
                                 uint32_t n)
{
    winnow_status st = begin_line(w, b, l);
    bool first = true;
    for (uint32_t i = 0; i < n && st == WINNOW_OK; i++) {
        if (!stays(w, &s[i]))
            continue;
        if (!first)
            st = put_line_end(w);
        if (st == WINNOW_OK)
            st = put(w, b->clean.text.data + s[i].start, s[i].len);
        first = false;
    }
    return st == WINNOW_OK ? end_line(w, b, l) : st;
}

/* The spans that stay, each behind the blanks that stood before it; none before the first where
   another span was dropped there. */
static winnow_status write_part(writer *w, const batch *b, const text_line *l, const span *s,
                                uint32_t n)
{
    const uint8_t *text = b->clean.text.data;
    size_t end = l->start; /* of what stood before s[i] */
    bool first = true;
    winnow_status st = begin_line(w, b, l);
    for (uint32_t i = 0; i < n && st == WINNOW_OK; i++) {
        size_t behind = (size_t)s[i].start + s[i].len;
        if (i + 1 == n)
            behind = (size_t)l->start + l->len;
        if (stays(w, &s[i])) {
            size_t from = first && i > 0 ? s[i].start : end;
            st = put(w, text + from, behind - from);
            first = false;
        }
        end = behind;
    }
    return st == WINNOW_OK ? end_line(w, b, l) : st;
}

static winnow_status write_whole(writer *w, const batch *b, const text_line *l)
{
    winnow_status st = begin_line(w, b, l);
    if (st == WINNOW_OK)
        st = put(w, b->clean.text.data + l->start, l->len);
    return st == WINNOW_OK ? end_line(w, b, l) : st;
}

/* A piece of a line cut by force: the pieces are written joined, with one blank for those that were
   trimmed at the cut. */
static winnow_status write_piece(writer *w, const batch *b, const text_line *l)
{
    winnow_status st = WINNOW_OK;
    w->gap |= (l->flags & TEXT_AFTER_GAP) != 0;
    if (!(l->flags & TEXT_CUT_BEFORE))
        w->piece_text = w->piece_blank = false;
    w->piece_blank |= (l->flags & TEXT_BLANK_LEFT) != 0;
    if (l->len) {
        if (!w->piece_text)
            st = begin_line(w, b, l);
        else if (w->piece_blank)
            st = put_byte(w, ' ');
        if (st == WINNOW_OK)
            st = put(w, b->clean.text.data + l->start, l->len);
        w->piece_text = true;
        w->piece_blank = false;
    }
    w->piece_blank |= (l->flags & TEXT_BLANK_RIGHT) != 0;
    if (l->flags & TEXT_CUT_AFTER || st != WINNOW_OK)
        return st;
    if (w->piece_text)
        return end_line(w, b, l);
    w->gap = true; /* nothing but blanks: an empty line */
    return WINNOW_OK;
}

/* Most lines stay whole, as the line before them did, and make the run longer. False: this one
   takes more than that. */
static bool goes_on(writer *w, const batch *b, const text_line *l)
{
    size_t gap = (l->flags & TEXT_AFTER_GAP) != 0, len = gap + l->len + 1;
    const uint8_t *text = b->clean.text.data + l->start - gap;
    bool owes = w->owes_nul | w->owes_end | w->gap | !w->any, whole = l->flags & TEXT_ENDS;
    if (owes || !whole || w->split || w->invert || text != w->run + w->run_len)
        return false;
    w->run_len += len;
    w->lines += gap + 1;
    w->bytes += w->records ? 0 : len;
    return true;
}

static winnow_status write_judged(writer *w, const batch *b, size_t i)
{
    const text_line *l = &b->clean.lines.items[i];
    const line_note *note = &b->notes.items[i];
    const span *s = b->spans.items + note->first_span;
    uint32_t left = staying(w, s, note->spans);
    if (left == note->spans && goes_on(w, b, l))
        return WINNOW_OK;
    w->gap |= l->flags & TEXT_AFTER_GAP && !w->invert;
    if (!left && (note->spans || w->invert))
        return WINNOW_OK;
    if (!note->spans || (left == note->spans && !w->split))
        return write_whole(w, b, l);
    return w->split ? write_split(w, b, l, s, note->spans) : write_part(w, b, l, s, note->spans);
}

winnow_status writer_line(writer *w, const batch *b, size_t i)
{
    const text_line *l = &b->clean.lines.items[i];
    winnow_status st;
    if (!(l->flags & (TEXT_CUT_BEFORE | TEXT_CUT_AFTER)))
        st = write_judged(w, b, i);
    else
        st = w->invert ? WINNOW_OK : write_piece(w, b, l);
    return st == WINNOW_OK ? writer_flush_if_large(w) : st;
}

void writer_gap(writer *w)
{
    w->gap = !w->invert;
}

winnow_status writer_document_end(writer *w, bool nul)
{
    if (!w->nul || (!w->any && w->drop_empty))
        return WINNOW_OK;
    winnow_status st = w->owes_nul ? put_byte(w, '\0') : WINNOW_OK;
    w->any = w->gap = w->owes_end = false;
    w->owes_nul = !nul;
    return nul && st == WINNOW_OK ? put_byte(w, '\0') : st;
}
