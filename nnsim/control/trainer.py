"""The trainer: takes training steps in a thread of its own and keeps the newest Run at hand."""

import time
from collections import deque
from threading import Event, Thread

from nnsim.control.pace import Pace
from nnsim.engine.by_kernels import can_take
from nnsim.engine.stopping import Stopping
from nnsim.model.run import Run

CHUNK_SECONDS = 0.016
"""Between two chunks the newest Run is handed over: one in every frame."""

SHORTEST_SECONDS = 0.004
"""A chunk that would be shorter goes on to when the Run after that is awaited."""

NUMPY_CHUNK_SECONDS, NUMPY_REST_SECONDS = 0.004, 0.012
"""numpy's steps and the window's drawing hold each other up: there the two take turns."""


class Trainer:
    """One thread at a time that takes a Run further, chunk by chunk.

    With the thread that asks it shares two things: a mailbox with one place, in which the newest
    Run takes that of the one before, and the flag that asks it to stop. Runs are immutable.
    """

    def __init__(self) -> None:
        self._thread: Thread | None = None
        self._asked = Event()
        self._stopping = Stopping()
        self._mailbox: deque[Run] = deque(maxlen=1)
        self._failure: Exception | None = None
        self._awaited = 0.0

    def start(self, run: Run, last_step: int, pace: Pace) -> None:
        """Take the run to a step at a pace; a pace belongs to the trainer until it is over."""
        self.stop()
        self._asked.clear()
        self._mailbox.clear()
        self._failure = None
        thread = Thread(
            target=self._train, args=(run, last_step, pace), name="trainer", daemon=True
        )
        self._thread = thread
        thread.start()

    def stop(self) -> None:
        """Stop within milliseconds; when this returns the thread is over."""
        self._asked.set()
        self._stopping.stop()
        if self._thread is not None:
            self._thread.join()

    def await_run_at(self, moment: float) -> None:
        """Hand a Run over at about a moment (of time.perf_counter), and one each frame after it.

        The window asks for them when it will have drawn the one before and rests: then neither
        waits for the other one to leave Python.
        """
        self._awaited = moment

    def wait(self, seconds: float) -> None:
        """Wait until it is over, but not longer than some seconds."""
        if self._thread is not None:
            self._thread.join(seconds)

    @property
    def has_run(self) -> bool:
        """Whether there is something to fetch."""
        return bool(self._mailbox) or self._failure is not None

    def fetch(self) -> Run | None:
        """Return the newest Run, None if it was fetched before; raise what went wrong, once."""
        if self._failure is not None:
            failure, self._failure = self._failure, None
            raise failure
        return self._mailbox.pop() if self._mailbox else None

    def _train(self, run: Run, last_step: int, pace: Pace) -> None:
        try:
            while not (self._asked.is_set() or is_done(run, last_step)):
                steps = min(pace.due(), last_step - run.document.position.step)
                if not steps:
                    self._asked.wait(pace.wait())
                    continue
                by_kernels = can_take(run.document.learned, run.document.settings)
                seconds = self._until_awaited() if by_kernels else NUMPY_CHUNK_SECONDS
                run = self._chunk(run, steps, seconds)
                self._mailbox.append(run)
                if not by_kernels and not is_done(run, last_step):
                    self._asked.wait(NUMPY_REST_SECONDS)
        except Exception as failure:  # noqa: BLE001 - raised again where it is fetched
            self._failure = failure

    def _until_awaited(self) -> float:
        """How long the coming chunk lasts: until a Run is awaited."""
        left = self._awaited - time.perf_counter() - SHORTEST_SECONDS
        return left % CHUNK_SECONDS + SHORTEST_SECONDS

    def _chunk(self, run: Run, steps: int, seconds: float) -> Run:
        # Made before it is looked whether somebody asked: `stop` raises the flag of this one, or
        # has asked already.
        self._stopping = Stopping(seconds)
        return run if self._asked.is_set() else run.advance(steps, stopping=self._stopping)


def is_done(run: Run, last_step: int) -> bool:
    """Return whether a run has come to its last step, or has stopped by itself before."""
    return run.stopped is not None or run.document.position.step >= last_step
