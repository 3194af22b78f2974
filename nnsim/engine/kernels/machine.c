/* What this library is, and what the processor can do. */
#include "kernel.h"

#if defined(__x86_64__)
#include <cpuid.h>
#endif

#if defined(NNSIM_COUNTED_LOOKS)
__attribute__((visibility("default"))) int64_t nnsim_looks, nnsim_raised_at;
#endif

int nnsim_kernel_version(void)
{
    return NNSIM_KERNEL_VERSION;
}

#if defined(__x86_64__)
/* Whether the system saves these registers: bits 1 (SSE) and 2 (AVX) of XCR0, 5 to 7 (AVX-512). */
static int saves(unsigned registers)
{
    unsigned low, high;
    __asm__ volatile("xgetbv" : "=a"(low), "=d"(high) : "c"(0));
    (void)high;
    return (low & registers) == registers;
}
#endif

/* Level 3 of the psABI is AVX2, FMA, BMI1, BMI2, F16C, LZCNT and MOVBE; level 4 is AVX-512 F, BW,
 * CD, DQ and VL besides. Asked by cpuid itself, because the compilers' own question needs a run-time
 * library that not all of them bring. */
int nnsim_cpu_level(void)
{
#if defined(__x86_64__)
    const unsigned fma = 1u << 12, movbe = 1u << 22, osxsave = 1u << 27, avx = 1u << 28,
                   f16c = 1u << 29, bmi1 = 1u << 3, avx2 = 1u << 5, bmi2 = 1u << 8,
                   lzcnt = 1u << 5;
    const unsigned basic = fma | movbe | osxsave | avx | f16c, wide = bmi1 | avx2 | bmi2;
    const unsigned wider = 1u << 16 | 1u << 17 | 1u << 28 | 1u << 30 | 1u << 31;
    unsigned a, b, c, d, extended;
    if (!__get_cpuid(1, &a, &b, &c, &d) || (c & basic) != basic || !saves(6))
        return 1;
    if (!__get_cpuid_count(7, 0, &a, &extended, &c, &d) || (extended & wide) != wide)
        return 1;
    if (!__get_cpuid(0x80000001, &a, &b, &c, &d) || !(c & lzcnt))
        return 1;
    return (extended & wider) == wider && saves(0xe6) ? 4 : 3;
#else
    return 0;
#endif
}
