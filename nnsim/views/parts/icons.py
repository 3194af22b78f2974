"""Icons from resources/icons in the colours of the theme."""

import math
from functools import lru_cache

from PySide6.QtCore import QByteArray, QSize, Qt
from PySide6.QtGui import QGuiApplication, QIcon, QPainter, QPixmap
from PySide6.QtSvg import QSvgRenderer

from nnsim.assets import resource
from nnsim.views.parts.theme import theme


def icon(name: str, colour: str | None = None, disabled: str | None = None) -> QIcon:
    """Return an icon drawn in a colour (ink by default), paler when its button is off."""
    made = QIcon()
    screen = QGuiApplication.instance()
    finest = screen.devicePixelRatio() if isinstance(screen, QGuiApplication) else 1.0
    for mode, stroke in (
        (QIcon.Mode.Normal, colour or theme().ink),
        (QIcon.Mode.Disabled, disabled or theme().border),
    ):
        for ratio in {1, math.ceil(finest)}:
            made.addPixmap(pixmap(name, stroke, 16, ratio), mode)
    return made


@lru_cache(maxsize=512)
def pixmap(name: str, colour: str, size: int, ratio: float = 1.0) -> QPixmap:
    """Return an icon as a picture of size × size logical pixels."""
    picture = QPixmap(QSize(round(size * ratio), round(size * ratio)))
    picture.fill(Qt.GlobalColor.transparent)
    painter = QPainter(picture)
    _drawing(name, colour).render(painter)
    painter.end()
    picture.setDevicePixelRatio(ratio)
    return picture


@lru_cache(maxsize=256)
def _drawing(name: str, colour: str) -> QSvgRenderer:
    svg = resource("icons", f"{name}.svg").read_text(encoding="utf-8")
    return QSvgRenderer(QByteArray(svg.replace("currentColor", colour).encode()))
