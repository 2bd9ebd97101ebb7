#include "record.h"

#include <stdlib.h>
#include <string.h>

#include "base/scan.h"
#include "frame/json_string.h"
#include "frame/wet.h"

static const char too_long[] = "longer than 128 MiB";
_Static_assert(FRAME_RECORD_MAX == 128 << 20, "too_long says so");
_Static_assert(JSON_DEPTH_MAX == 256, "why_not says so");

winnow_status record_scratch_init(record_scratch *s, const batch_plan *plan)
{
    if (plan->opt.format != WINNOW_JSONL)
        return WINNOW_OK;
    s->field = json_field_create(plan->field);
    return s->field ? WINNOW_OK : WINNOW_ERR_NOMEM;
}

void record_scratch_free(record_scratch *s)
{
    json_field_free(s->field);
    buffer_free(&s->padded);
    buffer_free(&s->unescaped);
    list_free(&s->map);
}

/* ---- Parts of a batch ----------------------------------------------------------------------- */

static winnow_status add_record(batch *b, record r, bool ends)
{
    if (!list_reserve(&b->records, 1) || !batch_note_document(b, ends))
        return WINNOW_ERR_NOMEM;
    b->records.items[b->records.len++] = r;
    return WINNOW_OK;
}

/* raw[begin..end) stays as it is; `why`: though it should have been cleaned. */
static winnow_status pass(batch *b, const batch_plan *plan, size_t begin, size_t end, bool ends,
                          const char *why)
{
    size_t clean = b->clean.text.len;
    if (why && plan->opt.invalid == WINNOW_INVALID_FAIL) {
        b->bad_record = begin;
        b->invalid_at = b->raw_offset + begin;
        return WINNOW_ERR_RECORD;
    }
    record r = {.begin = begin, .end = end, .clean = clean, .clean_end = clean, .passed = why};
    return add_record(b, r, ends);
}

/* `r` has the places in raw; text[0..len) is what stands at r.text, by `map` unless that is NULL.
   `altered`: it is not quite what stands there. */
static winnow_status clean(batch *b, batch_worker *w, record r, const uint8_t *text, size_t len,
                           const text_edits *map, bool altered)
{
    text_clean *c = &b->clean;
    size_t line = c->lines.len, edit = c->edits.len;
    r.clean = c->text.len;
    winnow_status st = batch_clean(b, w, text, len, 0);
    if (st == WINNOW_ERR_INVALID) {
        uint32_t at = (uint32_t)c->invalid_at;
        b->bad_record = r.begin;
        b->invalid_at = b->raw_offset + r.text + (map ? text_mapped(map, at) : at);
    }
    if (st != WINNOW_OK)
        return st;
    if (map && !text_map(w->text, map, c, line, edit))
        return WINNOW_ERR_NOMEM;
    batch_rebase(c, line, edit, r.text);
    r.clean_end = c->text.len;
    r.cleaned = true;
    r.open = c->lines.len > line && !(c->lines.items[c->lines.len - 1].flags & TEXT_ENDS);
    r.same = !altered && r.clean_end - r.clean == len &&
             (len == 0 || memcmp(c->text.data + r.clean, text, len) == 0);
    return add_record(b, r, true);
}

/* ---- JSON Lines ----------------------------------------------------------------------------- */

static const char *why_not(json_found found)
{
    switch (found) {
    case JSON_MISSING:
        return "no field of that name";
    case JSON_OTHER:
        return "the field is not a string";
    case JSON_DEEP:
        return "nested over 256 deep";
    default:
        return "no JSON object";
    }
}

/* A copy of the record with something in place of each byte that is not UTF-8: every place is the
   same as in the record. */
static bool copy_utf8(buffer *out, const uint8_t *json, size_t len)
{
    out->len = 0;
    if (!buffer_reserve(out, len + JSON_PADDING))
        return false;
    memcpy(out->data, json, len);
    memset(out->data + len, 0, JSON_PADDING);
    for (size_t at = 0; (at += scan_utf8(json + at, len - at)) < len;) {
        bool valid;
        size_t bad = scan_sequence(json + at, len - at, &valid);
        memset(out->data + at, '?', bad);
        at += bad;
    }
    return true;
}

/* simdjson reads past a record's end, and nothing that is not UTF-8. */
static json_found find_field(const batch *b, record_scratch *s, size_t begin, size_t len, record *r)
{
    size_t readable = b->raw_len + (b->raw == b->held.data ? BUFFER_SLACK : 0);
    const uint8_t *json = b->raw + begin;
    size_t start, end;
    json_found found = JSON_NOT_UTF8;
    if (readable - begin - len >= JSON_PADDING)
        found = json_field_find(s->field, json, len, &start, &end);
    if (found == JSON_NOT_UTF8)
        found = copy_utf8(&s->padded, json, len)
                    ? json_field_find(s->field, s->padded.data, len, &start, &end)
                    : JSON_NOMEM;
    if (found == JSON_FOUND) {
        r->text = begin + start;
        r->text_end = begin + end;
    }
    return found;
}

/* Blanks of JSON alone. */
static bool is_blank(const uint8_t *line, size_t len)
{
    while (len && strchr(" \t\r\n", line[len - 1]) && line[len - 1])
        len--;
    return len == 0;
}

static winnow_status clean_json(batch *b, batch_worker *w, const batch_plan *plan, size_t begin,
                                size_t end)
{
    static const uint8_t bom[] = {0xEF, 0xBB, 0xBF};
    record_scratch *s = &w->record;
    record r = {.begin = begin, .end = end};
    size_t halves = 0, len = end - begin;
    if (len > FRAME_RECORD_MAX)
        return pass(b, plan, begin, end, true, too_long);
    if (is_blank(b->raw + begin, len))
        return pass(b, plan, begin, end, true, NULL);
    size_t skip = len > sizeof bom && memcmp(b->raw + begin, bom, sizeof bom) == 0 ? sizeof bom : 0;
    json_found found = find_field(b, s, begin + skip, len - skip, &r);
    const uint8_t *text = b->raw + r.text;
    size_t text_len = r.text_end - r.text;
    text_edits *map = NULL;
    if (found == JSON_FOUND && text_len && memchr(text, '\\', text_len)) {
        bool places = plan->text.edits || plan->opt.invalid == WINNOW_INVALID_FAIL;
        map = places ? &s->map : NULL;
        found = json_string_read(text, text_len, &s->unescaped, &halves, map);
        text = s->unescaped.data;
        text_len = s->unescaped.len;
    }
    if (found == JSON_NOMEM)
        return WINNOW_ERR_NOMEM;
    if (found != JSON_FOUND)
        return pass(b, plan, begin, end, true, why_not(found));
    return clean(b, w, r, text, text_len, map, halves > 0);
}

static winnow_status clean_json_lines(batch *b, batch_worker *w, const batch_plan *plan)
{
    winnow_status st = WINNOW_OK;
    for (size_t at = 0; at < b->raw_len && st == WINNOW_OK;) {
        const uint8_t *lf = memchr(b->raw + at, '\n', b->raw_len - at);
        size_t end = lf ? (size_t)(lf - b->raw) + 1 : b->raw_len;
        st = clean_json(b, w, plan, at, end);
        at = end;
    }
    return st;
}

/* ---- WET ------------------------------------------------------------------------------------ */

static winnow_status clean_wet(batch *b, batch_worker *w, const batch_plan *plan, size_t begin,
                               const wet_record *found)
{
    size_t left = b->raw_len - begin;
    size_t end = found->len < left ? begin + (size_t)found->len : b->raw_len;
    record r = {.begin = begin, .end = end, .text = begin + found->block};
    switch (found->kind) {
    case WET_TEXT:
        r.text_end = r.text + (size_t)found->block_len;
        return clean(b, w, r, b->raw + r.text, r.text_end - r.text, NULL, false);
    case WET_LONG:
        return pass(b, plan, begin, end, !b->in_line_after, found->text ? too_long : NULL);
    case WET_DAMAGED:
        return pass(b, plan, begin, end, !b->in_line_after,
                    found->cut_off && b->document_ends ? "the input ends inside the WARC record"
                                                       : "a damaged WARC record");
    default:
        return pass(b, plan, begin, end, found->kind == WET_OTHER, NULL);
    }
}

static winnow_status clean_wet_records(batch *b, batch_worker *w, const batch_plan *plan)
{
    winnow_status st = WINNOW_OK;
    for (size_t at = 0; at < b->raw_len && st == WINNOW_OK;) {
        wet_record found;
        wet_read(b->raw + at, b->raw_len - at, true, &found);
        /* A piece is of what is too long or damaged, however whole it looks without the rest. */
        if (b->in_line_after && found.kind != WET_LONG)
            found = (wet_record){.kind = WET_DAMAGED, .len = b->raw_len - at};
        st = clean_wet(b, w, plan, at, &found);
        at += found.len < b->raw_len - at ? (size_t)found.len : b->raw_len - at;
    }
    return st;
}

/* What a huge record took is not kept. */
static void clear_scratch(record_scratch *s)
{
    buffer_clear(&s->padded);
    buffer_clear(&s->unescaped);
    if (!s->unescaped.data)
        list_free(&s->map);
}

winnow_status record_clean(batch *b, batch_worker *w, const batch_plan *plan)
{
    clear_scratch(&w->record);
    if (b->in_line_before) /* the rest of a record that is cut, or another piece of it */
        return pass(b, plan, 0, b->raw_len, !b->in_line_after, NULL);
    if (plan->opt.format == WINNOW_WET)
        return clean_wet_records(b, w, plan);
    if (b->in_line_after)
        return pass(b, plan, 0, b->raw_len, false, too_long);
    return clean_json_lines(b, w, plan);
}
