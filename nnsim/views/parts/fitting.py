"""Makes words fit where they stand, and draws the cells of a table with them."""

import re
from functools import lru_cache

from PySide6.QtCore import QRect, Qt
from PySide6.QtGui import QColor, QFont, QPainter
from PySide6.QtWidgets import QTableView

from nnsim.tracing.wording import compact, on_paper
from nnsim.views.parts.roles import LEFT, RIGHT
from nnsim.views.parts.type import font, metrics

SMALLEST = 11
ARROW = " → "
WITH_POWER = re.compile("(−?[0-9]+)([.,])([0-9]+)(e−?[0-9]+)")
AS_ZERO = str.maketrans("123456789", "000000000")
"""Figures are tabular: a number is as wide as the same one in zeros."""


@lru_cache(maxsize=2048)
def width_of(used: QFont, words: str) -> float:
    """Return how wide words are; measuring them takes longer than drawing them."""
    return metrics(used).horizontalAdvance(words)


def fits(used: QFont, words: str, width: float) -> bool:
    """Whether words are written whole in a width."""
    return width_of(used, words.translate(AS_ZERO)) <= width


@lru_cache(maxsize=4096)
def fitted(used: QFont, words: str, width: float) -> tuple[QFont, str]:
    """Return the font to write words in, smaller where they are wider than that, and the words.

    A number is never cut off: without its first digits it would be another one. What does not fit
    at the smallest size is written with four digits, and that with as many as fit.
    """
    for shown in (words, compact(words)):
        for pixels in range(used.pixelSize(), min(used.pixelSize(), SMALLEST) - 1, -1):
            smaller = font(pixels, used.weight())
            if metrics(smaller).horizontalAdvance(shown) <= width:
                return smaller, shown
    return smaller, _fewer_digits(smaller, shown, width)


def written_within(value: float, used: QFont, width: float) -> str:
    """Return a number with as many of its digits as there is room for: a label is as wide as a
    weight was when it was laid out, and inside a step its new value has more."""
    whole = on_paper(value)
    shorter = (compact(on_paper(round(value, decimals))) for decimals in (3, 2, 1))
    written = (whole, compact(whole), *shorter)
    return next((words for words in written if fits(used, words, width)), whole)


def _fewer_digits(used: QFont, words: str, width: float) -> str:
    """A number with a power of ten, rounded until it fits; other words as they are."""
    found = WITH_POWER.fullmatch(words)
    if found is None:
        return words
    first, point, digits, power = found.groups()
    value = float(f"{first}.{digits}".replace("−", "-"))
    for count in range(len(digits), 0, -1):
        shorter = f"{value:.{count}f}".replace("-", "−").replace(".", point)
        words = f"{shorter}{power}"
        if metrics(used).horizontalAdvance(words) <= width:
            break
    return words


@lru_cache(maxsize=4096)
def fitted_name(used: QFont, words: str, width: int) -> tuple[QFont, str]:
    """Return the font to write a name in, smaller where it is wider than that, and the name: with …
    in its middle where it does not fit at the smallest size, at both ends of a connection."""
    while metrics(used).horizontalAdvance(words) > width and used.pixelSize() > SMALLEST:
        used = font(used.pixelSize() - 1, used.weight())
    if metrics(used).horizontalAdvance(words) <= width:
        return used, words
    ends = words.split(ARROW)
    room = (width - metrics(used).horizontalAdvance(ARROW) * (len(ends) - 1)) / len(ends)
    return used, ARROW.join(_elided(used, end, room) for end in ends)


def _elided(used: QFont, name: str, room: float) -> str:
    """A name with … for letters of its middle; its number, which tells it from others, is whole."""
    letters = name.rstrip("0123456789")
    number = name[len(letters) :]
    shorter = (f"{letters[:count]}…{number}" for count in range(len(letters) - 1, 0, -1))
    fitting = (words for words in shorter if metrics(used).horizontalAdvance(words) <= room)
    if metrics(used).horizontalAdvance(name) <= room:
        return name
    found = next(fitting, "") if number else ""
    return found or metrics(used).elidedText(name, Qt.TextElideMode.ElideMiddle, room)


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
    used, words = fitted_name(used, words, cell.width())
    painter.setFont(used)
    painter.setPen(colour)
    painter.drawText(cell, LEFT, words)


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


def even_shares(least: list[int], width: int) -> list[int]:
    """Return how columns share a width: evenly, but none gets less than its least."""
    shares, rest = list(least), width
    for left, column in enumerate(sorted(range(len(least)), key=least.__getitem__, reverse=True)):
        shares[column] = max(least[column], rest // (len(least) - left))
        rest -= shares[column]
    return shares
