"""The record of a run: what each step left, all of it or, past a limit, an even choice of it."""

from dataclasses import dataclass, field, replace

import numpy as np
from numpy.typing import NDArray

from nnsim.model.series import Series

Array = NDArray[np.float64]
Whole = NDArray[np.uint64]


@dataclass(frozen=True)
class Record:
    """Loss, error and sample of steps, in order. Immutable; longer ones share its numbers.

    With a limit there are never more than that many points: when they become more, of every two
    neighbours one is dropped. Which one is drawn from the step numbers alone, so that a table of
    samples that comes round evenly does not leave the same sample each time, and so that the record
    does not depend on how the steps were cut into calls.
    """

    limit: int | None = None
    level: int = 0
    """One of 2^level steps is kept."""
    steps: Series = field(default_factory=Series)
    """The number of each step kept, counted from 0."""
    losses: Series = field(default_factory=Series)
    errors: Series = field(default_factory=Series)
    samples: Series = field(default_factory=Series)

    def extended(
        self, first_step: int, losses: Array, errors: Array, samples: NDArray[np.int64]
    ) -> "Record":
        """Return the record with the steps first_step, first_step + 1 … added."""
        kept = _kept_steps(first_step, first_step + len(losses), self.level)
        at = kept - first_step
        longer = replace(
            self,
            steps=self.steps.extended(kept),
            losses=self.losses.extended(losses[at]),
            errors=self.errors.extended(errors[at]) if len(errors) else self.errors,
            samples=self.samples.extended(samples[at]),
        )
        while self.limit is not None and len(longer.steps) > self.limit:
            longer = longer._thinned()
        return longer

    def _thinned(self) -> "Record":
        level = self.level + 1
        numbers = self.steps.values.astype(np.int64)
        stay = _drawn(numbers >> level, level) == numbers
        steps, losses, errors, samples = (
            Series().extended(series.values[stay] if len(series) else series.values)
            for series in (self.steps, self.losses, self.errors, self.samples)
        )
        return Record(self.limit, level, steps, losses, errors, samples)


def _kept_steps(start: int, end: int, level: int) -> NDArray[np.int64]:
    """The steps from start to end (not included) that are kept at that level."""
    if level == 0 or start >= end:
        return np.arange(start, end)
    drawn = _drawn(np.arange(start >> level, ((end - 1) >> level) + 1), level)
    return drawn[(drawn >= start) & (drawn < end)]


def _drawn(buckets: NDArray[np.int64], level: int) -> NDArray[np.int64]:
    """The one step kept of each bucket of 2^level steps: at every level one half of it survives."""
    for size in range(level, 0, -1):
        buckets = 2 * buckets + _coin(buckets, size)
    return buckets


def _coin(numbers: NDArray[np.int64], salt: int) -> NDArray[np.int64]:
    """0 or 1 for each number, as good as random: a bit of SplitMix64's output function."""
    begin = np.uint64(salt * 0x9E3779B97F4A7C15 % 2**64)
    x: Whole = numbers.astype(np.uint64) + begin
    x = (x ^ (x >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    x = (x ^ (x >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return ((x >> np.uint64(40)) & np.uint64(1)).astype(np.int64)
