"""The edits that build a network: layers and neurons added, removed, moved and copied."""

from collections.abc import Collection

from nnsim.engine.network import MAX_PARAMETERS, Network
from nnsim.engine.rearranging import Copy, NewNeuron, Placed, rearranged
from nnsim.engine.references import Neuron
from nnsim.engine.structure import check_neuron
from nnsim.errors import BadNetwork, short
from nnsim.model.document import Document
from nnsim.model.rebuilding import Fresh, rebuilt

Rows = list[list[Placed]]
"""The neurons of each layer, inputs first."""


def add_layer(
    document: Document,
    at: int,
    size: int,
    activation: str,
    fresh: Fresh = Fresh.start_rule,
    has_bias: bool | None = None,
) -> Document:
    """Add a layer that is then number `at`, connected with the layers beside it.

    What ran past its place before still does, and skips it. at: from 1 to one more than there are;
    the last is a new output layer, as wide as the samples' expected outputs. has_bias: as the
    rest of the network when not given, with biases if it has any.
    """
    network = document.network
    if not 1 <= at <= len(network.layers) + 1:
        raise BadNetwork(f"A new layer can be number 1 to {len(network.layers) + 1}, not {at}.")
    if at == len(network.layers) + 1 and size != network.output_count:
        raise BadNetwork(
            f"A new output layer needs {network.output_count} neurons, as many as the samples "
            f"have expected outputs, not {size}."
        )
    bias = any(layer.has_bias for layer in network.layers) if has_bias is None else has_bias
    rows = _rows(network)
    rows.insert(at, [NewNeuron(activation, bias)] * _checked_count(size))
    return _rebuilt(document, rows, fresh)


def remove_layer(document: Document, layer: int, fresh: Fresh = Fresh.start_rule) -> Document:
    """Remove a layer; those beside it are connected with each other if they were not before."""
    _check_layer(document.network, layer, "removed")
    if len(document.network.layers) == 1:
        raise BadNetwork("The only layer cannot be removed: a network needs one.")
    rows = _rows(document.network)
    del rows[layer]
    return _rebuilt(document, rows, fresh)


def move_layer(
    document: Document, layer: int, to: int, fresh: Fresh = Fresh.start_rule
) -> Document:
    """Move a layer, which is then number `to`; connections that would run backward are removed."""
    _check_layer(document.network, layer, "moved")
    if not 1 <= to <= len(document.network.layers):
        raise BadNetwork(f"A layer can be moved to 1 to {len(document.network.layers)}, not {to}.")
    if layer == to:
        return document
    rows = _rows(document.network)
    rows.insert(to, rows.pop(layer))
    return _rebuilt(document, rows, fresh)


def duplicate_layer(document: Document, layer: int, fresh: Fresh = Fresh.start_rule) -> Document:
    """Put a copy of a layer directly behind it: same neurons, biases and connections with others.

    Between the layer and its copy all connections are new.
    """
    _check_layer(document.network, layer, "duplicated")
    rows = _rows(document.network)
    rows.insert(layer + 1, [Copy((layer, index)) for index in range(len(rows[layer]))])
    return _rebuilt(document, rows, fresh)


def add_neurons(
    document: Document,
    layer: int,
    count: int = 1,
    fresh: Fresh = Fresh.start_rule,
    after: int | None = None,
) -> Document:
    """Add neurons (layer 0: inputs) behind neuron `after`, the last when not given.

    They have its activation, and a bias if it has one, and are connected with all of the layers
    directly before and after.
    """
    network = document.network
    last = network.sizes[layer] - 1 if 0 <= layer < len(network.sizes) else 0
    beside = (layer, last if after is None else after)
    check_neuron(network.structure, beside)
    rows = _rows(network)
    place = beside[1] + 1
    rows[layer][place:place] = [_neuron_like(network, beside)] * _checked_count(count)
    return _rebuilt(document, rows, fresh)


def remove_neurons(document: Document, neurons: Collection[Neuron]) -> Document:
    """Remove neurons (layer 0: inputs) with all their connections; no layer may lose its last."""
    network, gone = document.network, set(neurons)
    for neuron in sorted(gone):
        check_neuron(network.structure, neuron)
    rows: Rows = [[n for n in row if n not in gone] for row in _rows(network)]
    if not rows[0]:
        raise BadNetwork("The last input cannot be removed: a network needs one.")
    for number, row in enumerate(rows):
        if not row:
            raise BadNetwork(
                f"Layer {number} cannot lose its last neuron: remove the layer instead."
            )
    return _rebuilt(document, rows, Fresh.zero) if gone else document


def paste_neurons(
    document: Document, neurons: Collection[Neuron], source: Network | None = None
) -> Document:
    """Add copies of neurons at the end of their layers, those of a layer in their old order.

    They come with their activations, biases and connections, numbers and frozen marks included,
    as far as both ends are there. source: the network that they were copied from, perhaps some
    edits ago; this one when not given.
    """
    rows = _rows(document.network)
    for layer, index in sorted(set(neurons)):
        if not 0 <= layer < len(rows):
            raise BadNetwork(
                f"The copied neurons are of layer {layer}, and here are {len(rows) - 1} layers: "
                "add a layer first."
            )
        rows[layer].append(Copy((layer, index)))
    return _rebuilt(document, rows, Fresh.zero, source) if neurons else document


def _rebuilt(
    document: Document, rows: Rows, fresh: Fresh, source: Network | None = None
) -> Document:
    of = source.structure if source else None
    return rebuilt(document, rearranged(document.network.structure, rows, of), fresh, source)


def _rows(network: Network) -> Rows:
    return [[(layer, i) for i in range(size)] for layer, size in enumerate(network.sizes)]


def _neuron_like(network: Network, neuron: Neuron) -> NewNeuron:
    """A new neuron with the activation of another, and a bias if that has one."""
    layer, index = neuron
    if layer == 0:
        return NewNeuron("linear", False)
    refs = network.refs_into(layer, index)
    has_bias = bool(refs) and refs[-1].is_bias
    return NewNeuron(network.layers[layer - 1].activations[index], has_bias)


def _check_layer(network: Network, layer: int, what: str) -> None:
    if layer == 0:
        raise BadNetwork(f"The inputs cannot be {what}: they are what the samples give.")
    if not 1 <= layer <= len(network.layers):
        raise BadNetwork(f"There is no layer {layer}.")


def _checked_count(count: int) -> int:
    """That many neurons, before a list of them is made."""
    if type(count) is not int or not 1 <= count <= MAX_PARAMETERS:
        raise BadNetwork(
            f"How many neurons must be a whole number from 1 to {MAX_PARAMETERS:,}, "
            f"not {short(count)}."
        )
    return count
