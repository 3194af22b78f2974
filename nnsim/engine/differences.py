"""Central differences of the loss, by one weight or bias at a time, with feedforward alone.

    (E(w + h) − E(w − h)) / 2h = ∂E/∂w + O(h²)

Source: W. H. Press et al., "Numerical Recipes", 5.7. E is the sum over the samples, and with it the
penalties: E(w) = Σ E(sample) + l1·Σ|w| + ½·l2·Σw². There is no difference where E has a kink within
w ± h: of an activation, of the loss, or of |w| at 0.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby

import numpy as np
from numpy.typing import NDArray

from nnsim.engine.activations import activation_named
from nnsim.engine.forward import ForwardPass, forward
from nnsim.engine.moved import Moved, forward_moved
from nnsim.engine.network import Layer, Network, ParameterRef
from nnsim.engine.rounding import EPSILON, Rounding
from nnsim.engine.settings import Settings

Array = NDArray[np.float64]
Flags = NDArray[np.bool_]
Kink = tuple[list[int], float]
"""Neurons of a layer, and a z at which each of them has a kink."""

AT_ONCE = 65_536
"""So many numbers of a layer are computed in one go: they stay in the processor's cache."""


@dataclass(frozen=True)
class Difference:
    """A central difference, how far it can be wrong, and how much the loss moves at all."""

    numeric: float
    noise: float
    movement: float
    """The mean of Σ |what a term of E moves by| / h, to both sides: not 0 where the terms' slopes
    cancel each other out."""


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

    def values(self, refs: Sequence[ParameterRef]) -> Array:
        """Return the numbers of weights and biases."""
        return self.network.parameters[[self.network.index_of(ref) for ref in refs]]

    def differences(self, refs: Sequence[ParameterRef], steps: Array) -> list[Difference | None]:
        """Return the central difference of each by its own h, None where there can be none.

        refs: in the order of the layers.
        """
        widest = max(layer.size for layer in self.network.layers)
        most = max(1, AT_ONCE // max(1, 2 * len(self.expected) * widest))
        found: list[Difference | None] = []
        for _, group in groupby(refs, key=lambda ref: ref.layer):
            some = list(group)
            still = self._terms(self._moved(some[:1], np.zeros((1, 1))))[0, 0]
            for first in range(0, len(some), most):
                block = some[first : first + most]
                found += self._of_block(block, steps[len(found) :][: len(block)], still)
        return found

    def _moved(self, refs: Sequence[ParameterRef], by: Array) -> Moved:
        return forward_moved(self.network, self.passed, refs, by)

    def _terms(self, moved: Moved) -> Array:
        loss = self.settings.loss_function
        return loss.term(moved.outputs, self.expected, moved.sums[-1], loss.number)

    def _of_block(
        self, refs: Sequence[ParameterRef], steps: Array, still: Array
    ) -> list[Difference | None]:
        """The differences of some of one layer; still: the terms of the loss, none of them moved.

        These went the same way through the code: what does not move has the same bits.
        """
        value = self.values(refs)
        values = np.array([value - steps, value + steps])
        moved = self._moved(refs, values - value)
        is_weight = np.array([not ref.is_bias for ref in refs])
        smooth = ~self._crosses_kink(refs, moved) & ~self._penalty_has_kink(values, is_weight)
        numbers = self._measured(moved, still, value, values, is_weight)
        known = smooth & moved.is_finite() & np.isfinite([*values, *numbers]).all(axis=0)
        return [
            Difference(*map(float, row)) if there else None
            for row, there in zip(numbers.T, known, strict=True)
        ]

    def _penalty_has_kink(self, values: Array, is_weight: Flags) -> Flags:
        if self.settings.l1 == 0:
            return np.zeros(len(is_weight), np.bool_)
        over_0: Flags = is_weight & (values[0] <= 0) & (values[1] >= 0)
        return over_0

    def _crosses_kink(self, refs: Sequence[ParameterRef], moved: Moved) -> Flags:
        """Whether a sum, or what the loss has its kinks in, touches a kink while it moves."""
        at, to = refs[0].layer - 1, np.array([ref.to for ref in refs])
        crosses = np.zeros(len(refs), np.bool_)
        for neurons, kink in self.kinks[at]:
            here = np.flatnonzero(np.isin(to, neurons))
            still = self.passed.pre_activations[at][:, to[here]].T
            crosses[here] |= _touches(moved.own[:, here], still, kink).any(axis=-1)
        behind = len(moved.sums) if at < len(self.network.layers) - 1 else 0
        for back in range(1, behind + 1):
            for neurons, kink in self.kinks[-back]:
                still = self.passed.pre_activations[-back][:, neurons]
                touching = _touches(moved.sums[-back][..., neurons], still, kink)
                crosses |= touching.any(axis=(-2, -1))
        if (kink_of_loss := self.settings.loss_function.kink) is not None:
            off = kink_of_loss(moved.outputs, self.expected)
            still = kink_of_loss(self.passed.outputs, self.expected)
            crosses |= _touches(off, still, 0.0).any(axis=(-2, -1))
        return crosses

    def _measured(
        self, moved: Moved, still: Array, value: Array, values: Array, is_weight: Flags
    ) -> Array:
        """The numbers of a Difference, [3, parameters]."""
        loss, terms, width = self.settings.loss_function, self._terms(moved), values[1] - values[0]
        added, unmoved = self._penalty(values, is_weight), self._penalty(value, is_weight)
        across = (terms[1] - terms[0]).sum(axis=(-2, -1)) + added[1] - added[0]
        movement = np.abs(terms - still).sum(axis=(0, -2, -1)) + np.abs(added - unmoved).sum(axis=0)
        z, o = moved.sums[-1], moved.outputs
        noise = self.rounding.of_loss(loss, z, o, self.expected, terms)
        total = np.hypot(_length(noise), 4 * EPSILON * unmoved)
        return np.array([across / width, total / width, movement / width])

    def _penalty(self, values: Array, is_weight: Flags) -> Array:
        """What the penalties add for each weight alone: all other weights stay."""
        penalties = self.settings.l1 * np.abs(values) + 0.5 * self.settings.l2 * values**2
        return np.where(is_weight, penalties, 0.0)


def _length(noise: Array) -> Array:
    """The root of the sum of squares, for each parameter: [2, parameters, samples, outputs]."""
    length: Array = np.sqrt(np.square(noise).sum(axis=(0, -2, -1)))
    return length


def _touches(moved: Array, still: Array, kink: float) -> Flags:
    """Whether a number that moves to both sides, [2, …] from […], touches the kink."""
    least = np.minimum(np.minimum(moved[0], moved[1]), still)
    most = np.maximum(np.maximum(moved[0], moved[1]), still)
    touches: Flags = (least < most) & (least <= kink) & (kink <= most)
    return touches


def _kinks(layer: Layer) -> list[Kink]:
    found = []
    for name in sorted(set(layer.activations)):
        neurons = [i for i, other in enumerate(layer.activations) if other == name]
        entry = activation_named(name)
        found += [(neurons, kink) for kink in entry.kinks(entry.number)]
    return found
