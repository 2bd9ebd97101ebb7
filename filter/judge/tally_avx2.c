/* Counting with AVX2. */
#include "base/machine.h"

#ifdef MACHINE_X86
#define VECTOR_AVX2
#include "judge/tally_vector.h"

const tally_kernels tally_avx2 = {"AVX2", count_vector, machine_has_avx2};

#endif
