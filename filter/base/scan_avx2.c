/* The scanning kernels with AVX2. */
#include "base/machine.h"

#ifdef MACHINE_X86
#define VECTOR_AVX2
#include "base/scan_vector.h"

const scan_kernels scan_avx2 = {"AVX2", scan_vector_ascii, scan_vector_utf8, scan_vector_text,
                                scan_vector_squeeze};

#endif
