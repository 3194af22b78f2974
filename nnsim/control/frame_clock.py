"""The frame clock: the one timer of the program, which ticks only while training goes on."""

from PySide6.QtCore import QObject, Qt, QTimer, Signal

FRAME_MS = 16


class FrameClock(QObject):
    """Emits `ticked` about 60 times a second while it runs; late ticks are dropped, not queued."""

    ticked = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._timer = QTimer(self)
        self._timer.setTimerType(Qt.TimerType.PreciseTimer)
        self._timer.setInterval(FRAME_MS)
        self._timer.timeout.connect(self.ticked)

    @property
    def is_running(self) -> bool:
        """Whether it ticks."""
        return self._timer.isActive()

    def start(self) -> None:
        """Tick; a clock that ticks goes on as it is."""
        if not self.is_running:
            self._timer.start()

    def stop(self) -> None:
        """Tick no more."""
        self._timer.stop()
