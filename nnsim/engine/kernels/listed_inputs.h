/* Lists of the inputs that are not 0, so that the others' weights are left alone.
 *
 * A sample's list is its values one after another and where each stands among the inputs. Behind them
 * follow a few values 0 of input 0, so that several can be taken at a time.
 */
#ifndef NNSIM_LISTED_INPUTS_H
#define NNSIM_LISTED_INPUTS_H

#include <stdlib.h>
#include <string.h>

#include "vectors.h"

#define KEPT_INPUTS (1 << 17) /* so many are kept, of all samples: the weights need the cache */
#define SPARE_INPUTS 8        /* how many values 0 follow */
#define LINE_NUMBERS 8        /* of a cache line */

typedef struct {
    int64_t slots;   /* lists: one for each sample, or one in all */
    int32_t inputs;
    double *values;  /* [slots, inputs + SPARE_INPUTS] */
    int32_t *places; /* likewise */
    int32_t *counts; /* [slots] without the spare ones; -1: not looked at yet */
} listed_inputs;

/* Allocates; 0, or -1 without memory. */
static inline int open_lists(listed_inputs *lists, int32_t inputs, int64_t samples)
{
    lists->inputs = inputs;
    lists->slots = samples <= KEPT_INPUTS / inputs ? samples : 1;
    size_t room = (size_t)lists->slots * (size_t)(inputs + SPARE_INPUTS);
    lists->values = malloc(room * sizeof *lists->values);
    lists->places = malloc(room * sizeof *lists->places);
    lists->counts = malloc((size_t)lists->slots * sizeof *lists->counts);
    if (!lists->values || !lists->places || !lists->counts)
        return -1;
    for (int64_t i = 0; i < lists->slots; i++)
        lists->counts[i] = -1;
    return 0;
}

static inline void close_lists(listed_inputs *lists)
{
    free(lists->values);
    free(lists->places);
    free(lists->counts);
}

/* Without branches, which would be guesses: what is 0 is overwritten by what comes next. NaN is not
 * 0. Returns how many there are. */
#if defined(__AVX512VL__) && LANES == 8
static inline int32_t list_inputs(const double *x, int32_t inputs, double *values, int32_t *places)
{
    int32_t count = 0;
    __m256i place = _mm256_setr_epi32(0, 1, 2, 3, 4, 5, 6, 7);
    for (int32_t i = 0; i < inputs; i += LANES) {
        __mmask8 within = (__mmask8)(inputs - i < LANES ? (1 << (inputs - i)) - 1 : 0xff);
        __m512d here = _mm512_maskz_loadu_pd(within, x + i);
        __mmask8 there = _mm512_cmp_pd_mask(here, _mm512_setzero_pd(), _CMP_NEQ_UQ);
        _mm512_storeu_pd(values + count, _mm512_maskz_compress_pd(there, here));
        _mm256_storeu_si256((__m256i *)(places + count),
                            _mm256_maskz_compress_epi32(there, place));
        place = _mm256_add_epi32(place, _mm256_set1_epi32(LANES));
        count += __builtin_popcount(there);
    }
    return count;
}
#else
static inline int32_t list_inputs(const double *x, int32_t inputs, double *values, int32_t *places)
{
    int64_t count = 0;
    for (int32_t i = 0; i < inputs; i++) {
        uint64_t bits;
        memcpy(&bits, x + i, sizeof bits);
        values[count] = x[i];
        places[count] = i;
        count += bits << 1 != 0; /* whatever its sign */
    }
    return (int32_t)count;
}
#endif

/* Which list belongs to a sample; it is made when it is first used, or anew where there are too many
 * to keep. */
static inline int64_t look_up_list(listed_inputs *lists, int64_t row, const double *x)
{
    int64_t slot = lists->slots > 1 ? row : 0, at = slot * (lists->inputs + SPARE_INPUTS);
    if (lists->slots == 1 || lists->counts[slot] < 0) {
        int32_t count = list_inputs(x, lists->inputs, lists->values + at, lists->places + at);
        memset(lists->values + at + count, 0, SPARE_INPUTS * sizeof *lists->values);
        memset(lists->places + at + count, 0, SPARE_INPUTS * sizeof *lists->places);
        lists->counts[slot] = count;
    }
    return slot;
}

/* Asks for a sample whose list will have to be made. */
static inline void fetch_early(const listed_inputs *lists, const double *x)
{
    for (int32_t i = 0; lists->slots == 1 && i < lists->inputs; i += LINE_NUMBERS)
        __builtin_prefetch(x + i);
}
#endif
