/* The activation functions and losses over whole vectors; formulas stand in functions.c. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "one_vector.h"
#include "vector_functions.h"

static int kind_of(neuron_functions *functions, int32_t code)
{
    int kind = 0;
    while (kind < functions->kinds && functions->code[kind] != code)
        kind++;
    return kind;
}

int nnsim_open_functions(neuron_functions *functions, int32_t neurons, const int32_t *code,
                         const double *alpha)
{
    size_t places = (size_t)neurons + LANES;
    functions->neurons = neurons;
    functions->alpha = calloc(places, sizeof(double));
    if (!functions->alpha)
        return -1;
    for (size_t i = 0; i < places; i++) {
        int kind = kind_of(functions, code[i % (size_t)neurons]);
        if (kind == functions->kinds) {
            functions->where[kind] = calloc(places, sizeof(int64_t));
            if (!functions->where[kind])
                return -1;
            functions->code[functions->kinds++] = code[i];
        }
        functions->where[kind][i] = -1;
        functions->alpha[i] = alpha[i % (size_t)neurons];
    }
    return 0;
}

void nnsim_close_functions(neuron_functions *functions)
{
    for (int kind = 0; kind < functions->kinds; kind++)
        free(functions->where[kind]);
    free(functions->alpha);
}

/* ---------------------------------------------------------------- activations */

/* The vectors that one call is about. */
typedef struct {
    int64_t rows, vectors, stride;
    const double *z;
    double *a, *slope, *poison;
} stretch;

/* Where the vector behind that of neuron number `at` begins. */
INLINE int32_t next_place(int32_t at, int32_t neurons)
{
    at += LANES;
    while (at >= neurons)
        at -= neurons;
    return at;
}

/* All vectors by one function. */
INLINE void activate_alike(int32_t code, const neuron_functions *functions, const stretch *on)
{
    vec poison = load(on->poison);
    for (int64_t row = 0; row < on->rows; row++) {
        int32_t at = 0;
        for (int64_t i = row * on->stride; i < row * on->stride + on->vectors * LANES; i += LANES) {
            vec z = load(on->z + i), slope;
            poison += z * all(0.0);
            store(on->a + i, activation_of(code, load(functions->alpha + at), z, &slope));
            store(on->slope + i, slope);
            at = next_place(at, functions->neurons);
        }
    }
    store(on->poison, poison);
}

/* One vector whose neurons differ: every function of the layer, each in its own lanes. */
static vec activate_mixed(const neuron_functions *functions, int32_t at, vec z, vec *slope)
{
    vec a = all(0.0);
    *slope = all(0.0);
    for (int kind = 0; kind < functions->kinds; kind++) {
        vec f_slope, f = activation_of(functions->code[kind], load(functions->alpha + at), z,
                                       &f_slope);
        lanes where = load_lanes(functions->where[kind] + at);
        a = chosen(where, f, a);
        *slope = chosen(where, f_slope, *slope);
    }
    return a;
}

static void activate_differing(const neuron_functions *functions, const stretch *on)
{
    for (int64_t row = 0; row < on->rows; row++) {
        int32_t at = 0;
        for (int64_t i = row * on->stride; i < row * on->stride + on->vectors * LANES; i += LANES) {
            vec z = load(on->z + i), slope;
            store(on->poison, load(on->poison) + z * all(0.0));
            store(on->a + i, activate_mixed(functions, at, z, &slope));
            store(on->slope + i, slope);
            at = next_place(at, functions->neurons);
        }
    }
}

void nnsim_activate_vectors(const neuron_functions *functions, int64_t rows, int64_t vectors,
                            int64_t stride, const double *z, double *a, double *slope,
                            double *poison)
{
    const stretch on = {rows, vectors, stride, z, a, slope, poison};
    if (functions->kinds > 1) {
        activate_differing(functions, &on);
        return;
    }
#define CASE(code)                                                                                 \
    case code:                                                                                     \
        activate_alike(code, functions, &on);                                                      \
        break
    switch (functions->code[0]) {
        CASE(NNSIM_SIGMOID);
        CASE(NNSIM_BIPOLAR_SIGMOID);
        CASE(NNSIM_TANH);
        CASE(NNSIM_RELU);
        CASE(NNSIM_LEAKY_RELU);
        CASE(NNSIM_ELU);
        CASE(NNSIM_SOFTPLUS);
        CASE(NNSIM_SILU);
        CASE(NNSIM_GELU);
        CASE(NNSIM_THRESHOLD);
    default:
        activate_alike(NNSIM_LINEAR, functions, &on);
    }
#undef CASE
}

/* ---------------------------------------------------------------- losses */

/* The outputs that one call is about, `count` numbers in all. In `signal` their slopes come in. */
typedef struct {
    int64_t count;
    const double *z, *o, *t;
    double share, *signal;
} results;

INLINE double each_loss(int32_t loss, const nnsim_rule *rule, double outputs, const results *of)
{
    vec sum = all(0.0);
    for (int64_t i = 0; i < of->count; i += LANES) {
        lanes there = first_lanes(of->count - i);
        vec gradient, slope = load(of->signal + i);
        vec terms = loss_of(loss, rule->huber, outputs, load(of->z + i), load(of->o + i),
                            load(of->t + i), &gradient);
        if (loss != NNSIM_BINARY_CROSS_ENTROPY)
            gradient *= slope;
        store(of->signal + i, only(there, gradient * all(of->share)));
        sum += only(there, terms);
    }
    return sum_of_lanes(sum);
}

static double losses_of(const nnsim_rule *rule, int32_t outputs, const results *of)
{
#define CASE(loss)                                                                                 \
    case loss:                                                                                     \
        return each_loss(loss, rule, outputs, of)
    switch (rule->loss) {
        CASE(NNSIM_HALF_SQUARED);
        CASE(NNSIM_MEAN_SQUARED);
        CASE(NNSIM_ABSOLUTE);
        CASE(NNSIM_HUBER);
        CASE(NNSIM_BINARY_CROSS_ENTROPY);
        CASE(NNSIM_HINGE);
    default:
        return each_loss(NNSIM_SQUARED, rule, outputs, of);
    }
#undef CASE
}

/* ---------------------------------------------------------------- softmax */

static double highest(int32_t n, const double *z)
{
    double most = z[0];
    for (int32_t i = 1; i < n; i++)
        most = z[i] > most ? z[i] : most;
    return most;
}

/* o_i = e^(z_i - most) / sum. Returns ln of that sum. The last vector of o may stick out. */
static double softmax(int32_t n, double most, const double *z, double *o)
{
    vec parts = all(0.0);
    for (int32_t i = 0; i < n; i += LANES) {
        vec e = only(first_lanes(n - i), exponential(load(z + i) - all(most)));
        store(o + i, e);
        parts += e;
    }
    double sum = sum_of_lanes(parts);
    for (int32_t i = 0; i < n; i++)
        o[i] /= sum;
    return log(sum);
}

/* - sum of t ln o, with the signals o (sum of t) - t. ln o_i = z_i - most - log_sum, in this order:
 * adding the highest sum to the logarithm would cost its digits. */
static double cross_entropy(int32_t n, const double *z, const double *t, double share, double *o,
                            double *signal)
{
    double most = highest(n, z), log_sum = softmax(n, most, z, o);
    double loss = 0.0, sum = 0.0;
    for (int32_t i = 0; i < n; i++) {
        loss += t[i] == 0.0 ? 0.0 : t[i] * ((most - z[i]) + log_sum);
        sum += t[i];
    }
    for (int32_t i = 0; i < n; i++)
        signal[i] = share * (o[i] * sum - t[i]);
    return loss;
}

/* One sample with softmax outputs. */
static double finish_softmax(const nnsim_rule *rule, int32_t n, const double *z, const double *t,
                             double share, double *o, double *signal)
{
    if (rule->loss == NNSIM_SOFTMAX_CROSS_ENTROPY)
        return cross_entropy(n, z, t, share, o, signal);
    nnsim_softmax(n, z, o);
    nnsim_output_signals(rule, 1, n, o, NULL, t, signal);
    for (int32_t i = 0; i < n; i++)
        signal[i] *= share;
    return nnsim_loss_of(rule, n, z, o, t);
}

static void poison_by(int64_t count, const double *z, double *poison)
{
    vec sum = load(poison);
    for (int64_t i = 0; i < count; i += LANES)
        sum += only(first_lanes(count - i), load(z + i) * all(0.0));
    store(poison, sum);
}

double nnsim_finish_outputs(const neuron_functions *functions, const nnsim_rule *rule, int64_t rows,
                            const double *z, const double *t, double share, double *o,
                            double *signal, double *poison)
{
    int32_t n = functions->neurons;
    int64_t count = rows * n;
    if (functions->code[0] != NNSIM_SOFTMAX) {
        nnsim_activate_vectors(functions, 1, IN_VECTORS(count), 0, z, o, signal, poison);
        const results of = {count, z, o, t, share, signal};
        return losses_of(rule, n, &of);
    }
    double loss = 0.0;
    poison_by(count, z, poison);
    for (int64_t i = 0; i < count; i += n)
        loss += finish_softmax(rule, n, z + i, t + i, share, o + i, signal + i);
    store(signal + count, all(0.0));
    return loss;
}
