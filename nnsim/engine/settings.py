"""The settings of training, each checked at the door."""

import math
from dataclasses import dataclass

from nnsim.engine.initializers import check_seed
from nnsim.errors import BadSetting


@dataclass(frozen=True)
class Settings:
    """How a network is trained. Raises BadSetting for a value outside its range.

    learning_rate (η): a finite number of at least 0. shuffle: a new order of the samples in each
    epoch. seed: what the start weights and the orders are drawn from. start_range: start weights
    are drawn uniformly from −start_range … start_range.
    """

    learning_rate: float = 1.0
    shuffle: bool = False
    seed: int = 0
    start_range: float = 1.0

    def __post_init__(self) -> None:
        object.__setattr__(
            self, "learning_rate", _at_least_0(self.learning_rate, "The learning rate")
        )
        object.__setattr__(self, "start_range", _at_least_0(self.start_range, "The start range"))
        check_seed(self.seed)


def _at_least_0(value: float, what: str) -> float:
    try:
        number = float(value)
    except (TypeError, ValueError, OverflowError):
        number = math.nan
    if isinstance(value, bool) or not math.isfinite(number) or number < 0:
        raise BadSetting(f"{what} must be a number of at least 0, such as 0.1, not {value!r}.")
    return number
