/* Which rows each step uses. */
#include <stdlib.h>
#include <string.h>

#include "batches.h"

static int64_t smaller(int64_t x, int64_t y)
{
    return x < y ? x : y;
}

/* Where given batch number i begins. */
static int64_t given_begin(const nnsim_samples *samples, int64_t i)
{
    return i ? samples->given_ends[i - 1] : 0;
}

static int64_t largest_given(const nnsim_samples *samples, int64_t steps)
{
    int64_t largest = 1;
    for (int64_t i = 0; i < steps; i++) {
        int64_t size = samples->given_ends[i] - given_begin(samples, i);
        largest = size > largest ? size : largest;
    }
    return largest;
}

int nnsim_open_batches(nnsim_batches *batches, const nnsim_samples *samples, int64_t steps,
                       int64_t epoch, int64_t place)
{
    int64_t size = smaller(samples->batch_size, samples->count);
    *batches = (nnsim_batches){.samples = samples, .ordered = -1, .next = {epoch, place, 0}};
    batches->size = size < 1 ? 1 : size;
    batches->largest = samples->given ? largest_given(samples, steps) : batches->size;
    if (samples->given || !samples->shuffle)
        return 0;
    if (samples->order) {
        batches->order = samples->order;
        batches->ordered = *samples->ordered;
        return 0;
    }
    batches->order = malloc((size_t)samples->count * sizeof *batches->order);
    return batches->order ? 0 : -1;
}

void nnsim_close_batches(nnsim_batches *batches)
{
    const nnsim_samples *samples = batches->samples;
    if (!batches->order)
        return;
    if (samples->order)
        *samples->ordered = batches->ordered;
    else
        free(batches->order);
}

/* `count` rows of the epoch from the next place on. */
static void copy_rows(nnsim_batches *batches, int64_t count, int64_t *rows)
{
    const nnsim_samples *samples = batches->samples;
    if (!batches->order) {
        for (int64_t i = 0; i < count; i++)
            rows[i] = batches->next.place + i;
        return;
    }
    if (batches->ordered != batches->next.epoch) {
        nnsim_epoch_order(samples->count, 1, samples->seed, (uint64_t)batches->next.epoch,
                          batches->order);
        batches->ordered = batches->next.epoch;
    }
    memcpy(rows, batches->order + batches->next.place, (size_t)count * sizeof *rows);
}

/* Lists steps of one epoch: its rows stand in a row, whatever the batches. */
static int64_t list_in_epoch(nnsim_batches *batches, int64_t steps, int64_t room, int64_t used,
                             int64_t *rows, int64_t *ends)
{
    int64_t left = batches->samples->count - batches->next.place, size = batches->size;
    int64_t whole = smaller(steps, smaller(left, room) / size), count = whole * size;
    for (int64_t s = 0; s < whole; s++)
        ends[s] = used + (s + 1) * size;
    if (whole < steps && left - count > 0 && left - count < size && left <= room) {
        ends[whole++] = used + left; /* the epoch's last and smaller batch */
        count = left;
    }
    copy_rows(batches, count, rows + used);
    batches->next.place += count;
    if (batches->next.place >= batches->samples->count) {
        batches->next.place = 0;
        batches->next.epoch++;
    }
    return whole;
}

static int64_t list_given(nnsim_batches *batches, int64_t steps, int64_t room, int64_t *rows,
                          int64_t *ends)
{
    const nnsim_samples *samples = batches->samples;
    int64_t first = batches->next.given, begin = given_begin(samples, first), listed = 0;
    while (listed < steps && samples->given_ends[first + listed] - begin <= room) {
        ends[listed] = samples->given_ends[first + listed] - begin;
        listed++;
    }
    memcpy(rows, samples->given + begin, (size_t)ends[listed - 1] * sizeof *rows);
    batches->next.given += listed;
    return listed;
}

/* Lists the same again, as often as it fits, of an epoch that was just listed whole and in fixed
 * order: each time as much as stands there. Returns how many steps. */
static int64_t list_again(nnsim_batches *batches, int64_t epoch_steps, int64_t steps, int64_t room,
                          int64_t *rows, int64_t *ends)
{
    const int64_t count = batches->samples->count;
    const int64_t epochs = 1 + smaller(steps / epoch_steps, room / count);
    for (int64_t listed = 1, more; listed < epochs; listed += more) {
        more = smaller(listed, epochs - listed);
        memcpy(rows + listed * count, rows, (size_t)(more * count) * sizeof *rows);
        for (int64_t s = 0; s < more * epoch_steps; s++)
            ends[listed * epoch_steps + s] = ends[s] + listed * count;
    }
    batches->next.epoch += epochs - 1;
    return (epochs - 1) * epoch_steps;
}

int64_t nnsim_list(nnsim_batches *batches, int64_t steps, int64_t room, int64_t *rows,
                   int64_t *ends)
{
    if (batches->samples->given)
        return list_given(batches, steps, room, rows, ends);
    int64_t listed = 0, used = 0, more = 1;
    while (listed < steps && more > 0) {
        int64_t place = batches->next.place;
        more = list_in_epoch(batches, steps - listed, room - used, used, rows, ends + listed);
        if (!batches->order && more > 0 && place == 0 && batches->next.place == 0)
            more += list_again(batches, more, steps - listed - more, room - ends[listed + more - 1],
                               rows + used, ends + listed);
        listed += more;
        used = ends[listed - 1];
    }
    return listed;
}
