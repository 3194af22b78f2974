"""Where everything of the diagram stands: pure geometry, from a network and an area."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from itertools import pairwise
from types import MappingProxyType

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QLineF, QPointF, QRectF, QSizeF

from nnsim.engine.network import Network, ParameterRef
from nnsim.engine.references import Neuron
from nnsim.model.drawing import Point
from nnsim.views.diagram.strips import Strip
from nnsim.views.diagram.targets import Target

STEM = 12.0
NAME = 24.0

Array = NDArray[np.float64]
Places = Mapping[Neuron, Point]
"""Where a person has put the middle of neurons, in the units of the scene."""
Route = tuple[QPointF, ...]
"""The way of a connection, from where it begins over where it bends to where it ends."""
NOWHERE: Places = MappingProxyType({})


@dataclass(frozen=True)
class Scene:
    """The places of all parts, in logical pixels from the top left."""

    network: Network
    size: QSizeF
    nodes: dict[tuple[int, int], QRectF]
    """(layer, index) → card or tile; layer 0 is the inputs."""
    comparison: QRectF | None
    """Expected and error beside a single neuron; else they stand in the output cards."""
    labels: dict[ParameterRef, QRectF]
    """Weight labels and bias pills that have room."""
    dense: bool
    area: QSizeF
    """The room that the network was placed in."""
    label_widths: tuple[float, ...] = ()
    """How much room the number of each weight and bias takes, where labels are placed by it."""
    sides: Array | None = field(default=None, compare=False)
    """Of tiles, [neurons, 3]: left, right and middle height of each, inputs first."""
    places: Places = field(default_factory=dict)
    """Of the neurons that a person has put somewhere."""
    strips: Mapping[int, Strip] = field(default_factory=dict)
    """Of the layers too large for tiles; their cells are among the nodes too."""

    routes: Mapping[ParameterRef, Route] = field(default_factory=dict)
    """Of the connections that skip layers and would run through a neuron; others are straight."""

    @cached_property
    def largest_weight(self) -> float:
        """The size of the largest weight: the widest line."""
        return max(float(np.abs(weights).max()) for weights in self.network.weights)

    def line(self, ref: ParameterRef) -> tuple[QPointF, QPointF]:
        """Return where the connection of a weight begins and ends."""
        assert ref.source is not None
        if self.sides is not None:
            starts = self.network.structure.starts
            begin = self.sides[starts[ref.from_layer] + ref.source]
            end = self.sides[starts[ref.layer] + ref.to]
            return QPointF(begin[1], begin[2]), QPointF(end[0], end[2])
        before, after = self.nodes[ref.from_layer, ref.source], self.nodes[ref.layer, ref.to]
        return (
            QPointF(before.right(), before.center().y()),
            QPointF(after.left(), self._entry(after, ref)),
        )

    def route(self, ref: ParameterRef) -> Route:
        """Return the way of the connection of a weight: two points where it is straight."""
        return self.routes.get(ref) or self.line(ref)

    def point_on(self, ref: ParameterRef, share: float) -> QPointF:
        """Return the point of a connection's way after that share of its length."""
        route = self.route(ref)
        legs = [QLineF(a, b) for a, b in pairwise(route)]
        left = share * sum(leg.length() for leg in legs)
        for leg in legs[:-1]:
            if left <= leg.length():
                return leg.pointAt(left / leg.length())
            left -= leg.length()
        return legs[-1].pointAt(left / legs[-1].length()) if legs[-1].length() else route[-1]

    def lines(self, layer: int, places: NDArray[np.intp]) -> Array:
        """Return x1, y1, x2, y2, [places, 4], of weights by their places among the parameters.

        All of them lead into one layer, and all neurons are tiles.
        """
        assert self.sides is not None
        structure = self.network.structure
        slot = structure.slots[layer - 1]
        rows, columns = np.divmod(places - slot.weights, slot.width)
        begins = self.sides[slot.first + columns]
        ends = self.sides[structure.starts[layer] + rows]
        return np.column_stack((begins[:, 1:], ends[:, ::2]))

    def expected_rect(self, index: int) -> QRectF:
        """Return where the expected value of an output stands."""
        if self.comparison is not None:
            card = self.comparison
            return QRectF(card.left() + 12, card.top() + 6, card.width() - 24, 54)
        node = self.nodes[len(self.network.layers), index]
        if self.dense:
            return QRectF(node.right() + 8, node.top(), 150, node.height())
        return QRectF(node.left() + 8, node.bottom() - 50, node.width() / 2 - 12, 46)

    def activation_rect(self, layer: int, index: int) -> QRectF:
        """Return where the curve of a neuron's activation stands; empty for a tile."""
        node = self.nodes[layer, index]
        if self.dense:
            return QRectF()
        left, width = cell(node, 1)
        height = node.height() if self.comparison is not None else 62.0
        return QRectF(left, node.top() + 4, width, height - 8)

    def targets(self) -> list[Target]:
        """Return what Tab walks through: inputs, weights by target, biases, f, expected."""
        network = self.network
        found = [Target("input", i) for i in range(network.input_count)]
        found += [Target("parameter", ref=ref) for ref in self.labels if not ref.is_bias]
        found += [Target("parameter", ref=ref) for ref in self.labels if ref.is_bias]
        if not self.dense:
            found += [Target("activation", i, layer) for layer, i in self.nodes if layer > 0]
        return found + [Target("expected", i) for i in range(network.output_count)]

    def rect(self, target: Target) -> QRectF:
        """Return where a target stands."""
        if target.kind == "input":
            return self.nodes[0, target.index]
        if target.kind == "expected":
            return self.expected_rect(target.index)
        if target.kind == "activation":
            return self.activation_rect(target.layer, target.index)
        if target.kind == "neuron":
            return self.nodes[target.layer, target.index]
        assert target.ref is not None
        return self.labels.get(target.ref, QRectF())

    def _entry(self, after: QRectF, ref: ParameterRef) -> float:
        """Connections meet a card a little apart, so that their arrows can be told apart."""
        structure = self.network.structure
        slot = structure.slots[ref.layer - 1]
        if self.dense or slot.width == 1:
            return after.center().y()
        span = min(56.0, after.height() * 0.5)
        assert ref.source is not None
        column = structure.starts[ref.from_layer] + ref.source - slot.first
        return after.center().y() - span / 2 + span * column / (slot.width - 1)


def cell(card: QRectF, number: int) -> tuple[float, float]:
    """Return left edge and width of a neuron card's cell: 0 sum, 1 activation, 2 output."""
    side, middle = card.width() * 0.36, card.width() * 0.28
    return (
        (card.left(), side),
        (card.left() + side, middle),
        (card.left() + side + middle, side),
    )[number]
