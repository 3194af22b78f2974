"""What the formula card is made of: numbers with a name above and their origin below."""

from dataclasses import dataclass

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPen

from nnsim.tracing.quantity import Quantity
from nnsim.views.parts.theme import theme
from nnsim.views.parts.type import font, semibold

LEFT = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
RIGHT = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
CENTRE = Qt.AlignmentFlag.AlignCenter


@dataclass(frozen=True)
class Part:
    """One number of a formula: its name above it, where it is from below it."""

    label: str
    number: str
    origin: str
    meaning: str = ""
    """“error”, “slope” or “source” for a factor; decides colour and underline."""
    colour: str = ""
    quantity: Quantity | None = None
    """What the number is, so that it can be pointed at."""
    sign: str = ""
    """What stands before it."""


def draw_part(painter: QPainter, part: Part, rect: QRectF, size: int) -> QRectF:
    """Draw name, number and origin under each other; return where the number stands."""
    t = theme()
    top = QRectF(rect.left(), rect.top() + 2, rect.width(), 18)
    write(painter, top, part.label, 12, part.colour or t.ink, CENTRE, bold=True)
    middle = QRectF(rect.left(), rect.top() + 20, rect.width(), 34)
    words = write(painter, middle, part.number, size, part.colour or t.ink, CENTRE, bold=True)
    if part.meaning and part.number:
        _underline(painter, words, part.meaning, part.colour)
    below = QRectF(rect.left(), rect.top() + 60, rect.width(), 18)
    write(painter, below, part.origin, 12, t.muted, CENTRE)
    return words


def _underline(painter: QPainter, words: QRectF, meaning: str, colour: str) -> None:
    """One line under an error, two under a slope, dots under a source."""
    pen = QPen(QColor(colour), 1.4 if meaning == "slope" else 2)
    if meaning == "source":
        pen.setCapStyle(Qt.PenCapStyle.RoundCap)
        pen.setDashPattern([0.1, 2.2])
    painter.setPen(pen)
    for drop in (0.0, 3.0) if meaning == "slope" else (0.0,):
        y = words.bottom() + drop
        painter.drawLine(QPointF(words.left(), y), QPointF(words.right(), y))


def write(
    painter: QPainter,
    rect: QRectF,
    words: str,
    size: int,
    colour: str,
    align: Qt.AlignmentFlag,
    bold: bool = False,
) -> QRectF:
    """Write words in a size and colour; return where they stand."""
    painter.setFont(semibold(size) if bold else font(size))
    painter.setPen(QColor(colour))
    painter.drawText(rect, align, words)
    return painter.boundingRect(rect, align, words)
