"""Draws the tiles of a network too large for cards: outputs, names, expected and error."""

import numpy as np
from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPen

from nnsim.model.frame import Frame
from nnsim.tracing.names import layer_name, neuron_name
from nnsim.tracing.wording import on_paper
from nnsim.views.diagram.scene import Scene
from nnsim.views.diagram.strokes import (
    LEFT,
    RIGHT,
    blended,
    text,
)
from nnsim.views.parts.theme import theme
from nnsim.views.parts.type import font, semibold

TILE_SHADES = 200
"""So many colours between an output of 0 and one of 1: more than the screen can show."""


def draw_tiles(painter: QPainter, scene: Scene, frame: Frame) -> None:
    """Neurons as tiles, filled by their output; the name of each layer above."""
    t, trace = theme(), frame.trace
    for layer in range(len(scene.network.sizes)):
        first = scene.nodes[layer, 0]
        head = QRectF(first.center().x() - 80, 8, 160, 20)
        text(painter, head, layer_name(scene.network, layer), semibold(13), t.ink)
        text(painter, head.translated(0, 18), _layer_note(scene, layer), font(12), t.muted)
    outputs = [0.0] * len(scene.nodes)
    if trace:
        outputs = np.concatenate(trace.passed.activations).tolist()
    rects = scene.nodes.values()
    painter.setPen(QPen(QColor(t.border), 1))
    for rect, value in zip(rects, outputs, strict=True):
        shade = round(TILE_SHADES * min(1.0, abs(value))) / TILE_SHADES
        painter.setBrush(blended(t.weight(value), t.card, shade * 0.45))
        radius = min(9.0, rect.height() / 4)
        painter.drawRoundedRect(rect, radius, radius)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    for rect, value in zip(rects, outputs, strict=True):
        if rect.height() >= 16:
            text(painter, rect.adjusted(2, 0, -2, 0), _short(value), font(12), t.ink)
    _draw_tile_names(painter, scene, frame)


def _layer_note(scene: Scene, layer: int) -> str:
    size = scene.network.sizes[layer]
    if layer == 0:
        return str(size)
    names = dict.fromkeys(scene.network.layers[layer - 1].activations)
    return f"{size}, {', '.join(names)}"


def _short(value: float) -> str:
    shown = on_paper(value)
    return shown if len(shown) <= 5 else f"{value:.2f}".replace("-", "−")


def _draw_tile_names(painter: QPainter, scene: Scene, frame: Frame) -> None:
    t, trace = theme(), frame.trace
    last = len(scene.network.layers)
    for i in range(scene.network.input_count if scene.network.input_count <= 30 else 0):
        rect = scene.nodes[0, i]
        beside = QRectF(rect.left() - 76, rect.top(), 68, rect.height())
        text(painter, beside, neuron_name(scene.network, 0, i), font(12), t.muted, RIGHT)
    for i in range(scene.network.output_count if scene.network.output_count <= 14 else 0):
        beside = scene.expected_rect(i)
        middle = beside.center().y()
        top = QRectF(beside.left(), middle - 17, beside.width(), 17)
        under = top.translated(0, 17)
        name = neuron_name(scene.network, last, i)
        if trace is None or trace.expected is None or trace.errors is None:
            text(painter, beside, name, font(12), t.muted, LEFT)
            continue
        text(painter, top, f"expected {on_paper(float(trace.expected[i]))}", font(12), t.ink, LEFT)
        text(painter, under, f"error {on_paper(float(trace.errors[i]))}", font(12), t.error, LEFT)
