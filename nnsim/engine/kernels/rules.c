/* From a gradient to new parameters; sources stand in optimizers.py, penalties.py, schedules.py. */
#include <math.h>

#include "rules.h"

#define PI 3.14159265358979323846
#define NORM_ROOM 1e-6 /* PyTorch's, in clip_grad_norm_ */

double nnsim_learning_rate(const nnsim_rule *rule, int64_t step)
{
    double rate = rule->learning_rate, factor = rule->schedule_factor;
    int64_t span = rule->schedule_steps > 0 ? rule->schedule_steps : 1;
    if (rule->schedule == NNSIM_STEP)
        rate *= pow(factor, (double)(step / span));
    else if (rule->schedule == NNSIM_EXPONENTIAL)
        rate *= pow(factor, (double)step / (double)span);
    else if (rule->schedule == NNSIM_COSINE) {
        double through = (double)(step < span ? step : span);
        rate *= factor + (1.0 - factor) * ((1.0 + cos(PI * through / (double)span)) / 2.0);
    }
    if (step + 1 < rule->warm_up_steps)
        rate *= (double)(step + 1) / (double)rule->warm_up_steps;
    return rate;
}

static int is_adam(const nnsim_rule *rule)
{
    return rule->optimizer == NNSIM_ADAM || rule->optimizer == NNSIM_ADAMW;
}

int nnsim_has_first(const nnsim_rule *rule)
{
    return rule->optimizer == NNSIM_MOMENTUM || rule->optimizer == NNSIM_NESTEROV || is_adam(rule);
}

int nnsim_has_second(const nnsim_rule *rule)
{
    return rule->optimizer == NNSIM_RMSPROP || rule->optimizer == NNSIM_ADAGRAD || is_adam(rule);
}

nnsim_pace nnsim_pace_of(const nnsim_rule *rule, int64_t step, int64_t optimizer_step)
{
    double rate = nnsim_learning_rate(rule, step);
    nnsim_pace pace = {rate, rate, 1.0, 1.0};
    if (is_adam(rule)) {
        double t = (double)(optimizer_step + 1);
        pace.adam_rate = rate / (1.0 - pow(rule->beta1, t));
        pace.adam_root = 1.0 / sqrt(1.0 - pow(rule->beta2, t));
    }
    if (rule->optimizer == NNSIM_ADAMW)
        pace.kept = 1.0 - rate * rule->weight_decay;
    return pace;
}

double nnsim_penalty(const nnsim_rule *rule, int64_t n, const double *w)
{
    if (rule->l1 == 0.0 && rule->l2 == 0.0)
        return 0.0;
    double sizes = 0.0, squares = 0.0;
    for (int64_t i = 0; i < n; i++) {
        sizes += fabs(w[i]);
        squares += w[i] * w[i];
    }
    return rule->l1 * sizes + 0.5 * rule->l2 * squares;
}

void nnsim_penalise(const nnsim_rule *rule, int64_t n, const double *w, double *g)
{
    if (rule->l1 == 0.0 && rule->l2 == 0.0)
        return;
    for (int64_t i = 0; i < n; i++) {
        double sign = (double)((w[i] > 0.0) - (w[i] < 0.0));
        g[i] += rule->l1 * sign + rule->l2 * w[i];
    }
}

/* x within +- limit; NaN stays NaN. */
static inline double within(double x, double limit)
{
    double below = x > limit ? limit : x;
    return below < -limit ? -limit : below;
}

/* The sum of (scale g)^2 over what is trained. */
static double squares_of(const uint8_t *trained, int64_t n, const double *g, double scale)
{
    double squares = 0.0;
    for (int64_t i = 0; i < n; i++)
        squares += !trained || trained[i] ? (scale * g[i]) * (scale * g[i]) : 0.0;
    return squares;
}

/* 1 over a power of 2 near the largest |g| that is trained: such a factor changes no digit. */
static double scale_of(const uint8_t *trained, int64_t n, const double *g)
{
    double largest = 1.0;
    for (int64_t i = 0; i < n; i++)
        if ((!trained || trained[i]) && fabs(g[i]) > largest)
            largest = fabs(g[i]);
    int power = isfinite(largest) ? ilogb(largest) : 0;
    return ldexp(1.0, -(power < 1022 ? power : 1022)); /* not below what the processor keeps */
}

double nnsim_clip(const nnsim_rule *rule, const uint8_t *trained, int64_t n, double *g)
{
    double limit = rule->clip_value, scale = 1.0;
    for (int64_t i = 0; limit > 0.0 && i < n; i++)
        g[i] = within(g[i], limit);
    if (rule->clip_norm == 0.0)
        return 1.0;
    double squares = squares_of(trained, n, g, scale);
    if (isinf(squares)) { /* too large for a number, though the gradient may not be */
        scale = scale_of(trained, n, g);
        squares = squares_of(trained, n, g, scale);
    }
    double share = rule->clip_norm * scale / (sqrt(squares) + NORM_ROOM * scale);
    return share > 1.0 ? 1.0 : share; /* NaN stays NaN */
}

/* One function for each optimizer: the loop over n parameters that are all trained. Their `keep` is
 * what decay leaves of w, 1 for all but AdamW. */

static void sgd(const nnsim_pace *pace, int64_t n, double factor, const double *restrict g,
                double *restrict w)
{
    for (int64_t i = 0; i < n; i++)
        w[i] -= pace->rate * (factor * g[i]);
}

static void momentum(const nnsim_rule *rule, const nnsim_pace *pace, int64_t n, double factor,
                     const double *restrict g, double *restrict w, double *restrict v)
{
    double mu = rule->momentum, eta = pace->rate;
    for (int64_t i = 0; i < n; i++) {
        v[i] = mu * v[i] + factor * g[i];
        w[i] -= eta * v[i];
    }
}

static void nesterov(const nnsim_rule *rule, const nnsim_pace *pace, int64_t n, double factor,
                     const double *restrict g, double *restrict w, double *restrict v)
{
    double mu = rule->momentum, eta = pace->rate;
    for (int64_t i = 0; i < n; i++) {
        double here = factor * g[i];
        v[i] = mu * v[i] + here;
        w[i] -= eta * (here + mu * v[i]);
    }
}

/* RMSprop, with rho and 1 - rho as `old` and `new`, and Adagrad, with 1 and 1. */
static void by_root(const nnsim_rule *rule, const nnsim_pace *pace, double old, double new,
                    int64_t n, double factor, const double *restrict g, double *restrict w,
                    double *restrict s)
{
    double eta = pace->rate, epsilon = rule->epsilon;
    for (int64_t i = 0; i < n; i++) {
        double here = factor * g[i];
        s[i] = old * s[i] + new * here * here;
        w[i] -= eta * here / (sqrt(s[i]) + epsilon);
    }
}

static void adam(const nnsim_rule *rule, const nnsim_pace *pace, double kept, int64_t n,
                 double factor, const double *restrict g, double *restrict w, double *restrict m,
                 double *restrict s)
{
    double beta1 = rule->beta1, beta2 = rule->beta2, epsilon = rule->epsilon;
    double eta = pace->adam_rate, root = pace->adam_root;
    for (int64_t i = 0; i < n; i++) {
        double here = factor * g[i];
        m[i] = beta1 * m[i] + (1.0 - beta1) * here;
        s[i] = beta2 * s[i] + (1.0 - beta2) * here * here;
        w[i] = kept * w[i] - eta * m[i] / (sqrt(s[i]) * root + epsilon);
    }
}

/* n parameters that are all trained. */
static void update(const nnsim_rule *rule, const nnsim_pace *pace, int32_t weights, int64_t n,
                   double factor, const double *g, double *w, double *first, double *second)
{
    switch (rule->optimizer) {
    case NNSIM_MOMENTUM:
        momentum(rule, pace, n, factor, g, w, first);
        break;
    case NNSIM_NESTEROV:
        nesterov(rule, pace, n, factor, g, w, first);
        break;
    case NNSIM_RMSPROP:
        by_root(rule, pace, rule->rho, 1.0 - rule->rho, n, factor, g, w, second);
        break;
    case NNSIM_ADAGRAD:
        by_root(rule, pace, 1.0, 1.0, n, factor, g, w, second);
        break;
    case NNSIM_ADAM:
    case NNSIM_ADAMW:
        adam(rule, pace, weights ? pace->kept : 1.0, n, factor, g, w, first, second);
        break;
    default:
        sgd(pace, n, factor, g, w);
    }
    for (int64_t i = 0; weights && rule->weight_limit > 0.0 && i < n; i++)
        w[i] = within(w[i], rule->weight_limit);
}

/* Where the run of equal mask values that begins at `from` ends. */
static int64_t run_end(const uint8_t *mask, int64_t from, int64_t n)
{
    int64_t end = from + 1;
    while (end < n && !mask[end] == !mask[from])
        end++;
    return end;
}

void nnsim_update(const nnsim_rule *rule, const nnsim_pace *pace, int32_t weights,
                  const uint8_t *trained, int64_t n, double factor, const double *g, double *w,
                  double *first, double *second)
{
    int64_t end;
    for (int64_t from = 0; from < n; from = end) {
        end = trained ? run_end(trained, from, n) : n;
        if (!trained || trained[from])
            update(rule, pace, weights, end - from, factor, g + from, w + from,
                   first ? first + from : first, second ? second + from : second);
    }
}
