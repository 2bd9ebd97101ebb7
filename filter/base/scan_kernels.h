/* What the files of the scanning kernels share; seen by them alone. */
#ifndef BASE_SCAN_KERNELS_H
#define BASE_SCAN_KERNELS_H

#include "base/machine.h"
#include "base/scan.h"

#if defined(MACHINE_X86)
extern const scan_kernels scan_avx2, scan_ssse3;
#elif defined(MACHINE_NEON)
extern const scan_kernels scan_neon;
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

#endif
