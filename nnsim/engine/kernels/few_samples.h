/* A batch of no more samples than a vector has lanes, through a small network. */
#ifndef NNSIM_FEW_SAMPLES_H
#define NNSIM_FEW_SAMPLES_H

#include "tile.h"

/* Whether a network has one hidden layer of a vector of neurons, few inputs and outputs, and in each
 * layer one of the frequent functions. */
int nnsim_is_for_few(const layout *layout);

/* Forward and back for at most LANES samples: returns the sum of their losses. */
double nnsim_few_samples(const layout *layout, const nnsim_rule *rule, const double *w,
                         const tile *tile, double *poison, double *error);
#endif
