/* The quick activation functions, for a layer of a few vectors whose neurons may differ.
 *
 * sigmoid, tanh and the bipolar sigmoid are one formula of e = e^(factor z):
 *     f = (rise e + start) / (e + 1)    f' = steepness (f + rise) (1 - f)
 * with the numbers below, and linear, ReLU and leaky ReLU another: f = f' z, f' = 1 above 0, else
 * alpha. So a layer that mixes them takes hardly longer than one that does not.
 */
#ifndef NNSIM_QUICK_FUNCTIONS_H
#define NNSIM_QUICK_FUNCTIONS_H

#include "one_vector.h"
#include "vector_functions.h"

#define MOST_VECTORS 4 /* of a layer */

/* For each neuron of one layer; spare places are linear. */
typedef struct {
    int curved, straight; /* whether there are neurons of the first formula, and of the second */
    int64_t sign[MOST_VECTORS * LANES], twice[MOST_VECTORS * LANES]; /* factor in bits */
    double per_power[MOST_VECTORS * LANES], farthest[MOST_VECTORS * LANES];
    double rise[MOST_VECTORS * LANES], start[MOST_VECTORS * LANES];
    double steepness[MOST_VECTORS * LANES], steepness_rise[MOST_VECTORS * LANES];
    double alpha[MOST_VECTORS * LANES];
    int64_t is_straight[MOST_VECTORS * LANES];
} quick_functions;

int nnsim_is_quick(int32_t activation);
int nnsim_all_quick(const neuron_functions *functions);

/* The code of one neuron of a layer. */
static inline int32_t nnsim_code_of(const neuron_functions *functions, int32_t neuron)
{
    int kind = 0;
    while (!functions->where[kind][neuron])
        kind++;
    return functions->code[kind];
}

/* Fills in the functions of a layer of quick ones, of at most MOST_VECTORS. */
void nnsim_set_quick(quick_functions *quick, int32_t neurons, const int32_t *code,
                     const double *alpha);

INLINE vec curved(const quick_functions *quick, int at, vec z, vec *slope)
{
    const vec rise = load(quick->rise + at);
    const vec farthest = load(quick->farthest + at);
    z = smaller_of(farthest, greater_of(-farthest, z));
    /* factor z without a product, which would be fused in the wrong place */
    vec y = (vec)((lanes)z ^ load_lanes(quick->sign + at)) + only(load_lanes(quick->twice + at), z);
    powers e = powers_by(y, z * load(quick->per_power + at) + all(TO_WHOLE));
    vec risen = rise * e.scale;
    vec a = (risen * e.rest + (risen + load(quick->start + at))) /
            (e.scale * e.rest + (e.scale + all(1.0)));
    *slope = (load(quick->steepness + at) * a + load(quick->steepness_rise + at)) * (all(1.0) - a);
    return a;
}

INLINE vec straight(const quick_functions *quick, int at, vec z, vec *slope)
{
    *slope = chosen(z > all(0.0), all(1.0), load(quick->alpha + at));
    return *slope * z;
}

/* From z of the neurons from place `at` on to f(z), in place, and f'(z). */
INLINE void quick_activate(const quick_functions *quick, const int vectors, vec *z, vec *slope)
{
    if (!quick->straight) {
        UNROLL for (int v = 0; v < vectors; v++)
            z[v] = curved(quick, v * LANES, z[v], &slope[v]);
    } else if (!quick->curved) {
        UNROLL for (int v = 0; v < vectors; v++)
            z[v] = straight(quick, v * LANES, z[v], &slope[v]);
    } else {
        UNROLL for (int v = 0; v < vectors; v++) {
            const lanes which = load_lanes(quick->is_straight + v * LANES);
            vec slope_1, a = straight(quick, v * LANES, z[v], &slope_1);
            z[v] = chosen(which, a, curved(quick, v * LANES, z[v], &slope[v]));
            slope[v] = chosen(which, slope_1, slope[v]);
        }
    }
}
/* f(z) and f'(z) of one neuron in several samples. */
INLINE vec quick_of(int32_t code, vec alpha, vec z, vec *slope)
{
#define CASE(code)                                                                                 \
    case code:                                                                                     \
        return activation_of(code, alpha, z, slope)
    switch (code) {
        CASE(NNSIM_SIGMOID);
        CASE(NNSIM_BIPOLAR_SIGMOID);
        CASE(NNSIM_TANH);
        CASE(NNSIM_RELU);
        CASE(NNSIM_LEAKY_RELU);
    default:
        return activation_of(NNSIM_LINEAR, alpha, z, slope);
    }
#undef CASE
}
#endif
