/* Folding with SSSE3. */
#include "base/machine.h"

#ifdef MACHINE_X86
#define VECTOR_SSSE3
#include "judge/fold_vector.h"

const fold_kernels fold_ssse3 = {"SSSE3", fold_vector_text, fold_vector_loose, machine_has_ssse3};

#endif
