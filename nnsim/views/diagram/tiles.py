"""Draws the tiles of a network too large for cards: outputs, names, expected and error."""

import math

import numpy as np
from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPen

from nnsim.model.frame import Frame
from nnsim.tracing.display import display
from nnsim.tracing.names import layer_name, neuron_name
from nnsim.tracing.vocabulary import vocabulary
from nnsim.tracing.wording import on_paper
from nnsim.views.diagram.detail import Maps
from nnsim.views.diagram.look import Look
from nnsim.views.diagram.scene import Scene
from nnsim.views.diagram.strips import draw_strip
from nnsim.views.diagram.strokes import (
    LEFT,
    RIGHT,
    blended,
    text,
)
from nnsim.views.diagram.targets import neuron_of
from nnsim.views.parts.theme import theme
from nnsim.views.parts.type import font, semibold

TILE_SHADES = 200
"""So many colours between an output of 0 and one of 1: more than the screen can show."""
STRENGTH = 0.45
"""How much of its colour an output of 1 has: its number stays legible on it."""
ROUND_FROM, NUMBER_FROM = 10.0, 16.0
"""Lower tiles have square corners, and no number."""
BADGE = 15.0


def draw_tiles(
    painter: QPainter, scene: Scene, frame: Frame, look: Look, maps: Maps | None = None
) -> None:
    """Neurons as tiles, filled by their output, or as strips; the name of each layer above.

    maps: of neurons whose output over two inputs is shown in place of a flat filling.
    """
    trace = frame.trace
    hovered = neuron_of(look.hovered)
    for layer, size in enumerate(scene.network.sizes):
        _draw_layer_name(painter, scene, layer)
        outputs = trace.shown_activations(layer) if trace else np.zeros(size)
        if layer in scene.strips:
            draw_strip(painter, scene.strips[layer], layer, outputs, hovered)
        else:
            _draw_layer(painter, scene, look, layer, outputs.tolist(), maps or {})
    _draw_tile_names(painter, scene, frame)


def _draw_layer_name(painter: QPainter, scene: Scene, layer: int) -> None:
    t, strip = theme(), scene.strips.get(layer)
    middle = (strip.rect if strip else scene.nodes[layer, 0]).center().x()
    head = QRectF(middle - 80, 8, 160, 20)
    text(painter, head, layer_name(scene.network, layer), semibold(13), t.ink)
    text(painter, head.translated(0, 18), _layer_note(scene, layer), font(12), t.muted)


def _draw_layer(
    painter: QPainter,
    scene: Scene,
    look: Look,
    layer: int,
    outputs: list[float],
    maps: Maps,
) -> None:
    t = theme()
    rects = [scene.nodes[layer, i] for i in range(len(outputs))]
    painter.setPen(QPen(QColor(t.border), 1))
    radius = min(9.0, rects[0].height() / 4) if rects[0].height() >= ROUND_FROM else 0.0
    is_focused = look.emphasis.focus is not None
    for i, (rect, value) in enumerate(zip(rects, outputs, strict=True)):
        if is_focused:
            painter.setPen(QPen(QColor(look.node_border((layer, i))), 1))
        if (layer, i) in maps:
            painter.drawImage(rect, maps[layer, i])
            painter.drawRect(rect)
            continue
        strength = 0.0 if math.isnan(value) else min(1.0, abs(value))  # NaN: not yet, or too large
        shade = round(TILE_SHADES * strength) / TILE_SHADES
        painter.setBrush(blended(t.weight(value), t.card, shade * STRENGTH))
        if radius:
            painter.drawRoundedRect(rect, radius, radius)
        else:
            painter.drawRect(rect)
        painter.setBrush(Qt.BrushStyle.NoBrush)
    if rects[0].height() >= NUMBER_FROM:
        for i, (rect, value) in enumerate(zip(rects, outputs, strict=True)):
            _draw_number(painter, rect, value, (layer, i) in maps)


def _draw_number(painter: QPainter, rect: QRectF, value: float, on_map: bool) -> None:
    t = theme()
    if on_map:  # on clear ground, under which the map still shows
        rect = QRectF(rect.left(), rect.bottom() - BADGE, rect.width(), BADGE)
        painter.fillRect(rect.adjusted(0.5, 0, -0.5, -0.5), QColor(t.card))
    used = font(11) if on_map else font(12)
    text(painter, rect.adjusted(2, 0, -2, 0), _short(value), used, t.ink)


def _layer_note(scene: Scene, layer: int) -> str:
    size = scene.network.sizes[layer]
    if layer == 0:
        return str(size)
    names = dict.fromkeys(scene.network.layers[layer - 1].activations)
    return f"{size}, {', '.join(names)}"


def _short(value: float) -> str:
    if math.isnan(value):  # not computed yet, or of numbers that are too large
        return ""
    shown = on_paper(value)
    if len(shown) <= 5:
        return shown
    return f"{value:.2f}".replace("-", "−").replace(".", "," if display().comma else ".")


def _draw_tile_names(painter: QPainter, scene: Scene, frame: Frame) -> None:
    t, trace, say = theme(), frame.trace, vocabulary(frame.conventions)
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
        if trace is None or trace.expected is None:
            text(painter, beside, name, font(12), t.muted, LEFT)
            continue
        text(
            painter,
            top,
            f"{say.expected} {on_paper(float(trace.expected[i]))}",
            font(12),
            t.ink,
            LEFT,
        )
        if (error := trace.error_of(i)) is not None:
            text(painter, under, f"{say.error} {on_paper(error)}", font(12), t.error, LEFT)
