/* One sample a step, for networks so small that a step is little more than the wait for one result
 * after the other: a single neuron, or one or two hidden layers of a few vectors.
 *
 * It is what online.c does, with the number of vectors of every layer a constant, so that all of a
 * step is straight code without calls; a single neuron's weights never leave the registers.
 */
#include <stdlib.h>
#include <string.h>

#include "layout.h"
#include "one_vector.h"

#define MOST_INPUTS 8
#define MOST_VECTORS 4 /* of a hidden layer */

typedef struct {
    layout layout;
    double poison[LANES];
} tiny;

/* What all steps of a block have in common. */
typedef struct {
    const layout *layout;
    const nnsim_rule *rule;
    const nnsim_samples *samples;
    double *w;
    vec poison;
} steps;

static int is_quick(int32_t activation)
{
    return activation == NNSIM_SIGMOID || activation == NNSIM_TANH || activation == NNSIM_RELU ||
           activation == NNSIM_LINEAR || activation == NNSIM_LEAKY_RELU ||
           activation == NNSIM_BIPOLAR_SIGMOID;
}

/* Whether each layer has one function for all its neurons, and one of the quick ones. */
static int functions_fit(const nnsim_network *network)
{
    const int32_t *activation = network->activation;
    for (int32_t l = 0; l < network->layers; activation += network->sizes[l++])
        for (int32_t i = 0; i < network->sizes[l]; i++)
            if (activation[i] != activation[0] || !is_quick(activation[0]))
                return 0;
    return 1;
}

/* A single neuron; or hidden layers of 1, 2 or 4 vectors and of 1 or 2, and outputs of one vector.
 * Every layer reads the one before it alone, and all biases are there. */
static int shape_fits(const nnsim_network *network)
{
    int32_t layers = network->layers, outputs = network->sizes[layers - 1];
    if (network->inputs > MOST_INPUTS || layers > 3 || outputs > (layers == 1 ? 1 : LANES))
        return 0;
    for (int32_t l = 0; l < layers; l++) {
        int32_t vectors = IN_VECTORS(network->sizes[l]);
        if (network->width[l] != (l ? network->sizes[l - 1] : network->inputs) ||
            network->biases[l] < 0)
            return 0;
        if (l < layers - 1 && (vectors == 3 || vectors > (layers == 2 ? 4 : 2)))
            return 0;
    }
    return 1;
}

static int fits(const nnsim_network *network, const nnsim_rule *rule, const nnsim_samples *samples)
{
    return samples->batch_size == 1 && !samples->given && !network->trained &&
           nnsim_is_plain(rule) && rule->schedule == NNSIM_CONSTANT && rule->warm_up_steps <= 1 &&
           nnsim_layout_fits(network) && shape_fits(network) && functions_fit(network);
}

static int open_path(work *work)
{
    tiny *own = work->own = calloc(1, sizeof *own);
    return own ? nnsim_open_layout(&own->layout, work, MOST_VECTORS) : -1;
}

static void close_path(work *work)
{
    tiny *own = work->own;
    if (own)
        nnsim_close_layout(&own->layout, work);
    free(own);
}

static void load_path(work *work, const nnsim_state *state)
{
    nnsim_load_layout(&((tiny *)work->own)->layout, work, state);
}

static void save_path(const work *work, nnsim_state *state)
{
    nnsim_save_layout(&((const tiny *)work->own)->layout, work, state);
}

/* ---------------------------------------------------------------- parts of a step */

/* f(z) and f'(z) of a few vectors, together, so that none waits for another. */
INLINE void activate(const neuron_functions *functions, const int vectors, vec *z, vec *slope)
{
#define CASE(code)                                                                                 \
    case code:                                                                                     \
        UNROLL for (int v = 0; v < vectors; v++)                                                   \
            z[v] = activation_of(code, load(functions->alpha + v * LANES), z[v], &slope[v]);       \
        break
    switch (functions->code[0]) {
        CASE(NNSIM_SIGMOID);
        CASE(NNSIM_TANH);
        CASE(NNSIM_RELU);
        CASE(NNSIM_LEAKY_RELU);
        CASE(NNSIM_BIPOLAR_SIGMOID);
    default:
        UNROLL for (int v = 0; v < vectors; v++)
            slope[v] = all(1.0);
    }
#undef CASE
}

/* The sum over the lanes, in all of them. */
INLINE vec sum_everywhere(vec x)
{
#if LANES == 8
    x += SHUFFLED(x, x, 4, 5, 6, 7, 0, 1, 2, 3);
    x += SHUFFLED(x, x, 2, 3, 0, 1, 6, 7, 4, 5);
    return x + SHUFFLED(x, x, 1, 0, 3, 2, 5, 4, 7, 6);
#elif LANES == 4
    x += SHUFFLED(x, x, 2, 3, 0, 1);
    return x + SHUFFLED(x, x, 1, 0, 3, 2);
#else
    return x + SHUFFLED(x, x, 1, 0);
#endif
}

/* z of a hidden layer behind the inputs. */
INLINE void feed_inputs(const int vectors, const double *w, const double *bias, const double *x,
                        int32_t inputs, vec *z)
{
    UNROLL for (int v = 0; v < vectors; v++)
        z[v] = load(bias + v * LANES);
    for (int32_t i = 0; i < inputs; i++, w += vectors * LANES) {
        vec input = all(x[i]);
        UNROLL for (int v = 0; v < vectors; v++)
            z[v] += input * load(w + v * LANES);
    }
}

INLINE void learn_inputs(const int vectors, double *w, double *bias, const double *x,
                         int32_t inputs, vec rate, const vec *signal)
{
    vec move[MOST_VECTORS];
    UNROLL for (int v = 0; v < vectors; v++) {
        move[v] = rate * signal[v];
        store(bias + v * LANES, load(bias + v * LANES) - move[v]);
    }
    for (int32_t i = 0; i < inputs; i++, w += vectors * LANES) {
        vec input = all(x[i]);
        UNROLL for (int v = 0; v < vectors; v++)
            store(w + v * LANES, load(w + v * LANES) - input * move[v]);
    }
}

/* z of one vector of neurons, from `depth` vectors of sources. */
INLINE vec feed_rows(const int depth, const double *w, const vec *a)
{
    vec product[LANES];
    UNROLL for (int r = 0; r < LANES; r++) {
        product[r] = load(w + r * depth * LANES) * a[0];
        UNROLL for (int v = 1; v < depth; v++)
            product[r] += load(w + (r * depth + v) * LANES) * a[v];
    }
    return sums(product);
}

/* One row of weights: what it carries back, and its step. */
INLINE void back_row(const int depth, double *w, const vec *a, vec signal, vec rate, vec *carried)
{
    vec move = rate * signal;
    UNROLL for (int v = 0; v < depth; v++) {
        vec old = load(w + v * LANES);
        carried[v] += signal * old;
        store(w + v * LANES, old - move * a[v]);
    }
}

/* A vector of neurons. */
INLINE void back_rows(const int depth, double *w, double *bias, const vec *a, vec signal, vec rate,
                      vec *carried)
{
    store(bias, load(bias) - rate * signal);
    UNROLL for (int r = 0; r < LANES; r++)
        back_row(depth, w + r * depth * LANES, a, all(signal[r]), rate, carried);
}

/* From z of the outputs to their signals; the sample's loss and first error go to their places.
 * A single output stands in all lanes. */
INLINE vec finish(steps *on, const layer *layer, const int single, vec z, const double *expected,
                  double *loss, double *error)
{
    lanes there = first_lanes(single ? 1 : layer->neurons);
    vec t = single ? all(expected[0]) : gathered(expected, 1, layer->neurons);
    vec slope, gradient, o = z;
    on->poison += z * all(0.0);
    activate(&layer->functions, 1, &o, &slope);
    vec terms = loss_of(on->rule->loss, on->rule->huber, layer->neurons, z, o, t, &gradient);
    *loss = single ? terms[0] : sum_of_lanes(only(there, terms));
    *error = o[0] - expected[0];
    if (on->rule->loss != NNSIM_BINARY_CROSS_ENTROPY)
        gradient *= slope;
    return single ? gradient : only(there, gradient);
}

/* ---------------------------------------------------------------- a single neuron */

INLINE void neuron_steps(const int inputs, steps *on, const block *block)
{
    const layer *layer = on->layout->layer;
    const vec rate = all(on->rule->learning_rate);
    vec w[MOST_INPUTS], bias = all(on->w[layer->biases]);
    UNROLL for (int i = 0; i < inputs; i++)
        w[i] = all(on->w[layer->weights + (size_t)i * LANES]);
    for (int64_t s = 0; s < block->steps; s++) {
        const double *x = on->samples->inputs + block->rows[s] * inputs;
        vec z = bias;
        UNROLL for (int i = 0; i < inputs; i++)
            z += all(x[i]) * w[i];
        vec move = rate * finish(on, layer, 1, z, on->samples->expected + block->rows[s],
                                 &block->losses[s], &block->errors[s]);
        bias -= move;
        UNROLL for (int i = 0; i < inputs; i++)
            w[i] -= all(x[i]) * move;
    }
    on->w[layer->biases] = bias[0];
    UNROLL for (int i = 0; i < inputs; i++)
        on->w[layer->weights + (size_t)i * LANES] = w[i][0];
}

static void take_neuron(steps *on, const block *block)
{
#define CASE(inputs)                                                                               \
    case inputs:                                                                                   \
        neuron_steps(inputs, on, block);                                                           \
        break
    switch (on->layout->inputs) {
        CASE(1);
        CASE(2);
        CASE(3);
        CASE(4);
        CASE(5);
        CASE(6);
        CASE(7);
        CASE(8);
    }
#undef CASE
}

/* ---------------------------------------------------------------- hidden layers */

/* Activations of a hidden layer; those of its spare places must be 0. */
INLINE void hide(steps *on, const layer *layer, const int vectors, vec *a, vec *slope)
{
    UNROLL for (int v = 0; v < vectors; v++)
        on->poison += a[v] * all(0.0);
    activate(&layer->functions, vectors, a, slope);
    a[vectors - 1] = only(first_lanes(layer->neurons - (vectors - 1) * LANES), a[vectors - 1]);
}

/* The output layer forward and back again, from the activations to what is carried to them. */
INLINE void outputs(steps *on, const layer *layer, const int depth, const int single, vec rate,
                    const vec *a, const double *expected, double *loss, double *error, vec *carried)
{
    double *w = on->w + layer->weights, *bias = on->w + layer->biases;
    UNROLL for (int v = 0; v < depth; v++)
        carried[v] = all(0.0);
    if (single) {
        vec sum = load(w) * a[0];
        UNROLL for (int v = 1; v < depth; v++)
            sum += load(w + v * LANES) * a[v];
        vec signal = finish(on, layer, 1, sum_everywhere(sum) + all(*bias), expected, loss, error);
        *bias = (all(*bias) - rate * signal)[0];
        back_row(depth, w, a, signal, rate, carried);
    } else {
        vec z = feed_rows(depth, w, a) + load(bias);
        back_rows(depth, w, bias, a, finish(on, layer, 0, z, expected, loss, error), rate, carried);
    }
}

/* A hidden layer behind another one, and all that follows: from its sources' activations to what is
 * carried to them. */
INLINE void second_layer(steps *on, const int depth, const int vectors, const int single, vec rate,
                         const vec *sources, const double *expected, double *loss, double *error,
                         vec *carried)
{
    const layer *layer = &on->layout->layer[1];
    double *w = on->w + layer->weights, *bias = on->w + layer->biases;
    vec a[MOST_VECTORS], slope[MOST_VECTORS], signal[MOST_VECTORS];
    UNROLL for (int v = 0; v < vectors; v++)
        a[v] = feed_rows(depth, w + v * LANES * depth * LANES, sources) + load(bias + v * LANES);
    hide(on, layer, vectors, a, slope);
    outputs(on, layer + 1, vectors, single, rate, a, expected, loss, error, signal);
    UNROLL for (int v = 0; v < depth; v++)
        carried[v] = all(0.0);
    UNROLL for (int v = 0; v < vectors; v++)
        back_rows(depth, w + v * LANES * depth * LANES, bias + v * LANES, sources,
                  signal[v] * slope[v], rate, carried);
}

/* first, second: the vectors of the hidden layers; second is 0 where there is but one. */
INLINE void hidden_steps(const int first, const int second, const int single, steps *on,
                         const block *block)
{
    const layer *layer = on->layout->layer;
    const int32_t inputs = on->layout->inputs, output_count = on->layout->outputs;
    const vec rate = all(on->rule->learning_rate);
    double *w = on->w + layer->weights, *bias = on->w + layer->biases;
    for (int64_t s = 0; s < block->steps; s++) {
        const double *x = on->samples->inputs + block->rows[s] * inputs;
        const double *expected = on->samples->expected + block->rows[s] * output_count;
        vec a[MOST_VECTORS], slope[MOST_VECTORS], signal[MOST_VECTORS];
        feed_inputs(first, w, bias, x, inputs, a);
        hide(on, layer, first, a, slope);
        if (second)
            second_layer(on, first, second, single, rate, a, expected, &block->losses[s],
                         &block->errors[s], signal);
        else
            outputs(on, layer + 1, first, single, rate, a, expected, &block->losses[s],
                    &block->errors[s], signal);
        UNROLL for (int v = 0; v < first; v++)
            signal[v] *= slope[v];
        learn_inputs(first, w, bias, x, inputs, rate, signal);
    }
}

static void take_hidden(steps *on, const block *block)
{
    const layer *layer = on->layout->layer;
    int second = on->layout->layers == 3 ? layer[1].vectors : 0;
#define SHAPE(first, second, single) ((first) * 8 + (second) * 2 + (single))
#define CASES(first, second)                                                                       \
    case SHAPE(first, second, 0):                                                                  \
        hidden_steps(first, second, 0, on, block);                                                 \
        break;                                                                                     \
    case SHAPE(first, second, 1):                                                                  \
        hidden_steps(first, second, 1, on, block);                                                 \
        break
    switch (SHAPE(layer->vectors, second, on->layout->outputs == 1)) {
        CASES(1, 0);
        CASES(2, 0);
        CASES(4, 0);
        CASES(1, 1);
        CASES(1, 2);
        CASES(2, 1);
        CASES(2, 2);
    }
#undef CASES
#undef SHAPE
}

static int64_t take(work *work, const block *block)
{
    const tiny *own = work->own;
    steps on = {&own->layout, work->rule, work->samples, work->state, all(0.0)};
    if (own->layout.layers == 1)
        take_neuron(&on, block);
    else
        take_hidden(&on, block);
    for (int lane = 0; lane < LANES; lane++)
        work->poison += on.poison[lane];
    return block->steps;
}

const path nnsim_tiny_path = {"tiny", fits, open_path, load_path, save_path, take, close_path};
