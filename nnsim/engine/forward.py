"""Feedforward: from the inputs to the outputs, layer by layer."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from nnsim.engine.activations import activate
from nnsim.engine.network import Network

Array = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class ForwardPass:
    """What one feedforward leaves behind, layer by layer.

    `activations[0]` are the inputs; `pre_activations[i]`, `slopes[i]` and `activations[i + 1]`
    belong to layer i + 1. Each has shape [neurons] for one sample, [samples, neurons] for many.
    """

    pre_activations: list[Array]
    activations: list[Array]
    slopes: list[Array]

    @property
    def outputs(self) -> Array:
        """The activations of the last layer."""
        return self.activations[-1]


def forward(network: Network, inputs: Array) -> ForwardPass:
    """Feed inputs through the network: z = W a + b, then a = f(z), for each layer.

    inputs: [inputs] for one sample or [samples, inputs] for many. Numbers too large become
    infinite without a warning; whoever needs finite numbers looks at the result.
    """
    activations, pre_activations, slopes = [inputs], [], []
    with np.errstate(over="ignore", invalid="ignore", under="ignore"):
        for layer, weights, biases in zip(
            network.layers, network.weights, network.biases, strict=True
        ):
            z = activations[-1] @ weights.T
            if biases is not None:
                z = z + biases
            a, slope = activate(layer.activations, z)
            for array in (z, a, slope):
                array.flags.writeable = False
            pre_activations.append(z)
            activations.append(a)
            slopes.append(slope)
    return ForwardPass(pre_activations, activations, slopes)
