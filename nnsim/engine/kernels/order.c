/* The order in which an epoch visits the samples; nnsim/engine/order.py draws the same one. */
#include "kernel.h"

#define GOLDEN UINT64_C(0x9E3779B97F4A7C15)

/* The output function of SplitMix64 (Steele, Lea and Flood, OOPSLA 2014). */
static uint64_t mixed(uint64_t state)
{
    state = (state ^ (state >> 30)) * UINT64_C(0xBF58476D1CE4E5B9);
    state = (state ^ (state >> 27)) * UINT64_C(0x94D049BB133111EB);
    return state ^ (state >> 31);
}

/* A number from 0 to below - 1: the high half of the product (Lemire, arXiv 1805.10941). */
static int64_t below(uint64_t drawn, int64_t limit)
{
    return (int64_t)(((unsigned __int128)drawn * (uint64_t)limit) >> 64);
}

void nnsim_epoch_order(int64_t count, int32_t shuffle, uint64_t seed, uint64_t epoch,
                       int64_t *order)
{
    for (int64_t i = 0; i < count; i++)
        order[i] = i;
    if (!shuffle)
        return;
    uint64_t state = mixed(mixed(seed + GOLDEN) ^ epoch);
    for (int64_t last = count - 1; last > 0; last--) {
        state += GOLDEN;
        int64_t other = below(mixed(state), last + 1);
        int64_t swapped = order[last];
        order[last] = order[other];
        order[other] = swapped;
    }
}
