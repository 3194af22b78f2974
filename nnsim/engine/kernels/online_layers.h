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

#include <string.h>

#include "layout.h"

#define MOST_VECTORS 8 /* sums or activations held in registers at once */
#define CHAINS 8       /* sums side by side, at most */

/* What becomes of the gradient: the weights' step at once, for all or for what is trained alone; or
 * it is kept, for a rule that needs more than that. */
enum mode { STEP, STEP_OF_TRAINED, GRADIENT };

typedef struct {
    layout layout;
    enum mode mode;
    int steady;         /* the learning rate is the same in every step */
    double *block;      /* what was allocated for these: */
    double *a;          /* [row] activations */
    double *slope;      /* [row] f'(z) */
    double *carried;    /* [row] dE/da, as far as it has come back, and then the back signals dE/dz */
    double *z;          /* [outputs] pre-activations of the output layer */
    double *expected;   /* [outputs] */
    int64_t slots;      /* lists of inputs: one for each sample, or one in all */
    int32_t *listed;    /* [slots, inputs] which inputs are not 0, */
    int32_t *counts;    /* [slots] and how many; -1: not looked at yet */
    double poison[LANES];
} online;

/* One step, as its layers need it. */
typedef struct {
    online *own;
    double *w;          /* all parameters */
    double *g;          /* likewise the gradient's places */
    const double *kept; /* likewise 1 or 0 */
    const double *x;    /* the inputs */
    const int32_t *listed; /* which of them are not 0, where that is looked at */
    int32_t count;      /* how many of them, or how many are listed */
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

/* Lists the inputs that are not 0; without branches, which would be guesses. Returns how many. */
static int32_t list_inputs(const double *x, int32_t inputs, int32_t *listed)
{
    int64_t count = 0;
    for (int32_t i = 0; i < inputs; i++) {
        uint64_t bits;
        memcpy(&bits, x + i, sizeof bits);
        listed[count] = i;
        count += bits << 1 != 0; /* whatever its sign */
    }
    return (int32_t)count;
}

/* Finds the list of a sample, made when it is first used, or anew where there are too many. */
static void look_up_list(step *step, int64_t row)
{
    online *own = step->own;
    int64_t slot = own->slots > 1 ? row : 0;
    step->listed = own->listed + slot * own->layout.inputs;
    if (own->slots == 1 || own->counts[slot] < 0)
        own->counts[slot] = list_inputs(step->x, own->layout.inputs, own->listed +
                                                                     slot * own->layout.inputs);
    step->count = own->counts[slot];
}

/* z of `wide` vectors of neurons from few inputs. */
INLINE void narrow_panel(const int wide, const step *step, const double *w, const double *bias,
                         double *z)
{
    vec sum[MOST_VECTORS];
    UNROLL for (int v = 0; v < wide; v++)
        sum[v] = load(bias + v * LANES);
    for (int32_t i = 0; i < step->count; i++, w += wide * LANES) {
        vec x = all(step->x[i]);
        UNROLL for (int v = 0; v < wide; v++)
            sum[v] += x * load(w + v * LANES);
    }
    UNROLL for (int v = 0; v < wide; v++)
        store(z + v * LANES, sum[v]);
}

/* z of `wide` vectors of neurons from the listed inputs, by several sums side by side, so that an
 * addition need not wait for the one before. */
INLINE void listed_panel(const int wide, const step *step, const double *w, const double *bias,
                         double *z)
{
    const int chains = wide >= 5 ? 1 : wide >= 3 ? 2 : wide == 2 ? 4 : 8;
    const int32_t *listed = step->listed;
    const double *x = step->x;
    vec sum[CHAINS][MOST_VECTORS];
    UNROLL for (int v = 0; v < wide; v++)
        UNROLL for (int c = 0; c < chains; c++)
            sum[c][v] = c ? all(0.0) : load(bias + v * LANES);
    int32_t i = 0, count = step->count;
    for (; i + chains <= count; i += chains)
        UNROLL for (int c = 0; c < chains; c++) {
            const double *here = w + (size_t)listed[i + c] * (size_t)(wide * LANES);
            vec input = all(x[listed[i + c]]);
            UNROLL for (int v = 0; v < wide; v++)
                sum[c][v] += input * load(here + v * LANES);
        }
    for (; chains > 1 && i < count; i++) {
        const double *here = w + (size_t)listed[i] * (size_t)(wide * LANES);
        vec input = all(x[listed[i]]);
        UNROLL for (int v = 0; v < wide; v++)
            sum[0][v] += input * load(here + v * LANES);
    }
    UNROLL for (int v = 0; v < wide; v++) {
        UNROLL for (int c = 1; c < chains; c++)
            sum[0][v] += sum[c][v];
        store(z + v * LANES, sum[0][v]);
    }
}

static void feed_first(const step *step, int32_t listed, double *z)
{
    const layout *layout = &step->own->layout;
    const layer *layer = layout->layer;
    const double *w = step->w + layer->weights, *bias = step->w + layer->biases;
    for (int32_t v = 0, wide; v < layer->vectors; v += wide) {
        wide = nnsim_panel_width(layout, v);
        if (listed) {
            WITH_CONSTANT(wide, listed_panel, step, w, bias + v * LANES, z + v * LANES)
        } else {
            WITH_CONSTANT(wide, narrow_panel, step, w, bias + v * LANES, z + v * LANES)
        }
        w += (size_t)wide * LANES * (size_t)layout->inputs;
    }
}

/* The weights of `wide` vectors of neurons from the inputs, by the neurons' back signals. */
INLINE void learn_panel(const int wide, const step *step, const enum mode mode,
                        const int32_t *listed, size_t at, const double *signal)
{
    const double *x = step->x;
    vec pace = pace_of(step, mode), move[MOST_VECTORS];
    UNROLL for (int v = 0; v < wide; v++)
        move[v] = pace * load(signal + v * LANES);
    for (int32_t i = 0, count = step->count; i < count; i++) {
        int32_t input = listed ? listed[i] : i;
        places to = places_from(step, mode, at + (size_t)input * (size_t)(wide * LANES));
        vec one = all(x[input]);
        UNROLL for (int v = 0; v < wide; v++)
            learn(&to, mode, (size_t)v * LANES, one * move[v], load(to.w + v * LANES));
    }
}

static inline void learn_first(const step *step, const enum mode mode, int32_t listed,
                               const double *signal)
{
    const layout *layout = &step->own->layout;
    size_t at = layout->layer->weights;
    for (int32_t v = 0, wide; v < layout->layer->vectors; v += wide) {
        wide = nnsim_panel_width(layout, v);
        if (mode != GRADIENT && listed) {
            WITH_CONSTANT(wide, learn_panel, step, mode, step->listed, at, signal + v * LANES)
        } else {
            WITH_CONSTANT(wide, learn_panel, step, mode, NULL, at, signal + v * LANES)
        }
        at += (size_t)wide * LANES * (size_t)layout->inputs;
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

/* `wide` vectors of sources from vector `v` on: what is carried to them, and the weights' step. */
INLINE void back_columns(const int wide, const step *step, const enum mode mode, const layer *layer,
                         int32_t v, const double *signal)
{
    const double *a = step->own->a + layer->from + v * LANES;
    double *carried = step->own->carried + layer->from + v * LANES;
    size_t at = layer->weights + (size_t)v * LANES, row = (size_t)layer->depth * LANES;
    vec pace = pace_of(step, mode), sum[MOST_VECTORS], source[MOST_VECTORS];
    UNROLL for (int u = 0; u < wide; u++) {
        sum[u] = step->own->layout.skips ? load(carried + u * LANES) : all(0.0);
        source[u] = load(a + u * LANES);
    }
    for (int32_t j = 0; j < layer->neurons; j++, at += row) {
        places to = places_from(step, mode, at);
        vec s = all(signal[j]), move = pace * s;
        UNROLL for (int u = 0; u < wide; u++) {
            vec w = load(to.w + u * LANES);
            sum[u] += s * w;
            learn(&to, mode, (size_t)u * LANES, move * source[u], w);
        }
    }
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
