/* One sample a step, for networks so small that a step is little more than the wait for one result
 * after the other: a single neuron, or one or two hidden layers of a few vectors.
 *
 * It is what online.c does, with the number of vectors of every layer a constant, so that all of a
 * step is straight code without calls; in_registers.c has those that need no memory.
 */
#include <stdlib.h>
#include <string.h>

#include "tiny.h"

#define MOST_LAYERS 3

typedef struct {
    layout layout;
    quick_functions functions[MOST_LAYERS];
} tiny;

/* Whether all neurons have one of the quick functions. */
static int functions_fit(const nnsim_network *network)
{
    const int32_t *activation = network->activation;
    for (int32_t l = 0; l < network->layers; activation += network->sizes[l++])
        for (int32_t i = 0; i < network->sizes[l]; i++)
            if (!nnsim_is_quick(activation[i]))
                return 0;
    return 1;
}

/* A single neuron; or hidden layers of 1, 2 or 4 vectors and of 1 or 2, and outputs of one vector.
 * Every layer reads the one before it alone, and all biases are there. */
static int shape_fits(const nnsim_network *network)
{
    int32_t layers = network->layers, outputs = network->sizes[layers - 1];
    if (network->inputs > MOST_INPUTS || layers > MOST_LAYERS || outputs > (layers == 1 ? 1 : LANES))
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
    return samples->batch_size == 1 && !samples->given && nnsim_is_plain(rule) &&
           rule->schedule == NNSIM_CONSTANT && rule->warm_up_steps <= 1 &&
           nnsim_layout_fits(network) && shape_fits(network) && functions_fit(network);
}

static int open_path(work *work)
{
    const nnsim_network *network = work->network;
    tiny *own = work->own = calloc(1, sizeof *own);
    if (!own)
        return -1;
    int32_t before = 0;
    for (int32_t l = 0; l < network->layers; before += network->sizes[l++])
        nnsim_set_quick(&own->functions[l], network->sizes[l], network->activation + before,
                        network->slope + before);
    return nnsim_open_layout(&own->layout, work, MOST_VECTORS);
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

vec nnsim_tiny_loss(const nnsim_rule *rule, double outputs, vec z, vec o, vec t, vec *gradient)
{
    return loss_of(rule->loss, rule->huber, outputs, z, o, t, gradient);
}

/* The step of a vector of parameters from place `at` on; of what is trained, where some is not. */
INLINE void learn(const steps *on, const int masked, size_t at, vec step, vec old)
{
    store(on->w + at, old - (masked ? step * load(on->kept + at) : step));
}

/* z of a hidden layer behind the inputs. */
INLINE void feed_inputs(const steps *on, const int vectors, const double *x, vec *z)
{
    const layer *layer = on->layout->layer;
    const double *w = on->w + layer->weights;
    UNROLL for (int v = 0; v < vectors; v++)
        z[v] = load(on->w + layer->biases + v * LANES);
    for (int32_t i = 0; i < on->layout->inputs; i++, w += vectors * LANES) {
        vec input = all(x[i]);
        UNROLL for (int v = 0; v < vectors; v++)
            z[v] += input * load(w + v * LANES);
    }
}

INLINE void learn_inputs(const steps *on, const int masked, const int vectors, const double *x,
                         const vec *signal)
{
    const layer *layer = on->layout->layer;
    size_t at = layer->weights;
    vec move[MOST_VECTORS];
    UNROLL for (int v = 0; v < vectors; v++) {
        size_t bias = layer->biases + (size_t)v * LANES;
        move[v] = on->rate * signal[v];
        learn(on, masked, bias, move[v], load(on->w + bias));
    }
    for (int32_t i = 0; i < on->layout->inputs; i++) {
        vec input = all(x[i]);
        UNROLL for (int v = 0; v < vectors; v++, at += LANES)
            learn(on, masked, at, input * move[v], load(on->w + at));
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
INLINE void back_row(const steps *on, const int masked, const int depth, size_t at, const vec *a,
                     vec signal, vec *carried)
{
    vec move = on->rate * signal;
    UNROLL for (int v = 0; v < depth; v++, at += LANES) {
        vec old = load(on->w + at);
        carried[v] += signal * old;
        learn(on, masked, at, move * a[v], old);
    }
}

/* The rows and biases of vector v of a layer's neurons. */
INLINE void back_rows(const steps *on, const int masked, const int depth, const layer *layer,
                      const int v, const vec *a, vec signal, vec *carried)
{
    size_t bias = layer->biases + (size_t)v * LANES;
    size_t at = layer->weights + (size_t)(v * LANES * depth * LANES);
    learn(on, masked, bias, on->rate * signal, load(on->w + bias));
    UNROLL for (int r = 0; r < LANES; r++)
        back_row(on, masked, depth, at + (size_t)(r * depth * LANES), a, all(signal[r]), carried);
}

/* ---------------------------------------------------------------- hidden layers */

/* Activations of a hidden layer; those of its spare places must be 0. */
INLINE void hide(steps *on, const int l, const int vectors, vec *a, vec *slope)
{
    UNROLL for (int v = 0; v < vectors; v++)
        on->poison += a[v] * all(0.0);
    quick_activate(&on->functions[l], vectors, a, slope);
    a[vectors - 1] = only(first_lanes(on->layout->layer[l].neurons - (vectors - 1) * LANES), a[vectors - 1]);
}

/* A single output, forward and back. */
INLINE void single_output(steps *on, const int masked, const int depth, const layer *layer,
                          const vec *a, const double *expected, vec *carried)
{
    const double *w = on->w + layer->weights;
    double *bias = on->w + layer->biases;
    vec sum = load(w) * a[0];
    UNROLL for (int v = 1; v < depth; v++)
        sum += load(w + v * LANES) * a[v];
    vec signal = finish(on, 0, 1, sum_everywhere(sum, LANES) + all(*bias), expected);
    vec step = on->rate * signal;
    *bias -= masked ? step[0] * on->kept[layer->biases] : step[0];
    back_row(on, masked, depth, layer->weights, a, signal, carried);
}

/* The output layer forward and back: from its sources to what is carried to them. */
INLINE void outputs(steps *on, const int masked, const int depth, const int single,
                    const layer *layer, const vec *a, const double *expected, vec *carried)
{
    UNROLL for (int v = 0; v < depth; v++)
        carried[v] = all(0.0);
    if (single) {
        single_output(on, masked, depth, layer, a, expected, carried);
    } else {
        vec z = feed_rows(depth, on->w + layer->weights, a) + load(on->w + layer->biases);
        vec signals = finish(on, 0, layer->neurons, z, expected);
        back_rows(on, masked, depth, layer, 0, a, only(first_lanes(layer->neurons), signals),
                  carried);
    }
}

/* A second hidden layer and the outputs, likewise. */
INLINE void second_layer(steps *on, const int masked, const int depth, const int vectors,
                         const int single, const vec *sources, const double *expected,
                         vec *carried)
{
    const layer *layer = &on->layout->layer[1];
    const double *w = on->w + layer->weights, *bias = on->w + layer->biases;
    vec a[MOST_VECTORS], slope[MOST_VECTORS], signal[MOST_VECTORS];
    UNROLL for (int v = 0; v < vectors; v++)
        a[v] = feed_rows(depth, w + v * LANES * depth * LANES, sources) + load(bias + v * LANES);
    hide(on, 1, vectors, a, slope);
    outputs(on, masked, vectors, single, layer + 1, a, expected, signal);
    UNROLL for (int v = 0; v < depth; v++)
        carried[v] = all(0.0);
    UNROLL for (int v = 0; v < vectors; v++)
        back_rows(on, masked, depth, layer, v, sources, signal[v] * slope[v], carried);
}

/* first, second: the vectors of the hidden layers; second is 0 where there is but one. */
INLINE void hidden_steps(const int first, const int second, const int single, const int masked,
                         steps *on, const block *block)
{
    const layer *layer = on->layout->layer;
    for (int64_t s = 0; s < block->steps; s++) {
        const double *x = on->samples->inputs + block->rows[s] * on->layout->inputs;
        const double *expected = on->samples->expected + block->rows[s] * on->layout->outputs;
        vec a[MOST_VECTORS], slope[MOST_VECTORS], signal[MOST_VECTORS];
        feed_inputs(on, first, x, a);
        hide(on, 0, first, a, slope);
        if (second)
            second_layer(on, masked, first, second, single, a, expected, signal);
        else
            outputs(on, masked, first, single, layer + 1, a, expected, signal);
        UNROLL for (int v = 0; v < first; v++)
            signal[v] *= slope[v];
        learn_inputs(on, masked, first, x, signal);
        keep_record(on, block, s);
    }
}

static void take_hidden(steps *on, const block *block)
{
    const layer *layer = on->layout->layer;
    const int second = on->layout->layers == 3 ? layer[1].vectors : 0;
    const int single = on->layout->outputs == 1, masked = on->kept != NULL;
#define SHAPE(first, second, single, masked)                                                       \
    ((first) * 16 + (second) * 4 + (single) * 2 + (masked))
#define CASE(first, second, single, masked)                                                        \
    case SHAPE(first, second, single, masked):                                                     \
        hidden_steps(first, second, single, masked, on, block);                                    \
        break
#define CASES(first, second)                                                                       \
    CASE(first, second, 0, 0);                                                                     \
    CASE(first, second, 0, 1);                                                                     \
    CASE(first, second, 1, 0);                                                                     \
    CASE(first, second, 1, 1)
    switch (SHAPE(layer->vectors, second, single, masked)) {
        CASES(1, 0);
        CASES(2, 0);
        CASES(4, 0);
        CASES(1, 1);
        CASES(1, 2);
        CASES(2, 1);
        CASES(2, 2);
    }
#undef CASES
#undef CASE
#undef SHAPE
}

static int64_t take(work *work, const block *block)
{
    const tiny *own = work->own;
    steps on = {.layout = &own->layout,
                .functions = own->functions,
                .rule = work->rule,
                .samples = work->samples,
                .w = work->state,
                .kept = own->layout.kept,
                .rate = all(work->rule->learning_rate)};
    if (!nnsim_take_in_registers(&on, block))
        take_hidden(&on, block);
    for (int lane = 0; lane < LANES; lane++)
        work->poison += on.poison[lane];
    return block->steps;
}

const path nnsim_tiny_path = {"tiny", fits, open_path, load_path, save_path, take, close_path};
