"""Makes words fit where they stand, and draws the cells of a table with them."""

from functools import lru_cache

from PySide6.QtCore import QRect, Qt
from PySide6.QtGui import QColor, QFont, QPainter
from PySide6.QtWidgets import QTableView

from nnsim.tracing.wording import compact
from nnsim.views.parts.roles import LEFT, RIGHT
from nnsim.views.parts.type import font, metrics

SMALLEST = 11


def fitted(used: QFont, words: str, width: float) -> tuple[QFont, str]:
    """Return the font to write words in, smaller where they are wider than that, and the words.

    A number is never cut off: without its first digits it would be another one. What does not fit
    at the smallest size is written with a power of ten, and that with as many digits as fit.
    """
    while metrics(used).horizontalAdvance(words) > width:
        if used.pixelSize() <= SMALLEST:
            return used, _fewer_digits(used, compact(words), width)
        used = font(used.pixelSize() - 1, used.weight())
    return used, words


def _fewer_digits(used: QFont, words: str, width: float) -> str:
    """A number with a power of ten, rounded until it fits; other words as they are."""
    first, power, exponent = words.partition("e−")
    point = "," if "," in first else "."
    whole, point, digits = first.partition(point)
    if not (power and point and (whole + digits).lstrip("−").isdecimal() and exponent.isdecimal()):
        return words
    for count in range(len(digits), 0, -1):
        value = float(first.replace("−", "-").replace(",", "."))
        shorter = f"{value:.{count}f}".replace("-", "−").replace(".", point)
        words = f"{shorter}{power}{exponent}"
        if metrics(used).horizontalAdvance(words) <= width:
            break
    return words


@lru_cache(maxsize=4096)
def elided(used: QFont, words: str, width: int) -> str:
    """Return words with … in their middle where they are wider than that."""
    return metrics(used).elidedText(words, Qt.TextElideMode.ElideMiddle, width)


def draw_number(
    painter: QPainter, cell: QRect, words: str, used: QFont, colour: QColor | str
) -> None:
    """Write a number at the right of a cell."""
    used, words = fitted(used, words, cell.width())
    painter.setFont(used)
    painter.setPen(colour)
    painter.drawText(cell, RIGHT, words)


def draw_name(
    painter: QPainter, cell: QRect, words: str, used: QFont, colour: QColor | str
) -> None:
    """Write a name at the left of a cell."""
    painter.setFont(used)
    painter.setPen(colour)
    painter.drawText(cell, LEFT, elided(used, words, cell.width()))


def rows_in_sight(table: QTableView) -> range:
    """Return the rows that can be seen of a table whose rows are all of one height."""
    first, last = table.rowAt(0), table.rowAt(table.viewport().height() - 1)
    rows = table.model().rowCount()
    return range(max(0, first), (last + 1) if last >= 0 else rows)


def columns_in_sight(table: QTableView) -> list[tuple[int, int, int]]:
    """Return number, left edge and width of each column that can be seen."""
    first, last = table.columnAt(0), table.columnAt(table.viewport().width() - 1)
    last = last if last >= 0 else table.model().columnCount() - 1
    return [
        (column, table.columnViewportPosition(column), table.columnWidth(column))
        for column in range(max(0, first), last + 1)
    ]
