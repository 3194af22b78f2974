"""The activation functions: one table entry each, with value and slope side by side.

To add one, write its three functions and its entry in ACTIVATIONS: menus, files and the tests
against finite differences find it there. A name may carry its parameter: `threshold(0.5)`.
"""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from nnsim.engine.named import name_and_number, shown
from nnsim.errors import BadNetwork

Array = NDArray[np.float64]


@dataclass(frozen=True)
class Activation:
    """A function f of the sum z, elementwise on arrays of any shape."""

    name: str
    formula: str
    """In words of a textbook; `{p}` stands for the parameter."""
    value: Callable[[Array, float], Array]
    """f(z), from z and the parameter."""
    slope: Callable[[Array, Array, float], Array]
    """f'(z), from z, a = f(z) and the parameter."""
    bend: Callable[[Array, Array, float], Array]
    """f''(z), from the same; 0 at a kink. Only curvature.py asks for it."""
    kinks: Callable[[float], tuple[float, ...]] = lambda parameter: ()
    """The z at which f is not differentiable; the slope there is 0 (leaky ReLU: α)."""
    parameter: float | None = None
    """α of leaky ReLU and ELU, the place of a threshold; None for a function without one."""

    @property
    def number(self) -> float:
        """The parameter, 0 where there is none."""
        return 0.0 if self.parameter is None else self.parameter


def _sigmoid(z: Array) -> Array:
    # Both branches of 1/(1 + e^-z) in one expression that cannot overflow.
    small = np.exp(-np.abs(z))
    return np.where(z >= 0, 1.0, small) / (1.0 + small)


def _normal_cdf(z: Array) -> Array:
    # numpy has no erfc; the C library's is right to the last digit or nearly so. Unlike 1 + erf it
    # keeps its digits where Φ is small.
    twice: Array = np.asarray(np.frompyfunc(math.erfc, 1, 1)(z / -math.sqrt(2.0)), dtype=np.float64)
    return 0.5 * twice


def _normal_density(z: Array) -> Array:
    near = np.clip(z, -40.0, 40.0)  # further out it is 0, and the square cannot overflow
    return np.exp(-0.5 * near * near) / math.sqrt(2.0 * math.pi)


def _no_bend(z: Array, a: Array, p: float) -> Array:
    return np.zeros_like(z)


def _silu_slope(z: Array, a: Array, p: float) -> Array:
    return _sigmoid(z) * (1.0 + z * _sigmoid(-z))  # 1 − s would keep no digits where s is near 1


def _silu_bend(z: Array, a: Array, p: float) -> Array:
    far = -np.abs(z)  # the function bends alike to both sides, and 1 − s keeps its digits on this
    s = _sigmoid(far)
    return s * (1.0 - s) * (2.0 + far * (1.0 - 2.0 * s))


def _gelu_bend(z: Array, a: Array, p: float) -> Array:
    near = np.clip(z, -40.0, 40.0)
    return _normal_density(z) * (2.0 - near * near)


def _softplus_bend(z: Array, a: Array, p: float) -> Array:
    s = _sigmoid(z)
    return s * (1.0 - s)


def _leaky_slope(z: Array, a: Array, p: float) -> Array:
    return np.where(z > 0, 1.0, p)


def _elu_slope(z: Array, a: Array, p: float) -> Array:
    at_0 = 1.0 if p == 1.0 else 0.0
    return np.where(z > 0, 1.0, np.where(z == 0, at_0, a + p))


def _softmax(z: Array, p: float) -> Array:
    grown = np.exp(z - z.max(axis=-1, keepdims=True))
    shares: Array = grown / grown.sum(axis=-1, keepdims=True)
    return shares


ACTIVATIONS: dict[str, Activation] = {
    entry.name: entry
    for entry in (
        Activation(
            "linear",
            "f(x) = x",
            lambda z, p: z.copy(),
            lambda z, a, p: np.ones_like(z),
            _no_bend,
        ),
        Activation(
            "sigmoid",
            "f(x) = 1 / (1 + e^−x)",
            lambda z, p: _sigmoid(z),
            lambda z, a, p: a * (1.0 - a),
            lambda z, a, p: a * (1.0 - a) * (1.0 - 2.0 * a),
        ),
        Activation(
            "bipolar_sigmoid",
            "f(x) = (1 − e^−x) / (1 + e^−x)",
            lambda z, p: np.tanh(0.5 * z),
            lambda z, a, p: 0.5 * (1.0 - a * a),
            lambda z, a, p: -0.5 * a * (1.0 - a * a),
        ),
        Activation(
            "tanh",
            "f(x) = tanh x",
            lambda z, p: np.tanh(z),
            lambda z, a, p: 1.0 - a * a,
            lambda z, a, p: -2.0 * a * (1.0 - a * a),
        ),
        Activation(
            "relu",
            "f(x) = max(0, x)",
            lambda z, p: np.maximum(z, 0.0),
            lambda z, a, p: (z > 0).astype(np.float64),
            _no_bend,
            kinks=lambda p: (0.0,),
        ),
        Activation(
            "leaky_relu",
            "f(x) = x if x > 0, else {p}·x",
            lambda z, p: np.where(z > 0, z, p * z),
            _leaky_slope,
            _no_bend,
            kinks=lambda p: () if p == 1.0 else (0.0,),
            parameter=0.01,
        ),
        Activation(
            "elu",
            "f(x) = x if x > 0, else {p}·(e^x − 1)",
            lambda z, p: np.where(z > 0, z, p * np.expm1(np.minimum(z, 0.0))),
            _elu_slope,
            lambda z, a, p: np.where(z < 0, a + p, 0.0),
            kinks=lambda p: () if p == 1.0 else (0.0,),
            parameter=1.0,
        ),
        Activation(
            "softplus",
            "f(x) = ln(1 + e^x)",
            lambda z, p: np.logaddexp(0.0, z),
            lambda z, a, p: _sigmoid(z),
            _softplus_bend,
        ),
        Activation(
            "silu",
            "f(x) = x / (1 + e^−x)",
            lambda z, p: z * _sigmoid(z),
            _silu_slope,
            _silu_bend,
        ),
        Activation(
            "gelu",
            "f(x) = x·Φ(x)",
            lambda z, p: z * _normal_cdf(z),
            lambda z, a, p: _normal_cdf(z) + z * _normal_density(z),
            _gelu_bend,
        ),
        Activation(
            "threshold",
            "f(x) = 1 if x ≥ {p}, else 0",
            lambda z, p: (z >= p).astype(np.float64),
            _no_bend,
            _no_bend,
            kinks=lambda p: (p,),
            parameter=0.0,
        ),
        Activation(
            "softmax",
            "f(x) = e^x / Σ e^x over the layer",
            _softmax,
            lambda z, a, p: np.full_like(z, np.nan),
            lambda z, a, p: np.full_like(z, np.nan),
        ),
    )
}
"""Sources: GELU, Hendrycks and Gimpel, arXiv 1606.08415 (the exact form); SiLU, Elfwing et al.,
arXiv 1702.03118; ELU, Clevert et al., arXiv 1511.07289; leaky ReLU, Maas et al., ICML 2013. A
softmax output depends on all sums of its layer, so it has no one slope: NaN stands there, and
backward.py carries its error back by all of them."""


@lru_cache(maxsize=1024)
def activation_named(name: str) -> Activation:
    """Return the activation of that name, with its parameter if it carries one.

    Raises BadNetwork with the known names, or telling what is wrong with the parameter.
    """
    try:
        plain, number = name_and_number(name)
    except ValueError:
        raise BadNetwork(f"“{name}” needs a number in brackets, such as threshold(0.5).") from None
    if plain not in ACTIVATIONS:
        known = ", ".join(ACTIVATIONS)
        raise BadNetwork(f"No activation is called “{name}”; choose one of {known}.")
    entry = ACTIVATIONS[plain]
    if number is not None and entry.parameter is None:
        raise BadNetwork(f"{plain} takes no number, so “{name}” is not an activation.")
    parameter = entry.parameter if number is None else number
    formula = entry.formula.replace("{p}", shown(parameter))
    return replace(entry, name=name, parameter=parameter, formula=formula)


def activate(names: Sequence[str], z: Array) -> tuple[Array, Array]:
    """Return f(z) and f'(z) for a layer, neuron i by the activation names[i].

    z has shape [..., neurons]; both results have the same shape.
    """
    a = activated(names, z)
    if len(set(names)) == 1:
        entry = activation_named(names[0])
        return a, entry.slope(z, a, entry.number)
    slope = np.empty_like(z)
    for name, here in _neurons_by_name(names).items():
        entry = activation_named(name)
        slope[..., here] = entry.slope(z[..., here], a[..., here], entry.number)
    return a, slope


def activated(names: Sequence[str], z: Array) -> Array:
    """Return f(z) alone, as `activate` does."""
    if len(set(names)) == 1:
        entry = activation_named(names[0])
        return entry.value(z, entry.number)
    a = np.empty_like(z)
    for name, here in _neurons_by_name(names).items():
        entry = activation_named(name)
        a[..., here] = entry.value(z[..., here], entry.number)
    return a


def _neurons_by_name(names: Sequence[str]) -> dict[str, list[int]]:
    return {name: [i for i, other in enumerate(names) if other == name] for name in set(names)}
