/* Which vectors the kernels may be written for, and which of these this machine has. */
#ifndef BASE_MACHINE_H
#define BASE_MACHINE_H

#include <stdbool.h>

#if defined(__GNUC__) && defined(__x86_64__)
#define MACHINE_X86

static inline bool machine_has_ssse3(void)
{
    return __builtin_cpu_supports("ssse3");
}

static inline bool machine_has_avx2(void)
{
    return __builtin_cpu_supports("avx2") && __builtin_cpu_supports("bmi") &&
           __builtin_cpu_supports("popcnt");
}

#elif defined(__GNUC__) && defined(__AARCH64EL__)
#define MACHINE_NEON /* all of them have it */
#endif

#endif
