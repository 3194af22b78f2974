"""The whole network as a picture: SVG and PDF, in which text stays text, and PNG."""

import math
from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum

from PySide6.QtCore import QBuffer, QByteArray, QIODevice, QMarginsF, QMimeData, QRectF, QSizeF
from PySide6.QtGui import QColor, QImage, QImageWriter, QPageSize, QPainter, QPdfWriter
from PySide6.QtSvg import QSvgGenerator

from nnsim.model.frame import Frame
from nnsim.views.diagram.painting import paint_network
from nnsim.views.diagram.scene import Scene
from nnsim.views.parts.theme import drawn_in, theme
from nnsim.views.parts.type import searchable_figures

DOTS_PER_INCH, POINTS_PER_INCH = 96, 72
MOST_PDF_POINTS = 14_400
"""The widest and highest page that readers must know (ISO 32000-1, annex C)."""
MOST_SCALE = 8
MOST_PIXELS = 100_000_000
"""Of one picture: 400 MB while it is painted. A picture of more comes out empty or never."""


class Background(Enum):
    """What a picture stands on."""

    screen = "as on the screen"
    light = "light"
    none = "transparent"


@dataclass(frozen=True)
class PictureStyle:
    """How a picture is to look; the scale is for PNG, whose pixels it multiplies."""

    scale: int = 2
    background: Background = Background.screen


def most_scale(scene: Scene) -> int:
    """Return the largest scale at which a network has room in a picture of pixels."""
    pixels = max(1.0, scene.size.width() * scene.size.height())
    return max(1, min(MOST_SCALE, math.isqrt(int(MOST_PIXELS / pixels))))


def picture_bytes(suffix: str, scene: Scene, frame: Frame, style: PictureStyle) -> bytes:
    """Return the file of a picture; suffix: a key of FORMATS."""
    return FORMATS[suffix](scene, frame, style)


def picture_mime(scene: Scene, frame: Frame, style: PictureStyle) -> QMimeData:
    """Return a picture for the clipboard, as pixels and as SVG."""
    data = QMimeData()
    data.setImageData(_image(scene, frame, style))
    data.setData("image/svg+xml", _svg(scene, frame, style))
    return data


def _svg(scene: Scene, frame: Frame, style: PictureStyle) -> bytes:
    buffer, generator = QBuffer(), QSvgGenerator()
    generator.setOutputDevice(buffer)
    generator.setResolution(DOTS_PER_INCH)
    generator.setSize(scene.size.toSize())
    generator.setViewBox(QRectF(0, 0, scene.size.width(), scene.size.height()))
    generator.setTitle(frame.document.title)
    painter = QPainter(generator)
    _paint(painter, scene, frame, style)
    painter.end()
    return bytes(buffer.data().data())


def _pdf(scene: Scene, frame: Frame, style: PictureStyle) -> bytes:
    buffer = QBuffer()
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    writer = QPdfWriter(buffer)
    writer.setResolution(DOTS_PER_INCH)
    writer.setTitle(frame.document.title)
    size = QSizeF(scene.size) * (POINTS_PER_INCH / DOTS_PER_INCH)
    smaller = min(1.0, MOST_PDF_POINTS / max(size.width(), size.height(), 1.0))
    writer.setPageSize(QPageSize(size * smaller, QPageSize.Unit.Point))
    writer.setPageMargins(QMarginsF())
    painter = QPainter(writer)
    painter.scale(smaller, smaller)
    with searchable_figures():
        _paint(painter, scene, frame, style)
    painter.end()
    return bytes(buffer.data().data())


def _png(scene: Scene, frame: Frame, style: PictureStyle) -> bytes:
    buffer = QBuffer()
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    QImageWriter(buffer, QByteArray(b"png")).write(_image(scene, frame, style))
    return bytes(buffer.data().data())


FORMATS: dict[str, Callable[[Scene, Frame, PictureStyle], bytes]] = {
    ".svg": _svg,
    ".pdf": _pdf,
    ".png": _png,
}


def _image(scene: Scene, frame: Frame, style: PictureStyle) -> QImage:
    scale = min(style.scale, most_scale(scene))
    image = QImage((scene.size * scale).toSize(), QImage.Format.Format_ARGB32_Premultiplied)
    image.fill(0)
    image.setDevicePixelRatio(scale)
    painter = QPainter(image)
    _paint(painter, scene, frame, style)
    painter.end()
    return image


def _paint(painter: QPainter, scene: Scene, frame: Frame, style: PictureStyle) -> None:
    name = "light" if style.background is Background.light else theme().name
    with drawn_in(name):
        if style.background is not Background.none:
            room = QRectF(0, 0, scene.size.width(), scene.size.height())
            painter.fillRect(room, QColor(theme().background))
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        paint_network(painter, scene, frame)
