/* How the fast paths lay out a network: in whole vectors, whose spare places are and stay 0.
 *
 * In a row of activations each layer begins with a vector of its own; the inputs come first, where a
 * layer behind the first reads them again. The first layer keeps its weights [panel][input][neuron],
 * a panel being a few vectors of neurons: one input meets many neurons at once, and an input that is
 * 0 is passed over. The others keep theirs [neuron][source], each row a stretch of a row of
 * activations: the way back needs no transposing. All weights come before all biases, and behind
 * them the optimizer's moments in the same order.
 */
#ifndef NNSIM_LAYOUT_H
#define NNSIM_LAYOUT_H

#include "path.h"
#include "rules.h"
#include "vector_functions.h"

typedef struct {
    int32_t neurons, vectors;  /* of its neurons */
    int32_t at;                /* where its neurons begin in a row of activations */
    int32_t from, depth;       /* its sources in a row: where they begin, how many vectors */
    double has_bias;           /* 1 or 0 */
    size_t weights, biases;    /* where they begin among the parameters */
    neuron_functions functions;
} layer;

typedef struct {
    int32_t inputs, outputs, layers;
    int32_t panel;             /* vectors of neurons in a panel of the first layer, at most */
    int32_t inputs_in_row;     /* places, 0 when only the first layer reads them */
    int32_t row;               /* places in a row of activations */
    int32_t skips;             /* whether a layer reads more than the layer before */
    size_t weights;            /* places of weights */
    size_t parameters;         /* places of weights and biases */
    int32_t *place;            /* [network's parameters] where each lies among the places */
    uint8_t *trained;          /* [parameters], NULL: all are */
    double *kept;              /* [parameters] 1 where trained, else 0; NULL likewise */
    int32_t may_hold;          /* set before opening by a path that calls nnsim_hold; see there */
    int32_t held;              /* places that are not trained, when they are few: */
    int32_t *held_places;      /* [held] */
    double *held_values;       /* [held] what stays there */
    double *first, *second;    /* moments in the state, or NULL */
    double *gradient;          /* [parameters] room; written anew in each step, but for the rows of
                                  neurons that are not there, which are and stay 0 */
    double *block;             /* what was allocated for the state, before it was aligned */
    layer *layer;
} layout;

/* Whether the network's layers all read whole layers up to the one before them. */
int nnsim_layout_fits(const nnsim_network *network);

/* Allocates the layout and work->state; 0, or -1 without memory. Close it in both cases. */
int nnsim_open_layout(layout *layout, work *work, int32_t panel);
void nnsim_close_layout(layout *layout, work *work);

void nnsim_load_layout(const layout *layout, work *work, const nnsim_state *state);
void nnsim_save_layout(const layout *layout, const work *work, nnsim_state *state);

/* Whether a step is no more than w -= rate * gradient. */
int nnsim_is_plain(const nnsim_rule *rule);

/* A step by the rule along layout->gradient; returns what the penalties add to the loss. */
double nnsim_follow_rule(const layout *layout, work *work, const nnsim_pace *pace);

/* `count` numbers that begin with a cache line, all 0; free *block. NULL without memory. */
double *nnsim_aligned(size_t count, double **block);

/* Puts back what is not trained, after a step that was taken as if all were. This is how a path that
 * may hold treats few such places, and `trained` and `kept` are NULL then: a look at every place in
 * every step would cost more. By whole vectors, which can be read at once where they were written. */
static inline void nnsim_hold(const layout *layout, double *w)
{
    for (int32_t i = 0; i < layout->held; i++) {
        int32_t lane = layout->held_places[i] % LANES;
        double *here = w + (layout->held_places[i] - lane);
        store(here, chosen(LANE_NUMBERS == all_lanes(lane), all(layout->held_values[i]),
                           load(here)));
    }
}

/* How many vectors the panel of the first layer has that begins with vector v. */
static inline int32_t nnsim_panel_width(const layout *layout, int32_t v)
{
    int32_t left = layout->layer[0].vectors - v;
    return left < layout->panel ? left : layout->panel;
}
#endif
