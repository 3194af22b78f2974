/* Several samples a step: every stage handles a tile of samples before the next stage begins.
 *
 * The lanes of a vector are neighbouring neurons; activations lie [sample][neuron], in rows as
 * layout.h tells, but those of the output layer without gaps, because a single output is frequent.
 * Forward through the first layer, back, and the gradients are products of matrices; forward through
 * the later ones each neuron multiplies its row of weights with the row of activations.
 *
 * A batch of one tile whose gradient needs no more than a step along it takes that step out of the
 * registers. Otherwise the gradient is summed over the tiles, and between tiles and layers the stop
 * flag is looked at: nothing of the state has changed before the last one.
 */
#include <stdlib.h>
#include <string.h>

#include "layout.h"
#include "matrix_product.h"
#include "small_tile.h"

#define PANEL 4               /* vectors of neurons in a panel of the first layer */
#define MOST_SAMPLES 256      /* in a tile */
#define LEAST_SAMPLES 16
#define TILE_PRODUCTS 2e7     /* of a tile, about a millisecond */
#define TILE_NUMBERS 8192     /* activations of a tile: a share of the L2 cache */
#define SAMPLES_AT_ONCE 3     /* whose sums are held in registers together */

typedef struct {
    layout layout;
    int64_t most;        /* samples in a tile */
    int64_t stride;      /* from the activations of one sample to those of the next */
    int plain;           /* a step is no more than w -= rate * gradient, */
    int steady;          /* with the same rate in every step */
    double *block;       /* what was allocated for these: */
    double *x;           /* [most, inputs] samples that do not lie in a row */
    double *a;           /* [most, stride] activations */
    double *signal;      /* [most, stride] f'(z), and then the back signals dE/dz */
    double *carried;     /* [most, stride] dE/da, where layers are skipped */
    double *z, *o, *output_signal, *expected; /* [most * outputs], and a vector more */
    double poison[LANES];
    int is_small;
    small_room room;     /* in the same numbers, where the network is small */
} batch;

static int fits(const nnsim_network *network, const nnsim_rule *rule, const nnsim_samples *samples)
{
    (void)rule, (void)samples;
    return nnsim_layout_fits(network);
}

static int64_t within(double x, int64_t least, int64_t most)
{
    return x < (double)least ? least : x > (double)most ? most : (int64_t)x;
}

/* How many samples a tile has: as many as fill a millisecond at most, or a share of the cache. */
static int64_t samples_of_tile(const layout *layout, const nnsim_samples *samples)
{
    double products = 3.0 * (double)layout->parameters + 100.0 * (double)layout->row;
    double most = TILE_PRODUCTS / products, near = (double)TILE_NUMBERS / (double)layout->row;
    int64_t count = within(most, LEAST_SAMPLES, MOST_SAMPLES);
    int64_t near_count = within(near, 64, MOST_SAMPLES);
    (void)samples;
    count = count < near_count ? count : near_count;
    return count / 8 * 8;
}

/* A small network's rows lie layer by layer. */
static void open_room(batch *own)
{
    const layer *layer = own->layout.layer;
    size_t most = (size_t)own->most;
    size_t second = most * (size_t)(layer[0].vectors * LANES);
    own->room = (small_room){.a = {own->a, own->a + second},
                             .signal = {own->signal, own->signal + second},
                             .output_signal = own->carried,
                             .poison = own->poison};
}

static int open_arrays(batch *own)
{
    const layout *layout = &own->layout;
    size_t most = (size_t)own->most, rows = most * (size_t)own->stride + LANES;
    size_t x = most * (size_t)layout->inputs, outputs = most * (size_t)layout->outputs + LANES;
    double *numbers = nnsim_aligned(x + 3 * rows + 4 * outputs, &own->block);
    if (!numbers)
        return -1;
    own->is_small = nnsim_is_small(layout);
    own->a = numbers;
    own->signal = own->a + rows;
    own->carried = own->signal + rows;
    own->z = own->carried + rows;
    own->o = own->z + outputs;
    own->output_signal = own->o + outputs;
    own->expected = own->output_signal + outputs;
    own->x = own->expected + outputs;
    open_room(own);
    return 0;
}

static int open_path(work *work)
{
    batch *own = work->own = calloc(1, sizeof *own);
    if (!own || nnsim_open_layout(&own->layout, work, PANEL) < 0)
        return -1;
    own->most = samples_of_tile(&own->layout, work->samples);
    own->stride = own->layout.row;
    if (own->stride % 64 == 0)
        own->stride += 8; /* rows a power of two apart would fall on each other in the cache */
    own->plain = nnsim_is_plain(work->rule);
    own->steady = work->rule->schedule == NNSIM_CONSTANT && work->rule->warm_up_steps <= 1;
    return open_arrays(own);
}

static void close_path(work *work)
{
    batch *own = work->own;
    if (!own)
        return;
    nnsim_close_layout(&own->layout, work);
    free(own->block);
    free(own);
}

static void load_path(work *work, const nnsim_state *state)
{
    nnsim_load_layout(&((batch *)work->own)->layout, work, state);
}

static void save_path(const work *work, nnsim_state *state)
{
    nnsim_save_layout(&((const batch *)work->own)->layout, work, state);
}

/* ---------------------------------------------------------------- forward */

/* The sums of the first layer, into rows of activations. */
static void feed_first(const batch *own, const double *w, const tile *tile)
{
    const layout *layout = &own->layout;
    const layer *layer = layout->layer;
    const double *panel = w + layer->weights;
    for (int32_t v = 0, wide; v < layer->vectors; v += wide) {
        wide = nnsim_panel_width(layout, v);
        multiply(&(product){.rows = tile->count,
                           .vectors = wide,
                           .depth = layout->inputs,
                           .left = tile->x,
                           .left_row = layout->inputs,
                           .left_k = 1,
                           .right = panel,
                           .right_k = wide * LANES,
                           .bias = w + layer->biases + v * LANES,
                           .finish = PUT,
                           .result = own->a + layer->at + v * LANES,
                           .result_row = own->stride});
        panel += (size_t)wide * LANES * (size_t)layout->inputs;
    }
}

/* Sums of a vector of neurons for some samples; those that are too many repeat the last one. */
INLINE void sums_of_rows(int64_t depth, const double *w, vec bias, const double *const *a, vec *z)
{
    vec product[SAMPLES_AT_ONCE * LANES];
    UNROLL for (int i = 0; i < SAMPLES_AT_ONCE * LANES; i++)
        product[i] = all(0.0);
    for (int64_t i = 0; i < depth * LANES; i += LANES)
        UNROLL for (int r = 0; r < LANES; r++) {
            vec row = load(w + r * depth * LANES + i);
            UNROLL for (int s = 0; s < SAMPLES_AT_ONCE; s++)
                product[s * LANES + r] += row * load(a[s] + i);
        }
    UNROLL for (int s = 0; s < SAMPLES_AT_ONCE; s++)
        z[s] = sums(product + s * LANES) + bias;
}

/* The sums of a later layer, sample s at z[s * gap]. Where rows lie without gaps, the last vector of
 * one sticks out into the next: so it comes first of its sample's, and samples in their order. */
static void feed_later(const batch *own, const double *w, const layer *layer, int64_t count,
                       double *z, int64_t gap)
{
    for (int64_t s = 0; s < count; s += SAMPLES_AT_ONCE) {
        const double *a[SAMPLES_AT_ONCE];
        for (int i = 0; i < SAMPLES_AT_ONCE; i++)
            a[i] = own->a + (s + i < count ? s + i : count - 1) * own->stride + layer->from;
        for (int32_t v = layer->vectors - 1; v >= 0; v--) {
            vec sum[SAMPLES_AT_ONCE];
            sums_of_rows(layer->depth, w + layer->weights + (int64_t)v * LANES * layer->depth * LANES,
                         load(w + layer->biases + v * LANES), a, sum);
            for (int i = 0; i < SAMPLES_AT_ONCE && s + i < count; i++)
                store(z + (s + i) * gap + v * LANES, sum[i]);
        }
    }
}

/* The sums of a single output: the lanes are samples. */
static void feed_single(const batch *own, const double *w, const layer *layer, int64_t count)
{
    const double *row = w + layer->weights;
    vec bias = all(w[layer->biases]);
    for (int64_t s = 0; s < count; s += LANES) {
        vec product[LANES];
        UNROLL for (int i = 0; i < LANES; i++) {
            int64_t sample = s + i < count ? s + i : count - 1;
            const double *a = own->a + sample * own->stride + layer->from;
            product[i] = load(row) * load(a);
            for (int32_t v = 1; v < layer->depth; v++)
                product[i] += load(row + v * LANES) * load(a + v * LANES);
        }
        store(own->z + s, sums(product) + bias);
    }
}

/* The numbers of the output layer from rows to a place without gaps, */
static void close_gaps(const batch *own, const layer *layer, int64_t count, const double *rows,
                       double *closed)
{
    for (int64_t s = 0; s < count; s++)
        for (int32_t i = 0; i < layer->neurons; i++)
            closed[s * layer->neurons + i] = rows[s * own->stride + layer->at + i];
}

/* and into rows again, whose spare places are and stay 0. */
static void open_gaps(const batch *own, const layer *layer, int64_t count, const double *closed,
                      double *rows)
{
    for (int64_t s = 0; s < count; s++)
        for (int32_t i = 0; i < layer->vectors * LANES; i++)
            rows[s * own->stride + layer->at + i] =
                i < layer->neurons ? closed[s * layer->neurons + i] : 0.0;
}

/* Activations of a hidden layer; those of its spare places must be 0. */
static void activate(batch *own, const layer *layer, int64_t count)
{
    double *a = own->a + layer->at, *last = a + (layer->vectors - 1) * LANES;
    nnsim_activate_vectors(&layer->functions, count, layer->vectors, own->stride, a, a,
                           own->signal + layer->at, own->poison);
    lanes there = first_lanes(layer->neurons % LANES);
    for (int64_t s = 0; layer->neurons % LANES && s < count; s++)
        store(last + s * own->stride, only(there, load(last + s * own->stride)));
}

/* Up to the sums z of the outputs. Returns 0 when it was asked to stop. */
static int feed_forward(batch *own, const double *w, const tile *tile, const volatile int32_t *stop)
{
    const layout *layout = &own->layout;
    const layer *last = &layout->layer[layout->layers - 1];
    for (int64_t s = 0; layout->inputs_in_row && s < tile->count; s++)
        memcpy(own->a + s * own->stride, tile->x + s * layout->inputs,
               (size_t)layout->inputs * sizeof(double));
    for (const layer *layer = layout->layer; layer <= last; layer++) {
        if (layer == layout->layer)
            feed_first(own, w, tile);
        else if (layer == last && last->neurons == 1)
            feed_single(own, w, layer, tile->count);
        else if (layer == last)
            feed_later(own, w, layer, tile->count, own->z, layer->neurons);
        else
            feed_later(own, w, layer, tile->count, own->a + layer->at, own->stride);
        if (layer < last)
            activate(own, layer, tile->count);
        if (*stop)
            return 0;
    }
    if (layout->layers == 1)
        close_gaps(own, last, tile->count, own->a, own->z);
    return 1;
}

/* ---------------------------------------------------------------- back */

/* The gradient of a layer's biases, and what becomes of it. */
static void learn_biases(const layer *layer, const tile *tile, const double *signal, int64_t gap)
{
    const product to = {.finish = tile->finish,
                        .rate = tile->rate,
                        .kept = tile->kept,
                        .result = tile->result};
    for (int32_t v = 0; v < layer->vectors; v++) {
        vec sum = all(0.0);
        for (int64_t s = 0; s < tile->count; s++)
            sum += load(signal + s * gap + v * LANES);
        sum = only(first_lanes(layer->neurons - v * LANES), sum * all(layer->has_bias));
        finish_one(&to, (int64_t)layer->biases + v * LANES, sum);
    }
}

static void learn_first(const batch *own, const tile *tile)
{
    const layout *layout = &own->layout;
    const layer *layer = layout->layer;
    size_t at = layer->weights;
    for (int32_t v = 0, wide; v < layer->vectors; v += wide) {
        wide = nnsim_panel_width(layout, v);
        multiply(&(product){.rows = layout->inputs,
                           .vectors = wide,
                           .depth = tile->count,
                           .left = tile->x,
                           .left_row = 1,
                           .left_k = layout->inputs,
                           .right = own->signal + layer->at + v * LANES,
                           .right_k = own->stride,
                           .finish = tile->finish,
                           .rate = tile->rate,
                           .kept = tile->kept ? tile->kept + at : NULL,
                           .result = tile->result + at,
                           .result_row = wide * LANES});
        at += (size_t)wide * LANES * (size_t)layout->inputs;
    }
}

/* The weights of a later layer. */
static void learn_later(const batch *own, const layer *layer, const tile *tile,
                        const double *signal, int64_t gap)
{
    multiply(&(product){.rows = layer->neurons,
                       .vectors = layer->depth,
                       .depth = tile->count,
                       .left = signal,
                       .left_row = 1,
                       .left_k = gap,
                       .right = own->a + layer->from,
                       .right_k = own->stride,
                       .finish = tile->finish,
                       .rate = tile->rate,
                       .kept = tile->kept ? tile->kept + layer->weights : NULL,
                       .result = tile->result + layer->weights,
                       .result_row = layer->depth * LANES});
}

/* From a layer's back signals to those of the layer before, which is all that it reads; or, where
 * layers are skipped, to what is carried to all its sources. */
static void carry_back(const batch *own, const double *w, const layer *layer, int64_t count,
                       const double *signal, int64_t gap)
{
    int skips = own->layout.skips;
    multiply(&(product){.rows = count,
                       .vectors = layer->depth,
                       .depth = layer->neurons,
                       .left = signal,
                       .left_row = gap,
                       .left_k = 1,
                       .right = w + layer->weights,
                       .right_k = layer->depth * LANES,
                       .finish = skips ? ADD : MULTIPLY,
                       .result = (skips ? own->carried : own->signal) + layer->from,
                       .result_row = own->stride});
}

/* Where layers are skipped: signals from all that was carried to a layer. */
static void gather_signals(const batch *own, const layer *layer, int64_t count)
{
    for (int64_t s = 0; s < count; s++)
        for (int32_t v = 0; v < layer->vectors; v++) {
            int64_t at = s * own->stride + layer->at + v * LANES;
            store(own->signal + at, load(own->signal + at) * load(own->carried + at));
        }
}

/* Returns 0 when it was asked to stop and nothing of the state has changed. */
static int backpropagate(const batch *own, const double *w, const tile *tile,
                         const volatile int32_t *stop)
{
    const layout *layout = &own->layout;
    const double *signal = own->output_signal;
    int64_t gap = layout->outputs;
    if (layout->skips)
        memset(own->carried, 0, (size_t)(tile->count * own->stride) * sizeof(double));
    if (layout->layers == 1)
        open_gaps(own, layout->layer, tile->count, signal, own->signal);
    for (int32_t l = layout->layers - 1; l > 0; l--) {
        const layer *layer = &layout->layer[l];
        carry_back(own, w, layer, tile->count, signal, gap);
        learn_biases(layer, tile, signal, gap);
        learn_later(own, layer, tile, signal, gap);
        if (layout->skips)
            gather_signals(own, layer - 1, tile->count);
        signal = own->signal + layer[-1].at;
        gap = own->stride;
        if (tile->finish != STEP_DOWN && *stop)
            return 0;
    }
    learn_biases(layout->layer, tile, own->signal + layout->layer->at, own->stride);
    learn_first(own, tile);
    return 1;
}

/* ---------------------------------------------------------------- steps */

static int lie_in_a_row(const int64_t *rows, int64_t count)
{
    int64_t i = 1;
    while (i < count && rows[i] == rows[0] + i)
        i++;
    return i == count;
}

/* The tile's samples: inputs where they are if they lie in a row, expected outputs always with the
 * room that vectors need. */
static void fetch(const batch *own, const nnsim_samples *samples, const int64_t *rows, tile *tile)
{
    size_t inputs = (size_t)own->layout.inputs, outputs = (size_t)own->layout.outputs;
    size_t count = (size_t)tile->count;
    if (lie_in_a_row(rows, tile->count)) {
        tile->x = samples->inputs + (size_t)rows[0] * inputs;
        memcpy(own->expected, samples->expected + (size_t)rows[0] * outputs,
               count * outputs * sizeof(double));
        return;
    }
    for (size_t i = 0; i < count; i++) {
        memcpy(own->x + i * inputs, samples->inputs + (size_t)rows[i] * inputs,
               inputs * sizeof(double));
        memcpy(own->expected + i * outputs, samples->expected + (size_t)rows[i] * outputs,
               outputs * sizeof(double));
    }
    tile->x = own->x;
}

/* Adds the losses of a tile to *loss. Returns 0 when it was asked to stop. */
static int take_tile(work *work, const volatile int32_t *stop, const int64_t *rows, tile *tile,
                     double *loss, double *error)
{
    batch *own = work->own;
    const layout *layout = &own->layout;
    fetch(own, work->samples, rows, tile);
    tile->expected = own->expected;
    if (*stop)
        return 0;
    if (own->is_small) {
        double first_error;
        *loss += nnsim_small_tile(layout, work->rule, work->state, tile, &own->room, &first_error);
        if (error)
            *error = first_error;
        return 1;
    }
    if (!feed_forward(own, work->state, tile, stop))
        return 0;
    *loss += nnsim_finish_outputs(&layout->layer[layout->layers - 1].functions, work->rule,
                                  tile->count, own->z, own->expected, tile->share, own->o,
                                  own->output_signal, own->poison);
    if (error)
        *error = own->o[0] - own->expected[0];
    return backpropagate(own, work->state, tile, stop);
}

/* Takes one step; returns 0 when it was asked to stop: the state is as before then. */
static int take_step(work *work, const block *block, int64_t s)
{
    batch *own = work->own;
    const layout *layout = &own->layout;
    const nnsim_rule *rule = work->rule;
    int64_t begin = s ? block->ends[s - 1] : 0, size = block->ends[s] - begin;
    nnsim_pace pace = {.rate = rule->learning_rate};
    if (!own->plain || !own->steady)
        pace = nnsim_pace_of(rule, block->first_step + s, block->first_optimizer_step + s);
    int at_once = own->plain && size <= own->most;
    tile tile = {.share = rule->mean ? 1.0 / (double)size : 1.0,
                 .finish = at_once ? STEP_DOWN : PUT,
                 .rate = pace.rate,
                 .kept = at_once ? layout->kept : NULL,
                 .result = at_once ? work->state : layout->gradient};
    double loss = 0.0;
    for (int64_t done = 0; done < size; done += tile.count) {
        tile.count = size - done < own->most ? size - done : own->most;
        if (!take_tile(work, block->stop, block->rows + begin + done, &tile, &loss,
                       done ? NULL : &block->errors[s]))
            return 0;
        if (!at_once)
            tile.finish = ADD;
    }
    block->losses[s] = loss * tile.share;
    if (!at_once)
        block->losses[s] += nnsim_follow_rule(layout, work, &pace);
    return 1;
}

static int64_t take(work *work, const block *block)
{
    batch *own = work->own;
    int64_t steps = 0;
    memset(own->poison, 0, sizeof own->poison);
    memset(own->z, 0, (size_t)(own->most * own->layout.outputs + LANES) * sizeof(double));
    while (steps < block->steps && take_step(work, block, steps))
        steps++;
    for (int lane = 0; lane < LANES; lane++)
        work->poison += own->poison[lane];
    return steps;
}

const path nnsim_batch_path = {"batch", fits, open_path, load_path, save_path, take, close_path};
