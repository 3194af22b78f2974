"""The judge of backpropagation: every gradient against a finite difference of the loss.

The loss is the sum over the samples, E(w) = Σ ½ (output − expected)². Backpropagation's ∂E/∂w is
compared with the central difference

    (E(w + h) − E(w − h)) / 2h = ∂E/∂w + O(h²)

for several h, large to small, which needs the feedforward only. Sources: W. H. Press et al.,
"Numerical Recipes", 5.7, for the difference and its h; N. J. Higham, "Accuracy and Stability of
Numerical Algorithms", 3.1, for the rounding error of a sum of products.

How far a difference can be trusted is measured without looking at the gradient that it judges: its
rounding noise, plus how much it still moved since the h ten times as large. A difference that is
not sure to a thousandth tells nothing, so that no gradient passes only because the noise is large.
"""

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from nnsim.engine.activations import activate, activation_named
from nnsim.engine.backward import backward
from nnsim.engine.forward import ForwardPass, forward
from nnsim.engine.network import Network, ParameterRef

Array = NDArray[np.float64]
Verdict = Literal["agrees", "differs", "not checked"]

STEPS = (1e-3, 1e-4, 1e-5, 1e-6, 1e-7, 1e-8, 1e-9)
"""h, for a weight of size 1 or less; a larger weight moves in proportion."""
SURE = 1e-3
"""A difference tells something when its uncertainty is at most this part of the gradient."""
CLOSE = 1e-6
"""How close, as a part of the gradient and beyond the uncertainty, both have to be."""
EPSILON = float(np.finfo(np.float64).eps)
SAFETY = 4.0
"""The rounding bound holds where w is; this allows for w ± h."""


@dataclass(frozen=True)
class GradientRow:
    """One weight or bias: what backpropagation says, and what the loss does.

    “differs”: backpropagation is wrong. “not checked”: the loss has a kink within w ± h, is not
    finite, or moves less than its rounding shows; numeric and difference are None then.
    """

    ref: ParameterRef
    analytic: float
    """∂E/∂w by backpropagation, summed over the samples."""
    numeric: float | None
    """∂E/∂w by a central difference."""
    difference: float | None
    """|analytic − numeric|."""
    verdict: Verdict


@dataclass(frozen=True)
class GradientCheck:
    """The rows of all weights and biases that were looked at, out of `parameter_count`."""

    rows: list[GradientRow]
    parameter_count: int

    @property
    def checked(self) -> list[GradientRow]:
        """The rows with a verdict: those that agree and those that differ."""
        return [row for row in self.rows if row.verdict != "not checked"]

    @property
    def not_checked(self) -> list[GradientRow]:
        """The rows of which a difference can say nothing."""
        return [row for row in self.rows if row.verdict == "not checked"]

    @property
    def differing(self) -> list[GradientRow]:
        """The rows whose gradient is wrong."""
        return [row for row in self.rows if row.verdict == "differs"]

    @property
    def sentence(self) -> str:
        """How many of the weights and biases were checked, and what came out."""
        checked, differing = len(self.checked), len(self.differing)
        of = f"{checked:,} of {self.parameter_count:,} gradients checked"
        return f"{of}: {checked - differing:,} agree, {differing:,} differ."


def check_gradients(
    network: Network, inputs: Array, expected: Array, seed: int = 0, limit: int = 2000
) -> GradientCheck:
    """Compare ∂E/∂w of the loss summed over the samples with central differences.

    inputs [samples, inputs], expected [samples, outputs]. Of more than `limit` weights and biases
    a choice of `limit`, drawn by the seed, is checked.
    """
    count = network.parameter_count
    chosen = np.arange(count)
    if count > limit:
        chosen = np.sort(np.random.default_rng(seed).choice(count, size=limit, replace=False))
    with np.errstate(all="ignore"):
        subject = _Subject.of(network, inputs, expected)
        gradient = _summed_gradient(network, inputs, expected)
        refs = [network.ref_at(int(row)) for row in chosen]
        places = [network.index_of(ref) for ref in refs]
        rows = [
            _judged(subject, ref, place, float(gradient[place]))
            for ref, place in zip(refs, places, strict=True)
        ]
    return GradientCheck(rows, count)


def _summed_gradient(network: Network, inputs: Array, expected: Array) -> Array:
    """∂E/∂w by backpropagation, as training computes it, summed over the samples."""
    total = np.zeros(network.parameter_count)
    for row, target in zip(inputs, expected, strict=True):
        total += backward(network, forward(network, row), target).gradient
    return total


@dataclass(frozen=True)
class _Difference:
    """A central difference, how far it can be wrong, and how the loss moves to either side."""

    numeric: float
    noise: float
    bend: float
    """The mean of |E(w ± h) − E(w)| / h: not 0 even where the slope is."""


@dataclass(frozen=True)
class _Subject:
    """The network and samples under test, with what all their differences need."""

    network: Network
    inputs: Array
    expected: Array
    passed: ForwardPass
    output_noise: Array
    """The rounding error that each output may have, [samples, outputs]."""
    kinks: list[tuple[int, list[int], float]]
    """(layer from 0, its neurons, z of their kink)."""

    @classmethod
    def of(cls, network: Network, inputs: Array, expected: Array) -> "_Subject":
        passed = forward(network, inputs)
        noise = _output_noise(network, passed)
        return cls(network, inputs, expected, passed, noise, _kinks(network))

    def difference(self, place: int, h: float) -> _Difference | None:
        """Return the central difference for one parameter, or None where there can be none."""
        value = float(self.network.parameters[place])
        high, low = value + h, value - h
        if not (np.isfinite(high) and np.isfinite(low)) or high == low:
            return None
        up, down = self._moved(place, high), self._moved(place, low)
        if self._crosses_kink(up, down):
            return None
        error_up, error_down = up.outputs - self.expected, down.outputs - self.expected
        losses = [_losses(e) for e in (error_up, error_down, self.passed.outputs - self.expected)]
        numeric = float((losses[0] - losses[1]).sum()) / (high - low)
        bend = sum(abs(float((loss - losses[2]).sum())) for loss in losses[:2]) / (high - low)
        noise = self._noise(up, error_up) + self._noise(down, error_down)
        if not np.isfinite([numeric, bend, noise]).all():
            return None
        return _Difference(numeric, noise / (high - low), bend)

    def _moved(self, place: int, value: float) -> ForwardPass:
        flat = self.network.parameters.copy()
        flat[place] = value
        return forward(self.network.with_parameters(flat), self.inputs)

    def _noise(self, moved: ForwardPass, error: Array) -> float:
        """The rounding error that the loss may have: ∂E = |error| · ∂output + ½ ∂output²."""
        output = SAFETY * (self.output_noise + EPSILON * np.abs(moved.outputs))
        return float((np.abs(error) * output + 0.5 * output**2 + EPSILON * error**2).sum())

    def _crosses_kink(self, up: ForwardPass, down: ForwardPass) -> bool:
        """Whether any sum of any sample touches a kink on its way."""
        for layer, neurons, kink in self.kinks:
            ways = [p.pre_activations[layer][:, neurons] for p in (self.passed, up, down)]
            least, most = np.minimum.reduce(ways), np.maximum.reduce(ways)
            if np.any((least < most) & (least <= kink) & (kink <= most)):
                return True
        return False


def _judged(subject: _Subject, ref: ParameterRef, place: int, analytic: float) -> GradientRow:
    """Try one h after another until one confirms the gradient; else tell what the sure ones say."""
    scale = max(1.0, abs(float(subject.network.parameters[place])))
    numbers: dict[str, float] = {}
    before: _Difference | None = None
    for h in STEPS if np.isfinite(analytic) and len(subject.inputs) else ():
        now = subject.difference(place, scale * h)
        if now is not None and before is not None:
            opinion = _opinion(analytic, before, now)
            numbers[opinion] = now.numeric
            if opinion == "agrees":
                break
        before = now
    return _row(ref, analytic, numbers)


def _opinion(analytic: float, before: _Difference, now: _Difference) -> str:
    """Judge by two differences, the second with the smaller h.

    “flat”: as far as the curve of the loss shows, its slope is 0, and so is the gradient.
    """
    uncertainty = now.noise + abs(now.numeric - before.numeric)
    gap, size = abs(analytic - now.numeric), max(abs(analytic), abs(now.numeric))
    if size > 0 and uncertainty <= SURE * size:
        return "agrees" if gap <= uncertainty + CLOSE * size else "differs"
    is_still = size == 0 and before.bend == now.bend == 0
    is_flat = gap <= uncertainty <= SURE * now.bend
    return "flat" if is_still or is_flat else "unsure"


def _row(ref: ParameterRef, analytic: float, numbers: dict[str, float]) -> GradientRow:
    """Return the row by the strongest opinion that any h gave."""
    verdicts: dict[str, Verdict] = {"agrees": "agrees", "differs": "differs", "flat": "agrees"}
    for opinion, verdict in verdicts.items():
        if opinion in numbers:
            numeric = numbers[opinion]
            return GradientRow(ref, analytic, numeric, abs(analytic - numeric), verdict)
    return GradientRow(ref, analytic, None, None, "not checked")


def _losses(error: Array) -> Array:
    losses: Array = 0.5 * np.square(error).sum(axis=1)
    return losses


def _kinks(network: Network) -> list[tuple[int, list[int], float]]:
    return [
        (number, [i for i, other in enumerate(layer.activations) if other == name], kink)
        for number, layer in enumerate(network.layers)
        for name in sorted(set(layer.activations))
        for kink in activation_named(name).kinks
    ]


def _output_noise(network: Network, passed: ForwardPass) -> Array:
    """Bound the rounding error of each output: carried on from layer to layer, and added to.

    A sum of n products is wrong by at most about n ε Σ |w a|; an activation carries on what its
    sum is wrong by and adds a few ε of its own.
    """
    noise = np.zeros_like(passed.activations[0])
    for number, layer in enumerate(network.layers):
        before, z = passed.activations[number], passed.pre_activations[number]
        weights, biases = np.abs(network.weights[number]), network.biases[number]
        size = np.abs(before) @ weights.T + (0.0 if biases is None else np.abs(biases))
        wrong = (weights.shape[1] + 2) * EPSILON * size + noise @ weights.T
        a, above, below = (
            activate(layer.activations, z + way * wrong)[0] for way in (0.0, 1.0, -1.0)
        )
        noise = np.maximum(np.abs(above - a), np.abs(below - a)) + 4 * EPSILON * np.abs(a)
    return noise
