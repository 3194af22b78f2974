"""Draws a delta's check: how far a central difference is from it, for every h."""

import numpy as np
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen, QPolygonF
from PySide6.QtWidgets import QWidget

from nnsim.tracing.check_curve import WIDTHS, CheckCurve
from nnsim.tracing.display import display
from nnsim.tracing.wording import in_product, on_paper
from nnsim.views.diagram.strokes import LEFT, RIGHT, text
from nnsim.views.parts.guard import guarded
from nnsim.views.parts.theme import theme
from nnsim.views.parts.type import font, semibold

SMALLEST_GAP = 1e-17
"""Where both are the same to the last bit."""
LINE = 17
USUAL = int(np.argmin(np.abs(np.log10(WIDTHS) + 5)))
"""h = 1e-5."""


class CheckView(QWidget):
    """|delta − numerical| over h, both in powers of ten; arrow keys or the mouse choose an h."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setFixedWidth(250)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAccessibleName(self.tr("Delta against central differences"))
        self._curve: CheckCurve | None = None
        self.at = USUAL
        """Which h is read."""

    def show_curve(self, curve: CheckCurve) -> None:
        """Show the check of a delta."""
        self._curve = curve
        times = "" if curve.factor == 1.0 else f"{in_product(curve.factor)} × "
        said = self.tr(
            "How far the central difference {}(E(w + h) − E(w − h)) / 2h is from delta. "
            "Too wide an h bends, too narrow a one is only rounding noise."
        )
        self.setToolTip(said.format(times))
        self._say()
        self.update()

    def lines(self) -> list[str]:
        """Return what is read at the chosen h, and the verdict."""
        curve = self._curve
        if curve is None:
            return []
        h = _with_power(float(WIDTHS[self.at]))
        if curve.vanishes[self.at]:
            read = self.tr("h = {}: nothing beside the weight, w + h is w").format(h)
        elif curve.kinks[self.at]:
            read = self.tr("h = {}: a kink within w ± h").format(h)
        else:
            numeric, gap = float(curve.numeric[self.at]), float(curve.gaps[self.at])
            read = self.tr("h = {}: {}, off by {}").format(h, on_paper(numeric), _with_power(gap))
        return [self._verdict(curve), read]

    def _verdict(self, curve: CheckCurve) -> str:
        if curve.verdict == "agrees":
            return "✓ " + self.tr("delta agrees")
        if curve.verdict == "differs":
            return "✗ " + self.tr("delta is wrong")
        return "? " + self.tr("not checked: a kink, or too flat")

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self._choose(event.position())

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        self._choose(event.position())

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Left: a wider h; Right: a narrower one."""
        by = {Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1}.get(Qt.Key(event.key()))
        if by is None or event.modifiers() not in (
            Qt.KeyboardModifier.NoModifier,
            Qt.KeyboardModifier.KeypadModifier,
        ):
            super().keyPressEvent(event)
            return
        self._read(self.at + by)

    def _choose(self, where: QPointF) -> None:
        room = self._room()
        share = (where.x() - room.left()) / max(1.0, room.width())
        self._read(round(share * (len(WIDTHS) - 1)))

    def _read(self, place: int) -> None:
        self.at = max(0, min(len(WIDTHS) - 1, place))
        self._say()
        self.update()

    def _say(self) -> None:
        self.setAccessibleDescription("; ".join(self.lines()))

    def _room(self) -> QRectF:
        return QRectF(self.rect()).adjusted(40, 2 * LINE + 8, -24, -20)

    @guarded
    def paintEvent(self, event: QPaintEvent) -> None:
        curve, t = self._curve, theme()
        if curve is None:
            return
        painter, room = QPainter(self), self._room()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        verdict, read = self.lines()
        head = QRectF(8, 2, self.width() - 16, LINE)
        colour = t.wrong if curve.verdict == "differs" else t.ink
        text(painter, head, verdict, semibold(12), colour, LEFT)
        text(painter, head.translated(0, LINE), read, font(12), t.muted, LEFT)
        _draw_axes(painter, room)
        _draw_curve(painter, room, curve)
        x = _across(room, self.at)
        painter.setPen(QPen(QColor(t.ink), 2 if self.hasFocus() else 1))
        painter.drawLine(QPointF(x, room.top()), QPointF(x, room.bottom()))
        if np.isfinite(curve.gaps[self.at]):
            painter.setBrush(QColor(t.ink))
            painter.drawEllipse(QPointF(x, _up(room, float(curve.gaps[self.at]))), 3.5, 3.5)
            painter.setBrush(Qt.BrushStyle.NoBrush)


def _across(room: QRectF, place: int) -> float:
    return room.left() + room.width() * place / (len(WIDTHS) - 1)


def _up(room: QRectF, gap: float) -> float:
    exponent = np.log10(max(SMALLEST_GAP, min(1e3, gap)))
    return room.bottom() - room.height() * float((exponent + 17) / 20)


def _draw_axes(painter: QPainter, room: QRectF) -> None:
    t = theme()
    painter.setPen(QPen(QColor(t.line), 1))
    for exponent in (-16, -12, -8, -4, 0):
        y = _up(room, 10.0**exponent)
        painter.drawLine(QPointF(room.left(), y), QPointF(room.right(), y))
    for exponent in (-16, -8, 0):
        beside = QRectF(room.left() - 40, _up(room, 10.0**exponent) - 8, 36, 16)
        text(painter, beside, _power(exponent), font(11), t.muted, RIGHT)
    for place in (0, 16, 32, 48):
        under = QRectF(_across(room, place) - 22, room.bottom() + 2, 44, 16)
        text(painter, under, _power(-place // 4), font(11), t.muted)


def _power(exponent: int) -> str:
    return "1" if exponent == 0 else f"1e−{-exponent}"


def _draw_curve(painter: QPainter, room: QRectF, curve: CheckCurve) -> None:
    """The gaps as a line; what has a kink within reach is hatched."""
    t = theme()
    line = QPolygonF()
    for place, gap in enumerate(curve.gaps.tolist()):
        if curve.kinks[place]:
            each = room.width() / (len(WIDTHS) - 1)
            column = QRectF(_across(room, place) - each / 2, room.top(), each, room.height())
            painter.fillRect(column, QColor(t.pressed))
        elif np.isfinite(gap):
            line.append(QPointF(_across(room, place), _up(room, gap)))
    painter.setPen(QPen(QColor(t.error), 1.8))
    painter.drawPolyline(line)


def _with_power(value: float) -> str:
    """A number that may be smaller than those which are written as 0."""
    shown = on_paper(value)
    if shown != "0" or value == 0:
        return shown
    mantissa, exponent = f"{value:.1e}".split("e")
    text = f"{mantissa}e{int(exponent)}".replace("-", "−")
    return text.replace(".", ",") if display().comma else text
