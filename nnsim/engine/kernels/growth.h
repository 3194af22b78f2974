/* The watch over training, as in nnsim/engine/growth.py: whether the loss has grown ten steps running
 * and a million-fold, each loss compared with the last one of a batch that began with the same row. */
#ifndef NNSIM_GROWTH_H
#define NNSIM_GROWTH_H

#include "kernel.h"

/* What the watch remembered of a row before a loss was taken in. */
typedef struct {
    double last, first;
} nnsim_remembered;

/* Takes in the losses of steps whose batches begin with these rows, into the watch of `record`.
 * Returns -1; or, when one of them is reason to stop, its number, and takes nothing in.
 * before: [steps] room. */
int64_t nnsim_watch(nnsim_record *record, int64_t steps, const int32_t *rows, const double *losses,
                    nnsim_remembered *before);
#endif
