"""All ways the error of the outputs comes back to a hidden neuron, each product written out.

The chain rule as a sum over paths: ∂E/∂a of a hidden neuron is the sum, over every path of
connections from it to an output, of the output's error signal times all old weights and all slopes
on the way back (P. Werbos 1974; for the picture of paths see C. Olah, "Calculus on computational
graphs", 2015).
"""

import math
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from itertools import islice

from nnsim.engine.network import Network, ParameterRef
from nnsim.engine.references import Neuron
from nnsim.tracing.derivation import Derivation
from nnsim.tracing.expression import Expression, Multiply, evaluate
from nnsim.tracing.quantity import Kind, Quantity

MOST = 2000
"""So many paths are looked at; there can be more than anybody could count."""


@dataclass(frozen=True)
class ErrorPath:
    """One way back: along connections, given from the neuron to the output."""

    refs: tuple[ParameterRef, ...]
    """None to the sum of a softmax neuron, which all outputs depend on."""
    neurons: tuple[Neuron, ...]
    """From the neuron itself to the output."""
    product: Expression
    """Error signal of the output × weight × slope × weight …, as it comes back."""
    contribution: float
    """What it brings to ∂E/∂output of the neuron, or to ∂E/∂sum of a softmax neuron."""


def error_paths(derivation: Derivation, neuron: Neuron) -> list[ErrorPath]:
    """Return the paths from a hidden neuron to the outputs, the largest contribution first.

    Of more than MOST paths the first MOST that are found. Empty for an output, and without an
    expected output.
    """
    if derivation.trace.expected is None or neuron[0] == len(derivation.network.layers):
        return []
    found = islice(_routes(derivation.network, neuron), MOST)
    paths = [_path(derivation, neuron, refs) for refs in found]
    return sorted(paths, key=lambda path: -abs(path.contribution))


def softmax_paths(derivation: Derivation, neuron: Neuron) -> list[ErrorPath]:
    """Return how the loss depends on the sum of a softmax neuron: through each output of its layer,
    the largest contribution first; they add up to the error signal.

    Empty for other neurons, without an expected output, and where a cross-entropy divides by 0.
    """
    network, (layer, index) = derivation.network, neuron
    is_softmax = network.layers[layer - 1].activations[index] == "softmax"
    if derivation.trace.expected is None or not is_softmax:
        return []
    through = [(layer, k) for k in range(network.sizes[layer])]
    products = [derivation.softmax_path(neuron, output) for output in through]
    known = (derivation.value(Quantity(Kind.output_gradient, output)) for output in through)
    if any(value is None or not math.isfinite(value) for value in known):
        return []
    paths = [
        ErrorPath((), (neuron, output), product, _number(derivation, product))
        for output, product in zip(through, products, strict=True)
    ]
    return sorted(paths, key=lambda path: -abs(path.contribution))


def path_count(network: Network, neuron: Neuron) -> int:
    """Return how many paths there are from a neuron to the outputs, without listing them."""

    @cache
    def count(at: Neuron) -> int:
        if at[0] == len(network.layers):
            return 1
        return sum(count((ref.layer, ref.to)) for ref in network.refs_out_of(*at))

    return count(neuron) if neuron[0] < len(network.layers) else 0


def _routes(network: Network, neuron: Neuron) -> Iterator[tuple[ParameterRef, ...]]:
    for ref in network.refs_out_of(*neuron):
        end = (ref.layer, ref.to)
        if ref.layer == len(network.layers):
            yield (ref,)
        else:
            yield from ((ref, *rest) for rest in _routes(network, end))


def _path(derivation: Derivation, neuron: Neuron, refs: tuple[ParameterRef, ...]) -> ErrorPath:
    neurons = (neuron, *((ref.layer, ref.to) for ref in refs))
    factors: list[Expression] = [Quantity(Kind.signal, neurons[-1])]
    for ref in reversed(refs):
        factors.append(Quantity(Kind.parameter, ref=ref))
        start = (ref.from_layer, ref.source or 0)
        if start != neuron:
            factors.append(Quantity(Kind.slope, start))
    product = Multiply(tuple(factors))
    return ErrorPath(refs, neurons, product, _number(derivation, product))


def _number(derivation: Derivation, product: Expression) -> float:
    def number(quantity: Quantity) -> float:
        value = derivation.value(quantity)
        return math.nan if value is None else value

    return evaluate(product, number)
