"""The edit that removes whatever is chosen: neurons, whole layers, weights and biases."""

from collections.abc import Collection

from nnsim.engine.network import ParameterRef
from nnsim.engine.references import Neuron
from nnsim.model.building import remove_layer, remove_neurons
from nnsim.model.connecting import disconnect
from nnsim.model.document import Document
from nnsim.model.rebuilding import Fresh


def delete(
    document: Document,
    parts: Collection[Neuron | ParameterRef],
    fresh: Fresh = Fresh.start_rule,
) -> Document:
    """Remove neurons with their connections, weights and biases.

    A layer all of whose neurons go is removed as by `remove_layer`. Raises BadNetwork when a part
    is not there, or no input or no layer would be left.
    """
    refs = [part for part in parts if isinstance(part, ParameterRef)]
    neurons = {part for part in parts if not isinstance(part, ParameterRef)}
    whole = [
        layer
        for layer, size in enumerate(document.network.sizes)
        if layer > 0 and all((layer, index) in neurons for index in range(size))
    ]
    fewer = disconnect(document, refs) if refs else document
    fewer = remove_neurons(fewer, {neuron for neuron in neurons if neuron[0] not in whole})
    for layer in reversed(whole):
        fewer = remove_layer(fewer, layer, fresh)
    return fewer
