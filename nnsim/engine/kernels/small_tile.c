/* A tile of samples through a small network, with the number of vectors of every layer a constant. */
#include "small_tile.h"

/* What all stages have at hand. */
typedef struct {
    const layout *layout;
    const nnsim_rule *rule;
    const double *w;
    const tile *tile;
    const small_room *room;
    const quick_functions *functions; /* of each layer */
} job;

int nnsim_is_small(const layout *layout)
{
    if (layout->skips || layout->layers < 2 || layout->layers > 3 || layout->outputs > LANES)
        return 0;
    for (int32_t l = 0; l < layout->layers; l++) {
        const layer *layer = &layout->layer[l];
        int most = l == layout->layers - 1 ? 1 : layout->layers == 2 ? 4 : 2;
        if (layer->vectors > most || layer->vectors == 3 || !nnsim_all_quick(&layer->functions))
            return 0;
    }
    return 1;
}

/* ---------------------------------------------------------------- forward */

/* From the sums of a sample's neurons to their activations and slopes; those of spare places must
 * be 0. */
INLINE void activate(const job *job, const int32_t l, const int vectors, vec *z, double *a,
                     double *slope, vec *poison)
{
    const lanes there = first_lanes(job->layout->layer[l].neurons - (vectors - 1) * LANES);
    vec f_slope[MOST_VECTORS];
    UNROLL for (int v = 0; v < vectors; v++)
        *poison += z[v] * all(0.0);
    quick_activate(&job->functions[l], vectors, z, f_slope);
    z[vectors - 1] = only(there, z[vectors - 1]);
    UNROLL for (int v = 0; v < vectors; v++) {
        store(a + v * LANES, z[v]);
        store(slope + v * LANES, f_slope[v]);
    }
}

INLINE void feed_first(const job *job, const int vectors)
{
    const layer *layer = job->layout->layer;
    const double *w = job->w + layer->weights, *bias = job->w + layer->biases, *x = job->tile->x;
    const int32_t inputs = job->layout->inputs;
    double *a = job->room->a[0], *slope = job->room->signal[0];
    vec poison = load(job->room->poison);
    for (int64_t s = 0; s < job->tile->count; s++, x += inputs) {
        vec z[MOST_VECTORS];
        UNROLL for (int v = 0; v < vectors; v++)
            z[v] = load(bias + v * LANES);
        for (int32_t i = 0; i < inputs; i++) {
            vec input = all(x[i]);
            UNROLL for (int v = 0; v < vectors; v++)
                z[v] += input * load(w + (i * vectors + v) * LANES);
        }
        activate(job, 0, vectors, z, a, slope, &poison);
        a += vectors * LANES;
        slope += vectors * LANES;
    }
    store(job->room->poison, poison);
}

/* The lanes of two vectors' first halves in turns, and of their second halves. */
#if LANES == 8
#define LOW_DEALT(a, b) SHUFFLED(a, b, 0, 8, 1, 9, 2, 10, 3, 11)
#define HIGH_DEALT(a, b) SHUFFLED(a, b, 4, 12, 5, 13, 6, 14, 7, 15)
#elif LANES == 4
#define LOW_DEALT(a, b) SHUFFLED(a, b, 0, 4, 1, 5)
#define HIGH_DEALT(a, b) SHUFFLED(a, b, 2, 6, 3, 7)
#else
#define LOW_DEALT(a, b) SHUFFLED(a, b, 0, 2)
#define HIGH_DEALT(a, b) SHUFFLED(a, b, 1, 3)
#endif

/* Lanes and vectors changed about: each round deals the vectors' lanes like cards. */
INLINE void transpose(const double *rows, int64_t gap, vec *x)
{
    vec y[LANES];
    UNROLL for (int i = 0; i < LANES; i++)
        x[i] = load(rows + i * gap);
    UNROLL for (int round = 1; round < LANES; round *= 2) {
        UNROLL for (int i = 0; i < LANES / 2; i++) {
            y[2 * i] = LOW_DEALT(x[i], x[i + LANES / 2]);
            y[2 * i + 1] = HIGH_DEALT(x[i], x[i + LANES / 2]);
        }
        UNROLL for (int i = 0; i < LANES; i++)
            x[i] = y[i];
    }
}

/* A hidden layer behind `depth` vectors of sources: with its weights [source][neuron]. */
INLINE void feed_second(const job *job, const int depth, const int vectors)
{
    const layer *layer = &job->layout->layer[1];
    const double *w = job->w + layer->weights, *bias = job->w + layer->biases;
    const double *sources = job->room->a[0];
    double *a = job->room->a[1], *slope = job->room->signal[1];
    vec column[2 * 2 * LANES], poison = load(job->room->poison);
    UNROLL for (int i = 0; i < depth * vectors; i++)
        transpose(w + (i / depth * LANES * depth + i % depth) * LANES, depth * LANES,
                  column + i * LANES);
    for (int64_t s = 0; s < job->tile->count; s++, sources += depth * LANES) {
        vec z[MOST_VECTORS];
        UNROLL for (int v = 0; v < vectors; v++) {
            z[v] = load(bias + v * LANES);
            UNROLL for (int i = 0; i < depth * LANES; i++)
                z[v] += all(sources[i]) * column[v * depth * LANES + i];
        }
        activate(job, 1, vectors, z, a, slope, &poison);
        a += vectors * LANES;
        slope += vectors * LANES;
    }
    store(job->room->poison, poison);
}

/* The sums of the outputs, [output][sample]: the lanes are samples. Those too many repeat the last. */
INLINE void feed_outputs(const job *job, const layer *layer, const int depth, const double *a)
{
    const double *w = job->w + layer->weights;
    const int64_t last = job->tile->count - 1;
    double *z = job->room->output_signal;
    for (int32_t j = 0; j < layer->neurons; j++, w += depth * LANES) {
        const vec bias = all(job->w[layer->biases + (size_t)j]);
        for (int64_t s = 0; s <= last; s += LANES, z += LANES) {
            vec product[LANES];
            UNROLL for (int i = 0; i < LANES; i++) {
                const double *row = a + (s + i < last ? s + i : last) * (depth * LANES);
                product[i] = load(w) * load(row);
                UNROLL for (int v = 1; v < depth; v++)
                    product[i] += load(w + v * LANES) * load(row + v * LANES);
            }
            store(z, sums(product) + bias);
        }
    }
}

/* ---------------------------------------------------------------- functions */

/* From the sums of the outputs to their back signals, in place, and the gradient of their biases.
 * Returns the losses' sum. */
static double finish(const job *job, const layer *layer, double *first_error)
{
    const nnsim_rule *rule = job->rule;
    const int64_t count = job->tile->count;
    double *signal = job->room->output_signal;
    vec loss = all(0.0), bias = all(0.0), poison = load(job->room->poison);
    for (int32_t j = 0; j < layer->neurons; j++) {
        const int32_t code = nnsim_code_of(&layer->functions, j);
        const vec alpha = all(layer->functions.alpha[j]);
        vec sum = all(0.0);
        for (int64_t s = 0; s < count; s += LANES, signal += LANES) {
            const lanes there = first_lanes(count - s);
            const double *expected = job->tile->expected + s * layer->neurons + j;
            vec t = gathered(expected, layer->neurons, count - s), z = load(signal);
            vec slope, gradient, o = quick_of(code, alpha, z, &slope);
            vec terms = loss_of(rule->loss, rule->huber, layer->neurons, z, o, t, &gradient);
            if (rule->loss != NNSIM_BINARY_CROSS_ENTROPY)
                gradient *= slope;
            gradient = only(there, gradient * all(job->tile->share));
            store(signal, gradient);
            sum += gradient;
            loss += only(there, terms);
            poison += z * all(0.0);
            if (s == 0 && j == 0)
                *first_error = o[0] - t[0];
        }
        bias += only(LANE_NUMBERS == all_lanes(j), all(sum_of_lanes(sum)));
    }
    learn(job->tile, layer->biases, bias * all(layer->has_bias));
    store(job->room->poison, poison);
    return sum_of_lanes(loss);
}

/* ---------------------------------------------------------------- back */

/* The gradient of `rows` rows of weights, each from one of the numbers in `left` with the vectors of
 * `right`, over all samples. */
INLINE void learn_rows(const job *job, const int rows, const int vectors, size_t at,
                       const double *left, int64_t left_row, int64_t left_gap, const double *right)
{
    vec sum[LANES * MOST_VECTORS];
    UNROLL for (int i = 0; i < rows * vectors; i++)
        sum[i] = all(0.0);
    for (int64_t s = 0; s < job->tile->count; s++, left += left_gap, right += vectors * LANES)
        UNROLL for (int r = 0; r < rows; r++) {
            vec one = all(left[r * left_row]);
            UNROLL for (int v = 0; v < vectors; v++)
                sum[r * vectors + v] += one * load(right + v * LANES);
        }
    UNROLL for (int i = 0; i < rows * vectors; i++)
        learn(job->tile, at + (size_t)i * LANES, sum[i]);
}

/* Rows of weights, so many at once that eight sums stand in registers: each addition waits for the
 * one before in the same sum, and eight of them fill that time. */
INLINE void learn_all_rows(const job *job, const int vectors, int32_t rows, size_t at,
                           const double *left, int64_t left_row, int64_t left_gap,
                           const double *right)
{
    int32_t r = 0;
#define ROWS(n)                                                                                    \
    for (; rows - r >= n && n * vectors <= 8; r += n)                                              \
    learn_rows(job, n, vectors, at + (size_t)(r * vectors * LANES), left + r * left_row, left_row, \
               left_gap, right)
    ROWS(8);
    ROWS(4);
    ROWS(2);
    ROWS(1);
#undef ROWS
}

/* What was carried to a sample's hidden neurons becomes their back signals, in the place of their
 * slopes; the signals are added up for the biases. */
INLINE void take_signals(const int vectors, const vec *carried, double *slope, vec *bias)
{
    UNROLL for (int v = 0; v < vectors; v++) {
        vec signal = carried[v] * load(slope + v * LANES);
        store(slope + v * LANES, signal);
        bias[v] += signal;
    }
}

INLINE void learn_biases(const job *job, const layer *layer, const int vectors, const vec *gradient)
{
    UNROLL for (int v = 0; v < vectors; v++)
        learn(job->tile, layer->biases + (size_t)v * LANES, gradient[v] * all(layer->has_bias));
}

/* From the back signals of a hidden layer to those of the `depth` vectors before it. */
INLINE void carry_back(const job *job, const layer *layer, const int rows, const int depth,
                       const double *signal, double *before)
{
    const double *w = job->w + layer->weights;
    vec bias[MOST_VECTORS];
    UNROLL for (int v = 0; v < depth; v++)
        bias[v] = all(0.0);
    for (int64_t s = 0; s < job->tile->count; s++, signal += rows, before += depth * LANES) {
        vec sum[MOST_VECTORS];
        UNROLL for (int v = 0; v < depth; v++)
            sum[v] = all(signal[0]) * load(w + v * LANES);
        UNROLL for (int r = 1; r < rows; r++)
            UNROLL for (int v = 0; v < depth; v++)
                sum[v] += all(signal[r]) * load(w + (r * depth + v) * LANES);
        take_signals(depth, sum, before, bias);
    }
    learn_biases(job, layer - 1, depth, bias);
}

/* The same from the outputs. */
INLINE void back_outputs(const job *job, const layer *layer, const int depth, double *before)
{
    const double *w = job->w + layer->weights, *signal = job->room->output_signal;
    const int64_t count = job->tile->count, gap = IN_VECTORS(count) * LANES;
    vec bias[MOST_VECTORS];
    UNROLL for (int v = 0; v < depth; v++)
        bias[v] = all(0.0);
    for (int64_t s = 0; s < count; s++, before += depth * LANES) {
        vec sum[MOST_VECTORS];
        UNROLL for (int v = 0; v < depth; v++)
            sum[v] = all(signal[s]) * load(w + v * LANES);
        for (int32_t j = 1; j < layer->neurons; j++)
            UNROLL for (int v = 0; v < depth; v++)
                sum[v] += all(signal[j * gap + s]) * load(w + (j * depth + v) * LANES);
        take_signals(depth, sum, before, bias);
    }
    learn_biases(job, layer - 1, depth, bias);
}

/* ---------------------------------------------------------------- all together */

/* first, second: the vectors of the hidden layers; 0: there is but one. */
INLINE double small_tile(const int first, const int second, const job *job, double *error)
{
    const layer *layer = job->layout->layer, *last = layer + (second ? 2 : 1);
    double *const *a = job->room->a, *const *signal = job->room->signal;
    const int depth = second ? second : first, top = second ? 1 : 0;
    const int64_t gap = IN_VECTORS(job->tile->count) * LANES;
    feed_first(job, first);
    if (second)
        feed_second(job, first, second);
    feed_outputs(job, last, depth, a[top]);
    double loss = finish(job, last, error);
    back_outputs(job, last, depth, signal[top]);
    learn_all_rows(job, depth, last->neurons, last->weights, job->room->output_signal, gap, 1,
                   a[top]);
    if (second) {
        carry_back(job, layer + 1, second * LANES, first, signal[1], signal[0]);
        learn_all_rows(job, first, layer[1].neurons, layer[1].weights, signal[1], 1,
                       second * LANES, a[0]);
    }
    learn_all_rows(job, first, job->layout->inputs, layer->weights, job->tile->x, 1,
                   job->layout->inputs, signal[0]);
    return loss;
}

double nnsim_small_tile(const layout *layout, const nnsim_rule *rule, const double *w,
                        const tile *tile, const small_room *room, double *error)
{
    const job job = {layout, rule, w, tile, room, room->functions};
#define SHAPE(first, second) ((first) * 4 + (second))
#define CASE(first, second)                                                                        \
    case SHAPE(first, second):                                                                     \
        return small_tile(first, second, &job, error)
    switch (SHAPE(layout->layer[0].vectors, layout->layers == 3 ? layout->layer[1].vectors : 0)) {
        CASE(1, 0);
        CASE(2, 0);
        CASE(4, 0);
        CASE(1, 1);
        CASE(1, 2);
        CASE(2, 1);
    default:
        return small_tile(2, 2, &job, error);
    }
#undef CASE
#undef SHAPE
}
