/* The one door into the kernels: training steps on flat arrays.
 *
 * Every array belongs to the caller. Python has checked shapes, ranges and finiteness before it
 * calls (nnsim/engine/kernels/__init__.py), so nothing is refused here but a lack of memory.
 * The bits that come out depend on the network's shape, the rule, the samples, the state and the
 * step number alone: never on how many steps one call takes.
 */
#ifndef NNSIM_KERNEL_H
#define NNSIM_KERNEL_H

#include <stdint.h>

#define NNSIM_KERNEL_VERSION 4

#if defined(_WIN32)
#define NNSIM_API __declspec(dllexport)
#else
#define NNSIM_API __attribute__((visibility("default")))
#endif

/* The numbers of these lists are those of the tables in kernels/__init__.py. */
enum nnsim_activation {
    NNSIM_LINEAR, NNSIM_SIGMOID, NNSIM_BIPOLAR_SIGMOID, NNSIM_TANH, NNSIM_RELU, NNSIM_LEAKY_RELU,
    NNSIM_ELU, NNSIM_SOFTPLUS, NNSIM_SILU, NNSIM_GELU, NNSIM_THRESHOLD, NNSIM_SOFTMAX
};
enum nnsim_loss {
    NNSIM_HALF_SQUARED, NNSIM_SQUARED, NNSIM_MEAN_SQUARED, NNSIM_ABSOLUTE, NNSIM_HUBER,
    NNSIM_BINARY_CROSS_ENTROPY, NNSIM_SOFTMAX_CROSS_ENTROPY, NNSIM_HINGE
};
enum nnsim_optimizer {
    NNSIM_SGD, NNSIM_MOMENTUM, NNSIM_NESTEROV, NNSIM_RMSPROP, NNSIM_ADAGRAD, NNSIM_ADAM, NNSIM_ADAMW
};
enum nnsim_schedule { NNSIM_CONSTANT, NNSIM_STEP, NNSIM_EXPONENTIAL, NNSIM_COSINE };

/* Why nnsim_train came back. In each case the state is as it is after `done` whole steps. */
enum nnsim_end {
    NNSIM_DONE,       /* all steps taken */
    NNSIM_STOPPED,    /* the stop flag was raised, or the seconds were over */
    NNSIM_NOT_FINITE, /* the next step would leave a number that is not finite: it is not taken */
    NNSIM_GROWING,    /* the loss has grown ten steps running and a million-fold: likewise */
    NNSIM_NO_MEMORY   /* nothing was done */
};

/* A layered network. Activations of all neurons lie in one flat vector, inputs first, then layer
 * after layer; each layer reads a contiguous slice of it (its `width` sources from `first` on). */
typedef struct {
    int32_t inputs;
    int32_t layers;             /* behind the inputs */
    const int32_t *sizes;       /* [layers] neurons */
    const int32_t *first;       /* [layers] where its slice of sources begins */
    const int32_t *width;       /* [layers] how many sources it has */
    const int64_t *weights;     /* [layers] place of its matrix [to, from], row by row, in the parameters */
    const int64_t *biases;      /* [layers] place of its biases [to]; -1 for none */
    const int32_t *activation;  /* [neurons behind the inputs] enum nnsim_activation */
    const double *slope;        /* [neurons behind the inputs] alpha of leaky ReLU and ELU, the place of a threshold */
    int64_t parameters;         /* how many, absent ones included */
    const uint8_t *trained;     /* [parameters] 1: present, not frozen, may change; NULL: all are */
    const uint8_t *present;     /* [parameters] 0: removed, its value is 0 and stays 0; NULL: all are */
} nnsim_network;

typedef struct {
    int32_t loss;               /* enum nnsim_loss */
    double huber;               /* where the Huber loss goes over from square to straight */
    int32_t mean;               /* 1: batch loss and gradient are means over the batch, 0: sums */
    int32_t optimizer;          /* enum nnsim_optimizer */
    double learning_rate, momentum, beta1, beta2, rho, epsilon;
    double l1, l2, weight_decay;      /* on weights only */
    double clip_value, clip_norm;     /* 0: off */
    double weight_limit;              /* 0: off */
    int32_t schedule;           /* enum nnsim_schedule */
    int64_t schedule_steps;
    double schedule_factor;
    int64_t warm_up_steps;
} nnsim_rule;

/* The samples, and the order in which steps use them. */
typedef struct {
    int64_t count;
    const double *inputs;       /* [count, inputs] */
    const double *expected;     /* [count, outputs] */
    int64_t batch_size;         /* 1 … count */
    int32_t shuffle;
    uint64_t seed;
    const int64_t *given;       /* rows of given batches, one batch after another; NULL: by epochs */
    const int64_t *given_ends;  /* [steps] where each given batch ends in `given` */
    int64_t *order;             /* [count] room for an epoch's order, kept from call to call, of which
                                   one at a time may use it; NULL: each call draws its own */
    int64_t *ordered;           /* the epoch that it is of; -1: none yet */
} nnsim_samples;

/* What a step changes. Its arrays are only read; see nnsim_train. */
typedef struct {
    double *parameters;         /* [parameters] */
    double *first;              /* [parameters] velocity, or first moment; NULL when not used */
    double *second;             /* [parameters] second moment, or sum of squares; NULL when not used */
    int64_t optimizer_steps;    /* t of Adam's bias correction, before the next step */
    int64_t step, epoch, place; /* steps done; place in which epoch's order where the next batch begins */
} nnsim_state;

/* What the steps leave behind. */
typedef struct {
    double *losses;             /* [steps] objective of each step's batch before its update; NULL: not kept */
    double *errors;             /* [steps] output - expected of the batch's first sample, output 0; NULL: not kept */
    int32_t *rows;              /* [steps] the batch's first sample; NULL: not kept */
    double *watch_last;         /* [count] last loss with that first sample, NaN: none yet; NULL: no watch */
    double *watch_first;        /* [count] the loss since which it has grown each time */
    int64_t watch_steps;        /* how many steps running the loss has grown */
    int64_t done;               /* out: whole steps taken */
    const char *path;           /* out: name of the path that took them */
} nnsim_record;

NNSIM_API int nnsim_kernel_version(void);
/* The highest level of the x86-64 psABI that this processor and system have: 4 (AVX-512), 3 (AVX2
 * and FMA) or 1; 0 on other processors. */
NNSIM_API int nnsim_cpu_level(void);

/* Take up to `steps` steps, fewer when `seconds` (0: no limit) have passed or *stop becomes non-zero
 * and stays so. The flag is looked at at least every millisecond of work, within a step as well;
 * then the call comes back with the last state that it had written down, and drops what was done
 * since. room: two states whose arrays it writes into by turns; in the end `state` has those of the
 * last one, or still its own when no step was taken. It may come with those of one of the two.
 * Returns enum nnsim_end. */
NNSIM_API int nnsim_train(const nnsim_network *network, const nnsim_rule *rule,
                          const nnsim_samples *samples, nnsim_state *state,
                          const nnsim_state *room, nnsim_record *record, int64_t steps,
                          double seconds, const volatile int32_t *stop);

/* Write the loss of each sample at these parameters, [count], without penalties. Returns how many
 * were written: fewer when *stop becomes non-zero, -1 without memory. */
NNSIM_API int64_t nnsim_losses(const nnsim_network *network, const nnsim_rule *rule,
                               const nnsim_samples *samples, const double *parameters,
                               double *losses, const volatile int32_t *stop);

/* Write the order of one epoch, [count]: 0, 1, … or, shuffled, a Fisher-Yates permutation drawn
 * from SplitMix64 started at a mix of (seed, epoch): a pure function of the two. */
NNSIM_API void nnsim_epoch_order(int64_t count, int32_t shuffle, uint64_t seed, uint64_t epoch,
                                 int64_t *order);
#endif
