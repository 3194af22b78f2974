"""What training goes on from, and what some steps of it leave behind."""

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from nnsim.engine.network import Network
from nnsim.engine.optimizers import OPTIMIZERS, Moments
from nnsim.engine.settings import Settings

Array = NDArray[np.float64]
Rows = NDArray[np.int64]
End = Literal["done", "stopped", "not finite", "growing"]


@dataclass(frozen=True, eq=False)
class Learned:
    """All that training changes: the numbers of a network, and where training stands."""

    network: Network
    moments: Moments
    step: int = 0
    """Steps done."""
    epoch: int = 0
    place: int = 0
    """Where in that epoch's order the next batch begins."""

    @classmethod
    def beginning(cls, network: Network, settings: Settings) -> "Learned":
        """Return the state before the first step."""
        return cls(network, OPTIMIZERS[settings.optimizer].begin(len(network.parameters)))


@dataclass(frozen=True, eq=False)
class Taken:
    """What some steps left behind."""

    learned: Learned
    losses: Array
    """The loss of each step's batch before its update, [steps]."""
    errors: Array
    """Output 1 − expected 1 of each batch's first sample, [steps]."""
    rows: Rows
    """The first sample of each batch, [steps]."""
    end: End
    """Why it came back; “not finite” and “growing”: the next step would be so, and is not taken."""
