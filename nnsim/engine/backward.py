"""Backpropagation: from the error at the outputs back to every weight, by the chain rule.

Source of the formulas: Rumelhart, Hinton and Williams, "Learning representations by
back-propagating errors", Nature 323 (1986), equations 4 to 7.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from nnsim.engine.forward import ForwardPass
from nnsim.engine.losses import half_squared_gradient
from nnsim.engine.network import Network

Array = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class BackwardPass:
    """What one backpropagation of one sample leaves behind, layer by layer (index 0 = layer 1)."""

    output_gradients: list[Array]
    """∂E/∂a of each neuron: output − expected, or carried back from the layer after it."""
    back_signals: list[Array]
    """∂E/∂z of each neuron: its output gradient times its slope."""
    gradient: Array
    """∂E/∂w of every weight and bias, flat like `Network.parameters`."""


def backward(network: Network, passed: ForwardPass, expected: Array) -> BackwardPass:
    """Carry the error of one sample back through the network.

    For each layer, last first: ∂E/∂z = ∂E/∂a · f'(z); then ∂E/∂w = ∂E/∂z · (input of the weight)
    and ∂E/∂b = ∂E/∂z; then ∂E/∂a of the layer before = Σ weight · ∂E/∂z, by the old weights.
    """
    gradient = np.empty_like(network.parameters)
    weight_slots, bias_slots = network.weights_in(gradient), network.biases_in(gradient)
    output_gradients: list[Array] = []
    back_signals: list[Array] = []
    with np.errstate(over="ignore", invalid="ignore", under="ignore"):
        output_gradient = half_squared_gradient(passed.outputs, expected)
        for i in reversed(range(len(network.layers))):
            back_signal = output_gradient * passed.slopes[i]
            output_gradients.insert(0, output_gradient)
            back_signals.insert(0, back_signal)
            weight_slots[i][...] = np.outer(back_signal, passed.activations[i])
            bias_slot = bias_slots[i]
            if bias_slot is not None:
                bias_slot[...] = back_signal
            if i > 0:
                output_gradient = back_signal @ network.weights[i]
    gradient.flags.writeable = False
    return BackwardPass(output_gradients, back_signals, gradient)
