/* Layer 1 in batches whose inputs are mostly zeros: only the others are multiplied.

   For batch.c, in the place of the tiled product of layer 1; chosen by -DSPARSE. The inputs that
   are not zero are listed anew in every step, by sample for the way forward and by input for the
   gradient. */
#define SPARSE_COLUMNS (V1 % 8 == 0 ? 8 : V1 % 4 == 0 ? 4 : 1) /* sums held in registers at once */

static struct {
    int samples[N0][BATCH]; /* of each input: where it is not zero, and what it is there */
    double values[N0][BATCH];
    int counts[N0];
} by_input;

/* Returns how many inputs of the sample are not zero; without branches, they would be guesses. */
INLINE int list_sample(const double *x, int sample, int *inputs, double *values)
{
    int count = 0;
    for (int i = 0; i < N0; i++) {
        int there = x[i] != 0.0;
        int place = by_input.counts[i]; /* at most `sample`, so there is room */
        inputs[count] = i;
        values[count] = x[i];
        count += there;
        by_input.samples[i][place] = sample;
        by_input.values[i][place] = x[i];
        by_input.counts[i] = place + there;
    }
    return count;
}

INLINE void forward_first(const double *x)
{
    int inputs[N0];
    double values[N0];
    memset(by_input.counts, 0, sizeof by_input.counts);
    for (int s = 0; s < BATCH; s++) {
        int count = list_sample(x + s * N0, s, inputs, values);
        for (int v = 0; v < V1; v += SPARSE_COLUMNS) {
            vec z[SPARSE_COLUMNS];
            UNROLL for (int u = 0; u < SPARSE_COLUMNS; u++) z[u] = load(n.b1 + (v + u) * LANES);
            for (int k = 0; k < count; k++)
                UNROLL for (int u = 0; u < SPARSE_COLUMNS; u++)
                    z[u] += values[k] * load(n.w1 + inputs[k] * N1 + (v + u) * LANES);
            UNROLL for (int u = 0; u < SPARSE_COLUMNS; u++)
                store(n.a1 + s * N1 + (v + u) * LANES, activate(A1, z[u]));
        }
    }
}

INLINE void update_first(const double *x, const double *signal)
{
    (void)x;
    for (int i = 0; i < N0; i++)
        for (int v = 0; v < V1; v += SPARSE_COLUMNS) {
            vec gradient[SPARSE_COLUMNS] = {};
            for (int k = 0; k < by_input.counts[i]; k++)
                UNROLL for (int u = 0; u < SPARSE_COLUMNS; u++)
                    gradient[u] += by_input.values[i][k] *
                                   load(signal + by_input.samples[i][k] * N1 + (v + u) * LANES);
            UNROLL for (int u = 0; u < SPARSE_COLUMNS; u++) {
                double *w = n.w1 + i * N1 + (v + u) * LANES;
                store(w, load(w) - (RATE / BATCH) * gradient[u]);
            }
        }
    update_bias(N1, signal, n.b1);
}
