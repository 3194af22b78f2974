/* Vectors of LANES doubles (GCC vector extensions), and exp, sigmoid and tanh on them.

   exp(x) = 2^k · e^r with k = round(x / ln 2) and |r| ≤ ln 2 / 2; e^r is the polynomial of degree
   11 that interpolates it at the Chebyshev nodes (relative error 2e-17 before rounding). */
#ifndef VECTORS_H
#define VECTORS_H

#include <stdint.h>

typedef double vec __attribute__((vector_size(LANES * 8)));
typedef int64_t lanes __attribute__((vector_size(LANES * 8)));
typedef double unaligned __attribute__((vector_size(LANES * 8), aligned(8)));

#define INLINE static inline __attribute__((always_inline))
#define UNROLL _Pragma("GCC unroll 32")
#define IN_VECTORS(neurons) (((neurons) + LANES - 1) / LANES)

/* The same number, or lane number, in all lanes; and the lanes' own numbers. */
#if LANES == 8
#define EVERY(x) {x, x, x, x, x, x, x, x}
#elif LANES == 4
#define EVERY(x) {x, x, x, x}
#elif LANES == 2
#define EVERY(x) {x, x}
#endif

INLINE vec all(double x) { return (vec)EVERY(x); }

INLINE vec all_of_lane(vec v, int lane) { return __builtin_shuffle(v, (lanes)EVERY(lane)); }

INLINE vec load(const double *from) { return *(const unaligned *)from; }

INLINE void store(double *to, vec v) { *(unaligned *)to = v; }

/* x held within ± end. GCC 12 does not find max and min in a vector comparison, so they are named;
   by its builtins, because immintrin.h takes longer to read than all the rest to compile. */
#if defined(__AVX512F__) && LANES == 8
INLINE vec held(vec x, double end)
{
    x = __builtin_ia32_maxpd512_mask(x, all(-end), x, -1, 4);
    return __builtin_ia32_minpd512_mask(x, all(end), x, -1, 4);
}
#elif defined(__AVX__) && LANES == 4
INLINE vec held(vec x, double end)
{
    return __builtin_ia32_minpd256(__builtin_ia32_maxpd256(x, all(-end)), all(end));
}
#else
INLINE vec chosen(lanes which, vec yes, vec no)
{
    return (vec)((which & (lanes)yes) | (~which & (lanes)no));
}
INLINE vec held(vec x, double end)
{
    x = chosen(x < all(-end), all(-end), x);
    return chosen(x > all(end), all(end), x);
}
#endif

INLINE vec exponential(vec x)
{
    const double round_off = 0x1.8p52; /* adding it leaves the nearest integer in the low bits */
    x = held(x, 700.0);
    vec shifted = x * 0x1.71547652b82fep+0 + round_off;
    lanes power = (lanes)shifted << 52;
    vec k = shifted - round_off;
    vec r = x - k * 0x1.62e42fefa39efp-1;
    r = r - k * 0x1.abc9e3b39803fp-56;
    vec r2 = r * r, r4 = r2 * r2, r8 = r4 * r4;
    vec p01 = r + 1.0;
    vec p23 = r * 0x1.555555555555ap-3 + 0x1.0000000000011p-1;
    vec p45 = r * 0x1.111111110f225p-7 + 0x1.555555554f0cfp-5;
    vec p67 = r * 0x1.a01a01b14378fp-13 + 0x1.6c16c187fbe02p-10;
    vec p89 = r * 0x1.71ddf5749d126p-19 + 0x1.a01991ac8730ap-16;
    vec pab = r * 0x1.af631d0059becp-26 + 0x1.28b4057f44145p-22;
    vec low = p01 + r2 * p23, middle = p45 + r2 * p67, high = p89 + r2 * pab;
    vec e = low + r4 * middle + r8 * high;
    return (vec)((lanes)e + power);
}

enum { LINEAR, SIGMOID, TANH, RELU };

INLINE vec activate(int activation, vec z)
{
    switch (activation) {
    case SIGMOID: return 1.0 / (1.0 + exponential(-z));
    case TANH: return 1.0 - 2.0 / (1.0 + exponential(z + z));
    case RELU: return (vec)((lanes)z & (z > (vec){}));
    default: return z;
    }
}

/* The slope, from the activation a itself. */
INLINE vec slope(int activation, vec a)
{
    switch (activation) {
    case SIGMOID: return a * (1.0 - a);
    case TANH: return 1.0 - a * a;
    case RELU: return (vec)((lanes)all(1.0) & (a > (vec){}));
    default: return all(1.0);
    }
}

/* The sum over the lanes of each of LANES vectors, as one vector. */

#if LANES == 2
INLINE vec sums(const vec *p)
{
    return __builtin_shuffle(p[0], p[1], (lanes){0, 2}) +
           __builtin_shuffle(p[0], p[1], (lanes){1, 3});
}
#elif LANES == 4
INLINE vec pair(vec a, vec b)
{
    return __builtin_shuffle(a, b, (lanes){0, 4, 2, 6}) +
           __builtin_shuffle(a, b, (lanes){1, 5, 3, 7});
}
INLINE vec sums(const vec *p)
{
    vec a = pair(p[0], p[1]), b = pair(p[2], p[3]);
    return __builtin_shuffle(a, b, (lanes){0, 1, 4, 5}) +
           __builtin_shuffle(a, b, (lanes){2, 3, 6, 7});
}
#elif LANES == 8
INLINE vec pair(vec a, vec b)
{
    return __builtin_shuffle(a, b, (lanes){0, 8, 2, 10, 4, 12, 6, 14}) +
           __builtin_shuffle(a, b, (lanes){1, 9, 3, 11, 5, 13, 7, 15});
}
INLINE vec four(vec a, vec b)
{
    return __builtin_shuffle(a, b, (lanes){0, 1, 8, 9, 4, 5, 12, 13}) +
           __builtin_shuffle(a, b, (lanes){2, 3, 10, 11, 6, 7, 14, 15});
}
INLINE vec sums(const vec *p)
{
    vec a = four(pair(p[0], p[1]), pair(p[2], p[3]));
    vec b = four(pair(p[4], p[5]), pair(p[6], p[7]));
    return __builtin_shuffle(a, b, (lanes){0, 1, 2, 3, 8, 9, 10, 11}) +
           __builtin_shuffle(a, b, (lanes){4, 5, 6, 7, 12, 13, 14, 15});
}
#endif

#endif
