/* A batch of no more samples than a vector has lanes, through a small network.
 *
 * Here the lanes of a vector are samples. Nothing but the weights goes through memory, which would
 * take a good part of such a step's time. The gradients of a vector of weights are the sums over the
 * lanes of as many vectors, which is just how the weights lie.
 */
#include "few_samples.h"
#include "one_vector.h"

#define MOST_INPUTS 8
#define MOST_OUTPUTS 2

static int is_quick(int32_t activation)
{
    return activation == NNSIM_SIGMOID || activation == NNSIM_TANH || activation == NNSIM_RELU ||
           activation == NNSIM_LINEAR;
}

int nnsim_is_for_few(const layout *layout)
{
    for (int32_t l = 0; l < layout->layers; l++) {
        const neuron_functions *functions = &layout->layer[l].functions;
        if (functions->kinds > 1 || !is_quick(functions->code[0]))
            return 0;
    }
    return layout->layers == 2 && !layout->skips && layout->layer[0].neurons <= LANES &&
           layout->inputs <= MOST_INPUTS && layout->outputs <= MOST_OUTPUTS;
}

/* f(z) and f'(z) of some neurons together, so that none waits for another. */
INLINE void activate(const layer *layer, const int neurons, vec *z, vec *slope)
{
#define CASE(code)                                                                                 \
    case code:                                                                                     \
        UNROLL for (int n = 0; n < neurons; n++)                                                   \
            z[n] = activation_of(code, all(0.0), z[n], &slope[n]);                                 \
        break
    switch (layer->functions.code[0]) {
        CASE(NNSIM_SIGMOID);
        CASE(NNSIM_TANH);
        CASE(NNSIM_RELU);
    default:
        UNROLL for (int n = 0; n < neurons; n++)
            slope[n] = all(1.0);
    }
#undef CASE
}

/* Output j, forward and back: adds to what is carried to the hidden neurons, and learns. */
INLINE double output(const layout *layout, const nnsim_rule *rule, const double *w,
                     const tile *tile, const int neurons, int32_t j, const vec *a, vec *carried,
                     vec *poison, double *error)
{
    const layer *layer = &layout->layer[1];
    const size_t row = layer->weights + (size_t)j * LANES, bias = layer->biases + (size_t)j;
    const lanes there = first_lanes(tile->count);
    vec z = all(w[bias]), t = gathered(tile->expected + j, layout->outputs, tile->count);
    vec old[LANES], part[LANES], slope, gradient;
    UNROLL for (int n = 0; n < LANES; n++)
        part[n] = all(0.0);
    UNROLL for (int n = 0; n < neurons; n++) {
        old[n] = all(w[row + (size_t)n]);
        z += old[n] * a[n];
    }
    vec o = z;
    activate(layer, 1, &o, &slope);
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
    learn(tile, row, only(first_lanes(layout->layer->neurons), sums(part)));
    learn_one(tile, bias, sum_of_lanes(signal) * layer->has_bias);
    return sum_of_lanes(only(there, terms));
}

INLINE double few_samples(const layout *layout, const nnsim_rule *rule, const double *w,
                          const tile *tile, const int neurons, double *poison, double *error)
{
    const layer *hidden = layout->layer;
    vec x[MOST_INPUTS], a[LANES], slope[LANES], signal[LANES], sum = load(poison);
    double loss = 0.0;
    UNROLL for (int n = 0; n < LANES; n++)
        signal[n] = all(0.0);
    UNROLL for (int n = 0; n < neurons; n++)
        a[n] = all(w[hidden->biases + (size_t)n]);
    for (int32_t i = 0; i < layout->inputs; i++) {
        x[i] = gathered(tile->x + i, layout->inputs, tile->count);
        UNROLL for (int n = 0; n < neurons; n++)
            a[n] += x[i] * all(w[hidden->weights + (size_t)(i * LANES + n)]);
    }
    UNROLL for (int n = 0; n < neurons; n++)
        sum += a[n] * all(0.0);
    activate(hidden, neurons, a, slope);
    for (int32_t j = 0; j < layout->outputs; j++)
        loss += output(layout, rule, w, tile, neurons, j, a, signal, &sum, error);
    UNROLL for (int n = 0; n < neurons; n++)
        signal[n] *= slope[n];
    learn(tile, hidden->biases, sums(signal) * all(hidden->has_bias));
    for (int32_t i = 0; i < layout->inputs; i++) {
        vec part[LANES];
        UNROLL for (int n = 0; n < LANES; n++)
            part[n] = signal[n] * x[i];
        learn(tile, hidden->weights + (size_t)(i * LANES), sums(part));
    }
    store(poison, sum);
    return loss;
}

double nnsim_few_samples(const layout *layout, const nnsim_rule *rule, const double *w,
                         const tile *tile, double *poison, double *error)
{
    if (LANES > 4 && layout->layer->neurons <= LANES / 2)
        return few_samples(layout, rule, w, tile, LANES / 2, poison, error);
    return few_samples(layout, rule, w, tile, LANES, poison, error);
}
