"""Choosing by a rectangle drawn around parts."""

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPen

from nnsim.model.frame import Part, Parts
from nnsim.views.diagram.canvas import Canvas
from nnsim.views.diagram.gestures.gesture import Gesture, Pointer
from nnsim.views.diagram.scene import Scene
from nnsim.views.diagram.wishes import DiagramWishes
from nnsim.views.parts.theme import theme


class RubberBand(Gesture):
    """Chooses the neurons that it touches; where there are none, the weights whose label it holds.

    With Ctrl or Shift they join what is chosen.
    """

    def __init__(
        self, canvas: Canvas, wishes: DiagramWishes, where: QPointF, pressed: Part | None = None
    ) -> None:
        """pressed: the part whose line lies where it begins; a click is for that alone."""
        self._canvas, self._wishes, self._pressed = canvas, wishes, pressed
        self._begin = self._end = where

    def move(self, pointer: Pointer) -> None:
        """Draw the rectangle to the pointer."""
        self._end = pointer.where
        self._canvas.changed.emit()

    def release(self, pointer: Pointer) -> None:
        """Choose what is in it."""
        parts, before = self._parts(), self._canvas.chosen()
        self._wishes.parts_chosen.emit(before | parts if pointer.adds else parts)

    def click(self, pointer: Pointer) -> None:
        """Choose nothing, when it was beside everything."""
        if self._pressed is None and not pointer.adds:
            self._wishes.parts_chosen.emit(frozenset())

    def paint(self, painter: QPainter) -> None:
        """Draw the rectangle."""
        t = theme()
        painter.setPen(QPen(QColor(t.ink), 1, Qt.PenStyle.DashLine))
        tint = QColor(t.ink)
        tint.setAlphaF(0.05)
        painter.setBrush(tint)
        painter.drawRect(self._band())
        painter.setBrush(Qt.BrushStyle.NoBrush)

    def _band(self) -> QRectF:
        return QRectF(self._begin, self._end).normalized()

    def _parts(self) -> Parts:
        scene = self._canvas.scene
        if scene is None:
            return frozenset()
        corners = (self._canvas.to_scene(p) for p in (self._begin, self._end))
        return parts_in(scene, QRectF(*corners).normalized())


def parts_in(scene: Scene, band: QRectF) -> Parts:
    """Return the neurons that a rectangle touches; without any, the weights labelled in it."""
    neurons = frozenset(neuron for neuron, rect in scene.nodes.items() if rect.intersects(band))
    labelled = frozenset(ref for ref, rect in scene.labels.items() if band.contains(rect.center()))
    return neurons or labelled
