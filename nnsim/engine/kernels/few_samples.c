/* A batch of no more samples than a vector has lanes, through a small network.
 *
 * Here the lanes of a vector are samples. Nothing but the weights goes through memory, which would
 * take a good part of such a step's time. The gradients of a vector of weights are the sums over the
 * lanes of as many vectors, which is just how the weights lie.
 */
#include "few_samples.h"
#include "one_vector.h"
#include "quick_functions.h"

int nnsim_is_for_few(const layout *layout)
{
    for (int32_t l = 0; l < layout->layers; l++) {
        if (!nnsim_all_quick(&layout->layer[l].functions))
            return 0;
    }
    return layout->layers == 2 && !layout->skips && layout->layer[0].neurons <= LANES &&
           layout->inputs <= FEW_INPUTS && layout->outputs <= FEW_OUTPUTS;
}

/* f(z) and f'(z) of some neurons together, so that none waits for another. */
INLINE void activate(const neuron_functions *functions, const int neurons, vec *z, vec *slope)
{
#define CASE(code)                                                                                 \
    case code:                                                                                     \
        UNROLL for (int n = 0; n < neurons; n++)                                                   \
            z[n] = activation_of(code, all(0.0), z[n], &slope[n]);                                 \
        break
    switch (functions->kinds > 1 ? -1 : functions->code[0]) {
        CASE(NNSIM_SIGMOID);
        CASE(NNSIM_TANH);
        CASE(NNSIM_RELU);
    default: /* one by one */
        for (int n = 0; n < neurons; n++)
            z[n] = quick_of(nnsim_code_of(functions, n), all(functions->alpha[n]), z[n],
                            &slope[n]);
    }
#undef CASE
}

/* The sums over the lanes of each of the first `count` vectors, half of LANES or all. */
INLINE vec sums_of(const int count, const vec *x)
{
#if LANES == 8
    if (count == 4) {
        vec a = sums_of_fours(x);
        return only(first_lanes(4), a + SHUFFLED(a, a, 4, 5, 6, 7, 0, 1, 2, 3));
    }
#endif
    (void)count;
    return sums(x);
}

/* Output j, forward and back: adds to what is carried to the hidden neurons, and learns. */
INLINE double output(const layout *layout, const nnsim_rule *rule, const double *w,
                     const tile *tile, const few_columns *columns, const int neurons, int32_t j,
                     const vec *a, vec *carried, vec *poison, double *error)
{
    const layer *layer = &layout->layer[1];
    const size_t row = layer->weights + (size_t)j * LANES, bias = layer->biases + (size_t)j;
    const lanes there = first_lanes(tile->count);
    vec z = all(w[bias]), t = load(columns->expected + j * LANES);
    vec old[LANES], part[LANES], slope, gradient;
    UNROLL for (int n = 0; n < LANES; n++)
        part[n] = all(0.0);
    UNROLL for (int n = 0; n < neurons; n++) {
        old[n] = all(w[row + (size_t)n]);
        z += old[n] * a[n];
    }
    const neuron_functions *functions = &layer->functions;
    vec o = quick_of(nnsim_code_of(functions, j), all(functions->alpha[j]), z, &slope);
    *poison += z * all(0.0);
    vec terms = loss_of(rule->loss, rule->huber, layout->outputs, z, o, t, &gradient);
    if (rule->loss != NNSIM_BINARY_CROSS_ENTROPY)
        gradient *= slope;
    vec signal = only(there, gradient * all(tile->share));
    UNROLL for (int n = 0; n < neurons; n++) {
        carried[n] += signal * old[n];
        part[n] = signal * a[n];
    }
    if (j == 0)
        *error = o[0] - t[0];
    learn(tile, row, only(first_lanes(layout->layer->neurons), sums_of(neurons, part)));
    learn_one(tile, bias, sum_of_lanes(signal) * layer->has_bias);
    return sum_of_lanes(only(there, terms));
}

INLINE double few_samples(const layout *layout, const nnsim_rule *rule, const double *w,
                          const tile *tile, const few_columns *columns, const int neurons,
                          double *poison, double *error)
{
    const layer *hidden = layout->layer;
    vec a[LANES], slope[LANES], signal[LANES], sum = load(poison);
    double loss = 0.0;
    UNROLL for (int n = 0; n < LANES; n++)
        signal[n] = all(0.0);
    UNROLL for (int n = 0; n < neurons; n++)
        a[n] = all(w[hidden->biases + (size_t)n]);
    for (int32_t i = 0; i < layout->inputs; i++) {
        const vec x = load(columns->x + i * LANES);
        UNROLL for (int n = 0; n < neurons; n++)
            a[n] += x * all(w[hidden->weights + (size_t)(i * LANES + n)]);
    }
    UNROLL for (int n = 0; n < neurons; n++)
        sum += a[n] * all(0.0);
    activate(&hidden->functions, neurons, a, slope);
    for (int32_t j = 0; j < layout->outputs; j++)
        loss += output(layout, rule, w, tile, columns, neurons, j, a, signal, &sum, error);
    UNROLL for (int n = 0; n < neurons; n++)
        signal[n] *= slope[n];
    learn(tile, hidden->biases, sums_of(neurons, signal) * all(hidden->has_bias));
    for (int32_t i = 0; i < layout->inputs; i++) {
        vec part[LANES];
        UNROLL for (int n = 0; n < LANES; n++)
            part[n] = signal[n] * load(columns->x + i * LANES);
        learn(tile, hidden->weights + (size_t)(i * LANES), sums_of(neurons, part));
    }
    store(poison, sum);
    return loss;
}

static void turn(const layout *layout, const tile *tile, few_columns *columns)
{
    for (int32_t i = 0; i < layout->inputs; i++)
        store(columns->x + i * LANES, gathered(tile->x + i, layout->inputs, tile->count));
    for (int32_t j = 0; j < layout->outputs; j++)
        store(columns->expected + j * LANES,
              gathered(tile->expected + j, layout->outputs, tile->count));
    columns->from = tile->x;
    columns->count = tile->count;
}

double nnsim_few_samples(const layout *layout, const nnsim_rule *rule, const double *w,
                         const tile *tile, few_columns *columns, double *poison, double *error)
{
    if (columns->from != tile->x || columns->count != tile->count)
        turn(layout, tile, columns);
    if (LANES > 4 && layout->layer->neurons <= LANES / 2)
        return few_samples(layout, rule, w, tile, columns, LANES / 2, poison, error);
    return few_samples(layout, rule, w, tile, columns, LANES, poison, error);
}
