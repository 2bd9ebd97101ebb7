#include "batch.h"

#include <stdlib.h>
#include <string.h>

#include "judge/fold.h"
#include "judge/phrase.h"
#include "record.h"

winnow_status batch_worker_init(batch_worker *w, const batch_plan *plan)
{
    *w = (batch_worker){0};
    winnow_status st = text_create(&w->text, &plan->text);
    return st == WINNOW_OK ? record_scratch_init(&w->record, plan) : st;
}

void batch_worker_free(batch_worker *w)
{
    text_free(w->text);
    buffer_free(&w->folded);
    list_free(&w->places);
    record_scratch_free(&w->record);
    *w = (batch_worker){0};
}

void batch_rebase(text_clean *c, size_t line, size_t edit, size_t raw)
{
    for (size_t i = line; i < c->lines.len; i++)
        c->lines.items[i].raw += (uint32_t)raw;
    for (size_t i = edit; i < c->edits.len; i++)
        c->edits.items[i].raw += (uint32_t)raw;
}

/* What is told by the bytes before one must not see those of another document. */
static bool end_last_line(buffer *text)
{
    return !text->len || text->data[text->len - 1] == '\n' || buffer_append(text, "\n", 1);
}

bool batch_note_document(batch *b, bool ends)
{
    if (!list_reserve(&b->documents, 1) || !end_last_line(&b->clean.text))
        return false;
    b->documents.items[b->documents.len++] = (document_part){
        .lines_end = (uint32_t)b->clean.lines.len,
        .gap = b->clean.gap,
        .ends = ends,
    };
    return true;
}

/* The cut flags of the document part raw[at..at+len). */
static unsigned part_cut(const batch *b, size_t at, size_t len)
{
    unsigned cut = at == 0 && b->in_line_before ? TEXT_CUT_BEFORE : 0;
    return cut | (at + len == b->raw_len && b->in_line_after ? TEXT_CUT_AFTER : 0);
}

winnow_status batch_clean(batch *b, batch_worker *w, const uint8_t *text, size_t len, unsigned cut)
{
    text_clean *c = &b->clean;
    size_t first = c->lines.len;
    c->gap = false;
    winnow_status st = text_run(w->text, text, len, cut, c);
    /* A last line without a line end is a line all the same. */
    if (st == WINNOW_OK && c->lines.len > first &&
        !(c->lines.items[c->lines.len - 1].flags & (TEXT_ENDS | TEXT_CUT_AFTER)))
        c->line_ends++;
    return st;
}

/* The document part raw[at..at+len) becomes clean lines. */
static winnow_status clean_part(batch *b, batch_worker *w, size_t at, size_t len, bool ends)
{
    text_clean *c = &b->clean;
    size_t line = c->lines.len, edit = c->edits.len;
    uint32_t number = c->line_ends;
    winnow_status st = batch_clean(b, w, b->raw + at, len, part_cut(b, at, len));
    if (st == WINNOW_ERR_INVALID)
        b->invalid_at = b->raw_offset + at + (uint64_t)c->invalid_at;
    if (st != WINNOW_OK)
        return st;
    if (at)
        batch_rebase(c, line, edit, at);
    for (; number && line < c->lines.len; line++) /* of the batch's lines, not the part's */
        c->lines.items[line].number += number;
    return batch_note_document(b, ends) ? WINNOW_OK : WINNOW_ERR_NOMEM;
}

static winnow_status clean_documents(batch *b, batch_worker *w, const batch_plan *plan)
{
    winnow_status st;
    size_t at = 0;
    do { /* once at least: a document's end may stand alone */
        bool nul;
        size_t len = frame_document(&plan->frame, b->raw + at, b->raw_len - at, &nul);
        st = clean_part(b, w, at, len, nul);
        at += len + nul;
    } while (at < b->raw_len && st == WINNOW_OK);
    return st;
}

static bool add_span(batch *b, size_t start, size_t end)
{
    if (!list_reserve(&b->spans, 1))
        return false;
    b->spans.items[b->spans.len++] =
        (span){.start = (uint32_t)start, .len = (uint32_t)(end - start)};
    return true;
}

/* Blanks between sentences, as UAX #29 knows them (Sp and Sep), from their first byte. */
static size_t blank_len(const uint8_t *p, size_t len)
{
    if (*p == ' ' || (*p >= '\t' && *p <= '\r'))
        return 1;
    if (*p < 0xC2 || len < 2)
        return 0;
    if (p[0] == 0xC2)
        return p[1] == 0xA0 || p[1] == 0x85 ? 2 : 0;
    if (len < 3)
        return 0;
    uint32_t c = (uint32_t)p[0] << 16 | (uint32_t)p[1] << 8 | p[2];
    bool blank = c == 0xE19A80 || (c >= 0xE28080 && c <= 0xE2808A) || c == 0xE280A8 ||
                 c == 0xE280A9 || c == 0xE280AF || c == 0xE2819F || c == 0xE38080;
    return blank ? 3 : 0;
}

/* Whether a byte may begin a blank, or end one. */
static bool may_begin_blank(uint8_t b)
{
    return b <= ' ' || b == 0xC2 || (b >= 0xE1 && b <= 0xE3);
}

static bool may_end_blank(uint8_t b)
{
    return b <= ' ' || (b >= 0x80 && b < 0xC0);
}

static size_t skip_blanks(const uint8_t *text, size_t at, size_t end)
{
    for (size_t n; at < end && may_begin_blank(text[at]); at += n)
        if ((n = blank_len(text + at, end - at)) == 0)
            break;
    return at;
}

static size_t trim_blanks(const uint8_t *text, size_t start, size_t end)
{
    while (end > start && may_end_blank(text[end - 1])) {
        size_t last = end - 1;
        while (last > start && (text[last] & 0xC0) == 0x80)
            last--;
        if (blank_len(text + last, end - last) != end - last)
            break;
        end = last;
    }
    return end;
}

/* The sentences of text[at..end), of which the first begins with no blank. */
static bool add_sentences(batch *b, batch_worker *w, const batch_plan *plan, size_t at, size_t end)
{
    const uint8_t *text = b->clean.text.data;
    while (at < end) {
        size_t next = sentence_next(plan->rules, text, &w->place, at, end);
        if (!add_span(b, at, trim_blanks(text, at, next)))
            return false;
        at = skip_blanks(text, next, end);
    }
    return true;
}

/* A line that was cut, or holds nothing but blanks, is not judged. */
static bool split_line(batch *b, batch_worker *w, const batch_plan *plan, const text_line *l,
                       line_note *note)
{
    size_t start = l->start, end = start + l->len;
    size_t first = skip_blanks(b->clean.text.data, start, end);
    note->first_span = (uint32_t)b->spans.len;
    if (l->flags & (TEXT_CUT_BEFORE | TEXT_CUT_AFTER) || first == end)
        return true;
    bool ok = plan->sentences ? add_sentences(b, w, plan, first, end) : add_span(b, start, end);
    note->spans = (uint32_t)b->spans.len - note->first_span;
    return ok;
}

/* All lines, before anything else is done with one: the tables that it takes stay in the cache. */
static bool split_lines(batch *b, batch_worker *w, const batch_plan *plan)
{
    const text_clean *c = &b->clean;
    /* Lines without spans point into that list, too. */
    if (!list_reserve(&b->notes, c->lines.len) || !list_reserve(&b->spans, 1))
        return false;
    if (plan->sentences && !sentence_scan(c->text.data, c->text.len, &w->places))
        return false;
    w->place = w->places.items;
    for (size_t i = 0; i < c->lines.len; i++) {
        line_note *note = &b->notes.items[b->notes.len++];
        *note = (line_note){0};
        if (plan->spans && !split_line(b, w, plan, &c->lines.items[i], note))
            return false;
    }
    return true;
}

static bool phrase_of(const uint8_t *text, size_t len, buffer *folded, uint8_t *category)
{
    phrase_answer answer;
    unsigned found;
    if (!phrase_find(phrase_corpus(), text, len, folded, &answer, &found))
        return false;
    *category = (uint8_t)(answer == PHRASE_FOUND ? found : PHRASE_NONE);
    return true;
}

/* Looks the line up, and, where it is no phrase as a whole, its sentences. */
static bool find_phrases(batch *b, batch_worker *w, const text_line *l, line_note *note)
{
    const uint8_t *text = b->clean.text.data;
    if (!phrase_of(text + l->start, l->len, &w->folded, &note->phrase))
        return false;
    if (note->phrase != PHRASE_NONE && note->reason == WINNOW_KEPT)
        note->reason = WINNOW_PHRASE;
    if (note->reason != WINNOW_KEPT)
        return true;
    span *s = b->spans.items + note->first_span;
    for (uint32_t i = 0; note->spans > 1 && i < note->spans; i++) {
        const uint8_t *sentence = text + s[i].start;
        if (!phrase_of(sentence, s[i].len, &w->folded, &s[i].phrase))
            return false;
        /* One word is boilerplate as a line ("Reply"), not as a part of one. */
        if (s[i].phrase != PHRASE_NONE && fold_words(sentence, s[i].len, 2) < 2)
            s[i].phrase = PHRASE_NONE;
        if (s[i].phrase != PHRASE_NONE && s[i].reason == WINNOW_KEPT)
            s[i].reason = WINNOW_PHRASE;
    }
    return true;
}

static bool rule_of(const batch_plan *plan, const uint8_t *text, size_t len, buffer *folded,
                    phrase_answer *answer)
{
    unsigned category;
    return len > PHRASE_MAX ? phrase_find_long(plan->own, text, len, folded, answer)
                            : phrase_find(plan->own, text, len, folded, answer, &category);
}

/* Asks the user's rules about the line and about its sentences; about the sentences alone where the
   line is a paragraph, which is not lost for what one of them says. What a rule protects stays,
   though the line goes. */
static bool apply_rules(batch *b, batch_worker *w, const batch_plan *plan, const text_line *l,
                        line_note *note)
{
    const uint8_t *text = b->clean.text.data;
    phrase_answer of_line = PHRASE_UNKNOWN, answer;
    if ((l->len <= PHRASE_MAX || note->spans == 1) &&
        !rule_of(plan, text + l->start, l->len, &w->folded, &of_line))
        return false;
    if (of_line == PHRASE_FOUND)
        note->reason = WINNOW_RULE;
    note->stays = of_line == PHRASE_NEVER;
    span *s = b->spans.items + note->first_span;
    for (uint32_t i = 0; i < note->spans; i++) {
        answer = of_line;
        if (of_line != PHRASE_NEVER && note->spans > 1 &&
            !rule_of(plan, text + s[i].start, s[i].len, &w->folded, &answer))
            return false;
        if (answer == PHRASE_FOUND)
            s[i].reason = WINNOW_RULE;
        if (answer == PHRASE_NEVER)
            s[i].flags |= SPAN_STAY;
        note->stays |= answer == PHRASE_NEVER;
    }
    return true;
}

/* Whether a rule protects all of the line. */
static bool is_protected(const batch *b, const line_note *note)
{
    const span *s = b->spans.items + note->first_span;
    uint32_t i = 0;
    while (i < note->spans && s[i].flags & SPAN_STAY)
        i++;
    return i == note->spans;
}

static bool note_line(batch *b, batch_worker *w, const batch_plan *plan, size_t i)
{
    const text_line *l = &b->clean.lines.items[i];
    line_note *note = &b->notes.items[i];
    if (!note->spans)
        return true;
    if (plan->own && !apply_rules(b, w, plan, l, note))
        return false;
    return !plan->phrases || (note->stays && is_protected(b, note)) || find_phrases(b, w, l, note);
}

/* Which lines of the batch the context wants measured. Lines judged are counted. */
typedef struct {
    bool all;
    size_t upto; /* lines before it are measured, or need not be */
    size_t near; /* so many lines more are near a phrase */
} measuring;

/* Measures lines [upto..end), of many the last ones: those that are near what follows. */
static void measure_upto(batch *b, measuring *m, size_t end)
{
    size_t i = end;
    for (unsigned n = 0; i > m->upto && n <= CONTEXT_NEAR_BEFORE; i--)
        n += b->notes.items[i - 1].spans > 0;
    for (; i < end; i++) {
        line_note *note = &b->notes.items[i];
        const text_line *l = &b->clean.lines.items[i];
        if (!note->spans)
            continue;
        context_measure(&note->features, b->clean.text.data + l->start, l->len, note->phrase,
                        l->flags & TEXT_AFTER_GAP);
        note->near = true;
    }
    m->upto = end;
}

/* Line `i` is noted. */
static void measure_near(batch *b, measuring *m, size_t i)
{
    const line_note *note = &b->notes.items[i];
    if (!note->spans)
        return;
    if (note->phrase != PHRASE_NONE) {
        measure_upto(b, m, i);
        m->near = CONTEXT_NEAR_AFTER + 1;
    }
    if (!m->all && !m->near)
        return;
    measure_upto(b, m, i + 1);
    m->near -= m->near > 0;
}

/* The unit text[start..end) whose first span is `head`. */
static bool key_unit(batch *b, batch_worker *w, const batch_plan *plan, span *head, size_t start,
                     size_t end)
{
    const uint8_t *text = b->clean.text.data + start;
    size_t len = end - start;
    head->flags |= SPAN_HEAD;
    if (!plan->keys && !plan->templates)
        return true;
    bool brief = fold_words(text, len, plan->min_words) < plan->min_words;
    if (brief && !plan->templates)
        return true;
    if (brief || plan->keys)
        head->flags |= brief ? SPAN_BRIEF : SPAN_COMPARE;
    if (plan->opt.match == WINNOW_MATCH_EXACT) {
        head->key = key_of(plan->secret, text, len);
        return true;
    }
    if (!fold(plan->opt.match, text, len, &w->folded))
        return false;
    head->key = key_of(plan->secret, w->folded.data, w->folded.len);
    return true;
}

static bool key_sentences(batch *b, batch_worker *w, const batch_plan *plan)
{
    for (size_t i = 0; i < b->spans.len; i++) {
        span *s = &b->spans.items[i];
        if (!key_unit(b, w, plan, s, s->start, s->start + s->len))
            return false;
    }
    return true;
}

static bool key_lines(batch *b, batch_worker *w, const batch_plan *plan)
{
    for (size_t i = 0; i < b->notes.len; i++) {
        const line_note *note = &b->notes.items[i];
        const text_line *l = &b->clean.lines.items[i];
        if (note->spans && !key_unit(b, w, plan, &b->spans.items[note->first_span], l->start,
                                     (size_t)l->start + l->len))
            return false;
    }
    return true;
}

/* Does line `i` go on the unit of the line before it? `first`: of its document's part. */
static bool goes_on(const batch *b, const batch_plan *plan, size_t i, size_t first)
{
    if (i == first)
        return false;
    if (plan->opt.format == WINNOW_LINES)
        return false;
    if (plan->opt.unit == WINNOW_DOCUMENT)
        return true;
    return !(b->clean.lines.items[i].flags & TEXT_AFTER_GAP) && b->notes.items[i - 1].spans;
}

/* The unit made of lines [from..to). One that was cut by force is not compared. */
static bool key_block(batch *b, batch_worker *w, const batch_plan *plan, size_t from, size_t to,
                      bool whole)
{
    span *head = NULL;
    for (size_t i = from; i < to; i++) {
        if (!head && b->notes.items[i].spans)
            head = &b->spans.items[b->notes.items[i].first_span];
        whole &= !(b->clean.lines.items[i].flags & (TEXT_CUT_BEFORE | TEXT_CUT_AFTER));
    }
    if (!head)
        return true;
    if (!whole) {
        head->flags |= SPAN_HEAD;
        return true;
    }
    while (plan->opt.unit == WINNOW_PARAGRAPH && !b->notes.items[to - 1].spans)
        to--; /* the blank line that ends it is no part of it */
    const text_line *l = b->clean.lines.items;
    return key_unit(b, w, plan, head, l[from].start, (size_t)l[to - 1].start + l[to - 1].len);
}

/* Paragraphs and documents. */
static bool key_blocks(batch *b, batch_worker *w, const batch_plan *plan)
{
    size_t n = b->notes.len, first = 0;
    for (size_t d = 0; d < b->documents.len; d++) {
        size_t end = b->documents.items[d].lines_end;
        for (size_t from = first, to; from < end; from = to) {
            for (to = from + 1; to < end && goes_on(b, plan, to, first);)
                to++;
            bool whole = !(from == 0 && b->in_unit_before) && !(to == n && b->in_unit_after);
            if (!key_block(b, w, plan, from, to, whole))
                return false;
        }
        first = end;
    }
    return true;
}

static bool key_units(batch *b, batch_worker *w, const batch_plan *plan)
{
    switch (plan->opt.unit) {
    case WINNOW_SENTENCE:
        return key_sentences(b, w, plan);
    case WINNOW_LINE:
        return key_lines(b, w, plan);
    default:
        return key_blocks(b, w, plan);
    }
}

/* Notes all lines. Context does not reach over a document's end; where a batch ends inside one, the
   next may begin with a phrase, and where it begins inside one, the last may have ended with
   one. */
static bool note_lines(batch *b, batch_worker *w, const batch_plan *plan)
{
    bool inside = b->raw_offset && !plan->records;
    measuring m = {.all = plan->opt.boilerplate == WINNOW_BOILERPLATE_STRICT,
                   .near = inside ? CONTEXT_NEAR_AFTER : 0};
    for (size_t d = 0, i = 0; d < b->documents.len; d++) {
        const document_part *part = &b->documents.items[d];
        for (; i < part->lines_end; i++) {
            if (!note_line(b, w, plan, i))
                return false;
            if (plan->context)
                measure_near(b, &m, i);
        }
        if (part->ends)
            m = (measuring){.all = m.all, .upto = i};
    }
    if (plan->context && !b->document_ends)
        measure_upto(b, &m, b->notes.len);
    return true;
}

static winnow_status work(batch *b, batch_worker *w, const batch_plan *plan)
{
    winnow_status st = plan->records ? record_clean(b, w, plan) : clean_documents(b, w, plan);
    if (st != WINNOW_OK)
        return st;
    buffer *text = &b->clean.text;
    if (text->data) /* vector loads read it; defined, so that valgrind sees what is no such read */
        memset(text->data + text->len, 0, BUFFER_SLACK);
    bool ok = split_lines(b, w, plan) && note_lines(b, w, plan) &&
              (!plan->spans || key_units(b, w, plan));
    return ok ? WINNOW_OK : WINNOW_ERR_NOMEM;
}

static void clear_out(batch *b)
{
    text_clear(&b->clean);
    b->notes.len = b->spans.len = b->documents.len = b->records.len = 0;
}

/* Everything before the line or record in error is worked on as ever, whatever batch it came in. */
static void work_before_error(batch *b, batch_worker *w, const batch_plan *plan)
{
    winnow_status error = b->status;
    b->raw_len = plan->records ? b->bad_record
                               : frame_line_start(&plan->frame, b->raw,
                                                  (size_t)(b->invalid_at - b->raw_offset));
    b->in_line_after = b->in_unit_after = b->document_ends = false;
    clear_out(b);
    winnow_status st = work(b, w, plan);
    b->status = st == WINNOW_OK ? error : st;
}

/* What once held one huge unit does not keep its memory for ever: a batch, nor a worker's scratch. */
enum { BATCH_KEEPS = 4 << 20 };

static void trim_scratch(batch_worker *w)
{
    buffer_clear(&w->folded);
    if (w->places.cap * sizeof *w->places.items > BATCH_KEEPS)
        list_free(&w->places);
}

void batch_work(batch *b, batch_worker *w, const batch_plan *plan)
{
    b->status = work(b, w, plan);
    if (b->status == WINNOW_ERR_INVALID || b->status == WINNOW_ERR_RECORD)
        work_before_error(b, w, plan);
    trim_scratch(w);
}

static size_t bytes_held(const batch *b)
{
    return b->held.cap + b->clean.text.cap + b->clean.lines.cap * sizeof *b->clean.lines.items +
           b->notes.cap * sizeof *b->notes.items + b->spans.cap * sizeof *b->spans.items;
}

void batch_clear(batch *b)
{
    if (bytes_held(b) > BATCH_KEEPS)
        batch_free(b);
    b->held.len = 0;
    clear_out(b);
    b->raw = NULL;
    b->raw_len = 0;
    b->in_line_before = b->in_line_after = b->in_unit_before = b->in_unit_after = false;
    b->document_ends = false;
    b->status = WINNOW_OK;
    b->next = NULL;
}

void batch_free(batch *b)
{
    buffer_free(&b->held);
    text_clean_free(&b->clean);
    list_free(&b->notes);
    list_free(&b->spans);
    list_free(&b->documents);
    list_free(&b->records);
}
