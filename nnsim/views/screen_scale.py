"""How large everything on the screen is: the steps of it, and which of them fit a screen."""

from PySide6.QtCore import QSize

SCALES = (0.8, 0.9, 1.0, 1.1, 1.25, 1.5, 1.75, 2.0, 2.5, 3.0)
USUAL = 1.0


def checked_scale(scale: float) -> float:
    """Return the step that is nearest to a scale."""
    return min(SCALES, key=lambda step: abs(step - scale))


def next_scale(scale: float, by: int) -> float:
    """Return the scale one step larger (1) or smaller (−1), or the usual one (0)."""
    if by == 0:
        return USUAL
    place = SCALES.index(checked_scale(scale)) + by
    return SCALES[max(0, min(len(SCALES) - 1, place))]


def fits(scale: float, screen: QSize, smallest: QSize) -> bool:
    """Return whether a window fits a screen at a scale.

    screen, smallest: the room there is and the least that the window takes, in pixels of scale 1.
    """
    return (
        smallest.width() * scale <= screen.width() and smallest.height() * scale <= screen.height()
    )
