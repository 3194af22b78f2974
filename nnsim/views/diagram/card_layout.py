"""Where the cards of a small network stand."""

from dataclasses import replace

from PySide6.QtCore import QPointF, QRectF, QSizeF

from nnsim.engine.network import Network
from nnsim.views.diagram.label_places import labelled
from nnsim.views.diagram.placing import columns, put
from nnsim.views.diagram.routes import routes_of
from nnsim.views.diagram.scene import NAME, Places, Scene

INPUT_CARD = QSizeF(104, 68)
NEURON_CARD = QSizeF(252, 112)
NARROW_NEURON_CARD = QSizeF(228, 112)
NARROW, NARROWER = 800, 14.0
COMPARISON_CARD = QSizeF(148, 132)
HIDDEN_CARD = QSizeF(188, 106)
OUTPUT_CARD = QSizeF(200, 156)
MARGIN = 28.0
MIN_COLUMN_GAP = 152.0


def cards_scene(network: Network, area: QSizeF, places: Places) -> Scene:
    """Place a network as cards; the scene is larger than the area where they need more room."""
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
    lefts = columns(widths, width - 2 * MARGIN - right)
    nodes = {}
    for layer, (size, block, pill) in enumerate(zip(sizes, blocks, pills, strict=True)):
        for i, top in enumerate(_tops(network.sizes[layer], block, height)):
            # Centred on the card itself, so that single neurons stand on one line.
            top += NAME - (NAME - pill) / 2
            nodes[layer, i] = QRectF(QPointF(MARGIN + lefts[layer], top), size)
    usual = nodes[1, 0].right()
    put(nodes, places)
    comparison = None
    if alone:
        middle = nodes[1, 0].center().y() - COMPARISON_CARD.height() / 2
        left = width - MARGIN - COMPARISON_CARD.width() + nodes[1, 0].right() - usual
        comparison = QRectF(QPointF(left, middle), COMPARISON_CARD)
    room = QSizeF(width, height)
    bare = Scene(network, room, nodes, comparison, {}, False, area, places=places)
    return labelled(replace(bare, routes=routes_of(bare)))


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
