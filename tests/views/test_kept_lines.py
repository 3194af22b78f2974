"""The picture of resting lines shows what drawing them shows, and follows every change."""

from dataclasses import replace

import numpy as np
import pytest
from PySide6.QtCore import QSizeF
from PySide6.QtGui import QImage, QPainter, QTransform

from nnsim import Network
from nnsim.views.diagram import kept_lines
from nnsim.views.diagram.connections import draw_resting, room_of
from nnsim.views.diagram.kept_lines import KeptLines
from nnsim.views.diagram.layout import lay_out, with_numbers

AREA = QSizeF(600, 400)
SHADES = 4
"""Of 255: lines are blended with the picture first, then the picture with the ground."""


@pytest.fixture
def network():
    made = Network.dense([8, 12, 5], ["tanh", "linear"])
    numbers = np.random.default_rng(7).normal(size=made.parameters.size)
    return made.with_parameters(numbers)


def painted(draw, scene, faded=False, smooth=True, zoom=1.0):
    image = QImage(AREA.toSize(), QImage.Format.Format_RGB32)
    image.fill("white")
    painter = QPainter(image)
    painter.setTransform(QTransform.fromScale(zoom, zoom))
    draw(painter, scene, faded, smooth)
    painter.end()
    return np.frombuffer(image.constBits(), np.uint8).astype(int)


def test_a_kept_picture_is_what_is_drawn(qapp, network):
    scene, lines = lay_out(network, AREA), KeptLines()
    assert scene.dense
    drawn = painted(draw_resting, scene)
    for _ in range(3):  # drawn, made into a picture, and from the picture
        assert np.abs(painted(lines.draw, scene) - drawn).max() <= SHADES
    assert drawn.min() < 200


def test_it_is_drawn_anew_when_anything_it_depends_on_changes(qapp, network):
    scene, lines = lay_out(network, AREA), KeptLines()
    others = (
        {"scene": replace(scene, network=network.with_parameters(-network.parameters))},
        {"scene": scene, "faded": True},
        {"scene": scene, "smooth": False},
        {"scene": scene, "zoom": 1.5},
    )
    for other in others:
        for _ in range(2):
            painted(lines.draw, scene)
        for _ in range(2):
            shown = painted(lines.draw, **other)
            assert np.abs(shown - painted(draw_resting, **other)).max() <= SHADES


def test_while_numbers_change_no_picture_is_made(qapp, network, monkeypatch):
    made = []
    monkeypatch.setattr(kept_lines, "_drawn", lambda *_: made.append(1))
    scene, lines = lay_out(network, AREA), KeptLines()
    for size in (1.0, 1.1, 1.2, 1.3):
        scene = with_numbers(scene, network.with_parameters(size * network.parameters), AREA)
        painted(lines.draw, scene)
    assert not made


def test_on_a_fine_screen_it_is_what_is_drawn_too(qapp):
    large = Network.dense([60, 50, 4], ["tanh", "linear"])  # so many that only those near are drawn
    numbers = np.random.default_rng(3).normal(size=large.parameters.size)
    scene = lay_out(large.with_parameters(numbers), AREA)

    def fine(draw):
        image = QImage(AREA.toSize() * 2, QImage.Format.Format_RGB32)
        image.setDevicePixelRatio(2.0)
        image.fill("white")
        painter = QPainter(image)
        assert room_of(painter) == AREA  # in the pixels that a widget counts in
        painter.setTransform(QTransform.fromScale(6.0, 6.0).translate(-250, -170), True)
        draw(painter, scene, False, True)
        painter.end()
        return np.frombuffer(image.constBits(), np.uint8).astype(int)

    lines, drawn = KeptLines(), fine(draw_resting)
    for _ in range(3):
        assert np.abs(fine(lines.draw) - drawn).max() <= SHADES
    assert drawn.min() < 200
