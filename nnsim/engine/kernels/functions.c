/* The activation functions and the losses; sources stand in activations.py and losses.py. */
#include <math.h>

#include "functions.h"

#define ROOT_HALF 0.70710678118654752440       /* sqrt(1/2) */
#define INVERSE_ROOT_2PI 0.39894228040143267794 /* 1/sqrt(2 pi) */

double nnsim_sigmoid(double z)
{
    double small = exp(-fabs(z));
    return (z >= 0.0 ? 1.0 : small) / (1.0 + small);
}

double nnsim_softplus(double z)
{
    return fmax(z, 0.0) + log1p(exp(-fabs(z)));
}

static double elu(double alpha, double z, double *slope)
{
    if (z > 0.0) {
        *slope = 1.0;
        return z;
    }
    double a = alpha * expm1(z);
    *slope = z < 0.0 ? a + alpha : (alpha == 1.0 ? 1.0 : 0.0); /* a kink, but for alpha = 1 */
    return a;
}

/* z times Phi(z), the distribution function of the normal distribution. */
static double gelu(double z, double *slope)
{
    double below = 0.5 * erfc(-z * ROOT_HALF); /* 1 + erf would lose digits below 0 */
    *slope = below + z * INVERSE_ROOT_2PI * exp(-0.5 * z * z);
    return z * below;
}

static double silu(double z, double *slope)
{
    double s = nnsim_sigmoid(z);
    *slope = s * (1.0 + z * nnsim_sigmoid(-z)); /* 1 - s would lose digits above 0 */
    return z * s;
}

/* A sigmoid-shaped activation's slope follows from its value a. */
static double shaped(int32_t activation, double z, double *slope)
{
    double a;
    switch (activation) {
    case NNSIM_SIGMOID:
        a = nnsim_sigmoid(z);
        *slope = a * (1.0 - a);
        return a;
    case NNSIM_BIPOLAR_SIGMOID:
        a = tanh(0.5 * z);
        *slope = 0.5 * (1.0 - a * a);
        return a;
    default:
        a = tanh(z);
        *slope = 1.0 - a * a;
        return a;
    }
}

double nnsim_activate(int32_t activation, double parameter, double z, double *slope)
{
    switch (activation) {
    case NNSIM_SIGMOID:
    case NNSIM_BIPOLAR_SIGMOID:
    case NNSIM_TANH:
        return shaped(activation, z, slope);
    case NNSIM_RELU:
        *slope = z > 0.0 ? 1.0 : 0.0;
        return z > 0.0 ? z : 0.0;
    case NNSIM_LEAKY_RELU:
        *slope = z > 0.0 ? 1.0 : parameter;
        return z > 0.0 ? z : parameter * z;
    case NNSIM_ELU:
        return elu(parameter, z, slope);
    case NNSIM_SOFTPLUS:
        *slope = nnsim_sigmoid(z);
        return nnsim_softplus(z);
    case NNSIM_SILU:
        return silu(z, slope);
    case NNSIM_GELU:
        return gelu(z, slope);
    case NNSIM_THRESHOLD:
        *slope = 0.0;
        return z >= parameter ? 1.0 : 0.0;
    default: /* linear */
        *slope = 1.0;
        return z;
    }
}

static double highest(int32_t n, const double *z)
{
    double most = z[0];
    for (int32_t i = 1; i < n; i++)
        most = z[i] > most ? z[i] : most;
    return most;
}

void nnsim_softmax(int32_t n, const double *z, double *a)
{
    double most = highest(n, z), sum = 0.0;
    for (int32_t i = 0; i < n; i++)
        sum += a[i] = exp(z[i] - most);
    for (int32_t i = 0; i < n; i++)
        a[i] /= sum;
}

/* - sum of t ln o = sum of t (ln(sum of e^z) - z): exact also where an output rounds to 0. */
static double softmax_cross_entropy(int32_t n, const double *z, const double *t)
{
    double most = highest(n, z), sum = 0.0, loss = 0.0;
    for (int32_t i = 0; i < n; i++)
        sum += exp(z[i] - most);
    double log_sum = log(sum); /* above the highest, which is not added: that would cost digits */
    for (int32_t i = 0; i < n; i++)
        loss += t[i] == 0.0 ? 0.0 : t[i] * (log_sum - (z[i] - most));
    return loss;
}

/* What one output adds to the loss. */
static double loss_term(const nnsim_rule *rule, int32_t n, double z, double o, double t)
{
    double d = o - t;
    switch (rule->loss) {
    case NNSIM_HALF_SQUARED:
        return 0.5 * (d * d);
    case NNSIM_MEAN_SQUARED:
        return d * d / n;
    case NNSIM_ABSOLUTE:
        return fabs(d);
    case NNSIM_HUBER:
        return fabs(d) <= rule->huber ? 0.5 * d * d : rule->huber * (fabs(d) - 0.5 * rule->huber);
    case NNSIM_BINARY_CROSS_ENTROPY: /* - t ln o - (1 - t) ln(1 - o), exact for any z */
        return fabs(z) * (z > 0.0 ? 1.0 - t : t) + log1p(exp(-fabs(z)));
    case NNSIM_HINGE:
        return t * o < 1.0 ? 1.0 - t * o : 0.0;
    default: /* squared */
        return d * d;
    }
}

double nnsim_loss_of(const nnsim_rule *rule, int32_t n, const double *z, const double *o,
                     const double *t)
{
    if (rule->loss == NNSIM_SOFTMAX_CROSS_ENTROPY)
        return softmax_cross_entropy(n, z, t);
    double loss = 0.0;
    for (int32_t i = 0; i < n; i++)
        loss += loss_term(rule, n, z[i], o[i], t[i]);
    return loss;
}

/* dE/do of one output; 0 at a kink. Not of the cross-entropies: theirs goes by dE/dz. */
static double loss_gradient(const nnsim_rule *rule, int32_t n, double o, double t)
{
    double d = o - t;
    switch (rule->loss) {
    case NNSIM_HALF_SQUARED:
        return d;
    case NNSIM_MEAN_SQUARED:
        return 2.0 * d / n;
    case NNSIM_ABSOLUTE:
        return d > 0.0 ? 1.0 : (d < 0.0 ? -1.0 : 0.0);
    case NNSIM_HUBER:
        return d > rule->huber ? rule->huber : (d < -rule->huber ? -rule->huber : d);
    case NNSIM_HINGE:
        return t * o < 1.0 ? -t : 0.0;
    default: /* squared */
        return 2.0 * d;
    }
}

/* dE/dz_j = sum over k of dE/da_k a_k (1 if k = j, else 0, - a_j) = a_j (g_j - sum of g_k a_k). */
static void through_softmax(int32_t n, const double *a, double *signal)
{
    double mean = 0.0;
    for (int32_t i = 0; i < n; i++)
        mean += signal[i] * a[i];
    for (int32_t i = 0; i < n; i++)
        signal[i] = a[i] * (signal[i] - mean);
}

/* dE/dz where it is simpler than the product of its factors: o - t, for softmax o (sum of t) - t. */
static void cross_entropy_signals(int32_t softmax, int32_t n, const double *o, const double *t,
                                  double *signal)
{
    double sum = softmax ? 0.0 : 1.0;
    for (int32_t i = 0; softmax && i < n; i++)
        sum += t[i];
    for (int32_t i = 0; i < n; i++)
        signal[i] = o[i] * sum - t[i];
}

void nnsim_output_signals(const nnsim_rule *rule, int32_t softmax, int32_t n, const double *o,
                          const double *slope, const double *t, double *signal)
{
    if (rule->loss == NNSIM_BINARY_CROSS_ENTROPY || rule->loss == NNSIM_SOFTMAX_CROSS_ENTROPY) {
        cross_entropy_signals(rule->loss == NNSIM_SOFTMAX_CROSS_ENTROPY, n, o, t, signal);
        return;
    }
    for (int32_t i = 0; i < n; i++)
        signal[i] = loss_gradient(rule, n, o[i], t[i]) * (softmax ? 1.0 : slope[i]);
    if (softmax)
        through_softmax(n, o, signal);
}
