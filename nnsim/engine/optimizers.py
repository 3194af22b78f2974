"""The optimizers: from the gradient g to new weights w, all in PyTorch's conventions.

η is the learning rate of the step (schedules.py), t counts the optimizer's steps from 1.

    sgd        w ← w − η g
    momentum   v ← μ v + g;  w ← w − η v                        Polyak 1964
    nesterov   v ← μ v + g;  w ← w − η (g + μ v)                Sutskever et al. 2013
    rmsprop    s ← ρ s + (1 − ρ) g²;  w ← w − η g / (√s + ε)    Tieleman and Hinton 2012
    adagrad    s ← s + g²;  w ← w − η g / (√s + ε)              Duchi et al. 2011
    adam       m ← β₁ m + (1 − β₁) g;  s ← β₂ s + (1 − β₂) g²;
               w ← w − η/(1 − β₁ᵗ) · m / (√s / √(1 − β₂ᵗ) + ε)  Kingma and Ba 2015, algorithm 1
    adamw      w ← (1 − η·weight_decay) w for weights, then adam  Loshchilov and Hutter 2019
"""

from collections.abc import Callable
from dataclasses import dataclass, field, replace

import numpy as np
from numpy.typing import NDArray

from nnsim.engine.settings import Settings

Array = NDArray[np.float64]

_NONE = np.empty(0)


@dataclass(frozen=True, eq=False)
class Moments:
    """What an optimizer remembers from step to step; each array is flat like the parameters.

    An array that the optimizer does not use is empty.
    """

    steps: int = 0
    """t: the optimizer's steps so far; 0 for one that remembers nothing."""
    first: Array = field(default_factory=lambda: _NONE)
    """v of momentum and nesterov, m of adam and adamw."""
    second: Array = field(default_factory=lambda: _NONE)
    """s of rmsprop, adagrad, adam and adamw."""
    optimizer: str | None = None
    """Whose they are; a document fills it in. None: of whichever they suit."""

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Moments):
            return NotImplemented
        return self.steps == other.steps and all(
            np.array_equal(one, two)
            for one, two in ((self.first, other.first), (self.second, other.second))
        )

    def __hash__(self) -> int:
        return hash(self.steps)


@dataclass(frozen=True)
class Optimizer:
    """One rule. `update` gets (settings, η, gradient, moments after t was raised) and returns the
    update Δw and the new first and second moments."""

    name: str
    formula: str
    uses_first: bool
    uses_second: bool
    update: Callable[[Settings, float, Array, Moments], tuple[Array, Array, Array]]

    def begin(self, count: int) -> Moments:
        """Return the moments before the first step, for that many parameters: zeros."""
        return Moments(
            0,
            np.zeros(count) if self.uses_first else _NONE,
            np.zeros(count) if self.uses_second else _NONE,
        )

    @property
    def remembers(self) -> bool:
        """Whether a step depends on the steps before it."""
        return self.uses_first or self.uses_second

    def suits(self, moments: Moments, count: int) -> bool:
        """Whether the moments are of this optimizer and that many parameters."""
        return (
            moments.optimizer in (None, self.name)
            and len(moments.first) == (count if self.uses_first else 0)
            and len(moments.second) == (count if self.uses_second else 0)
        )

    def owning(self, moments: Moments) -> Moments:
        """Return the moments as this optimizer's, which no other one goes on with."""
        return replace(moments, optimizer=self.name)


_Result = tuple[Array, Array, Array]


def _sgd(settings: Settings, rate: float, g: Array, moments: Moments) -> _Result:
    return -rate * g, _NONE, _NONE


def _momentum(settings: Settings, rate: float, g: Array, moments: Moments) -> _Result:
    v = settings.momentum * moments.first + g
    return -rate * v, v, _NONE


def _nesterov(settings: Settings, rate: float, g: Array, moments: Moments) -> _Result:
    v = settings.momentum * moments.first + g
    return -rate * (g + settings.momentum * v), v, _NONE


def _rmsprop(settings: Settings, rate: float, g: Array, moments: Moments) -> _Result:
    s = settings.rho * moments.second + (1.0 - settings.rho) * g * g
    return -rate * g / (np.sqrt(s) + settings.epsilon), _NONE, s


def _adagrad(settings: Settings, rate: float, g: Array, moments: Moments) -> _Result:
    s = moments.second + g * g
    return -rate * g / (np.sqrt(s) + settings.epsilon), _NONE, s


def _adam(settings: Settings, rate: float, g: Array, moments: Moments) -> _Result:
    m = settings.beta1 * moments.first + (1.0 - settings.beta1) * g
    s = settings.beta2 * moments.second + (1.0 - settings.beta2) * g * g
    size = rate / (1.0 - settings.beta1**moments.steps)
    root = np.sqrt(s) / np.sqrt(1.0 - settings.beta2**moments.steps)
    return -size * m / (root + settings.epsilon), m, s


OPTIMIZERS: dict[str, Optimizer] = {
    entry.name: entry
    for entry in (
        Optimizer("sgd", "w ← w − η g", False, False, _sgd),
        Optimizer("momentum", "v ← μ v + g; w ← w − η v", True, False, _momentum),
        Optimizer("nesterov", "v ← μ v + g; w ← w − η (g + μ v)", True, False, _nesterov),
        Optimizer("rmsprop", "s ← ρ s + (1 − ρ) g²; w ← w − η g / (√s + ε)", False, True, _rmsprop),
        Optimizer("adagrad", "s ← s + g²; w ← w − η g / (√s + ε)", False, True, _adagrad),
        Optimizer("adam", "w ← w − η m̂ / (√ŝ + ε)", True, True, _adam),
        Optimizer("adamw", "w ← (1 − η·decay) w − η m̂ / (√ŝ + ε)", True, True, _adam),
    )
}


def decayed(
    parameters: Array, is_weight: NDArray[np.bool_], settings: Settings, rate: float
) -> Array:
    """Return the parameters after AdamW's decay of the weights; themselves for other optimizers."""
    if settings.optimizer != "adamw" or not settings.weight_decay:
        return parameters
    return np.where(is_weight, parameters * (1.0 - rate * settings.weight_decay), parameters)
