/* Which rows each step uses: batch after batch of an epoch's order, or batches that were given. */
#ifndef NNSIM_BATCHES_H
#define NNSIM_BATCHES_H

#include "kernel.h"

/* Where the next batch begins. */
typedef struct {
    int64_t epoch, place;
    int64_t given;           /* number of the next given batch */
} nnsim_place;

typedef struct {
    const nnsim_samples *samples;
    int64_t size;            /* samples per step, but for an epoch's last batch */
    int64_t largest;         /* the most that one step uses */
    int64_t *order;          /* [samples] of `ordered`, an epoch; NULL when nothing is shuffled */
    int64_t ordered;         /* -1: no epoch yet */
    nnsim_place next;
} nnsim_batches;

/* Returns 0, or -1 without memory. steps: how many given batches there are. */
int nnsim_open_batches(nnsim_batches *batches, const nnsim_samples *samples, int64_t steps,
                       int64_t epoch, int64_t place);
void nnsim_close_batches(nnsim_batches *batches);

/* Lists the rows of the next steps and where each step's rows end, and moves on behind them. Returns
 * how many steps: `steps`, or as many as have room for their rows, but at least 1. */
int64_t nnsim_list(nnsim_batches *batches, int64_t steps, int64_t room, int64_t *rows,
                   int64_t *ends);
#endif
