"""The frame clock: the one timer of the program, which ticks only while training goes on."""

import time

from PySide6.QtCore import QObject, Qt, QTimer, Signal

FRAME_MS = 16
SOON_MS = 1


class FrameClock(QObject):
    """Emits `ticked` about 60 times a second while it runs; late ticks are dropped, not queued."""

    ticked = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._timer, self._soon = QTimer(self), QTimer(self)
        for timer, interval in ((self._timer, FRAME_MS), (self._soon, SOON_MS)):
            timer.setTimerType(Qt.TimerType.PreciseTimer)
            timer.setInterval(interval)
            timer.timeout.connect(self.ticked)
        self._soon.setSingleShot(True)

    @property
    def is_running(self) -> bool:
        """Whether it ticks."""
        return self._timer.isActive()

    def next_tick(self) -> float:
        """Return when it will tick next, in the seconds of time.perf_counter."""
        return time.perf_counter() + max(0, self._timer.remainingTime()) / 1e3

    def tick_again_soon(self) -> None:
        """Tick once more before the next tick is due: what was awaited had not come yet."""
        if self.is_running:
            self._soon.start()

    def start(self) -> None:
        """Tick; a clock that ticks goes on as it is."""
        if not self.is_running:
            self._timer.start()

    def stop(self) -> None:
        """Tick no more."""
        self._timer.stop()
        self._soon.stop()
