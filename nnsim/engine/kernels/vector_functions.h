/* The activation functions and losses of functions.h, over whole vectors of neurons or samples. */
#ifndef NNSIM_VECTOR_FUNCTIONS_H
#define NNSIM_VECTOR_FUNCTIONS_H

#include "kernel.h"
#include "vectors.h"

#define MOST_KINDS 12

/* The functions of one layer's neurons. The arrays have a place for each neuron and go on from its
 * start for another vector, so that a vector can be read from the place of any neuron on. */
typedef struct {
    int32_t neurons;
    int32_t kinds;               /* how many different functions there are */
    int32_t code[MOST_KINDS];    /* enum nnsim_activation */
    int64_t *where[MOST_KINDS];  /* all ones where a neuron has that function */
    double *alpha;               /* the functions' own parameters */
} neuron_functions;

/* Fills in the functions of a layer from those of its neurons; 0, or -1 without memory. */
int nnsim_open_functions(neuron_functions *functions, int32_t neurons, const int32_t *code,
                         const double *alpha);
void nnsim_close_functions(neuron_functions *functions);

/* `rows` times `vectors` vectors, each row `stride` numbers behind the last one: z holds the
 * pre-activations, a and slope get f(z) and f'(z); a may be z. A row begins with the layer's first
 * neuron, and behind its last one with the first again. Adds z * 0 to poison[LANES]. */
void nnsim_activate_vectors(const neuron_functions *functions, int64_t rows, int64_t vectors,
                            int64_t stride, const double *z, double *a, double *slope,
                            double *poison);

/* The output layer of `rows` samples, without gaps: from z to the outputs o and the back signals
 * dE/dz times `share`. Returns the sum of the samples' losses. All arrays have room for one vector
 * more; in `signal` it is set to 0. */
double nnsim_finish_outputs(const neuron_functions *functions, const nnsim_rule *rule, int64_t rows,
                            const double *z, const double *t, double share, double *o,
                            double *signal, double *poison);
#endif
