/* What batch.c and its helpers say to each other: the samples of one tile. */
#ifndef NNSIM_TILE_H
#define NNSIM_TILE_H

#include "layout.h"
#include "matrix_product.h"

/* The samples of one tile, and what is to become of their gradient. */
typedef struct {
    int64_t count;
    const double *x;        /* [count, inputs] */
    const double *expected; /* [count, outputs], and a vector more */
    double share;           /* of a sample's gradient in the step's */
    enum finish finish;
    double rate;
    const double *kept;     /* 1 or 0 for each parameter, or NULL */
    double *result;         /* the parameters, or the gradient's places */
    int is_sparse;          /* whether its inputs are mostly 0, and listed */
} tile;
#endif
