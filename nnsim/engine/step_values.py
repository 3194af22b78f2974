"""The values of a step between the deltas of its samples and the change of each weight, by name.

They are those that step.py, penalties.py and optimizers.py compute with (sources and conventions
there), one after another as a person computes them on paper; training itself does not need them.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from nnsim.engine.network import Network
from nnsim.engine.optimizers import OPTIMIZERS, Moments
from nnsim.engine.penalties import NORM_ROOM
from nnsim.engine.settings import Settings
from nnsim.engine.step import Step

Array = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class StepValue:
    """One value of every weight and bias, flat like `Network.parameters`."""

    name: str
    formula: str
    """How it follows from the values before it; empty for one that is given."""
    numbers: Array


def step_values(
    network: Network, step: Step, settings: Settings, before: Moments
) -> list[StepValue]:
    """Return the values that lead to the change of a step, in the order of computing.

    before: what the optimizer remembered before the step. The last value is “change”. Where
    clip_norm shortens the gradient, its length (with the 1e-6 of penalties.py) stands in the
    formula of g.
    """
    own = _OPTIMIZER_VALUES.get(settings.optimizer, _no_values)
    with np.errstate(all="ignore"):
        values = [*_gradient_values(network, step, settings), *own(settings, step, before)]
    return [*values, StepValue("change", _change_formula(settings), step.update)]


def _gradient_values(network: Network, step: Step, settings: Settings) -> Iterator[StepValue]:
    """The deltas of the batch in one, the penalties, and what is left of both after clipping."""
    weights, is_weight = network.parameters, network.structure.is_weight
    is_mean = settings.batch_reduction == "mean" and step.sample_count > 1
    share = 1.0 / step.sample_count if is_mean else 1.0
    name = "delta" if step.sample_count == 1 else f"{settings.batch_reduction} of the deltas"
    total, terms = step.back.gradient * share, [name]
    yield StepValue(name, "", total)
    for strength, term, added in (
        (settings.l1, "l1 · sign(w)", np.sign(weights)),
        (settings.l2, "l2 · w", weights),
    ):
        if strength:
            part = np.where(is_weight, strength * added, 0.0)
            total, terms = total + part, [*terms, term]
            yield StepValue(term, "", part)
    formula = " + ".join(terms)
    if settings.clip_value:
        formula = f"{formula} within ± clip_value"
    if settings.clip_norm:
        formula = f"({formula}) · {_shortening(network, total, settings)}"
    yield StepValue("g", formula, step.gradient)


def _shortening(network: Network, gradient: Array, settings: Settings) -> str:
    """What clip_norm multiplies by: 1, or clip_norm over the length of the gradient."""
    trained = network.structure.trained(settings.train_biases)
    whole = gradient if trained is None else np.where(trained, gradient, 0.0)
    if settings.clip_value:
        whole = np.clip(whole, -settings.clip_value, settings.clip_value)
    length = float(np.linalg.norm(whole))
    is_longer = length + NORM_ROOM > settings.clip_norm
    return f"clip_norm / {length + NORM_ROOM:.9g}" if is_longer else "1"


# ---------------------------------------------------------------- what each optimizer computes


def _remembered(before: Moments, step: Step, name: str, formula: str) -> list[StepValue]:
    """What a moment was before the step, and what it is after it."""
    old, new = (
        (before.first, step.new_moments.first)
        if name in ("v", "m")
        else (before.second, step.new_moments.second)
    )
    return [StepValue(f"{name} before", "", old), StepValue(name, formula, new)]


def _no_values(settings: Settings, step: Step, before: Moments) -> list[StepValue]:
    return []


def _momentum_values(settings: Settings, step: Step, before: Moments) -> list[StepValue]:
    return _remembered(before, step, "v", "μ · v before + g")


def _rmsprop_values(settings: Settings, step: Step, before: Moments) -> list[StepValue]:
    return _remembered(before, step, "s", "ρ · s before + (1 − ρ) · g²")


def _adagrad_values(settings: Settings, step: Step, before: Moments) -> list[StepValue]:
    return _remembered(before, step, "s", "s before + g²")


def _adam_values(settings: Settings, step: Step, before: Moments) -> list[StepValue]:
    t = before.steps + 1
    m, s = step.new_moments.first, step.new_moments.second
    return [
        *_remembered(before, step, "m", "β₁ · m before + (1 − β₁) · g"),
        *_remembered(before, step, "s", "β₂ · s before + (1 − β₂) · g²"),
        StepValue("m̂", "m / (1 − β₁ᵗ)", m / (1.0 - settings.beta1**t)),
        StepValue("ŝ", "s / (1 − β₂ᵗ)", s / (1.0 - settings.beta2**t)),
    ]


_OPTIMIZER_VALUES: dict[str, Callable[[Settings, Step, Moments], list[StepValue]]] = {
    "momentum": _momentum_values,
    "nesterov": _momentum_values,
    "rmsprop": _rmsprop_values,
    "adagrad": _adagrad_values,
    "adam": _adam_values,
    "adamw": _adam_values,
}

_CHANGES = {
    "sgd": "−η · g",
    "momentum": "−η · v",
    "nesterov": "−η · (g + μ · v)",
    "rmsprop": "−η · g / (√s + ε)",
    "adagrad": "−η · g / (√s + ε)",
    "adam": "−η · m̂ / (√ŝ + ε)",
    "adamw": "−η · m̂ / (√ŝ + ε)",
}


def _change_formula(settings: Settings) -> str:
    formula = _CHANGES.get(settings.optimizer) or OPTIMIZERS[settings.optimizer].formula
    if settings.optimizer == "adamw" and settings.weight_decay:
        formula += " − η · weight_decay · w (weights only)"
    if settings.weight_limit:
        formula += ", held so that weights stay within ± weight_limit"
    return formula


def constants(settings: Settings, before: Moments) -> dict[str, float]:
    """Return the numbers that the formulas name, by their symbols."""
    named = {
        "momentum": {"μ": settings.momentum},
        "nesterov": {"μ": settings.momentum},
        "rmsprop": {"ρ": settings.rho, "ε": settings.epsilon},
        "adagrad": {"ε": settings.epsilon},
    }
    adam = {
        "β₁": settings.beta1,
        "β₂": settings.beta2,
        "ε": settings.epsilon,
        "t": float(before.steps + 1),
    }
    found = adam if settings.optimizer in ("adam", "adamw") else named.get(settings.optimizer, {})
    extras = ("l1", "l2", "clip_value", "clip_norm", "weight_limit")
    if settings.optimizer == "adamw":
        extras = ("weight_decay", *extras)
    return found | {name: getattr(settings, name) for name in extras if getattr(settings, name)}
