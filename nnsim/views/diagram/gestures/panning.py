"""Moving the whole diagram: with the middle button, with Space held, or by touch."""

from PySide6.QtCore import QPointF, Qt

from nnsim.views.diagram.canvas import Canvas
from nnsim.views.diagram.gestures.gesture import Gesture, Pointer


class Panning(Gesture):
    """The diagram follows the pointer."""

    cursor = Qt.CursorShape.ClosedHandCursor

    def __init__(self, canvas: Canvas, where: QPointF) -> None:
        self._canvas, self._begin, self._at = canvas, where, where

    def move(self, pointer: Pointer) -> None:
        """Take the diagram along."""
        self._canvas.pan(pointer.where - self._at)
        self._at = pointer.where

    def cancel(self) -> None:
        """Put it where it was."""
        self._canvas.pan(self._begin - self._at)
