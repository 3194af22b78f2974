"""The boxes that formulas are set from.

As in The TeXbook each has a width, and a height above and a depth below the baseline on which boxes
beside each other stand.

Boxes are made once for a formula and drawn at any place; all sizes are logical pixels.
"""

from abc import ABC, abstractmethod
from collections.abc import Iterator, Sequence

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QPainter, QPainterPath, QPen

from nnsim.tracing.quantity import Quantity
from nnsim.views.diagram.strokes import error_underline, slope_underline, source_underline
from nnsim.views.parts.type import in_use, metrics

RULE = 1.2
"""How thick the bars of fractions and roots are."""
UNDERLINES = {
    "error": error_underline,
    "slope": slope_underline,
    "source": source_underline,
}


class Box(ABC):
    """A piece of a formula."""

    width: float = 0.0
    above: float = 0.0
    below: float = 0.0

    @abstractmethod
    def draw(self, painter: QPainter, x: float, y: float) -> None:
        """Draw it with its left end at x and its baseline at y."""

    @property
    def parts(self) -> Sequence[tuple[float, float, "Box"]]:
        """The boxes within it, each with its place from this box's left end and baseline."""
        return ()

    def numbers(self, x: float, y: float) -> Iterator[tuple[QRectF, Quantity]]:
        """Yield where the quantities of the formula stand when it is drawn at x, y."""
        for right, down, part in self.parts:
            yield from part.numbers(x + right, y + down)

    @property
    def height(self) -> float:
        """Above and below together."""
        return self.above + self.below


class Words(Box):
    """Text in one font and colour: the name or the number of a quantity, or a sign."""

    def __init__(
        self,
        words: str,
        used: QFont,
        colour: str,
        quantity: Quantity | None = None,
        underline: str = "",
        padding: float = 0.0,
    ) -> None:
        measured = metrics(used)
        self._words, self._font, self._colour = words, used, colour
        self._quantity, self._underline, self._padding = quantity, underline, padding
        self.width = measured.horizontalAdvance(words) + 2 * padding
        self.above, self.below = measured.ascent(), measured.descent()

    def draw(self, painter: QPainter, x: float, y: float) -> None:
        painter.setFont(in_use(self._font))
        painter.setPen(QColor(self._colour))
        painter.drawText(QPointF(x + self._padding, y), self._words)
        if self._underline:
            UNDERLINES[self._underline](painter, self._rect(x, y).adjusted(0, 0, 0, -2))

    def numbers(self, x: float, y: float) -> Iterator[tuple[QRectF, Quantity]]:
        if self._quantity is not None:
            yield self._rect(x, y), self._quantity

    def _rect(self, x: float, y: float) -> QRectF:
        left = x + self._padding
        return QRectF(left, y - self.above, self.width - 2 * self._padding, self.height)


class Composed(Box):
    """A box that is nothing but its parts."""

    def __init__(self, parts: Sequence[tuple[float, float, Box]], width: float) -> None:
        self._parts, self.width = tuple(parts), width
        self.above = max((part.above - down for _, down, part in parts), default=0.0)
        self.below = max((part.below + down for _, down, part in parts), default=0.0)

    @property
    def parts(self) -> Sequence[tuple[float, float, Box]]:
        return self._parts

    def draw(self, painter: QPainter, x: float, y: float) -> None:
        for right, down, part in self._parts:
            part.draw(painter, x + right, y + down)


class Standing(Composed):
    """A box that stands for one quantity as a whole."""

    def __init__(self, box: Box, quantity: Quantity) -> None:
        super().__init__(((0.0, 0.0, box),), box.width)
        self._quantity = quantity

    def numbers(self, x: float, y: float) -> Iterator[tuple[QRectF, Quantity]]:
        yield QRectF(x, y - self.above, self.width, self.height), self._quantity


class Smaller(Box):
    """A box drawn smaller, because there is no room for it."""

    def __init__(self, box: Box, width: float) -> None:
        self._box, self._factor = box, width / box.width
        self.width = width
        self.above, self.below = box.above * self._factor, box.below * self._factor

    def draw(self, painter: QPainter, x: float, y: float) -> None:
        painter.save()
        painter.translate(x, y)
        painter.scale(self._factor, self._factor)
        self._box.draw(painter, 0, 0)
        painter.restore()

    def numbers(self, x: float, y: float) -> Iterator[tuple[QRectF, Quantity]]:
        for rect, quantity in self._box.numbers(0, 0):
            size = rect.size() * self._factor
            yield QRectF(rect.topLeft() * self._factor + QPointF(x, y), size), quantity


def row(boxes: Sequence[Box], gap: float = 0.0) -> Box:
    """Return boxes beside each other on one baseline."""
    placed, x = [], 0.0
    for box in boxes:
        placed.append((x, 0.0, box))
        x += box.width + gap
    return Composed(placed, max(0.0, x - gap))


def scripted(base: Box, above: Box | None = None, below: Box | None = None) -> Box:
    """Return a box with a superscript, a subscript or both."""
    placed, widest = [(0.0, 0.0, base)], 0.0
    for script, down in ((above, -0.45 * base.above), (below, 0.9 * base.below)):
        if script is not None:
            placed.append((base.width + 1, down, script))
            widest = max(widest, script.width + 1)
    return Composed(placed, base.width + widest)


class Fraction(Composed):
    """One box over another with a bar between, at the height of a minus."""

    def __init__(self, numerator: Box, denominator: Box, axis: float, colour: str) -> None:
        width = max(numerator.width, denominator.width) + 6
        gap = 3.0
        self._axis, self._colour = axis, colour
        up = -(axis + gap + numerator.below)
        down = -axis + gap + denominator.above
        super().__init__(
            (
                ((width - numerator.width) / 2, up, numerator),
                ((width - denominator.width) / 2, down, denominator),
            ),
            width,
        )

    def draw(self, painter: QPainter, x: float, y: float) -> None:
        painter.setPen(QPen(QColor(self._colour), RULE))
        bar = y - self._axis
        painter.drawLine(QPointF(x + 1, bar), QPointF(x + self.width - 1, bar))
        super().draw(painter, x, y)


class Fenced(Composed):
    """A box between brackets, a pair of bars, or behind a brace, as high as it is."""

    def __init__(self, inner: Box, left: str, right: str, colour: str) -> None:
        self._left, self._right, self._colour = left, right, colour
        margin = 7.0
        lead = margin if left else 0.0
        super().__init__(((lead, 0.0, inner),), inner.width + lead + (margin if right else 0.0))

    def draw(self, painter: QPainter, x: float, y: float) -> None:
        super().draw(painter, x, y)
        pen = QPen(QColor(self._colour), 1.3)
        pen.setCapStyle(Qt.PenCapStyle.RoundCap)
        painter.setPen(pen)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        top, bottom = y - self.above + 1, y + self.below - 1
        if self._left:
            painter.drawPath(_fence(self._left, x + 1.5, x + 5.5, top, bottom))
        if self._right:
            end = x + self.width
            painter.drawPath(_fence(self._right, end - 1.5, end - 5.5, top, bottom))


def _fence(sign: str, outer: float, inner: float, top: float, bottom: float) -> QPainterPath:
    """A bracket that opens from its outer edge towards the inner one."""
    path = QPainterPath()
    middle = (top + bottom) / 2
    if sign == "|":
        path.moveTo((outer + inner) / 2, top)
        path.lineTo((outer + inner) / 2, bottom)
    elif sign == "{":
        x = (outer + inner) / 2
        path.moveTo(inner, top)
        path.quadTo(x, top, x, top + 6)
        path.lineTo(x, middle - 4)
        path.quadTo(x, middle, outer, middle)
        path.quadTo(x, middle, x, middle + 4)
        path.lineTo(x, bottom - 6)
        path.quadTo(x, bottom, inner, bottom)
    else:
        path.moveTo(inner, top)
        path.cubicTo(outer, top + 4, outer, bottom - 4, inner, bottom)
    return path


class Root(Composed):
    """A box under a root."""

    def __init__(self, inner: Box, colour: str) -> None:
        self._colour = colour
        super().__init__(((13.0, 0.0, inner),), inner.width + 15)
        self.above += 4

    def draw(self, painter: QPainter, x: float, y: float) -> None:
        super().draw(painter, x, y)
        painter.setPen(QPen(QColor(self._colour), RULE))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        top, bottom = y - self.above + 1, y + self.below - 1
        path = QPainterPath(QPointF(x + 1, bottom - self.height * 0.38))
        path.lineTo(x + 4, bottom - self.height * 0.45)
        path.lineTo(x + 7, bottom)
        path.lineTo(x + 11, top)
        path.lineTo(x + self.width, top)
        painter.drawPath(path)


def stacked(rows: Sequence[Sequence[Box]], gap: float, axis: float) -> Box:
    """Return rows under each other, their columns flush left, around the height of a minus."""
    columns = [max(line[i].width for line in rows) for i in range(len(rows[0]))]
    heights = [(max(b.above for b in line), max(b.below for b in line)) for line in rows]
    whole = sum(above + below for above, below in heights) + 4 * (len(rows) - 1)
    placed, y = [], -axis - whole / 2
    for line, (above, below) in zip(rows, heights, strict=True):
        x = 0.0
        for box, width in zip(line, columns, strict=True):
            placed.append((x, y + above, box))
            x += width + gap
        y += above + below + 4
    return Composed(placed, sum(columns) + gap * (len(columns) - 1))


def under_over(base: Box, under: Box, over: Box | None) -> Box:
    """Return a sign with limits below and above it, as of a sum."""
    width = max(base.width, under.width, over.width if over is not None else 0.0)
    placed = [((width - base.width) / 2, 0.0, base)]
    down = base.below + under.above - 2
    placed.append(((width - under.width) / 2, down, under))
    if over is not None:
        placed.append(((width - over.width) / 2, -(base.above + over.below - 4), over))
    return Composed(placed, width)
