/* The limit for training in batches: a network whose sizes are all fixed at compile time.

   Given by -D: as for online.c, BATCH, which divides SAMPLES, and SPARSE. Loss ½ Σ (o − t)², mean over the
   batch, plain SGD, fixed order.

   Every stage handles the whole batch before the next one, so that there is always independent
   work. Activations lie [sample][neuron] without gaps. Forward, back and gradient are all the same
   register-tiled product, one number of the left matrix times one row of the right one; layer 1
   keeps its weights [from][to], later layers [to][from] with a transposed copy for the way forward. */
#include <string.h>
#include "vectors.h"

#define V1 IN_VECTORS(N1)
#define V2 IN_VECTORS(N2)
#define V3 IN_VECTORS(N3)
#define AT_LEAST_1(n) ((n) > 0 ? (n) : 1)
#define OUTPUTS (N3 ? N3 : N2)
#define OUTPUT_ACTIVATION (N3 ? A3 : A2)
#define SUMS_AT_ONCE (LANES == 8 ? 24 : 12) /* of the 32 or 16 registers */

_Static_assert(SAMPLES % BATCH == 0, "every batch is full");
_Static_assert(N1 % LANES == 0 && (N3 == 0 || N2 % LANES == 0), "hidden layers fill their vectors");

static const double *all_inputs, *all_targets;

void load_samples(const double *inputs, const double *targets)
{
    all_inputs = inputs;
    all_targets = targets;
}

/* ------------------------------------------------------------------ the tiled product */

enum stage { FORWARD_HIDDEN, FORWARD_OUTPUT, BACK, UPDATE };

typedef struct {
    enum stage stage;
    int activation;      /* of the results (FORWARD_HIDDEN) or of the layer gone back to (BACK) */
    int rows, columns;   /* of the result; columns in vectors */
    int depth;
    const double *left;  /* left(row, k) at left[row * left_row + k * left_k] */
    int64_t left_row, left_k;
    const double *right; /* right(k, ·) at right[k * right_k] */
    int64_t right_k;
    const double *bias;  /* FORWARD: where the sums start */
    const double *before;/* BACK: the activations of the layer gone back to, laid out like result */
    double *result;      /* UPDATE: the weights */
    int64_t result_row;
} product;

INLINE void finish(const product *p, int row, int column, vec sum)
{
    double *place = p->result + row * p->result_row + column * LANES;
    switch (p->stage) {
    case FORWARD_HIDDEN: store(place, activate(p->activation, sum)); break;
    case FORWARD_OUTPUT: store(place, sum); break;
    case BACK:
        store(place, sum * slope(p->activation,
                                 load(p->before + row * p->result_row + column * LANES)));
        break;
    case UPDATE: store(place, load(place) - (RATE / BATCH) * sum); break;
    }
}

INLINE void tile(const product *p, const int height, const int width, int row, int column)
{
    vec sums[SUMS_AT_ONCE]; /* [height][width]; of fixed size, or GCC keeps it in memory */
    const int forward = p->stage == FORWARD_HIDDEN || p->stage == FORWARD_OUTPUT;
    UNROLL for (int r = 0; r < height; r++)
        UNROLL for (int c = 0; c < width; c++)
            sums[r * width + c] = forward ? load(p->bias + (column + c) * LANES) : (vec){};
    for (int k = 0; k < p->depth; k++) {
        vec right[4];
        UNROLL for (int c = 0; c < width; c++)
            right[c] = load(p->right + k * p->right_k + (column + c) * LANES);
        UNROLL for (int r = 0; r < height; r++) {
            vec left = all(p->left[(row + r) * p->left_row + k * p->left_k]);
            UNROLL for (int c = 0; c < width; c++) sums[r * width + c] += left * right[c];
        }
    }
    UNROLL for (int r = 0; r < height; r++)
        UNROLL for (int c = 0; c < width; c++) finish(p, row + r, column + c, sums[r * width + c]);
}

INLINE void multiply(product p)
{
    const int width = p.columns % 4 == 0 && LANES == 8 ? 4
                    : p.columns % 3 == 0               ? 3
                    : p.columns % 2 == 0               ? 2
                                                       : 1;
    const int most = SUMS_AT_ONCE / width;
    const int height = most < p.rows ? most : p.rows, rest = p.rows % height;
    for (int column = 0; column < p.columns; column += width) {
        for (int row = 0; row + height <= p.rows; row += height)
            tile(&p, height, width, row, column);
        if (rest) tile(&p, rest, width, p.rows - rest, column);
    }
}

/* ------------------------------------------------------------------ the network */

#define PLACES(neurons) (BATCH * AT_LEAST_1(neurons) + LANES) /* the last vector may stick out */

static struct {
    double w1[N0 * N1], b1[N1];
    double w2[AT_LEAST_1(N2) * N1], b2[AT_LEAST_1(V2) * LANES], t2[N1 * AT_LEAST_1(V2) * LANES];
    double w3[AT_LEAST_1(N3) * AT_LEAST_1(N2)], b3[AT_LEAST_1(V3) * LANES];
    double t3[AT_LEAST_1(N2) * AT_LEAST_1(V3) * LANES];
    double a1[PLACES(N1)], a2[PLACES(N2)], a3[PLACES(N3)];
    double s1[PLACES(N1)], s2[PLACES(N2)], s3[PLACES(N3)];
} n __attribute__((aligned(64)));

INLINE void transpose(const int from, const int to, const double *w, double *t)
{
    for (int i = 0; i < from; i++)
        for (int j = 0; j < to; j++) t[i * IN_VECTORS(to) * LANES + j] = w[j * from + i];
}

/* One output only: the lanes of the result are samples. */
INLINE void forward_single(const int from, const double *w, const double *bias, const double *a,
                           double *z)
{
    for (int s = 0; s < BATCH; s += LANES) {
        vec products[LANES];
        UNROLL for (int lane = 0; lane < LANES; lane++) {
            const double *row = a + (s + lane < BATCH ? s + lane : s) * from;
            products[lane] = load(row) * load(w);
            UNROLL for (int i = LANES; i < from; i += LANES)
                products[lane] += load(row + i) * load(w + i);
        }
        store(z + s, sums(products) + bias[0]);
    }
}

INLINE void forward_later(const int last, const int from, const int to, int activation,
                          const double *w, const double *t, const double *bias, const double *a,
                          double *out)
{
    const int columns = IN_VECTORS(to);
    if (to == 1) forward_single(from, w, bias, a, out);
    else multiply((product){last ? FORWARD_OUTPUT : FORWARD_HIDDEN, activation, BATCH, columns,
                            from, a, from, 1, t, columns * LANES, bias, 0, out, to});
}

/* Output activations and their signals (o − t) f', over samples and outputs alike. */
INLINE void output_signals(const double *target, double *out, double *signal)
{
    const int count = BATCH * OUTPUTS;
    for (int i = 0; i < count; i += LANES) {
        vec t = {};
        if (i + LANES <= count) t = load(target + i);
        else memcpy(&t, target + i, (count % LANES) * sizeof(double));
        vec o = activate(OUTPUT_ACTIVATION, load(out + i));
        store(signal + i, (o - t) * slope(OUTPUT_ACTIVATION, o));
    }
}

INLINE void update_bias(const int to, const double *signal, double *bias)
{
    UNROLL for (int v = 0; v < IN_VECTORS(to); v++) {
        vec sum = {}, kept;
        for (int s = 0; s < BATCH; s++) sum += load(signal + s * to + v * LANES);
        UNROLL for (int lane = 0; lane < LANES; lane++) kept[lane] = v * LANES + lane < to;
        store(bias + v * LANES, load(bias + v * LANES) - (RATE / BATCH) * kept * sum);
    }
}

#if SPARSE
#include "sparse_first_layer.h"
#else
INLINE void forward_first(const double *x)
{
    multiply((product){FORWARD_HIDDEN, A1, BATCH, V1, N0, x, N0, 1, n.w1, N1, n.b1, 0, n.a1, N1});
}

INLINE void update_first(const double *x, const double *signal)
{
    multiply((product){UPDATE, 0, N0, V1, BATCH, x, 1, N0, signal, N1, 0, 0, n.w1, N1});
    update_bias(N1, signal, n.b1);
}
#endif

/* Carry the signals back to the layer before, by the old weights, and take the step. */
INLINE void back(const int from, const int to, double *w, double *t, double *bias,
                 int activation_before, const double *a, const double *signal,
                 double *signal_before)
{
    multiply((product){BACK, activation_before, BATCH, from / LANES, to, signal, to, 1, w, from, 0,
                       a, signal_before, from});
    multiply((product){UPDATE, 0, to, from / LANES, BATCH, signal, 1, to, a, from, 0, 0, w, from});
    update_bias(to, signal, bias);
    if (to > 1) transpose(from, to, w, t);
}

INLINE void one_step(int64_t sample)
{
    const double *x = all_inputs + sample * N0;
    forward_first(x);
    forward_later(!N3, N1, N2, A2, n.w2, n.t2, n.b2, n.a1, n.a2);
    if (N3) forward_later(1, N2, N3, A3, n.w3, n.t3, n.b3, n.a2, n.a3);
    output_signals(all_targets + sample * OUTPUTS, N3 ? n.a3 : n.a2, N3 ? n.s3 : n.s2);
    if (N3) back(N2, N3, n.w3, n.t3, n.b3, A2, n.a2, n.s3, n.s2);
    back(N1, N2, n.w2, n.t2, n.b2, A1, n.a1, n.s2, n.s1);
    update_first(x, n.s1);
}

/* Move the flat parameters into the network's places, or (unpack) back. */
static void copy(double *flat, int unpack)
{
#define MOVE(inside, count)                                                                        \
    do {                                                                                           \
        memcpy(unpack ? flat : (inside), unpack ? (inside) : flat, (count) * sizeof(double));      \
        flat += (count);                                                                           \
    } while (0)
    for (int i = 0; i < N0; i++)
        for (int j = 0; j < N1; j++)
            if (unpack) flat[j * N0 + i] = n.w1[i * N1 + j];
            else n.w1[i * N1 + j] = flat[j * N0 + i];
    flat += N0 * N1;
    MOVE(n.b1, N1);
    MOVE(n.w2, N1 * N2);
    MOVE(n.b2, N2);
    MOVE(n.w3, N2 * N3);
    MOVE(n.b3, N3);
}

/* parameters: layer after layer, weights row by row [to][from], then biases. */
void train(double *parameters, int64_t first_step, int64_t steps)
{
    int64_t sample = first_step * BATCH % SAMPLES;
    copy(parameters, 0);
    transpose(N1, N2, n.w2, n.t2);
    transpose(N2, N3, n.w3, n.t3);
    for (int64_t step = 0; step < steps; step++) {
        one_step(sample);
        sample = sample + BATCH == SAMPLES ? 0 : sample + BATCH;
    }
    copy(parameters, 1);
}
