"""Training under way: from when to when, at which pace, and what has come of it."""

import gc

from PySide6.QtCore import QObject, Signal

from nnsim.control.frame_clock import FrameClock
from nnsim.control.pace import EVERY_STEP, FASTEST, Pace, StepMeter
from nnsim.control.trainer import Trainer, is_done
from nnsim.model.run import Run

HAND_OVER_SECONDS = 0.005
"""So long before a frame is due the trainer begins to hand the newest run over."""


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
        self._clock.ticked.connect(self._tick)
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
        gc.freeze()  # what is there already: searching it for garbage would hold frames up
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
        if self._last_step is not None:
            gc.unfreeze()
        self._last_step = None
        self.steps_per_second = None

    def set_speed(self, steps_per_second: float) -> None:
        """Set the pace in steps per second, while nothing is under way or it is held."""
        self._chosen_pace.set_speed(steps_per_second)

    def _tick(self) -> None:
        self._trainer.await_run_at(self._clock.next_tick() - HAND_OVER_SECONDS)
        if self._pace.speed == FASTEST and not self._trainer.has_run:
            self._clock.tick_again_soon()  # it is on its way: do not let this frame pass
        else:
            self.frame_due.emit()
