/* exp, expm1, tanh, the logistic function and ln(1 + e^x) of vectors.
 *
 * All are within 2 ulp of the truth (2.5 beyond -256 and 256), the logistic function and tanh within
 * 3, and NaN of NaN. Beyond -708 and 708 the exponential stays what it is there, so that no infinity
 * comes up on the way and no digits get lost below the least normal number: what would be smaller
 * than 4e-308 comes out as that, and no more is promised. The test is
 * tests/engine/kernels/test_vector_math.py.
 *
 * The method is that of every library (Muller, "Elementary Functions", ch. 11): x = k ln 2 + r with a
 * whole k and |r| <= ln 2 / 2, so that e^x = 2^k e^r, and e^r - 1 is a polynomial. Its coefficients
 * interpolate at Chebyshev's nodes; the error of the polynomial alone is below 5e-17. It is added up
 * in pairs (Estrin), which is the quickest way to one result: sample by sample, every step waits for
 * the step before.
 */
#ifndef NNSIM_VECTOR_MATH_H
#define NNSIM_VECTOR_MATH_H

#include "vectors.h"

#define FARTHEST 708.0
#define PER_LN_2 0x1.71547652b82fep+0
#if defined(__FMA__) || defined(__aarch64__)
#define FUSED 1 /* a - b c is rounded but once */
#define LN_2_HIGH 0x1.62e42fefa39efp-1
#define LN_2_LOW 0x1.abc9e3b39803fp-56
#else
#define FUSED 0
#define LN_2_HIGH 0x1.62e42fee00000p-1 /* so few digits that k times it is exact */
#define LN_2_LOW 0x1.a39ef35793c76p-33
#endif
#define TO_WHOLE 0x1.8p52              /* adding it leaves the nearest whole number in the low bits */
#define ONE_S_BITS 0x3ff0000000000000

/* e^x as scale * (1 + rest). */
typedef struct {
    vec rest;  /* e^r - 1 */
    vec scale; /* 2^k */
} powers;

/* e^y by y / ln 2, with y within the farthest. The first powers of r see all of its digits; without
 * the last of them, at most 2e-14, the others need not wait for it. */
INLINE powers powers_by(vec y, vec shifted)
{
    vec k = shifted - all(TO_WHOLE);
    vec near = y - k * all(LN_2_HIGH), r = near - k * all(LN_2_LOW), q = FUSED ? near : r;

    vec q2 = q * q, q4 = q2 * q2;
    vec c23 = all(0x1.0000000000001p-1) + r * all(0x1.5555555555556p-3);
    vec c45 = all(0x1.5555555553d68p-5) + q * all(0x1.11111111109b5p-7);
    vec c67 = all(0x1.6c16c17889ef1p-10) + q * all(0x1.a01a01a7c2efep-13);
    vec c89 = all(0x1.a019b9149a41cp-16) + q * all(0x1.71de0db2f6b19p-19);
    vec cab = all(0x1.28917c89a43a7p-22) + q * all(0x1.af389ecfc4b9cp-26);
    vec low = r + (r * r) * c23, middle = c45 + q2 * c67, high = c89 + q2 * cab;
    vec rest = low + q4 * (middle + q4 * high);
    return (powers){rest, (vec)(((lanes)shifted << 52) + all_lanes(ONE_S_BITS))};
}

INLINE powers powers_of_e(vec x)
{
    x = smaller_of(all(FARTHEST), greater_of(all(-FARTHEST), x));
    return powers_by(x, x * all(PER_LN_2) + all(TO_WHOLE));
}

/* e^x. */
INLINE vec exponential(vec x)
{
    powers e = powers_of_e(x);
    return e.scale + e.scale * e.rest;
}

/* e^x - 1 for x <= 0, also near 0. (Above 0 more digits would cancel.) */
INLINE vec exponential_less_1(vec x)
{
    powers e = powers_of_e(x);
    return e.scale * e.rest + (e.scale - all(1.0));
}

/* 1 / (1 + e^-x). */
INLINE vec logistic(vec x)
{
    powers e = powers_of_e(-x);
    return all(1.0) / ((all(1.0) + e.scale) + e.scale * e.rest);
}

/* tanh x = (e^2x - 1) / (e^2x + 1). */
INLINE vec hyperbolic_tangent(vec x)
{
    powers e = powers_of_e(x + x);
    vec grown = e.scale * e.rest;
    return (grown + (e.scale - all(1.0))) / (grown + (e.scale + all(1.0)));
}

/* ln(1 + u) for 0 <= u <= 1, by s = u / (2 + u): ln(1 + u) = 2 (s + s^3/3 + s^5/5 + ...), and
 * 2 s = u - s u. */
INLINE vec logarithm_of_1_and(vec u)
{
    vec s = u / (all(2.0) + u), x = s * s, x2 = x * x, x4 = x2 * x2;
    vec c01 = all(0x1.5555555555555p-1) + x * all(0x1.999999999a3ddp-2);
    vec c23 = all(0x1.24924923d44c6p-2) + x * all(0x1.c71c727143318p-3);
    vec c45 = all(0x1.745cf0b0e03bdp-3) + x * all(0x1.3b18b294bebf9p-3);
    vec c67 = all(0x1.10ac75dc602b1p-3) + x * all(0x1.eb905e8575054p-4);
    vec c89 = all(0x1.687a6e7c95176p-4) + x * all(0x1.4b0a26c5f2aefp-3);
    vec beyond = (c01 + x2 * c23) + x4 * ((c45 + x2 * c67) + x4 * c89);
    return u - s * (u - x * beyond);
}

/* ln(1 + e^x) = max(x, 0) + ln(1 + e^-|x|). */
INLINE vec soft_plus(vec x)
{
    return greater_of(all(0.0), x) + logarithm_of_1_and(exponential(-size_of(x)));
}
#endif
