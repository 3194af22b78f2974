/* The activation functions and the losses, one number at a time, as in activations.py and losses.py.
 *
 * They are the plain versions, by the C library's exp, tanh and erf. The fast paths have vectorised
 * ones of their own (vector_math.h).
 */
#ifndef NNSIM_FUNCTIONS_H
#define NNSIM_FUNCTIONS_H

#include "kernel.h"

/* 1 / (1 + e^-z), without overflow for any z. */
double nnsim_sigmoid(double z);

/* ln(1 + e^z), likewise. */
double nnsim_softplus(double z);

/* f(z), and f'(z) in *slope, of any activation but softmax, which needs its whole layer.
 * parameter: alpha of leaky ReLU and ELU, the place of a threshold. Slopes at kinks: 0, of leaky
 * ReLU alpha. */
double nnsim_activate(int32_t activation, double parameter, double z, double *slope);

/* a_i = e^z_i / sum of e^z_k over the n neurons of a layer. z and a may be the same array. */
void nnsim_softmax(int32_t n, const double *z, double *a);

/* E of one sample: z the sums, o the outputs, t what was expected, [n] each. */
double nnsim_loss_of(const nnsim_rule *rule, int32_t n, const double *z, const double *o,
                     const double *t);

/* The back signals dE/dz of the n output neurons, into `signal`. o: their outputs; slope: f'(z) of
 * each, not looked at where `softmax` says that they are one softmax layer. */
void nnsim_output_signals(const nnsim_rule *rule, int32_t softmax, int32_t n, const double *o,
                          const double *slope, const double *t, double *signal);
#endif
