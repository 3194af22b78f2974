/* A tile of samples through a small network: batch.c's stages with constants in their loops. */
#ifndef NNSIM_SMALL_TILE_H
#define NNSIM_SMALL_TILE_H

#include "quick_functions.h"
#include "tile.h"

/* Room for the numbers of a tile. */
typedef struct {
    double *a[2], *signal[2];   /* [count, neurons in whole vectors] of each hidden layer: activations;
                                   slopes and then back signals */
    double *output_signal;      /* [count, a vector], or of a single output [count] */
    double *poison;             /* [LANES] */
    const quick_functions *functions; /* of each hidden layer */
} small_room;

/* Whether a network is one of those: one or two hidden layers of a few vectors, outputs of one
 * vector, each layer reading the one before it alone, with the quick functions. */
int nnsim_is_small(const layout *layout);

/* Forward and back. Returns the losses' sum; *error gets the first error of the first sample. */
double nnsim_small_tile(const layout *layout, const nnsim_rule *rule, const double *w,
                        const tile *tile, const small_room *room, double *error);
#endif
