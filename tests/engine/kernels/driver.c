/* Has nnsim_train do the jobs of a file, so that sanitizers and valgrind can watch it.
 *
 * test_sanitizers.py writes the file and says what stands in it. Every array gets memory of its own,
 * of just its size, so that whoever reads or writes beside it is caught. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include "kernel.h"

enum { MOST_ARRAYS = 32 };

static FILE *jobs;
static void *arrays[MOST_ARRAYS];
static int used;

static void read_exactly(void *to, size_t bytes)
{
    if (bytes && fread(to, bytes, 1, jobs) != 1) {
        fputs("The file of jobs ends too early.\n", stderr);
        exit(1);
    }
}

static int64_t number(void)
{
    int64_t read;
    read_exactly(&read, sizeof read);
    return read;
}

/* An array: its bytes, -1 for none, and then what is in it. */
static void *array(void)
{
    int64_t bytes = number();
    if (bytes < 0)
        return NULL;
    void *read = malloc((size_t)bytes);
    if (!read || used == MOST_ARRAYS)
        abort();
    arrays[used++] = read;
    read_exactly(read, (size_t)bytes);
    return read;
}

static nnsim_network network(void)
{
    nnsim_network read = {.inputs = (int32_t)number(), .layers = (int32_t)number()};
    read.sizes = array();
    read.first = array();
    read.width = array();
    read.weights = array();
    read.biases = array();
    read.activation = array();
    read.slope = array();
    read.parameters = number();
    read.trained = array();
    read.present = array();
    return read;
}

/* Memory that nobody has written yet. */
static void *memory(size_t bytes)
{
    if (used == MOST_ARRAYS || !(arrays[used] = malloc(bytes)))
        abort();
    return arrays[used++];
}

/* Some callers keep an epoch's order from call to call. */
static void keep_order(nnsim_samples *samples)
{
    samples->order = memory((size_t)samples->count * sizeof *samples->order);
    samples->ordered = memory(sizeof *samples->ordered);
    *samples->ordered = -1;
}

static nnsim_samples samples(void)
{
    nnsim_samples read = {.count = number()};
    read.inputs = array();
    read.expected = array();
    read.batch_size = number();
    read.shuffle = (int32_t)number();
    read.seed = (uint64_t)number();
    read.given = array();
    read.given_ends = array();
    if (read.shuffle && read.seed % 2 == 0)
        keep_order(&read);
    return read;
}

static nnsim_state state(void)
{
    nnsim_state read = {.parameters = array()};
    read.first = array();
    read.second = array();
    read.place = number();
    return read;
}

/* An array that the kernels write into; none where there is none to read. */
static double *room_like(const double *read, const nnsim_network *net)
{
    if (!read)
        return NULL;
    double *room = malloc((size_t)net->parameters * sizeof *room);
    if (!room || used == MOST_ARRAYS)
        abort();
    arrays[used++] = room;
    return room;
}

static nnsim_state room_for(const nnsim_state *now, const nnsim_network *net)
{
    nnsim_state room = {.parameters = room_like(now->parameters, net)};
    room.first = room_like(now->first, net);
    room.second = room_like(now->second, net);
    return room;
}

static nnsim_record record(void)
{
    nnsim_record read = {.losses = array()};
    read.errors = array();
    read.rows = array();
    read.watch_last = array();
    read.watch_first = array();
    return read;
}

static void do_job(void)
{
    nnsim_rule rule;
    read_exactly(&rule, sizeof rule);
    nnsim_network net = network();
    nnsim_samples rows = samples();
    nnsim_state now = state();
    nnsim_state room[2] = {room_for(&now, &net), room_for(&now, &net)};
    nnsim_record left = record();
    int64_t steps = number(), calls = number();
    int32_t stop = (int32_t)number();
    int end = NNSIM_DONE;
    for (int64_t i = 0; i < calls && end == NNSIM_DONE; i++)
        end = nnsim_train(&net, &rule, &rows, &now, room, &left, steps, 0.0, &stop);
    printf("%d %" PRId64 " %s\n", end, now.step, left.path);
    while (used)
        free(arrays[--used]);
}

int main(int count, char **words)
{
    if (count != 2 || !(jobs = fopen(words[1], "rb")))
        return 1;
    for (int64_t left = number(); left > 0; left--)
        do_job();
    fclose(jobs);
    return 0;
}
