/* Several samples a step: every stage handles a tile of samples before the next stage begins.
 *
 * A batch of one tile whose gradient needs no more than a step along it takes that step out of the
 * registers. Otherwise the gradient is summed over the tiles. Between tiles and layers the stop flag
 * is looked at.
 */
#include <stdlib.h>
#include <string.h>

#include "few_samples.h"
#include "small_tile.h"
#include "wide_tile.h"

#define PANEL 4             /* vectors of neurons in a panel of the first layer */
#define MOST_SAMPLES 256    /* in a tile */
#define LEAST_SAMPLES 16    /* however large the network, */
#define LEAST_NEAR 64       /* and however long its rows */
#define TILE_PRODUCTS 2e7   /* about a millisecond */
#define TILE_NUMBERS 8192.0 /* activations of a tile: a share of the L2 cache */

typedef struct {
    layout layout;
    int64_t most;     /* samples in a tile */
    int plain;        /* a step is no more than w -= rate * gradient, */
    int steady;       /* with the same rate in every step */
    int is_for_few;   /* whether few samples can go through registers alone */
    int is_small;     /* which of the two rooms is used else */
    wide_room wide;
    small_room small;
    few_columns columns;
    quick_functions functions[2]; /* of a small network's hidden layers */
    double *block;    /* what was allocated for the rooms' numbers, and these: */
    double *x;        /* [most, inputs] samples that do not lie in a row */
    double *expected; /* [most * outputs], and a vector more */
    double poison[LANES];
} batch;

static int fits(const nnsim_network *network, const nnsim_rule *rule, const nnsim_samples *samples)
{
    (void)rule, (void)samples;
    return nnsim_layout_fits(network);
}

static int64_t within(double x, int64_t least, int64_t most)
{
    return x < (double)least ? least : x > (double)most ? most : (int64_t)x;
}

/* How many samples a tile has: as many as fill a millisecond at most, or a share of the cache. */
static int64_t samples_of_tile(const layout *layout)
{
    double products = 3.0 * (double)layout->parameters + 100.0 * (double)layout->row;
    int64_t quick = within(TILE_PRODUCTS / products, LEAST_SAMPLES, MOST_SAMPLES);
    int64_t near = within(TILE_NUMBERS / (double)layout->row, LEAST_NEAR, MOST_SAMPLES);
    return (quick < near ? quick : near) / 8 * 8;
}

/* The numbers of a small network lie layer by layer in the same room. */
static void open_small_room(batch *own)
{
    int64_t second = own->most * own->layout.layer[0].vectors * LANES;
    const wide_room *wide = &own->wide;
    own->small = (small_room){.a = {wide->a, wide->a + second},
                              .signal = {wide->signal, wide->signal + second},
                              .output_signal = wide->carried,
                              .functions = own->functions,
                              .poison = own->poison};
}

/* Rows a power of two apart would fall on each other in the cache. */
static int64_t stride_of(const layout *layout)
{
    return layout->row % 64 ? layout->row : layout->row + 8;
}

static int open_rooms(batch *own)
{
    const layout *layout = &own->layout;
    wide_room *wide = &own->wide;
    size_t most = (size_t)own->most, outputs = most * (size_t)layout->outputs + LANES;
    size_t rows = most * (size_t)stride_of(layout) + LANES, x = most * (size_t)layout->inputs;
    double *numbers = nnsim_aligned(3 * rows + 4 * outputs + x, &own->block);
    if (!numbers)
        return -1;
    *wide = (wide_room){.layout = layout, .stride = stride_of(layout), .poison = own->poison};
    wide->a = numbers;
    wide->signal = wide->a + rows;
    wide->carried = wide->signal + rows;
    wide->z = wide->carried + rows;
    wide->o = wide->z + outputs;
    wide->output_signal = wide->o + outputs;
    own->expected = wide->output_signal + outputs;
    own->x = own->expected + outputs;
    open_small_room(own);
    return nnsim_open_sparse(&wide->sparse, layout, own->most);
}

static void set_functions(batch *own, const nnsim_network *network)
{
    int32_t before = 0;
    for (int32_t l = 0; l < network->layers - 1; before += network->sizes[l++])
        nnsim_set_quick(&own->functions[l], network->sizes[l], network->activation + before,
                        network->slope + before);
}

static int open_path(work *work)
{
    batch *own = work->own = calloc(1, sizeof *own);
    const nnsim_rule *rule = work->rule;
    if (!own || nnsim_open_layout(&own->layout, work, PANEL) < 0)
        return -1;
    own->most = samples_of_tile(&own->layout);
    own->plain = nnsim_is_plain(rule);
    own->steady = rule->schedule == NNSIM_CONSTANT && rule->warm_up_steps <= 1;
    own->is_for_few = nnsim_is_for_few(&own->layout);
    own->is_small = nnsim_is_small(&own->layout);
    if (own->is_small)
        set_functions(own, work->network);
    return open_rooms(own);
}

static void close_path(work *work)
{
    batch *own = work->own;
    if (!own)
        return;
    nnsim_close_layout(&own->layout, work);
    nnsim_close_sparse(&own->wide.sparse);
    free(own->block);
    free(own);
}

static void load_path(work *work, const nnsim_state *state)
{
    nnsim_load_layout(&((batch *)work->own)->layout, work, state);
}

static void save_path(const work *work, nnsim_state *state)
{
    nnsim_save_layout(&((const batch *)work->own)->layout, work, state);
}

static int lie_in_a_row(const int64_t *rows, int64_t count)
{
    int64_t i = 1;
    while (i < count && rows[i] == rows[0] + i)
        i++;
    return i == count;
}

/* Copies rows of a table to where they lie one behind the other. */
static void copy_rows(const int64_t *rows, int64_t count, size_t width, const double *from,
                      double *to)
{
    for (int64_t i = 0; i < count; i++)
        memcpy(to + (size_t)i * width, from + (size_t)rows[i] * width, width * sizeof(double));
}

/* The tile's samples: where they are if they lie in a row, but expected outputs with the room that
 * vectors need, where whole ones are read. */
static void fetch(batch *own, const nnsim_samples *samples, const int64_t *rows, tile *tile)
{
    size_t inputs = (size_t)own->layout.inputs, outputs = (size_t)own->layout.outputs;
    int in_a_row = lie_in_a_row(rows, tile->count);
    tile->x = in_a_row ? samples->inputs + (size_t)rows[0] * inputs : own->x;
    tile->expected = own->expected;
    if (!in_a_row) {
        copy_rows(rows, tile->count, inputs, samples->inputs, own->x);
        own->columns.from = NULL;
    }
    if (in_a_row && (own->is_small || own->is_for_few))
        tile->expected = samples->expected + (size_t)rows[0] * outputs;
    else
        copy_rows(rows, tile->count, outputs, samples->expected, own->expected);
}

/* Returns 0 when it was asked to stop. */
static int take_tile(work *work, const volatile int32_t *stop, tile *tile, double *loss,
                     double *error)
{
    batch *own = work->own;
    if (asked(stop))
        return 0;
    if (own->is_for_few && tile->count <= LANES) {
        *loss = nnsim_few_samples(&own->layout, work->rule, work->state, tile, &own->columns,
                                  own->poison, error);
        return 1;
    }
    if (!own->is_small)
        return nnsim_wide_tile(&own->wide, work->rule, work->state, tile, stop, loss, error);
    *loss = nnsim_small_tile(&own->layout, work->rule, work->state, tile, &own->small, error);
    return 1;
}

/* Takes one step; returns 0 when it was asked to stop. */
static int take_step(work *work, const block *block, int64_t s)
{
    batch *own = work->own;
    const layout *layout = &own->layout;
    const nnsim_rule *rule = work->rule;
    int64_t begin = s ? block->ends[s - 1] : 0, size = block->ends[s] - begin;
    nnsim_pace pace = {.rate = rule->learning_rate};
    if (!own->plain || !own->steady)
        pace = nnsim_pace_of(rule, block->first_step + s, block->first_optimizer_step + s);
    int at_once = own->plain && size <= own->most;
    tile tile = {.share = rule->mean ? 1.0 / (double)size : 1.0,
                 .finish = at_once ? STEP_DOWN : PUT,
                 .rate = pace.rate,
                 .kept = at_once ? layout->kept : NULL,
                 .result = at_once ? work->state : layout->gradient};
    double losses = 0.0;
    for (int64_t done = 0; done < size; done += tile.count) {
        double loss, error;
        tile.count = size - done < own->most ? size - done : own->most;
        fetch(own, work->samples, block->rows + begin + done, &tile);
        if (!take_tile(work, block->stop, &tile, &loss, &error))
            return 0;
        if (done == 0)
            block->errors[s] = error;
        losses += loss;
        tile.finish = ADD; /* of what follows, if anything */
    }
    block->losses[s] = losses * tile.share;
    if (!at_once)
        block->losses[s] += nnsim_follow_rule(layout, work, &pace);
    return 1;
}

static int64_t take(work *work, const block *block)
{
    batch *own = work->own;
    int64_t steps = 0;
    memset(own->poison, 0, sizeof own->poison);
    memset(own->wide.z, 0, (size_t)(own->most * own->layout.outputs + LANES) * sizeof(double));
    while (steps < block->steps && take_step(work, block, steps))
        steps++;
    for (int lane = 0; lane < LANES; lane++)
        work->poison += own->poison[lane];
    return steps;
}

const path nnsim_batch_path = {"batch", fits, open_path, load_path, save_path, take, close_path};
