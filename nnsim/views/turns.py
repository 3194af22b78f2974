"""Whose turn it is to draw: during training each view at its own rate, and none that is hidden."""

import time
from collections.abc import Sequence
from typing import Protocol

from PySide6.QtCore import QElapsedTimer, QEvent, QObject, QTimer
from PySide6.QtGui import QRegion
from PySide6.QtWidgets import QWidget

from nnsim.model.frame import Frame

APART_MS = 25
"""Between two drawings of a view that does not draw every frame; frames come every 16."""
LONGEST_MS = 250
"""So often it draws even when there is no time for it."""
SHARE = 0.7
"""Of the window's time may go into drawing; the rest is for hands, and for training's own turns."""
CATCH_UP_MS = 40
"""When no newer frame has come for so long, those that were passed over draw the last one."""


class View(Protocol):
    """A widget that shows moments."""

    def show_frame(self, frame: Frame) -> None: ...
    def isVisible(self) -> bool: ...
    def visibleRegion(self) -> QRegion: ...
    def window(self) -> QWidget: ...
    def installEventFilter(self, watcher: QObject) -> None: ...


class Turns(QObject):
    """Hands Frames to the views; when nothing trains, each to all of them at once.

    During training some views draw every frame. Of the groups of others the one draws that has
    waited longest, if the frames before have left time for it: so the work is spread, and two
    groups come 30 times a second each, or less where drawing takes long. A view that nobody can see
    waits until somebody can.
    """

    def __init__(
        self, every: Sequence[View], in_turn: Sequence[Sequence[View]], parent: QObject
    ) -> None:
        super().__init__(parent)
        self._every = _Group(every)
        self._in_turn = [_Group(views) for views in in_turn]
        self._frame: Frame | None = None
        self._purse = _Purse()
        self._after_those = QTimer(self)
        self._after_those.setSingleShot(True)
        self._after_those.timeout.connect(self._show_longest_waiting)
        self._catch_up = QTimer(self)
        self._catch_up.setSingleShot(True)
        self._catch_up.timeout.connect(self._show_those_behind)
        for group in self._groups:
            for view in group.views:
                view.installEventFilter(self)

    def show_frame(self, frame: Frame) -> None:
        """Show a moment in every view whose turn it is."""
        before, self._frame = self._frame, frame
        self._purse.count()
        if before is None or not (before.running and frame.running):
            self._after_those.stop()
            self._catch_up.stop()
            for group in self._groups:
                group.show(frame, hidden_too=True)
            return
        self._every.show(frame)
        self._after_those.start(0)
        self._catch_up.start(CATCH_UP_MS)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """A view that was hidden shows the newest moment as soon as it can be seen."""
        if event.type() == QEvent.Type.Show:
            self._catch_up.start(0)
        return super().eventFilter(watched, event)

    def _show_longest_waiting(self) -> None:
        """Let one of the groups draw: in a turn of its own, when the others have been painted."""
        longest = max(self._in_turn, key=_Group.waited_ms)
        if self._frame is not None and longest.waited_ms() >= (
            APART_MS if self._purse.has_time else LONGEST_MS
        ):
            longest.show(self._frame)

    @property
    def _groups(self) -> list["_Group"]:
        return [self._every, *self._in_turn]

    def _show_those_behind(self) -> None:
        if self._frame is not None:
            for group in self._groups:
                group.show(self._frame)


class _Purse:
    """Counts the time that drawing may take and the time that it took."""

    MOST_SECONDS = 0.02

    def __init__(self) -> None:
        self._seconds = 0.0
        self._now, self._used = time.perf_counter(), time.thread_time()

    @property
    def has_time(self) -> bool:
        """Whether less was taken than may be."""
        return self._seconds >= 0

    def count(self) -> None:
        """Put in a share of the time that has passed, take out what this thread has worked."""
        now, used = time.perf_counter(), time.thread_time()
        gained = SHARE * (now - self._now) - (used - self._used)
        self._seconds = max(-LONGEST_MS / 1e3, min(self.MOST_SECONDS, self._seconds + gained))
        self._now, self._used = now, used


class _Group:
    """Views that draw together, and what each of them showed last."""

    def __init__(self, views: Sequence[View]) -> None:
        self.views = views
        self._shown: list[Frame | None] = [None] * len(views)
        self._since = QElapsedTimer()

    def waited_ms(self) -> int:
        return self._since.elapsed() if self._since.isValid() else APART_MS

    def show(self, frame: Frame, hidden_too: bool = False) -> None:
        self._since.start()
        for place, view in enumerate(self.views):
            if self._shown[place] is not frame and (hidden_too or _is_seen(view)):
                self._shown[place] = frame
                view.show_frame(frame)


def _is_seen(view: View) -> bool:
    """Whether it is on the screen, and not in a window that is minimised or covered."""
    window = view.window().windowHandle()
    exposed = window is not None and window.isExposed()
    return exposed and view.isVisible() and not view.visibleRegion().isEmpty()
