"""Type: Inter with tabular figures, so that numbers do not jump while they change."""

from functools import cache

from PySide6.QtGui import QFont, QFontDatabase, QFontMetricsF

from nnsim.assets import resource

FAMILY = "Inter"


def load_fonts() -> None:
    """Make the fonts that travel with the program known to Qt; once, after QApplication."""
    for path in sorted(resource("fonts").glob("*.ttf")):
        QFontDatabase.addApplicationFont(str(path))


@cache  # drawing asks for the same few some hundred times a frame; nobody changes what it gets
def font(pixels: int, weight: QFont.Weight = QFont.Weight.Normal) -> QFont:
    """Return the program's font at a height in logical pixels, with tabular figures."""
    made = QFont(FAMILY)
    made.setPixelSize(pixels)
    made.setWeight(weight)
    made.setFeature(QFont.Tag("tnum"), 1)
    return made


@cache
def metrics(used: QFont) -> QFontMetricsF:
    """Return how wide and high words are in one of the fonts made here."""
    return QFontMetricsF(used)


def medium(pixels: int) -> QFont:
    """Return the font for values in the diagram."""
    return font(pixels, QFont.Weight.Medium)


def semibold(pixels: int) -> QFont:
    """Return the font for titles, weights and what is selected."""
    return font(pixels, QFont.Weight.DemiBold)
