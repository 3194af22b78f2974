/* The activation functions and losses of functions.h for one vector of neurons or samples. */
#ifndef NNSIM_ONE_VECTOR_H
#define NNSIM_ONE_VECTOR_H

#include "functions.h"
#include "vector_math.h"

/* ---------------------------------------------------------------- activations */

INLINE vec elu(vec alpha, vec z, vec *slope)
{
    lanes above = z > all(0.0), smooth = alpha == all(1.0);
    vec a = chosen(above, z, alpha * exponential_less_1(smaller_of(all(0.0), z)));
    *slope = chosen(above, all(1.0), only((z < all(0.0)) | smooth, a + alpha));
    return a;
}

INLINE vec silu(vec z, vec *slope)
{
    vec held = greater_of(all(-FARTHEST), z); /* below, s is not small enough */
    vec e = exponential(-held), s = all(1.0) / (all(1.0) + e);
    *slope = s + smaller_of(all(FARTHEST), held) * (e * s) * s; /* e s is 1 - s with all digits */
    return held * s;
}

static inline vec gelu(vec z, vec *slope)
{
    vec a;
    for (int lane = 0; lane < LANES; lane++) {
        double f_slope;
        a[lane] = nnsim_activate(NNSIM_GELU, 0.0, z[lane], &f_slope);
        (*slope)[lane] = f_slope;
    }
    return a;
}

INLINE vec sigmoid(vec z, vec *slope)
{
    vec a = logistic(z);
    *slope = a * (all(1.0) - a);
    return a;
}

INLINE vec scaled_tanh(vec scale, vec z, vec *slope)
{
    vec a = hyperbolic_tangent(scale * z);
    *slope = scale * (all(1.0) - a * a);
    return a;
}

/* f(z) and f'(z); with a constant code only one of the cases is left of it. */
INLINE vec activation_of(int32_t code, vec alpha, vec z, vec *slope)
{
    const lanes above = z > all(0.0);
    switch (code) {
    case NNSIM_SIGMOID:
        return sigmoid(z, slope);
    case NNSIM_BIPOLAR_SIGMOID:
        return scaled_tanh(all(0.5), z, slope);
    case NNSIM_TANH:
        return scaled_tanh(all(1.0), z, slope);
    case NNSIM_RELU:
        *slope = only(above, all(1.0));
        return only(above, z);
    case NNSIM_LEAKY_RELU:
        *slope = chosen(above, all(1.0), alpha);
        return *slope * z;
    case NNSIM_ELU:
        return elu(alpha, z, slope);
    case NNSIM_SOFTPLUS:
        *slope = logistic(z);
        return soft_plus(z);
    case NNSIM_SILU:
        return silu(z, slope);
    case NNSIM_GELU:
        return gelu(z, slope);
    case NNSIM_THRESHOLD:
        *slope = all(0.0);
        return only(z >= alpha, all(1.0));
    default: /* linear; of softmax the sums, its whole layer follows later */
        *slope = all(1.0);
        return z;
    }
}

/* ---------------------------------------------------------------- losses */

INLINE vec sign_of(vec x)
{
    return only(x > all(0.0), all(1.0)) - only(x < all(0.0), all(1.0));
}

INLINE vec huber(double limit, vec d, vec *gradient)
{
    vec size = size_of(d);
    *gradient = greater_of(all(-limit), smaller_of(all(limit), d));
    return chosen(size <= all(limit), all(0.5) * d * d, all(limit) * (size - all(0.5 * limit)));
}

/* - t ln o - (1 - t) ln(1 - o) of o = logistic(z): two terms of one sign, so that no digits cancel. */
INLINE vec binary_cross_entropy(vec z, vec t)
{
    vec wrong = chosen(z > all(0.0), all(1.0) - t, t);
    return size_of(z) * wrong + logarithm_of_1_and(exponential(-size_of(z)));
}

/* What each output adds to the loss, and its derivative by o; by z of binary cross-entropy. */
INLINE vec loss_of(int32_t loss, double limit, double outputs, vec z, vec o, vec t, vec *gradient)
{
    vec d = o - t, left = all(1.0) - t * o;
    lanes short_of = left > all(0.0);
    switch (loss) {
    case NNSIM_HALF_SQUARED:
        *gradient = d;
        return all(0.5) * (d * d);
    case NNSIM_MEAN_SQUARED:
        *gradient = all(2.0) * d / all(outputs);
        return d * d / all(outputs);
    case NNSIM_ABSOLUTE:
        *gradient = sign_of(d);
        return size_of(d);
    case NNSIM_HUBER:
        return huber(limit, d, gradient);
    case NNSIM_BINARY_CROSS_ENTROPY:
        *gradient = d;
        return binary_cross_entropy(z, t);
    case NNSIM_HINGE:
        *gradient = only(short_of, -t);
        return only(short_of, left);
    default: /* squared */
        *gradient = all(2.0) * d;
        return d * d;
    }
}
#endif
