/* One sample a step. The lanes of a vector are neighbouring neurons.
 *
 * The first layer's sums go over the inputs, one input meeting whole vectors of neurons. The later
 * layers multiply rows of weights by the row of activations and add up the lanes. On the way back the
 * same rows, each times the back signal of its neuron, add up to what is carried to the sources, and
 * the weights take their step in the same loop: the old ones are used a last time just before.
 *
 * Steps wait for each other, so short ways count for more than few instructions: the loops over the
 * vectors of a layer are unrolled by templates, one for each number of vectors.
 */
#include <stdlib.h>
#include <string.h>

#include "layout.h"

#define MOST_VECTORS 8   /* sums or activations held in registers at once */
#define LISTED_INPUTS 16 /* from so many inputs on those that are not 0 are listed */
#define CHAINS 8         /* the list is filled up to a multiple of it */

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
    double *values;     /* [inputs + CHAINS] the inputs that are not 0, */
    int32_t *listed;    /* and which they are */
    double poison[LANES];
} online;

/* One step, as its layers need it. */
typedef struct {
    online *own;
    double *w;          /* all parameters */
    double *g;          /* likewise the gradient's places */
    const double *kept; /* likewise 1 or 0 */
    const double *x;    /* the inputs, or those that are listed */
    int32_t count;      /* how many of them */
    double rate;
} step;

static int fits(const nnsim_network *network, const nnsim_rule *rule, const nnsim_samples *samples)
{
    (void)rule;
    return samples->batch_size == 1 && !samples->given && nnsim_layout_fits(network);
}

static int open_arrays(online *own)
{
    const layout *layout = &own->layout;
    size_t row = (size_t)layout->row + LANES, outputs = (size_t)layout->outputs + LANES;
    size_t inputs = (size_t)layout->inputs + CHAINS;
    double *numbers = nnsim_aligned(3 * row + 2 * outputs + inputs, &own->block);
    own->listed = calloc(inputs, sizeof *own->listed);
    if (!numbers || !own->listed)
        return -1;
    own->a = numbers;
    own->slope = own->a + row;
    own->carried = own->slope + row;
    own->z = own->carried + row;
    own->expected = own->z + outputs;
    own->values = own->expected + outputs;
    return 0;
}

static int open_path(work *work)
{
    online *own = work->own = calloc(1, sizeof *own);
    const nnsim_rule *rule = work->rule;
    if (!own || nnsim_open_layout(&own->layout, work, MOST_VECTORS) < 0)
        return -1;
    own->mode = !nnsim_is_plain(rule) ? GRADIENT : own->layout.kept ? STEP_OF_TRAINED : STEP;
    own->steady = rule->schedule == NNSIM_CONSTANT && rule->warm_up_steps <= 1;
    return open_arrays(own);
}

static void close_path(work *work)
{
    online *own = work->own;
    if (!own)
        return;
    nnsim_close_layout(&own->layout, work);
    free(own->block);
    free(own->listed);
    free(own);
}

static void load_path(work *work, const nnsim_state *state)
{
    nnsim_load_layout(&((online *)work->own)->layout, work, state);
}

static void save_path(const work *work, nnsim_state *state)
{
    nnsim_save_layout(&((const online *)work->own)->layout, work, state);
}

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

/* w -= rate * g, or g is kept. `at` is the place among the parameters. */
INLINE void learn(const step *step, const enum mode mode, size_t at, vec g, vec old)
{
    if (mode == GRADIENT)
        store(step->g + at, g);
    else if (mode == STEP)
        store(step->w + at, old - g);
    else
        store(step->w + at, old - g * load(step->kept + at));
}

/* By what back signals are multiplied on their way into the weights. */
INLINE vec pace_of(const step *step, const enum mode mode)
{
    return all(mode == GRADIENT ? 1.0 : step->rate);
}

/* ---------------------------------------------------------------- the first layer */

/* Without branches, which would be guesses. */
static void list_inputs(const double *x, step *step)
{
    online *own = step->own;
    int32_t inputs = own->layout.inputs, count = 0;
    for (int32_t i = 0; i < inputs; i++) {
        own->values[count] = x[i];
        own->listed[count] = i;
        count += x[i] != 0.0;
    }
    step->count = count;
    step->x = own->values;
    for (; count % CHAINS; count++) {
        own->values[count] = 0.0;
        own->listed[count] = 0;
    }
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
    const int32_t *listed = step->own->listed;
    vec sum[CHAINS][MOST_VECTORS];
    UNROLL for (int v = 0; v < wide; v++)
        UNROLL for (int c = 0; c < chains; c++)
            sum[c][v] = c ? all(0.0) : load(bias + v * LANES);
    for (int32_t i = 0; i < step->count; i += chains)
        UNROLL for (int c = 0; c < chains; c++) {
            const double *here = w + (size_t)listed[i + c] * (size_t)(wide * LANES);
            vec x = all(step->x[i + c]);
            UNROLL for (int v = 0; v < wide; v++)
                sum[c][v] += x * load(here + v * LANES);
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
INLINE void learn_panel(const int wide, const step *step, const enum mode mode, int32_t listed,
                        size_t at, const double *signal)
{
    vec pace = pace_of(step, mode), move[MOST_VECTORS];
    UNROLL for (int v = 0; v < wide; v++)
        move[v] = pace * load(signal + v * LANES);
    for (int32_t i = 0; i < step->count; i++) {
        size_t here = at + (size_t)(listed ? step->own->listed[i] : i) * (size_t)(wide * LANES);
        vec x = all(step->x[i]);
        UNROLL for (int v = 0; v < wide; v++, here += LANES)
            learn(step, mode, here, x * move[v], load(step->w + here));
    }
}

static inline void learn_first(const step *step, const enum mode mode, int32_t listed,
                               const double *signal)
{
    const layout *layout = &step->own->layout;
    size_t at = layout->layer->weights;
    for (int32_t v = 0, wide; v < layout->layer->vectors; v += wide) {
        wide = nnsim_panel_width(layout, v);
        WITH_CONSTANT(wide, learn_panel, step, mode, listed, at, signal + v * LANES)
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
        vec s = all(signal[j]), move = pace * s;
        UNROLL for (int u = 0; u < wide; u++) {
            vec w = load(step->w + at + u * LANES);
            sum[u] += s * w;
            learn(step, mode, at + (size_t)u * LANES, move * source[u], w);
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

/* ---------------------------------------------------------------- all together */

static inline void learn_biases(const step *step, const enum mode mode, const layer *layer,
                                const double *signal)
{
    vec pace = pace_of(step, mode) * all(layer->has_bias);
    for (int32_t v = 0; v < layer->vectors; v++) {
        size_t at = layer->biases + (size_t)v * LANES;
        learn(step, mode, at, pace * load(signal + v * LANES), load(step->w + at));
    }
}

/* Activations of a hidden layer; those of its spare places must be 0. */
static void activate(online *own, const layer *layer)
{
    double *a = own->a + layer->at, *last = a + (layer->vectors - 1) * LANES;
    nnsim_activate_vectors(&layer->functions, 1, layer->vectors, 0, a, a, own->slope + layer->at,
                           own->poison);
    if (layer->neurons % LANES)
        store(last, only(first_lanes(layer->neurons % LANES), load(last)));
}

static void feed_forward(const step *step, int32_t listed)
{
    online *own = step->own;
    int32_t last = own->layout.layers - 1;
    for (int32_t l = 0; l <= last; l++) {
        const layer *layer = &own->layout.layer[l];
        double *z = l == last ? own->z : own->a + layer->at;
        if (l == 0)
            feed_first(step, listed, z);
        else
            feed_later(step, layer, z);
        if (l < last)
            activate(own, layer);
    }
}

static inline void backpropagate(const step *step, const enum mode mode, int32_t listed)
{
    online *own = step->own;
    const layout *layout = &own->layout;
    for (int32_t l = layout->layers - 1; l >= 0; l--) {
        const layer *layer = &layout->layer[l];
        double *signal = own->carried + layer->at, *slope = own->slope + layer->at;
        for (int32_t v = 0; l < layout->layers - 1 && v < layer->vectors; v++)
            store(signal + v * LANES, load(signal + v * LANES) * load(slope + v * LANES));
        learn_biases(step, mode, layer, signal);
        if (l == 0)
            learn_first(step, mode, listed, signal);
        else
            back_later(step, mode, layer, signal);
    }
}

/* Returns the sample's loss; its first error into *error. */
static inline double take_step(const step *step, const enum mode mode, const nnsim_rule *rule,
                               int32_t listed, const double *expected, double *error)
{
    online *own = step->own;
    const layout *layout = &own->layout;
    const layer *last = &layout->layer[layout->layers - 1];
    for (int32_t i = 0; i < layout->outputs; i++)
        own->expected[i] = expected[i];
    if (layout->skips)
        memset(own->carried, 0, (size_t)layout->row * sizeof(double));
    feed_forward(step, listed);
    double *o = own->a + last->at;
    double loss = nnsim_finish_outputs(&last->functions, rule, 1, own->z, own->expected, 1.0, o,
                                       own->carried + last->at, own->poison);
    *error = o[0] - expected[0];
    backpropagate(step, mode, listed);
    return loss;
}

static inline void take_steps(work *work, const block *block, const enum mode mode)
{
    online *own = work->own;
    const layout *layout = &own->layout;
    const nnsim_samples *samples = work->samples;
    const int32_t listed = mode != GRADIENT && layout->inputs >= LISTED_INPUTS;
    step step = {own, work->state, layout->gradient, layout->kept, NULL, layout->inputs,
                 work->rule->learning_rate};
    for (int64_t s = 0; s < block->steps; s++) {
        const double *x = samples->inputs + block->rows[s] * layout->inputs;
        const double *expected = samples->expected + block->rows[s] * layout->outputs;
        step.x = x;
        if (listed)
            list_inputs(x, &step);
        if (layout->inputs_in_row)
            memcpy(own->a, x, (size_t)layout->inputs * sizeof(double));
        if (mode != GRADIENT && !own->steady)
            step.rate = nnsim_learning_rate(work->rule, block->first_step + s);
        block->losses[s] = take_step(&step, mode, work->rule, listed, expected, &block->errors[s]);
        if (mode == GRADIENT) {
            nnsim_pace pace = nnsim_pace_of(work->rule, block->first_step + s,
                                            block->first_optimizer_step + s);
            block->losses[s] += nnsim_follow_rule(layout, work, &pace);
        }
    }
}

static int64_t take(work *work, const block *block)
{
    online *own = work->own;
    memset(own->poison, 0, sizeof own->poison);
    if (own->mode == STEP)
        take_steps(work, block, STEP);
    else if (own->mode == STEP_OF_TRAINED)
        take_steps(work, block, STEP_OF_TRAINED);
    else
        take_steps(work, block, GRADIENT);
    for (int lane = 0; lane < LANES; lane++)
        work->poison += own->poison[lane];
    return block->steps;
}

const path nnsim_online_path = {"online",  fits,      open_path, load_path,
                                save_path, take, close_path};
