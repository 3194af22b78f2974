"""Conventions: what textbooks write differently of the same step. Training never changes."""

from dataclasses import dataclass
from typing import Literal

ErrorSign = Literal["output_minus_expected", "expected_minus_output"]
ShownLoss = Literal["half_sum", "sum", "mean"]
Names = Literal["chapter", "field"]


@dataclass(frozen=True)
class Conventions:
    """How the numbers of a step are shown; as it is, they are those of the training."""

    error_sign: ErrorSign = "output_minus_expected"
    """expected − output turns errors, error signals and deltas: a weight moves with its delta."""
    shown_loss: ShownLoss | None = None
    """½Σ, Σ or the mean of the squared errors; None: the loss it is trained with."""
    delta_with_rate: bool = False
    """Whether the delta has the learning rate in it."""
    names: Names = "chapter"
    """sum, output, error, delta; or the field's z, a, δ, ∂E/∂w."""

    @property
    def is_turned(self) -> bool:
        """Whether the error is expected − output."""
        return self.error_sign == "expected_minus_output"

    @property
    def sign(self) -> float:
        """What the numbers of the way back are multiplied by: 1, or −1 where they are turned."""
        return -1.0 if self.is_turned else 1.0

    @property
    def speaks_symbols(self) -> bool:
        """Whether quantities have the field's names."""
        return self.names == "field"


AS_TRAINED = Conventions()
