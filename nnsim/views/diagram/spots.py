"""Where the numbers of the diagram stand, each with the quantity that it shows."""

from collections.abc import Iterator, Set

from PySide6.QtCore import QPointF, QRectF

from nnsim.engine.network import ParameterRef
from nnsim.tracing.quantity import Kind, Quantity
from nnsim.views.diagram.label_places import DELTA_HEIGHT, LABEL_HEIGHT, shown_label
from nnsim.views.diagram.scene import Scene, cell
from nnsim.views.diagram.targets import Target

Spot = tuple[QRectF, Quantity]
WIDEST = 92.0
"""A number is marked no wider than it can be."""


def spots(scene: Scene, *asked_for: ParameterRef | None) -> Iterator[Spot]:
    """Yield the places of all numbers that the diagram has room for, in scene coordinates.

    asked_for: the weights that have a large label among tiles, as what is selected or pointed at.
    """
    enlarged = {ref for ref in asked_for if ref is not None} if scene.dense else set()
    for ref in enlarged:
        yield shown_label(scene, ref), Quantity(Kind.parameter, ref=ref)
    yield from _labels(scene, enlarged)
    if scene.dense:
        yield from _tiles(scene)
        return
    for (layer, index), rect in scene.nodes.items():
        if layer == 0:
            number = QRectF(rect.left() + 6, rect.top() + 26, rect.width() - 12, 32)
            yield _narrow(number), Quantity(Kind.input, (0, index))
        elif scene.comparison is not None:
            yield from _lone_neuron(scene, rect)
        else:
            yield from _neuron(scene, (layer, index), rect)


def spot_at(scene: Scene, selected: ParameterRef | None, point: QPointF) -> Quantity | None:
    """Return the quantity whose number lies at a point of the scene."""
    for rect, quantity in spots(scene, selected):
        if rect.contains(point):
            return quantity
    return None


def quantity_of(scene: Scene, target: Target) -> Quantity:
    """Return the number that a part of the diagram stands for: of a weight its delta."""
    if target.ref is not None:
        return Quantity(Kind.delta, ref=target.ref)
    neuron = (target.layer, target.index)
    if target.kind == "input":
        return Quantity(Kind.input, (0, target.index))
    if target.kind == "expected":
        return Quantity(Kind.error, (len(scene.network.layers), target.index))
    if target.kind == "activation":
        return Quantity(Kind.slope, neuron)
    return Quantity(Kind.output, neuron)


def _labels(scene: Scene, enlarged: Set[ParameterRef]) -> Iterator[Spot]:
    for ref, rect in scene.labels.items():
        if ref in enlarged:
            continue
        own = Quantity(Kind.parameter, ref=ref)
        if ref.is_bias or scene.dense:
            yield rect, own
        elif scene.comparison is not None:
            yield _narrow(rect.adjusted(5, 23, -5, -5)), own
            under = QRectF(rect.center().x() - 50, rect.bottom() + 5, 100, 20)
            yield under, Quantity(Kind.delta, ref=ref)
        elif rect.height() > LABEL_HEIGHT:
            yield _narrow(rect.adjusted(5, 1, -5, -3 - DELTA_HEIGHT)), own
            inside = QRectF(rect.left() + 3, rect.bottom() - 18, rect.width() - 6, 16)
            yield inside, Quantity(Kind.delta, ref=ref)
        else:
            yield _narrow(rect), own


def _tiles(scene: Scene) -> Iterator[Spot]:
    last = len(scene.network.layers)
    for (layer, index), rect in scene.nodes.items():
        yield rect, Quantity(Kind.output if layer else Kind.input, (layer, index))
    for index in range(scene.network.output_count if scene.network.output_count <= 14 else 0):
        beside = scene.expected_rect(index)
        top = QRectF(beside.left(), beside.center().y() - 17, beside.width(), 17)
        yield top, Quantity(Kind.expected, (last, index))
        yield top.translated(0, 17), Quantity(Kind.error, (last, index))


def _lone_neuron(scene: Scene, rect: QRectF) -> Iterator[Spot]:
    """The three cells of the neuron of a network of one, and the comparison beside it."""
    assert scene.comparison is not None
    neuron, beside = (1, 0), scene.comparison
    for number, kind in ((0, Kind.sum), (2, Kind.output)):
        left, width = cell(rect, number)
        yield _narrow(QRectF(left + 3, rect.top() + 40, width - 6, 34)), Quantity(kind, neuron)
    left, width = cell(rect, 1)
    yield _narrow(QRectF(left, rect.bottom() - 22, width, 16)), Quantity(Kind.slope, neuron)
    yield _narrow(scene.expected_rect(0).adjusted(0, 20, 0, -4)), Quantity(Kind.expected, neuron)
    error = QRectF(beside.left() + 6, beside.top() + 88, beside.width() - 12, 32)
    yield _narrow(error), Quantity(Kind.error, neuron)


def _neuron(scene: Scene, neuron: tuple[int, int], rect: QRectF) -> Iterator[Spot]:
    for number, kind in ((0, Kind.sum), (2, Kind.output)):
        left, width = cell(rect, number)
        yield QRectF(left + 4, rect.top() + 28, width - 8, 24), Quantity(kind, neuron)
    has_slope = scene.network.layers[neuron[0] - 1].activations[neuron[1]] != "softmax"
    line = QRectF(rect.left() + 20, rect.top() + 67, rect.width() - 40, 16)
    if has_slope:
        yield line, Quantity(Kind.slope, neuron)
    yield line.translated(0, 16 if has_slope else 8), Quantity(Kind.signal, neuron)
    if neuron[0] < len(scene.network.layers):
        above = QRectF(rect.right() - 120, rect.top() - 24, 120, 20)
        yield above, Quantity(Kind.output_gradient, neuron)
        return
    yield scene.expected_rect(neuron[1]).adjusted(0, 20, 0, 0), Quantity(Kind.expected, neuron)
    half = rect.width() / 2
    error = QRectF(rect.left() + half, rect.bottom() - 30, half - 8, 26)
    yield _narrow(error), Quantity(Kind.error, neuron)


def _narrow(rect: QRectF) -> QRectF:
    spare = max(0.0, rect.width() - WIDEST) / 2
    return rect.adjusted(spare, 0, -spare, 0)
