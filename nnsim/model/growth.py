"""The watch over a run: whether its loss has grown ten steps running and a million-fold."""

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

GROWING_STEPS = 10
GROWTH = 1e6


@dataclass
class Growth:
    """Compares each loss with the one before of the same sample.

    Samples differ in size: a table whose losses grow from row to row is no divergence, a loss that
    is larger each time its own sample comes round is. With one sample the two are the same.
    """

    since: int = 0
    """The first recorded loss that it watches."""
    seen: int = 0
    """The recorded losses up to here are taken in."""
    _steps: int = 0
    _first: dict[int, float] = field(default_factory=dict)
    """For each sample the loss from which it has grown ever since."""
    _last: dict[int, float] = field(default_factory=dict)

    def going_on(
        self, losses: NDArray[np.float64], samples: NDArray[np.float64], since: int
    ) -> "Growth":
        """Return a watch of its own that has taken in all losses from number `since` on."""
        if (self.since, self.seen) == (since, len(losses)):
            return Growth(since, self.seen, self._steps, dict(self._first), dict(self._last))
        fresh = Growth(since, since)
        for loss, sample in zip(losses[since:], samples[since:], strict=True):
            fresh.add(int(sample), float(loss))
        return fresh

    def add(self, sample: int, loss: float) -> bool:
        """Take in the loss of the next step; return whether it is reason to stop.

        Then it is not taken in: the step is not taken either.
        """
        last = self._last.get(sample)
        grown = last is not None and loss > last
        steps = self._steps + 1 if grown else self._steps if last is None else 0
        first = self._first.get(sample, loss) if grown else loss
        if steps >= GROWING_STEPS and loss >= GROWTH * first > 0:
            return True
        self.seen += 1
        self._steps, self._first[sample], self._last[sample] = steps, first or loss, loss
        return False
