"""The ways of connections that skip layers: between the neurons they pass, not through them."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

import numpy as np
from PySide6.QtCore import QPointF

from nnsim.engine.network import ParameterRef
from nnsim.views.diagram.scene import NAME, Route, Scene

ROUTED_AT_MOST = 300
"""Of more connections that skip layers, all are straight: they would hide each other anyway."""
BESIDE = 14.0
"""A way goes level from so far before the neurons it passes to so far behind them."""
APART = 10.0
LEAST_GAP, NEAR = 6.0, 3.0
PILL = 44.0
"""What hangs under a card that has a bias."""
HEAD, EDGE = 50.0, 8.0
"""Above tiles stand the names of the layers."""


def routes_of(scene: Scene) -> dict[ParameterRef, Route]:
    """Return the ways of the connections whose straight line would run through a neuron."""
    columns: dict[int, _Column] = {}
    routes: dict[ParameterRef, Route] = {}
    for ref in _skipping(scene):
        passed = range(ref.from_layer + 1, ref.layer)
        for layer in passed:
            columns.setdefault(layer, _column(scene, layer))
        start, end = scene.line(ref)
        if any(columns[layer].is_in_the_way(start, end) for layer in passed):
            routes[ref] = (start, *_around([columns[layer] for layer in passed], start, end), end)
    return routes


def _skipping(scene: Scene) -> list[ParameterRef]:
    network, found = scene.network, []
    for layer, slot in enumerate(network.structure.slots, start=1):
        before = network.structure.starts[layer - 1] - slot.first
        if before <= 0:
            continue
        matrix = np.arange(slot.weights, slot.biases).reshape(-1, slot.width)[:, :before].ravel()
        found += matrix[network.present[matrix]].tolist()
        if len(found) > ROUTED_AT_MOST:
            return []
    return [network.ref_in(place) for place in found]


@dataclass
class _Column:
    """A layer that is passed: where its neurons stand, and the ways taken between them so far."""

    left: float
    right: float
    gaps: list[tuple[float, float]]
    narrow_gaps: list[tuple[float, float]]
    """Between the neurons themselves, where names and biases may stand."""
    taken: list[float] = field(default_factory=list)

    def is_in_the_way(self, start: QPointF, end: QPointF) -> bool:
        """Whether the straight line would touch a neuron here."""
        low, high = sorted((_height(start, end, self.left), _height(start, end, self.right)))
        return not any(gap[0] <= low and high <= gap[1] for gap in self.gaps)

    def way(self, wanted: float) -> float | None:
        """Return the free height nearest to the wanted one, apart from the ways taken before.

        Where there is none, names are no hindrance, and then ways may share a height.
        """
        heights = [[y for gap in gaps for y in _lanes(gap, wanted)] for gaps in self._choices()]
        apart = [[y for y in some if not self._is_taken(y)] for some in heights]
        for free in (*apart, *heights):
            if free:
                nearest = min(free, key=lambda y: abs(y - wanted))
                self.taken.append(nearest)
                return nearest
        return None

    def _choices(self) -> tuple[list[tuple[float, float]], list[tuple[float, float]]]:
        return self.gaps, self.narrow_gaps

    def _is_taken(self, y: float) -> bool:
        return any(abs(y - other) < APART - 1 for other in self.taken)


def _lanes(gap: tuple[float, float], wanted: float) -> Iterator[float]:
    low, high = gap[0] + LEAST_GAP / 2, gap[1] - LEAST_GAP / 2
    y = min(high, max(low, wanted))
    reach = int((high - low) / APART) + 1
    for lane in range(-reach, reach + 1):
        if low <= y + lane * APART <= high:
            yield y + lane * APART


def _column(scene: Scene, layer: int) -> _Column:
    size = scene.network.sizes[layer]
    rects = [scene.nodes[layer, index] for index in range(size)]
    left, right = min(r.left() for r in rects), max(r.right() for r in rects)
    low, high = HEAD if scene.dense else EDGE, scene.size.height() - EDGE

    def gaps(above: float, below: float) -> list[tuple[float, float]]:
        blocked = sorted((rect.top() - above, rect.bottom() + below) for rect in rects)
        return list(_free(blocked, low, high))

    narrow = gaps(NEAR, NEAR)
    wide = narrow if scene.dense else gaps(NAME + 2, _below(scene, layer))
    return _Column(left - BESIDE, right + BESIDE, wide, narrow)


def _below(scene: Scene, layer: int) -> float:
    return PILL if scene.network.layers[layer - 1].has_bias else EDGE


def _free(
    blocked: Sequence[tuple[float, float]], low: float, high: float
) -> Iterator[tuple[float, float]]:
    """What is left of low … high."""
    for top, bottom in [*blocked, (high, high)]:
        if top - low >= LEAST_GAP:
            yield low, top
        low = max(low, bottom)


def _around(columns: Sequence[_Column], start: QPointF, end: QPointF) -> Iterator[QPointF]:
    for column in columns:
        wanted = _height(start, end, (column.left + column.right) / 2)
        if (y := column.way(wanted)) is not None:
            yield QPointF(column.left, y)
            yield QPointF(column.right, y)


def _height(start: QPointF, end: QPointF, x: float) -> float:
    """The height of the straight line there."""
    width = end.x() - start.x()
    share = (x - start.x()) / width if width else 0.0
    return start.y() + (end.y() - start.y()) * min(1.0, max(0.0, share))
