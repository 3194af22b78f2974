"""Feedforward: from the inputs to the outputs, layer by layer."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from nnsim.engine.activations import activate
from nnsim.engine.network import Network

Array = NDArray[np.float64]

CELLS_AT_ONCE = 2_000_000
"""A table is fed forward in parts with so many activations, which are 16 MB, or of one sample."""


@dataclass(frozen=True, eq=False)
class ForwardPass:
    """What one feedforward leaves behind, layer by layer.

    `activations[0]` are the inputs; `pre_activations[i]`, `slopes[i]` and `activations[i + 1]`
    belong to layer i + 1. Each has shape [neurons] for one sample, [samples, neurons] for many.
    The slopes of a softmax layer are NaN: it has none of its own (see activations.py).
    """

    pre_activations: list[Array]
    activations: list[Array]
    slopes: list[Array]
    everything: Array
    """All activations in one array [..., neurons], inputs first; `activations` are views of it."""

    @property
    def outputs(self) -> Array:
        """The activations of the last layer."""
        return self.activations[-1]

    def is_finite(self) -> bool:
        """Whether every sum is finite, those that a sigmoid would hide included."""
        return all(bool(np.isfinite(z).all()) for z in self.pre_activations)


def parts(network: Network, samples: int) -> Iterator[slice]:
    """Cut the rows of a table into parts whose feedforward needs little memory, however many."""
    rows = max(1, CELLS_AT_ONCE // sum(network.sizes))
    return (slice(start, min(start + rows, samples)) for start in range(0, samples, rows))


def outputs_of(network: Network, inputs: Array) -> Array:
    """Return the outputs alone, [samples, outputs], for a table of inputs [samples, inputs]."""
    outputs = np.empty((len(inputs), network.output_count))
    for some in parts(network, len(inputs)):
        outputs[some] = forward(network, inputs[some]).outputs
    return outputs


def forward(network: Network, inputs: Array) -> ForwardPass:
    """Feed inputs through the network: z = W a + b, then a = f(z), for each layer.

    a are the activations of all layers that the layer reaches back to. inputs: [inputs] for one
    sample or [samples, inputs] for many. Numbers too large become infinite without a warning;
    whoever needs finite numbers looks at the result.
    """
    structure = network.structure
    starts = structure.starts
    everything = np.empty((*inputs.shape[:-1], starts[-1]))
    everything[..., : starts[1]] = inputs
    pre_activations, slopes = [], []
    with np.errstate(over="ignore", invalid="ignore", under="ignore"):
        for number, (layer, slot, weights, biases) in enumerate(
            zip(network.layers, structure.slots, network.weights, network.biases, strict=True),
            start=1,
        ):
            z = everything[..., slot.first : slot.first + slot.width] @ weights.T
            if biases is not None:
                z = z + biases
            a, slope = activate(layer.activations, z)
            everything[..., starts[number] : starts[number + 1]] = a
            z.flags.writeable = slope.flags.writeable = False
            pre_activations.append(z)
            slopes.append(slope)
    everything.flags.writeable = False
    activations = [everything[..., start:end] for start, end in pairwise(starts)]
    return ForwardPass(pre_activations, activations, slopes, everything)
