#include "judge/verdict.h"

#include <string.h>

#include "judge/phrase.h"

/* How many spans ahead the seen set's memory is asked for: a miss costs some 100 ns, a span some
   20; the README has the curve. */
enum { PREFETCH_SPANS = 16 };

/* So many lines that are not judged end a window, as a document's end does. */
enum { PASSED_MAX = 64 };

winnow_status judge_init(judge *j, const batch_plan *plan, writer *w)
{
    *j = (judge){.plan = plan, .writer = w};
    bool strict = plan->opt.boilerplate == WINNOW_BOILERPLATE_STRICT;
    j->threshold = strict ? context_strict_threshold : context_default_threshold;
    if (plan->context) {
        j->context = context_create();
        if (!j->context)
            return WINNOW_ERR_NOMEM;
        if (!strict)
            context_default_only(j->context);
        context_begin(j->context);
    }
    if (plan->opt.learn && !(j->learn = learn_create()))
        return WINNOW_ERR_NOMEM;
    if (plan->templates && !(j->templates = templates_create()))
        return WINNOW_ERR_NOMEM;
    if (!plan->keys)
        return WINNOW_OK;
    return seen_create(&j->seen, plan->opt.keep, plan->opt.memory);
}

void judge_free(judge *j)
{
    context_free(j->context);
    templates_free(j->templates);
    learn_free(j->learn);
    seen_free(j->seen);
}

/* Where a text of the batch stands in the input. An edit tells it for all that follows, up to the
   next; a line without one before it is as it was read. */
static uint64_t input_offset(const batch *b, const text_line *l, uint32_t at)
{
    const text_edit *edits = b->clean.edits.items;
    size_t low = 0, high = b->clean.edits.len;
    while (low < high) {
        size_t mid = low + (high - low) / 2;
        if (edits[mid].text <= at)
            low = mid + 1;
        else
            high = mid;
    }
    /* One at the line's very start may stand before it: empty lines at a document's end. */
    if (low > 0 && edits[low - 1].text >= l->start && edits[low - 1].raw >= l->raw)
        return b->raw_offset + edits[low - 1].raw + (at - edits[low - 1].text);
    return b->raw_offset + l->raw + (at - l->start);
}

/* The number of the document that a line of judged.batch is in, from 1. */
static uint64_t document_of(const judge *j, const text_line *l)
{
    return j->plan->opt.format == WINNOW_LINES ? j->lines + l->number + 1 : j->documents + 1;
}

/* Tells whoever asked for verdicts of this kind. */
static winnow_status report(const judge *j, const text_line *l, winnow_reason reason,
                            unsigned phrase, uint64_t unit, uint32_t start, uint32_t end)
{
    const winnow_options *o = &j->plan->opt;
    winnow_verdict_sink *sink = reason == WINNOW_KEPT ? o->on_keep : o->on_drop;
    if (!sink || start == end)
        return WINNOW_OK;
    const batch *b = j->judged.batch;
    winnow_verdict verdict = {
        .reason = reason,
        .category = reason == WINNOW_PHRASE ? phrase_category_name(phrase) : NULL,
        .document = document_of(j, l),
        .line = (j->plan->records ? 0 : j->lines) + l->number + 1,
        .byte = input_offset(b, l, start),
        .text = (const char *)b->clean.text.data + start,
        .len = end - start,
        .unit = unit,
    };
    return sink(o->on_verdict_user, &verdict) ? WINNOW_ERR_SINK : WINNOW_OK;
}

/* One report for a line that is not judged or goes as a whole, or for each sentence of it, or for
   each stretch of sentences that are part of one larger unit. */
static winnow_status report_line(const judge *j, const text_line *l, const line_note *note)
{
    const span *s = j->judged.batch->spans.items + note->first_span;
    if ((note->reason != WINNOW_KEPT && !note->stays) || !note->spans)
        return report(j, l, note->reason, note->phrase, 0, l->start, l->start + l->len);
    winnow_status st = WINNOW_OK;
    for (uint32_t i = 0, to; i < note->spans && st == WINNOW_OK; i = to) {
        to = i + 1;
        while (to < note->spans && !(s[to].flags & SPAN_HEAD) && s[to].reason == s[i].reason &&
               s[to].phrase == s[i].phrase)
            to++;
        unsigned phrase = note->phrase ? note->phrase : s[i].phrase;
        uint64_t unit = s[i].flags & SPAN_COMPARE ? s[i].key.lo : 0;
        st = report(j, l, s[i].reason, phrase, unit, s[i].start, s[to - 1].start + s[to - 1].len);
    }
    return st;
}

static void prefetch(judge *j, size_t upto)
{
    const batch *b = j->judged.batch;
    if (upto > b->spans.len)
        upto = b->spans.len;
    for (; j->prefetched < upto; j->prefetched++) {
        const span *s = &b->spans.items[j->prefetched];
        if (s->flags & SPAN_COMPARE)
            seen_prefetch(j->seen, s->key);
    }
}

/* Counts a copy of `key`; j->repeat: whether it is one too many. */
static winnow_status remember(judge *j, key128 key)
{
    int repeat;
    winnow_status st = seen_add(j->seen, key, &repeat);
    bool full = st == WINNOW_ERR_FULL || st == WINNOW_ERR_NOMEM;
    if (full && j->plan->opt.memory_full == WINNOW_FULL_PASS) {
        j->stats.unremembered += !repeat;
        st = WINNOW_OK;
    }
    j->repeat = repeat;
    return st;
}

/* The paragraph is over. It is remembered, unless its neighbours spoke against a line of it:
   between others that line may stay. */
static winnow_status end_paragraph(judge *j)
{
    bool due = j->open && !j->spoiled;
    j->open = j->spoiled = false;
    return due ? remember(j, j->key) : WINNOW_OK;
}

/* The seen set is asked once a unit. */
static winnow_status judge_unit(judge *j, const span *head)
{
    bool paragraph = j->plan->opt.unit == WINNOW_PARAGRAPH;
    winnow_status st = paragraph ? end_paragraph(j) : WINNOW_OK;
    j->repeat = false;
    j->compared = head->flags & SPAN_COMPARE;
    if (!j->compared || st != WINNOW_OK)
        return st;
    if (!paragraph)
        return remember(j, head->key);
    j->repeat = seen_has(j->seen, head->key);
    j->open = !j->repeat;
    j->key = head->key;
    return WINNOW_OK;
}

/* Does the whole unit that begins here go as boilerplate? Then it is not remembered. */
static bool unit_gone(const judge *j, const line_note *note, winnow_reason of_span)
{
    switch (j->plan->opt.unit) {
    case WINNOW_SENTENCE:
        return of_span != WINNOW_KEPT;
    case WINNOW_LINE:
        return note->reason != WINNOW_KEPT && !note->stays;
    default:
        return false;
    }
}

static winnow_status judge_span(judge *j, span *s, const line_note *note)
{
    winnow_reason own = (winnow_reason)(note->reason != WINNOW_KEPT ? note->reason : s->reason);
    if (s->flags & SPAN_STAY)
        own = WINNOW_KEPT;
    if (s->flags & SPAN_HEAD && !unit_gone(j, note, own)) {
        winnow_status st = judge_unit(j, s);
        if (st != WINNOW_OK)
            return st;
    }
    if (own == WINNOW_KEPT && j->repeat)
        own = WINNOW_REPEAT;
    s->reason = (uint8_t)own;
    j->spoiled |= own == WINNOW_CONTEXT;
    j->stats.sentences++;
    if (own == WINNOW_KEPT)
        j->stats.kept++;
    else
        j->stats.dropped[own]++;
    j->stats.too_short += !j->compared && s->flags & SPAN_HEAD && own == WINNOW_KEPT && j->seen;
    return WINNOW_OK;
}

/* Of any script: the common one, and the full-width one. */
static bool ends_in_colon(const uint8_t *text, size_t len)
{
    return text[len - 1] == ':' || (len >= 3 && memcmp(text + len - 3, "\xef\xbc\x9a", 3) == 0);
}

/* A short line that stood behind the same line before goes when that line has gone. Not one that
   ends in a colon: it heads a list, in one document like in another. */
static bool is_template(judge *j, const line_note *note, const span *s, const uint8_t *text)
{
    if (note->spans != 1 || !(s->flags & SPAN_BRIEF))
        return false;
    uint64_t pair = (j->before ^ s->key.lo) * UINT64_C(0x9e3779b97f4a7c15);
    bool often = templates_count(j->templates, pair ^ pair >> 32, j->documents);
    return often && j->before_gone && note->reason == WINNOW_KEPT && !ends_in_colon(text, s->len);
}

/* The line is judged: what the next one stands behind. */
static void stand_behind(judge *j, const line_note *note, const span *s, bool gone)
{
    if (!note->spans)
        return;
    j->before = s[note->spans - 1].key.lo;
    j->before_gone = gone;
}

static winnow_status judge_line(judge *j, size_t i)
{
    batch *b = j->judged.batch;
    line_note *note = &b->notes.items[i];
    span *s = b->spans.items + note->first_span;
    uint64_t kept = j->stats.kept;
    winnow_status st = WINNOW_OK;
    const text_line *l = &b->clean.lines.items[i];
    if (j->learn && !(l->flags & (TEXT_CUT_BEFORE | TEXT_CUT_AFTER)) &&
        !learn_line(j->learn, b->clean.text.data + l->start, l->len, document_of(j, l)))
        return WINNOW_ERR_NOMEM;
    if (j->templates && note->spans && is_template(j, note, s, b->clean.text.data + s->start))
        note->reason = WINNOW_TEMPLATE;
    if (j->seen)
        prefetch(j, note->first_span + note->spans + PREFETCH_SPANS);
    /* A paragraph ends here, not where the next one begins: however the input was fed, the same is
       written before memory is full. */
    if (!note->spans)
        st = end_paragraph(j);
    for (uint32_t k = 0; k < note->spans && st == WINNOW_OK; k++)
        st = judge_span(j, &s[k], note);
    if (st != WINNOW_OK)
        return st;
    stand_behind(j, note, s, j->stats.kept == kept);
    if (j->plan->opt.on_keep || (j->plan->opt.on_drop && j->stats.kept - kept < note->spans)) {
        st = report_line(j, l, note);
        if (st != WINNOW_OK)
            return st;
    }
    if (j->plan->opt.format == WINNOW_LINES && j->plan->opt.scope == WINNOW_SCOPE_DOCUMENT &&
        j->seen) {
        st = end_paragraph(j);
        seen_clear(j->seen);
    }
    return st == WINNOW_OK ? writer_line(j->writer, b, i) : st;
}

/* Nothing of a document speaks for or against the next. */
static void leave_document(judge *j)
{
    j->before = 0;
    j->before_gone = false;
    if (j->seen && j->plan->opt.scope == WINNOW_SCOPE_DOCUMENT)
        seen_clear(j->seen);
}

static winnow_status end_document(judge *j, bool nul)
{
    j->documents++;
    leave_document(j);
    return writer_document_end(j->writer, nul);
}

static winnow_status end_record(judge *j, const batch *b, const record *r, bool ends)
{
    const winnow_options *o = &j->plan->opt;
    winnow_passed passed = {j->documents + 1, b->raw_offset + r->begin, r->passed};
    j->documents += ends;
    j->stats.passed_records += r->passed != NULL;
    if (r->passed && o->on_pass && o->on_pass(o->on_pass_user, &passed))
        return WINNOW_ERR_SINK;
    leave_document(j);
    return writer_record(j->writer, b, r);
}

/* Behind the last line of a document part. */
static winnow_status end_part(judge *j)
{
    const batch *b = j->judged.batch;
    size_t at = j->judged.document++;
    const document_part *part = &b->documents.items[at];
    bool last = j->judged.document == b->documents.len;
    winnow_status st = end_paragraph(j);
    if (st != WINNOW_OK)
        return st;
    if (j->plan->records)
        return end_record(j, b, &b->records.items[at], part->ends);
    if (part->gap)
        writer_gap(j->writer);
    bool ended = part->ends || (last && b->document_ends);
    return ended ? end_document(j, part->ends) : WINNOW_OK;
}

/* Judges the lines of judged.batch before line `to`. */
static winnow_status judge_lines(judge *j, size_t to)
{
    const batch *b = j->judged.batch;
    winnow_status st = WINNOW_OK;
    while (st == WINNOW_OK) {
        bool part = j->judged.document < b->documents.len;
        if (part && j->judged.line == b->documents.items[j->judged.document].lines_end)
            st = end_part(j);
        else if (j->judged.line < to)
            st = judge_line(j, j->judged.line++);
        else
            break;
    }
    return st;
}

static void count_batch(judge *j, const batch *b)
{
    j->stats.invalid_bytes += b->clean.invalid_bytes;
    j->stats.controls += b->clean.controls;
    j->stats.forced_cuts += b->clean.forced_cuts + b->in_unit_after; /* a line is in a unit */
}

/* The batch at the front is judged: it is given back. */
static winnow_status let_go(judge *j, batch **done)
{
    batch *b = j->first;
    winnow_status st = writer_settle(j->writer);
    count_batch(j, b);
    j->lines += b->clean.line_ends;
    j->first = b->next;
    if (!j->first)
        j->last = NULL;
    if (j->settled.batch == b)
        j->settled = (judge_place){j->first, 0, 0};
    j->judged = (judge_place){j->first, 0, 0};
    j->prefetched = 0;
    b->next = *done;
    *done = b;
    return st;
}

/* Judges what is settled. */
static winnow_status judge_settled(judge *j, batch **done)
{
    while (j->judged.batch) {
        batch *b = j->judged.batch;
        bool whole = j->settled.batch != b;
        size_t to = whole ? b->notes.len : j->settled.line;
        winnow_status st = judge_lines(j, to);
        if (st != WINNOW_OK)
            return st;
        if (to < b->notes.len)
            return WINNOW_OK;
        st = let_go(j, done);
        if (st != WINNOW_OK)
            return st;
    }
    return WINNOW_OK;
}

/* The score of the oldest line that waits for one. */
static void settle_line(judge *j, int32_t score)
{
    judge_place *p = &j->settled;
    for (;;) {
        if (p->line == p->batch->notes.len) /* NOLINT: the line is held */
            *p = (judge_place){p->batch->next, 0, 0};
        else if (p->batch->notes.items[p->line].spans)
            break;
        else
            p->line++;
    }
    line_note *note = &p->batch->notes.items[p->line++];
    if (note->reason == WINNOW_KEPT && score >= j->threshold)
        note->reason = WINNOW_CONTEXT;
}

/* What waits for its neighbours need wait no more: they end before line `end` of `b`. */
static void settle_before(judge *j, batch *b, size_t end)
{
    int32_t score;
    while (context_pop(j->context, &score))
        settle_line(j, score);
    context_begin(j->context);
    j->settled = (judge_place){b, end, 0};
    j->shown = false;
}

/* A line that is not judged has no say. But nothing waits behind one that was cut by force, nor
   behind many of them: so little is held, however long a line, however many the blank ones. */
static void pass_line(judge *j, batch *b, size_t i)
{
    bool cut = b->clean.lines.items[i].flags & (TEXT_CUT_BEFORE | TEXT_CUT_AFTER);
    if (cut || ++j->passed >= PASSED_MAX || !j->shown)
        settle_before(j, b, i + 1);
}

static void show_line(judge *j, batch *b, size_t i)
{
    int32_t score;
    line_note *note = &b->notes.items[i];
    j->passed = 0;
    j->shown = true;
    if (!note->near) {
        context_pass(j->context);
        j->settled = (judge_place){b, i + 1, 0};
    } else {
        if (j->gap)
            context_after_gap(&note->features);
        if (context_push(j->context, &note->features, &score))
            settle_line(j, score);
    }
    j->gap = false;
}

static void end_window(judge *j, batch *b, size_t end)
{
    settle_before(j, b, end);
    j->gap = false;
}

/* Shows the lines of a new batch to the context; settles those that need no more of it. */
static void settle(judge *j, batch *b)
{
    size_t line = 0;
    for (size_t d = 0; d < b->documents.len; d++) {
        const document_part *part = &b->documents.items[d];
        for (; line < part->lines_end; line++) {
            if (b->notes.items[line].spans)
                show_line(j, b, line);
            else
                pass_line(j, b, line);
        }
        j->gap |= part->gap;
        if (part->ends)
            end_window(j, b, line);
    }
    if (b->document_ends)
        end_window(j, b, line);
}

winnow_status judge_take(judge *j, batch *b, batch **done)
{
    b->next = NULL;
    if (j->last)
        j->last->next = b;
    else
        j->first = b;
    j->last = b;
    if (!j->judged.batch)
        j->judged = (judge_place){b, 0, 0};
    if (!j->settled.batch)
        j->settled = (judge_place){b, 0, 0};
    if (b->status != WINNOW_OK && b->status != WINNOW_ERR_INVALID && b->status != WINNOW_ERR_RECORD)
        return b->status;
    if (j->context)
        settle(j, b);
    else
        j->settled = (judge_place){b, b->notes.len, 0};
    winnow_status st = judge_settled(j, done);
    return st == WINNOW_OK ? b->status : st;
}

batch *judge_release(judge *j)
{
    batch *held = j->first;
    j->first = j->last = NULL;
    return held;
}
