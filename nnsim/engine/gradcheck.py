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
from nnsim.engine.network import Layer, Network, ParameterRef

Array = NDArray[np.float64]
_Kink = tuple[list[int], float]  # neurons of a layer, and the z at which each has a kink
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
        rows = [_judged(subject, ref, float(gradient[network.index_of(ref)])) for ref in refs]
    return GradientCheck(rows, count)


def _summed_gradient(network: Network, inputs: Array, expected: Array) -> Array:
    """∂E/∂w by backpropagation, as training computes it, summed over the samples."""
    total = np.zeros(network.parameter_count)
    for row, target in zip(inputs, expected, strict=True):
        total += backward(network, forward(network, row), target).gradient
    return total


@dataclass(frozen=True)
class _Moved:
    """What the network computes with one weight or bias at another value."""

    sums: list[tuple[Array, list[_Kink]]]
    """The sums of the weight's neuron and of all layers behind it, with their kinks."""
    outputs: Array


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
    expected: Array
    passed: ForwardPass
    output_noise: Array
    """The rounding error that each output may have, [samples, outputs]."""
    tails: list[Network | None]
    """For each layer the network of the layers behind it; None behind the last."""

    @classmethod
    def of(cls, network: Network, inputs: Array, expected: Array) -> "_Subject":
        passed = forward(network, inputs)
        tails = [_tail(network, number) for number in range(1, len(network.layers) + 1)]
        return cls(network, expected, passed, _output_noise(network, passed), tails)

    def moved(self, ref: ParameterRef, value: float) -> _Moved:
        """Feed all samples forward with another value of one weight or bias.

        Only its neuron and what lies behind can change: each is fed forward as a network.
        """
        at = ref.layer - 1
        neuron = _neuron_with(self.network, ref, value)
        own = forward(neuron, self.passed.activations[at])
        outputs = self.passed.activations[ref.layer].copy()
        outputs[:, ref.to] = own.outputs[:, 0]
        sums = [(own.pre_activations[0], _kinks(neuron.layers[0]))]
        tail = self.tails[at]
        if tail is not None:
            rest = forward(tail, outputs)
            outputs = rest.outputs
            kinks = [_kinks(layer) for layer in tail.layers]
            sums += zip(rest.pre_activations, kinks, strict=True)
        return _Moved(sums, outputs)

    def difference(self, ref: ParameterRef, still: _Moved, h: float) -> _Difference | None:
        """Return the central difference, or None where there can be none."""
        value = float(self.network.parameters[self.network.index_of(ref)])
        high, low = value + h, value - h
        if not (np.isfinite(high) and np.isfinite(low)):
            return None
        up, down = self.moved(ref, high), self.moved(ref, low)
        if _cross_a_kink(still, up, down):
            return None
        loss_up, loss, loss_down = (self._losses(moved) for moved in (up, still, down))
        width = high - low
        numeric = float((loss_up - loss_down).sum()) / width
        bend = (abs(float((loss_up - loss).sum())) + abs(float((loss_down - loss).sum()))) / width
        noise = float(np.hypot(self._noise(up), self._noise(down))) / width
        found = _Difference(numeric, noise, bend)
        return found if np.isfinite([numeric, noise, bend]).all() else None

    def _losses(self, moved: _Moved) -> Array:
        losses: Array = 0.5 * np.square(moved.outputs - self.expected).sum(axis=1)
        return losses

    def _noise(self, moved: _Moved) -> float:
        """The rounding error that the loss may have."""
        error = np.abs(moved.outputs - self.expected)
        wrong = SAFETY * (self.output_noise + EPSILON * np.abs(moved.outputs))
        return float(np.linalg.norm(error * wrong + wrong**2 + EPSILON * error**2))


def _judged(subject: _Subject, ref: ParameterRef, analytic: float) -> GradientRow:
    """Try one h after another until one confirms the gradient; else tell what the sure ones say."""
    value = float(subject.network.parameters[subject.network.index_of(ref)])
    still = subject.moved(ref, value)
    numbers: dict[str, float] = {}
    before: _Difference | None = None
    for h in STEPS if np.isfinite(analytic) and len(subject.expected) else ():
        now = subject.difference(ref, still, h * max(1.0, abs(value)))
        if now is not None and before is not None:
            opinion = _opinion(analytic, before, now)
            numbers[opinion] = now.numeric
            if opinion == "agrees":
                break
        before = now
    return _row(ref, analytic, numbers)


def _opinion(analytic: float, before: _Difference, now: _Difference) -> str:
    """Judge by two differences, the second with the smaller h.

    “flat”: as far as the curve of the loss shows, its slope is 0, and so is the gradient, unless
    another h raises a “doubt”: with a smaller one the loss may only be too rounded to move.
    """
    uncertainty = now.noise + abs(now.numeric - before.numeric)
    gap, size = abs(analytic - now.numeric), max(abs(analytic), abs(now.numeric))
    if size > 0 and uncertainty <= SURE * size:
        if gap <= uncertainty + CLOSE * size:
            return "agrees"
        return "differs" if gap > 10 * uncertainty + CLOSE * size else "unsure"
    if gap > uncertainty:
        return "doubt"
    is_still = size == 0 and before.bend == now.bend == 0
    return "flat" if is_still or uncertainty <= SURE * now.bend else "unsure"


def _row(ref: ParameterRef, analytic: float, numbers: dict[str, float]) -> GradientRow:
    """Return the row by the strongest opinion that any h gave."""
    strongest = next((o for o in ("agrees", "differs", "doubt", "flat") if o in numbers), "unsure")
    if strongest in ("doubt", "unsure"):
        return GradientRow(ref, analytic, None, None, "not checked")
    numeric = numbers[strongest]
    verdict: Verdict = "differs" if strongest == "differs" else "agrees"
    return GradientRow(ref, analytic, numeric, abs(analytic - numeric), verdict)


def _cross_a_kink(*moves: _Moved) -> bool:
    """Whether any sum of any sample that moves between these touches a kink on its way."""
    for ways in zip(*(moved.sums for moved in moves), strict=True):
        for neurons, kink in ways[0][1]:
            sums = [z[:, neurons] for z, _ in ways]
            least, most = np.minimum.reduce(sums), np.maximum.reduce(sums)
            if np.any((least < most) & (least <= kink) & (kink <= most)):
                return True
    return False


def _kinks(layer: Layer) -> list[_Kink]:
    return [
        ([i for i, other in enumerate(layer.activations) if other == name], kink)
        for name in sorted(set(layer.activations))
        for kink in activation_named(name).kinks
    ]


def _neuron_with(network: Network, ref: ParameterRef, value: float) -> Network:
    """Return one neuron as a network, with one of its weights, or its bias, changed."""
    at = ref.layer - 1
    layer, biases = network.layers[at], network.biases[at]
    own = np.empty(0) if biases is None else biases[ref.to : ref.to + 1]
    row = np.concatenate((network.weights[at][ref.to], own))
    row[-1 if ref.source is None else ref.source] = value
    alone = Layer((layer.activations[ref.to],), layer.has_bias)
    return Network(network.sizes[at], (alone,), row)


def _tail(network: Network, number: int) -> Network | None:
    """Return the layers behind layer `number` (from 1) as a network of their own."""
    layers = network.layers[number:]
    if not layers:
        return None
    start = sum(
        layer.size * (before + layer.has_bias)
        for layer, before in zip(network.layers[:number], network.sizes, strict=False)
    )
    return Network(network.sizes[number], layers, network.parameters[start:])


def _output_noise(network: Network, passed: ForwardPass) -> Array:
    """Estimate the rounding error of each output: carried on from layer to layer, and added to.

    A sum is wrong by about ε Σ |w a|; errors of many numbers add like a random walk; an activation
    carries on what its sum is wrong by and adds a few ε of its own.
    """
    noise = np.zeros_like(passed.activations[0])
    for number, layer in enumerate(network.layers):
        before, z = passed.activations[number], passed.pre_activations[number]
        weights, biases = np.abs(network.weights[number]), network.biases[number]
        size = np.abs(before) @ weights.T + (0.0 if biases is None else np.abs(biases))
        wrong = np.hypot(EPSILON * size, np.sqrt(noise**2 @ (weights**2).T))
        a, above, below = (
            activate(layer.activations, z + way * wrong)[0] for way in (0.0, 1.0, -1.0)
        )
        noise = np.maximum(np.abs(above - a), np.abs(below - a)) + 4 * EPSILON * np.abs(a)
    return noise
