"""Drawing a connection from a neuron's port to a neuron of a later layer."""

from PySide6.QtCore import QCoreApplication, QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPen

from nnsim.engine.network import Network, ParameterRef
from nnsim.engine.references import Neuron
from nnsim.views.diagram.canvas import Canvas
from nnsim.views.diagram.gestures.gesture import Gesture, Pointer
from nnsim.views.diagram.handles import port
from nnsim.views.diagram.pointing import neuron_at
from nnsim.views.diagram.strokes import text
from nnsim.views.diagram.wishes import DiagramWishes
from nnsim.views.parts.theme import theme
from nnsim.views.parts.type import font, metrics

CATCHES = 10.0
"""A neuron is caught from so many pixels beside it."""


class Connecting(Gesture):
    """A line follows the pointer; neurons that it can end at are marked, others say why not."""

    cursor = Qt.CursorShape.CrossCursor

    def __init__(
        self, canvas: Canvas, wishes: DiagramWishes, source: Neuron, where: QPointF
    ) -> None:
        self._canvas, self._wishes, self._source = canvas, wishes, source
        self._where, self._moved = where, False

    def move(self, pointer: Pointer) -> None:
        """Lead the line to the pointer."""
        self._where, self._moved = pointer.where, True
        self._canvas.changed.emit()

    def release(self, pointer: Pointer) -> None:
        """Wish the connection to the neuron there, if any; it is refused where it cannot be."""
        self._where = pointer.where
        target = self._target()
        if target is not None and target != self._source:
            self._wishes.neurons_connected.emit(self._source, target)

    def click(self, pointer: Pointer) -> None:
        """Choose the neuron whose port it is."""
        self._wishes.parts_chosen.emit(frozenset([self._source]))

    def refusal(self) -> str:
        """Return why the connection cannot end at the neuron under the pointer; else nothing."""
        target, frame = self._target(), self._canvas.frame
        if target is None or frame is None or target == self._source:
            return ""
        return why_not(frame.document.network, self._source, target)

    def _target(self) -> Neuron | None:
        scene = self._canvas.scene
        if scene is None:
            return None
        point, around = self._canvas.to_scene(self._where), CATCHES / self._canvas.scale
        return neuron_at(scene, point, around)

    def paint(self, painter: QPainter) -> None:
        """Draw the line, the frames around neurons that it can end at, and a refusal."""
        scene, frame = self._canvas.scene, self._canvas.frame
        if scene is None or frame is None or not self._moved or self._source not in scene.nodes:
            return
        t, target, refusal = theme(), self._target(), self.refusal()
        for neuron, rect in scene.nodes.items():
            if not why_not(frame.document.network, self._source, neuron):
                width = 3.0 if neuron == target else 1.4
                _frame(painter, self._canvas.to_screen(rect), t.ink, width)
        if refusal and target is not None:
            _frame(painter, self._canvas.to_screen(scene.nodes[target]), t.wrong, 2, dashed=True)
            _say(painter, self._canvas.room, self._where, refusal)
        painter.setPen(QPen(QColor(t.wrong if refusal else t.ink), 2, Qt.PenStyle.DashLine))
        begin = self._canvas.to_screen(port(scene, self._source)).center()
        painter.drawLine(begin, self._where)


def why_not(network: Network, source: Neuron, target: Neuron) -> str:
    """Return why there can be no new connection between two neurons; nothing when there can."""
    if target[0] <= source[0]:
        return QCoreApplication.translate("connecting", "A connection leads to a later layer.")
    if network.has(ParameterRef(*target, source[1], source[0])):
        return QCoreApplication.translate("connecting", "This connection is there already.")
    return ""


def _frame(
    painter: QPainter, rect: QRectF, colour: str, width: float, dashed: bool = False
) -> None:
    style = Qt.PenStyle.DashLine if dashed else Qt.PenStyle.SolidLine
    painter.setPen(QPen(QColor(colour), width, style))
    painter.drawRoundedRect(rect.adjusted(-4, -4, 4, 4), 11, 11)


def _say(painter: QPainter, room: QRectF, where: QPointF, words: str) -> None:
    """Write a refusal beside the pointer, with a cross: colour is not the only sign."""
    t, said = theme(), f"✗ {words}"
    width = metrics(font(13)).horizontalAdvance(said) + 20
    left = max(4.0, min(where.x() + 14, room.right() - width - 4))
    top = max(4.0, min(where.y() + 16, room.bottom() - 32))
    rect = QRectF(left, top, width, 28)
    painter.setPen(QPen(QColor(t.wrong), 1))
    painter.setBrush(QColor(t.card))
    painter.drawRoundedRect(rect, 6, 6)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    text(painter, rect, said, font(13), t.wrong)
