/* Normal forms (UAX #15) of the stretches that fail the quick check. */
#include <string.h>

#include "text/stage.h"
#include "text/utf8.h"

/* U+034F, what Stream-Safe's rule puts between the marks it parts. */
enum { CGJ = 0x034F };

/* Canonical ordering (Unicode 15, D109) of n marks: stable, and linear however many there are. */
static void order_many(text_marks *r, uint32_t *chars, uint8_t *classes, size_t n)
{
    uint16_t place[257] = {0};
    for (size_t i = 0; i < n; i++)
        place[classes[i] + 1]++;
    for (size_t k = 1; k < 257; k++)
        place[k] = (uint16_t)(place[k] + place[k - 1]);
    for (size_t i = 0; i < n; i++) {
        size_t to = place[classes[i]]++;
        r->sorted[to] = chars[i];
        r->sorted_classes[to] = classes[i];
    }
    memcpy(chars, r->sorted, n * sizeof *chars);
    memcpy(classes, r->sorted_classes, n);
}

static void order_few(uint32_t *chars, uint8_t *classes, size_t n)
{
    for (size_t i = 1; i < n; i++) {
        uint32_t c = chars[i];
        uint8_t class = classes[i];
        size_t k = i;
        for (; k > 0 && classes[k - 1] > class; k--) {
            chars[k] = chars[k - 1];
            classes[k] = classes[k - 1];
        }
        chars[k] = c;
        classes[k] = class;
    }
}

/* Orders the marks at the end of the run, all that came since its last starter. */
static void order(text_marks *r)
{
    size_t first = r->len - r->marks;
    if (r->marks > 24)
        order_many(r, r->chars + first, r->classes + first, r->marks);
    else if (r->marks > 1)
        order_few(r->chars + first, r->classes + first, r->marks);
}

/* Canonical composition (Unicode 15, D117). */
static void compose(const norm_table *t, text_marks *r)
{
    size_t kept = 0, starter = SIZE_MAX;
    for (size_t i = 0; i < r->len; i++) {
        uint8_t class = r->classes[i];
        if (starter != SIZE_MAX && (kept == starter + 1 || r->classes[kept - 1] < class)) {
            uint32_t whole = norm_compose(t, r->chars[starter], r->chars[i]);
            if (whole) {
                r->chars[starter] = whole;
                continue;
            }
        }
        if (class == 0)
            starter = kept;
        r->chars[kept] = r->chars[i];
        r->classes[kept++] = class;
    }
    r->len = kept;
}

/* Writes the first n characters of the run. Compatibility decompositions hold blanks: they are
   treated like those of the text. */
static void write(text_walk *w, size_t n)
{
    buffer *b = &w->out->text;
    if (!text_room(w, n * UTF8_MAX))
        return;
    for (size_t i = 0; i < n; i++) {
        uint32_t c = w->t->run.chars[i];
        if (c != ' ' || !w->t->opt.tidy || !text_after_blank(w))
            b->len += utf8_put(b->data + b->len, c);
        else if (b->len == w->line_start)
            w->flags |= TEXT_BLANK_LEFT;
    }
}

static void finish_run(text_walk *w)
{
    text_marks *r = &w->t->run;
    order(r);
    if (w->t->table->composes)
        compose(w->t->table, r);
    write(w, r->len);
    r->len = r->marks = 0;
}

/* Writes all but the last starter, which may compose with a starter that follows. */
static void release(text_walk *w)
{
    text_marks *r = &w->t->run;
    order(r);
    compose(w->t->table, r);
    size_t keep = r->classes[r->len - 1] == 0;
    write(w, r->len - keep);
    r->chars[0] = r->chars[r->len - 1];
    r->classes[0] = 0;
    r->len = keep;
    r->marks = 0;
}

static void push(text_walk *w, uint32_t c)
{
    text_marks *r = &w->t->run;
    unsigned said = norm_look(w->t->table, c)->said;
    uint8_t class = said & NORM_CLASS;
    if (class == 0 && r->len > 0) {
        if (said & NORM_MAYBE)
            release(w);
        else
            finish_run(w);
    }
    r->marks = class ? r->marks + 1 : 0;
    r->chars[r->len] = c;
    r->classes[r->len++] = class;
}

static void add(text_walk *w, uint32_t c)
{
    text_marks *r = &w->t->run;
    uint32_t full[NORM_DECOMPOSED_MAX];
    size_t n = norm_decompose(w->t->table, c, full), marks = 0;
    while (marks < n && norm_look(w->t->table, full[marks])->said & NORM_CLASS)
        marks++;
    if (r->marks + marks > RUN_MARKS) { /* UAX15-D4 */
        push(w, CGJ);
        w->out->forced_cuts++;
    }
    for (size_t i = 0; i < n; i++)
        push(w, full[i]);
}

/* The character before `at` on the same line; 0: none. */
static uint32_t starter_before(const text_walk *w, size_t at)
{
    size_t n;
    if (at > w->from) {
        uint32_t c = utf8_get(w->raw + utf8_back(w->raw, at), &n);
        return c == '\n' ? 0 : c;
    }
    const buffer *b = &w->out->text;
    return b->len > w->line_start ? utf8_get(b->data + utf8_back(b->data, b->len), &n) : 0;
}

/* Copies what stands before `at`, but not that character: what follows may compose with it. */
static void copy_but(text_walk *w, size_t at, uint32_t starter)
{
    size_t p = at > w->from && starter ? utf8_back(w->raw, at) : at;
    if (p < at && p >= w->from) {
        text_copy(w, p);
    } else { /* it stands in `out`, or a block that was squeezed ended within it */
        text_copy(w, at);
        if (starter)
            w->out->text.len = utf8_back(w->out->text.data, w->out->text.len);
    }
}

/* Bytes at `at` that go, though they stand within a run; 0: none. Counts. */
static size_t dropped(text_walk *w, size_t at)
{
    if (!w->t->opt.tidy)
        return 0;
    if (w->raw[at] < 0x80) {
        size_t n = text_control(w, at);
        w->out->controls += n > 0;
        return n;
    }
    size_t n;
    unsigned said = norm_look(w->t->table, utf8_get(w->raw + at, &n))->said;
    if (said & NORM_INVISIBLE || (said & NORM_ZWSP && !text_separates(w->raw, w->len, at)))
        return n;
    return 0;
}

/* All from `at` to the next character of which nothing is said. */
static void normalise(text_walk *w, size_t at)
{
    uint32_t starter = starter_before(w, at);
    w->t->run.len = w->t->run.marks = 0;
    copy_but(w, at, starter);
    if (starter)
        add(w, starter);
    while (at < w->len && !w->failed) {
        size_t n = dropped(w, at);
        if (n) {
            at += n;
            continue;
        }
        if (w->raw[at] < 0x80)
            break;
        uint32_t c = utf8_get(w->raw + at, &n);
        unsigned said = norm_look(w->t->table, c)->said & w->t->care;
        if (!(said & NORM_FORM) || said & NORM_TIDY)
            break;
        add(w, c);
        at += n;
    }
    finish_run(w);
    text_resume(w, at);
}

/* A starter and marks in order, as they are to be written. */
typedef struct {
    size_t end; /* in the input */
    uint32_t starter;
    uint32_t marks[8]; /* those that did not compose */
    size_t count;
} simple_run;

typedef enum { KEPT, COMPOSED, HARD } outcome;

/* Runs of more are looked at closely: what is decomposed may be more than RUN_MARKS. */
enum { SIMPLE_MARKS = RUN_MARKS / NORM_DECOMPOSED_MAX - 1 };

/* Looks at the run from `at` that stands behind `starter` (0: nothing does). KEPT: it is in the
   form already. COMPOSED: it is what *run says. HARD: it is to be looked at more closely. What may
   compose is tried, which the quick check of UAX #15, 9, leaves open. */
static outcome look_simple(const text_walk *w, size_t at, uint32_t starter, simple_run *run)
{
    const norm_table *t = w->t->table;
    size_t n, length = 0;
    unsigned last = 0, blocking = 0; /* classes of the last mark, and of the last that stayed */
    bool composed = false, moved = false;
    run->count = 0;
    for (run->end = at;; run->end += n) {
        if (run->end == w->len)
            break;
        if (w->raw[run->end] < 0x80) {
            if (w->t->opt.tidy && (w->raw[run->end] < 0x20 || w->raw[run->end] == 0x7F) &&
                text_control(w, run->end))
                return HARD;
            break;
        }
        uint32_t c = utf8_get(w->raw + run->end, &n), whole = 0;
        unsigned said = norm_look(t, c)->said & w->t->care, class = said & NORM_CLASS;
        if (!(said & NORM_FORM) || said & NORM_TIDY) {
            if (said & (NORM_INVISIBLE | NORM_ZWSP))
                return HARD;
            break;
        }
        if (said & NORM_NO || (class && class < last) || ++length > SIMPLE_MARKS)
            return HARD;
        last = class;
        if (said & NORM_MAYBE && starter) {
            if (!composed && norm_look(t, starter)->full)
                return HARD; /* its own last mark may have to make way */
            if (blocking == 0 || blocking < class)
                whole = norm_compose(t, starter, c);
        }
        if (whole) {
            if (moved)
                return HARD;
            starter = whole;
            composed = true;
        } else if (class == 0) {
            if (composed)
                return HARD;
            starter = c;
            moved = true;
            run->count = blocking = 0;
        } else {
            blocking = class;
            run->marks[run->count % 8] = c;
            run->count++;
        }
    }
    run->starter = starter;
    return !composed ? KEPT : run->count <= 8 ? COMPOSED : HARD;
}

/* Composing makes nothing longer, so there is room. */
static void write_simple(text_walk *w, size_t at, uint32_t starter, const simple_run *run)
{
    buffer *b = &w->out->text;
    copy_but(w, at, starter);
    b->len += utf8_put(b->data + b->len, run->starter);
    for (size_t i = 0; i < run->count; i++)
        b->len += utf8_put(b->data + b->len, run->marks[i]);
    text_resume(w, run->end);
}

void text_normalise(text_walk *w, size_t at)
{
    simple_run run;
    uint32_t starter = starter_before(w, at);
    switch (look_simple(w, at, starter, &run)) {
    case KEPT:
        w->seen = run.end;
        break;
    case COMPOSED:
        write_simple(w, at, starter, &run);
        break;
    case HARD:
        normalise(w, at);
        break;
    }
}
