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

/* What becomes of the gradient of a vector of parameters from place `at` on. */
INLINE void learn(const tile *tile, size_t at, vec gradient)
{
    double *result = tile->result + at;
    if (tile->finish == STEP_DOWN) {
        vec step = all(tile->rate) * gradient;
        store(result, load(result) - (tile->kept ? step * load(tile->kept + at) : step));
    } else
        store(result, tile->finish == ADD ? load(result) + gradient : gradient);
}

/* The same of a single parameter. */
static inline void learn_one(const tile *tile, size_t at, double gradient)
{
    double *result = tile->result + at;
    if (tile->finish == STEP_DOWN)
        *result -= tile->rate * gradient * (tile->kept ? tile->kept[at] : 1.0);
    else
        *result = tile->finish == ADD ? *result + gradient : gradient;
}
#endif
