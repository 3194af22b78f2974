/* The layers of online.c: forward, and back with the step of their weights.
 *
 * The first layer's sums go over the inputs, one input meeting whole vectors of neurons. The later
 * layers multiply rows of weights by the row of activations and add up the lanes. On the way back the
 * same rows, each times the back signal of its neuron, add up to what is carried to the sources, and
 * the weights take their step in the same loop: the old ones are used a last time just before.
 *
 * Steps wait for each other, so short ways count for more than few instructions: the loops over the
 * vectors of a layer are unrolled by templates, one for each number of vectors.
 */
#ifndef NNSIM_ONLINE_LAYERS_H
#define NNSIM_ONLINE_LAYERS_H

#include "layout.h"
#include "listed_inputs.h"

#define MOST_VECTORS 8 /* sums or activations held in registers at once */

/* What becomes of the gradient: the weights' step at once, for all or for what is trained alone; or
 * it is kept, for a rule that needs more than that. */
enum mode { STEP, STEP_OF_TRAINED, GRADIENT };

typedef struct {
    layout layout;
    enum mode mode;
    int in_registers;   /* steps of one_hidden_layer.h */
    int steady;         /* the learning rate is the same in every step */
    double *block;      /* what was allocated for these: */
    double *a;          /* [row] activations */
    double *slope;      /* [row] f'(z) */
    double *carried;    /* [row] dE/da, as far as it has come back, and then the back signals dE/dz */
    double *z;          /* [outputs] pre-activations of the output layer */
    double *expected;   /* [outputs] */
    listed_inputs lists;
    double poison[LANES];
} online;

/* One step, as its layers need it. */
typedef struct {
    online *own;
    double *w;          /* all parameters */
    double *g;          /* likewise the gradient's places */
    const double *kept; /* likewise 1 or 0 */
    const double *x;    /* the inputs, or those that are not 0 */
    const int32_t *listed; /* which these are; NULL: all */
    int32_t count;      /* how many */
    double rate;
} step;

/* Calls f with the constant `vectors` in the place of its first argument, so that its loops over
 * vectors have no end to look for. */
#define WITH_CONSTANT(vectors, f, ...)                                                             \
    switch (vectors) {                                                                             \
    case 1: f(1, __VA_ARGS__); break;                                                              \
    case 2: f(2, __VA_ARGS__); break;                                                              \
    case 3: f(3, __VA_ARGS__); break;                                                              \
    case 4: f(4, __VA_ARGS__); break;                                                              \
    case 5: f(5, __VA_ARGS__); break;                                                              \
    case 6: f(6, __VA_ARGS__); break;                                                              \
    case 7: f(7, __VA_ARGS__); break;                                                              \
    default: f(8, __VA_ARGS__);                                                                    \
    }

/* The same stretch of parameters, of their gradient, and of what says whether they are trained. */
typedef struct {
    double *w, *g;
    const double *kept;
} places;

INLINE places places_from(const step *step, const enum mode mode, size_t at)
{
    return (places){step->w + at, mode == GRADIENT ? step->g + at : NULL,
                    mode == STEP_OF_TRAINED ? step->kept + at : NULL};
}

/* w -= g, a gradient times the learning rate; or g is kept. */
INLINE void learn(const places *to, const enum mode mode, size_t at, vec g, vec w)
{
    if (mode == GRADIENT)
        store(to->g + at, g);
    else if (mode == STEP)
        store(to->w + at, w - g);
    else
        store(to->w + at, w - g * load(to->kept + at));
}

/* By what back signals are multiplied on their way into the weights. */
INLINE vec pace_of(const step *step, const enum mode mode)
{
    return all(mode == GRADIENT ? 1.0 : step->rate);
}

/* ---------------------------------------------------------------- the first layer */

/* Where the weights from an input begin, among those of a panel of `wide` vectors. */
INLINE size_t weights_from(const int wide, int32_t input)
{
    return (size_t)input * (size_t)(wide * LANES);
}

/* z of `wide` vectors of neurons, by one sum for each. */
INLINE void sums_of_all(const int wide, const step *step, const double *w, const double *bias,
                        vec *z)
{
    UNROLL for (int v = 0; v < wide; v++)
        z[v] = load(bias + v * LANES);
    for (int32_t i = 0; i < step->count; i++) {
        const double *here = w + weights_from(wide, i);
        vec x = all(step->x[i]);
        UNROLL for (int v = 0; v < wide; v++)
            z[v] += x * load(here + v * LANES);
    }
}

/* The same of listed inputs, by several sums side by side, so that an addition need not wait for the
 * one before. The last round takes some of the values 0 that follow. */
INLINE void sums_of_listed(const int wide, const step *step, const double *w, const double *bias,
                           vec *z)
{
    const int chains = wide >= 5 ? 1 : wide >= 3 ? 2 : wide == 2 ? 4 : SPARE_INPUTS;
    const int32_t *listed = step->listed;
    const double *x = step->x;
    vec sum[SPARE_INPUTS][MOST_VECTORS];
    UNROLL for (int v = 0; v < wide; v++)
        UNROLL for (int c = 0; c < chains; c++)
            sum[c][v] = c ? all(0.0) : load(bias + v * LANES);
    for (int32_t i = 0, count = step->count; i < count; i += chains)
        UNROLL for (int c = 0; c < chains; c++) {
            const double *here = w + weights_from(wide, listed[i + c]);
            vec input = all(x[i + c]);
            UNROLL for (int v = 0; v < wide; v++)
                sum[c][v] += input * load(here + v * LANES);
        }
    UNROLL for (int v = 0; v < wide; v++) {
        UNROLL for (int c = 1; c < chains; c++)
            sum[0][v] += sum[c][v];
        z[v] = sum[0][v];
    }
}

INLINE void feed_panel(const int wide, const step *step, const double *w, const double *bias,
                       double *z)
{
    vec sum[MOST_VECTORS];
    if (step->listed)
        sums_of_listed(wide, step, w, bias, sum);
    else
        sums_of_all(wide, step, w, bias, sum);
    UNROLL for (int v = 0; v < wide; v++)
        store(z + v * LANES, sum[v]);
}

static void feed_first(const step *step, double *z)
{
    const layout *layout = &step->own->layout;
    const layer *layer = layout->layer;
    const double *w = step->w + layer->weights, *bias = step->w + layer->biases;
    for (int32_t v = 0, wide; v < layer->vectors; v += wide) {
        wide = nnsim_panel_width(layout, v);
        WITH_CONSTANT(wide, feed_panel, step, w, bias + v * LANES, z + v * LANES)
        w += (size_t)wide * LANES * (size_t)layout->inputs;
    }
}

/* The weights of `wide` vectors of neurons from the inputs, by the neurons' back signals times the
 * pace. The last input is the first: its weights are still in the nearest cache. */
INLINE void learn_inputs(const int wide, const step *step, const enum mode mode,
                         const int are_listed, size_t at, const vec *move)
{
    const double *x = step->x;
    const int32_t *listed = step->listed;
    for (int32_t i = step->count - 1; i >= 0; i--) {
        places to = places_from(step, mode, at + weights_from(wide, are_listed ? listed[i] : i));
        vec one = all(x[i]);
        UNROLL for (int v = 0; v < wide; v++)
            learn(&to, mode, (size_t)v * LANES, one * move[v], load(to.w + v * LANES));
    }
}

INLINE void learn_panel(const int wide, const step *step, const enum mode mode, size_t at,
                        const double *signal)
{
    vec pace = pace_of(step, mode), move[MOST_VECTORS];
    UNROLL for (int v = 0; v < wide; v++)
        move[v] = pace * load(signal + v * LANES);
    if (mode != GRADIENT && step->listed)
        learn_inputs(wide, step, mode, 1, at, move);
    else
        learn_inputs(wide, step, mode, 0, at, move);
}

static inline void learn_first(const step *step, const enum mode mode, const double *signal)
{
    const layout *layout = &step->own->layout;
    const int32_t vectors = layout->layer->vectors;
    for (int32_t v = (vectors - 1) / MOST_VECTORS * MOST_VECTORS; v >= 0; v -= MOST_VECTORS) {
        int32_t wide = nnsim_panel_width(layout, v);
        size_t at = layout->layer->weights + (size_t)v * LANES * (size_t)layout->inputs;
        WITH_CONSTANT(wide, learn_panel, step, mode, at, signal + v * LANES)
    }
}

/* ---------------------------------------------------------------- later layers */

/* The sums of a vector of neurons, whose rows of weights are `depth` vectors long. */
INLINE vec sums_of_rows(const int rows, int32_t depth, const double *w, const double *a)
{
    vec product[LANES];
    UNROLL for (int r = 0; r < LANES; r++)
        product[r] = all(0.0);
    for (int32_t v = 0; v < depth; v++)
        UNROLL for (int r = 0; r < rows; r++)
            product[r] += load(w + (r * depth + v) * LANES) * load(a + v * LANES);
    return sums(product);
}

/* A layer's sums. A single neuron is frequent, and a row is cheaper than a vector of them. */
INLINE void feed_rows(const int depth, const step *step, const layer *layer, const double *a,
                      double *z)
{
    const double *w = step->w + layer->weights, *bias = step->w + layer->biases;
    if (layer->neurons == 1) {
        store(z, sums_of_rows(1, depth, w, a) + load(bias));
        return;
    }
    for (int32_t v = 0; v < layer->vectors; v++)
        store(z + v * LANES, sums_of_rows(LANES, depth, w + v * LANES * depth * LANES, a) +
                                 load(bias + v * LANES));
}

static void feed_long_rows(const step *step, const layer *layer, const double *a, double *z)
{
    feed_rows(layer->depth, step, layer, a, z);
}

static void feed_later(const step *step, const layer *layer, double *z)
{
    const double *a = step->own->a + layer->from;
    if (layer->depth > MOST_VECTORS) {
        feed_long_rows(step, layer, a, z);
        return;
    }
    WITH_CONSTANT(layer->depth, feed_rows, step, layer, a, z)
}

/* `wide` vectors of sources, whose weights to the layer begin `at`: adds what is carried to them to
 * `sum`, and takes the weights' step. */
INLINE void carry_back(const int wide, const step *step, const enum mode mode, const layer *layer,
                       size_t at, const double *signal, const vec *source, vec *sum)
{
    const size_t row = (size_t)layer->depth * LANES;
    vec pace = pace_of(step, mode);
    for (int32_t j = 0; j < layer->neurons; j++, at += row) {
        places to = places_from(step, mode, at);
        vec s = all(signal[j]), move = pace * s;
        UNROLL for (int u = 0; u < wide; u++) {
            vec w = load(to.w + u * LANES);
            sum[u] += s * w;
            learn(&to, mode, (size_t)u * LANES, move * source[u], w);
        }
    }
}

/* The same of the sources from vector `v` on. */
INLINE void back_columns(const int wide, const step *step, const enum mode mode, const layer *layer,
                         int32_t v, const double *signal)
{
    const double *a = step->own->a + layer->from + v * LANES;
    double *carried = step->own->carried + layer->from + v * LANES;
    vec sum[MOST_VECTORS], source[MOST_VECTORS];
    UNROLL for (int u = 0; u < wide; u++) {
        sum[u] = step->own->layout.skips ? load(carried + u * LANES) : all(0.0);
        source[u] = load(a + u * LANES);
    }
    carry_back(wide, step, mode, layer, layer->weights + (size_t)v * LANES, signal, source, sum);
    UNROLL for (int u = 0; u < wide; u++)
        store(carried + u * LANES, sum[u]);
}

static inline void back_later(const step *step, const enum mode mode, const layer *layer,
                              const double *signal)
{
    for (int32_t v = 0, wide; v < layer->depth; v += wide) {
        wide = layer->depth - v < MOST_VECTORS ? layer->depth - v : MOST_VECTORS;
        WITH_CONSTANT(wide, back_columns, step, mode, layer, v, signal)
    }
}

static inline void learn_biases(const step *step, const enum mode mode, const layer *layer,
                                const double *signal)
{
    vec pace = pace_of(step, mode) * all(layer->has_bias);
    places to = places_from(step, mode, layer->biases);
    for (size_t at = 0; at < (size_t)layer->vectors * LANES; at += LANES)
        learn(&to, mode, at, pace * load(signal + at), load(to.w + at));
}
#endif
