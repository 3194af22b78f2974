/* A batch of no more samples than a vector has lanes, through a small network. */
#ifndef NNSIM_FEW_SAMPLES_H
#define NNSIM_FEW_SAMPLES_H

#include "tile.h"

#define FEW_INPUTS 8
#define FEW_OUTPUTS 2

/* A tile's samples with a vector for each input and each output. They stay for the next step, which
 * often has the same: a full batch always. */
typedef struct {
    const double *from; /* the tile's x that it was; NULL: none yet, or x has changed */
    int64_t count;
    double x[FEW_INPUTS * LANES], expected[FEW_OUTPUTS * LANES];
} few_columns;

/* Whether a network has one hidden layer of a vector of neurons, few inputs and outputs, and in each
 * layer one of the frequent functions. */
int nnsim_is_for_few(const layout *layout);

/* Forward and back for at most LANES samples: returns the sum of their losses. */
double nnsim_few_samples(const layout *layout, const nnsim_rule *rule, const double *w,
                         const tile *tile, few_columns *columns, double *poison, double *error);
#endif
