"""Where everything of the diagram stands: pure geometry, from a network and an area."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from types import MappingProxyType

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPointF, QRectF, QSizeF

from nnsim.engine.network import Network, ParameterRef
from nnsim.engine.references import Neuron
from nnsim.model.drawing import Point
from nnsim.tracing.wording import on_paper
from nnsim.views.diagram.targets import Target

CARDS_AT_MOST = 4
"""Layers of more neurons than this are drawn as tiles."""
SMALLEST_CARDS = 0.78
"""Cards that would have to be drawn smaller than this give way to tiles."""

INPUT_CARD = QSizeF(104, 68)
NEURON_CARD = QSizeF(252, 112)
NARROW_NEURON_CARD = QSizeF(228, 112)
NARROW, NARROWER = 800, 14.0
COMPARISON_CARD = QSizeF(148, 132)
HIDDEN_CARD = QSizeF(188, 106)
OUTPUT_CARD = QSizeF(200, 156)
TILE = QSizeF(44, 44)
NAMED_LABEL = QSizeF(96, 56)
LABEL_HEIGHT, TILE_LABEL_HEIGHT = 32.0, 22.0
BIAS_HEIGHT = 28.0
STEM = 12.0
NAME = 24.0
MARGIN = 28.0
TILE_MARGIN = 100.0
TILE_HEAD = 52.0
TILE_GAP, TILE_PITCH = 6.0, (6.0, 58.0)
MIN_COLUMN_GAP = 152.0
STRAIGHT = 0.53
CROSSING = 0.70
FINE_SLIDES = tuple(sorted((k * 0.02 for k in range(-28, 15)), key=abs))
"""How far a label slides along its line, as shares of it; finer between cards than tiles."""
SLIDES = (0.0, -0.08, 0.08, -0.16, 0.16, -0.24, 0.22, -0.28, -0.32, -0.36, -0.4, -0.44, -0.48)
LABELLED_TILES = 60
"""A network of tiles with more weights than this shows a label only on the selected one."""

Array = NDArray[np.float64]
Places = Mapping[Neuron, Point]
"""Where a person has put the middle of neurons, in the units of the scene."""
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

    def with_numbers(
        self, network: Network, area: QSizeF, places: Places = NOWHERE
    ) -> "Scene | None":
        """Return the same places with other numbers; None when these would stand elsewhere."""
        same = network.structure is self.network.structure and area == self.area
        same = same and places == self.places
        if same and (not self.label_widths or self.label_widths == _label_widths(network)):
            return replace(self, network=network)
        return None

    @cached_property
    def largest_weight(self) -> float:
        """The size of the largest weight: the widest line."""
        return max(float(np.abs(weights).max()) for weights in self.network.weights)

    def line(self, ref: ParameterRef) -> tuple[QPointF, QPointF]:
        """Return where the connection of a weight begins and ends."""
        assert ref.source is not None
        before, after = self.nodes[ref.from_layer, ref.source], self.nodes[ref.layer, ref.to]
        return (
            QPointF(before.right(), before.center().y()),
            QPointF(after.left(), self._entry(after, ref)),
        )

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


def lay_out(network: Network, area: QSizeF, places: Places = NOWHERE) -> Scene:
    """Place a network in an area; where it needs more room than that, the scene is larger.

    places: of the neurons that a person has put somewhere; the others stand as they always do.
    """
    if max(network.sizes) > CARDS_AT_MOST:
        return _tiles(network, area, places)
    scene = _cards(network, area, places)
    scale = min(area.width() / scene.size.width(), area.height() / scene.size.height())
    alone = network.sizes[1:] == (1,)
    return scene if alone or scale >= SMALLEST_CARDS else _tiles(network, area, places)


def _put(nodes: dict[Neuron, QRectF], places: Places) -> None:
    """Put the middle of neurons where a person wants it."""
    for neuron, (x, y) in places.items():
        nodes[neuron].moveCenter(QPointF(x, y))


def _cards(network: Network, area: QSizeF, places: Places) -> Scene:
    alone, narrow = network.sizes[1:] == (1,), area.width() < NARROW
    sizes = [_card_size(network, layer, alone) for layer in range(len(network.sizes))]
    if alone and narrow:
        sizes[1] = NARROW_NEURON_CARD
    elif narrow:
        sizes = [size - QSizeF(NARROWER, 0) for size in sizes]
    widths = [size.width() for size in sizes]
    beside = COMPARISON_CARD.width() + (64 if narrow else 84)
    right = beside if alone else 0.0
    pills = [
        40.0 if layer and network.layers[layer - 1].has_bias else 0.0 for layer in range(len(sizes))
    ]
    blocks = [NAME + size.height() + pill for size, pill in zip(sizes, pills, strict=True)]
    needed = max(n * block for n, block in zip(network.sizes, blocks, strict=True)) + 24
    width = max(area.width(), 2 * MARGIN + sum(widths) + MIN_COLUMN_GAP * (len(sizes) - 1) + right)
    height = max(area.height(), needed)
    lefts = _columns(widths, width - 2 * MARGIN - right)
    nodes = {}
    for layer, (size, block, pill) in enumerate(zip(sizes, blocks, pills, strict=True)):
        for i, top in enumerate(_tops(network.sizes[layer], block, height)):
            # Centred on the card itself, so that single neurons stand on one line.
            top += NAME - (NAME - pill) / 2
            nodes[layer, i] = QRectF(QPointF(MARGIN + lefts[layer], top), size)
    usual = nodes[1, 0].right()
    _put(nodes, places)
    comparison = None
    if alone:
        middle = nodes[1, 0].center().y() - COMPARISON_CARD.height() / 2
        left = width - MARGIN - COMPARISON_CARD.width() + nodes[1, 0].right() - usual
        comparison = QRectF(QPointF(left, middle), COMPARISON_CARD)
    room = QSizeF(width, height)
    bare = Scene(network, room, nodes, comparison, {}, False, area, places=places)
    return _labelled(bare)


def _card_size(network: Network, layer: int, alone: bool) -> QSizeF:
    if layer == 0:
        return INPUT_CARD
    if alone:
        return NEURON_CARD
    return OUTPUT_CARD if layer == len(network.layers) else HIDDEN_CARD


def _tops(count: int, block: float, height: float) -> list[float]:
    """Return the tops of blocks spread over a height: apart, but not lost in it."""
    pitch = min(max(block, (height - 24) / count), block + 170)
    first = (height - pitch * (count - 1) - block) / 2
    return [first + i * pitch for i in range(count)]


def _tiles(network: Network, area: QSizeF, places: Places) -> Scene:
    """Place tiles so low that the largest layer fits, down to a height of a few pixels."""
    least, most = TILE_PITCH
    count = max(network.sizes)
    room = area.height() - TILE_HEAD - 12
    pitch = min(most, max(least, room / count))
    tile = QSizeF(TILE.width(), min(TILE.height(), max(least - 1, pitch - TILE_GAP)))
    layers = len(network.sizes)
    width = max(area.width(), 2 * TILE_MARGIN + 60 + TILE.width() * layers + 90 * (layers - 1))
    height = max(area.height(), pitch * count + TILE_HEAD + 12)
    lefts = _columns([TILE.width()] * layers, width - 2 * TILE_MARGIN - 60)
    nodes = {}
    for layer, size in enumerate(network.sizes):
        spread = min(most * 1.6, max(pitch, (height - TILE_HEAD - 12) / size * 0.8))
        first = TILE_HEAD + (height - TILE_HEAD - 12 - spread * (size - 1) - tile.height()) / 2
        for i in range(size):
            place = QPointF(TILE_MARGIN + lefts[layer], first + i * spread)
            nodes[layer, i] = QRectF(place, tile)
    _put(nodes, places)
    sides = np.array([(r.left(), r.right(), r.center().y()) for r in nodes.values()])
    extent = QSizeF(width, height)
    bare = Scene(network, extent, nodes, None, {}, True, area, sides=sides, places=places)
    return _labelled(bare) if network.parameter_count <= LABELLED_TILES else bare


def _columns(widths: list[float], room: float) -> list[float]:
    """Return the left edge of each column, with equal gaps between them."""
    gap = (room - sum(widths)) / max(1, len(widths) - 1)
    lefts, left = [], 0.0
    for width in widths:
        lefts.append(left)
        left += width + gap
    return lefts


def _labelled(bare: Scene) -> Scene:
    widths = _label_widths(bare.network)
    return replace(bare, labels=_labels(bare), label_widths=widths)


def _label_widths(network: Network) -> tuple[float, ...]:
    return tuple(_text_width(network, ref) for ref in network.refs())


def _labels(scene: Scene) -> dict[ParameterRef, QRectF]:
    """Place bias pills under their cards, then weight labels where they touch nothing."""
    alone = scene.comparison is not None
    placed: dict[ParameterRef, QRectF] = {}
    names = 4.0 if scene.dense else NAME
    taken = [
        rect.adjusted(-4, -names if layer > 0 else -4, 4, 4)
        for (layer, _), rect in scene.nodes.items()
    ]
    for ref in scene.network.refs():
        if ref.is_bias and not scene.dense:
            node = scene.nodes[ref.layer, ref.to]
            # Under a lone neuron the sum is written out; its bias stands below that.
            drop = STEM + 26 if alone else STEM
            size = QSizeF(_text_width(scene.network, ref) + 56, BIAS_HEIGHT)
            placed[ref] = QRectF(QPointF(node.left() + 12, node.bottom() + drop), size)
            taken.append(placed[ref])
    for ref in scene.network.refs():
        if not ref.is_bias and (rect := _label(scene, ref, taken)) is not None:
            placed[ref] = rect
            taken.append(rect.adjusted(-2, -2, 2, 20 if alone else 2))
    return placed


def _label(scene: Scene, ref: ParameterRef, taken: list[QRectF]) -> QRectF | None:
    """Slide the label along its line until it touches nothing; None when that fails."""
    start, end = scene.line(ref)
    alone = scene.comparison is not None
    straight = alone or abs(start.y() - end.y()) < 60
    best = STRAIGHT if straight else CROSSING
    for slide in SLIDES if scene.dense else FINE_SLIDES:
        rect = label_at(scene, ref, best + slide)
        if not any(rect.intersects(other) for other in taken):
            return rect
    return None


def label_at(scene: Scene, ref: ParameterRef, share: float) -> QRectF:
    """Return the place of a weight's label with its middle at that share of the line."""
    start, end = scene.line(ref)
    size = QSizeF(_text_width(scene.network, ref) + 20, LABEL_HEIGHT)
    if scene.comparison is not None:
        size = NAMED_LABEL
    elif scene.dense:
        size = QSizeF(_text_width(scene.network, ref) + 8, TILE_LABEL_HEIGHT)
    rect = QRectF(QPointF(), size)
    rect.moveCenter(start + (end - start) * share)
    return rect


def _text_width(network: Network, ref: ParameterRef) -> float:
    """Two widths only, so that labels do not twitch while numbers change."""
    value = float(network.parameters[network.index_of(ref)])
    return 34.0 if len(on_paper(value)) <= 4 else 62.0
