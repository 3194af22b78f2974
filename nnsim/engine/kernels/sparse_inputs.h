/* The first layer in batches whose inputs are mostly 0: only the others are multiplied. */
#ifndef NNSIM_SPARSE_INPUTS_H
#define NNSIM_SPARSE_INPUTS_H

#include "tile.h"

/* Where the inputs of a tile are not 0, by sample for the way forward and by input for the way back. */
typedef struct {
    int64_t samples;      /* at most */
    int32_t *inputs;      /* [samples, inputs] which inputs of a sample, */
    int32_t *input_count; /* [samples] and how many */
    int32_t *rows;        /* [inputs, samples] which samples of an input, */
    double *values;       /* what it is there, */
    int32_t *row_count;   /* [inputs] and how many */
} sparse_inputs;

/* Allocates the lists, unless so few inputs are not worth it; 0, or -1 without memory. */
int nnsim_open_sparse(sparse_inputs *sparse, const layout *layout, int64_t samples);
void nnsim_close_sparse(sparse_inputs *sparse);

/* Fills the lists and returns 1 when the tile's first samples are mostly 0. */
int nnsim_list_sparse(sparse_inputs *sparse, const layout *layout, const tile *tile);

/* The sums of the first layer, in rows of `stride` numbers. */
void nnsim_feed_sparse(const sparse_inputs *sparse, const layout *layout, const double *w,
                       const tile *tile, double *z, int64_t stride);

/* The gradient of its weights from the back signals in such rows, and what becomes of it. */
void nnsim_learn_sparse(const sparse_inputs *sparse, const layout *layout, const tile *tile,
                        const double *signal, int64_t stride);
#endif
