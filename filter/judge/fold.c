/*
 * Folding. ASCII goes by vectors (fold_ascii.c); everything else by a table of atoms
 * (fold_table.c), the marks of a letter put into canonical order here.
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

enum { ROOM = 64 }; /* bytes that are free before each code point: U+FDFA takes 33 */

typedef struct {
    buffer *out;
    fold_ascii_kernel *ascii;
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

/* Stable counting sort of the marks by combining class (D109), linear in their number. */
static bool order_marks(folder *f)
{
    size_t len = f->out->len - f->marks, place[257] = {0};
    if (!buffer_reserve(f->out, len + ROOM))
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
    bool joint = last_byte(f->out) == '0' && (fold_is_joint(cp) || cp == 0x66B || cp == 0x66C);
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

/* Starting the kernel for less than four bytes of ASCII does not pay: they go by the table. (2 to 4
   are alike, 8 and 16 slower by a sixth and by a third.) Reads past the end; what stands there only
   decides which way the last bytes go. */
static inline bool is_ascii_stretch(const uint8_t *s)
{
    uint32_t bytes;
    memcpy(&bytes, s, sizeof bytes);
    return !(bytes & 0x80808080);
}

static inline bool is_inert_at(const uint8_t *s)
{
    return s[0] >= 0xE3 && s[0] < 0xEE &&
           fold_is_inert((s[0] & 15u) << 12 | (s[1] & 0x3Fu) << 6 | (s[2] & 0x3Fu));
}

/* Where a run of plain code points has come. */
typedef struct {
    const uint8_t *from, *end;
    uint8_t *to, *marks; /* marks: where those after the last starter begin */
    uint8_t last_ccc;
} run;

/* What the code point of up to three bytes at `s` folds to; NULL: out of memory. `*n`: its size. */
static inline const fold_plain *plain_at(const uint8_t *s, bool loose, unsigned *n)
{
    uint32_t cp = fold_decode(s, n);
    const fold_block *block = fold_block_of(cp);
    return block ? &block->plain[loose][cp % 256] : NULL;
}

/* False: it takes thought. That do marks out of order, and a blank behind a blank. */
static inline bool put_plain(run *at, const fold_plain *p)
{
    if (!p->len || (p->first_ccc && p->first_ccc < at->last_ccc) ||
        (p->bytes[0] == ' ' && at->to[-1] == ' '))
        return false;
    memcpy(at->to, p->bytes, sizeof p->bytes);
    at->to += p->len;
    at->marks = p->first_ccc ? at->marks : at->to - p->marks;
    at->last_ccc = p->last_ccc;
    return true;
}

static inline void put_inert(run *at)
{
    memcpy(at->to, at->from, 3);
    at->marks = at->to += 3;
    at->last_ccc = 0;
}

/* Folds what takes no thought: letters, signs, marks in order, single blanks, most of all text that
   is not ASCII. Up to a stretch of ASCII; or to `limit`, which has room for one more behind it. */
static void copy_plain(run *r, bool loose, const uint8_t *limit)
{
    run at = *r; /* a copy, which writing through `to` cannot change */
    for (unsigned n; at.from < at.end && *at.from < 0xF0 && at.to < limit; at.from += n) {
        if (is_inert_at(at.from)) {
            put_inert(&at);
            n = 3;
            continue;
        }
        if (*at.from < 0x80 && is_ascii_stretch(at.from))
            break;
        const fold_plain *p = plain_at(at.from, loose, &n);
        if (!p || !put_plain(&at, p))
            break;
    }
    *r = at;
}

/* Answers how many bytes of text it folded. */
static size_t fold_plainly(folder *f, const uint8_t *text, size_t len)
{
    if (f->unordered || f->iota || !f->out->len)
        return 0;
    uint8_t *data = f->out->data;
    run r = {text, text + len, data + f->out->len, data + f->marks, f->last_ccc};
    copy_plain(&r, f->loose, data + f->out->cap - sizeof(fold_plain));
    if (r.from == text)
        return 0;
    if (r.marks != data + f->marks)
        f->base = code_point_before(r.marks);
    f->last_ccc = r.last_ccc;
    f->marks = (size_t)(r.marks - data);
    f->out->len = (size_t)(r.to - data);
    f->joint = SIZE_MAX;
    return (size_t)(r.from - text);
}

/* Whether the last of the ASCII bytes just folded is a joint behind a digit. */
static bool ends_in_joint(const uint8_t *text, size_t read, bool after_digit)
{
    if (!fold_is_joint(text[read - 1]))
        return false;
    return read == 1 ? after_digit : text[read - 2] >= '0' && text[read - 2] <= '9';
}

static bool fold_ascii(folder *f, const uint8_t *text, size_t len, size_t *read)
{
    if (!settle(f) || !buffer_reserve(f->out, len))
        return false;
    uint8_t before = last_byte(f->out);
    fold_ascii_done d = f->ascii(text, len, f->out->data + f->out->len, before);
    f->out->len += d.written;
    f->base = last_byte(f->out);
    f->marks = f->out->len;
    bool joint = f->loose && ends_in_joint(text, d.read, before == '0');
    f->joint = joint ? f->out->len : SIZE_MAX;
    *read = d.read;
    return true;
}

/* By the table up to the next stretch of ASCII. A digit behind a joint is for put_number. */
static bool fold_slowly(folder *f, const uint8_t *text, size_t len, size_t *read)
{
    size_t i = 0;
    unsigned n;
    do {
        if (f->out->cap - f->out->len < ROOM && !buffer_reserve(f->out, ROOM + (len - i)))
            return false;
        size_t plain = fold_plainly(f, text + i, len - i);
        i += plain;
        if (plain)
            continue;
        if (!put_code_point(f, fold_decode(text + i, &n)))
            return false;
        i += n;
    } while (i < len && (!is_ascii_stretch(text + i) || f->joint == f->out->len));
    *read = i;
    return true;
}

static bool fold_more(folder *f, const uint8_t *text, size_t len)
{
    for (size_t at = 0, read; at < len; at += read) {
        bool ascii = text[at] < 0x80 && f->joint != f->out->len;
        if (!(ascii ? fold_ascii : fold_slowly)(f, text + at, len - at, &read))
            return false;
    }
    return settle(f);
}

/* Text that is not all ASCII, of which `done` was folded. */
static bool fold_rest(bool loose, fold_ascii_kernel *kernel, const uint8_t *text, size_t len,
                      fold_ascii_done done, buffer *out)
{
    bool joint = loose && done.read && ends_in_joint(text, done.read, false);
    folder f = {.out = out, .ascii = kernel, .loose = loose, .marks = out->len,
                .base = out->len ? out->data[out->len - 1] : 0,
                .joint = joint ? out->len : SIZE_MAX};
    return fold_more(&f, text + done.read, len - done.read);
}

bool fold(winnow_match match, const uint8_t *text, size_t len, buffer *out)
{
    out->len = 0;
    if (match == WINNOW_MATCH_EXACT)
        return buffer_append(out, text, len);
    if (!buffer_reserve(out, len + ROOM))
        return false;
    bool loose = match == WINNOW_MATCH_LOOSE;
    const fold_ascii_kernels *best = fold_ascii_best();
    fold_ascii_kernel *kernel = loose ? best->loose : best->text;
    fold_ascii_done done = kernel(text, len, out->data, ' ');
    out->len = done.written;
    if (done.read < len && !fold_rest(loose, kernel, text, len, done, out))
        return false;
    if (out->len && out->data[out->len - 1] == ' ')
        out->len--;
    return out->len || buffer_append(out, text, len);
}
