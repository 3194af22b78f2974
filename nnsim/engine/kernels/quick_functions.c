/* What the formulas of quick_functions.h need for each neuron. */
#include "quick_functions.h"

int nnsim_is_quick(int32_t activation)
{
    return activation == NNSIM_SIGMOID || activation == NNSIM_TANH ||
           activation == NNSIM_BIPOLAR_SIGMOID || activation == NNSIM_LINEAR ||
           activation == NNSIM_RELU || activation == NNSIM_LEAKY_RELU;
}

int nnsim_all_quick(const neuron_functions *functions)
{
    for (int kind = 0; kind < functions->kinds; kind++)
        if (!nnsim_is_quick(functions->code[kind]))
            return 0;
    return 1;
}

static void set_curve(quick_functions *quick, int i, double factor, double rise, double steepness)
{
    quick->sign[i] = factor < 0.0 ? INT64_MIN : 0;
    quick->twice[i] = factor == 2.0 ? -1 : 0;
    quick->per_power[i] = factor * PER_LN_2;
    quick->farthest[i] = FARTHEST / (factor < 0.0 ? -factor : factor);
    quick->rise[i] = rise;
    quick->start[i] = 1.0 - 2.0 * rise;
    quick->steepness[i] = steepness;
    quick->steepness_rise[i] = steepness * rise;
}

static void set_line(quick_functions *quick, int i, double alpha)
{
    quick->alpha[i] = alpha;
    quick->is_straight[i] = -1;
}

static void set_one(quick_functions *quick, int i, int32_t code, double alpha)
{
    if (code == NNSIM_SIGMOID)
        set_curve(quick, i, -1.0, 0.0, 1.0);
    else if (code == NNSIM_TANH)
        set_curve(quick, i, 2.0, 1.0, 1.0);
    else if (code == NNSIM_BIPOLAR_SIGMOID)
        set_curve(quick, i, 1.0, 1.0, 0.5);
    else
        set_line(quick, i, code == NNSIM_RELU ? 0.0 : code == NNSIM_LINEAR ? 1.0 : alpha);
}

void nnsim_set_quick(quick_functions *quick, int32_t neurons, const int32_t *code,
                     const double *alpha)
{
    *quick = (quick_functions){0};
    for (int i = 0; i < MOST_VECTORS * LANES; i++) {
        int32_t neuron = i % neurons;
        set_one(quick, i, code[neuron], alpha[neuron]);
        quick->straight |= quick->is_straight[i] != 0;
        quick->curved |= quick->is_straight[i] == 0;
    }
}
