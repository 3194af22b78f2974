"""How far rounding may put the outputs and the loss of a network wrong.

An estimate, not a bound: a sum is wrong by about ε Σ |w a|; errors of many numbers add like a
random walk; a function carries on what its argument is wrong by and adds a few ε of its own.
Source: N. J. Higham, "Accuracy and Stability of Numerical Algorithms", 3.1.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from nnsim.engine.activations import activated
from nnsim.engine.forward import ForwardPass
from nnsim.engine.losses import Loss
from nnsim.engine.network import Network

Array = NDArray[np.float64]

EPSILON = float(np.finfo(np.float64).eps)
SAFETY = 4.0
"""The estimate is made where the weights are; this allows for weights a little off."""


@dataclass(frozen=True, eq=False)
class Rounding:
    """What the output layer may be wrong by, [samples, outputs]."""

    sums: Array
    outputs: Array

    @classmethod
    def of(cls, network: Network, passed: ForwardPass) -> "Rounding":
        """Estimate it for a feedforward of many samples."""
        structure = network.structure
        noise = np.zeros_like(passed.everything)
        wrong = np.empty(0)
        for i, (layer, slot) in enumerate(zip(network.layers, structure.slots, strict=True)):
            sources = slice(slot.first, slot.first + slot.width)
            weights, biases = np.abs(network.weights[i]), network.biases[i]
            size = np.abs(passed.everything[:, sources]) @ weights.T
            size += 0.0 if biases is None else np.abs(biases)
            wrong = np.hypot(EPSILON * size, np.sqrt(noise[:, sources] ** 2 @ (weights**2).T))
            own = slice(structure.starts[i + 1], structure.starts[i + 2])
            noise[:, own] = _activated(layer.activations, passed.pre_activations[i], wrong)
        return cls(wrong, noise[:, structure.starts[-2] :])

    def of_loss(self, loss: Loss, z: Array, o: Array, expected: Array, term: Array) -> Array:
        """Estimate what each term of the loss may be wrong by; arrays [..., samples, outputs].

        z and o: the sums and outputs of the output layer, here or a little off; term: of the loss.
        """
        sums = SAFETY * (self.sums + EPSILON * np.abs(z))
        if loss.activation == "softmax":
            return expected * (_of_softmax(o, sums) + sums) + EPSILON * (term + np.abs(expected))
        outputs = SAFETY * (self.outputs + EPSILON * np.abs(o))
        above = loss.term(o + outputs, expected, z + sums, loss.number)
        below = loss.term(o - outputs, expected, z - sums, loss.number)
        own = 2.0 * np.abs(term)
        if loss.signal is not None:  # computed from the sum, where max(z, 0) − t z may cancel
            own += 2.0 * np.abs(expected * z)
        return np.maximum(np.abs(above - term), np.abs(below - term)) + EPSILON * own


def _activated(names: tuple[str, ...], z: Array, wrong: Array) -> Array:
    """What f(z) may be wrong by where z may be wrong by `wrong`."""
    a = activated(names, z)
    if names[0] == "softmax":
        return a * (wrong + _of_softmax(a, wrong)) + 4 * EPSILON * a
    above, below = (activated(names, z + way * wrong) for way in (1.0, -1.0))
    return np.maximum(np.abs(above - a), np.abs(below - a)) + 4 * EPSILON * np.abs(a)


def _of_softmax(a: Array, wrong: Array) -> Array:
    """What ln Σ e^z may be wrong by: Σ a_k · (what z_k may be wrong by), [..., 1]."""
    total: Array = (a * wrong).sum(axis=-1, keepdims=True)
    return total
