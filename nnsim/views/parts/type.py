"""Type: Inter with tabular figures, so that numbers do not jump while they change."""

from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache

from PySide6.QtGui import QFont, QFontDatabase, QFontMetricsF, QGuiApplication

from nnsim.assets import resource

FAMILY = "nnsim Inter"
"""Inter under a name of its own, so that an Inter of the machine is not taken for it."""
LOADED = "nnsimFonts"


def load_fonts() -> None:
    """Make the fonts that travel with the program known to Qt, once for each QApplication.

    Twice the same font is two fonts to Qt, and weights are then taken from either of them.
    """
    paths = sorted(resource("fonts").glob("*.ttf"))
    application = QGuiApplication.instance()
    if application is not None and application.property(LOADED) != len(paths):
        for path in paths:
            QFontDatabase.addApplicationFont(str(path))
        application.setProperty(LOADED, len(paths))


@cache  # drawing asks for the same few some hundred times a frame; nobody changes what it gets
def font(pixels: int, weight: QFont.Weight = QFont.Weight.Normal) -> QFont:
    """Return the program's font at a height in logical pixels, with tabular figures."""
    made = QFont(FAMILY)
    made.setPixelSize(pixels)
    made.setWeight(weight)
    made.setFeature(QFont.Tag("tnum"), 1)
    # what a machine prefers would move letters, and the whole layout with them
    made.setHintingPreference(QFont.HintingPreference.PreferVerticalHinting)
    return made


@contextmanager
def searchable_figures() -> Iterator[None]:
    """Let what is painted within have figures that a reader of the file knows as figures.

    In a PDF the glyphs of tabular figures are not known to be 0 … 9: nothing could be found or
    copied there.
    """
    global _searchable
    _searchable = True
    try:
        yield
    finally:
        _searchable = False


_searchable = False


def in_use(made: QFont) -> QFont:
    """Return the font to paint with where one of the fonts made here is asked for."""
    return _without_features(made) if _searchable else made


@cache
def _without_features(made: QFont) -> QFont:
    plain = QFont(made)
    plain.clearFeatures()
    plain.setFeature(QFont.Tag("calt"), 0)  # another minus between figures
    return plain


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
