"""Layers too large for tiles: a strip of small cells, which is an image where the layer is one."""

from dataclasses import dataclass
from math import ceil, isqrt, sqrt

import numpy as np
from PySide6.QtCore import QLineF, QPointF, QRectF, QSizeF, Qt
from PySide6.QtGui import QColor, QPainter, QPen

from nnsim.engine.references import Neuron
from nnsim.views.diagram.colour_scale import coloured, image_of
from nnsim.views.parts.theme import theme

LARGEST_TILED = 130
"""Layers of more neurons than this are strips."""
SMALLEST_IMAGE = 64
"""So many inputs or more are shown as an image where they make a square."""
CELLS = (1.0, 22.0)
SHARE_OF_WIDTH, SHARE_OF_HEIGHT = 0.28, 0.8
MARKED_CELL = 6.0
"""From this size on a cell has room for the sign of a negative activation."""


@dataclass(frozen=True)
class Strip:
    """A grid of square cells, filled row by row as text is read."""

    rect: QRectF
    rows: int
    columns: int

    @property
    def cell(self) -> float:
        """The side of a cell."""
        return self.rect.width() / self.columns

    def place(self, index: int) -> QRectF:
        """Return where a neuron's cell stands."""
        row, column = divmod(index, self.columns)
        side = self.cell
        left, top = self.rect.left() + column * side, self.rect.top() + row * side
        return QRectF(left, top, side, side)


def is_strip(layer: int, size: int) -> bool:
    """Whether a layer is drawn as a strip: a large one, or inputs that make a square."""
    return size > LARGEST_TILED or (layer == 0 and size >= SMALLEST_IMAGE and _is_square(size))


def strip_of(size: int, area: QSizeF, height: float) -> Strip:
    """Return the strip of a layer at the origin, as large as has room in an area.

    height: what is left of the area's height under the names of the layers.
    """
    least, most = CELLS
    rows = isqrt(size) if _is_square(size) else _rows_of_strip(size, height)
    columns = ceil(size / rows)
    across = area.width() * SHARE_OF_WIDTH / columns
    side = max(least, min(most, float(int(min(across, height * SHARE_OF_HEIGHT / rows)))))
    return Strip(QRectF(0, 0, columns * side, rows * side), rows, columns)


def draw_strip(
    painter: QPainter, strip: Strip, layer: int, activations: np.ndarray, hovered: Neuron | None
) -> None:
    """Draw the activations of a layer as an image; a dash marks the negative ones with room."""
    cells = np.full(strip.rows * strip.columns, np.nan)
    cells[: len(activations)] = activations
    picture = image_of(coloured(cells.reshape(strip.rows, strip.columns), theme()))
    painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, False)
    painter.drawImage(strip.rect, picture, QRectF(QPointF(), QSizeF(picture.size())))
    if strip.cell >= MARKED_CELL:
        _mark_negative(painter, strip, activations)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.setPen(QPen(QColor(theme().border), 1))
    painter.drawRect(strip.rect)
    if hovered is not None and hovered[0] == layer:
        painter.setPen(QPen(QColor(theme().ink), 1.5))
        painter.drawRect(strip.place(hovered[1]))


def _mark_negative(painter: QPainter, strip: Strip, activations: np.ndarray) -> None:
    side, lines = strip.cell, []
    for index in np.flatnonzero(activations < 0).tolist():
        middle = strip.place(index).center()
        lines.append(QLineF(middle.x() - side / 4, middle.y(), middle.x() + side / 4, middle.y()))
    if lines:
        painter.setPen(QPen(QColor(theme().ink), 1))
        painter.drawLines(lines)


def _is_square(size: int) -> bool:
    return isqrt(size) ** 2 == size


def _rows_of_strip(size: int, height: float) -> int:
    """So many rows that the strip is about three times as high as wide, as a layer is."""
    return max(1, min(int(height / 4), ceil(sqrt(3 * size))))
