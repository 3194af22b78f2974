"""The judge of backpropagation: every gradient against a finite difference of the loss.

Backpropagation's ∂E/∂w is compared with central differences (differences.py) for several h, large
to small, which need the feedforward only. E is the sum over the samples and with it the penalties.

How far a difference can be trusted is measured without looking at the gradient that it judges: its
rounding noise (rounding.py), plus how much it still moved since the h ten times as large. A
difference that is not sure to a thousandth tells nothing, so that no gradient passes only because
the noise is large.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from nnsim.engine.backward import backward
from nnsim.engine.differences import Difference, Subject
from nnsim.engine.forward import forward
from nnsim.engine.network import Network, ParameterRef
from nnsim.engine.penalties import penalised
from nnsim.engine.settings import Settings

Array = NDArray[np.float64]
Verdict = Literal["agrees", "differs", "not checked"]

STEPS = (1e-3, 1e-4, 1e-5, 1e-6, 1e-7, 1e-8, 1e-9)
"""h, for a weight of size 1 or less; a larger weight moves in proportion."""
SURE = 1e-3
"""A difference tells something when its uncertainty is at most this part of the gradient."""
CLOSE = 1e-6
"""How close, as a part of the gradient and beyond the uncertainty, both have to be."""


@dataclass(frozen=True)
class GradientRow:
    """One weight or bias: what backpropagation says, and what the loss does.

    “differs”: backpropagation is wrong. “not checked”: the loss has a kink within w ± h, is not
    finite, or moves less than its rounding shows; numeric and difference are None then.
    """

    ref: ParameterRef
    analytic: float
    """∂E/∂w by backpropagation, summed over the samples, with the penalties."""
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
    network: Network,
    inputs: Array,
    expected: Array,
    settings: Settings = Settings(),  # noqa: B008  # immutable
    seed: int = 0,
    limit: int = 2000,
    refs: Sequence[ParameterRef] | None = None,
) -> GradientCheck:
    """Compare ∂E/∂w, of the loss summed over the samples and the penalties, with differences.

    inputs [samples, inputs], expected [samples, outputs]. settings: loss, l1 and l2, and the
    batches in which backpropagation gets the samples; a frozen weight is checked like any other.
    refs: which weights and biases; all when not given. Of more than `limit` of them a choice of
    `limit`, drawn by the seed, is checked.
    """
    count = network.parameter_count
    chosen = np.arange(count)
    if count > limit:
        chosen = np.sort(np.random.default_rng(seed).choice(count, size=limit, replace=False))
    with np.errstate(all="ignore"):
        subject = Subject.of(network, inputs, expected, settings)
        gradient = _summed_gradient(network, inputs, expected, settings)
        asked = [network.ref_at(int(row)) for row in chosen] if refs is None else refs
        cases = [_Case(ref, float(gradient[network.index_of(ref)])) for ref in asked]
        _judge(subject, cases)
    return GradientCheck([case.row() for case in cases], count)


def _summed_gradient(network: Network, inputs: Array, expected: Array, settings: Settings) -> Array:
    """∂E/∂w by backpropagation, as training computes it, summed over the samples."""
    total = np.zeros(len(network.parameters))
    size = settings.batch_size or max(1, len(inputs))
    for first in range(0, len(inputs), size):
        rows = first if size == 1 else slice(first, first + size)
        passed = forward(network, inputs[rows])
        total += backward(network, passed, expected[rows], settings.loss_function).gradient
    return penalised(network.structure, network.parameters, total, settings)


class _Case:
    """A gradient while one h after another is tried on it."""

    def __init__(self, ref: ParameterRef, analytic: float) -> None:
        self.ref, self.analytic = ref, analytic
        self.numbers: dict[str, float] = {}
        """By opinion, the last difference that gave it."""
        self._before: Difference | None = None

    @property
    def is_open(self) -> bool:
        """Whether another h may tell more."""
        decided = "agrees" in self.numbers or "still" in self.numbers
        return not decided and bool(np.isfinite(self.analytic))

    def hear(self, now: Difference | None) -> None:
        """Judge by the difference of the next smaller h."""
        if now is not None and self._before is not None:
            self.numbers[_opinion(self.analytic, self._before, now)] = now.numeric
        self._before = now

    def row(self) -> GradientRow:
        """Return the row by the strongest opinion that any h gave."""
        strong = ("agrees", "differs", "doubt", "flat", "still")
        strongest = next((o for o in strong if o in self.numbers), "unsure")
        if strongest in ("doubt", "unsure"):
            return GradientRow(self.ref, self.analytic, None, None, "not checked")
        numeric = self.numbers[strongest]
        verdict: Verdict = "differs" if strongest == "differs" else "agrees"
        return GradientRow(self.ref, self.analytic, numeric, abs(self.analytic - numeric), verdict)


def _judge(subject: Subject, cases: list[_Case]) -> None:
    """Try one h after another, each on all gradients that none before has confirmed."""
    for h in STEPS if len(subject.expected) else ():
        still_open = [case for case in cases if case.is_open]
        refs = [case.ref for case in still_open]
        steps = h * np.maximum(1.0, np.abs(subject.values(refs)))
        for case, found in zip(still_open, subject.differences(refs, steps), strict=True):
            case.hear(found)


def _opinion(analytic: float, before: Difference, now: Difference) -> str:
    """Judge by two differences, the second with the smaller h.

    “flat”: the loss moves, or its terms do, but to both sides alike: its slope is 0, and so is the
    gradient, unless another h raises a “doubt”: with a smaller one the loss may only be too rounded
    to move. “still”: nothing moves at all, so that a smaller h tells nothing more.
    """
    uncertainty = now.noise + abs(now.numeric - before.numeric)
    gap, size = abs(analytic - now.numeric), max(abs(analytic), abs(now.numeric))
    if size > 0 and uncertainty <= SURE * size:
        if gap <= uncertainty + CLOSE * size:
            return "agrees"
        return "differs" if gap > 10 * uncertainty + CLOSE * size else "unsure"
    if gap > uncertainty:
        return "doubt"
    if size == 0 and before.movement == now.movement == 0:
        return "still"
    return "flat" if uncertainty <= SURE * now.movement else "unsure"
