/* The network in whole vectors; what changes hands with the caller goes by the map `place`. */
#include <stdlib.h>
#include <string.h>

#include "layout.h"

#define LINE 64                /* bytes of a cache line */
#define LEAST_FOR_ONE_HELD 64 /* parameters, so that putting it back is the cheaper way */

double *nnsim_aligned(size_t count, double **block)
{
    *block = calloc(count + LINE / sizeof(double), sizeof(double));
    if (!*block)
        return NULL;
    return *block + (LINE - (uintptr_t)*block % LINE) % LINE / sizeof(double);
}

/* The neurons of a layer; -1 for the inputs. */
static int32_t size_of_layer(const nnsim_network *network, int32_t l)
{
    return l < 0 ? network->inputs : network->sizes[l];
}

/* The first of the whole layers before l that have as many neurons as it has sources: -1 for the
 * inputs; -2 when there are none. It takes no longer than a look at one neuron's weights. */
static int32_t first_source(const nnsim_network *network, int32_t l)
{
    int32_t source = l, left = network->width[l];
    while (left > 0 && source >= 0)
        left -= size_of_layer(network, --source);
    return left == 0 ? source : -2;
}

int nnsim_layout_fits(const nnsim_network *network)
{
    int32_t before = network->inputs;
    for (int32_t l = 0; l < network->layers; before += network->sizes[l++])
        if (network->first[l] + network->width[l] != before || first_source(network, l) == -2)
            return 0;
    return 1;
}

/* Whether a layer behind the first reads the inputs again, and whether any skips a layer. */
static void look_for_skips(layout *layout, const nnsim_network *network)
{
    layout->inputs_in_row = 0;
    layout->skips = 0;
    for (int32_t l = 1; l < network->layers; l++) {
        layout->skips |= network->width[l] != network->sizes[l - 1];
        if (network->first[l] == 0)
            layout->inputs_in_row = IN_VECTORS(network->inputs) * LANES;
    }
}

static void place_layers(layout *layout, const nnsim_network *network)
{
    size_t weights = 0, biases = 0;
    int32_t at = layout->inputs_in_row;
    for (int32_t l = 0; l < network->layers; l++) {
        layer *here = &layout->layer[l];
        int32_t source = first_source(network, l);
        here->neurons = network->sizes[l];
        here->vectors = IN_VECTORS(here->neurons);
        here->at = at;
        here->from = source < 0 ? 0 : layout->layer[source].at;
        here->depth = l == 0 ? IN_VECTORS(network->inputs) : (at - here->from) / LANES;
        here->has_bias = network->biases[l] >= 0;
        here->weights = weights;
        here->biases = biases;
        weights += (size_t)here->vectors * LANES *
                   (size_t)(l == 0 ? network->inputs : here->depth * LANES);
        biases += (size_t)here->vectors * LANES;
        at += here->vectors * LANES;
    }
    for (int32_t l = 0; l < network->layers; l++)
        layout->layer[l].biases += weights;
    layout->row = at;
    layout->weights = weights;
    layout->parameters = weights + biases;
}

/* The place of the weight of the first layer to `neuron` from `input`. */
static size_t first_place(const layout *layout, int32_t neuron, int32_t input)
{
    int32_t vector = neuron / LANES, begin = vector / layout->panel * layout->panel;
    size_t before = (size_t)begin * LANES * (size_t)layout->inputs;
    size_t within = (size_t)input * (size_t)nnsim_panel_width(layout, begin) +
                    (size_t)(vector - begin);
    return before + within * LANES + (size_t)(neuron % LANES);
}

/* The places of a row of weights [to, from] of a later layer. Its sources are whole layers. */
static void map_row(const layout *layout, const nnsim_network *network, int32_t l, int32_t neuron)
{
    const layer *here = &layout->layer[l];
    size_t row = here->weights + (size_t)neuron * (size_t)here->depth * LANES;
    int32_t *place = layout->place + network->weights[l] + (int64_t)neuron * network->width[l];
    for (int32_t source = first_source(network, l); source < l; source++) {
        int32_t size = size_of_layer(network, source);
        size_t at = row + (size_t)((source < 0 ? 0 : layout->layer[source].at) - here->from);
        for (int32_t i = 0; i < size; i++)
            *place++ = (int32_t)at + i;
    }
}

static void map_layer(const layout *layout, const nnsim_network *network, int32_t l)
{
    for (int32_t neuron = 0; neuron < network->sizes[l]; neuron++) {
        int64_t row = network->weights[l] + (int64_t)neuron * network->width[l];
        if (l > 0)
            map_row(layout, network, l, neuron);
        for (int32_t i = 0; l == 0 && i < network->inputs; i++)
            layout->place[row + i] = (int32_t)first_place(layout, neuron, i);
        if (network->biases[l] >= 0)
            layout->place[network->biases[l] + neuron] =
                (int32_t)layout->layer[l].biases + neuron;
    }
}

/* Lists the places to be held when they are few; 0, or -1 without memory. */
static int open_held(layout *layout, const nnsim_network *network)
{
    int64_t count = 0;
    for (int64_t i = 0; i < network->parameters; i++)
        count += !network->trained[i];
    if (count * LEAST_FOR_ONE_HELD > network->parameters)
        return 0;
    layout->held_places = malloc(((size_t)count + 1) * sizeof *layout->held_places);
    layout->held_values = malloc(((size_t)count + 1) * sizeof *layout->held_values);
    if (!layout->held_places || !layout->held_values)
        return -1;
    for (int64_t i = 0; i < network->parameters; i++)
        if (!network->trained[i] && layout->place[i] >= 0)
            layout->held_places[layout->held++] = layout->place[i];
    return 0;
}

static int open_trained(layout *layout, const nnsim_network *network)
{
    if (!network->trained)
        return 0;
    if (layout->may_hold && open_held(layout, network) < 0)
        return -1;
    if (layout->held_places)
        return 0;
    layout->trained = malloc(layout->parameters);
    layout->kept = malloc(layout->parameters * sizeof(double));
    if (!layout->trained || !layout->kept)
        return -1;
    memset(layout->trained, 1, layout->parameters);
    for (int64_t i = 0; i < network->parameters; i++)
        if (layout->place[i] >= 0)
            layout->trained[layout->place[i]] = network->trained[i];
    for (size_t i = 0; i < layout->parameters; i++)
        layout->kept[i] = layout->trained[i] ? 1.0 : 0.0;
    return 0;
}

static int open_functions(layout *layout, const nnsim_network *network)
{
    int32_t neuron = 0;
    for (int32_t l = 0; l < network->layers; neuron += network->sizes[l++])
        if (nnsim_open_functions(&layout->layer[l].functions, network->sizes[l],
                                 network->activation + neuron, network->slope + neuron) < 0)
            return -1;
    return 0;
}

static int open_state(layout *layout, work *work)
{
    size_t count = layout->parameters;
    int has_first = nnsim_has_first(work->rule), has_second = nnsim_has_second(work->rule);
    work->state_count = count * (size_t)(1 + has_first + has_second);
    work->state = nnsim_aligned(work->state_count + count, &layout->block);
    if (!work->state)
        return -1;
    layout->first = has_first ? work->state + count : NULL;
    layout->second = has_second ? work->state + count * (size_t)(1 + has_first) : NULL;
    layout->gradient = work->state + work->state_count;
    return 0;
}

int nnsim_open_layout(layout *layout, work *work, int32_t panel)
{
    const nnsim_network *network = work->network;
    layout->inputs = network->inputs;
    layout->layers = network->layers;
    layout->outputs = network->sizes[network->layers - 1];
    layout->panel = panel;
    layout->layer = calloc((size_t)network->layers, sizeof *layout->layer);
    layout->place = malloc((size_t)network->parameters * sizeof *layout->place);
    if (!layout->layer || !layout->place)
        return -1;
    memset(layout->place, 0xff, (size_t)network->parameters * sizeof *layout->place);
    look_for_skips(layout, network);
    place_layers(layout, network);
    for (int32_t l = 0; l < network->layers; l++)
        map_layer(layout, network, l);
    if (open_trained(layout, network) < 0 || open_functions(layout, network) < 0)
        return -1;
    return open_state(layout, work);
}

void nnsim_close_layout(layout *layout, work *work)
{
    for (int32_t l = 0; layout->layer && l < layout->layers; l++)
        nnsim_close_functions(&layout->layer[l].functions);
    free(layout->layer);
    free(layout->place);
    free(layout->trained);
    free(layout->kept);
    free(layout->held_places);
    free(layout->held_values);
    free(layout->block);
    work->state = NULL;
}

/* Where the stretch of work that begins at `at` ends; at its beginning when asked to stop. */
static int64_t stretch_end(const work *work, int64_t at, int64_t count)
{
    if (asked(work->stop))
        return at;
    return count - at < WORK_BETWEEN_LOOKS ? count : at + WORK_BETWEEN_LOOKS;
}

static void load_numbers(const layout *layout, const work *work, const double *outside,
                         double *inside)
{
    int64_t count = work->network->parameters, end;
    for (int64_t at = 0; inside && (end = stretch_end(work, at, count)) > at; at = end)
        for (int64_t i = at; i < end; i++)
            if (layout->place[i] >= 0)
                inside[layout->place[i]] = outside[i];
}

static void save_numbers(const layout *layout, const work *work, const double *inside,
                         double *outside)
{
    int64_t count = work->network->parameters, end;
    for (int64_t at = 0; inside && (end = stretch_end(work, at, count)) > at; at = end)
        for (int64_t i = at; i < end; i++)
            if (layout->place[i] >= 0)
                outside[i] = inside[layout->place[i]];
}

void nnsim_load_layout(const layout *layout, work *work, const nnsim_state *state)
{
    load_numbers(layout, work, state->parameters, work->state);
    load_numbers(layout, work, state->first, layout->first);
    load_numbers(layout, work, state->second, layout->second);
    for (int32_t i = 0; i < layout->held; i++)
        layout->held_values[i] = work->state[layout->held_places[i]];
}

void nnsim_save_layout(const layout *layout, const work *work, nnsim_state *state)
{
    save_numbers(layout, work, work->state, state->parameters);
    save_numbers(layout, work, layout->first, state->first);
    save_numbers(layout, work, layout->second, state->second);
}

int nnsim_is_plain(const nnsim_rule *rule)
{
    return rule->optimizer == NNSIM_SGD && rule->l1 == 0.0 && rule->l2 == 0.0 &&
           rule->clip_value == 0.0 && rule->clip_norm == 0.0 && rule->weight_limit == 0.0;
}

/* The parameters from `begin` to `end` follow the rule. */
static void update(const layout *layout, work *work, const nnsim_pace *pace, int32_t weights,
                   size_t begin, size_t end, double factor)
{
    int64_t last = (int64_t)end, next;
    for (int64_t at = (int64_t)begin; (next = stretch_end(work, at, last)) > at; at = next)
        nnsim_update(work->rule, pace, weights, layout->trained ? layout->trained + at : NULL,
                     next - at, factor, layout->gradient + at, work->state + at,
                     layout->first ? layout->first + at : NULL,
                     layout->second ? layout->second + at : NULL);
}

/* Where the weights of the layer's neurons end. In a later layer rows of neurons that are not there
 * follow: no step may write there, nor into their gradient, which no step would write anew. */
static size_t weights_end(const layout *layout, const layer *layer)
{
    size_t numbers = layer == layout->layer
                         ? (size_t)layout->inputs * (size_t)layer->vectors * LANES
                         : (size_t)layer->neurons * (size_t)layer->depth * LANES;
    return layer->weights + numbers;
}

/* Adds the penalties' gradient, and returns what they add to the loss. */
static double penalise(const layout *layout, work *work)
{
    const nnsim_rule *rule = work->rule;
    const layer *end = layout->layer + layout->layers;
    double penalty = 0.0;
    for (const layer *layer = layout->layer; layer < end; layer++) {
        size_t at = layer->weights;
        int64_t count = (int64_t)(weights_end(layout, layer) - at);
        penalty += nnsim_penalty(rule, count, work->state + at);
        nnsim_penalise(rule, count, work->state + at, layout->gradient + at);
    }
    return penalty;
}

double nnsim_follow_rule(const layout *layout, work *work, const nnsim_pace *pace)
{
    const nnsim_rule *rule = work->rule;
    const layer *end = layout->layer + layout->layers;
    double penalty = penalise(layout, work);
    double factor =
        nnsim_clip(rule, layout->trained, (int64_t)layout->parameters, layout->gradient);
    for (const layer *layer = layout->layer; layer < end; layer++)
        update(layout, work, pace, 1, layer->weights, weights_end(layout, layer), factor);
    update(layout, work, pace, 0, layout->weights, layout->parameters, factor);
    return penalty;
}
