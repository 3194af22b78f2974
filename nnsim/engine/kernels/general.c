/* The path that fits everything: the plain loops, one sample after another, every option.
 *
 * It is the one to read. A step adds up the gradient of its batch in a flat vector that is laid out
 * like the parameters, and then rules.c makes new parameters of it.
 */
#include <stdlib.h>
#include <string.h>

#include "functions.h"
#include "path.h"
#include "rules.h"

/* For each neuron, inputs first; and for each parameter. All in one piece of memory. */
typedef struct {
    double *a;         /* activation */
    double *z;         /* pre-activation */
    double *slope;     /* f'(z) */
    double *carried;   /* dE/da, as far as it has come back */
    double *gradient;  /* [parameters] dE/dw, summed over the batch */
    int32_t neurons;
} workspace;

static int fits(const nnsim_network *network, const nnsim_rule *rule, const nnsim_samples *samples)
{
    (void)network, (void)rule, (void)samples;
    return 1;
}

static int open_path(work *work)
{
    const nnsim_network *network = work->network;
    size_t parameters = (size_t)network->parameters, neurons = (size_t)network->inputs;
    for (int32_t l = 0; l < network->layers; l++)
        neurons += (size_t)network->sizes[l];
    size_t arrays = 1 + (size_t)nnsim_has_first(work->rule) + (size_t)nnsim_has_second(work->rule);

    workspace *own = calloc(1, sizeof *own + (4 * neurons + parameters) * sizeof(double));
    work->own = own;
    work->state_count = arrays * parameters;
    work->state = calloc(work->state_count + 1, sizeof(double));
    if (!own || !work->state)
        return -1;
    own->neurons = (int32_t)neurons;
    own->a = (double *)(own + 1);
    own->z = own->a + neurons;
    own->slope = own->z + neurons;
    own->carried = own->slope + neurons;
    own->gradient = own->carried + neurons;
    return 0;
}

static void close_path(work *work)
{
    free(work->state);
    free(work->own);
}

/* Where the moments lie in the state, behind the parameters; NULL where the optimizer has none. */
static double *first_of(const work *work)
{
    return nnsim_has_first(work->rule) ? work->state + work->network->parameters : NULL;
}

static double *second_of(const work *work)
{
    if (!nnsim_has_second(work->rule))
        return NULL;
    return work->state + work->network->parameters * (1 + nnsim_has_first(work->rule));
}

/* Copies a number for each parameter, unless it is asked to stop; nothing to NULL. */
static void copy(const work *work, const double *from, double *to)
{
    int64_t count = from && to ? work->network->parameters : 0;
    for (int64_t at = 0; at < count && !asked(work->stop); at += WORK_BETWEEN_LOOKS) {
        int64_t left = count - at, some = left < WORK_BETWEEN_LOOKS ? left : WORK_BETWEEN_LOOKS;
        memcpy(to + at, from + at, (size_t)some * sizeof(double));
    }
}

static void load(work *work, const nnsim_state *state)
{
    copy(work, state->parameters, work->state);
    copy(work, state->first, first_of(work));
    copy(work, state->second, second_of(work));
}

static void save(const work *work, nnsim_state *state)
{
    copy(work, work->state, state->parameters);
    copy(work, first_of(work), state->first);
    copy(work, second_of(work), state->second);
}

/* Sum of x_i y_i, in eight sums side by side so that the compiler can use vectors. */
static double dot(int32_t n, const double *restrict x, const double *restrict y)
{
    double sums[8] = {0}, rest = 0.0;
    int32_t i = 0;
    for (; i + 8 <= n; i += 8)
        for (int32_t k = 0; k < 8; k++)
            sums[k] += x[i + k] * y[i + k];
    for (; i < n; i++)
        rest += x[i] * y[i];
    return ((sums[0] + sums[4]) + (sums[1] + sums[5])) +
           ((sums[2] + sums[6]) + (sums[3] + sums[7])) + rest;
}

/* y += factor x. */
static void add_scaled(int32_t n, double factor, const double *restrict x, double *restrict y)
{
    for (int32_t i = 0; i < n; i++)
        y[i] += factor * x[i];
}

static int is_softmax(const nnsim_network *network)
{
    int32_t neurons = 0;
    for (int32_t l = 0; l < network->layers; l++)
        neurons += network->sizes[l];
    return network->activation[neurons - 1] == NNSIM_SOFTMAX;
}

/* Feedforward of layer l, whose first neuron is number `begin`: z = W a + b, then a = f(z). */
static void feed(work *work, int32_t l, int32_t begin)
{
    const nnsim_network *network = work->network;
    workspace *own = work->own;
    const double *weights = work->state + network->weights[l];
    const double *sources = own->a + network->first[l];
    int32_t width = network->width[l];
    for (int32_t i = 0; i < network->sizes[l]; i++) {
        int32_t neuron = begin + i, behind = neuron - network->inputs;
        double z = dot(width, weights + (int64_t)i * width, sources);
        if (network->biases[l] >= 0)
            z += work->state[network->biases[l] + i];
        work->poison += z * 0.0;
        own->z[neuron] = z;
        own->a[neuron] = nnsim_activate(network->activation[behind], network->slope[behind], z,
                                        &own->slope[neuron]);
    }
}

static void feed_forward(work *work, int64_t row)
{
    const nnsim_network *network = work->network;
    workspace *own = work->own;
    memcpy(own->a, work->samples->inputs + row * network->inputs,
           (size_t)network->inputs * sizeof(double));
    int32_t begin = network->inputs, last = network->layers - 1;
    for (int32_t l = 0; l < last; begin += network->sizes[l++])
        feed(work, l, begin);
    feed(work, last, begin);
    if (is_softmax(network))
        nnsim_softmax(network->sizes[last], own->z + begin, own->a + begin);
}

/* Backpropagation through layer l: from its back signals to the gradient of its weights and biases,
 * and to dE/da of the neurons that it reads; inputs need none. */
static void carry_back(work *work, int32_t l, const double *signals)
{
    const nnsim_network *network = work->network;
    workspace *own = work->own;
    int32_t first = network->first[l], width = network->width[l];
    int32_t skipped = first < network->inputs ? network->inputs - first : 0;
    skipped = skipped < width ? skipped : width;
    for (int32_t i = 0; i < network->sizes[l]; i++) {
        int64_t row = network->weights[l] + (int64_t)i * width;
        add_scaled(width, signals[i], own->a + first, own->gradient + row);
        add_scaled(width - skipped, signals[i], work->state + row + skipped,
                   own->carried + first + skipped);
        if (network->biases[l] >= 0)
            own->gradient[network->biases[l] + i] += signals[i];
    }
}

/* After the feedforward: from the loss back to the gradient of every weight, by the chain rule.
 * What was carried to a neuron, times its slope, becomes its back signal in the same place. */
static void backpropagate(work *work, const double *expected)
{
    const nnsim_network *network = work->network;
    workspace *own = work->own;
    int32_t last = network->layers - 1, begin = own->neurons - network->sizes[last];
    memset(own->carried, 0, (size_t)own->neurons * sizeof(double));
    nnsim_output_signals(work->rule, is_softmax(network), network->sizes[last], own->a + begin,
                         own->slope + begin, expected, own->carried + begin);
    for (int32_t l = last;; l--) {
        carry_back(work, l, own->carried + begin);
        if (l == 0)
            return;
        begin -= network->sizes[l - 1];
        for (int32_t i = begin; i < begin + network->sizes[l - 1]; i++)
            own->carried[i] *= own->slope[i];
    }
}

/* Adds up the gradient and the loss of the samples rows[0 .. size-1]. Returns 0 when it was asked
 * to stop. */
static int sum_over(work *work, const block *block, const int64_t *rows, int64_t size, double *loss,
                    double *error)
{
    const nnsim_network *network = work->network;
    workspace *own = work->own;
    int32_t outputs = network->sizes[network->layers - 1], begin = own->neurons - outputs;
    memset(own->gradient, 0, (size_t)network->parameters * sizeof(double));
    *loss = 0.0;
    for (int64_t i = 0; i < size; i++) {
        if (asked(block->stop))
            return 0;
        const double *expected = work->samples->expected + rows[i] * outputs;
        feed_forward(work, rows[i]);
        *loss += nnsim_loss_of(work->rule, outputs, own->z + begin, own->a + begin, expected);
        if (i == 0)
            *error = own->a[begin] - expected[0];
        backpropagate(work, expected);
    }
    return 1;
}

/* Penalties into gradient and loss, and the clipping; returns the factor that is left to apply. */
static double prepared(work *work, double share, double *loss)
{
    const nnsim_network *network = work->network;
    const nnsim_rule *rule = work->rule;
    workspace *own = work->own;
    double penalty = 0.0;
    for (int64_t i = 0; share != 1.0 && i < network->parameters; i++)
        own->gradient[i] *= share;
    for (int32_t l = 0; l < network->layers && !asked(work->stop); l++) {
        int64_t at = network->weights[l], count = (int64_t)network->sizes[l] * network->width[l];
        penalty += nnsim_penalty(rule, count, work->state + at);
        nnsim_penalise(rule, count, work->state + at, own->gradient + at);
    }
    *loss = *loss * share + penalty;
    return nnsim_clip(rule, network->trained, network->parameters, own->gradient);
}

/* `count` parameters from place `at` on follow the rule. */
static void update(work *work, const nnsim_pace *pace, int32_t weights, int64_t at, int64_t count,
                   double factor)
{
    const uint8_t *trained = work->network->trained;
    double *first = first_of(work), *second = second_of(work);
    const workspace *own = work->own;
    for (int64_t end = at + count, some; at < end && !asked(work->stop); at += some) {
        some = end - at < WORK_BETWEEN_LOOKS ? end - at : WORK_BETWEEN_LOOKS;
        nnsim_update(work->rule, pace, weights, trained ? trained + at : NULL, some, factor,
                     own->gradient + at, work->state + at, first ? first + at : NULL,
                     second ? second + at : NULL);
    }
}

static void update_all(work *work, const nnsim_pace *pace, double factor)
{
    const nnsim_network *network = work->network;
    for (int32_t l = 0; l < network->layers; l++) {
        int64_t count = (int64_t)network->sizes[l] * network->width[l];
        update(work, pace, 1, network->weights[l], count, factor);
        if (network->biases[l] >= 0)
            update(work, pace, 0, network->biases[l], network->sizes[l], factor);
    }
}

static int64_t take(work *work, const block *block)
{
    for (int64_t s = 0; s < block->steps; s++) {
        int64_t begin = s ? block->ends[s - 1] : 0, size = block->ends[s] - begin;
        if (!sum_over(work, block, block->rows + begin, size, &block->losses[s], &block->errors[s]))
            return s;
        double share = work->rule->mean ? 1.0 / (double)size : 1.0;
        double factor = prepared(work, share, &block->losses[s]);
        nnsim_pace pace = nnsim_pace_of(work->rule, block->first_step + s,
                                        block->first_optimizer_step + s);
        update_all(work, &pace, factor);
    }
    return block->steps;
}

const path nnsim_general_path = {"general", fits, open_path, load, save, take, close_path};

int64_t nnsim_losses(const nnsim_network *network, const nnsim_rule *rule,
                     const nnsim_samples *samples, const double *parameters, double *losses,
                     const volatile int32_t *stop)
{
    static const volatile int32_t never = 0;
    work work = {.network = network, .rule = rule, .samples = samples,
                 .stop = stop ? stop : &never};
    int64_t done = -1;
    if (open_path(&work) == 0) {
        const workspace *own = work.own;
        int32_t outputs = network->sizes[network->layers - 1], begin = own->neurons - outputs;
        memcpy(work.state, parameters, (size_t)network->parameters * sizeof(double));
        for (done = 0; done < samples->count && !asked(work.stop); done++) {
            feed_forward(&work, done);
            losses[done] = nnsim_loss_of(rule, outputs, own->z + begin, own->a + begin,
                                         samples->expected + done * outputs);
        }
    }
    close_path(&work);
    return done;
}
