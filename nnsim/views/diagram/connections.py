"""Draws the connections: width by size, dashes and colour by sign, and the error coming back."""

from functools import lru_cache
from typing import cast

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QLineF, Qt
from PySide6.QtGui import QPainter, QPen
from shiboken6 import wrapInstance

from nnsim.engine.network import ParameterRef
from nnsim.views.diagram.emphasis import Emphasis
from nnsim.views.diagram.scene import Scene
from nnsim.views.diagram.strokes import blended
from nnsim.views.parts.theme import theme

DRAWN_AT_MOST = 500
"""Of more connections than this between two layers only the strongest are drawn."""
FADED = 0.3
LEVELS = 12
"""Between tiles, weights are drawn in so many strengths, all of one strength in one call."""

SMOOTH = 400
"""Networks of up to so many weights and biases are drawn with smooth lines."""

Places = NDArray[np.intp]


def draw_connections(painter: QPainter, scene: Scene, emphasis: Emphasis) -> None:
    """Draw every connection, the selected one on its halo."""
    selected = emphasis.selected
    if selected is not None and not selected.is_bias:
        pen = QPen(blended(theme().ink, theme().background, 0.12), 14 + _width(scene, selected))
        pen.setCapStyle(Qt.PenCapStyle.FlatCap)
        painter.setPen(pen)
        painter.drawLine(*scene.line(selected))
    network = scene.network
    there = network.present
    for number, weights in enumerate(network.weights, start=1):
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, len(network.parameters) <= SMOOTH)
        places = network.structure.slots[number - 1].weights + _strongest(weights)
        places = places[there[places]]
        if scene.dense:
            _draw_many(painter, scene, number, places, emphasis)
            continue
        for place in places:
            ref, value = network.ref_in(int(place)), float(network.parameters[place])
            _draw_line(painter, scene, ref, value, emphasis.is_lit(ref))
    painter.setRenderHint(QPainter.RenderHint.Antialiasing, True)
    if selected is not None and scene.dense and not selected.is_bias:
        value = scene.network.parameters[scene.network.index_of(selected)]
        _draw_line(painter, scene, selected, float(value), True, 2)


def _strongest(weights: np.ndarray) -> np.ndarray:
    """Places in the flat matrix, weakest first so that the strong lie on top."""
    sizes = np.abs(weights).ravel()
    if sizes.size > DRAWN_AT_MOST:
        chosen = np.argpartition(sizes, -DRAWN_AT_MOST)[-DRAWN_AT_MOST:]
        return chosen[np.argsort(sizes[chosen], kind="stable")]
    return np.argsort(sizes, kind="stable")


def _draw_many(
    painter: QPainter, scene: Scene, layer: int, places: Places, emphasis: Emphasis
) -> None:
    """Draw the connections into a layer of tiles: those of like sign and strength in one call."""
    if not len(places):
        return
    network = scene.network
    values = network.parameters[places]
    shares = np.abs(values) / (scene.largest_weight or 1.0)
    levels = np.ceil(shares * LEVELS).astype(int)
    lit = np.ones(len(places), dtype=bool)
    if emphasis.fades:
        lit = np.isin(places, [network.index_of(ref) for ref in emphasis.path])
    groups = 4 * levels + 2 * lit + (values < 0)
    order = np.argsort(groups, kind="stable")
    lines, groups = scene.lines(layer, places[order]), groups[order]
    begins = [0, *(np.flatnonzero(np.diff(groups)) + 1).tolist()]
    for begin, end in zip(begins, [*begins[1:], len(lines)], strict=True):
        level, kind = divmod(int(groups[begin]), 4)
        painter.setPen(_pen(scene, level / LEVELS, kind % 2 == 1, kind >= 2))
        first = wrapInstance(lines[begin:].ctypes.data, QLineF)  # no copy: lines is alive
        painter.drawLines(cast(QLineF, first), end - begin)


def _draw_line(
    painter: QPainter, scene: Scene, ref: ParameterRef, value: float, lit: bool, more: float = 0
) -> None:
    painter.setPen(_pen(scene, _share(scene, value), value < 0, lit, more))
    painter.drawLine(*scene.line(ref))


def _pen(scene: Scene, share: float, negative: bool, lit: bool, more: float = 0) -> QPen:
    """The pen for a weight whose size is that share of the largest."""
    strength = (0.18 + 0.72 * share) if scene.dense else 1.0
    if not lit:
        strength = min(strength, FADED)
    width = _width_of(scene, share) + more
    return _made_pen(theme().name, max(strength, 0.3 if more else 0), width, negative)


@lru_cache(maxsize=1024)
def _made_pen(_theme: str, strength: float, width: float, negative: bool) -> QPen:
    """The pen in the theme now in use, which has that name. Nobody changes a pen it gave."""
    t = theme()
    pen = QPen(blended(t.weight(-1.0 if negative else 1.0), t.background, strength), 1)
    # Qt draws lines of up to one pixel in another way: much faster for dashes, slower for others.
    pen.setWidthF(width if negative and width == 1 else max(1.01, width))
    pen.setCapStyle(Qt.PenCapStyle.FlatCap)
    if negative:
        pen.setDashPattern([3.0, 2.0] if width == 1 else [2.2, 1.5])
    return pen


def _width(scene: Scene, ref: ParameterRef) -> float:
    value = float(scene.network.parameters[scene.network.index_of(ref)])
    return _width_of(scene, _share(scene, value))


def _width_of(scene: Scene, share: float) -> float:
    if len(scene.network.parameters) > SMOOTH:  # thick lines would hide each other
        return 1.0 if share < 0.5 else 2.0
    return 0.8 + 3.6 * share if scene.dense else 1.5 + 4 * share


def _share(scene: Scene, value: float) -> float:
    """The size of a weight as a share of the largest in the network, 0 … 1."""
    return abs(value) / scene.largest_weight if scene.largest_weight else 0.0
