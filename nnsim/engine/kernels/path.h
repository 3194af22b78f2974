/* What a path through the training work is: one way of taking steps, chosen by shape and rule.
 *
 * train.c walks the steps in blocks: it lists which rows each step uses, asks the path to take
 * them all, and looks afterwards whether everything stayed finite and whether the loss ran away.
 * If not, it loads the last good state and goes on from there step by step. So a path may be
 * written for speed alone: it never looks back, and it need not check anything while it runs but
 * the stop flag, every millisecond of work. When that is raised it comes back at once from wherever
 * it is, and what it was at is dropped. And whatever a step reads beside the state and the samples it
 * must have written itself: what an overflow left anywhere else is not put back.
 */
#ifndef NNSIM_PATH_H
#define NNSIM_PATH_H

#include <stddef.h>
#include "asked.h"
#include "kernel.h"

/* The steps of one block: step s uses rows[ends[s-1]] … rows[ends[s]-1] (ends[-1] is 0). */
typedef struct {
    const int64_t *rows;
    const int64_t *ends;
    int64_t steps;
    int64_t first_step;            /* number of the first of them, for the learning-rate schedule */
    int64_t first_optimizer_step;  /* the same for Adam's bias correction */
    double *losses;                /* [steps] out: the objective of each step; never NULL */
    double *errors;                /* [steps] out: output 0 - expected 0 of the first row; never NULL */
    const volatile int32_t *stop;  /* the work's */
} block;

/* A path's own memory: parameters and moments in the layout it likes best. */
typedef struct {
    const nnsim_network *network;
    const nnsim_rule *rule;
    const nnsim_samples *samples;
    const volatile int32_t *stop;
    double *state;         /* all that steps change, in one piece; before it is loaded all 0 */
    size_t state_count;    /* numbers in it, with those that are padding */
    double poison;         /* out: 0 while every sum was finite: a path adds z * 0 of its sums */
    void *own;             /* whatever else the path needs; freed by free_own */
} work;

typedef struct {
    const char *name;
    int (*fits)(const nnsim_network *, const nnsim_rule *, const nnsim_samples *);
    int (*open)(work *);                        /* 0, or -1 without memory: allocates state and own */
    void (*load)(work *, const nnsim_state *);  /* from the caller's arrays into work->state */
    void (*save)(const work *, nnsim_state *);  /* and back */
    int64_t (*take)(work *, const block *);     /* takes all steps, unless *stop was raised; returns how many */
    void (*close)(work *);
} path;

/* In this order they are asked; the last fits everything. */
extern const path nnsim_tiny_path;     /* tiny.c: plain SGD, one sample a step, everything in registers */
extern const path nnsim_online_path;   /* online.c: one sample a step, lanes are neurons */
extern const path nnsim_batch_path;    /* batch.c: several samples a step, lanes are samples, matrix products in tiles */
extern const path nnsim_general_path;  /* general.c: the plain loops, every option */

#endif
