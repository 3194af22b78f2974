"""The speed slider: from one step a second, each place a little faster, to as fast as it goes."""

import math

from PySide6.QtCore import QObject

LAST = 100


def speed_of(place: int) -> float:
    """Return steps per second at a place of the slider, 0 … 100: 1 … 1000, then infinite."""
    if place >= LAST:
        return math.inf
    speed = 10 ** (3 * place / (LAST - 1))
    return float(round(speed)) if speed >= 10 else round(speed, 1)


def speed_words(translator: QObject, speed: float) -> str:
    """Return a speed as the toolbar says it."""
    if math.isinf(speed):
        return translator.tr("fastest")
    number = f"{speed:.1f}" if speed < 10 and speed != int(speed) else f"{speed:.0f}"
    return translator.tr("{} step/s").format(number) if number == "1" else f"{number} steps/s"
