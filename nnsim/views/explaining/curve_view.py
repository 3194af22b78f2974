"""Draws an activation and its slope: f over the sums, the present sum on it, and the tangent."""

import math

import numpy as np
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen, QPolygonF
from PySide6.QtWidgets import QWidget

from nnsim.engine.activations import activate
from nnsim.tracing.trace import Neuron
from nnsim.tracing.wording import on_paper
from nnsim.views.diagram.strokes import LEFT, RIGHT, text
from nnsim.views.parts.guard import guarded
from nnsim.views.parts.theme import theme
from nnsim.views.parts.type import font, semibold

POINTS = 161
SPAN = 4.0
"""Sums from −4 to 4 at least are shown."""
TANGENT = 0.22
"""Of the width, to each side."""


class CurveView(QWidget):
    """f in ink, f' in its own colour below it; at the sum a dot and the tangent."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setFixedWidth(220)
        self.setAccessibleName(self.tr("Activation and its slope"))
        self._neuron: Neuron | None = None

    def show_neuron(self, neuron: Neuron) -> None:
        """Show the activation of a neuron at its sum, as far as it is known."""
        self._neuron = neuron
        parts = [neuron.activation]
        if neuron.sum is not None:
            parts.append(self.tr("sum {}").format(on_paper(neuron.sum)))
        if neuron.slope is not None:
            parts.append(f"f'(sum) {on_paper(neuron.slope)}")
        self.setAccessibleDescription(", ".join(parts))
        self.update()

    @guarded
    def paintEvent(self, event: QPaintEvent) -> None:
        if self._neuron is None:
            return
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        _draw(painter, QRectF(self.rect()).adjusted(8, 26, -16, -24), self._neuron)


def _draw(painter: QPainter, room: QRectF, neuron: Neuron) -> None:
    t, at = theme(), neuron.sum
    middle = at if at is not None and math.isfinite(at) else 0.0
    span = max(SPAN, min(1e6, 1.25 * abs(middle)))
    sums = np.linspace(-span, span, POINTS)
    (outputs, slopes) = activate((neuron.activation,), sums[:, None])
    outputs, slopes = np.nan_to_num(outputs[:, 0]), np.nan_to_num(slopes[:, 0])
    low = min(0.0, float(outputs.min()), float(slopes.min()))
    high = max(1.0, float(outputs.max()), float(slopes.max()))

    def place(x: float, y: float) -> QPointF:
        right = (x + span) / (2 * span) * room.width()
        return QPointF(
            room.left() + right, room.bottom() - (y - low) / (high - low) * room.height()
        )

    painter.setPen(QPen(QColor(t.line), 1))
    painter.drawLine(place(-span, 0), place(span, 0))
    painter.drawLine(place(0, low), place(0, high))
    known = neuron.slope is not None
    if known:
        pen = QPen(QColor(t.slope), 1.2)
        pen.setStyle(Qt.PenStyle.DashLine)
        painter.setPen(pen)
        painter.drawPolyline(QPolygonF([place(x, y) for x, y in zip(sums, slopes, strict=True)]))
    painter.setPen(QPen(QColor(t.ink), 1.8))
    painter.drawPolyline(QPolygonF([place(x, y) for x, y in zip(sums, outputs, strict=True)]))
    head = QRectF(room.left(), room.top() - 24, room.width(), 18)
    text(painter, head, f"f: {neuron.activation}", font(12), t.ink, LEFT)
    if known:
        text(painter, head, f"f' = {on_paper(neuron.slope)}", semibold(12), t.slope, RIGHT)
    if at is not None and math.isfinite(at) and abs(at) <= span:
        _draw_at(painter, room, neuron, place(at, 0), _on_curve(neuron, place, span))


def _on_curve(neuron: Neuron, place: object, span: float) -> tuple[QPointF, QPolygonF | None]:
    """Where the sum is on the curve, and the tangent there."""
    assert callable(place)
    at = neuron.sum
    assert at is not None
    (outputs, _) = activate((neuron.activation,), np.array([[at]]))
    height = float(outputs[0, 0])
    if neuron.slope is None or not math.isfinite(neuron.slope):
        return place(at, height), None
    reach = TANGENT * 2 * span
    ends = [place(at + by, height + by * neuron.slope) for by in (-reach, reach)]
    return place(at, height), QPolygonF(ends)


def _draw_at(
    painter: QPainter,
    room: QRectF,
    neuron: Neuron,
    foot: QPointF,
    found: tuple[QPointF, QPolygonF | None],
) -> None:
    t, (dot, tangent) = theme(), found
    pen = QPen(QColor(t.muted), 1)
    pen.setStyle(Qt.PenStyle.DotLine)
    painter.setPen(pen)
    painter.drawLine(foot, dot)
    if tangent is not None:
        painter.save()
        painter.setClipRect(room.adjusted(-4, -4, 4, 4))
        painter.setPen(QPen(QColor(t.slope), 2))
        painter.drawPolyline(tangent)
        painter.restore()
    painter.setPen(QPen(QColor(t.slope), 2.2))
    painter.setBrush(QColor(t.background))
    painter.drawEllipse(dot, 4.5, 4.5)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    under = QRectF(room.left(), room.bottom() + 4, room.width(), 18)
    said = f"sum {on_paper(neuron.sum)}"
    if neuron.output is not None:
        said += f" → f(sum) {on_paper(neuron.output)}"
    text(painter, under, said, font(12), t.muted, LEFT)
