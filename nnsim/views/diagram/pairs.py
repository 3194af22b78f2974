"""The pairs of layers that connections lead between, and which of these are in sight."""

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPointF, QRectF

from nnsim.engine.structure import Structure
from nnsim.views.diagram.scene import Scene

SINGLE_AT_MOST = 1200
"""More connections between two layers than this are gathered in bands, but for those in sight."""
Places = NDArray[np.intp]
"""Places of weights among a network's parameters."""


@dataclass(frozen=True, eq=False)
class Pair:
    """All connections from one layer to a later one."""

    source: int
    layer: int
    columns: slice
    """Of the source layer, in the weight matrix of the later one."""
    places: Places


@lru_cache(maxsize=4)
def pairs_of(structure: Structure) -> tuple[Pair, ...]:
    """Return the pairs of layers that have connections, those into the first layer first."""
    pairs = []
    for layer, slot in enumerate(structure.slots, start=1):
        matrix = np.arange(slot.weights, slot.biases).reshape(-1, slot.width)
        for source in range(layer):
            begin = structure.starts[source] - slot.first
            if begin < 0:
                continue
            columns = slice(begin, begin + structure.sizes[source])
            places = matrix[:, columns].ravel()
            if structure.present is not None:
                places = places[structure.present[places]]
            if len(places):
                pairs.append(Pair(source, layer, columns, places))
    return tuple(pairs)


def near_places(scene: Scene, pair: Pair, sight: QRectF) -> Places:
    """Return those connections of a pair that have at least one end in sight.

    sight: the part of the scene that is seen. All neurons are tiles or cells of strips.
    """
    lines = scene.lines(pair.layer, pair.places)
    return pair.places[_within(lines[:, :2], sight) | _within(lines[:, 2:], sight)]


def pair_at(scene: Scene, point: QPointF, more_than: int) -> Pair | None:
    """Return the pair of layers between whose tiles a point lies; the nearest layers first.

    more_than: pairs of no more connections than this are left out.
    """
    if scene.sides is None:
        return None
    starts = scene.network.structure.starts
    for pair in sorted(pairs_of(scene.network.structure), key=lambda p: p.layer - p.source):
        if len(pair.places) <= more_than:
            continue
        before = scene.sides[starts[pair.source] : starts[pair.source + 1]]
        after = scene.sides[starts[pair.layer] : starts[pair.layer + 1]]
        left, right = float(before[:, 1].max()), float(after[:, 0].min())
        if not left < point.x() < right:
            continue
        share = (point.x() - left) / (right - left)
        top = before[:, 2].min() * (1 - share) + after[:, 2].min() * share
        bottom = before[:, 2].max() * (1 - share) + after[:, 2].max() * share
        if top <= point.y() <= bottom:
            return pair
    return None


def nearest_place(scene: Scene, point: QPointF, within: float, not_in_bands: bool) -> int | None:
    """Return the place of the weight whose line passes nearest to a point; None beyond `within`.

    not_in_bands: leave out pairs of layers with so many connections that they are bands.
    """
    found, least = None, within
    for pair in pairs_of(scene.network.structure):
        if not_in_bands and len(pair.places) > SINGLE_AT_MOST:
            continue
        away = _distances(scene.lines(pair.layer, pair.places), np.array([point.x(), point.y()]))
        if (nearest := float(away.min())) < least:
            found, least = int(pair.places[away.argmin()]), nearest
    return found


def _distances(lines: NDArray[np.float64], point: NDArray[np.float64]) -> NDArray[np.float64]:
    """How far a point is from each of the lines [lines, 4]."""
    starts, along = lines[:, :2], lines[:, 2:] - lines[:, :2]
    lengths = np.einsum("ij,ij->i", along, along)
    shares = np.einsum("ij,ij->i", point - starts, along) / np.where(lengths > 0, lengths, 1.0)
    feet = starts + along * np.clip(shares, 0.0, 1.0)[:, None]
    return np.asarray(np.hypot(*(point - feet).T), dtype=np.float64)


def strongest(parameters: NDArray[np.float64], places: Places, at_most: int) -> Places:
    """Return the places of the largest weights, in no order."""
    if len(places) <= at_most:
        return places
    return places[np.argpartition(np.abs(parameters[places]), -at_most)[-at_most:]]


def _within(points: NDArray[np.float64], sight: QRectF) -> NDArray[np.bool_]:
    x, y = points.T
    across = (x >= sight.left()) & (x <= sight.right())
    inside: NDArray[np.bool_] = across & (y >= sight.top()) & (y <= sight.bottom())
    return inside
