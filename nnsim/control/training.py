"""Training under way: from when to when, at which pace, and what has come of it."""

from PySide6.QtCore import QObject, Signal

from nnsim.control.frame_clock import FrameClock
from nnsim.control.pace import EVERY_STEP, FASTEST, Pace, StepMeter
from nnsim.control.trainer import Trainer, is_done
from nnsim.model.run import Run


class Training(QObject):
    """Begins, holds and ends training, and fetches what has come of it once a frame.

    Held, its trainer rests at the edge of a chunk, and may go on from another Run.
    """

    frame_due = Signal()
    """About 60 times a second while it is under way: fetch what there is."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._trainer = Trainer()
        self._clock = FrameClock(self)
        self._clock.ticked.connect(self.frame_due)
        self._chosen_pace = Pace()
        self._pace = self._chosen_pace
        self._meter = StepMeter()
        self._last_step: int | None = None
        self.steps_per_second: float | None = None

    @property
    def is_under_way(self) -> bool:
        """Whether it has begun and not ended; it ends by itself with the last run fetched."""
        return self._last_step is not None

    def begin(self, run: Run, steps: int | None = None) -> None:
        """Begin with a run: so many steps as fast as it goes; None: at the pace, until it ends."""
        self._last_step = run.document.position.step + (EVERY_STEP if steps is None else steps)
        self._pace = self._chosen_pace if steps is None else Pace(FASTEST)
        self._pace.begin()
        self._meter.reset()
        self.go_on(run)

    def hold(self) -> Run | None:
        """Stop at once and fetch."""
        self._trainer.stop()
        return self.fetch()

    def go_on(self, run: Run) -> None:
        """Go on from a run after a hold; nothing happens when it has ended."""
        if self._last_step is not None:
            self._trainer.start(run, self._last_step, self._pace)
            self._clock.start()

    def fetch(self) -> Run | None:
        """Return the newest run, None if it was fetched before; raise what went wrong in it."""
        if self._last_step is None:
            return None
        try:
            run = self._trainer.fetch()
        except Exception:
            self.end()
            raise
        if run is not None:
            self.steps_per_second = self._meter.measure(run.document.position.step)
            if is_done(run, self._last_step):
                self.end()
        return run

    def wait(self, seconds: float) -> None:
        """Wait until all steps are taken, but not longer than some seconds."""
        self._trainer.wait(seconds)

    def end(self) -> None:
        """Stop at once; what was not fetched is lost."""
        self._clock.stop()
        self._trainer.stop()
        self._last_step = None
        self.steps_per_second = None

    def set_speed(self, steps_per_second: float) -> None:
        """Set the pace in steps per second, while nothing is under way or it is held."""
        self._chosen_pace.set_speed(steps_per_second)
