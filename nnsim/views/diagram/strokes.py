"""Small strokes that every part of the diagram is drawn with: texts, underlines, arrows, curves."""

import math
from functools import lru_cache

import numpy as np
from PySide6.QtCore import QLineF, QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QPainter, QPen, QPolygonF

from nnsim.engine.activations import activate
from nnsim.views.parts.fitting import AS_ZERO, fits, fitted, width_of
from nnsim.views.parts.theme import theme
from nnsim.views.parts.type import font, in_use, medium, metrics

CURVE_AT: list[float] = np.linspace(-1.0, 1.0, 41).tolist()
"""Where a curve is computed, as shares of the span of sums that it shows."""
CENTRE = Qt.AlignmentFlag.AlignCenter
LEFT = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
RIGHT = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter


def text(
    painter: QPainter,
    rect: QRectF,
    words: str,
    used: QFont,
    colour: str,
    align: Qt.AlignmentFlag = CENTRE,
) -> QRectF:
    """Write words in a rectangle and return where they stand.

    What does not fit is written smaller; a number that still does not, with a power of ten.
    """
    width = width_of(used, words.translate(AS_ZERO))
    if not fits(used, words, rect.width()):
        used, words = fitted(used, words, rect.width())
        words = metrics(used).elidedText(words, Qt.TextElideMode.ElideRight, rect.width())
        width = metrics(used).horizontalAdvance(words)
    painter.setFont(in_use(used))
    painter.setPen(QColor(colour))
    place = _place_of(rect, align, width, metrics(used).height())
    painter.drawText(QPointF(place.left(), place.top() + metrics(used).ascent()), words)
    return place


def _place_of(rect: QRectF, align: Qt.AlignmentFlag, width: float, height: float) -> QRectF:
    """Where words of a size stand in a rectangle; painter.boundingRect would lay them out anew."""
    left, spare = rect.left(), rect.width() - width
    if align is not LEFT:
        left += spare if align is RIGHT else spare / 2
    return QRectF(left, rect.center().y() - height / 2, width, height)


def value_font(words: str) -> QFont:
    """Return the font of a value in a node: smaller for a long number."""
    return medium(22 if len(words) <= 4 else 18)


def label_font() -> QFont:
    """Return the font of the labels inside cards."""
    return font(12)


def editable_underline(painter: QPainter, words: QRectF) -> None:
    """Draw the grey dashes under a number that can be edited."""
    pen = QPen(QColor(theme().border), 1.2)
    pen.setDashPattern([3, 2.4])
    _under(painter, words, pen, 3)


def error_underline(painter: QPainter, words: QRectF) -> None:
    """Draw the one solid line of the factor error."""
    _under(painter, words, QPen(QColor(theme().error), 2), 3)


def slope_underline(painter: QPainter, words: QRectF) -> None:
    """Draw the two lines of the factor f'(sum)."""
    pen = QPen(QColor(theme().slope), 1.2)
    _under(painter, words, pen, 2)
    _under(painter, words, pen, 5)


def source_underline(painter: QPainter, words: QRectF) -> None:
    """Draw the dots of the factor sum'."""
    pen = QPen(QColor(theme().source), 2)
    pen.setCapStyle(Qt.PenCapStyle.RoundCap)
    pen.setDashPattern([0.1, 2.2])
    _under(painter, words, pen, 4)


def _under(painter: QPainter, words: QRectF, pen: QPen, below: float) -> None:
    painter.setPen(pen)
    y = words.bottom() + below
    painter.drawLine(QPointF(words.left() - 2, y), QPointF(words.right() + 2, y))


def card(painter: QPainter, rect: QRectF, border: str, width: float = 1.0) -> None:
    """Draw the opaque rounded card that everything stands on."""
    painter.setPen(QPen(QColor(border), width))
    painter.setBrush(QColor(theme().card))
    painter.drawRoundedRect(rect, 9, 9)
    painter.setBrush(Qt.BrushStyle.NoBrush)


def arrow(painter: QPainter, start: QPointF, end: QPointF, colour: str, width: float) -> None:
    """Draw an arrow from start to its tip at end."""
    line = QLineF(start, end)
    if line.length() < 1:
        return
    along = QPointF(line.dx(), line.dy()) / line.length()
    across = QPointF(-along.y(), along.x())
    base = end - along * 9
    painter.setPen(QPen(QColor(colour), width))
    painter.drawLine(start, base)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(QColor(colour))
    painter.drawPolygon(QPolygonF([end, base + across * 4.5, base - across * 4.5]))
    painter.setBrush(Qt.BrushStyle.NoBrush)


def curve(painter: QPainter, rect: QRectF, activation: str, at: float) -> None:
    """Draw an activation with a dot at the present sum, axes crossing in the middle."""
    t, middle = theme(), rect.center()
    painter.setPen(QPen(QColor(t.border), 1))
    painter.drawLine(QPointF(rect.left(), middle.y()), QPointF(rect.right(), middle.y()))
    painter.drawLine(QPointF(middle.x(), rect.top()), QPointF(middle.x(), rect.bottom()))
    span, heights = _curve(activation)
    painter.setPen(QPen(QColor(t.ink), 1.8))
    drawn = _curve_drawn(activation, rect.width() / 2, rect.height() / 2)
    painter.drawPolyline(drawn.translated(middle))
    if math.isfinite(at):
        x = max(-1.0, min(1.0, at / span))
        y = float(np.interp(x, CURVE_AT, heights))
        dot = QPointF(middle.x() + x * rect.width() / 2, middle.y() - y * rect.height() / 2)
        painter.setPen(QPen(QColor(t.slope), 2.2))
        painter.setBrush(QColor(t.background))
        painter.drawEllipse(dot, 4, 4)
        painter.setBrush(Qt.BrushStyle.NoBrush)


@lru_cache(maxsize=64)
def _curve_drawn(activation: str, across: float, up: float) -> QPolygonF:
    """The curve around the origin. Nobody changes a polygon it gave."""
    _, heights = _curve(activation)
    return QPolygonF([QPointF(x * across, -y * up) for x, y in zip(CURVE_AT, heights, strict=True)])


@lru_cache(maxsize=64)
def _curve(activation: str) -> tuple[float, list[float]]:
    """The span of sums shown, and the curve's heights, −1 … 1, over it."""
    span = 1.0 if activation in ("linear", "relu") else 4.0
    a, _ = activate((activation,), span * np.array(CURVE_AT)[:, None])
    heights = a[:, 0] / max(1.0, float(np.abs(a).max()))
    return span, (heights * 0.9).tolist()


@lru_cache(maxsize=2048)
def blended(over: str, under: str, share: float) -> QColor:
    """Return an opaque colour between two: drawing it is many times faster than transparency."""
    a, b = QColor(over), QColor(under)
    mixed = [
        round(x * share + y * (1 - share))
        for x, y in ((a.red(), b.red()), (a.green(), b.green()), (a.blue(), b.blue()))
    ]
    return QColor(*mixed)
