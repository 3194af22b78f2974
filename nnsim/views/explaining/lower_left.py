"""What stands at the lower left: the error plot, or what explains a number while one is."""

from collections.abc import Sequence
from typing import Protocol

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QStackedWidget, QWidget

from nnsim.model.frame import Frame
from nnsim.tracing.paths import ErrorPath
from nnsim.tracing.quantity import Quantity
from nnsim.views.error_plot import ErrorPlot
from nnsim.views.explaining.panel import ExplainingPanel
from nnsim.views.parts.lit import Lit, lit_of, lit_path


class LowerLeft(QStackedWidget):
    """The error plot, and in its place the explanation of a number."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.error_plot, self.explaining = ErrorPlot(self), ExplainingPanel(self)
        self.addWidget(self.error_plot)
        self.addWidget(self.explaining)

    def show_frame(self, frame: Frame) -> None:
        """Bring the one that a moment needs to the front."""
        is_explained = frame.inside is not None or bool(frame.trail)
        if is_explained:
            self.explaining.show_frame(frame)
        self.setCurrentWidget(self.explaining if is_explained else self.error_plot)


class Lights(Protocol):
    """A view that marks numbers."""

    def light(self, lit: Lit) -> None: ...


class Lighting(QObject):
    """Lights a number up in all views at once, with what it came from and where it goes."""

    def __init__(self, views: Sequence[Lights], parent: QObject) -> None:
        super().__init__(parent)
        self._views = views
        self._frame: Frame | None = None
        self._quantity: Quantity | None = None

    def show_frame(self, frame: Frame) -> None:
        """Take in a moment; what was pointed at lights up as it is now.

        In a run it stays as it is: numbers change, but not where they come from.
        """
        self._frame = frame
        if self._quantity is not None and not frame.running:
            self.point_at(self._quantity)

    def point_at_path(self, path: ErrorPath | None) -> None:
        """Light up the weights and neurons of a path, or nothing."""
        self._quantity = None
        self._light(Lit() if path is None else lit_path(path))

    def point_at(self, quantity: Quantity | None) -> None:
        """Light up a number, or nothing."""
        self._quantity = quantity
        self._light(lit_of(self._frame, quantity))

    def _light(self, lit: Lit) -> None:
        for view in self._views:
            view.light(lit)
