/*
 * Folding. What takes no thought is folded by blocks (fold_ascii.c). All else is folded here, by a
 * table of atoms (fold_table.c): marks that are to be put into canonical order, jamo, what folds to
 * many code points, and to `loose` numbers and joints that are not ASCII.
 *
 * A key needs one form for all that is equal, not the shortest: so text stays decomposed, which
 * spares composing. Hangul alone is composed, which is arithmetic: Korean is written composed, and
 * would grow threefold.
 *
 * What `loose` takes for an accent: fold_letter.c. A mark on a digit or on a blank (a spacing
 * accent, a keycap) goes as well.
 *
 * Numbers: '.', ',' or an apostrophe between two digits is part of the number, so that 950 and
 * 1,450 are alike. A blank is not: "2 300" may be two cells of a table.
 *
 * A run of dashes is one, as a dash is typed "--" where the keyboard has only the hyphen.
 */
#include "judge/fold.h"

#include <string.h>
#include <utf8proc.h>

#include "judge/fold_ascii.h"
#include "judge/fold_letter.h"
#include "judge/fold_table.h"
#include "judge/fold_utf8.h"


typedef struct {
    buffer *out;
    bool loose;
    uint32_t base;    /* the last starter; 0: none yet */
    size_t marks;     /* where the marks after it begin in out */
    uint8_t last_ccc; /* of the last mark */
    bool unordered;   /* the marks are not in canonical order yet */
    bool iota;        /* one of them is U+0345, to become a letter once they are */
    size_t joint;     /* loose: out.len after the blank that stands for a joint behind a digit */
} folder;

/* Appends a code point; the room is there. */
static inline void put(buffer *out, uint32_t cp)
{
    out->len = (size_t)(fold_encode(out->data + out->len, cp) - out->data);
}

static uint8_t ccc_of(uint32_t cp)
{
    return (uint8_t)utf8proc_get_property((utf8proc_int32_t)cp)->combining_class;
}

/* A mark on its way into order. */
typedef struct {
    uint32_t cp;
    uint8_t ccc;
} mark;

enum { FEW = 8 };

/* The marks of text[0..len), if they are few; 0: they are not. */
static unsigned read_marks(const uint8_t *text, size_t len, mark marks[FEW])
{
    unsigned count = 0, n;
    for (size_t i = 0; i < len; i += n) {
        if (count == FEW)
            return 0;
        uint32_t cp = fold_decode(text + i, &n);
        marks[count++] = (mark){cp, ccc_of(cp)};
    }
    return count;
}

/* Stable, by insertion. */
static void order_few(folder *f, mark *marks, unsigned count)
{
    for (unsigned i = 1; i < count; i++) {
        mark m = marks[i];
        unsigned k = i;
        for (; k > 0 && marks[k - 1].ccc > m.ccc; k--)
            marks[k] = marks[k - 1];
        marks[k] = m;
    }
    f->out->len = f->marks;
    for (unsigned i = 0; i < count; i++)
        put(f->out, marks[i].cp);
}

/* Stable counting sort of the marks by combining class (D109), linear in their number. */
static bool order_many(folder *f)
{
    size_t len = f->out->len - f->marks, place[257] = {0};
    if (!buffer_reserve(f->out, len + FOLD_ROOM))
        return false;
    const uint8_t *from = f->out->data + f->marks;
    uint8_t *to = f->out->data + f->out->len;
    unsigned n;
    for (size_t i = 0; i < len; i += n) {
        uint32_t cp = fold_decode(from + i, &n);
        place[ccc_of(cp) + 1] += n;
    }
    for (unsigned i = 1; i < 257; i++)
        place[i] += place[i - 1];
    for (size_t i = 0; i < len; i += n) {
        size_t *at = &place[ccc_of(fold_decode(from + i, &n))];
        memcpy(to + *at, from + i, n);
        *at += n;
    }
    memcpy(f->out->data + f->marks, to, len);
    return true;
}

static bool order_marks(folder *f)
{
    mark marks[FEW];
    unsigned few = read_marks(f->out->data + f->marks, f->out->len - f->marks, marks);
    if (!few)
        return order_many(f);
    order_few(f, marks, few);
    return true;
}

/* U+0345 has the highest class of all, so it stands last; and is as long as U+03B9, the iota. */
static void write_iotas(folder *f)
{
    uint8_t *p = f->out->data + f->out->len;
    for (; p > f->out->data + f->marks && p[-2] == 0xCD && p[-1] == 0x85; p -= 2) {
        p[-2] = 0xCE;
        p[-1] = 0xB9;
    }
}

/* No mark follows: what does meets no base that it could join. */
static bool settle(folder *f)
{
    if (f->marks == f->out->len)
        return true;
    if (f->unordered && !order_marks(f))
        return false;
    if (f->iota)
        write_iotas(f);
    f->unordered = f->iota = false;
    f->last_ccc = 0;
    f->base = 0;
    f->marks = f->out->len;
    return true;
}

static uint8_t last_byte(const buffer *out)
{
    return out->len ? out->data[out->len - 1] : ' ';
}

static void put_blank(folder *f)
{
    if (last_byte(f->out) != ' ')
        f->out->data[f->out->len++] = ' ';
    f->base = ' ';
    f->marks = f->out->len;
    f->joint = SIZE_MAX;
}

static void put_mark(folder *f, uint32_t cp, uint8_t ccc)
{
    if (f->loose && fold_accent_goes(f->base, cp))
        return;
    f->unordered |= ccc < f->last_ccc;
    f->iota |= cp == FOLD_YPOGEGRAMMENI;
    f->last_ccc = ccc;
    put(f->out, cp);
}

/* Hangul (Unicode 15, 3.12): a vowel joins a leading consonant, a trailing consonant a syllable
   that has none. */
static bool join_hangul(folder *f, uint32_t cp)
{
    uint32_t syllable;
    if (cp - 0x1161 < 21 && f->base - 0x1100 < 19)
        syllable = 0xAC00 + ((f->base - 0x1100) * 21 + (cp - 0x1161)) * 28;
    else if (cp - 0x11A8 < 27 && f->base - 0xAC00 < 11172 && (f->base - 0xAC00) % 28 == 0)
        syllable = f->base + (cp - 0x11A7);
    else
        return false;
    f->out->len -= 3;
    put(f->out, syllable);
    f->base = syllable;
    f->marks = f->out->len;
    return true;
}

static void put_letter(folder *f, uint32_t cp)
{
    put(f->out, cp);
    f->base = cp;
    f->marks = f->out->len;
}

static void put_odd_letter(folder *f, uint32_t cp)
{
    if (fold_is_jamo(cp) && join_hangul(f, cp))
        return;
    fold_typed typed = f->loose ? fold_typed_for(cp) : (fold_typed){cp, 0};
    put_letter(f, typed.first);
    if (typed.second)
        put_letter(f, typed.second);
}

/* A digit run is one 0; a joint in it was written as a blank, which goes. */
static void put_number(folder *f)
{
    if (f->joint == f->out->len)
        f->out->len--;
    if (last_byte(f->out) != '0')
        f->out->data[f->out->len++] = '0';
    f->base = '0';
    f->marks = f->out->len;
    f->joint = SIZE_MAX;
}

static void put_punctuation(folder *f, uint32_t cp)
{
    bool joint = last_byte(f->out) == '0' && (fold_may_join(cp));
    put_blank(f);
    if (joint)
        f->joint = f->out->len;
}

static bool put_atom(folder *f, fold_atom a)
{
    uint32_t cp = fold_value(a);
    fold_class class = fold_class_of(a);
    if (class == FOLD_DROP)
        return true;
    if (fold_ccc(a)) {
        put_mark(f, cp, fold_ccc(a));
        return true;
    }
    if (!settle(f))
        return false;
    if (class == FOLD_BLANK)
        put_blank(f);
    else if (f->loose && (class == FOLD_PUNCT || class == FOLD_DASH))
        put_punctuation(f, cp);
    else if (f->loose && class == FOLD_DIGIT)
        put_number(f);
    else if (class == FOLD_ODD)
        put_odd_letter(f, cp);
    else if (class != FOLD_DASH || last_byte(f->out) != '-')
        put_letter(f, cp);
    return true;
}

static bool put_code_point(folder *f, uint32_t cp)
{
    if (fold_is_inert(cp))
        return put_atom(f, cp);
    const fold_block *block = fold_block_of(cp);
    if (!block)
        return false;
    fold_atom a = block->atoms[cp % 256];
    if (fold_class_of(a) != FOLD_MANY)
        return put_atom(f, a);
    const fold_atom *part = block->many + fold_value(a) / 32;
    for (unsigned n = fold_value(a) % 32; n > 0; n--)
        if (!put_atom(f, *part++))
            return false;
    return true;
}

/* Where the code point that ends before `end` begins. */
static const uint8_t *last_code_point(const uint8_t *end)
{
    do
        end--;
    while ((*end & 0xC0) == 0x80);
    return end;
}

static uint32_t code_point_before(const uint8_t *end)
{
    unsigned n;
    return fold_decode(last_code_point(end), &n);
}

/* Where the marks at the end of a run begin: at its start, at the earliest. */
static const uint8_t *marks_of(const fold_run *r)
{
    const uint8_t *at = r->to;
    while (r->last_ccc && at > r->start && ccc_of(code_point_before(at)))
        at = last_code_point(at);
    return at;
}

/* Whether the last of the bytes just folded is a joint behind a digit. */
static bool ends_in_joint(const uint8_t *text, size_t read, bool after_digit)
{
    if (!fold_is_joint(text[read - 1]))
        return false;
    return read == 1 ? after_digit : text[read - 2] >= '0' && text[read - 2] <= '9';
}

static fold_run begin_run(const buffer *out, const uint8_t *text, size_t len, uint8_t last_ccc)
{
    uint8_t *to = out->data + out->len;
    return (fold_run){.from = text, .end = text + len, .to = to, .start = to,
                      .limit = out->data + out->cap - FOLD_ROOM, .last = last_byte(out),
                      .last_ccc = last_ccc};
}

/* Takes up where the run that began at `text` has come. It may end before its limit at a joint that
   is no more than part of a number: then a digit follows. */
static void end_run(folder *f, const fold_run *r, const uint8_t *text)
{
    const uint8_t *marks = marks_of(r);
    if (marks > r->start) {
        f->base = code_point_before(marks);
        f->marks = (size_t)(marks - f->out->data);
    }
    f->last_ccc = r->last_ccc;
    f->out->len = (size_t)(r->to - f->out->data);
    if (r->from == text)
        return;
    bool joint = f->loose && r->from < r->end && *r->from >= 0x80 &&
                 ends_in_joint(text, (size_t)(r->from - text), r->last == '0');
    f->joint = joint ? f->out->len : SIZE_MAX;
}

/* Whether the character at `s` cannot be folded by the kernel, as far as can be told. */
static bool takes_thought(const folder *f, const uint8_t *s)
{
    if (f->unordered || f->iota || f->joint == f->out->len)
        return true;
    unsigned n;
    uint32_t cp = fold_decode(s, &n);
    const fold_block *block = cp < 0x80 || fold_is_inert(cp) ? NULL : fold_block_of(cp);
    return block && block->plain[f->loose][cp % 256].way == FOLD_THINK;
}

/* Folds what takes thought, one character at least. Answers where it ends; NULL: out of memory. */
static const uint8_t *think(folder *f, const uint8_t *text, const uint8_t *end)
{
    unsigned n;
    do {
        if (!buffer_reserve(f->out, FOLD_ROOM) || !put_code_point(f, fold_decode(text, &n)))
            return NULL;
        text += n;
    } while (text < end && takes_thought(f, text));
    return text;
}

/* Goes on where a run ended before its end. */
static bool fold_rest(folder *f, fold_kernel *kernel, fold_run r)
{
    while (r.from < r.end) {
        const uint8_t *at = r.to < r.limit ? think(f, r.from, r.end) : r.from;
        if (!at || !buffer_reserve(f->out, (size_t)(r.end - at) + 2 * FOLD_ROOM))
            return false;
        r = begin_run(f->out, at, (size_t)(r.end - at), f->last_ccc);
        kernel(&r);
        end_run(f, &r, at);
    }
    return settle(f);
}

bool fold_by(const fold_kernels *kernels, winnow_match match, const uint8_t *text, size_t len,
             buffer *out)
{
    out->len = 0;
    if (match == WINNOW_MATCH_EXACT)
        return buffer_append(out, text, len);
    if (!buffer_reserve(out, len + 2 * FOLD_ROOM))
        return false;
    bool loose = match == WINNOW_MATCH_LOOSE;
    fold_kernel *kernel = loose ? kernels->loose : kernels->text;
    fold_run r = begin_run(out, text, len, 0);
    kernel(&r);
    if (r.from < r.end) {
        folder f = {.out = out, .loose = loose, .joint = SIZE_MAX};
        end_run(&f, &r, text);
        if (!fold_rest(&f, kernel, r))
            return false;
    } else {
        out->len = (size_t)(r.to - out->data);
    }
    if (out->len && out->data[out->len - 1] == ' ')
        out->len--;
    return out->len || buffer_append(out, text, len);
}

bool fold(winnow_match match, const uint8_t *text, size_t len, buffer *out)
{
    return fold_by(fold_kernels_best(), match, text, len, out);
}
