"""Draws how far the learning rate can go: the safe range, the best rate, and the present one."""

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen, QPolygonF
from PySide6.QtWidgets import QWidget

from nnsim.tracing.overshoot import Overshoot
from nnsim.tracing.wording import on_paper
from nnsim.views.diagram.strokes import LEFT, text
from nnsim.views.parts.guard import guarded
from nnsim.views.parts.theme import theme
from nnsim.views.parts.type import font, semibold

BEYOND = 1.25
"""The bar ends so far beyond the largest rate; a rate further out stands at its end."""


class RateMeter(QWidget):
    """A bar from 0 to beyond the largest rate that converges, with the present rate on it."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setFixedWidth(250)
        self.setAccessibleName(self.tr("How far the learning rate can go"))
        self._shown: Overshoot | None = None

    def show_overshoot(self, shown: Overshoot) -> None:
        """Show what the coming step says of the learning rate."""
        self._shown = shown
        largest = shown.largest_rate if shown.follows_gradient else None
        said = self.tr("present {}").format(on_paper(shown.rate))
        if largest is not None:
            said += self.tr("; safe below {}").format(on_paper(largest))
        self.setAccessibleDescription(said)
        self.update()

    @guarded
    def paintEvent(self, event: QPaintEvent) -> None:
        shown, t = self._shown, theme()
        if shown is None:
            return
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        bar = QRectF(16, self.height() / 2 - 10, self.width() - 32, 16)
        top = QRectF(16, bar.top() - 58, bar.width(), 18)
        factor = shown.error_factor if shown.error_factor is not None else shown.loss_factor
        if factor is not None:
            what = self.tr("error") if shown.error_factor is not None else self.tr("loss")
            said = self.tr("{} × {} at this step").format(what, on_paper(factor))
            text(painter, top, said, semibold(13), t.error, LEFT)
        largest = shown.largest_rate
        if largest is None or not shown.follows_gradient:
            why = self.tr("no limit from here") if largest is None else self.tr("another rule")
            text(painter, bar, why, font(12), t.muted)
            return
        _draw_bar(painter, bar, shown, largest)


def _draw_bar(painter: QPainter, bar: QRectF, shown: Overshoot, largest: float) -> None:
    t = theme()

    def x(rate: float) -> float:
        return bar.left() + bar.width() * min(1.0, rate / (BEYOND * largest))

    safe = QRectF(bar.left(), bar.top(), x(largest) - bar.left(), bar.height())
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(QColor(t.pressed))
    painter.drawRoundedRect(bar, 4, 4)
    painter.setBrush(QColor(t.border))
    painter.drawRoundedRect(safe, 4, 4)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    for rate, said, below in (
        (largest / 2, f"η = {on_paper(largest / 2)}", 20),
        (largest, f"η = {on_paper(largest)}", 38),
    ):
        painter.setPen(QPen(QColor(t.ink), 1, Qt.PenStyle.DotLine))
        end = QPointF(x(rate), bar.bottom() + below - 8)
        painter.drawLine(QPointF(x(rate), bar.top() - 3), end)
        where = QRectF(x(rate) - 70, bar.bottom() + below - 10, 140, 16)
        where.moveRight(min(where.right(), bar.right() + 12))
        text(painter, where, said, font(12), t.muted)
    at = x(shown.rate)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(QColor(t.wrong if shown.rate >= largest else t.ink))
    tip = QPointF(at, bar.top() + 3)
    painter.drawPolygon(QPolygonF([tip, tip + QPointF(-6, -12), tip + QPointF(6, -12)]))
    painter.setBrush(Qt.BrushStyle.NoBrush)
    over = QRectF(at - 60, bar.top() - 30, 120, 16)
    over.moveLeft(max(over.left(), bar.left() - 12))
    over.moveRight(min(over.right(), bar.right() + 12))
    text(painter, over, f"η = {on_paper(shown.rate)}", semibold(12), t.ink)
