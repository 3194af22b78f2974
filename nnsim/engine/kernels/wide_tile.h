/* A tile of samples through any network. */
#ifndef NNSIM_WIDE_TILE_H
#define NNSIM_WIDE_TILE_H

#include "sparse_inputs.h"

/* Room for the numbers of a tile of so many samples at most; what is read before it is written is 0. */
typedef struct {
    const layout *layout;
    int64_t stride;      /* from the activations of one sample to those of the next */
    double *a;           /* [samples, stride] activations */
    double *signal;      /* [samples, stride] f'(z), and then the back signals dE/dz */
    double *carried;     /* [samples, stride] dE/da, where layers are skipped */
    double *z, *o, *output_signal; /* [samples * outputs], and a vector more */
    double *poison;      /* [LANES] */
    sparse_inputs sparse;
} wide_room;

/* Forward and back: the losses' sum, the first error of the first sample, and what becomes of the
 * gradient. Returns 0 when it was asked to stop: unless the gradient's places changed, nothing has. */
int nnsim_wide_tile(wide_room *room, const nnsim_rule *rule, const double *w, tile *tile,
                    const volatile int32_t *stop, double *loss, double *error);
#endif
