/* What the files of the scanning kernels share; seen by them alone. */
#ifndef BASE_SCAN_KERNELS_H
#define BASE_SCAN_KERNELS_H

#include "base/scan.h"

#if defined(__x86_64__) && defined(__GNUC__)
#define SCAN_X86
extern const scan_kernels scan_avx2, scan_ssse3;
void scan_x86_init(void); /* before any of them runs */
#endif

/* The portable versions, which finish what is shorter than a vector. */
size_t scan_portable_utf8(const uint8_t *text, size_t len);

/* Of 64 bytes, one bit each: what the marks are made of. */
typedef struct {
    uint64_t space, lf;
    uint64_t control; /* C0 and DEL */
    uint64_t wanted;  /* second bytes of characters looked for */
    uint64_t nbsp;    /* second bytes of U+00A0 that begin here */
} scan_found;

/* What stands before the 64 bytes, as bit 0. */
typedef struct {
    uint64_t blank, lf;
} scan_before;

/* The marks of fewer than 64 bytes, portably. */
scan_marks scan_portable_tail(const uint8_t *text, size_t len, const scan_set *set, uint8_t before,
                              scan_before *edge);

static inline scan_marks scan_combine(const scan_set *set, const scan_found *f, scan_before *before)
{
    if (!set->tidy)
        return (scan_marks){f->wanted, f->lf, 0, 0};
    uint64_t blank = f->space | f->nbsp, either = blank | f->lf;
    uint64_t over = before->blank | before->lf;
    uint64_t extra = (f->space & (either << 1 | over)) | (f->nbsp & (either << 2 | over << 1));
    uint64_t last = blank & f->lf >> 1 & ~extra; /* one blank alone before an LF */
    uint64_t lines = f->lf & (~(blank << 1 | before->blank) | last << 1);
    *before = (scan_before){blank >> 63, f->lf >> 63};
    return (scan_marks){(f->wanted & ~f->nbsp) | (f->control & ~lines), lines, f->nbsp,
                        extra | last};
}

/* Why two bytes, one after the other, are not UTF-8. Looked up three times, by the upper and the
   lower half of the first byte and by the upper half of the second: a reason that all three give
   is one that holds. (Keiser and Lemire, Validating UTF-8 In Less Than One Instruction Per Byte,
   2020.) */
enum {
    BAD_SHORT = 1,        /* a lead, then no continuation */
    BAD_LONG = 2,         /* ASCII, then a continuation */
    BAD_OVERLONG_3 = 4,   /* E0 80..9F */
    BAD_LARGE = 8,        /* F4 90..BF, F5..FF 90..BF */
    BAD_SURROGATE = 16,   /* ED A0..BF */
    BAD_OVERLONG_2 = 32,  /* C0, C1 */
    BAD_FOUR = 64,        /* F0 80..8F, F5..FF 80..8F */
    BAD_TWO = 128,        /* two continuations: right where a longer character has them */
    BAD_ANY_LOW = BAD_SHORT | BAD_LONG | BAD_TWO, /* whatever the lower half is */
    BAD_TOP = BAD_ANY_LOW | BAD_LARGE | BAD_FOUR,
    BAD_THEN = BAD_LONG | BAD_OVERLONG_2 | BAD_TWO
};

#define BAD_FIRST_HIGH                                                                        \
    BAD_LONG, BAD_LONG, BAD_LONG, BAD_LONG, BAD_LONG, BAD_LONG, BAD_LONG, BAD_LONG,           \
        (char)BAD_TWO, (char)BAD_TWO, (char)BAD_TWO, (char)BAD_TWO,                           \
        BAD_SHORT | BAD_OVERLONG_2, BAD_SHORT, BAD_SHORT | BAD_OVERLONG_3 | BAD_SURROGATE,    \
        BAD_SHORT | BAD_LARGE | BAD_FOUR

#define BAD_FIRST_LOW                                                                         \
    (char)(BAD_ANY_LOW | BAD_OVERLONG_2 | BAD_OVERLONG_3 | BAD_FOUR),                         \
        (char)(BAD_ANY_LOW | BAD_OVERLONG_2), (char)BAD_ANY_LOW, (char)BAD_ANY_LOW,           \
        (char)(BAD_ANY_LOW | BAD_LARGE), (char)BAD_TOP, (char)BAD_TOP, (char)BAD_TOP,         \
        (char)BAD_TOP, (char)BAD_TOP, (char)BAD_TOP, (char)BAD_TOP, (char)BAD_TOP,            \
        (char)(BAD_TOP | BAD_SURROGATE), (char)BAD_TOP, (char)BAD_TOP

#define BAD_SECOND_HIGH                                                                       \
    BAD_SHORT, BAD_SHORT, BAD_SHORT, BAD_SHORT, BAD_SHORT, BAD_SHORT, BAD_SHORT, BAD_SHORT,   \
        (char)(BAD_THEN | BAD_OVERLONG_3 | BAD_FOUR),                                         \
        (char)(BAD_THEN | BAD_OVERLONG_3 | BAD_LARGE),                                        \
        (char)(BAD_THEN | BAD_SURROGATE | BAD_LARGE),                                         \
        (char)(BAD_THEN | BAD_SURROGATE | BAD_LARGE), BAD_SHORT, BAD_SHORT, BAD_SHORT, BAD_SHORT

/* text[0..at) is valid, but its last character may be cut off: where that begins. */
static inline size_t scan_whole(const uint8_t *text, size_t at)
{
    static const uint8_t lead[] = {0, 0xC0, 0xE0, 0xF0}; /* of what is longer than its index */
    if (at == 0 || text[at - 1] < 0x80)
        return at;
    for (size_t back = 1; back <= 3 && back <= at; back++)
        if (text[at - back] >= 0xC0)
            return text[at - back] >= lead[back] ? at - back : at;
    return at;
}

#endif
