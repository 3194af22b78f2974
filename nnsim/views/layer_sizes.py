"""Layer sizes as people type them, 2-4-1, and what can be said about them."""

import re
from itertools import pairwise

from nnsim.engine.network import MAX_PARAMETERS, Network
from nnsim.errors import BadNetwork
from nnsim.tracing.names import layer_name

MAX_LAYERS = 20
_SEPARATOR = re.compile(r"\s*[-−–—,;x×\s]\s*")
_HINT = "Type the number of inputs, then of the neurons of each layer, such as 2-4-1."


def parse_sizes(text: str, has_bias: bool) -> list[int]:
    """Return the sizes, inputs first; raise BadNetwork with the reason when they cannot be."""
    parts = _SEPARATOR.split(text.strip())
    if not all(re.fullmatch(r"[0-9]+", part) for part in parts):
        raise BadNetwork(_HINT)
    if len(parts) < 2:
        raise BadNetwork(f"A network needs inputs and at least one layer. {_HINT}")
    if len(parts) - 1 > MAX_LAYERS:
        raise BadNetwork(f"{len(parts) - 1} layers are too many; the limit is {MAX_LAYERS}.")
    if max(len(part.lstrip("0")) for part in parts) > len(str(MAX_PARAMETERS)):
        raise BadNetwork(f"That is too large; the limit is {MAX_PARAMETERS:,} weights and biases.")
    sizes = [int(part) for part in parts]
    if min(sizes) < 1:
        raise BadNetwork("Every layer needs at least one neuron, and the network one input.")
    count = parameter_count(sizes, has_bias)
    if count > MAX_PARAMETERS:
        raise BadNetwork(
            f"That would be {count:,} weights and biases; the limit is {MAX_PARAMETERS:,}."
        )
    return sizes


def parameter_count(sizes: list[int], has_bias: bool) -> int:
    """Return how many weights and biases a network of these sizes has."""
    return sum(to * (source + has_bias) for source, to in pairwise(sizes))


def layer_names(sizes: list[int]) -> list[str]:
    """Return what the layers after the inputs are called: hidden a, hidden b, output."""
    small = [min(size, 2) for size in sizes]
    network = Network.dense(small, ["linear"] * (len(small) - 1))
    return [layer_name(network, layer) for layer in range(1, len(small))]
