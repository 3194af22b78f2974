"""What moves when a step was taken, and when.

Pictures lead from one step to the next: `before` it, and `bare`, the same without its error;
`forward`, with the new weights and what they make of the next sample; and `after`, with the error
and all deltas too. A plan says which part
of the diagram changes from one picture to the next at which time. All times are in milliseconds
from the step, all places are the scene's.
"""

from dataclasses import dataclass

import numpy as np
from PySide6.QtCore import QPointF, QRectF

from nnsim.engine.network import Network, ParameterRef
from nnsim.views.diagram.label_places import number_within
from nnsim.views.diagram.scene import Scene

CHANGE = 240.0
LAYER, FORWARD_AT_MOST = 300.0, 900.0
ON_LINES = 0.55
"""Of the time of a layer, dots travel on its lines for so long; then its neurons change."""
ERROR, BACKWARD = 160.0, 480.0
OUTLINED = 600.0
"""With less motion, what changed has an outline for so long."""
BESIDE = 16.0
"""A layer's band reaches so far beside its neurons."""
DOTS_AT_MOST = 150


@dataclass(frozen=True)
class Span:
    """A stretch of time."""

    begin: float
    end: float

    def share(self, now: float) -> float:
        """Return how far it has gone, 0 … 1, fast at first and slow in the end."""
        gone = min(1.0, max(0.0, (now - self.begin) / (self.end - self.begin)))
        return 1 - (1 - gone) ** 3


@dataclass(frozen=True)
class Band:
    """A part of the diagram, over its whole height, that changes at a time."""

    left: float
    right: float
    time: Span


@dataclass(frozen=True)
class Dot:
    """A dot that travels along a connection."""

    ref: ParameterRef
    time: Span

    def place(self, scene: Scene, now: float) -> QPointF:
        """Return where it is."""
        return scene.point_on(self.ref, self.time.share(now))


@dataclass(frozen=True)
class Plan:
    """What changes when."""

    numbers: tuple[QRectF, ...]
    """Of weights that changed: the old number slides out and the new one in."""
    change: Span
    layers: tuple[Band, ...]
    """From `bare` to `forward`."""
    dots: tuple[Dot, ...]
    error: Band
    """From `forward` to `after`."""
    backward: Span
    """From `forward` to `after`, from right to left."""

    @property
    def length(self) -> float:
        """How long all of it takes."""
        return self.backward.end


def plan_of(scene: Scene, before: Network) -> Plan:
    """Plan the motion to a scene from the network as it was before the step."""
    count = len(scene.network.layers)
    each = min(LAYER, FORWARD_AT_MOST / count)
    bands, dots, time = [], [], CHANGE
    few = int(scene.network.present.sum()) <= DOTS_AT_MOST
    for layer in range(1, count + 1):
        travel = Span(time, time + each * ON_LINES)
        dots += [Dot(ref, travel) for ref in _into(scene, layer) if few]
        bands.append(_band(scene, layer, Span(travel.end, time + each)))
        time += each
    return Plan(
        tuple(number_within(scene, ref) for ref in changed_labels(scene, before)),
        Span(0, CHANGE),
        (_band(scene, 0, Span(0, CHANGE)), *bands),
        tuple(dots),
        Band(_error_begins(scene), scene.size.width(), Span(time, time + ERROR)),
        Span(time + ERROR, time + ERROR + BACKWARD),
    )


def changed_labels(scene: Scene, before: Network) -> list[ParameterRef]:
    """Return the weights and biases with a label that the step has changed."""
    changed = before.parameters != scene.network.parameters
    places = np.flatnonzero(changed)
    if len(places) <= len(scene.labels):
        refs = (scene.network.ref_in(int(place)) for place in places)
        return [ref for ref in refs if ref in scene.labels]
    return [ref for ref in scene.labels if changed[scene.network.index_of(ref)]]


def _into(scene: Scene, layer: int) -> list[ParameterRef]:
    return [
        ref
        for to in range(scene.network.sizes[layer])
        for ref in scene.network.refs_into(layer, to)
        if not ref.is_bias
    ]


def _band(scene: Scene, layer: int, time: Span) -> Band:
    rects = [scene.nodes[layer, i] for i in range(scene.network.sizes[layer])]
    left = min(rect.left() for rect in rects) - BESIDE
    return Band(left, max(rect.right() for rect in rects) + BESIDE, time)


def _error_begins(scene: Scene) -> float:
    if scene.comparison is not None:
        return scene.comparison.left() - BESIDE
    return _band(scene, len(scene.network.layers), Span(0, 1)).left
