/* The scanning kernels with SSSE3. */
#include "base/machine.h"

#ifdef MACHINE_X86
#define VECTOR_SSSE3
#include "base/scan_vector.h"

const scan_kernels scan_ssse3 = {"SSSE3", scan_vector_ascii, scan_vector_utf8, scan_vector_text,
                                 scan_vector_squeeze};

#endif
