/* Counting with SSSE3. */
#include "base/machine.h"

#ifdef MACHINE_X86
#define VECTOR_SSSE3
#include "judge/tally_vector.h"

const tally_kernels tally_ssse3 = {"SSSE3", count_vector, machine_has_ssse3};

#endif
