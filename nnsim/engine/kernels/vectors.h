/* Vectors of doubles: the vector extensions of GCC and Clang, and the little that they lack.
 *
 * VECTOR_BYTES says how wide they are: 16 suits every 64-bit processor, 32 needs AVX2 and 64 AVX-512
 * (wider than the processor's own, they would be taken apart, and slow).
 */
#ifndef NNSIM_VECTORS_H
#define NNSIM_VECTORS_H

#include <stdint.h>

#if defined(__SSE2__)
#include <immintrin.h>
#endif

#ifndef VECTOR_BYTES
#define VECTOR_BYTES 16
#endif
#define LANES (VECTOR_BYTES / 8)

typedef double vec __attribute__((vector_size(VECTOR_BYTES)));
typedef int64_t lanes __attribute__((vector_size(VECTOR_BYTES)));
typedef double loose_vec __attribute__((vector_size(VECTOR_BYTES), aligned(8)));
typedef int64_t loose_lanes __attribute__((vector_size(VECTOR_BYTES), aligned(8)));

#define INLINE static inline __attribute__((always_inline))
#if defined(__clang__)
#define UNROLL _Pragma("unroll")
#define SHUFFLED(a, b, ...) __builtin_shufflevector(a, b, __VA_ARGS__)
#else
#define UNROLL _Pragma("GCC unroll 24")
#define SHUFFLED(a, b, ...) __builtin_shuffle(a, b, (lanes){__VA_ARGS__})
#endif

#if VECTOR_BYTES == 16
#define EVERY(x) {x, x}
#define LANE_NUMBERS ((lanes){0, 1})
#elif VECTOR_BYTES == 32
#define PAIRS_SWAPPED(x) SHUFFLED(x, x, 2, 3, 0, 1)
#define EVERY(x) {x, x, x, x}
#define LANE_NUMBERS ((lanes){0, 1, 2, 3})
#elif VECTOR_BYTES == 64
#define PAIRS_SWAPPED(x) SHUFFLED(x, x, 2, 3, 0, 1, 6, 7, 4, 5)
#define EVERY(x) {x, x, x, x, x, x, x, x}
#define LANE_NUMBERS ((lanes){0, 1, 2, 3, 4, 5, 6, 7})
#else
#error "VECTOR_BYTES can be 16, 32 or 64"
#endif

/* How many vectors n numbers fill. */
#define IN_VECTORS(n) (((n) + LANES - 1) / LANES)

INLINE vec all(double x)
{
    return (vec)EVERY(x);
}

INLINE lanes all_lanes(int64_t x)
{
    return (lanes)EVERY(x);
}

/* From and to any place, also one that is not a vector's. */
INLINE vec load(const double *from)
{
    return *(const loose_vec *)from;
}

INLINE lanes load_lanes(const int64_t *from)
{
    return *(const loose_lanes *)from;
}

/* from[0], from[gap], from[2 gap] ... of `count` numbers; further lanes repeat the last one. Lane by
 * lane and not by way of an array: a vector that is read from where single numbers were just written
 * has to wait until all that came before is written. */
INLINE vec gathered(const double *from, int64_t gap, int64_t count)
{
#define LANE(i) from[((i) < count ? (i) : count - 1) * gap]
#if LANES == 2
    return (vec){LANE(0), LANE(1)};
#elif LANES == 4
    return (vec){LANE(0), LANE(1), LANE(2), LANE(3)};
#else
    return (vec){LANE(0), LANE(1), LANE(2), LANE(3), LANE(4), LANE(5), LANE(6), LANE(7)};
#endif
#undef LANE
}

INLINE void store(double *to, vec x)
{
    *(loose_vec *)to = x;
}

/* `yes` where the lanes of `which` are all ones, `no` where they are 0. */
INLINE vec chosen(lanes which, vec yes, vec no)
{
    return (vec)((which & (lanes)yes) | (~which & (lanes)no));
}

/* x where the lanes of `which` are all ones, else 0; also of what is not finite. */
INLINE vec only(lanes which, vec x)
{
    return (vec)(which & (lanes)x);
}

/* All ones in the first `count` lanes. */
INLINE lanes first_lanes(int64_t count)
{
    return LANE_NUMBERS < all_lanes(count);
}

INLINE vec size_of(vec x)
{
    return (vec)((lanes)x & all_lanes(INT64_MAX));
}

/* The smaller and the greater of each pair; of NaN in x, NaN. GCC does not find x86's instructions
 * for them by itself, and without them the exponential is a fifth slower. */
#if defined(__AVX512F__) && LANES == 8
#define SMALLER(end, x) _mm512_min_pd(end, x)
#define GREATER(end, x) _mm512_max_pd(end, x)
#elif defined(__AVX__) && LANES == 4
#define SMALLER(end, x) _mm256_min_pd(end, x)
#define GREATER(end, x) _mm256_max_pd(end, x)
#elif defined(__SSE2__) && LANES == 2
#define SMALLER(end, x) _mm_min_pd(end, x)
#define GREATER(end, x) _mm_max_pd(end, x)
#else
#define SMALLER(end, x) chosen((end) < (x), end, x)
#define GREATER(end, x) chosen((end) > (x), end, x)
#endif

INLINE vec smaller_of(vec end, vec x)
{
    return (vec)SMALLER(end, x);
}

INLINE vec greater_of(vec end, vec x)
{
    return (vec)GREATER(end, x);
}

/* The sums over the lanes of each of LANES vectors, as one vector: neighbours are added in pairs,
 * then pairs of lanes, and so on. */
#if LANES == 2
INLINE vec sums(const vec *x)
{
    return SHUFFLED(x[0], x[1], 0, 2) + SHUFFLED(x[0], x[1], 1, 3);
}
#elif LANES == 4
INLINE vec sums_of_pairs(vec a, vec b)
{
    return SHUFFLED(a, b, 0, 4, 2, 6) + SHUFFLED(a, b, 1, 5, 3, 7);
}

INLINE vec sums(const vec *x)
{
    vec a = sums_of_pairs(x[0], x[1]), b = sums_of_pairs(x[2], x[3]);
    return SHUFFLED(a, b, 0, 1, 4, 5) + SHUFFLED(a, b, 2, 3, 6, 7);
}
#else
INLINE vec sums_of_pairs(vec a, vec b)
{
    return SHUFFLED(a, b, 0, 8, 2, 10, 4, 12, 6, 14) + SHUFFLED(a, b, 1, 9, 3, 11, 5, 13, 7, 15);
}

INLINE vec sums_of_fours(const vec *x)
{
    vec a = sums_of_pairs(x[0], x[1]), b = sums_of_pairs(x[2], x[3]);
    return SHUFFLED(a, b, 0, 1, 8, 9, 4, 5, 12, 13) + SHUFFLED(a, b, 2, 3, 10, 11, 6, 7, 14, 15);
}

INLINE vec sums(const vec *x)
{
    vec a = sums_of_fours(x), b = sums_of_fours(x + 4);
    return SHUFFLED(a, b, 0, 1, 2, 3, 8, 9, 10, 11) + SHUFFLED(a, b, 4, 5, 6, 7, 12, 13, 14, 15);
}
#endif

INLINE double sum_of_lanes(vec x)
{
#if LANES == 8
    x += SHUFFLED(x, x, 4, 5, 6, 7, 0, 1, 2, 3);
#endif
#if LANES >= 4
    x += PAIRS_SWAPPED(x);
#endif
    return x[0] + x[1];
}
#endif
