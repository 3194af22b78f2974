"""Putting neurons somewhere else; they catch at the lines that other neurons stand on."""

from collections.abc import Iterable
from dataclasses import dataclass

from PySide6.QtCore import QLineF, QPointF, Qt
from PySide6.QtGui import QColor, QPainter, QPen

from nnsim.engine.network import ParameterRef
from nnsim.engine.references import Neuron
from nnsim.model.drawing import Point
from nnsim.views.diagram.canvas import Canvas
from nnsim.views.diagram.gestures.gesture import Gesture, Pointer
from nnsim.views.diagram.scene import Scene
from nnsim.views.diagram.wishes import DiagramWishes
from nnsim.views.parts.theme import theme

CATCHES = 6.0
"""A neuron catches at a line from so many pixels; with Alt held it does not."""


@dataclass(frozen=True)
class Catch:
    """How far neurons move on to stand on lines with others, and those lines' x and y."""

    by: QPointF
    x: float | None
    y: float | None


class MovingNeurons(Gesture):
    """The neurons follow the pointer; all of it is one undo."""

    cursor = Qt.CursorShape.SizeAllCursor

    def __init__(
        self, canvas: Canvas, wishes: DiagramWishes, neuron: Neuron, where: QPointF
    ) -> None:
        self._canvas, self._wishes, self._neuron, self._begin = canvas, wishes, neuron, where
        self._starts: dict[Neuron, QPointF] = {}
        self._catch = Catch(QPointF(), None, None)

    def move(self, pointer: Pointer) -> None:
        """Put them where the pointer leads."""
        scene = self._canvas.scene
        if scene is None:
            return
        if not self._starts:
            self._wishes.gesture_begun.emit()
            self._starts = middles(scene, self._moved())
        by = (pointer.where - self._begin) / self._canvas.scale
        self._catch = Catch(QPointF(), None, None)
        if not pointer.holds(Qt.KeyboardModifier.AltModifier):
            at = self._starts[self._neuron] + by
            self._catch = caught(scene, self._starts.keys(), at, CATCHES / self._canvas.scale)
        to = by + self._catch.by
        self._wishes.neurons_placed.emit(moved_by(self._starts, to))
        self._canvas.changed.emit()

    def release(self, pointer: Pointer) -> None:
        """Leave them there."""
        self._wishes.gesture_ended.emit()

    def click(self, pointer: Pointer) -> None:
        """Of several chosen neurons choose the one that was clicked."""
        if not pointer.adds and len(self._canvas.chosen()) > 1:
            self._wishes.parts_chosen.emit(frozenset([self._neuron]))

    def cancel(self) -> None:
        """Put them back."""
        if self._starts:
            self._wishes.gesture_cancelled.emit()

    def paint(self, painter: QPainter) -> None:
        """Draw the lines that they have caught at."""
        scene = self._canvas.scene
        if scene is None:
            return
        painter.setPen(QPen(QColor(theme().ink), 1, Qt.PenStyle.DashLine))
        size, way = scene.size, self._canvas.transform()
        if self._catch.x is not None:
            painter.drawLine(way.map(QLineF(self._catch.x, 0, self._catch.x, size.height())))
        if self._catch.y is not None:
            painter.drawLine(way.map(QLineF(0, self._catch.y, size.width(), self._catch.y)))

    def _moved(self) -> list[Neuron]:
        """The chosen neurons where the grasped one is among them, else that one alone."""
        chosen = [part for part in self._canvas.chosen() if not isinstance(part, ParameterRef)]
        return chosen if self._neuron in chosen else [self._neuron]


def middles(scene: Scene, neurons: Iterable[Neuron]) -> dict[Neuron, QPointF]:
    """Return the middles of those neurons that can be moved: the cells of a strip stay in it."""
    return {
        neuron: scene.nodes[neuron].center() for neuron in neurons if neuron[0] not in scene.strips
    }


def moved_by(starts: dict[Neuron, QPointF], by: QPointF) -> dict[Neuron, Point]:
    """Return the places of neurons that begin somewhere and move on."""
    return {neuron: ((at + by).x(), (at + by).y()) for neuron, at in starts.items()}


def caught(scene: Scene, moving: Iterable[Neuron], at: QPointF, within: float) -> Catch:
    """Return the nearest upright and level lines through other neurons' middles, if near enough."""
    still = scene.nodes.keys() - set(moving)
    others = [scene.nodes[neuron].center() for neuron in still]
    x = _nearest((other.x() for other in others), at.x(), within)
    y = _nearest((other.y() for other in others), at.y(), within)
    by = QPointF(0 if x is None else x - at.x(), 0 if y is None else y - at.y())
    return Catch(by, x, y)


def _nearest(lines: Iterable[float], at: float, within: float) -> float | None:
    nearest = min(lines, key=lambda line: abs(line - at), default=None)
    return nearest if nearest is not None and abs(nearest - at) <= within else None
