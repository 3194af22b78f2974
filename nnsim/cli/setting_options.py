"""The options for the settings of training: one for each field of `Settings`."""

import argparse
from collections.abc import Callable, Iterable
from dataclasses import fields
from typing import Any

from nnsim.cli.typed_options import number, whole
from nnsim.engine.losses import LOSSES
from nnsim.engine.settings import INITIALIZERS, OPTIMIZERS, REDUCTIONS, SCHEDULES, Settings

ONLY_NEW = ("initializer", "start_range")
"""What start weights are drawn from: of no use once there is a network."""

_WORDS = {
    "learning_rate": "η: 0.3, 0,3, 1/3 or 3e-2",
    "loss": f"{', '.join(LOSSES)}; huber(0.5) for another number than 1",
    "batch_reduction": f"{' or '.join(REDUCTIONS)} over the samples of a batch",
    "batch_size": "samples per step; 0 for all of them",
    "shuffle": "a new order of the samples in each epoch",
    "seed": "of the start weights and the orders",
    "optimizer": ", ".join(OPTIMIZERS),
    "momentum": "μ of momentum and nesterov",
    "beta1": "β₁ of adam and adamw",
    "beta2": "β₂ of adam and adamw",
    "rho": "ρ of rmsprop",
    "epsilon": "ε of rmsprop, adagrad, adam and adamw",
    "l1": "adds l1·Σ|w| to the loss; weights only",
    "l2": "adds ½·l2·Σw² to the loss; weights only",
    "weight_decay": "of adamw: each step shrinks the weights by this part of η",
    "clip_value": "holds each derivative within ± this; 0 for no limit",
    "clip_norm": "shortens a longer gradient to this; 0 for no limit",
    "weight_limit": "holds the weights within ± this; 0 for no limit",
    "schedule": f"of the learning rate: {', '.join(SCHEDULES)}",
    "schedule_steps": "after so many steps …",
    "schedule_factor": "… the learning rate is multiplied by this",
    "warm_up_steps": "the learning rate rises over so many steps; 0 for none",
    "train_biases": "biases are trained like weights",
    "initializer": f"of the start weights: {', '.join(INITIALIZERS)}",
    "start_range": "start weights uniform in ± this, normal with this deviation, or all this",
}


_KINDS: dict[Any, tuple[Callable[[str], Any], str]] = {
    float: (number, "R"),
    int: (whole, "N"),
    str: (str, "NAME"),
}


def add_settings(
    parser: argparse.ArgumentParser, title: str, without: Iterable[str] = (), defaults: bool = False
) -> None:
    """Add an option for each setting; the value of one that is not typed is None.

    defaults: whether the help tells them.
    """
    group = parser.add_argument_group(title)
    for field in fields(Settings):
        if field.name in without:
            continue
        option, words = f"--{field.name.replace('_', '-')}", _WORDS[field.name]
        words += f" (default: {_said(field.default)})" if defaults else ""
        if field.type is bool:
            group.add_argument(option, action=argparse.BooleanOptionalAction, help=words)
        else:
            kind, metavar = _KINDS[field.type]
            group.add_argument(option, type=kind, metavar=metavar, help=words)


def chosen_settings(chosen: argparse.Namespace) -> dict[str, Any]:
    """Return the settings that were typed, by their names."""
    typed = {field.name: getattr(chosen, field.name, None) for field in fields(Settings)}
    return {name: value for name, value in typed.items() if value is not None}


def _said(default: object) -> str:
    if isinstance(default, bool):
        return "yes" if default else "no"
    return f"{default:g}" if isinstance(default, float) else str(default)
