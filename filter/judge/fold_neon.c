/* Folding with NEON. */
#include "base/machine.h"

#ifdef MACHINE_NEON
#define VECTOR_NEON
#include "judge/fold_vector.h"

const fold_kernels fold_neon = {"NEON", fold_vector_text, fold_vector_loose, NULL};

#endif
