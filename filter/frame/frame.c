#define _GNU_SOURCE /* memrchr */
#include "frame/frame.h"

#include <string.h>

#include "base/scan.h"
#include "frame/wet.h"
#include "text/text.h"

void frame_init(frame *f, const winnow_options *opt)
{
    *f = (frame){
        .unit = opt->unit,
        .format = opt->format,
        /* A document a line is ended by LF alone. */
        .cr_ends = !opt->no_tidy && opt->format != WINNOW_LINES &&
                   !frame_has_records(opt->format),
        .drops = opt->invalid == WINNOW_INVALID_DROP,
    };
}

/* Offset behind the last `byte` of bytes[from..to), 0 when there is none. */
static size_t behind_last(const uint8_t *bytes, size_t from, size_t to, int byte)
{
    const uint8_t *at = to > from ? memrchr(bytes + from, byte, to - from) : NULL;
    return at ? (size_t)(at - bytes) + 1 : 0;
}

/* What stands at `at`, behind a CR, is there and is not its LF; nor is it about to go, so that an
   LF would take its place. */
static bool parts_from_cr(const frame *f, const uint8_t *bytes, size_t at, size_t len)
{
    bool valid = true;
    if (at == len || bytes[at] == '\n')
        return false;
    if (f->drops)
        scan_sequence(bytes + at, len - at, &valid);
    return valid;
}

/* Offset behind the last line end in bytes[from..to). */
static size_t behind_last_line(const frame *f, const uint8_t *bytes, size_t from, size_t to,
                               size_t len)
{
    size_t place = behind_last(bytes, from, to, '\n');
    if (f->format == WINNOW_NUL) {
        size_t nul = behind_last(bytes, place ? place : from, to, 0);
        if (nul)
            place = nul;
    }
    if (place || !f->cr_ends)
        return place;
    place = behind_last(bytes, from, to, '\r');
    while (place && !parts_from_cr(f, bytes, place, len))
        place = behind_last(bytes, from, place - 1, '\r');
    return place;
}

/* An empty line begins at `at`: LF or CR LF. Blank lines of other makes end paragraphs too, but are
   not needed as places to cut. */
static bool empty_line_at(const uint8_t *bytes, size_t at, size_t len, size_t *line_len)
{
    size_t cr = at < len && bytes[at] == '\r';
    *line_len = cr + 1;
    return at + cr < len && bytes[at + cr] == '\n';
}

/* Offset behind the last empty line, or NUL, of bytes[from..to). The line end before an empty line
   at the front went with the last batch. */
static size_t behind_last_paragraph(const frame *f, const uint8_t *bytes, size_t from, size_t to)
{
    size_t floor = f->format == WINNOW_NUL ? behind_last(bytes, from, to, 0) : 0;
    size_t stop = floor ? floor : from;
    for (size_t end = to; (end = behind_last(bytes, stop, end, '\n')) != 0; end--) {
        size_t line_len;
        if (empty_line_at(bytes, end, to, &line_len))
            return end + line_len;
    }
    size_t first_len;
    bool first_empty = from == 0 && !f->in_line && empty_line_at(bytes, 0, to, &first_len);
    return !floor && first_empty ? first_len : floor;
}

/* Offset behind the last place of bytes[from..to) where a batch may end; 0: none. */
static size_t last_place(const frame *f, const uint8_t *bytes, size_t from, size_t to, size_t len)
{
    /* Every line is a document, so paragraphs and documents end where lines do. */
    if (f->unit <= WINNOW_LINE || f->format == WINNOW_LINES)
        return behind_last_line(f, bytes, from, to, len);
    if (f->unit == WINNOW_PARAGRAPH)
        return behind_last_paragraph(f, bytes, from, to);
    return f->format == WINNOW_NUL ? behind_last(bytes, from, to, 0) : 0;
}

/* The first `max` bytes hold no place to cut, and there are more. */
static size_t force(const frame *f, const uint8_t *bytes, size_t max, size_t len, frame_cut *cut)
{
    if (max > FRAME_LINE_MAX) {
        size_t place = behind_last_line(f, bytes, 0, max, len);
        *cut = FRAME_IN_UNIT;
        if (place)
            return place;
    }
    *cut = FRAME_IN_LINE;
    size_t place = text_cut_place(bytes, max);
    if (place)
        return place;
    /* Nothing but marks, blanks, controls: not within a sequence, a line end or a character then. */
    place = text_open_sequence(bytes, max);
    if (place && place < max)
        return place;
    for (place = max; place > max - 3 && (bytes[place] & 0xC0) == 0x80;)
        place--;
    return place - (bytes[place] == '\n' && bytes[place - 1] == '\r');
}

/* JSON Lines: behind the last record within the target, or else the first. */
static size_t next_lines(frame *f, const uint8_t *bytes, size_t len, size_t target, frame_cut *cut)
{
    /* What was seen may come again in smaller portions. */
    size_t known = f->seen < len ? f->seen : len, upto = len < target ? len : target;
    size_t place = f->in_line || known >= upto ? 0 : behind_last(bytes, known, upto, '\n');
    if (!place) {
        const uint8_t *lf = memchr(bytes + known, '\n', len - known);
        place = lf ? (size_t)(lf - bytes) + 1 : 0;
    }
    bool force = !place && (f->in_line || len > FRAME_RECORD_MAX);
    f->seen = place || force ? 0 : f->seen < len ? len : f->seen;
    f->in_line = force;
    *cut = force ? FRAME_IN_LINE : FRAME_CLEAN;
    return force ? len : place;
}

/* Cuts inside a WARC record `left` bytes of which are there or to come. */
static size_t skip_record(frame *f, uint64_t left, size_t len, frame_cut *cut)
{
    size_t n = left < len ? (size_t)left : len;
    f->skip = left - n;
    f->in_line = f->skip > 0;
    *cut = f->in_line ? FRAME_IN_LINE : FRAME_CLEAN;
    return n;
}

/* Cuts what is no record where the next begins, or, as long as none is seen, where it might. */
static size_t skip_damage(frame *f, const uint8_t *bytes, size_t len, frame_cut *cut)
{
    size_t place = wet_find(bytes, len);
    f->in_line = place == len;
    *cut = f->in_line ? FRAME_IN_LINE : FRAME_CLEAN;
    if (!f->in_line)
        return place;
    return len > WET_MARK ? len - WET_MARK : 0;
}

/* WET: behind the last record within the target, or else the first. */
static size_t next_wet(frame *f, const uint8_t *bytes, size_t len, size_t target, frame_cut *cut)
{
    if (f->skip)
        return skip_record(f, f->skip, len, cut);
    *cut = FRAME_CLEAN;
    if (f->in_line)
        return skip_damage(f, bytes, len, cut);
    size_t at = 0;
    for (wet_record r; at < len && at < target; at += (size_t)r.len) {
        wet_read(bytes + at, len - at, false, &r);
        bool open = r.kind == WET_DAMAGED && !r.found;
        bool alone = open || r.kind == WET_LONG || r.kind == WET_MORE;
        if (at && (alone || at + r.len > target))
            break;
        if (open)
            return skip_damage(f, bytes, len, cut);
        if (r.kind == WET_LONG)
            return skip_record(f, r.len, len, cut);
        if (r.kind == WET_MORE)
            break;
    }
    return at;
}

size_t frame_next(frame *f, const uint8_t *bytes, size_t len, size_t target, frame_cut *cut)
{
    if (f->format == WINNOW_JSONL)
        return len ? next_lines(f, bytes, len, target, cut) : 0;
    if (f->format == WINNOW_WET)
        return next_wet(f, bytes, len, target, cut);

    bool line_units = f->unit <= WINNOW_LINE || f->format == WINNOW_LINES;
    size_t max = line_units ? FRAME_LINE_MAX : FRAME_UNIT_MAX;
    size_t whole = len < max ? len : max;
    size_t upto = whole < target ? whole : target;
    /* A paragraph's empty line may have begun up to three bytes before what is new; four before it
       may stand a CR, when the character behind it is not whole yet. */
    const size_t known = f->seen > 4 ? f->seen - 4 : 0;
    size_t from = known;

    *cut = FRAME_CLEAN;
    for (;;) {
        size_t place = from < upto ? last_place(f, bytes, from, upto, len) : 0;
        if (place) {
            f->seen = 0;
            f->in_line = false;
            return place;
        }
        if (upto == whole)
            break;
        from = upto > known + 4 ? upto - 4 : known;
        upto = whole - upto < target ? whole : upto + target;
    }
    /* Whether a CR at the very end of the window is a line end shows only in the byte behind. */
    f->seen = len > max ? 0 : whole;
    size_t place = len > max ? force(f, bytes, max, len, cut) : 0;
    if (place)
        f->in_line = *cut == FRAME_IN_LINE;
    return place;
}

size_t frame_line_start(const frame *f, const uint8_t *bytes, size_t at)
{
    const char ends[] = {'\n', '\r', '\0'};
    size_t start = 0;
    for (size_t i = 0; i < sizeof ends; i++) {
        bool counts = i == 0 || (i == 1 && f->cr_ends) || (i == 2 && f->format == WINNOW_NUL);
        size_t place = counts ? behind_last(bytes, start, at, ends[i]) : 0;
        if (place)
            start = place;
    }
    return start;
}

size_t frame_document(const frame *f, const uint8_t *bytes, size_t len, bool *ends)
{
    const uint8_t *nul = f->format == WINNOW_NUL ? memchr(bytes, 0, len) : NULL;
    *ends = nul != NULL;
    return nul ? (size_t)(nul - bytes) : len;
}
