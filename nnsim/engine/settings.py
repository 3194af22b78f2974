"""The settings of training, each checked at the door."""

import math
from dataclasses import dataclass
from numbers import Real
from operator import index
from typing import Any

import numpy as np

from nnsim.engine.losses import Loss, loss_named
from nnsim.errors import BadSetting, short

MAX_WHOLE = 2**53 - 1  # what every JSON reader keeps exactly

MAX_RANGE = 8e307  # from minus it to it is still a number's distance
REDUCTIONS = ("mean", "sum")
OPTIMIZERS = ("sgd", "momentum", "nesterov", "rmsprop", "adagrad", "adam", "adamw")
SCHEDULES = ("constant", "step", "exponential", "cosine")
INITIALIZERS = ("uniform", "normal", "constant", "glorot", "he", "lecun")
_CHOICES = {
    "batch_reduction": REDUCTIONS,
    "optimizer": OPTIMIZERS,
    "schedule": SCHEDULES,
    "initializer": INITIALIZERS,
}
_WORDS = {
    "l1": "L1 penalty",
    "l2": "L2 penalty",
    "beta1": "number β₁ (beta1)",
    "beta2": "number β₂ (beta2)",
    "rho": "number ρ (rho)",
    "epsilon": "number ε (epsilon)",
    "shuffle": "shuffling of the samples",
    "train_biases": "training of biases",
}
"""What a setting is called in a sentence, where its name is no word of one."""


@dataclass(frozen=True)
class Settings:
    """How a network is trained. Raises BadSetting, naming the field, for a value out of range.

    Formulas and sources: losses.py, optimizers.py, schedules.py, penalties.py, initializers.py.
    """

    learning_rate: float = 1.0
    """η, above 0."""
    loss: str = "half_squared"
    batch_reduction: str = "mean"
    """Loss and gradient of a batch: the mean over its samples, or their sum."""
    batch_size: int = 1
    """Samples per step; 0 for all of them. The last batch of an epoch may be smaller."""
    shuffle: bool = False
    """A new order of the samples in each epoch, a pure function of (seed, epoch)."""
    seed: int = 0
    """What the start weights and the orders are drawn from."""
    optimizer: str = "sgd"
    momentum: float = 0.9
    """μ of momentum and nesterov."""
    beta1: float = 0.9
    beta2: float = 0.999
    """β₁ and β₂ of adam and adamw."""
    rho: float = 0.99
    """ρ of rmsprop."""
    epsilon: float = 1e-8
    """ε of rmsprop, adagrad, adam and adamw."""
    l1: float = 0.0
    """l1·Σ|w| is added to the loss; weights only, not biases."""
    l2: float = 0.0
    """½·l2·Σw² is added to the loss; weights only, not biases."""
    weight_decay: float = 0.0
    """Of adamw alone: each step first multiplies the weights by 1 − η·weight_decay."""
    clip_value: float = 0.0
    """Each derivative is held within ± this; 0 for no limit."""
    clip_norm: float = 0.0
    """A gradient longer than this is multiplied by this / (its length + 1e-6), PyTorch's number: to
    almost this length. 0 for no limit."""
    weight_limit: float = 0.0
    """Weights are held within ± this after each step; 0 for no limit."""
    schedule: str = "constant"
    schedule_steps: int = 100
    schedule_factor: float = 0.1
    """What the schedule makes of the learning rate: see schedules.py."""
    warm_up_steps: int = 0
    """Over so many steps the learning rate rises to its full size; 0 for none."""
    train_biases: bool = True
    initializer: str = "uniform"
    start_range: float = 1.0
    """What start weights are drawn from: uniform in ± this, normal with this deviation, or all
    this; glorot, he and lecun do not use it."""

    def __post_init__(self) -> None:
        for name in ("learning_rate", "epsilon", "schedule_factor"):
            _set(self, name, _number(self, name, above=True))
        for name in ("l1", "l2", "weight_decay", "clip_value", "clip_norm", "weight_limit"):
            _set(self, name, _number(self, name))
        _set(self, "start_range", _number(self, "start_range", below=MAX_RANGE))
        for name in ("momentum", "beta1", "beta2", "rho"):
            _set(self, name, _number(self, name, below=1.0))
        for name, least in (
            ("batch_size", 0),
            ("seed", 0),
            ("warm_up_steps", 0),
            ("schedule_steps", 1),
        ):
            _set(self, name, whole_number(getattr(self, name), _spoken(name), least))
        for name in ("shuffle", "train_biases"):
            _check_switch(self, name)
        for name, known in _CHOICES.items():
            _check_choice(self, name, known)
        _check_loss(self.loss)

    @property
    def loss_function(self) -> Loss:
        """The table entry of the loss."""
        return loss_named(self.loss)

    @property
    def is_plain(self) -> bool:
        """Whether a step is w ← w − η · ∂E/∂w with one constant η, as in the chapter."""
        extras = (self.l1, self.l2, self.clip_value, self.clip_norm, self.weight_limit)
        is_constant = self.schedule == "constant" and self.warm_up_steps == 0
        return self.optimizer == "sgd" and is_constant and not any(extras)


def check_seed(seed: Any) -> int:
    """Return the seed; raise BadSetting unless it is a whole number from 0 to 2⁵³ − 1."""
    return whole_number(seed, "The seed")


def whole_number(value: Any, what: str, least: int = 0) -> int:
    """Return a whole number (numpy's too) as Python's own; raise BadSetting unless it is in range.

    what: how it is called at the beginning of the sentence. The range goes up to 2⁵³ − 1.
    """
    try:
        whole = -1 if isinstance(value, bool) else index(value)
    except TypeError:
        whole = -1
    if not least <= whole <= MAX_WHOLE:
        raise BadSetting(
            f"{what} must be a whole number from {least} to {MAX_WHOLE}, not {short(value)}."
        )
    return whole


def _set(settings: Settings, name: str, value: float) -> None:
    object.__setattr__(settings, name, value)


def _number(settings: Settings, name: str, above: bool = False, below: float = math.inf) -> float:
    value = getattr(settings, name)
    try:
        number = float(value) if isinstance(value, Real) else math.nan
    except OverflowError:
        number = math.nan
    low = number > 0 if above else number >= 0
    if isinstance(value, bool) or not math.isfinite(number) or not low or number >= below:
        least = "above 0" if above else "of at least 0"
        most = f" and below {below:g}" if below < math.inf else ""
        raise BadSetting(
            f"{_spoken(name)} must be a number {least}{most}, such as 0.1, not {short(value)}."
        )
    return number


def _check_switch(settings: Settings, name: str) -> None:
    value = getattr(settings, name)
    if not isinstance(value, bool | np.bool_):
        raise BadSetting(f"{_spoken(name)} must be true or false, not {short(value)}.")
    object.__setattr__(settings, name, bool(value))


def _check_choice(settings: Settings, name: str, known: tuple[str, ...]) -> None:
    value = getattr(settings, name)
    if value not in known:
        raise BadSetting(f"{_spoken(name)} must be one of {', '.join(known)}, not {short(value)}.")


def _check_loss(loss: object) -> None:
    if not isinstance(loss, str):
        raise BadSetting(f"The loss must be a name, such as half_squared, not {short(loss)}.")
    loss_named(loss)


def _spoken(name: str) -> str:
    """learning_rate → The learning rate."""
    return f"The {_WORDS.get(name) or name.replace('_', ' ')}"
