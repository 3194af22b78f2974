"""What neurons, weights and biases are called: weight1 on one neuron, else input1 → hidden1.

What a person has named is called so.
"""

from nnsim.engine.named import plain_name
from nnsim.engine.network import Network, ParameterRef

SPOKEN = {
    "relu": "ReLU",
    "leaky_relu": "leaky ReLU",
    "elu": "ELU",
    "silu": "SiLU",
    "gelu": "GELU",
    "binary_cross_entropy": "binary cross-entropy",
    "softmax_cross_entropy": "softmax cross-entropy",
    "nesterov": "Nesterov momentum",
    "rmsprop": "RMSprop",
    "adagrad": "Adagrad",
    "adam": "Adam",
    "adamw": "AdamW",
}
"""What sentences call an activation, a loss or an optimizer where books do not write its name."""


def neuron_name(network: Network, layer: int, index: int) -> str:
    """Return the name of a neuron: input1, hidden2, a1 (of several hidden layers), output1; or
    the one that a person gave it.

    layer 0 is the inputs; index counts from 0, names from 1. A network of one neuron calls it
    “neuron”, a network with one output calls that “output”.
    """
    if given := network.structure.labels.neurons.get((layer, index)):
        return given
    if layer == 0:
        return f"input{index + 1}"
    if layer == len(network.layers):
        if network.output_count > 1:
            return f"output{index + 1}"
        return "output" if layer > 1 else "neuron"
    if len(network.layers) == 2:
        return f"hidden{index + 1}"
    return f"{_letters(layer)}{index + 1}"


def layer_name(network: Network, layer: int) -> str:
    """Return the name of a layer: inputs, hidden, hidden a, output."""
    if layer == 0:
        return "inputs" if network.input_count > 1 else "input"
    if layer == len(network.layers):
        return "outputs" if network.output_count > 1 else "output"
    return "hidden" if len(network.layers) == 2 else f"hidden {_letters(layer)}"


def parameter_name(network: Network, ref: ParameterRef) -> str:
    """Return the name of a weight or bias: weight1 or bias on one neuron, else input1 → hidden1;
    or the one that a person gave it."""
    if given := network.structure.labels.weights.get(ref):
        return given
    if is_one_plain_neuron(network):
        return "bias" if ref.source is None else f"weight{ref.source + 1}"
    source = "bias" if ref.source is None else neuron_name(network, ref.from_layer, ref.source)
    return f"{source} → {neuron_name(network, ref.layer, ref.to)}"


def expected_name(network: Network, index: int) -> str:
    """Return the name of what output number index (from 0) is expected to be.

    expected, or expected2 of several outputs; expected risk for an output that is called risk.
    """
    if given := network.structure.labels.neurons.get((len(network.layers), index)):
        return f"expected {given}"
    return "expected" if network.output_count == 1 else f"expected{index + 1}"


def spoken_name(name: str) -> str:
    """Return what a sentence calls an activation, a loss or an optimizer: ReLU, bipolar sigmoid."""
    plain = plain_name(name)
    return SPOKEN.get(plain, plain.replace("_", " "))


def is_one_plain_neuron(network: Network) -> bool:
    """Whether it is one neuron without a name, as in the chapter: it goes without saying whose
    sum and whose weights are meant."""
    return network.sizes[1:] == (1,) and (1, 0) not in network.structure.labels.neurons


def _letters(number: int) -> str:
    """1 → a, 26 → z, 27 → aa."""
    letters = ""
    while number > 0:
        number, place = divmod(number - 1, 26)
        letters = chr(ord("a") + place) + letters
    return letters
