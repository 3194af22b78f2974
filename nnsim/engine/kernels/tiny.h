/* What the loops of the tiny path share: tiny.c keeps weights in memory, in_registers.c does not. */
#ifndef NNSIM_TINY_H
#define NNSIM_TINY_H

#include "layout.h"
#include "one_vector.h"
#include "quick_functions.h"

#define MOST_INPUTS 8

/* What all steps of a block have in common. */
typedef struct {
    const layout *layout;
    const quick_functions *functions; /* of each layer */
    const nnsim_rule *rule;
    const nnsim_samples *samples;
    double *w;
    const double *kept; /* 1 or 0 for each parameter, NULL: all are trained */
    vec rate, poison;
    double loss, error; /* of the last sample */
} steps;

/* Takes the steps of a block whose weights fit the registers, or returns 0 where they do not. */
int nnsim_take_in_registers(steps *on, const block *block);

/* The sum over the lanes, in all of them. Where no more than half of them are in use, the others 0,
 * it is in that half alone, and what is in the others is of no use but finite. */
INLINE vec sum_everywhere(vec x, int32_t used)
{
#if LANES == 8
    if (used > 4)
        x += SHUFFLED(x, x, 4, 5, 6, 7, 0, 1, 2, 3);
    x += SHUFFLED(x, x, 2, 3, 0, 1, 6, 7, 4, 5);
    return x + SHUFFLED(x, x, 1, 0, 3, 2, 5, 4, 7, 6);
#elif LANES == 4
    if (used > 2)
        x += SHUFFLED(x, x, 2, 3, 0, 1);
    return x + SHUFFLED(x, x, 1, 0, 3, 2);
#else
    (void)used;
    return x + SHUFFLED(x, x, 1, 0);
#endif
}

/* What each output adds to the loss; apart from the loops, which would each have all losses in
 * them. */
vec nnsim_tiny_loss(const nnsim_rule *rule, double outputs, vec z, vec o, vec t, vec *gradient);

/* From z of the outputs to their back signals, half_squared when the loss is that alone; those of
 * spare lanes are of no use. A single output stands in all lanes. */
INLINE vec finish(steps *on, const int half_squared, const int32_t outputs, vec z,
                  const double *expected)
{
    vec t = outputs == 1 ? all(expected[0]) : gathered(expected, 1, outputs);
    vec slope, gradient, o = z;
    on->poison += z * all(0.0);
    quick_activate(on->functions + (on->layout->layers - 1), 1, &o, &slope);
    vec terms = half_squared || on->rule->loss == NNSIM_HALF_SQUARED
                    ? loss_of(NNSIM_HALF_SQUARED, 0.0, outputs, z, o, t, &gradient)
                    : nnsim_tiny_loss(on->rule, outputs, z, o, t, &gradient);
    on->loss = outputs == 1 ? terms[0] : sum_of_lanes(only(first_lanes(outputs), terms));
    on->error = o[0] - expected[0];
    if (!half_squared && on->rule->loss == NNSIM_BINARY_CROSS_ENTROPY)
        return gradient;
    return gradient * slope;
}

INLINE void keep_record(const steps *on, const block *block, int64_t s)
{
    block->losses[s] = on->loss;
    block->errors[s] = on->error;
}
#endif
