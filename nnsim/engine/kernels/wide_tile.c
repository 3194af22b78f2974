/* A tile of samples through any network, stage by stage.
 *
 * The lanes of a vector are neighbouring neurons; activations lie [sample][neuron], in rows as
 * layout.h tells, but those of the output layer without gaps, because a single output is frequent.
 * Forward through the first layer, back, and the gradients are products of matrices; forward through
 * the later ones each neuron multiplies its row of weights with the row of activations.
 */
#include <string.h>

#include "wide_tile.h"

#define SAMPLES_AT_ONCE 3 /* whose sums are held in registers together */

/* ---------------------------------------------------------------- forward */

/* The sums of the first layer, into rows of activations. */
static void feed_first(const wide_room *room, const double *w, const tile *tile)
{
    const layout *layout = room->layout;
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
                           .result = room->a + layer->at + v * LANES,
                           .result_row = room->stride});
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
static void feed_later(const wide_room *room, const double *w, const layer *layer, int64_t count,
                       double *z, int64_t gap)
{
    for (int64_t s = 0; s < count; s += SAMPLES_AT_ONCE) {
        const double *a[SAMPLES_AT_ONCE];
        for (int i = 0; i < SAMPLES_AT_ONCE; i++)
            a[i] = room->a + (s + i < count ? s + i : count - 1) * room->stride + layer->from;
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
static void feed_single(const wide_room *room, const double *w, const layer *layer, int64_t count)
{
    const double *row = w + layer->weights;
    vec bias = all(w[layer->biases]);
    for (int64_t s = 0; s < count; s += LANES) {
        vec product[LANES];
        UNROLL for (int i = 0; i < LANES; i++) {
            int64_t sample = s + i < count ? s + i : count - 1;
            const double *a = room->a + sample * room->stride + layer->from;
            product[i] = load(row) * load(a);
            for (int32_t v = 1; v < layer->depth; v++)
                product[i] += load(row + v * LANES) * load(a + v * LANES);
        }
        store(room->z + s, sums(product) + bias);
    }
}

/* The numbers of the output layer from rows to a place without gaps, */
static void close_gaps(const wide_room *room, const layer *layer, int64_t count, const double *rows,
                       double *closed)
{
    for (int64_t s = 0; s < count; s++)
        for (int32_t i = 0; i < layer->neurons; i++)
            closed[s * layer->neurons + i] = rows[s * room->stride + layer->at + i];
}

/* and into rows again, whose spare places are and stay 0. */
static void open_gaps(const wide_room *room, const layer *layer, int64_t count, const double *closed,
                      double *rows)
{
    for (int64_t s = 0; s < count; s++)
        for (int32_t i = 0; i < layer->vectors * LANES; i++)
            rows[s * room->stride + layer->at + i] =
                i < layer->neurons ? closed[s * layer->neurons + i] : 0.0;
}

/* Activations of a hidden layer; those of its spare places must be 0. */
static void activate(wide_room *room, const layer *layer, int64_t count)
{
    double *a = room->a + layer->at, *last = a + (layer->vectors - 1) * LANES;
    nnsim_activate_vectors(&layer->functions, count, layer->vectors, room->stride, a, a,
                           room->signal + layer->at, room->poison);
    lanes there = first_lanes(layer->neurons % LANES);
    for (int64_t s = 0; layer->neurons % LANES && s < count; s++)
        store(last + s * room->stride, only(there, load(last + s * room->stride)));
}

/* Up to the sums z of the outputs. Returns 0 when it was asked to stop. */
static int feed_forward(wide_room *room, const double *w, const tile *tile, const volatile int32_t *stop)
{
    const layout *layout = room->layout;
    const layer *last = &layout->layer[layout->layers - 1];
    for (int64_t s = 0; layout->inputs_in_row && s < tile->count; s++)
        memcpy(room->a + s * room->stride, tile->x + s * layout->inputs,
               (size_t)layout->inputs * sizeof(double));
    for (const layer *layer = layout->layer; layer <= last; layer++) {
        if (layer == layout->layer && tile->is_sparse)
            nnsim_feed_sparse(&room->sparse, layout, w, tile, room->a + layer->at, room->stride);
        else if (layer == layout->layer)
            feed_first(room, w, tile);
        else if (layer == last && last->neurons == 1)
            feed_single(room, w, layer, tile->count);
        else if (layer == last)
            feed_later(room, w, layer, tile->count, room->z, layer->neurons);
        else
            feed_later(room, w, layer, tile->count, room->a + layer->at, room->stride);
        if (layer < last)
            activate(room, layer, tile->count);
        if (asked(stop))
            return 0;
    }
    if (layout->layers == 1)
        close_gaps(room, last, tile->count, room->a, room->z);
    return 1;
}

/* ---------------------------------------------------------------- back */

static void learn_biases(const layer *layer, const tile *tile, const double *signal, int64_t gap)
{
    for (int32_t v = 0; v < layer->vectors; v++) {
        vec sum = all(0.0);
        for (int64_t s = 0; s < tile->count; s++)
            sum += load(signal + s * gap + v * LANES);
        learn(tile, layer->biases + (size_t)v * LANES,
              only(first_lanes(layer->neurons - v * LANES), sum * all(layer->has_bias)));
    }
}

static void learn_first(const wide_room *room, const tile *tile)
{
    const layout *layout = room->layout;
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
                           .right = room->signal + layer->at + v * LANES,
                           .right_k = room->stride,
                           .finish = tile->finish,
                           .rate = tile->rate,
                           .kept = tile->kept ? tile->kept + at : NULL,
                           .result = tile->result + at,
                           .result_row = wide * LANES});
        at += (size_t)wide * LANES * (size_t)layout->inputs;
    }
}

/* The weights of a later layer. */
static void learn_later(const wide_room *room, const layer *layer, const tile *tile,
                        const double *signal, int64_t gap)
{
    multiply(&(product){.rows = layer->neurons,
                       .vectors = layer->depth,
                       .depth = tile->count,
                       .left = signal,
                       .left_row = 1,
                       .left_k = gap,
                       .right = room->a + layer->from,
                       .right_k = room->stride,
                       .finish = tile->finish,
                       .rate = tile->rate,
                       .kept = tile->kept ? tile->kept + layer->weights : NULL,
                       .result = tile->result + layer->weights,
                       .result_row = layer->depth * LANES});
}

/* From a layer's back signals to those of the layer before, which is all that it reads; or, where
 * layers are skipped, to what is carried to all its sources. */
static void carry_back(const wide_room *room, const double *w, const layer *layer, int64_t count,
                       const double *signal, int64_t gap)
{
    int skips = room->layout->skips;
    multiply(&(product){.rows = count,
                       .vectors = layer->depth,
                       .depth = layer->neurons,
                       .left = signal,
                       .left_row = gap,
                       .left_k = 1,
                       .right = w + layer->weights,
                       .right_k = layer->depth * LANES,
                       .finish = skips ? ADD : MULTIPLY,
                       .result = (skips ? room->carried : room->signal) + layer->from,
                       .result_row = room->stride});
}

/* Where layers are skipped: signals from all that was carried to a layer. */
static void gather_signals(const wide_room *room, const layer *layer, int64_t count)
{
    for (int64_t s = 0; s < count; s++)
        for (int32_t v = 0; v < layer->vectors; v++) {
            int64_t at = s * room->stride + layer->at + v * LANES;
            store(room->signal + at, load(room->signal + at) * load(room->carried + at));
        }
}

/* Returns 0 when it was asked to stop. */
static int backpropagate(const wide_room *room, const double *w, const tile *tile,
                         const volatile int32_t *stop)
{
    const layout *layout = room->layout;
    const double *signal = room->output_signal;
    int64_t gap = layout->outputs;
    if (layout->skips)
        memset(room->carried, 0, (size_t)(tile->count * room->stride) * sizeof(double));
    if (layout->layers == 1)
        open_gaps(room, layout->layer, tile->count, signal, room->signal);
    for (int32_t l = layout->layers - 1; l > 0; l--) {
        const layer *layer = &layout->layer[l];
        carry_back(room, w, layer, tile->count, signal, gap);
        learn_biases(layer, tile, signal, gap);
        learn_later(room, layer, tile, signal, gap);
        if (layout->skips)
            gather_signals(room, layer - 1, tile->count);
        signal = room->signal + layer[-1].at;
        gap = room->stride;
        if (asked(stop))
            return 0;
    }
    learn_biases(layout->layer, tile, room->signal + layout->layer->at, room->stride);
    if (tile->is_sparse)
        nnsim_learn_sparse(&room->sparse, layout, tile, room->signal + layout->layer->at,
                           room->stride);
    else
        learn_first(room, tile);
    return 1;
}

/* ---------------------------------------------------------------- all together */

int nnsim_wide_tile(wide_room *room, const nnsim_rule *rule, const double *w, tile *tile,
                    const volatile int32_t *stop, double *loss, double *error)
{
    const layout *layout = room->layout;
    tile->is_sparse = nnsim_list_sparse(&room->sparse, layout, tile);
    if (!feed_forward(room, w, tile, stop))
        return 0;
    *loss = nnsim_finish_outputs(&layout->layer[layout->layers - 1].functions, rule, tile->count,
                                 room->z, tile->expected, tile->share, room->o,
                                 room->output_signal, room->poison);
    *error = room->o[0] - tile->expected[0];
    return backpropagate(room, w, tile, stop);
}
