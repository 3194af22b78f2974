"""All that the error plot draws around its curve: axes, marks, points, the present step."""

import math
from typing import TypeVar, cast

import numpy as np
from PySide6.QtCore import QLineF, QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFontMetricsF, QPainter, QPen
from shiboken6 import wrapInstance

from nnsim.tracing.wording import MINUS, in_full, on_paper
from nnsim.views.parts.icons import pixmap
from nnsim.views.parts.theme import theme
from nnsim.views.parts.type import font, semibold
from nnsim.views.plot_numbers import (
    Array,
    Picture,
    decades,
    step_range,
    step_text,
    tick_text,
    ticks,
)

TOP, BOTTOM = 24, 34
LEFT_OF_FIRST = 32
"""Pixels between the axis and the first step, so that the pill of step 0 has room."""
DOTS = 60
SMOOTH = 20_000
"""A curve that goes up and down by more pixels is drawn with hard edges: three times as fast."""
MOST_MARKS = 200
CENTRE = int(Qt.AlignmentFlag.AlignCenter)
LEFT = int(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
RIGHTWARD = int(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
Number = TypeVar("Number", float, Array)


class Drawing:
    """A Picture at a size in pixels: where everything is, and how it is drawn."""

    def __init__(self, picture: Picture, width: float, height: float) -> None:
        self.picture = picture
        self._width = width
        area_height = max(20.0, height - TOP - BOTTOM)
        self._y_ticks = _y_ticks(picture, area_height / 34)
        steps = self._steps()
        left, right = self._sides(steps[1])
        self.area = QRectF(left, TOP, max(50.0, width - left - right), area_height)
        pad = (steps[1] - steps[0]) * LEFT_OF_FIRST / max(1.0, self.area.width() - LEFT_OF_FIRST)
        self.x_range = (steps[0] - pad, float(steps[1]))
        self.y_range = (float(self._y_ticks[0]), float(self._y_ticks[-1]))

    def x(self, step: float) -> float:
        """Return where a step is."""
        low, high = self.x_range
        return self.area.left() + (step - low) / (high - low) * self.area.width()

    def y(self, value: float) -> float:
        """Return where a value is."""
        return self._place(math.log10(abs(value)) if self.picture.logarithmic else value)

    def step_at(self, x: float) -> float:
        """Return the step under a place, between steps too."""
        low, high = self.x_range
        return low + (x - self.area.left()) / self.area.width() * (high - low)

    def present(self) -> QPointF | None:
        """Return where the point of now stands; None where it cannot be drawn."""
        step, value = self.picture.step, self.picture.value
        if value is None or not self.picture.can_draw(value):
            return None
        return QPointF(self.x(step), self.y(value))

    def draw(self, painter: QPainter, pointed: int | None) -> None:
        """Draw everything; pointed: the number of a point to be read out."""
        self._draw_y_axis(painter)
        self._draw_x_axis(painter)
        self._draw_curve(painter)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        self._draw_marks(painter)
        self._draw_present_line(painter)
        self._draw_book(painter)
        self._draw_dots(painter)
        self._draw_present(painter)
        if pointed is not None and pointed < self.picture.count:
            self._draw_readout(painter, pointed)

    def _steps(self) -> tuple[int, int]:
        picture = self.picture
        first = picture.curve.first
        return step_range(first, max(first, picture.step, *(step for step, _ in picture.book)))

    def _sides(self, end: int) -> tuple[float, float]:
        """Room for the numbers at the left, and for half the last step and “step” at the right."""
        width = QFontMetricsF(font(12)).horizontalAdvance
        left = 16 + 16 + 8 + max(width(words) for words in self._y_texts()) + 8
        right = width(step_text(end)) / 2 + 8 + width(self.picture.step_name) + 16
        return max(64.0, math.ceil(left)), math.ceil(right)

    def _place(self, tick: Number) -> Number:
        low, high = self.y_range
        return self.area.bottom() - (tick - low) / (high - low) * self.area.height()

    def _y_texts(self) -> list[str]:
        values = 10.0**self._y_ticks if self.picture.logarithmic else self._y_ticks
        return [tick_text(float(value)) for value in values]

    def _step_words(self) -> str:
        return f"{self.picture.step_name} {step_text(self.picture.step)}"

    def _pill(self) -> QRectF:
        """Where the present step stands under the axis."""
        width = QFontMetricsF(semibold(12)).horizontalAdvance(self._step_words()) + 22
        left = min(self.x(self.picture.step) - width / 2, self._width - width - 4)
        return QRectF(left, self.area.bottom() + 7, width, 22)

    def _draw_y_axis(self, painter: QPainter) -> None:
        area, t = self.area, theme()
        painter.setFont(font(12))
        painter.setPen(QColor(t.muted))
        for tick, words in zip(self._y_ticks, self._y_texts(), strict=True):
            y = round(self._place(float(tick)))
            zero = tick == 0 and not self.picture.logarithmic
            painter.fillRect(QRectF(area.left(), y, area.width(), 1), _ink(zero))
            painter.drawText(QRectF(0, y - 10, area.left() - 8, 20), RIGHTWARD, words)
        painter.save()
        painter.translate(22, area.center().y())
        painter.rotate(-90)
        painter.drawText(QRectF(-100, -10, 200, 20), CENTRE, self.picture.axis_name)
        painter.restore()

    def _draw_x_axis(self, painter: QPainter) -> None:
        area, metrics = self.area, QFontMetricsF(font(12))
        low, high = self.x_range
        taken = self._pill().adjusted(-6, 0, 6, 0) if self.picture.value is not None else QRectF()
        painter.fillRect(QRectF(area.left(), area.bottom(), area.width(), 1), _ink(True))
        apart = max(58.0, metrics.horizontalAdvance(step_text(high)) + 28)
        for tick in ticks(max(0.0, low), high, area.width() / apart, whole=True):
            if not low <= tick <= high:
                continue
            x, words = self.x(float(tick)), step_text(tick)
            painter.fillRect(QRectF(round(x), area.bottom(), 1, 4), _ink(True))
            box = QRectF(0, 0, metrics.horizontalAdvance(words) + 4, 20)
            box.moveCenter(QPointF(x, area.bottom() + 18))
            if not box.intersects(taken):
                painter.drawText(box, CENTRE, words)
        end = QRectF(0, 0, metrics.horizontalAdvance(self.picture.step_name) + 2, 20)
        end.moveTopRight(QPointF(self._width - 16, area.bottom() + 8))
        if not end.intersects(taken):
            painter.drawText(end, RIGHTWARD, self.picture.step_name)

    def _draw_curve(self, painter: QPainter) -> None:
        """Line by line: a joined line of that width takes fifty times as long."""
        low, high = self.x_range
        steps, values = self.picture.drawn()
        heights = np.log10(values) if self.picture.logarithmic else values
        points = np.column_stack(
            (
                self.area.left() + (steps - low) / (high - low) * self.area.width(),
                self._place(heights),
            )
        )
        if len(points) < 2:
            return
        lines = np.hstack((points[:-1], points[1:]))
        is_smooth = np.abs(np.diff(points[:, 1])).sum() < SMOOTH
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, bool(is_smooth))
        painter.setPen(QPen(QColor(theme().error), 1.5))
        first = cast(QLineF, wrapInstance(lines.ctypes.data, QLineF))  # no copy: lines is alive
        painter.drawLines(first, len(lines))

    def _draw_marks(self, painter: QPainter) -> None:
        """A dotted line at each edit; its words where they do not touch those of a later one."""
        free, drawn = self._width - 16, math.inf
        for mark in reversed(self.picture.marks[-MOST_MARKS:]):
            x = round(self.x(mark.step))
            if not self.area.left() <= x < drawn - 2:
                continue
            drawn = x
            painter.setPen(QPen(QColor(theme().muted), 1, Qt.PenStyle.DotLine))
            painter.drawLine(QPointF(x + 0.5, 20), QPointF(x + 0.5, self.area.bottom()))
            free = self._draw_mark_words(painter, x, mark.text, free)

    def _draw_mark_words(self, painter: QPainter, x: int, words: str, free: float) -> float:
        """A pen at the line, the words right of it, or left; return what stays free before them."""
        painter.setFont(font(12))
        width = QFontMetricsF(font(12)).horizontalAdvance(words) + 20
        on_right = x - 6 + width <= free
        left = x - 6 if on_right else x + 6 - width
        if left + width > free or left < self.area.left():
            return free
        ratio = painter.device().devicePixelRatioF()
        pen_at = QPointF(left if on_right else left + width - 12, 3)
        painter.drawPixmap(pen_at, pixmap("pencil", theme().muted, 12, ratio))
        box = QRectF(left + 18 if on_right else left, 1, width - 18, 16)
        painter.drawText(box, LEFT, words)
        return left - 12

    def _draw_present_line(self, painter: QPainter) -> None:
        if self.picture.value is None:
            return
        x, t = self.x(self.picture.step), theme()
        height = self.area.bottom() - TOP + 4
        painter.fillRect(QRectF(x - 0.75, TOP - 4, 1.5, height), QColor(t.ink))
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(t.ink))
        painter.drawRoundedRect(self._pill(), 11, 11)
        painter.setPen(QColor(t.background))
        painter.setFont(semibold(12))
        painter.drawText(self._pill(), CENTRE, self._step_words())

    def _draw_book(self, painter: QPainter) -> None:
        pen = book_pen()
        painter.setFont(font(12))
        for step, value in self.picture.book_points():
            centre = QPointF(self.x(step), self.y(value))
            painter.setPen(pen)
            painter.setBrush(QColor(theme().background))
            painter.drawEllipse(centre, 5, 5)
            painter.setPen(QColor(theme().muted))
            box = QRectF(centre.x() + 10, self._book_words_top(step, centre.y()), 120, 18)
            painter.drawText(box, LEFT, on_paper(value))

    def _book_words_top(self, step: int, y: float) -> float:
        """Above the circle; where the present value stands beside it, on the far side of that."""
        value = self.picture.value
        if step != self.picture.step or value is None or not self.picture.can_draw(value):
            return y - 22
        own = self.y(value)
        if abs(own - y) > 36:
            return y - 22
        return max(y - 4, own + 6) if y >= own else min(y - 22, own - 32)

    def _draw_dots(self, painter: QPainter) -> None:
        if len(self.picture.values) > DOTS:
            return
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(theme().error))
        for step, value in zip(self.picture.steps, self.picture.values, strict=True):
            painter.drawEllipse(QPointF(self.x(step), self.y(value)), 4, 4)

    def _draw_present(self, painter: QPainter) -> None:
        value, centre = self.picture.value, self.present()
        if value is None or centre is None:
            return
        painter.setPen(QPen(QColor(theme().background), 1.5))
        painter.setBrush(QColor(theme().error))
        painter.drawEllipse(centre, 6, 6)
        words = on_paper(value)
        width = QFontMetricsF(semibold(13)).horizontalAdvance(words) + 4
        fits = centre.x() + 12 + width < self._width - 8
        top = max(0.0, min(centre.y() - (14 if fits else 28), self.area.bottom() - 20))
        left = centre.x() + 10 if fits else centre.x() - 10 - width
        painter.setFont(semibold(13))
        painter.setPen(QColor(theme().error))
        painter.drawText(QRectF(left, top, width, 18), LEFT if fits else RIGHTWARD, words)

    def _draw_readout(self, painter: QPainter, pointed: int) -> None:
        """A ring around the point pointed at, and its numbers at the top right."""
        t = theme()
        step, value = self.picture.point(pointed)
        painter.setBrush(QColor(t.background))
        painter.setPen(QPen(QColor(t.ink), 2))
        if self.picture.can_draw(value):
            painter.drawEllipse(QPointF(self.x(step), self.y(value)), 5, 5)
        words = full_words(self.picture, pointed)
        width = math.ceil(QFontMetricsF(font(12)).horizontalAdvance(words)) + 18
        box = QRectF(self._width - 16.5 - width, 0.5, width, 20)
        painter.setPen(QPen(QColor(t.border), 1))
        painter.setBrush(QColor(t.card))
        painter.drawRoundedRect(box, 6, 6)
        painter.setPen(QColor(t.ink))
        painter.setFont(font(12))
        painter.drawText(box, CENTRE, words)


def full_words(picture: Picture, k: int) -> str:
    """Return step and value of point k with all its digits."""
    return picture.sentence(k, in_full(picture.point(k)[1]).replace("-", MINUS))


def book_pen() -> QPen:
    """Return the dashed pen for what the book prints."""
    pen = QPen(QColor(theme().muted), 1.5)
    pen.setCapStyle(Qt.PenCapStyle.FlatCap)
    pen.setDashPattern([1.9, 1.25])
    return pen


def _ink(strong: bool) -> QColor:
    return QColor(theme().border if strong else theme().line)


def _y_ticks(picture: Picture, count: float) -> Array:
    """Round numbers (exponents, when logarithmic) around all that is drawn, 0 among them."""
    values = np.append(picture.drawn()[1], [value for _, value in picture.book_points()])
    if picture.logarithmic:
        sizes = np.abs(values)
        if not len(sizes):
            return decades(0.1, 1.0, 1)
        return decades(float(sizes.min()), float(sizes.max()), count)
    low, high = float(values.min(initial=0.0)), float(values.max(initial=0.0))
    return ticks(low, high, count)
