"""Draws the connections: width by size, dashes and colour by sign, and the error coming back."""

from collections.abc import Callable
from typing import cast

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QLineF, QPointF, QRectF, QSizeF, Qt
from PySide6.QtGui import QImage, QPainter, QPen, QPixmap
from shiboken6 import wrapInstance

from nnsim.views.diagram.bands import bands_of
from nnsim.views.diagram.emphasis import Emphasis
from nnsim.views.diagram.line_pens import Line, line_of, pen_of, selected_pen, width_of
from nnsim.views.diagram.pairs import (
    SINGLE_AT_MOST,
    Pair,
    Places,
    near_places,
    pairs_of,
    strongest,
)
from nnsim.views.diagram.scene import Scene
from nnsim.views.diagram.strokes import blended
from nnsim.views.parts.theme import theme

Array = NDArray[np.float64]
Mask = NDArray[np.bool_]
Counts = NDArray[np.int_]
Resting = Callable[[QPainter, Scene, bool, bool], None]
"""As draw_resting."""

SMOOTH_AT_MOST = 60
"""Up to so many connections between two layers always have smooth lines."""
NEAR_SHARE = 0.25
"""Single connections are drawn again once so much of a layer's are in sight, or less."""
LEVELS = 12
"""Between tiles, weights are drawn in so many strengths, all of one strength in one call."""
LIT_LEAST = 0.4
HALO = 14.0
"""So much wider than its line is what lies under the selected connection."""


def draw_connections(
    painter: QPainter,
    scene: Scene,
    emphasis: Emphasis,
    smooth: bool = True,
    resting: Resting | None = None,
) -> None:
    """Draw every connection, the selected one on its halo.

    smooth: whether more than a few lines are smooth too, for which there is no time in a run.
    resting: what draws those between tiles that are not lit; draw_resting when not given.
    """
    selected = emphasis.selected
    if selected is not None and not selected.is_bias:
        wide = HALO + width_of(scene, line_of(scene, selected).share)
        pen = QPen(blended(theme().ink, theme().background, 0.12), wide)
        pen.setCapStyle(Qt.PenCapStyle.FlatCap)
        painter.setPen(pen)
        painter.drawPolyline(scene.route(selected))
    if scene.dense:
        (resting or draw_resting)(painter, scene, emphasis.fades, smooth)
        _draw_lit(painter, scene, emphasis)
    else:
        _draw_between_cards(painter, scene, emphasis, smooth)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing, True)
    if selected is not None and scene.dense and not selected.is_bias:
        painter.setPen(selected_pen(scene, line_of(scene, selected)))
        painter.drawPolyline(scene.route(selected))


def draw_resting(painter: QPainter, scene: Scene, faded: bool, smooth: bool) -> None:
    """Draw all connections between tiles, all of them faint where a few are lit over them; of too
    many, those in sight when zoomed in; else their bands."""
    for pair in pairs_of(scene.network.structure):
        _smoothen(painter, pair, smooth)
        if len(pair.places) <= SINGLE_AT_MOST:
            _draw_many(painter, scene, pair.layer, pair.places, not faded)
        elif len(near := _near(painter, scene, pair)):
            _draw_many(painter, scene, pair.layer, near, not faded)
        else:
            _draw_bands(painter, scene, pair, faded)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing, True)


def _draw_lit(painter: QPainter, scene: Scene, emphasis: Emphasis) -> None:
    """Draw the connections of the path over those that fade; of too many the strongest."""
    if not emphasis.fades:
        return
    on_path = _is_on_path(scene, emphasis)
    for pair in pairs_of(scene.network.structure):
        path = pair.places[on_path[pair.places]]
        lit = strongest(scene.network.parameters, path, SINGLE_AT_MOST)
        _draw_many(painter, scene, pair.layer, lit, True, least=LIT_LEAST)


def _smoothen(painter: QPainter, pair: Pair, smooth: bool) -> None:
    count = len(pair.places)
    is_smooth = count <= SMOOTH_AT_MOST or (smooth and count <= SINGLE_AT_MOST)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing, is_smooth)


def _draw_between_cards(painter: QPainter, scene: Scene, emphasis: Emphasis, smooth: bool) -> None:
    """Draw line by line, the strong over the weak."""
    network = scene.network
    for pair in pairs_of(network.structure):
        _smoothen(painter, pair, smooth)
        sizes = np.abs(network.parameters[pair.places])
        for place in pair.places[np.argsort(sizes, kind="stable")].tolist():
            ref = network.ref_in(place)
            painter.setPen(pen_of(scene, line_of(scene, ref, emphasis.is_lit(ref))))
            painter.drawPolyline(scene.route(ref))


def _near(painter: QPainter, scene: Scene, pair: Pair) -> Places:
    """The connections of the neurons in sight, where few enough of these are; else none."""
    sight = _sight(painter)
    if sight.contains(QRectF(QPointF(), scene.size)):
        return pair.places[:0]
    near = near_places(scene, pair, sight)
    if len(near) > len(pair.places) * NEAR_SHARE:
        return pair.places[:0]
    return strongest(scene.network.parameters, near, SINGLE_AT_MOST)


def _draw_bands(painter: QPainter, scene: Scene, pair: Pair, faded: bool) -> None:
    """Draw each band as a line, its sign by the mean of its weights."""
    bands = bands_of(scene, pair)
    shares = bands.shares
    kinds = _kinds(bands.means < 0, np.full(len(shares), not faded))
    _draw_grouped(painter, scene, bands.lines, shares, kinds)


def _draw_many(
    painter: QPainter, scene: Scene, layer: int, places: Places, lit: bool, least: float = 0.0
) -> None:
    """Draw these connections into a layer of tiles; least: how strong the weakest looks."""
    network = scene.network
    if scene.routes:
        places = _without_routed(painter, scene, places, lit)
    values = network.parameters[places]
    shares = np.maximum(np.abs(values) / (scene.largest_weight or 1.0), least)
    frozen = network.structure.frozen
    all_lit = np.full(len(places), lit)
    kinds = _kinds(values < 0, all_lit, None if frozen is None else frozen[places])
    _draw_grouped(painter, scene, scene.lines(layer, places), shares, kinds)


def _is_on_path(scene: Scene, emphasis: Emphasis) -> Mask:
    """For each place among the parameters whether it is on the path."""
    mask = np.zeros(scene.network.structure.slot_count, np.bool_)
    mask[emphasis.places] = True
    return mask


def _without_routed(painter: QPainter, scene: Scene, places: Places, lit: bool) -> Places:
    """Draw the few that are not straight; return the others."""
    routed = {scene.network.index_of(ref): ref for ref in scene.routes}
    for place in set(routed).intersection(places.tolist()):
        ref = routed[place]
        painter.setPen(pen_of(scene, line_of(scene, ref, lit)))
        painter.drawPolyline(scene.route(ref))
    return places[~np.isin(places, list(routed))]


def _kinds(negative: Mask, lit: Mask, frozen: Mask | None = None) -> Counts:
    """A number for each way to look besides strength; `_line` reads it."""
    kinds = 2 * lit + negative
    return kinds if frozen is None else kinds + 4 * frozen


def _line(group: int) -> Line:
    level, kind = divmod(group, 8)
    return Line(level / LEVELS, bool(kind & 1), bool(kind & 2), bool(kind & 4))


def _draw_grouped(
    painter: QPainter, scene: Scene, lines: Array, shares: Array, kinds: Counts
) -> None:
    """Draw lines [lines, 4], the strong over the weak: those of like looks in one call."""
    if not len(lines):
        return
    groups = 8 * np.ceil(shares * LEVELS).astype(int) + kinds
    zoom = _zoom(painter, scene)
    order = np.argsort(groups, kind="stable")
    lines, groups = np.ascontiguousarray(lines[order]), groups[order]
    begins = [0, *(np.flatnonzero(np.diff(groups)) + 1).tolist()]
    for begin, end in zip(begins, [*begins[1:], len(lines)], strict=True):
        painter.setPen(pen_of(scene, _line(int(groups[begin])), zoom))
        first = wrapInstance(lines[begin:].ctypes.data, QLineF)  # no copy: lines is alive
        painter.drawLines(cast(QLineF, first), end - begin)


def room_of(painter: QPainter) -> QSizeF:
    """Return the size of what is painted on, in logical pixels; of a picture Qt says its own."""
    room, device = QSizeF(painter.viewport().size()), painter.device()
    return room / device.devicePixelRatio() if isinstance(device, QPixmap | QImage) else room


def _sight(painter: QPainter) -> QRectF:
    """The part of the scene that is seen; a picture of all of it may be rounded to whole pixels."""
    seen = QRectF(QPointF(), room_of(painter)).adjusted(-1, -1, 1, 1)
    return painter.worldTransform().inverted()[0].mapRect(seen)


def _zoom(painter: QPainter, scene: Scene) -> float:
    """How much larger than usual the scene is seen: 1 for all of it, in a large picture too."""
    if _sight(painter).contains(QRectF(QPointF(), scene.size)):
        return 1.0
    return max(1.0, painter.worldTransform().m11())
