/* The watch over training: whether its loss runs away. */
#include <math.h>

#include "growth.h"

#define GROWING_STEPS 10
#define GROWTH 1e6

/* Takes in one loss. Returns 1, having taken in nothing, when it is reason to stop. */
static int sees_reason(nnsim_record *record, int32_t row, double loss)
{
    double last = record->watch_last[row];
    int grown = loss > last; /* not when there is none yet: NaN */
    double first = grown ? record->watch_first[row] : loss;
    int64_t steps = grown ? record->watch_steps + 1 : isnan(last) ? record->watch_steps : 0;
    if (steps >= GROWING_STEPS && first > 0.0 && loss >= GROWTH * first)
        return 1;
    record->watch_steps = steps;
    record->watch_first[row] = first == 0.0 ? loss : first;
    record->watch_last[row] = loss;
    return 0;
}

int64_t nnsim_watch(nnsim_record *record, int64_t steps, const int32_t *rows, const double *losses,
                    nnsim_remembered *before)
{
    int64_t running = record->watch_steps;
    for (int64_t s = 0; s < steps; s++) {
        before[s] = (nnsim_remembered){record->watch_last[rows[s]], record->watch_first[rows[s]]};
        if (!sees_reason(record, rows[s], losses[s]))
            continue;
        for (int64_t back = s - 1; back >= 0; back--) {
            record->watch_last[rows[back]] = before[back].last;
            record->watch_first[rows[back]] = before[back].first;
        }
        record->watch_steps = running;
        return s;
    }
    return -1;
}
