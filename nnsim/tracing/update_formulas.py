"""The formulas of a step's update, as expressions: limits of the gradient, optimizers, schedules.

Each is written from its definition (sources and conventions: penalties.py, optimizers.py and
schedules.py of the engine), not from the engine's code: the tests compute both.
"""

import math
from collections.abc import Callable
from dataclasses import dataclass, field

from nnsim.engine.penalties import NORM_ROOM
from nnsim.engine.settings import Settings
from nnsim.tracing.expression import (
    Add,
    Apply,
    Constant,
    Divide,
    Expression,
    Least,
    Multiply,
    Negative,
    Power,
    Square,
    Subtract,
)
from nnsim.tracing.formulas import ONE, TWO
from nnsim.tracing.quantity import GRADIENT_LENGTH, LEARNING_RATE, Kind, Quantity

OfWeight = Callable[[Kind], Expression]
"""What each kind is of one weight or bias; Kind.gradient stands for what the optimizer is given."""

MU, RHO, EPSILON = Quantity(Kind.momentum), Quantity(Kind.rho), Quantity(Kind.epsilon)
BETA1, BETA2, T = Quantity(Kind.beta1), Quantity(Kind.beta2), Quantity(Kind.optimizer_step)


def shortened(g: Expression) -> Expression:
    """Return g · min(1, clip_norm / (|g| + 1e-6)): Pascanu et al., in PyTorch's convention."""
    room = Add((GRADIENT_LENGTH, Constant(NORM_ROOM)))
    return Multiply((g, Least(ONE, Divide(Quantity(Kind.clip_norm), room))))


# ---------------------------------------------------------------- optimizers


@dataclass(frozen=True)
class Rule:
    """An optimizer on paper: how the change follows from the gradient, and by what before it."""

    change: Callable[[OfWeight], Expression]
    values: dict[Kind, Callable[[OfWeight], Expression] | None] = field(default_factory=dict)
    """Each kind after those that it is computed from; None for what was remembered."""


def _downhill(direction: Expression) -> Expression:
    return Negative(Multiply((LEARNING_RATE, direction)))


def _evened(direction: Expression, square: Expression) -> Expression:
    """−η · direction / (√square + ε)."""
    below = Add((Apply("sqrt", square), EPSILON))
    return Negative(Divide(Multiply((LEARNING_RATE, direction)), below))


def _mean_with(share: Expression, old: Expression, new: Expression) -> Expression:
    """Share · old + (1 − share) · new: a mean in which what is old counts less and less."""
    return Add((Multiply((share, old)), Multiply((Subtract(ONE, share), new))))


def _corrected(moment: Expression, share: Expression) -> Expression:
    """Moment / (1 − shareᵗ): what it would be had it not begun at 0."""
    return Divide(moment, Subtract(ONE, Power(share, T)))


def _velocity(of: OfWeight) -> Expression:
    return Add((Multiply((MU, of(Kind.old_velocity))), of(Kind.gradient)))


def _nesterov_change(of: OfWeight) -> Expression:
    return _downhill(Add((of(Kind.gradient), Multiply((MU, of(Kind.velocity))))))


def _even_change(of: OfWeight) -> Expression:
    return _evened(of(Kind.gradient), of(Kind.square))


_ADAM = Rule(
    lambda of: _evened(of(Kind.mean_corrected), of(Kind.square_corrected)),
    {
        Kind.old_mean: None,
        Kind.mean: lambda of: _mean_with(BETA1, of(Kind.old_mean), of(Kind.gradient)),
        Kind.old_square: None,
        Kind.square: lambda of: _mean_with(BETA2, of(Kind.old_square), Square(of(Kind.gradient))),
        Kind.mean_corrected: lambda of: _corrected(of(Kind.mean), BETA1),
        Kind.square_corrected: lambda of: _corrected(of(Kind.square), BETA2),
    },
)

RULES: dict[str, Rule] = {
    "sgd": Rule(lambda of: _downhill(of(Kind.gradient))),
    "momentum": Rule(
        lambda of: _downhill(of(Kind.velocity)),
        {Kind.old_velocity: None, Kind.velocity: _velocity},
    ),
    "nesterov": Rule(_nesterov_change, {Kind.old_velocity: None, Kind.velocity: _velocity}),
    "rmsprop": Rule(
        _even_change,
        {
            Kind.old_square: None,
            Kind.square: lambda of: _mean_with(RHO, of(Kind.old_square), Square(of(Kind.gradient))),
        },
    ),
    "adagrad": Rule(
        _even_change,
        {
            Kind.old_square: None,
            Kind.square: lambda of: Add((of(Kind.old_square), Square(of(Kind.gradient)))),
        },
    ),
    "adam": _ADAM,
    "adamw": _ADAM,
}
"""By the names of the engine's table; the decay of adamw is a matter of the new value."""


# ---------------------------------------------------------------- schedules


def rate_formula(settings: Settings, steps_taken: int) -> Expression | None:
    """Return η of a step after its schedule and warm-up; None where it is the full one."""
    full, taken = Quantity(Kind.full_rate), Quantity(Kind.steps_taken)
    factors: list[Expression] = [full]
    if settings.schedule != "constant":
        factors.append(_SCHEDULES[settings.schedule](taken))
    if steps_taken + 1 < settings.warm_up_steps:
        factors.append(Divide(Add((taken, ONE)), Quantity(Kind.warm_up_steps)))
    return Multiply(tuple(factors)) if len(factors) > 1 else None


def _share(taken: Expression) -> Expression:
    return Divide(taken, Quantity(Kind.schedule_steps))


def _cosine(taken: Expression) -> Expression:
    steps, factor = Quantity(Kind.schedule_steps), Quantity(Kind.schedule_factor)
    angle = Divide(Multiply((Constant(math.pi), Least(taken, steps))), steps)
    fallen = Divide(Add((ONE, Apply("cos", angle))), TWO)
    return Add((factor, Multiply((Subtract(ONE, factor), fallen))))


_SCHEDULES: dict[str, Callable[[Expression], Expression]] = {
    "step": lambda taken: Power(Quantity(Kind.schedule_factor), Apply("floor", _share(taken))),
    "exponential": lambda taken: Power(Quantity(Kind.schedule_factor), _share(taken)),
    "cosine": _cosine,
}
"""What η is multiplied by after so many steps."""
