/* One sample a step; the lanes of a vector are neighbouring neurons. See online_layers.h, and
 * one_hidden_layer.h for the networks whose steps need not go by way of memory. */
#include <stdlib.h>
#include <string.h>

#include "one_hidden_layer.h"
#include "online_layers.h"

#define LISTED_INPUTS 16 /* from so many inputs on those that are not 0 are listed */

static int fits(const nnsim_network *network, const nnsim_rule *rule, const nnsim_samples *samples)
{
    (void)rule;
    return samples->batch_size == 1 && !samples->given && nnsim_layout_fits(network);
}

static int open_arrays(online *own)
{
    const layout *layout = &own->layout;
    size_t row = (size_t)layout->row + LANES, outputs = (size_t)layout->outputs + LANES;
    double *numbers = nnsim_aligned(3 * row + 2 * outputs, &own->block);
    if (!numbers)
        return -1;
    own->a = numbers;
    own->slope = own->a + row;
    own->carried = own->slope + row;
    own->z = own->carried + row;
    own->expected = own->z + outputs;
    return 0;
}

static int open_path(work *work)
{
    online *own = work->own = calloc(1, sizeof *own);
    const nnsim_rule *rule = work->rule;
    if (!own)
        return -1;
    own->layout.may_hold = nnsim_is_plain(rule);
    if (nnsim_open_layout(&own->layout, work, MOST_VECTORS) < 0)
        return -1;
    own->mode = !nnsim_is_plain(rule) ? GRADIENT : own->layout.kept ? STEP_OF_TRAINED : STEP;
    own->in_registers = own->mode == STEP && own->layout.inputs >= LISTED_INPUTS &&
                  has_one_hidden_layer(&own->layout);
    own->steady = rule->schedule == NNSIM_CONSTANT && rule->warm_up_steps <= 1;
    if (open_arrays(own) < 0)
        return -1;
    return open_lists(&own->lists, own->layout.inputs, work->samples->count);
}

static void close_path(work *work)
{
    online *own = work->own;
    if (!own)
        return;
    nnsim_close_layout(&own->layout, work);
    free(own->block);
    close_lists(&own->lists);
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

/* Activations of a hidden layer; those of its spare places must be 0. */
static void activate(online *own, const layer *layer)
{
    double *a = own->a + layer->at, *last = a + (layer->vectors - 1) * LANES;
    nnsim_activate_vectors(&layer->functions, 1, layer->vectors, 0, a, a, own->slope + layer->at,
                           own->poison);
    if (layer->neurons % LANES)
        store(last, only(first_lanes(layer->neurons % LANES), load(last)));
}

static void feed_forward(const step *step)
{
    online *own = step->own;
    int32_t last = own->layout.layers - 1;
    for (int32_t l = 0; l <= last; l++) {
        const layer *layer = &own->layout.layer[l];
        double *z = l == last ? own->z : own->a + layer->at;
        if (l == 0)
            feed_first(step, z);
        else
            feed_later(step, layer, z);
        if (l < last)
            activate(own, layer);
    }
}

static inline void backpropagate(const step *step, const enum mode mode)
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
            learn_first(step, mode, signal);
        else
            back_later(step, mode, layer, signal);
    }
}

/* Returns the sample's loss; its first error into *error. */
static inline double take_step(const step *step, const enum mode mode, const nnsim_rule *rule,
                               const double *expected, double *error)
{
    online *own = step->own;
    const layout *layout = &own->layout;
    const layer *last = &layout->layer[layout->layers - 1];
    for (int32_t i = 0; i < layout->outputs; i++)
        own->expected[i] = expected[i];
    if (layout->skips)
        memset(own->carried, 0, (size_t)layout->row * sizeof(double));
    feed_forward(step);
    double *o = own->a + last->at;
    double loss = nnsim_finish_outputs(&last->functions, rule, 1, own->z, own->expected, 1.0, o,
                                       own->carried + last->at, own->poison);
    *error = o[0] - expected[0];
    backpropagate(step, mode);
    nnsim_hold(layout, step->w);
    return loss;
}

/* The step's inputs: all, or a list. */
static inline void choose_inputs(step *step, const double *x, int64_t row, int32_t listed)
{
    listed_inputs *lists = &step->own->lists;
    step->x = x;
    if (!listed)
        return;
    int64_t slot = look_up_list(lists, row, x), at = slot * (lists->inputs + SPARE_INPUTS);
    step->x = lists->values + at;
    step->listed = lists->places + at;
    step->count = lists->counts[slot];
}

/* The row of the next step; of the last step its own. */
static inline int64_t row_after(const block *block, int64_t s)
{
    return block->rows[s + 1 < block->steps ? s + 1 : s];
}

static inline step first_step(const work *work)
{
    online *own = work->own;
    return (step){.own = own,
                  .w = work->state,
                  .g = own->layout.gradient,
                  .kept = own->layout.kept,
                  .count = own->layout.inputs,
                  .rate = work->rule->learning_rate};
}

static inline void take_steps(work *work, const block *block, const enum mode mode)
{
    online *own = work->own;
    const layout *layout = &own->layout;
    const nnsim_samples *samples = work->samples;
    const int32_t listed = mode != GRADIENT && layout->inputs >= LISTED_INPUTS;
    step step = first_step(work);
    for (int64_t s = 0; s < block->steps; s++) {
        const double *x = samples->inputs + block->rows[s] * layout->inputs;
        const double *expected = samples->expected + block->rows[s] * layout->outputs;
        choose_inputs(&step, x, block->rows[s], listed);
        if (listed)
            fetch_early(&own->lists, samples->inputs + row_after(block, s) * layout->inputs);
        if (layout->inputs_in_row)
            memcpy(own->a, x, (size_t)layout->inputs * sizeof(double));
        if (mode != GRADIENT && !own->steady)
            step.rate = nnsim_learning_rate(work->rule, block->first_step + s);
        block->losses[s] = take_step(&step, mode, work->rule, expected, &block->errors[s]);
        if (mode == GRADIENT) {
            if (asked(block->stop))
                return;
            nnsim_pace pace = nnsim_pace_of(work->rule, block->first_step + s,
                                            block->first_optimizer_step + s);
            block->losses[s] += nnsim_follow_rule(layout, work, &pace);
        }
    }
}

/* Where the expected outputs of a sample are, with a vector behind them that can be read. */
static inline const double *readable(online *own, const nnsim_samples *samples, int64_t row)
{
    int32_t outputs = own->layout.outputs;
    const double *expected = samples->expected + row * outputs;
    if ((samples->count - row - 1) * outputs >= LANES)
        return expected;
    memcpy(own->expected, expected, (size_t)outputs * sizeof(double));
    return own->expected;
}

INLINE void stay_in_registers(const int wide, const int outputs, work *work, const block *block)
{
    online *own = work->own;
    const nnsim_samples *samples = work->samples;
    step step = first_step(work);
    for (int64_t s = 0; s < block->steps; s++) {
        int64_t row = block->rows[s];
        choose_inputs(&step, samples->inputs + row * own->layout.inputs, row, 1);
        fetch_early(&own->lists, samples->inputs + row_after(block, s) * own->layout.inputs);
        if (!own->steady)
            step.rate = nnsim_learning_rate(work->rule, block->first_step + s);
        block->losses[s] = step_in_registers(wide, outputs, &step, work->rule,
                                             readable(own, samples, row), &block->errors[s]);
    }
}

static void take_in_registers(work *work, const block *block)
{
    const layer *hidden = ((online *)work->own)->layout.layer, *last = hidden + 1;
#define CASE(wide)                                                                                 \
    case wide:                                                                                     \
        if (last->vectors == 1)                                                                    \
            stay_in_registers(wide, 1, work, block);                                               \
        else                                                                                       \
            stay_in_registers(wide, MOST_OUTPUT_VECTORS, work, block);                             \
        break
    switch (hidden->vectors) {
        CASE(1);
        CASE(2);
        CASE(4);
        CASE(8);
    }
#undef CASE
}

static int64_t take(work *work, const block *block)
{
    online *own = work->own;
    memset(own->poison, 0, sizeof own->poison);
    if (own->in_registers)
        take_in_registers(work, block);
    else if (own->mode == STEP)
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
