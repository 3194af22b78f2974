"""The edits that connect: connections and biases added and removed, one by one or by the layer."""

from collections.abc import Collection

import numpy as np

from nnsim.engine.network import ParameterRef
from nnsim.engine.references import Neuron
from nnsim.engine.rewiring import check_forward, connected, with_biases, without
from nnsim.engine.structure import Mask, check_neuron
from nnsim.errors import BadNetwork
from nnsim.model.document import Document
from nnsim.model.rebuilding import Fresh, rebuilt
from nnsim.tracing.names import parameter_name


def connect(
    document: Document, source: Neuron, target: Neuron, fresh: Fresh = Fresh.start_rule
) -> Document:
    """Add the connection from a neuron (layer 0: an input) to one of any later layer."""
    network = document.network
    for neuron in (source, target):
        check_neuron(network.structure, neuron)
    check_forward(network.structure, source[0], target[0])
    ref = ParameterRef(*target, source[1], source[0])
    if network.has(ref):
        raise BadNetwork(f"The connection {parameter_name(network, ref)} is there already.")
    wanted = np.zeros((network.sizes[target[0]], network.sizes[source[0]]), np.bool_)
    wanted[target[1], source[1]] = True
    return rebuilt(document, connected(network.structure, source[0], target[0], wanted), fresh)


def connect_layers(
    document: Document, from_layer: int, to_layer: int, fresh: Fresh = Fresh.start_rule
) -> Document:
    """Add all connections between two layers (0 = inputs) that are not there yet."""
    structure = document.network.structure
    check_forward(structure, from_layer, to_layer)
    wanted = np.ones((structure.sizes[to_layer], structure.sizes[from_layer]), np.bool_)
    return rebuilt(document, connected(structure, from_layer, to_layer, wanted), fresh)


def disconnect(document: Document, refs: Collection[ParameterRef]) -> Document:
    """Remove weights and biases; raises BadNetwork when one is not there."""
    network = document.network
    removed = np.zeros(len(network.parameters), np.bool_)
    removed[[network.index_of(ref) for ref in refs]] = True
    return _without(document, removed)


def disconnect_layers(document: Document, from_layer: int, to_layer: int) -> Document:
    """Remove all connections between two layers (0 = inputs)."""
    structure = document.network.structure
    check_forward(structure, from_layer, to_layer)
    removed = np.zeros(structure.slot_count, np.bool_)
    first = structure.starts[from_layer] - structure.slots[to_layer - 1].first
    if first >= 0:  # else the layer does not even reach so far back
        matrix = structure.weights_in(removed)[to_layer - 1]
        matrix[:, first : first + structure.sizes[from_layer]] = True
    return _without(document, removed)


def set_bias(
    document: Document,
    neurons: Collection[Neuron],
    present: bool,
    fresh: Fresh = Fresh.start_rule,
) -> Document:
    """Give each of these neurons a bias, or take it away; one that is so already stays as it is."""
    network = document.network
    for neuron in neurons:
        check_neuron(network.structure, neuron)
        if neuron[0] == 0:
            raise BadNetwork("An input has no bias: it only passes on what the sample gives.")
    if present:
        return rebuilt(document, with_biases(network.structure, neurons), fresh)
    refs = [ParameterRef(layer, index, None) for layer, index in neurons]
    return disconnect(document, [ref for ref in refs if network.has(ref)])


def _without(document: Document, removed: Mask) -> Document:
    return rebuilt(document, without(document.network.structure, removed), Fresh.zero)
