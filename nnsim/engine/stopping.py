"""Asking training to stop: a flag that any thread may raise, and a limit of time."""

import ctypes
import time


class Stopping:
    """Says when steps have to end before all are taken. The C kernels read the flag in memory."""

    def __init__(self, seconds: float | None = None) -> None:
        self.seconds = seconds
        """How long the steps may take, from now; None for no limit."""
        self.flag = ctypes.c_int32(0)
        self._end = None if seconds is None else time.perf_counter() + seconds

    def stop(self) -> None:
        """Ask to stop, from any thread; within milliseconds training comes back."""
        self.flag.value = 1

    @property
    def asked(self) -> bool:
        """Whether somebody asked to stop."""
        return self.flag.value != 0

    def is_over(self) -> bool:
        """Whether the time is over; one step may be taken all the same."""
        return self._end is not None and time.perf_counter() >= self._end

    def seconds_left(self) -> float | None:
        """How long the steps may still take; None for no limit."""
        return None if self._end is None else max(0.0, self._end - time.perf_counter())
