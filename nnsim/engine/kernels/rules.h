/* What turns a batch's gradient into new parameters, elementwise over ranges of any layout.
 *
 * The order within a step (settings.py, penalties.py and optimizers.py have the formulas):
 *     nnsim_penalise   g += l1 sign(w) + l2 w                    of weights
 *     nnsim_clip       g held within +- clip_value; what clip_norm leaves of it
 *     nnsim_update     weight decay, the optimizer, the weight limit
 * What is not trained (trained[i] == 0; NULL: all is) keeps its value and its moments, and does not
 * count in the length. Padding is harmless: w = g = 0 stays 0 in every rule.
 */
#ifndef NNSIM_RULES_H
#define NNSIM_RULES_H

#include "kernel.h"

/* The rates of one step. */
typedef struct {
    double rate;         /* eta after its schedule */
    double adam_rate;    /* eta / (1 - beta1^t) */
    double adam_root;    /* 1 / sqrt(1 - beta2^t) */
    double kept;         /* what AdamW's decay leaves of a weight: 1 - eta weight_decay */
} nnsim_pace;

/* eta of the step with that number, from 0. */
double nnsim_learning_rate(const nnsim_rule *rule, int64_t step);

/* All rates of a step; optimizer_step is the number of the optimizer's steps before it, so that
 * Adam's t is optimizer_step + 1. */
nnsim_pace nnsim_pace_of(const nnsim_rule *rule, int64_t step, int64_t optimizer_step);

/* l1 sum|w| + 1/2 l2 sum w^2 of n weights: what they add to the loss. */
double nnsim_penalty(const nnsim_rule *rule, int64_t n, const double *w);

void nnsim_penalise(const nnsim_rule *rule, int64_t n, const double *w, double *g);

/* Holds g within +- clip_value, and returns the factor that clip_norm then asks for; 1 without. */
double nnsim_clip(const nnsim_rule *rule, const uint8_t *trained, int64_t n, double *g);

/* New parameters from the gradient times `factor`. weights: 1 when these are weights, 0 for biases,
 * which neither decay nor have a limit. first, second: NULL where the optimizer has none. */
void nnsim_update(const nnsim_rule *rule, const nnsim_pace *pace, int32_t weights,
                  const uint8_t *trained, int64_t n, double factor, const double *g, double *w,
                  double *first, double *second);

/* Which moments an optimizer has. */
int nnsim_has_first(const nnsim_rule *rule);
int nnsim_has_second(const nnsim_rule *rule);
#endif
