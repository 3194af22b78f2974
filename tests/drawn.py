"""What stands in a painted picture: Qt writes it as SVG, where every word is still a word."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from xml.etree import ElementTree

from PySide6.QtCore import QBuffer, QPointF, QRectF, QSize
from PySide6.QtGui import QPainter, QTransform
from PySide6.QtSvg import QSvgGenerator

SVG = "{http://www.w3.org/2000/svg}"


@dataclass(frozen=True)
class Word:
    text: str
    place: QPointF
    """Where its baseline begins."""


def drawn_words(paint: Callable[[QPainter], None], size: QSize) -> list[Word]:
    """Return all texts that a function paints."""
    buffer = QBuffer()
    generator = QSvgGenerator()
    generator.setOutputDevice(buffer)
    generator.setSize(size)
    generator.setViewBox(QRectF(QPointF(), size))
    painter = QPainter(generator)
    paint(painter)
    painter.end()
    return list(_words(ElementTree.fromstring(bytes(buffer.data())), QTransform()))


def _words(element, transform):
    if found := re.match(r"matrix\((.*)\)", element.get("transform", "")):
        a, b, c, d, e, f = map(float, found[1].split(","))
        transform = QTransform(a, b, c, d, e, f) * transform
    if element.tag == f"{SVG}text":
        place = QPointF(float(element.get("x")), float(element.get("y")))
        yield Word("".join(element.itertext()), transform.map(place))
    for child in element:
        yield from _words(child, transform)
