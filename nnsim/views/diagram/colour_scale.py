"""Numbers as colours: from the colour of negative ones over the ground to that of positive ones."""

from functools import lru_cache

import numpy as np
from numpy.typing import NDArray
from PySide6.QtGui import QColor, QImage

from nnsim.views.diagram.strokes import blended
from nnsim.views.parts.theme import Theme

SHADES = 200
"""So many shades between 0 and the largest: more than the screen can show."""
STRONGEST = 0.85
"""How much of a sign's colour the largest number has."""

Pixels = NDArray[np.uint32]


def coloured(values: NDArray[np.float64], theme: Theme, largest: float = 1.0) -> Pixels:
    """Return 0xffRRGGBB for numbers of any shape; NaN has the colour of the ground.

    largest: the size that has the fullest colour, as have all sizes above it.
    """
    shares = np.clip(np.nan_to_num(values / (largest or 1.0)), -1.0, 1.0)
    return _shades(theme)[np.rint(shares * SHADES).astype(np.intp) + SHADES]


def image_of(pixels: Pixels) -> QImage:
    """Return a picture [rows, columns] that owns its pixels."""
    rows, columns = pixels.shape
    data = np.ascontiguousarray(pixels)
    return QImage(data.data, columns, rows, 4 * columns, QImage.Format.Format_RGB32).copy()


@lru_cache(maxsize=4)
def _shades(theme: Theme) -> Pixels:
    """The colours of −1 … 1, in steps of one shade."""
    colours = [
        blended(theme.weight(step), theme.card, STRONGEST * abs(step) / SHADES)
        for step in range(-SHADES, SHADES + 1)
    ]
    return np.array([QColor(colour).rgb() for colour in colours], dtype=np.uint32)
