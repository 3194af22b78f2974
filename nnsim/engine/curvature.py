"""Curvature of the loss: the Hessian times a vector, exactly and without making the Hessian.

R{…} is how a quantity moves when the weights move along v: R{w} = v. It is carried through
feedforward and backpropagation by the rules of differentiation, and R{∂E/∂w} = H v comes out:

    R{z} = R{W} a + W R{a} + R{b}               R{a} = f'(z) R{z}
    R{∂E/∂z} = f''(z) R{z} ∂E/∂a + f'(z) R{∂E/∂a}
    R{∂E/∂a} = Σ (R{w} ∂E/∂z + w R{∂E/∂z})      R{∂E/∂w} = R{∂E/∂z} a + ∂E/∂z R{a}

Source: B. A. Pearlmutter, "Fast exact multiplication by the Hessian", Neural Computation 6 (1994).
At a kink the second derivative is taken as 0, as the slope is.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from nnsim.engine.activations import activation_named
from nnsim.engine.backward import BackwardPass, backward
from nnsim.engine.forward import ForwardPass, forward
from nnsim.engine.losses import LOSSES, Loss
from nnsim.engine.network import Network

Array = NDArray[np.float64]


def hessian_vector_product(
    network: Network,
    inputs: Array,
    expected: Array,
    vector: Array,
    loss: Loss = LOSSES["half_squared"],
) -> Array:
    """Return H v, H the second derivatives of E by all weights and biases, v = vector.

    E is the loss of one sample ([inputs], [outputs]) or the sum over many ([samples, …]), without
    penalties, as in `backward`. vector and result are flat like `Network.parameters`; where a
    connection is absent the result is 0 and the vector does not count. A frozen one counts.
    """
    rows, targets = np.atleast_2d(inputs), np.atleast_2d(expected)
    v = np.where(network.present, vector, 0.0)
    passed = forward(network, rows)
    back = backward(network, passed, targets, loss)
    with np.errstate(all="ignore"):
        moved = _moved_forward(network, passed, v)
        product = _moved_backward(network, passed, back, moved, v, targets, loss)
    product[~network.present] = 0.0
    return product


def curvature_along(
    network: Network,
    inputs: Array,
    expected: Array,
    direction: Array,
    loss: Loss = LOSSES["half_squared"],
) -> float:
    """Return how strongly the loss bends along a direction d: (d · H d) / (d · d).

    With d = ∂E/∂w a step of −η d lands past the bottom, as far as E is a parabola, when η times
    this is above 1, and higher than it began when that is above 2. NaN for d = 0.
    """
    d = np.where(network.present, direction, 0.0)
    with np.errstate(all="ignore"):
        along = hessian_vector_product(network, inputs, expected, d, loss)
        return float(np.divide(d @ along, d @ d))


@dataclass(frozen=True, eq=False)
class _Moved:
    """R{…} of a feedforward, [samples, neurons]."""

    everything: Array
    """R{a} of all neurons, inputs first (theirs is 0)."""
    sums: list[Array]
    """R{z} of each layer."""


def _moved_forward(network: Network, passed: ForwardPass, v: Array) -> _Moved:
    structure = network.structure
    everything = np.zeros_like(passed.everything)
    sums = []
    by_v = zip(network.weights_in(v), network.biases_in(v), strict=True)
    for i, (weights_v, biases_v) in enumerate(by_v):
        slot = structure.slots[i]
        sources = slice(slot.first, slot.first + slot.width)
        z = passed.everything[:, sources] @ weights_v.T + everything[:, sources] @ (
            network.weights[i].T
        )
        if biases_v is not None:
            z += biases_v
        everything[:, structure.starts[i + 1] : structure.starts[i + 2]] = _moved_outputs(
            network, i, passed, z
        )
        sums.append(z)
    return _Moved(everything, sums)


def _moved_outputs(network: Network, i: int, passed: ForwardPass, z: Array) -> Array:
    """R{a} of layer i + 1, from its R{z}."""
    if network.layers[i].activations[0] != "softmax":
        return passed.slopes[i] * z
    a = passed.activations[i + 1]
    outputs: Array = a * (z - (a * z).sum(axis=-1, keepdims=True))
    return outputs


def _moved_backward(
    network: Network,
    passed: ForwardPass,
    back: BackwardPass,
    moved: _Moved,
    v: Array,
    targets: Array,
    loss: Loss,
) -> Array:
    """R{∂E/∂w}, summed over the samples."""
    structure = network.structure
    product = np.zeros_like(v)
    weight_slots, bias_slots = network.weights_in(product), network.biases_in(product)
    weights_v = network.weights_in(v)
    carried = np.zeros_like(passed.everything)  # R{∂E/∂a} of all neurons, as far as it has come
    for i in reversed(range(len(network.layers))):
        own = slice(structure.starts[i + 1], structure.starts[i + 2])
        if i == len(network.layers) - 1:
            signal = _moved_output_signal(network, passed, back, moved, targets, loss)
        else:
            bent = _bends(network, i, passed) * moved.sums[i] * back.output_gradients[i]
            signal = bent + passed.slopes[i] * carried[:, own]
        slot = structure.slots[i]
        sources = slice(slot.first, slot.first + slot.width)
        weight_slots[i][...] = signal.T @ passed.everything[:, sources]
        weight_slots[i][...] += back.back_signals[i].T @ moved.everything[:, sources]
        bias_slot = bias_slots[i]
        if bias_slot is not None:
            bias_slot[...] = signal.sum(axis=0)
        carried[:, sources] += signal @ network.weights[i] + back.back_signals[i] @ weights_v[i]
    return product


def _moved_output_signal(
    network: Network,
    passed: ForwardPass,
    back: BackwardPass,
    moved: _Moved,
    targets: Array,
    loss: Loss,
) -> Array:
    """R{∂E/∂z} of the output layer."""
    a, g = passed.outputs, back.output_gradients[-1]
    moved_a = moved.everything[:, network.structure.starts[-2] :]
    moved_g = loss.bend(a, targets, loss.number) * moved_a
    if loss.signal is not None:  # then the bend is that of the signal itself
        return moved_g
    if network.layers[-1].activations[0] == "softmax":
        inner = (g * a).sum(axis=-1, keepdims=True)
        moved_inner = (moved_g * a + g * moved_a).sum(axis=-1, keepdims=True)
        signal: Array = moved_a * (g - inner) + a * (moved_g - moved_inner)
        return signal
    last = len(network.layers) - 1
    return _bends(network, last, passed) * moved.sums[-1] * g + passed.slopes[-1] * moved_g


def _bends(network: Network, i: int, passed: ForwardPass) -> Array:
    """f''(z) of each neuron of layer i + 1."""
    names, z, a = (
        network.layers[i].activations,
        passed.pre_activations[i],
        passed.activations[i + 1],
    )
    bends = np.empty_like(z)
    for name in set(names):
        here = [neuron for neuron, other in enumerate(names) if other == name]
        entry = activation_named(name)
        bends[:, here] = entry.bend(z[:, here], a[:, here], entry.number)
    return bends
