/* Counting with NEON. */
#include "base/machine.h"

#ifdef MACHINE_NEON
#define VECTOR_NEON
#include "judge/tally_vector.h"

const tally_kernels tally_neon = {"NEON", count_vector, NULL};

#endif
