"""Draws the small curve beside a weight being changed: the error against it, its delta as slope."""

import math
from collections.abc import Sequence

import numpy as np
from PySide6.QtCore import QCoreApplication, QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPen, QPolygonF

from nnsim.tracing.weight_curve import WeightCurve, WeightPoint
from nnsim.tracing.wording import on_paper
from nnsim.views.diagram.strokes import LEFT, RIGHT, text
from nnsim.views.parts.theme import theme
from nnsim.views.parts.type import font, semibold

WIDTH, HEIGHT = 196.0, 148.0
BESIDE, DELTA = 14.0, 24.0
"""So far beside a number, and so much room for its delta below it."""
TANGENT = 46.0
"""Half the length of the line that shows the slope."""


def draw_weight_curve(
    painter: QPainter, card: QRectF, curve: WeightCurve, point: WeightPoint
) -> None:
    """Draw the card in its place."""
    t = theme()
    painter.setPen(QPen(QColor(t.border), 1))
    painter.setBrush(QColor(t.card))
    painter.drawRoundedRect(card, 9, 9)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    row = QRectF(card.left() + 10, card.top() + 6, card.width() - 20, 18)
    tr = QCoreApplication.translate
    text(painter, row, tr("weight_curve_card", "loss E"), font(12), t.muted, LEFT)
    text(painter, row, on_paper(point.loss), semibold(12), t.error, RIGHT)
    row.moveTop(card.bottom() - 24)
    what = "slope = delta" if point.is_delta else "slope"
    text(painter, row, tr("weight_curve_card", what), font(12), t.muted, LEFT)
    text(painter, row, on_paper(point.slope), semibold(12), t.ink, RIGHT)
    _draw_plot(painter, card.adjusted(12, 30, -12, -30), curve, point)


def card_place(number: QRectF, room: QRectF, others: Sequence[QRectF]) -> QRectF:
    """Return where the card stands: beside a number, in the room, hiding the least of others.

    The number itself, and its delta below it, are among what is hidden worst.
    """
    middle, away = number.center(), BESIDE + DELTA
    across, up = (number.width() + WIDTH) / 2 + BESIDE, (number.height() + HEIGHT) / 2 + BESIDE
    below = up + DELTA
    around = ((0, -up), (across, 0), (-across, 0), (0, below))
    corners = ((across, -up), (-across, -up), (across, below), (-across, below))
    kept = number.adjusted(0, 0, 0, away)
    places = [_within(middle + QPointF(x, y), room) for x, y in (*around, *corners)]
    return min(places, key=lambda place: 9 * _hidden(place, kept) + _hidden_of(place, others))


def _within(middle: QPointF, room: QRectF) -> QRectF:
    """The card around a point, moved so that it lies in a room."""
    card = QRectF(0, 0, WIDTH, HEIGHT)
    card.moveCenter(middle)
    card.moveLeft(max(room.left() + 4, min(card.left(), room.right() - WIDTH - 4)))
    card.moveTop(max(room.top() + 4, min(card.top(), room.bottom() - HEIGHT - 4)))
    return card


def _hidden_of(place: QRectF, others: Sequence[QRectF]) -> float:
    return sum(_hidden(place, other) for other in others)


def _hidden(place: QRectF, other: QRectF) -> float:
    """How much of something lies under a place."""
    common = place.intersected(other)
    return common.width() * common.height()


def _draw_plot(painter: QPainter, plot: QRectF, curve: WeightCurve, point: WeightPoint) -> None:
    finite = np.isfinite(curve.losses)
    if not finite.any():
        return
    low, high = _heights(curve.losses[finite], point.loss)
    if not math.isfinite(high - low):
        return  # numbers at the edge of what there is: nothing can be drawn to scale
    first, last = float(curve.values[0]), float(curve.values[-1])
    across = plot.width() / ((last - first) or 1.0)
    up = plot.height() / (high - low)

    def at(value: float, loss: float) -> QPointF:
        return QPointF(plot.left() + (value - first) * across, plot.bottom() - (loss - low) * up)

    t = theme()
    painter.setPen(QPen(QColor(t.border), 1))
    painter.drawLine(plot.bottomLeft(), plot.bottomRight())
    painter.setPen(QPen(QColor(t.error), 1.8))
    pairs = zip(curve.values[finite].tolist(), curve.losses[finite].tolist(), strict=True)
    painter.save()
    painter.setClipRect(plot.adjusted(-4, -4, 4, 4))
    painter.drawPolyline(QPolygonF([at(value, loss) for value, loss in pairs]))
    _draw_tangent(painter, at(point.value, point.loss), -point.slope * up / across)
    painter.restore()


def _draw_tangent(painter: QPainter, dot: QPointF, rise: float) -> None:
    """The slope as a straight line through the dot; rise: y on x, in pixels."""
    t = theme()
    half = TANGENT / float(np.hypot(1.0, rise))
    along = QPointF(half, half * rise)
    painter.setPen(QPen(QColor(t.ink), 2, Qt.PenStyle.DashLine))
    painter.drawLine(dot - along, dot + along)
    painter.setPen(QPen(QColor(t.ink), 2))
    painter.setBrush(QColor(t.card))
    painter.drawEllipse(dot, 4, 4)
    painter.setBrush(Qt.BrushStyle.NoBrush)


def _heights(losses: np.ndarray, loss: float) -> tuple[float, float]:
    """The lowest and the highest loss that is shown; apart, however flat the curve."""
    low, high = min(float(losses.min()), loss), max(float(losses.max()), loss)
    room = (high - low) or max(1e-12, abs(high))
    return low - 0.06 * room, high + 0.06 * room
