/* Folding with AVX2. */
#include "base/machine.h"

#ifdef MACHINE_X86
#define VECTOR_AVX2
#include "judge/fold_vector.h"

const fold_kernels fold_avx2 = {"AVX2", fold_vector_text, fold_vector_loose, machine_has_avx2};

#endif
