/* The steps of networks so small that their weights need not leave the registers: a single neuron, or
 * one hidden layer of one or two vectors between few inputs and outputs.
 *
 * Every step waits for the one before, so what counts is how many operations follow one another from
 * the old weights to the new ones. What can be known before the outputs' signals is worked out
 * before: `pull` is what one of them moves the first layer by.
 */
#include "tiny.h"

#define KEPT_INPUTS 4
#define KEPT_VECTORS 2
#define KEPT_OUTPUTS 3

/* ---------------------------------------------------------------- a single neuron */

/* w[inputs] is the bias, and `rate` what moves each: the learning rate, or 0. All lanes are the
 * same. */
INLINE void neuron_steps(const int inputs, const int half_squared, steps *on, const block *block)
{
    const layer *layer = on->layout->layer;
    vec w[MOST_INPUTS + 1], rate[MOST_INPUTS + 1];
    UNROLL for (int i = 0; i <= inputs; i++) {
        size_t at = i < inputs ? layer->weights + (size_t)i * LANES : layer->biases;
        w[i] = all(on->w[at]);
        rate[i] = on->kept ? on->rate * all(on->kept[at]) : on->rate;
    }
    for (int64_t s = 0; s < block->steps; s++) {
        const double *x = on->samples->inputs + block->rows[s] * inputs;
        vec z = w[inputs];
        UNROLL for (int i = 0; i < inputs; i++)
            z += all(x[i]) * w[i];
        vec signal = finish(on, half_squared, 1, z, on->samples->expected + block->rows[s]);
        w[inputs] -= rate[inputs] * signal;
        UNROLL for (int i = 0; i < inputs; i++)
            w[i] -= (all(x[i]) * rate[i]) * signal;
        keep_record(on, block, s);
    }
    UNROLL for (int i = 0; i < inputs; i++)
        on->w[layer->weights + (size_t)i * LANES] = w[i][0];
    on->w[layer->biases] = w[inputs][0];
}

static void take_neuron(steps *on, const block *block)
{
#define CASE(inputs)                                                                               \
    case inputs:                                                                                   \
        if (on->rule->loss == NNSIM_HALF_SQUARED)                                                  \
            neuron_steps(inputs, 1, on, block);                                                    \
        else                                                                                       \
            neuron_steps(inputs, 0, on, block);                                                    \
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

/* ---------------------------------------------------------------- one hidden layer */

/* The weights of both layers, each with its biases behind: a single output's in the first lane. */
typedef struct {
    vec first[KEPT_INPUTS + 1][KEPT_VECTORS], later[KEPT_OUTPUTS][KEPT_VECTORS], bias;
} held;

/* Where vector v of input i's weights lies; behind the last input, of the biases. */
INLINE size_t first_place(const layer *layer, const int inputs, const int vectors, int i, int v)
{
    return (i < inputs ? layer->weights + (size_t)(i * vectors * LANES) : layer->biases) +
           (size_t)(v * LANES);
}

INLINE size_t later_place(const layer *layer, const int vectors, int j, int v)
{
    return layer->weights + (size_t)((j * vectors + v) * LANES);
}

INLINE void take_up(const steps *on, const int inputs, const int vectors, const int outputs,
                    held *w)
{
    const layer *layer = on->layout->layer;
    UNROLL for (int v = 0; v < vectors; v++) {
        UNROLL for (int i = 0; i <= inputs; i++)
            w->first[i][v] = load(on->w + first_place(layer, inputs, vectors, i, v));
        UNROLL for (int j = 0; j < outputs; j++)
            w->later[j][v] = load(on->w + later_place(layer + 1, vectors, j, v));
    }
    w->bias = load(on->w + layer[1].biases);
}

INLINE void put_down(const steps *on, const int inputs, const int vectors, const int outputs,
                     const held *w)
{
    const layer *layer = on->layout->layer;
    UNROLL for (int v = 0; v < vectors; v++) {
        UNROLL for (int i = 0; i <= inputs; i++)
            store(on->w + first_place(layer, inputs, vectors, i, v), w->first[i][v]);
        UNROLL for (int j = 0; j < outputs; j++)
            store(on->w + later_place(layer + 1, vectors, j, v), w->later[j][v]);
    }
    store(on->w + layer[1].biases, w->bias);
}

/* `step` where the parameters from place `at` on are trained, else 0. */
INLINE vec kept(const steps *on, size_t at, vec step)
{
    return on->kept ? step * load(on->kept + at) : step;
}

/* z of the hidden layer: even and odd inputs apart, so that fewer sums follow one another. */
INLINE void feed(const held *w, const int inputs, const int vectors, const double *x, vec *z)
{
    UNROLL for (int v = 0; v < vectors; v++) {
        vec even = w->first[inputs][v];
        UNROLL for (int i = 0; i < inputs; i += 2)
            even += all(x[i]) * w->first[i][v];
        vec odd = inputs > 1 ? all(x[1]) * w->first[1][v] : all(0.0);
        UNROLL for (int i = 3; i < inputs; i += 2)
            odd += all(x[i]) * w->first[i][v];
        z[v] = inputs > 1 ? even + odd : even;
    }
}

/* z of the outputs: of a single one in all lanes. */
INLINE vec feed_outputs(const held *w, const int vectors, const int outputs, int32_t used,
                        const vec *a)
{
    vec product[LANES];
    if (outputs == 1) {
        vec sum = w->bias;
        UNROLL for (int v = 0; v < vectors; v++)
            sum += w->later[0][v] * a[v];
        return sum_everywhere(sum, used);
    }
    UNROLL for (int j = 0; j < LANES; j++) {
        product[j] = j < outputs ? w->later[j][0] * a[0] : all(0.0);
        if (j < outputs)
            UNROLL for (int v = 1; v < vectors; v++)
                product[j] += w->later[j][v] * a[v];
    }
    return sums(product) + w->bias;
}

/* One step of one sample. */
INLINE void one_step(steps *on, const int inputs, const int vectors, const int outputs,
                     const double *x, const double *expected, held *w)
{
    const layer *layer = on->layout->layer;
    const lanes there = first_lanes(layer->neurons - (vectors - 1) * LANES);
    vec a[KEPT_VECTORS], slope[KEPT_VECTORS], move[KEPT_VECTORS], pull[KEPT_OUTPUTS][KEPT_VECTORS];
    feed(w, inputs, vectors, x, a);
    UNROLL for (int v = 0; v < vectors; v++)
        on->poison += a[v] * all(0.0);
    quick_activate(on->functions, vectors, a, slope);
    vec z = feed_outputs(w, vectors, outputs, layer->neurons, a); /* spare weights are 0 */
    a[vectors - 1] = only(there, a[vectors - 1]);
    UNROLL for (int v = 0; v < vectors; v++)
        UNROLL for (int j = 0; j < outputs; j++)
            pull[j][v] = w->later[j][v] * (on->rate * slope[v]);

    vec signals = finish(on, 1, outputs, z, expected);
    w->bias -= kept(on, layer[1].biases, only(first_lanes(outputs), on->rate * signals));
    UNROLL for (int j = 0; j < outputs; j++) {
        vec signal = outputs == 1 ? signals : all(signals[j]);
        UNROLL for (int v = 0; v < vectors; v++) {
            move[v] = j ? move[v] + signal * pull[j][v] : signal * pull[j][v];
            vec step = kept(on, later_place(layer + 1, vectors, j, v), on->rate * a[v]);
            w->later[j][v] -= step * signal;
        }
    }
    UNROLL for (int v = 0; v < vectors; v++)
        UNROLL for (int i = 0; i <= inputs; i++) {
            vec input = i < inputs ? all(x[i]) : all(1.0);
            w->first[i][v] -= kept(on, first_place(layer, inputs, vectors, i, v), input) * move[v];
        }
}

INLINE void hidden_steps(const int inputs, const int vectors, const int outputs, steps *on,
                         const block *block)
{
    steps own = *on;
    held w;
    take_up(on, inputs, vectors, outputs, &w);
    for (int64_t s = 0; s < block->steps; s++) {
        int64_t row = block->rows[s];
        one_step(&own, inputs, vectors, outputs, on->samples->inputs + row * inputs,
                 on->samples->expected + row * outputs, &w);
        keep_record(&own, block, s);
    }
    put_down(on, inputs, vectors, outputs, &w);
    *on = own;
}

static int take_hidden(steps *on, const block *block)
{
    const layout *layout = on->layout;
#define SHAPE(inputs, vectors, outputs) ((inputs) * 64 + (vectors) * 16 + (outputs))
#define CASE(inputs, vectors, outputs)                                                             \
    case SHAPE(inputs, vectors, outputs):                                                          \
        hidden_steps(inputs, vectors, outputs, on, block);                                         \
        return 1
#if LANES > 2
#define CASE_OF_3(inputs, vectors) CASE(inputs, vectors, 3)
#else
#define CASE_OF_3(inputs, vectors) /* the outputs are one vector at most */
#endif
#define CASES(inputs, vectors)                                                                     \
    CASE(inputs, vectors, 1);                                                                      \
    CASE(inputs, vectors, 2);                                                                      \
    CASE_OF_3(inputs, vectors)
    switch (SHAPE(layout->inputs, layout->layer[0].vectors, layout->outputs)) {
        CASES(1, 1);
        CASES(2, 1);
        CASES(3, 1);
        CASES(4, 1);
        CASES(2, 2);
        CASES(3, 2);
        CASES(4, 2);
    default:
        return 0;
    }
#undef CASES
#undef CASE_OF_3
#undef CASE
#undef SHAPE
}

int nnsim_take_in_registers(steps *on, const block *block)
{
    if (on->layout->layers > 2)
        return 0;
    if (on->layout->layers == 2)
        return on->rule->loss == NNSIM_HALF_SQUARED && take_hidden(on, block);
    take_neuron(on, block);
    return 1;
}
