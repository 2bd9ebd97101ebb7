/* The kernels for x86-64. */
#ifndef JUDGE_FOLD_X86_H
#define JUDGE_FOLD_X86_H

#include "judge/fold_ascii.h"

#if defined(__x86_64__) && defined(__GNUC__)
#define FOLD_X86 1

extern const fold_kernels fold_sse2, fold_avx2;

/* Makes their tables; once, before any of them runs. */
void fold_x86_init(void);

#endif

#endif
