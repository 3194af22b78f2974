"""The losses: how far the outputs are from what was expected, as one number per sample.

Each is a sum of one term for each output; a table entry holds the term and its derivative side by
side. To add one, write its entry in LOSSES: menus, files and the gradient test find it there.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from nnsim.engine.named import name_and_number, shown
from nnsim.errors import BadSamples, BadSetting

Array = NDArray[np.float64]


@dataclass(frozen=True)
class Loss:
    """E of one sample as a sum over its outputs o with the expected t, on arrays [..., outputs]."""

    name: str
    formula: str
    term: Callable[[Array, Array, Array, float], Array]
    """The term of each output, from o, t, the sums z of the output layer and the parameter."""
    gradient: Callable[[Array, Array, float], Array]
    """∂E/∂o of each output, from o, t and the parameter; 0 at a kink."""
    bend: Callable[[Array, Array, float], Array]
    """What `signal` moves by with o where there is one, else what `gradient` moves by: of each
    output, from o, t and the parameter; 0 at a kink. Only curvature.py asks for it."""
    signal: Callable[[Array, Array], Array] | None = None
    """∂E/∂z from o and t, where it is known without dividing by what may be 0."""
    activation: str | None = None
    """The activation that all outputs must have; None for any."""
    expects: str | None = None
    """What the expected outputs must be; None for any numbers."""
    kink: Callable[[Array, Array], Array] | None = None
    """A quantity that is 0 where the loss is not differentiable; None where it always is."""
    parameter: float | None = None

    @property
    def number(self) -> float:
        """The parameter, 0 where there is none."""
        return 0.0 if self.parameter is None else self.parameter

    def of_samples(self, o: Array, t: Array, z: Array) -> Array:
        """Return E of each sample: the terms summed over the outputs; shape [...]."""
        total: Array = self.term(o, t, z, self.number).sum(axis=-1)
        return total


def _huber(o: Array, t: Array, z: Array, p: float) -> Array:
    size = np.abs(o - t)
    return np.where(size <= p, 0.5 * size * size, p * (size - 0.5 * p))


def _softmax_cross_entropy(o: Array, t: Array, z: Array, p: float) -> Array:
    below = z - z.max(axis=-1, keepdims=True)  # not added again: that would cost digits
    log_sum = np.log(np.exp(below).sum(axis=-1, keepdims=True))
    return np.where(t == 0, 0.0, t * (log_sum - below))


def _binary_cross_entropy(o: Array, t: Array, z: Array, p: float) -> Array:
    # softplus(z) − t z = |z|·(1 − t or t) + ln(1 + e^−|z|): terms of one sign, none is lost.
    size: Array = np.abs(z)
    return size * np.where(z > 0, 1.0 - t, t) + np.log1p(np.exp(-size))


def _binary_cross_entropy_gradient(o: Array, t: Array, p: float) -> Array:
    return (o - t) / (o * (1.0 - o))


def _softmax_cross_entropy_gradient(o: Array, t: Array, p: float) -> Array:
    return np.where(t == 0, 0.0, -t / np.where(t == 0, 1.0, o))


LOSSES: dict[str, Loss] = {
    entry.name: entry
    for entry in (
        Loss(
            "half_squared",
            "E = ½ Σ (output − expected)²",
            lambda o, t, z, p: 0.5 * np.square(o - t),
            lambda o, t, p: o - t,
            lambda o, t, p: np.ones_like(o),
        ),
        Loss(
            "squared",
            "E = Σ (output − expected)²",
            lambda o, t, z, p: np.square(o - t),
            lambda o, t, p: 2.0 * (o - t),
            lambda o, t, p: np.full_like(o, 2.0),
        ),
        Loss(
            "mean_squared",
            "E = Σ (output − expected)² / outputs",
            lambda o, t, z, p: np.square(o - t) / o.shape[-1],
            lambda o, t, p: 2.0 * (o - t) / o.shape[-1],
            lambda o, t, p: np.full_like(o, 2.0 / o.shape[-1]),
        ),
        Loss(
            "absolute",
            "E = Σ |output − expected|",
            lambda o, t, z, p: np.abs(o - t),
            lambda o, t, p: np.sign(o - t),
            lambda o, t, p: np.zeros_like(o),
            kink=lambda o, t: o - t,
        ),
        Loss(
            "huber",
            "E = Σ ½ d² where |d| ≤ {p}, else {p}·(|d| − {p}/2), with d = output − expected",
            _huber,
            lambda o, t, p: np.clip(o - t, -p, p),
            lambda o, t, p: (np.abs(o - t) <= p).astype(np.float64),
            parameter=1.0,
        ),
        Loss(
            "binary_cross_entropy",
            "E = −Σ (t ln o + (1 − t) ln(1 − o))",
            _binary_cross_entropy,
            _binary_cross_entropy_gradient,
            lambda o, t, p: np.ones_like(o),
            signal=lambda o, t: o - t,
            activation="sigmoid",
            expects="from 0 to 1",
        ),
        Loss(
            "softmax_cross_entropy",
            "E = −Σ t ln o",
            _softmax_cross_entropy,
            _softmax_cross_entropy_gradient,
            lambda o, t, p: np.broadcast_to(t.sum(axis=-1, keepdims=True), o.shape),
            signal=lambda o, t: o * t.sum(axis=-1, keepdims=True) - t,
            activation="softmax",
            expects="at least 0, with the sum 1 in each sample",
        ),
        Loss(
            "hinge",
            "E = Σ max(0, 1 − t·o)",
            lambda o, t, z, p: np.maximum(0.0, 1.0 - t * o),
            lambda o, t, p: np.where(t * o < 1.0, -t, 0.0),
            lambda o, t, p: np.zeros_like(o),
            expects="1 or −1",
            kink=lambda o, t: 1.0 - t * o,
        ),
    )
}
"""The two cross-entropies are computed from the sum z, which stays exact where the output rounds to
0 or 1: −ln o = ln Σ e^z − z for softmax, and −t ln o − (1 − t) ln(1 − o) = ln(1 + e^z) − t z for a
sigmoid (Bishop, "Pattern Recognition and Machine Learning", 4.3)."""


@lru_cache(maxsize=256)
def loss_named(name: str) -> Loss:
    """Return the loss of that name, with its parameter if it carries one: huber(0.5).

    Raises BadSetting with the known names, or telling what is wrong with the parameter.
    """
    try:
        plain, number = name_and_number(name)
    except ValueError:
        raise BadSetting(f"“{name}” needs a number in brackets, such as huber(0.5).") from None
    if plain not in LOSSES:
        raise BadSetting(f"No loss is called “{name}”; choose one of {', '.join(LOSSES)}.")
    entry = LOSSES[plain]
    if number is not None and (entry.parameter is None or number <= 0):
        why = "takes no number" if entry.parameter is None else "needs a number above 0"
        raise BadSetting(f"{plain} {why}, so “{name}” is not a loss.")
    parameter = entry.parameter if number is None else number
    formula = entry.formula.replace("{p}", shown(parameter))
    return replace(entry, name=name, parameter=parameter, formula=formula)


def check_loss_fits(loss: Loss, output_activations: Sequence[str]) -> None:
    """Raise BadSetting when a loss needs another activation of the outputs than they have."""
    if loss.activation is None:
        return
    other = next((name for name in output_activations if name != loss.activation), None)
    if other is not None:
        raise BadSetting(
            f"The loss {loss.name} needs {loss.activation} outputs, and here is {other}: "
            "change the activation of the last layer or choose another loss."
        )


def check_expected(loss: Loss, expected: Array, what: str = "sample") -> None:
    """Raise BadSamples, naming the row, when expected outputs [samples, outputs] do not suit."""
    if loss.expects is None or not expected.size:
        return
    if loss.name == "hinge":
        bad = ~np.isin(expected, (-1.0, 1.0)).all(axis=1)
    elif loss.name == "binary_cross_entropy":
        bad = ~((expected >= 0) & (expected <= 1)).all(axis=1)
    else:
        sums = expected.sum(axis=1)
        bad = ~((expected >= 0).all(axis=1) & (np.abs(sums - 1.0) <= 1e-9))
    rows = np.flatnonzero(bad)
    if len(rows):
        raise BadSamples(
            f"The loss {loss.name} needs expected outputs {loss.expects}; "
            f"those of {what} {rows[0] + 1} are not."
        )
