"""The watch over training: whether the loss has grown ten steps running and a million-fold."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]

GROWING_STEPS = 10
GROWTH = 1e6


@dataclass(eq=False)
class Watch:
    """Compares the loss of each step with the last one of a batch that began with the same sample.

    Samples differ in size: a table whose losses grow from row to row is no divergence, a loss that
    is larger each time its own sample comes round is. With one sample the two are the same. The
    arrays [samples] are changed in place, here and by the C kernels.
    """

    last: Array
    """The last loss of each sample; NaN before the first."""
    first: Array
    """The loss of each sample since which it has grown every time."""
    steps: int = 0
    """How many steps running the loss has grown."""

    @classmethod
    def over(cls, samples: int) -> "Watch":
        """Return a watch over that many samples that has seen nothing."""
        return cls(np.full(samples, np.nan), np.zeros(samples))

    def copy(self) -> "Watch":
        """Return one that goes on by itself."""
        return Watch(self.last.copy(), self.first.copy(), self.steps)

    def sees_reason(self, sample: int, loss: float) -> bool:
        """Take in the loss of the next step; return whether it is reason to stop.

        Then it is not taken in: the step is not taken either.
        """
        last = self.last[sample]
        grown = loss > last
        steps = self.steps + 1 if grown else self.steps if np.isnan(last) else 0
        first = self.first[sample] if grown else loss
        if steps >= GROWING_STEPS and loss >= GROWTH * first > 0:
            return True
        self.steps, self.first[sample], self.last[sample] = steps, first or loss, loss
        return False
