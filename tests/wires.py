"""A network as a plain table of its connections, and its outputs from that table one by one."""

import numpy as np

from nnsim.engine.activations import activate, activation_named


def wires(network):
    """(from, to): (number, frozen) of each weight, from None for a bias; neurons (layer, index)."""
    table = {}
    for ref in network.refs():
        place = network.index_of(ref)
        source = None if ref.is_bias else (ref.from_layer, ref.source)
        frozen = network.is_frozen(place)
        table[source, (ref.layer, ref.to)] = (float(network.parameters[place]), frozen)
    return table


def activations(network):
    """The activation of each neuron behind the inputs."""
    return {
        (number, index): name
        for number, layer in enumerate(network.layers, start=1)
        for index, name in enumerate(layer.activations)
    }


def renamed(table, moved):
    """The table with its neurons under other names; without the wires of those that have none."""
    return {
        (None if source is None else moved[source], moved[target]): value
        for (source, target), value in table.items()
        if target in moved and (source is None or source in moved)
    }


def scalar_outputs(table, names, inputs):
    """The outputs, from every wire on its own; names as of `activations`."""
    values = {(0, index): float(value) for index, value in enumerate(inputs)}
    last = max(layer for layer, _ in names)
    for layer in range(1, last + 1):
        sums = {neuron: 0.0 for neuron in names if neuron[0] == layer}
        for (source, target), (number, _) in table.items():
            if target in sums:
                sums[target] += number * (1.0 if source is None else values[source])
        values |= activated(names, sums)
    return [values[neuron] for neuron in sorted(names) if neuron[0] == last]


def activated(names, sums):
    if all(names[neuron] == "softmax" for neuron in sums):
        shares = activate(["softmax"] * len(sums), np.array(list(sums.values())))[0]
        return dict(zip(sums, shares.tolist(), strict=True))
    results = {}
    for neuron, total in sums.items():
        activation = activation_named(names[neuron])
        results[neuron] = float(activation.value(np.array([total]), activation.number)[0])
    return results
