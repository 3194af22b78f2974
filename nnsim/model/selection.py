"""The edits of a selection: several weights, biases or neurons set at once, structure unchanged."""

from collections.abc import Collection, Mapping

from nnsim.engine.activations import activation_named
from nnsim.engine.network import ParameterRef
from nnsim.engine.references import Neuron
from nnsim.engine.structure import check_neuron
from nnsim.errors import BadNetwork
from nnsim.model.document import Document
from nnsim.model.edits import with_network


def set_parameters(document: Document, values: Mapping[ParameterRef, float]) -> Document:
    """Set weights and biases. Before the first step the start weights are set with them."""
    network = document.network
    flat = network.parameters.copy()
    for ref, value in values.items():
        flat[network.index_of(ref)] = value
    return with_network(document, network.with_parameters(flat))


def set_frozen(document: Document, refs: Collection[ParameterRef], frozen: bool) -> Document:
    """Keep weights and biases from training, or give them back to it; their numbers stay."""
    return with_network(document, document.network.with_frozen(refs, frozen))


def set_activations(document: Document, neurons: Collection[Neuron], name: str) -> Document:
    """Set the activation of neurons of any layers."""
    activation_named(name)
    network = document.network
    for neuron in neurons:
        check_neuron(network.structure, neuron)
        if neuron[0] == 0:
            raise BadNetwork("An input has no activation: it only passes on what the sample gives.")
    for number in sorted({layer for layer, _ in neurons}):
        names = list(network.layers[number - 1].activations)
        for layer, index in neurons:
            if layer == number:
                names[index] = name
        network = network.with_activations(number, names)
    return with_network(document, network)
