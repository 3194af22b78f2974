/* The driver: walks the steps in stretches that are kept or dropped as a whole.
 *
 * The path takes the steps of a stretch in blocks of less than a millisecond, between which the stop
 * flag and the clock are looked at. At its end all numbers are looked through and written down in
 * one of the caller's two rooms, by turns, so that there is always a whole state to come back with
 * at once. If a number is not finite, or the loss has run away, the last state is loaded and the
 * same steps are taken one by one and written down each, which finds the last good one. The same
 * code takes the same steps both times, so the bits are the same, however steps are cut.
 */
#include <float.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "batches.h"
#include "clock.h"
#include "growth.h"
#include "path.h"

#define BLOCK_STEPS 1024
#define BLOCK_ROWS 4096        /* or one batch, where that is more */
#define BLOCK_SECONDS 1e-3
#define STRETCH_STEPS 8192
#define KEEPING_SECONDS 2e-9   /* of looking through and writing down one number, about */
#define KEEPING_SHARE 0.01     /* of the time that a stretch takes */

typedef struct {
    const path *path;
    work work;
    nnsim_batches batches;
    nnsim_state *state;          /* as it is after the steps kept */
    const nnsim_state *room;     /* two to write into; */
    int next_room;               /* the one that `state` has not its arrays from */
    nnsim_record *record;        /* its `done` is the number of steps kept */
    const volatile int32_t *stop;
    double deadline;             /* 0: none */
    int64_t block_steps;         /* how many now take about a block's time */
    nnsim_place mark;            /* the place behind the steps kept */
    int64_t block_rows;          /* room for so many rows */
    int64_t *rows, *ends;        /* of one block */
    double *losses, *errors;     /* of one stretch; NULL: they are written into the record */
    int32_t *firsts;             /* first rows, likewise */
    nnsim_remembered *remembered;
} run;

static int64_t smaller(int64_t x, int64_t y)
{
    return x < y ? x : y;
}

static int must_end(const run *run)
{
    return asked(run->stop) || (run->deadline > 0.0 && nnsim_seconds() >= run->deadline);
}

/* Where losses, errors and first rows of the step that is `at` behind the last kept one belong. */
static double *losses_at(const run *run, int64_t at)
{
    return run->losses ? run->losses + at : run->record->losses + run->record->done + at;
}

static double *errors_at(const run *run, int64_t at)
{
    return run->errors ? run->errors + at : run->record->errors + run->record->done + at;
}

static int32_t *firsts_at(const run *run, int64_t at)
{
    return run->firsts ? run->firsts + at : run->record->rows + run->record->done + at;
}

static void note_firsts(run *run, int64_t at, int64_t steps)
{
    int32_t *firsts = firsts_at(run, at);
    for (int64_t s = 0; s < steps; s++)
        firsts[s] = (int32_t)run->rows[s ? run->ends[s - 1] : 0];
}

/* Takes up to `steps` steps, `at` steps behind the last kept one; returns how many. */
static int64_t take_block(run *run, int64_t at, int64_t steps)
{
    int64_t listed = nnsim_list(&run->batches, steps, run->block_rows, run->rows, run->ends);
    block block = {run->rows, run->ends, listed, run->state->step + at,
                   run->state->optimizer_steps + at, losses_at(run, at), errors_at(run, at),
                   run->stop};
    int64_t taken = run->path->take(&run->work, &block);
    note_firsts(run, at, taken);
    return taken;
}

static void keep_time(run *run, double seconds)
{
    if (seconds > BLOCK_SECONDS && run->block_steps > 1)
        run->block_steps /= 2;
    else if (seconds < 0.4 * BLOCK_SECONDS)
        run->block_steps = smaller(2 * run->block_steps, BLOCK_STEPS);
}

/* Takes block after block until it is worth while to keep them; returns how many steps. */
static int64_t take_stretch(run *run, int64_t steps)
{
    double worth = (double)run->work.state_count * KEEPING_SECONDS / KEEPING_SHARE;
    double begun = nnsim_seconds(), before = begun;
    int64_t taken = 0;
    run->work.poison = 0.0;
    while (taken < steps && before - begun <= worth) {
        int64_t asked = smaller(run->block_steps, steps - taken);
        int64_t done = take_block(run, taken, asked);
        taken += done;
        double after = nnsim_seconds();
        keep_time(run, after - before);
        before = after;
        if (done == 0 || must_end(run))
            break;
    }
    return taken;
}

/* Goes back to the last state kept. Spare places may be not finite by now: all are 0 again. */
static void put_back(run *run)
{
    memset(run->work.state, 0, run->work.state_count * sizeof(double));
    run->path->load(&run->work, run->state);
    run->batches.next = run->mark;
}

static int all_finite(int64_t count, const double *numbers)
{
    int finite = 1;
    for (int64_t i = 0; i < count; i++)
        finite &= fabs(numbers[i]) <= DBL_MAX;
    return finite;
}

/* Whether the steps since the last kept one left nothing that is not finite. Whoever asks to stop
 * meanwhile gets any answer. */
static int are_finite(const run *run, int64_t steps)
{
    int64_t count = (int64_t)run->work.state_count;
    int finite = run->work.poison == 0.0 && all_finite(steps, losses_at(run, 0));
    for (int64_t at = 0; finite && at < count && !asked(run->stop); at += WORK_BETWEEN_LOOKS)
        finite = all_finite(smaller(count - at, WORK_BETWEEN_LOOKS), run->work.state + at);
    return finite;
}

static int are_growing(run *run, int64_t steps)
{
    return run->record->watch_last && nnsim_watch(run->record, steps, firsts_at(run, 0),
                                                  losses_at(run, 0), run->remembered) >= 0;
}

/* What the state is after `steps` more steps, in the next room. */
static nnsim_state written_down(run *run, int64_t steps)
{
    nnsim_state next = run->room[run->next_room];
    run->path->save(&run->work, &next);
    next.step = run->state->step + steps;
    next.optimizer_steps = run->state->optimizer_steps + steps;
    next.epoch = run->batches.next.epoch;
    next.place = run->batches.next.place;
    return next;
}

/* Keeps the steps taken since the last kept one; or, when something is not as it should be, does
 * not, and says what. */
static int keep(run *run, int64_t steps)
{
    if (asked(run->stop))
        return NNSIM_STOPPED;
    int finite = are_finite(run, steps);
    nnsim_state next = finite ? written_down(run, steps) : *run->state;
    if (asked(run->stop)) /* it may not be all there */
        return NNSIM_STOPPED;
    if (!finite)
        return NNSIM_NOT_FINITE;
    if (are_growing(run, steps))
        return NNSIM_GROWING;
    *run->state = next;
    run->next_room = !run->next_room;
    run->mark = run->batches.next;
    run->record->done += steps;
    return NNSIM_DONE;
}

/* Takes steps among which a bad one is, and ends before that. */
static int take_one_by_one(run *run, int64_t steps)
{
    int end = NNSIM_DONE;
    put_back(run);
    for (int64_t s = 0; end == NNSIM_DONE && s < steps; s++) {
        if (must_end(run))
            return NNSIM_STOPPED;
        run->work.poison = 0.0;
        take_block(run, 0, 1);
        end = keep(run, 1);
    }
    return end;
}

static int take_all(run *run, int64_t steps)
{
    int end = NNSIM_DONE;
    while (end == NNSIM_DONE && run->record->done < steps) {
        if (asked(run->stop) || (run->record->done > 0 && must_end(run))) /* seconds allow one step */
            return NNSIM_STOPPED;
        int64_t taken = take_stretch(run, smaller(steps - run->record->done, STRETCH_STEPS));
        end = keep(run, taken);
        if (end == NNSIM_NOT_FINITE || end == NNSIM_GROWING)
            end = take_one_by_one(run, taken);
    }
    return end;
}

/* A first guess, on the slow side, of how many steps fill a fifth of a block's time. */
static int64_t first_block_steps(const nnsim_network *network, int64_t batch)
{
    double neurons = 0.0;
    for (int32_t l = 0; l < network->layers; l++)
        neurons += network->sizes[l];
    double seconds = 4e-9 * (double)batch * ((double)network->parameters + 10.0 * neurons);
    double steps = 0.2 * BLOCK_SECONDS / seconds;
    return steps < 1.0 ? 1 : steps < BLOCK_STEPS ? (int64_t)steps : BLOCK_STEPS;
}

static const path *path_for(const nnsim_network *network, const nnsim_rule *rule,
                            const nnsim_samples *samples)
{
    static const path *const paths[] = {&nnsim_tiny_path, &nnsim_online_path, &nnsim_batch_path,
                                        &nnsim_general_path};
    size_t i = 0;
    while (!paths[i]->fits(network, rule, samples))
        i++;
    return paths[i];
}

/* Room for what one stretch leaves behind, where the caller keeps it not; 0, or -1 without memory. */
static int open_scratch(run *run, int64_t steps)
{
    const nnsim_record *record = run->record;
    size_t count = (size_t)smaller(steps, STRETCH_STEPS);
    if (!record->losses && !(run->losses = malloc(count * sizeof(double))))
        return -1;
    if (!record->errors && !(run->errors = malloc(count * sizeof(double))))
        return -1;
    if (!record->rows && !(run->firsts = malloc(count * sizeof(int32_t))))
        return -1;
    if (record->watch_last && !(run->remembered = malloc(count * sizeof(nnsim_remembered))))
        return -1;
    return 0;
}

/* Allocates all that the steps need; 0, or -1 without memory. */
static int open_run(run *run, int64_t steps)
{
    const nnsim_samples *samples = run->work.samples;
    nnsim_state *state = run->state;
    if (nnsim_open_batches(&run->batches, samples, steps, state->epoch, state->place) < 0)
        return -1;
    int64_t largest = run->batches.largest;
    int64_t wanted = steps < BLOCK_ROWS / largest ? steps * largest : BLOCK_ROWS;
    run->block_rows = wanted > largest ? wanted : largest;
    run->block_steps = first_block_steps(run->work.network, largest);
    run->rows = malloc((size_t)run->block_rows * sizeof *run->rows);
    run->ends = malloc((size_t)smaller(steps, BLOCK_STEPS) * sizeof *run->ends);
    if (!run->rows || !run->ends || open_scratch(run, steps) < 0)
        return -1;
    run->mark = run->batches.next;
    run->path = path_for(run->work.network, run->work.rule, samples);
    return run->path->open(&run->work);
}

static void close_run(run *run)
{
    if (run->path)
        run->path->close(&run->work);
    nnsim_close_batches(&run->batches);
    free(run->rows);
    free(run->ends);
    free(run->losses);
    free(run->errors);
    free(run->firsts);
    free(run->remembered);
}

int nnsim_train(const nnsim_network *network, const nnsim_rule *rule, const nnsim_samples *samples,
                nnsim_state *state, const nnsim_state *room, nnsim_record *record, int64_t steps,
                double seconds, const volatile int32_t *stop)
{
    static const volatile int32_t never = 0;
    run run = {.state = state, .room = room, .record = record, .stop = stop ? stop : &never};
    run.next_room = state->parameters == room[0].parameters;
    run.work = (work){.network = network, .rule = rule, .samples = samples, .stop = run.stop};
    run.deadline = seconds > 0.0 ? nnsim_seconds() + seconds : 0.0;
    record->done = 0;
    record->path = "";
    if (steps <= 0 || samples->count <= 0 || network->layers <= 0)
        return NNSIM_DONE;
    int end = NNSIM_NO_MEMORY;
    if (open_run(&run, steps) == 0) {
        record->path = run.path->name;
        run.path->load(&run.work, state);
        end = take_all(&run, steps);
    }
    close_run(&run);
    return end;
}
