/* What this library is, and what the processor can do. */
#include "kernel.h"

#if defined(__x86_64__)
#include <cpuid.h>
#endif

int nnsim_kernel_version(void)
{
    return NNSIM_KERNEL_VERSION;
}

#if defined(__x86_64__)
/* Whether the system saves the wide registers: bits 1 (SSE) and 2 (AVX) of XCR0. */
static int saves_wide_registers(void)
{
    unsigned low, high;
    __asm__ volatile("xgetbv" : "=a"(low), "=d"(high) : "c"(0));
    (void)high;
    return (low & 6) == 6;
}
#endif

/* x86-64-v3, as in the psABI: AVX2, FMA, BMI1, BMI2, F16C, LZCNT, MOVBE. Asked by cpuid itself,
 * because the compilers' own question needs a run-time library that not all of them bring. */
int nnsim_cpu_has_v3(void)
{
#if defined(__x86_64__)
    const unsigned fma = 1u << 12, movbe = 1u << 22, osxsave = 1u << 27, avx = 1u << 28,
                   f16c = 1u << 29, bmi1 = 1u << 3, avx2 = 1u << 5, bmi2 = 1u << 8,
                   lzcnt = 1u << 5;
    const unsigned basic = fma | movbe | osxsave | avx | f16c, wide = bmi1 | avx2 | bmi2;
    unsigned a, b, c, d;
    if (!__get_cpuid(1, &a, &b, &c, &d) || (c & basic) != basic || !saves_wide_registers())
        return 0;
    if (!__get_cpuid_count(7, 0, &a, &b, &c, &d) || (b & wide) != wide)
        return 0;
    return __get_cpuid(0x80000001, &a, &b, &c, &d) && (c & lzcnt);
#else
    return 0;
#endif
}
