"""Central differences of the loss, by one weight or bias at a time, with feedforward alone.

    (E(w + h) − E(w − h)) / 2h = ∂E/∂w + O(h²)

Source: W. H. Press et al., "Numerical Recipes", 5.7. E is the sum over the samples, and with it the
penalties: E(w) = Σ E(sample) + l1·Σ|w| + ½·l2·Σw². There is no difference where E has a kink within
w ± h: of an activation, of the loss, or of |w| at 0.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from nnsim.engine.activations import activate, activation_named
from nnsim.engine.forward import ForwardPass, forward
from nnsim.engine.network import Layer, Network, ParameterRef
from nnsim.engine.rounding import EPSILON, Rounding
from nnsim.engine.settings import Settings

Array = NDArray[np.float64]
Kink = tuple[list[int], float]
"""Neurons of a layer, and a z at which each of them has a kink."""


@dataclass(frozen=True)
class Difference:
    """A central difference, how far it can be wrong, and how the loss moves to either side."""

    numeric: float
    noise: float
    bend: float
    """The mean of |E(w ± h) − E(w)| / h: not 0 even where the slope is."""


@dataclass(frozen=True, eq=False)
class Moved:
    """What a network computes with one weight or bias at several values.

    Arrays are [values, samples, neurons].
    """

    sums: list[Array]
    """The sums of the weight's layer and of all layers behind it."""
    outputs: Array

    def is_finite(self) -> bool:
        """Whether every sum is finite, those that a sigmoid would hide included."""
        return all(bool(np.isfinite(z).all()) for z in self.sums)


@dataclass(frozen=True, eq=False)
class Subject:
    """A network with samples and settings, and what all its differences need."""

    network: Network
    expected: Array
    settings: Settings
    passed: ForwardPass
    rounding: Rounding
    kinks: list[list[Kink]]
    """For each layer."""

    @classmethod
    def of(cls, network: Network, inputs: Array, expected: Array, settings: Settings) -> "Subject":
        """Return the subject for samples: inputs [samples, inputs], expected [samples, outputs]."""
        passed = forward(network, inputs)
        kinks = [_kinks(layer) for layer in network.layers]
        return cls(network, expected, settings, passed, Rounding.of(network, passed), kinks)

    def value(self, ref: ParameterRef) -> float:
        """Return the number of a weight or bias."""
        return float(self.network.parameters[self.network.index_of(ref)])

    def difference(self, ref: ParameterRef, h: float) -> Difference | None:
        """Return the central difference, or None where there can be none."""
        value = self.value(ref)
        values = np.array([value - h, value, value + h])
        if not np.isfinite(values).all() or self._penalty_has_kink(ref, values):
            return None
        moved = self.moved(ref, values)
        if not moved.is_finite() or self._crosses_kink(ref, moved):
            return None
        return self._difference(ref, values, moved)

    def moved(self, ref: ParameterRef, values: Array) -> Moved:
        """Feed all samples forward with other values of one weight or bias.

        Only its neuron, the others of a softmax layer, and the layers behind can change.
        """
        structure, at = self.network.structure, ref.layer - 1
        start = structure.starts[ref.layer]
        z = np.repeat(self.passed.pre_activations[at][None], len(values), axis=0)
        z[:, :, ref.to] = self._own_sums(ref, values)
        behind = np.repeat(self.passed.everything[None, :, start:], len(values), axis=0)
        behind[:, :, : z.shape[2]] = self._own_outputs(ref, z, behind[:, :, : z.shape[2]])
        sums = [z]
        for number in range(ref.layer + 1, len(self.network.layers) + 1):
            z = self._sums_behind(number, start, behind)
            own = slice(structure.starts[number] - start, structure.starts[number + 1] - start)
            behind[:, :, own], _ = activate(self.network.layers[number - 1].activations, z)
            sums.append(z)
        return Moved(sums, behind[:, :, structure.starts[-2] - start :])

    def _own_sums(self, ref: ParameterRef, values: Array) -> Array:
        """The sums [values, samples] of the neuron that the weight or bias belongs to."""
        structure = self.network.structure
        slot, biases = structure.slots[ref.layer - 1], self.network.biases[ref.layer - 1]
        row = self.network.weights[ref.layer - 1][ref.to].copy()
        bias = 0.0 if biases is None else float(biases[ref.to])
        source = np.ones(len(self.expected))
        if ref.source is None:
            bias = 0.0
        else:
            place = structure.starts[ref.from_layer] + ref.source
            source = self.passed.everything[:, place]
            row[place - slot.first] = 0.0
        rest = self.passed.everything[:, slot.first : slot.first + slot.width] @ row + bias
        sums: Array = rest + values[:, None] * source
        return sums

    def _own_outputs(self, ref: ParameterRef, z: Array, still: Array) -> Array:
        """The outputs of the layer that the weight or bias belongs to."""
        names = self.network.layers[ref.layer - 1].activations
        if names[0] == "softmax":
            return activate(names, z)[0]
        outputs = still.copy()
        outputs[:, :, ref.to] = activate((names[ref.to],), z[:, :, ref.to, None])[0][:, :, 0]
        return outputs

    def _sums_behind(self, number: int, start: int, behind: Array) -> Array:
        """The sums of layer `number`, from what lies behind place `start` and what did not move."""
        slot = self.network.structure.slots[number - 1]
        weights, biases = self.network.weights[number - 1], self.network.biases[number - 1]
        cut = max(slot.first, start)
        moving = behind[:, :, cut - start : slot.first + slot.width - start]
        z: Array = moving @ weights[:, cut - slot.first :].T
        if cut > slot.first:
            z += self.passed.everything[:, slot.first : cut] @ weights[:, : cut - slot.first].T
        return z if biases is None else z + biases

    def _penalty_has_kink(self, ref: ParameterRef, values: Array) -> bool:
        return not ref.is_bias and self.settings.l1 > 0 and bool(values[0] <= 0 <= values[2])

    def _crosses_kink(self, ref: ParameterRef, moved: Moved) -> bool:
        """Whether a sum, or what the loss has its kinks in, touches a kink while it moves."""
        for z, kinks in zip(moved.sums, self.kinks[ref.layer - 1 :], strict=True):
            if any(_touches(z[:, :, neurons], kink) for neurons, kink in kinks):
                return True
        kink_of_loss = self.settings.loss_function.kink
        return kink_of_loss is not None and _touches(kink_of_loss(moved.outputs, self.expected), 0)

    def _difference(self, ref: ParameterRef, values: Array, moved: Moved) -> Difference | None:
        loss, width = self.settings.loss_function, float(values[2] - values[0])
        terms = loss.term(moved.outputs, self.expected, moved.sums[-1], loss.number)
        added = self._penalty(ref, values)
        up, down = (
            float((terms[side] - terms[1]).sum() + added[side] - added[1]) for side in (2, 0)
        )
        across = float((terms[2] - terms[0]).sum() + added[2] - added[0])
        noise = self.rounding.of_loss(loss, moved.sums[-1], moved.outputs, self.expected)
        noise_of_penalty = 4 * EPSILON * float(added[1])
        total = float(np.hypot(np.linalg.norm(noise[[0, 2]]), noise_of_penalty))
        found = Difference(across / width, total / width, (abs(up) + abs(down)) / width)
        return found if np.isfinite([found.numeric, found.noise, found.bend]).all() else None

    def _penalty(self, ref: ParameterRef, values: Array) -> Array:
        """What the penalties add for this one weight: all other weights stay."""
        if ref.is_bias:
            return np.zeros_like(values)
        penalties: Array = self.settings.l1 * np.abs(values) + 0.5 * self.settings.l2 * values**2
        return penalties


def _touches(moving: Array, kink: float) -> bool:
    """Whether a number that moves between the values ([values, …]) touches the kink."""
    least, most = moving.min(axis=0), moving.max(axis=0)
    return bool(np.any((least < most) & (least <= kink) & (kink <= most)))


def _kinks(layer: Layer) -> list[Kink]:
    found = []
    for name in sorted(set(layer.activations)):
        neurons = [i for i, other in enumerate(layer.activations) if other == name]
        entry = activation_named(name)
        found += [(neurons, kink) for kink in entry.kinks(entry.number)]
    return found
