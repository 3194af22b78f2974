"""Backpropagation: from the error at the outputs back to every weight, by the chain rule.

Source of the formulas: Rumelhart, Hinton and Williams, "Learning representations by
back-propagating errors", Nature 323 (1986), equations 4 to 7.
"""

from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from nnsim.engine.forward import ForwardPass
from nnsim.engine.losses import LOSSES, Loss
from nnsim.engine.network import Network

Array = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class BackwardPass:
    """What one backpropagation leaves behind, layer by layer (index 0 = layer 1)."""

    output_gradients: list[Array]
    """∂E/∂a of each neuron, [..., neurons]: the loss's derivative at the outputs, carried back from
    all neurons that use it before. Not finite where a cross-entropy meets an output of 0 or 1."""
    back_signals: list[Array]
    """∂E/∂z of each neuron, [..., neurons]."""
    gradient: Array
    """∂E/∂w of every weight and bias, flat like `Network.parameters` and 0 where there is none;
    for many samples the sum over them."""


def backward(
    network: Network,
    passed: ForwardPass,
    expected: Array,
    loss: Loss = LOSSES["half_squared"],
) -> BackwardPass:
    """Carry the errors of one sample, or of many at once, back through the network.

    For each layer, last first: ∂E/∂z = ∂E/∂a · f'(z); then ∂E/∂w = ∂E/∂z · (what the weight
    multiplies) and ∂E/∂b = ∂E/∂z; and to ∂E/∂a of each layer it reads from it adds
    Σ weight · ∂E/∂z, by the old weights. expected: [outputs] or [samples, outputs].
    """
    structure = network.structure
    starts = structure.starts
    gradient = np.zeros_like(network.parameters)
    weight_slots, bias_slots = network.weights_in(gradient), network.biases_in(gradient)
    carried = np.zeros_like(passed.everything)  # ∂E/∂a of all neurons, as far as it has come
    back_signals: list[Array] = []
    with np.errstate(all="ignore"):
        carried[..., starts[-2] :] = loss.gradient(passed.outputs, expected, loss.number)
        for i in reversed(range(len(network.layers))):
            output_gradient = carried[..., starts[i + 1] : starts[i + 2]]
            if i == len(network.layers) - 1:
                back_signal = _output_signal(network, passed, expected, loss, output_gradient)
            else:
                back_signal = output_gradient * passed.slopes[i]
            back_signals.insert(0, back_signal)
            slot = structure.slots[i]
            sources = slice(slot.first, slot.first + slot.width)
            weight_slots[i][...] = _outer(back_signal, passed.everything[..., sources])
            bias_slot = bias_slots[i]
            if bias_slot is not None:
                bias_slot[...] = back_signal if back_signal.ndim == 1 else back_signal.sum(axis=0)
            hidden = slice(max(slot.first, starts[1]), sources.stop)  # nothing goes back to inputs
            weights = network.weights[i][:, hidden.start - slot.first :]
            carried[..., hidden] += back_signal @ weights
    if structure.present is not None:
        gradient[~structure.present] = 0.0
    gradient.flags.writeable = carried.flags.writeable = False
    output_gradients = [carried[..., start:end] for start, end in pairwise(starts[1:])]
    return BackwardPass(output_gradients, back_signals, gradient)


def _output_signal(
    network: Network, passed: ForwardPass, expected: Array, loss: Loss, gradient: Array
) -> Array:
    """∂E/∂z of the output layer."""
    a = passed.outputs
    if loss.signal is not None:
        return loss.signal(a, expected)
    if network.layers[-1].activations[0] == "softmax":
        return _through_softmax(a, gradient)
    return gradient * passed.slopes[-1]


def _through_softmax(a: Array, g: Array) -> Array:
    """∂E/∂z_j = Σ_k g_k · a_k (δ_kj − a_j), with g = ∂E/∂a: each output depends on every sum.

    The outputs add up to 1, so what all g have in common does not count. It is taken off first:
    where all of them are alike exactly 0 is left, not what rounding leaves of it.
    """
    g = g - g[..., :1]
    signal: Array = a * (g - (g * a).sum(axis=-1, keepdims=True))
    return signal


def _outer(back_signal: Array, sources: Array) -> Array:
    """∂E/∂w = ∂E/∂z · source for each pair, summed over the samples when there are many."""
    if back_signal.ndim == 1:
        return np.outer(back_signal, sources)
    product: Array = back_signal.T @ sources
    return product
