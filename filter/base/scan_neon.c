/* The scanning kernels with NEON. */
#include "base/machine.h"

#ifdef MACHINE_NEON
#define VECTOR_NEON
#include "base/scan_vector.h"

const scan_kernels scan_neon = {"NEON", scan_vector_ascii, scan_vector_utf8, scan_vector_text,
                                scan_vector_squeeze};

#endif
