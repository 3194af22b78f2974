"""The pace of training: how many steps are due, and how many were taken a second."""

import math
import time

FASTEST = math.inf
EVERY_STEP = 10**12
"""More steps than anybody waits for."""
SHORTEST_WAIT = 0.008
"""Seconds; steps due sooner than that one after the other are taken together."""


class Pace:
    """Says how many steps are due. Not to be changed while a trainer asks it."""

    def __init__(self, steps_per_second: float = 1.0) -> None:
        self.speed = steps_per_second
        """Steps per second; infinite for as fast as it goes."""
        self._owed = 0.0
        self._last = 0.0

    def begin(self) -> None:
        """Begin; the first step is due at once."""
        self._owed, self._last = 1.0, time.perf_counter()

    def set_speed(self, steps_per_second: float) -> None:
        """Change the speed; what has fallen due until now at the old one stays due."""
        self._count()
        self.speed = steps_per_second

    def due(self) -> int:
        """Return how many steps are due now; they are taken to be taken."""
        if self.speed == FASTEST:
            return EVERY_STEP
        self._count()
        steps = int(self._owed)
        self._owed -= steps
        return steps

    def wait(self) -> float:
        """Return for how many seconds nothing is due."""
        return max(SHORTEST_WAIT, (1.0 - self._owed) / self.speed)

    def _count(self) -> None:
        now = time.perf_counter()
        elapsed, self._last = now - self._last, now
        if self.speed != FASTEST:
            # Never owe more than a moment's worth: a slow network trains slower, nothing piles up.
            self._owed = min(self._owed + elapsed * self.speed, max(1.0, self.speed / 20))


class StepMeter:
    """Measures steps per second over about the last second."""

    def __init__(self) -> None:
        self._marks: list[tuple[float, int]] = []

    def reset(self) -> None:
        """Forget what was measured."""
        self._marks.clear()

    def measure(self, step: int) -> float | None:
        """Take in the step just reached; return steps per second, None until it is known."""
        now = time.perf_counter()
        self._marks.append((now, step))
        while len(self._marks) > 2 and now - self._marks[0][0] > 1.0:
            self._marks.pop(0)
        seconds = now - self._marks[0][0]
        return (step - self._marks[0][1]) / seconds if seconds > 0.2 else None
