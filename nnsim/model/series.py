"""A series of numbers that only grows: each length of it is a value of its own."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]


@dataclass(eq=False)
class _Room:
    """Storage shared by all lengths of one series; `used` is how far the longest goes."""

    numbers: Array
    used: int = 0


@dataclass(frozen=True, eq=False)
class Series:
    """A growing list of float64 of which every earlier length stays valid.

    Appending to the longest one costs no copy; appending to a shorter one (after an undo) makes a
    branch. So a history of a million states holds the numbers once.
    """

    _room: _Room = field(default_factory=lambda: _Room(np.empty(16)), repr=False)
    length: int = 0

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Series):
            return NotImplemented
        return self is other or np.array_equal(self.values, other.values)

    def __hash__(self) -> int:
        return hash(self.length)

    def __len__(self) -> int:
        return self.length

    @property
    def values(self) -> Array:
        """The numbers, [length], as a read-only view."""
        view = self._room.numbers[: self.length]
        view.flags.writeable = False
        return view

    def extended(self, numbers: Sequence[float] | NDArray[Any]) -> "Series":
        """Return the series with the numbers appended."""
        if not len(numbers):
            return self
        room, end = self._room, self.length + len(numbers)
        if room.used != self.length or end > len(room.numbers):
            grown = np.empty(max(16, 2 * end))
            grown[: self.length] = room.numbers[: self.length]
            room = _Room(grown)
        room.numbers[self.length : end] = numbers
        room.used = end
        return Series(room, end)
