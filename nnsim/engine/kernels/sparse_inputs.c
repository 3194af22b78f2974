/* The first layer in batches whose inputs are mostly 0. */
#include <stdlib.h>
#include <string.h>

#include "sparse_inputs.h"

#define LEAST_INPUTS 64  /* of a network for which lists are made, */
#define LEAST_VECTORS 12 /* and of neurons in its first layer: fewer are done in the lists' time */
#define LOOKED_AT 4      /* samples that stand for their tile */
#define MOST_SHARE 0.4   /* of their inputs that are not 0 */
#define MOST_VECTORS 4   /* in a panel */

int nnsim_open_sparse(sparse_inputs *sparse, const layout *layout, int64_t samples)
{
    size_t inputs = (size_t)layout->inputs, all = (size_t)samples * inputs;
    sparse->samples = samples;
    if (layout->inputs < LEAST_INPUTS || layout->layer->vectors < LEAST_VECTORS)
        return 0;
    sparse->inputs = malloc((all + (size_t)samples) * sizeof *sparse->inputs);
    sparse->rows = malloc((all + inputs) * sizeof *sparse->rows);
    sparse->values = malloc(all * sizeof *sparse->values);
    if (!sparse->inputs || !sparse->rows || !sparse->values)
        return -1;
    sparse->input_count = sparse->inputs + all;
    sparse->row_count = sparse->rows + all;
    return 0;
}

void nnsim_close_sparse(sparse_inputs *sparse)
{
    free(sparse->inputs);
    free(sparse->rows);
    free(sparse->values);
}

static int are_mostly_0(const double *x, int64_t count)
{
    int64_t others = 0;
    for (int64_t i = 0; i < count; i++)
        others += x[i] != 0.0;
    return (double)others <= MOST_SHARE * (double)count;
}

/* Without branches, which would be guesses: what is 0 is overwritten by what comes next. */
static void list_sample(sparse_inputs *sparse, int32_t inputs, int32_t sample, const double *x)
{
    int32_t *list = sparse->inputs + (int64_t)sample * inputs, *rows = sparse->rows;
    double *values = sparse->values;
    int64_t count = 0;
    for (int32_t i = 0; i < inputs; i++, rows += sparse->samples, values += sparse->samples) {
        int32_t there = x[i] != 0.0, place = sparse->row_count[i];
        list[count] = i;
        count += there;
        rows[place] = sample; /* at most `sample` have come before, so there is room */
        values[place] = x[i];
        sparse->row_count[i] = place + there;
    }
    sparse->input_count[sample] = (int32_t)count;
}

int nnsim_list_sparse(sparse_inputs *sparse, const layout *layout, const tile *tile)
{
    int64_t looked_at = tile->count < LOOKED_AT ? tile->count : LOOKED_AT;
    if (!sparse->inputs || !are_mostly_0(tile->x, looked_at * layout->inputs))
        return 0;
    memset(sparse->row_count, 0, (size_t)layout->inputs * sizeof *sparse->row_count);
    for (int64_t s = 0; s < tile->count; s++)
        list_sample(sparse, layout->inputs, (int32_t)s, tile->x + s * layout->inputs);
    return 1;
}

/* z of `wide` vectors of neurons for one sample, by two sums side by side. */
INLINE void feed_one(const int wide, const double *x, const int32_t *list, int32_t count,
                     const double *w, const double *bias, double *z)
{
    vec even[MOST_VECTORS], odd[MOST_VECTORS];
    UNROLL for (int v = 0; v < wide; v++) {
        even[v] = load(bias + v * LANES);
        odd[v] = all(0.0);
    }
    int32_t k = 0;
    for (; k + 2 <= count; k += 2) {
        const double *one = w + (int64_t)list[k] * (wide * LANES);
        const double *two = w + (int64_t)list[k + 1] * (wide * LANES);
        vec x_one = all(x[list[k]]), x_two = all(x[list[k + 1]]);
        UNROLL for (int v = 0; v < wide; v++) {
            even[v] += x_one * load(one + v * LANES);
            odd[v] += x_two * load(two + v * LANES);
        }
    }
    UNROLL for (int v = 0; v < wide; v++) {
        if (k < count)
            odd[v] += all(x[list[k]]) * load(w + (int64_t)list[k] * (wide * LANES) + v * LANES);
        store(z + v * LANES, even[v] + odd[v]);
    }
}

INLINE void feed_panel(const int wide, const sparse_inputs *sparse, int32_t inputs,
                       const tile *tile, const double *w, const double *bias, double *z,
                       int64_t stride)
{
    const int32_t *list = sparse->inputs;
    for (int64_t s = 0; s < tile->count; s++, list += inputs)
        feed_one(wide, tile->x + s * inputs, list, sparse->input_count[s], w, bias, z + s * stride);
}

/* The weights from all inputs to `wide` vectors of neurons. */
INLINE void learn_panel(const int wide, const sparse_inputs *sparse, int32_t inputs,
                        const product *to, const double *signal, int64_t stride)
{
    for (int64_t i = 0; i < inputs; i++) {
        const int32_t *rows = sparse->rows + i * sparse->samples;
        const double *values = sparse->values + i * sparse->samples;
        vec sum[MOST_VECTORS];
        UNROLL for (int v = 0; v < wide; v++)
            sum[v] = all(0.0);
        for (int32_t k = 0, count = sparse->row_count[i]; k < count; k++) {
            const double *here = signal + rows[k] * stride;
            vec value = all(values[k]);
            UNROLL for (int v = 0; v < wide; v++)
                sum[v] += value * load(here + v * LANES);
        }
        UNROLL for (int v = 0; v < wide; v++)
            finish_one(to, (i * wide + v) * LANES, sum[v]);
    }
}

/* Calls f with the constant `wide` in the place of its first argument. */
#define WITH_CONSTANT(wide, f, ...)                                                                \
    switch (wide) {                                                                                \
    case 1: f(1, __VA_ARGS__); break;                                                              \
    case 2: f(2, __VA_ARGS__); break;                                                              \
    case 3: f(3, __VA_ARGS__); break;                                                              \
    default: f(4, __VA_ARGS__);                                                                    \
    }

void nnsim_feed_sparse(const sparse_inputs *sparse, const layout *layout, const double *w,
                       const tile *tile, double *z, int64_t stride)
{
    const layer *layer = layout->layer;
    const double *panel = w + layer->weights, *bias = w + layer->biases;
    const int32_t inputs = layout->inputs;
    for (int32_t v = 0, wide; v < layer->vectors; v += wide) {
        wide = nnsim_panel_width(layout, v);
        WITH_CONSTANT(wide, feed_panel, sparse, inputs, tile, panel, bias + v * LANES,
                      z + v * LANES, stride)
        panel += (int64_t)wide * LANES * inputs;
    }
}

void nnsim_learn_sparse(const sparse_inputs *sparse, const layout *layout, const tile *tile,
                        const double *signal, int64_t stride)
{
    const int32_t inputs = layout->inputs;
    size_t at = layout->layer->weights;
    for (int32_t v = 0, wide; v < layout->layer->vectors; v += wide) {
        wide = nnsim_panel_width(layout, v);
        const product to = {.finish = tile->finish,
                            .rate = tile->rate,
                            .kept = tile->kept ? tile->kept + at : NULL,
                            .result = tile->result + at};
        WITH_CONSTANT(wide, learn_panel, sparse, inputs, &to, signal + v * LANES, stride)
        at += (size_t)wide * LANES * (size_t)inputs;
    }
}
