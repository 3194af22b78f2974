"""The strip at the bottom, in both themes."""

import pytest
from PySide6.QtGui import QColor
from PySide6.QtWidgets import QApplication

from nnsim.views.parts import theme
from nnsim.views.parts.theme import THEMES, use_theme
from nnsim.views.status_strip import StatusStrip


@pytest.fixture
def strip(qtbot):
    made = StatusStrip()
    qtbot.addWidget(made)
    made.resize(900, 28)
    before = theme.theme().name
    yield made
    use_theme(QApplication.instance(), before)


@pytest.mark.parametrize("name", THEMES)
def test_sign_and_counts_are_in_the_ink_of_the_theme(strip, chapter, frame, name):
    use_theme(QApplication.instance(), "light" if name == "dark" else "dark")
    strip.show_frame(frame(chapter))
    strip.show()
    use_theme(QApplication.instance(), name)
    strip.dress()
    ink = QColor(THEMES[name].ink)
    for widget in (strip._sign, strip._counts):
        picture = widget.grab().toImage()
        shown = {
            picture.pixelColor(x, y).name()
            for x in range(picture.width())
            for y in range(picture.height())
        }
        assert ink.name() in shown
