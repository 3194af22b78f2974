/* The limit for training sample by sample: a network whose sizes are all fixed at compile time.

   Given by -D: LANES, N0..N3 (neurons of each layer, the inputs first; a missing layer has 0),
   A1..A3 (LINEAR, SIGMOID, TANH, RELU), SAMPLES, RATE. Loss ½ Σ (o − t)², plain SGD, fixed order.

   The lanes of a vector are neighbouring neurons. Layer 1 keeps its weights [from][to], so that one
   input meets all neurons at once and a zero input is skipped; the later layers keep theirs
   [to][from], so that the way back needs no transposing. Backward pass and update are one loop.
   Spare lanes repeat the first neurons and so do nothing of their own. */
#include <stdlib.h>
#include <string.h>
#include "vectors.h"

#define V0 IN_VECTORS(N0)
#define V1 IN_VECTORS(N1)
#define V2 IN_VECTORS(N2)
#define V3 IN_VECTORS(N3)
#define AT_LEAST_1(n) ((n) > 0 ? (n) : 1)
#define OUTPUTS (N3 ? N3 : N2 ? N2 : N1)
#define OUTPUT_VECTORS IN_VECTORS(OUTPUTS)
#define WIDE (N0 > 16)                  /* worth a list of the inputs that are not zero */
#define COLUMNS (V1 < 8 ? V1 : 8)       /* sums of layer 1 held in registers at once */
#define CHAINS (COLUMNS < 8 ? 8 / COLUMNS : 1) /* independent sums, to hide the FMA's latency */

_Static_assert(N2 == 0 || N1 % LANES == 0, "hidden layers fill their vectors");
_Static_assert(N3 == 0 || N2 % LANES == 0, "hidden layers fill their vectors");

typedef struct { int64_t input; double value; } nonzero;

static const double *all_inputs;
static vec *all_targets;        /* [sample][OUTPUT_VECTORS] */
static nonzero *all_nonzeros;   /* [sample][N0 + CHAINS], filled up with zeros times input 0 */
static int64_t *nonzero_counts; /* a multiple of CHAINS */

static void list_nonzeros(int64_t sample)
{
    nonzero *list = all_nonzeros + sample * (N0 + CHAINS);
    int64_t count = 0;
    for (int64_t i = 0; i < N0; i++) {
        double x = all_inputs[sample * N0 + i];
        if (x != 0.0) list[count++] = (nonzero){i, x};
    }
    while (count % CHAINS) list[count++] = (nonzero){0, 0.0};
    nonzero_counts[sample] = count;
}

void load_samples(const double *inputs, const double *targets)
{
    all_inputs = inputs;
    all_targets = aligned_alloc(64, (SAMPLES * OUTPUT_VECTORS * sizeof(vec) + 63) / 64 * 64);
    all_nonzeros = malloc(SAMPLES * (N0 + CHAINS) * sizeof(nonzero));
    nonzero_counts = malloc(SAMPLES * sizeof(int64_t));
    for (int64_t s = 0; s < SAMPLES; s++) {
        double *padded = (double *)(all_targets + s * OUTPUT_VECTORS);
        for (int j = 0; j < OUTPUT_VECTORS * LANES; j++)
            padded[j] = targets[s * OUTPUTS + j % OUTPUTS];
        list_nonzeros(s);
    }
}

/* ------------------------------------------------------------------ layer 1 */

INLINE void first_narrow(const vec (*w)[V1], const vec *bias, const double *x, vec *a)
{
    UNROLL for (int v = 0; v < V1; v++) {
        vec z = bias[v];
        UNROLL for (int i = 0; i < N0; i++) z += all(x[i]) * w[i][v];
        a[v] = activate(A1, z);
    }
}

INLINE void first_wide(const vec (*w)[V1], const vec *bias, const nonzero *x, int64_t count, vec *a)
{
    for (int v = 0; v < V1; v += COLUMNS) {
        vec z[CHAINS][COLUMNS] = {};
        for (int64_t k = 0; k < count; k += CHAINS)
            UNROLL for (int c = 0; c < CHAINS; c++)
                UNROLL for (int u = 0; u < COLUMNS; u++)
                    z[c][u] += all(x[k + c].value) * w[x[k + c].input][v + u];
        UNROLL for (int u = 0; u < COLUMNS; u++) {
            vec z_all = bias[v + u];
            UNROLL for (int c = 0; c < CHAINS; c++) z_all += z[c][u];
            a[v + u] = activate(A1, z_all);
        }
    }
}

INLINE void update_first_narrow(vec (*w)[V1], vec *bias, const double *x, const vec *signal)
{
    UNROLL for (int v = 0; v < V1; v++) {
        vec step = RATE * signal[v];
        bias[v] -= step;
        UNROLL for (int i = 0; i < N0; i++) w[i][v] -= all(x[i]) * step;
    }
}

INLINE void update_first_wide(vec (*w)[V1], vec *bias, const nonzero *x, int64_t count,
                              const vec *signal)
{
    for (int v = 0; v < V1; v += COLUMNS) {
        vec step[COLUMNS];
        UNROLL for (int u = 0; u < COLUMNS; u++) {
            step[u] = RATE * signal[v + u];
            bias[v + u] -= step[u];
        }
        for (int64_t k = 0; k < count; k++)
            UNROLL for (int u = 0; u < COLUMNS; u++)
                w[x[k].input][v + u] -= all(x[k].value) * step[u];
    }
}

/* ------------------------------------------------------------------ later layers */

INLINE void later(const int from_v, const int to, const vec *w, const vec *bias, int activation,
                  const vec *a, vec *out)
{
    UNROLL for (int group = 0; group < IN_VECTORS(to); group++) {
        vec products[LANES];
        UNROLL for (int lane = 0; lane < LANES; lane++) {
            int j = group * LANES + lane;
            const vec *row = w + (j < to ? j : (j - group * LANES) % (to - group * LANES)
                                                   + group * LANES) * from_v;
            products[lane] = row[0] * a[0];
            UNROLL for (int v = 1; v < from_v; v++) products[lane] += row[v] * a[v];
        }
        out[group] = activate(activation, sums(products) + bias[group]);
    }
}

/* Carry the signals back to the layer before, by the old weights, and take the step. */
INLINE void back(const int from_v, const int to, vec *w, vec *bias, int activation_before,
                 const vec *a, const vec *signal, vec *signal_before)
{
    UNROLL for (int v = 0; v < from_v; v++) signal_before[v] = (vec){};
    UNROLL for (int j = 0; j < to; j++) {
        vec s = to == 1 ? signal[0] : all_of_lane(signal[j / LANES], j % LANES);
        vec step = RATE * s;
        UNROLL for (int v = 0; v < from_v; v++) {
            signal_before[v] += s * w[j * from_v + v];
            w[j * from_v + v] -= step * a[v];
        }
    }
    UNROLL for (int g = 0; g < IN_VECTORS(to); g++) bias[g] -= RATE * signal[g];
    UNROLL for (int v = 0; v < from_v; v++) signal_before[v] *= slope(activation_before, a[v]);
}

/* ------------------------------------------------------------------ all together */

typedef struct {
    vec w1[N0][V1], b1[V1];
    vec w2[AT_LEAST_1(N2 * V1)], b2[AT_LEAST_1(V2)];
    vec w3[AT_LEAST_1(N3 * V2)], b3[AT_LEAST_1(V3)];
} network;

INLINE void one_step(network *n, int64_t sample)
{
    const double *x = all_inputs + sample * N0;
    const nonzero *list = all_nonzeros + sample * (N0 + CHAINS);
    const vec *target = all_targets + sample * OUTPUT_VECTORS;
    vec a1[V1], a2[AT_LEAST_1(V2)], a3[AT_LEAST_1(V3)];
    vec s1[V1], s2[AT_LEAST_1(V2)], s3[AT_LEAST_1(V3)];

    if (WIDE) first_wide(n->w1, n->b1, list, nonzero_counts[sample], a1);
    else first_narrow(n->w1, n->b1, x, a1);
    if (N2) later(V1, N2, n->w2, n->b2, A2, a1, a2);
    if (N3) later(V2, N3, n->w3, n->b3, A3, a2, a3);

    vec *out = N3 ? a3 : N2 ? a2 : a1, *signal = N3 ? s3 : N2 ? s2 : s1;
    UNROLL for (int v = 0; v < OUTPUT_VECTORS; v++)
        signal[v] = (out[v] - target[v]) * slope(N3 ? A3 : N2 ? A2 : A1, out[v]);

    if (N3) back(V2, N3, n->w3, n->b3, A2, a2, s3, s2);
    if (N2) back(V1, N2, n->w2, n->b2, A1, a1, s2, s1);
    if (WIDE) update_first_wide(n->w1, n->b1, list, nonzero_counts[sample], s1);
    else update_first_narrow(n->w1, n->b1, x, s1);
}

/* Move one layer's weights and biases between the flat parameters and the network's places. */
static void copy_first(network *n, double *flat, int unpack)
{
    double *w = (double *)n->w1, *b = (double *)n->b1;
    for (int j = 0; j < V1 * LANES; j++) {
        int64_t neuron = j % N1;
        for (int64_t i = 0; i <= N0; i++) {
            double *outside = i < N0 ? flat + neuron * N0 + i : flat + N1 * N0 + neuron;
            double *inside = i < N0 ? w + i * V1 * LANES + j : b + j;
            if (unpack && j < N1) *outside = *inside;
            if (!unpack) *inside = *outside;
        }
    }
}

static void copy_later(vec *w, vec *b, int from, int to, double *flat, int unpack)
{
    double *biases = flat + (int64_t)from * to;
    if (unpack) {
        memcpy(flat, w, sizeof(double) * from * to);
        memcpy(biases, b, sizeof(double) * to);
        return;
    }
    memcpy(w, flat, sizeof(double) * from * to);
    for (int j = 0; j < IN_VECTORS(to) * LANES; j++) {
        int group = j / LANES * LANES;
        ((double *)b)[j] = biases[j < to ? j : group + (j - group) % (to - group)];
    }
}

static void copy(network *n, double *flat, int unpack)
{
    copy_first(n, flat, unpack);
    flat += (N0 + 1) * N1;
    if (N2) copy_later(n->w2, n->b2, N1, N2, flat, unpack);
    flat += (N1 + 1) * N2;
    if (N3) copy_later(n->w3, n->b3, N2, N3, flat, unpack);
}

/* parameters: layer after layer, weights row by row [to][from], then biases. */
void train(double *parameters, int64_t first_step, int64_t steps)
{
    network n;
    int64_t sample = first_step % SAMPLES;
    copy(&n, parameters, 0);
    for (int64_t step = 0; step < steps; step++) {
        one_step(&n, sample);
        sample = sample + 1 == SAMPLES ? 0 : sample + 1;
    }
    copy(&n, parameters, 1);
}
