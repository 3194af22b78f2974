/* A step of a network with one hidden layer: all that goes from layer to layer stays in registers.
 *
 * Between the steps of its layers a step of online.c writes vectors and reads them back, and each
 * time has to wait for them; in a small network that is a good part of the step.
 */
#ifndef NNSIM_ONE_HIDDEN_LAYER_H
#define NNSIM_ONE_HIDDEN_LAYER_H

#include "one_vector.h"
#include "online_layers.h"

#define MOST_OUTPUT_VECTORS 2

/* Whether the steps of a network can be taken here. Of the widths from 1 to MOST_VECTORS the powers
 * of two alone are compiled: each costs half a second at every install. */
static int has_one_hidden_layer(const layout *layout)
{
    const layer *hidden = layout->layer, *last = hidden + 1;
    int is_power = (hidden->vectors & (hidden->vectors - 1)) == 0;
    return layout->layers == 2 && !layout->skips && is_power && hidden->vectors <= MOST_VECTORS &&
           last->vectors <= MOST_OUTPUT_VECTORS && last->functions.code[0] != NNSIM_SOFTMAX;
}

/* The layer's activations by way of memory. */
INLINE void activate_any(const int wide, online *own, const layer *layer, vec *z, vec *slope)
{
    double *a = own->a + layer->at, *slopes = own->slope + layer->at;
    UNROLL for (int v = 0; v < wide; v++)
        store(a + v * LANES, z[v]);
    nnsim_activate_vectors(&layer->functions, 1, wide, 0, a, a, slopes, own->poison);
    UNROLL for (int v = 0; v < wide; v++) {
        z[v] = load(a + v * LANES);
        slope[v] = load(slopes + v * LANES);
    }
}

/* From the layer's z to f(z), and f'(z); of the frequent functions in registers. */
INLINE void activate_few(const int wide, online *own, const layer *layer, vec *z, vec *slope)
{
#define EACH(code)                                                                                 \
    UNROLL for (int v = 0; v < wide; v++)                                                          \
        z[v] = activation_of(code, all(0.0), z[v], slope + v)
    const int32_t code = layer->functions.kinds == 1 ? layer->functions.code[0] : NNSIM_SOFTMAX;
    vec poison = load(own->poison);
    UNROLL for (int v = 0; v < wide; v++)
        poison += z[v] * all(0.0);
    store(own->poison, poison);
    if (code == NNSIM_RELU)
        EACH(NNSIM_RELU);
    else if (code == NNSIM_SIGMOID)
        EACH(NNSIM_SIGMOID);
    else if (code == NNSIM_TANH)
        EACH(NNSIM_TANH);
    else
        activate_any(wide, own, layer, z, slope);
#undef EACH
}

/* The output layer from its pre-activations z: leaves the back signals and the first error, and
 * returns the loss. */
INLINE double finish_few(const int wide, const step *step, const nnsim_rule *rule, vec *z,
                         const double *expected, double *error)
{
    online *own = step->own;
    const layer *last = own->layout.layer + 1;
    double *signal = own->carried + last->at;
    vec o[MOST_OUTPUT_VECTORS], slope[MOST_OUTPUT_VECTORS], sum = all(0.0);
    UNROLL for (int v = 0; v < wide; v++)
        o[v] = z[v];
    activate_few(wide, own, last, o, slope);
    UNROLL for (int v = 0; v < wide; v++) {
        lanes there = first_lanes(last->neurons - v * LANES);
        vec gradient, terms = loss_of(rule->loss, rule->huber, last->neurons, z[v], o[v],
                                      load(expected + v * LANES), &gradient);
        if (rule->loss != NNSIM_BINARY_CROSS_ENTROPY)
            gradient *= slope[v];
        store(signal + v * LANES, only(there, gradient));
        sum += only(there, terms);
    }
    *error = o[0][0] - expected[0];
    return sum_of_lanes(sum);
}

/* The sums of a vector of neurons, whose rows of weights are `wide` vectors long. */
INLINE vec sums_of_vectors(const int wide, const double *w, const vec *a)
{
    vec product[LANES];
    UNROLL for (int r = 0; r < LANES; r++) {
        product[r] = load(w + r * wide * LANES) * a[0];
        UNROLL for (int v = 1; v < wide; v++)
            product[r] += load(w + (r * wide + v) * LANES) * a[v];
    }
    return sums(product);
}

/* One sample's step; returns its loss. */
INLINE double step_in_registers(const int wide, const int outputs, const step *step,
                                const nnsim_rule *rule, const double *expected, double *error)
{
    online *own = step->own;
    const layer *hidden = own->layout.layer, *last = hidden + 1;
    const double *w = step->w, *signal = own->carried + last->at;
    vec a[MOST_VECTORS], slope[MOST_VECTORS], z[MOST_OUTPUT_VECTORS], carried[MOST_VECTORS];
    vec pace = pace_of(step, STEP);
    sums_of_listed(wide, step, w + hidden->weights, w + hidden->biases, a);
    activate_few(wide, own, hidden, a, slope);
    a[wide - 1] = only(first_lanes(hidden->neurons - (wide - 1) * LANES), a[wide - 1]);
    UNROLL for (int v = 0; v < outputs; v++)
        z[v] = sums_of_vectors(wide, w + last->weights + v * LANES * wide * LANES, a) +
               load(w + last->biases + v * LANES);
    double loss = finish_few(outputs, step, rule, z, expected, error);
    UNROLL for (int v = 0; v < wide; v++)
        carried[v] = all(0.0);
    carry_back(wide, step, STEP, last, last->weights, signal, a, carried);
    learn_biases(step, STEP, last, signal);
    UNROLL for (int v = 0; v < wide; v++) {
        carried[v] *= slope[v] * pace;
        double *bias = step->w + hidden->biases + v * LANES;
        store(bias, load(bias) - carried[v] * all(hidden->has_bias));
    }
    learn_inputs(wide, step, STEP, 1, hidden->weights, carried);
    nnsim_hold(&own->layout, step->w);
    return loss;
}
#endif
