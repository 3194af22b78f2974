"""The pace of training: when how many steps are due while it runs."""

import math
import time

from PySide6.QtCore import QObject, Qt, QTimer, Signal

FASTEST = math.inf
FRAME_MS = 16
SLICE_SECONDS = 0.009
"""How long training may hold the window in one frame; the rest is for drawing and for hands."""


class Pace(QObject):
    """Emits `due(steps, seconds)` while it runs: take so many steps, in no more than that time."""

    due = Signal(int, float)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._speed = 1.0
        self._owed = 0.0
        self._last = 0.0
        self._timer = QTimer(self)
        self._timer.setTimerType(Qt.TimerType.PreciseTimer)
        self._timer.timeout.connect(self._tick)

    @property
    def speed(self) -> float:
        """Steps per second; infinite for as fast as it goes."""
        return self._speed

    @property
    def running(self) -> bool:
        """Whether steps fall due."""
        return self._timer.isActive()

    def set_speed(self, steps_per_second: float) -> None:
        """Change the speed, also in the middle of a run; a step already waited for comes at once
        when the new speed is faster."""
        self._speed = steps_per_second
        if self.running:
            self._timer.start(self._interval())

    def start(self) -> None:
        """Begin; the first step is due at once."""
        self._owed, self._last = 1.0, time.perf_counter()
        self._timer.start(self._interval())
        self._tick()

    def stop(self) -> None:
        """Stop at once; nothing more falls due."""
        self._timer.stop()

    def _interval(self) -> int:
        return FRAME_MS if self._speed > 30 else 20

    def _tick(self) -> None:
        now = time.perf_counter()
        elapsed, self._last = now - self._last, now
        if self._speed == FASTEST:
            self.due.emit(1_000_000, SLICE_SECONDS)
            return
        # Never owe more than a frame's worth: a slow network trains slower, it does not pile up.
        self._owed = min(self._owed + elapsed * self._speed, max(1.0, self._speed / 20))
        steps = int(self._owed)
        if steps:
            self._owed -= steps
            self.due.emit(steps, SLICE_SECONDS)


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
