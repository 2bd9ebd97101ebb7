#include "judge/fold_table.h"

#include <stdlib.h>
#include <string.h>
#include <utf8proc.h>

#include "judge/fold_ascii.h"
#include "judge/fold_letter.h"
#include "judge/fold_utf8.h"

enum {
    KD = UTF8PROC_DECOMPOSE | UTF8PROC_COMPAT | UTF8PROC_IGNORE,
    MANY_MAX = 18 /* code points of the longest compatibility decomposition, U+FDFA */
};

_Atomic(const fold_block *) fold_blocks[0x110000 / 256];
_Atomic uint64_t fold_same[2][64 * 64];

/* Quotation marks of two strokes, or that stand for such (Unicode's Quotation_Mark, and primes). */
static int is_double_quote(uint32_t cp)
{
    switch (cp) {
    case 0x22: case 0xAB: case 0xBB:
    case 0x201C: case 0x201D: case 0x201E: case 0x201F:
    case 0x2033: case 0x2036:
    case 0x275D: case 0x275E: case 0x2760: case 0x276E: case 0x276F: case 0x2E42:
    case 0x300C: case 0x300D: case 0x300E: case 0x300F:
    case 0x301D: case 0x301E: case 0x301F:
        return 1;
    default:
        return 0;
    }
}

/* Quotation marks of one stroke, apostrophes, and what is typed for them: grave and acute accents,
   primes, Greek koronis and psili, and the modifier letters that Ukrainian, Hawaiian and others
   write as apostrophes. */
static int is_single_quote(uint32_t cp)
{
    switch (cp) {
    case 0x27: case 0x60: case 0xB4:
    case 0x2BB: case 0x2BC: case 0x2BD:
    case 0x1FBD: case 0x1FBF:
    case 0x2018: case 0x2019: case 0x201A: case 0x201B:
    case 0x2032: case 0x2035: case 0x2039: case 0x203A:
    case 0x275B: case 0x275C: case 0x275F:
        return 1;
    default:
        return 0;
    }
}

static utf8proc_category_t category_of(uint32_t cp)
{
    return utf8proc_category((utf8proc_int32_t)cp);
}

/* Dashes and the minus. The wave dashes stay: they are no lines, and mean ranges. */
static int is_dash(uint32_t cp, utf8proc_category_t c)
{
    bool wave = cp == 0x301C || cp == 0x3030 || cp == 0x30A0;
    return cp == 0x2212 || (c == UTF8PROC_CATEGORY_PD && !wave);
}

static int is_blank(uint32_t cp, utf8proc_category_t c)
{
    return (cp >= 9 && cp <= 13) || cp == 0x85 || c == UTF8PROC_CATEGORY_ZS ||
           c == UTF8PROC_CATEGORY_ZL || c == UTF8PROC_CATEGORY_ZP;
}

static int is_odd(uint32_t cp)
{
    return fold_is_jamo(cp) || fold_typed_for(cp).first != cp;
}

static fold_class class_by_category(uint32_t cp, utf8proc_category_t c)
{
    if (is_odd(cp))
        return FOLD_ODD;
    if (c == UTF8PROC_CATEGORY_ND || c == UTF8PROC_CATEGORY_NO)
        return FOLD_DIGIT;
    return c >= UTF8PROC_CATEGORY_PC && c <= UTF8PROC_CATEGORY_SO ? FOLD_PUNCT : FOLD_OTHER;
}

static fold_atom make_atom(uint32_t value, uint32_t ccc, fold_class class)
{
    return value | ccc << 21 | (uint32_t)class << 29;
}

/* The atom of a code point that decomposes and case folds to itself. */
static fold_atom atom_of(uint32_t cp)
{
    utf8proc_category_t c = category_of(cp);
    if (is_single_quote(cp))
        return make_atom('\'', 0, FOLD_PUNCT);
    if (is_double_quote(cp))
        return make_atom('"', 0, FOLD_PUNCT);
    if (is_dash(cp, c))
        return make_atom('-', 0, FOLD_DASH);
    if (is_blank(cp, c))
        return make_atom(' ', 0, FOLD_BLANK);
    uint32_t ccc = (uint32_t)utf8proc_get_property((utf8proc_int32_t)cp)->combining_class;
    return make_atom(cp, ccc, class_by_category(cp, c));
}

static size_t decompose(uint32_t cp, int options, utf8proc_int32_t *to)
{
    int unused = 0;
    utf8proc_ssize_t n = utf8proc_decompose_char((utf8proc_int32_t)cp, to, MANY_MAX,
                                                 (utf8proc_option_t)options, &unused);
    if (n >= 0 && n <= MANY_MAX)
        return (size_t)n;
    to[0] = (utf8proc_int32_t)cp;
    return 1;
}

/* Quotes, dashes and blanks are decided before compatibility takes them apart: U+2033 would become
   two primes, U+00B4 a space and a mark. */
static int is_ours(uint32_t cp)
{
    utf8proc_category_t c = category_of(cp);
    return is_single_quote(cp) || is_double_quote(cp) || is_dash(cp, c) || is_blank(cp, c);
}

typedef struct {
    fold_atom *to;
    size_t count;
} atoms;

static void add(atoms *a, uint32_t cp)
{
    if (a->count < MANY_MAX)
        a->to[a->count++] = atom_of(cp);
}

/* NFKC_Casefold (D146) of a code point that has no canonical decomposition, without composing: any
   one form will do for a key. */
static void add_folded(atoms *a, uint32_t cp)
{
    utf8proc_int32_t parts[MANY_MAX], folded[MANY_MAX];
    if (is_ours(cp)) {
        add(a, cp);
        return;
    }
    size_t count = decompose(cp, KD, parts);
    for (size_t i = 0; i < count; i++) {
        int options = parts[i] == FOLD_YPOGEGRAMMENI ? KD : KD | UTF8PROC_CASEFOLD;
        size_t n = decompose((uint32_t)parts[i], options, folded);
        for (size_t j = 0; j < n; j++)
            add(a, (uint32_t)folded[j]);
    }
}

static size_t map(uint32_t cp, fold_atom to[MANY_MAX])
{
    utf8proc_int32_t parts[MANY_MAX];
    atoms a = {to, 0};
    size_t count = decompose(cp, KD | UTF8PROC_CASEFOLD, parts);
    if (count == 1 && (uint32_t)parts[0] == cp) {
        add(&a, cp); /* most code points: one question is enough */
        return 1;
    }
    count = decompose(cp, UTF8PROC_DECOMPOSE, parts);
    for (size_t i = 0; i < count; i++)
        add_folded(&a, (uint32_t)parts[i]);
    return a.count;
}

static bool append(fold_plain *p, uint32_t cp)
{
    utf8proc_uint8_t bytes[4] = {0};
    size_t n = (size_t)utf8proc_encode_char((utf8proc_int32_t)cp, bytes);
    if (p->len + n > sizeof p->bytes)
        return false;
    memcpy(p->bytes + p->len, bytes, n);
    p->len = (uint8_t)(p->len + n);
    return true;
}

/* Appends the marks that stay; behind no base, 0, none may be one that goes off some. False: they
   are not in order, too many, or no mere marks. */
static bool append_marks(fold_plain *p, const fold_atom *marks, size_t count, uint32_t base,
                         bool loose)
{
    uint8_t last = 0;
    for (size_t i = 0; i < count; i++) {
        uint32_t cp = fold_value(marks[i]);
        uint8_t ccc = fold_ccc(marks[i]);
        bool goes = loose && fold_accent_goes(base, cp);
        if (ccc == 0 || ccc < last || cp == FOLD_YPOGEGRAMMENI || (goes && !base))
            return false;
        last = ccc;
        if (goes)
            continue;
        if (!append(p, cp))
            return false;
        p->last_ccc = ccc;
    }
    return true;
}

/* What is written as it is, whatever stands before it. To `loose` digits and signs are not. */
static bool is_plain(fold_atom a, bool loose)
{
    fold_class class = fold_class_of(a);
    if (class == FOLD_DIGIT || class == FOLD_PUNCT)
        return !loose;
    bool letter = class == FOLD_OTHER || class == FOLD_ODD;
    return letter && fold_ccc(a) == 0 && !fold_is_jamo(fold_value(a));
}

static bool are_punctuation(const fold_atom *a, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (fold_class_of(a[i]) != FOLD_PUNCT && fold_class_of(a[i]) != FOLD_DASH)
            return false;
    return count > 0;
}

/* What is written by the look of the byte before it. Of several signs only the first could join
   digits, and the second parts them. */
static fold_way way_of(const fold_atom *a, size_t count, bool loose)
{
    if (count == 0)
        return FOLD_GONE;
    if (loose && are_punctuation(a, count))
        return count == 1 && fold_may_join(fold_value(a[0])) ? FOLD_JOINT : FOLD_ONE_BLANK;
    if (count > 1)
        return FOLD_THINK;
    if (fold_class_of(a[0]) == FOLD_BLANK)
        return FOLD_ONE_BLANK;
    if (fold_class_of(a[0]) == FOLD_DASH)
        return FOLD_ONE_DASH;
    return loose && fold_ccc(a[0]) && fold_accent_goes(0, fold_value(a[0])) ? FOLD_OFF_LETTER
                                                                            : FOLD_THINK;
}

static fold_plain plain_of(const fold_atom *a, size_t count, bool loose)
{
    fold_plain none = {.way = (uint8_t)way_of(a, count, loose), .order = UINT8_MAX};
    if (none.way != FOLD_THINK)
        return none;
    fold_plain p = {.way = FOLD_AS_IS, .order = UINT8_MAX};
    uint32_t base = 0;
    size_t i = 0;
    for (; i < count && is_plain(a[i], loose); i++) {
        uint32_t cp = fold_value(a[i]);
        fold_typed typed = loose ? fold_typed_for(cp) : (fold_typed){cp, 0};
        if (!append(&p, typed.first) || (typed.second && !append(&p, typed.second)))
            return none;
        base = typed.second ? typed.second : typed.first;
    }
    if (!i)
        p.order = fold_ccc(a[0]);
    return append_marks(&p, a + i, count - i, base, loose) ? p : none;
}

/* Fills `b`, whose `many` has room for 256 * MANY_MAX; answers how many of them it used. */
static size_t build(fold_block *b, uint32_t first)
{
    size_t used = 0;
    for (uint32_t i = 0; i < 256; i++) {
        fold_atom *to = b->many + used;
        size_t n = map(first + i, to);
        for (int loose = 0; loose < 2; loose++)
            b->plain[loose][i] = plain_of(to, n, loose);
        if (n == 0) {
            b->atoms[i] = make_atom(0, 0, FOLD_DROP);
        } else if (n == 1) {
            b->atoms[i] = to[0];
        } else {
            b->atoms[i] = make_atom((uint32_t)(used * 32 + n), 0, FOLD_MANY);
            used += n;
        }
    }
    return used;
}

/* Notes of 64 code points which are the same, a bit each. */
static void set_same(bool loose, uint32_t first, uint64_t same)
{
    uint8_t bytes[4] = {0};
    if (first >= 0x800) {
        fold_encode(bytes, first);
        _Atomic uint64_t *word = &fold_same[loose][(bytes[0] & 63) << 6 | (bytes[1] & 63)];
        if (first >= 0x10000)
            same = same == UINT64_MAX ? (uint64_t)1 << (bytes[2] & 63) : 0;
        atomic_fetch_or_explicit(word, same, memory_order_relaxed);
        return;
    }
    for (uint32_t k = 0; k < 64; k++)
        if (same >> k & 1)
            atomic_store_explicit(&fold_same[loose][first + k], UINT64_MAX, memory_order_relaxed);
}

void fold_same_begin(void)
{
    for (uint32_t cp = 0x3400; cp < 0x30000; cp += 64) {
        bool first = fold_is_inert(cp), last = fold_is_inert(cp + 63);
        uint64_t same = first && last ? UINT64_MAX : 0;
        for (uint32_t k = 0; k < 64 && first != last; k++)
            same |= (uint64_t)fold_is_inert(cp + k) << k;
        for (int loose = 0; same && loose < 2; loose++)
            set_same(loose, cp, same);
    }
}

static bool is_same(const fold_plain *p, uint32_t cp)
{
    fold_plain own = {.way = FOLD_AS_IS, .order = UINT8_MAX};
    return append(&own, cp) && memcmp(p, &own, sizeof own) == 0;
}

/* The inert ones need not be learnt, and a block that has some keeps theirs. */
static void note_same(const fold_block *b, uint32_t first)
{
    for (int loose = 0; loose < 2; loose++) {
        for (uint32_t i = 0; i < 256; i += 64) {
            uint64_t same = 0;
            for (uint32_t k = 0; k < 64; k++)
                same |= (uint64_t)is_same(&b->plain[loose][i + k], first + i + k) << k;
            set_same(loose, first + i, same);
        }
    }
}

/* Builds the block, and publishes it unless another thread was faster. */
const fold_block *fold_build_block(uint32_t number)
{
    size_t most = sizeof(fold_block) + 256 * MANY_MAX * sizeof(fold_atom);
    fold_block *b = calloc(1, most);
    if (!b)
        return NULL;
    size_t used = build(b, number * 256);
    fold_block *fit = realloc(b, sizeof *b + used * sizeof(fold_atom));
    const fold_block *mine = fit ? fit : b, *other = NULL;
    note_same(mine, number * 256);
    if (atomic_compare_exchange_strong_explicit(&fold_blocks[number], &other, mine,
                                                memory_order_acq_rel, memory_order_acquire))
        return mine; /* cppcheck-suppress memleak ; a block once published is never freed */
    free((void *)mine);
    return other; /* cppcheck-suppress memleak ; fit, if there is one, is mine */
}
