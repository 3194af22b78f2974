"""The activation functions: one table entry each, with value and slope side by side.

To add one, write its two functions and its entry in ACTIVATIONS: menus, files and the test against
finite differences find it there.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from nnsim.errors import BadNetwork

Array = NDArray[np.float64]


@dataclass(frozen=True)
class Activation:
    """A function f of the sum z, elementwise on arrays of any shape."""

    name: str
    formula: str
    value: Callable[[Array], Array]
    """f(z)."""
    slope: Callable[[Array, Array], Array]
    """f'(z), from z and a = f(z), whichever is cheaper."""
    kinks: tuple[float, ...] = ()
    """The z at which f is not differentiable; the slope there is 0 by definition."""


def _sigmoid(z: Array) -> Array:
    # Both branches of 1/(1 + e^-z) in one expression that cannot overflow.
    small = np.exp(-np.abs(z))
    return np.where(z >= 0, 1.0, small) / (1.0 + small)


ACTIVATIONS: dict[str, Activation] = {
    entry.name: entry
    for entry in (
        Activation("linear", "f(x) = x", lambda z: z.copy(), lambda z, a: np.ones_like(z)),
        Activation("sigmoid", "f(x) = 1 / (1 + e^−x)", _sigmoid, lambda z, a: a * (1.0 - a)),
        Activation("tanh", "f(x) = tanh x", np.tanh, lambda z, a: 1.0 - a * a),
        Activation(
            "relu",
            "f(x) = max(0, x)",
            lambda z: np.maximum(z, 0.0),
            lambda z, a: (z > 0).astype(np.float64),
            kinks=(0.0,),
        ),
        Activation(
            "threshold",
            "f(x) = 1 if x ≥ 0, else 0",
            lambda z: (z >= 0).astype(np.float64),
            lambda z, a: np.zeros_like(z),
            kinks=(0.0,),
        ),
    )
}


def activation_named(name: str) -> Activation:
    """Return the table entry of that name; raise BadNetwork with the known names otherwise."""
    try:
        return ACTIVATIONS[name]
    except (KeyError, TypeError):
        known = ", ".join(ACTIVATIONS)
        raise BadNetwork(f"No activation is called “{name}”; choose one of {known}.") from None


def activate(names: Sequence[str], z: Array) -> tuple[Array, Array]:
    """Return f(z) and f'(z) for a layer, neuron i by the activation names[i].

    z has shape [..., neurons]; both results have the same shape.
    """
    if len(set(names)) == 1:
        return _apply(activation_named(names[0]), z)
    a, slope = np.empty_like(z), np.empty_like(z)
    for name in set(names):
        here = [i for i, other in enumerate(names) if other == name]
        a[..., here], slope[..., here] = _apply(activation_named(name), z[..., here])
    return a, slope


def _apply(activation: Activation, z: Array) -> tuple[Array, Array]:
    a = activation.value(z)
    return a, activation.slope(z, a)
