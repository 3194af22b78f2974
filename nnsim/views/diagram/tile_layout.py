"""Where the tiles of a larger network stand, and the strips of its very large layers."""

from dataclasses import replace

import numpy as np
from PySide6.QtCore import QPointF, QRectF, QSizeF

from nnsim.engine.network import Network
from nnsim.engine.references import Neuron
from nnsim.views.diagram.label_places import labelled
from nnsim.views.diagram.placing import columns, put
from nnsim.views.diagram.routes import routes_of
from nnsim.views.diagram.scene import Places, Scene
from nnsim.views.diagram.strips import Strip, is_strip, strip_of

TILE = QSizeF(44, 44)
TILE_MARGIN = 100.0
TILE_HEAD = 52.0
TILE_FOOT = 12.0
TILE_GAP, TILE_PITCH = 6.0, (4.0, 58.0)
LABELLED_TILES = 60
"""A network of tiles with more weights than this shows a label only on the selected one."""


def tiles_scene(network: Network, area: QSizeF, places: Places) -> Scene:
    """Place tiles so low that the largest layer fits, down to a height of a few pixels.

    Layers with more neurons than have room as tiles are strips; a strip's cells stay in it.
    """
    room = area.height() - TILE_HEAD - TILE_FOOT
    strips = {
        layer: strip_of(size, area, room)
        for layer, size in enumerate(network.sizes)
        if is_strip(layer, size)
    }
    tiled = [size for layer, size in enumerate(network.sizes) if layer not in strips]
    pitch = min(TILE_PITCH[1], max(TILE_PITCH[0], room / max(tiled, default=1)))
    tile = QSizeF(TILE.width(), _tile_height(pitch))
    widths = [
        strips[layer].rect.width() if layer in strips else TILE.width()
        for layer in range(len(network.sizes))
    ]
    needed = max([pitch * size for size in tiled] + [s.rect.height() for s in strips.values()])
    height = max(area.height(), needed + TILE_HEAD + TILE_FOOT)
    width = max(area.width(), 2 * TILE_MARGIN + 60 + sum(widths) + 90 * (len(widths) - 1))
    lefts = columns(widths, width - 2 * TILE_MARGIN - 60)
    nodes: dict[Neuron, QRectF] = {}
    for layer, size in enumerate(network.sizes):
        left = TILE_MARGIN + lefts[layer]
        if layer in strips:
            strips[layer] = _in_the_middle(strips[layer], left, height)
            nodes |= {(layer, i): strips[layer].place(i) for i in range(size)}
        else:
            nodes |= _column(layer, size, QPointF(left, height), tile, pitch)
    put(nodes, {neuron: place for neuron, place in places.items() if neuron[0] not in strips})
    extent, sides = QSizeF(width, height), _sides(nodes, strips)
    bare = Scene(
        network, extent, nodes, None, {}, True, area, sides=sides, places=places, strips=strips
    )
    bare = replace(bare, routes=routes_of(bare))
    return labelled(bare) if network.parameter_count <= LABELLED_TILES else bare


def _tile_height(pitch: float) -> float:
    """Apart by a gap, which shrinks to one pixel where tiles are low."""
    return min(TILE.height(), max(TILE_PITCH[0] - 1, pitch - min(TILE_GAP, pitch / 4)))


def _column(
    layer: int, size: int, corner: QPointF, tile: QSizeF, pitch: float
) -> dict[Neuron, QRectF]:
    """Tiles one below the other, in the middle; corner: left and the height of the scene."""
    height = corner.y()
    spread = min(TILE_PITCH[1] * 1.6, max(pitch, (height - TILE_HEAD - TILE_FOOT) / size * 0.8))
    room = height - TILE_HEAD - TILE_FOOT
    first = TILE_HEAD + (room - spread * (size - 1) - tile.height()) / 2
    return {(layer, i): QRectF(QPointF(corner.x(), first + i * spread), tile) for i in range(size)}


def _in_the_middle(strip: Strip, left: float, height: float) -> Strip:
    room = height - TILE_HEAD - TILE_FOOT
    top = TILE_HEAD + (room - strip.rect.height()) / 2
    return Strip(strip.rect.translated(left, top), strip.rows, strip.columns)


def _sides(nodes: dict[Neuron, QRectF], strips: dict[int, Strip]) -> np.ndarray:
    """[neurons, 3]: where lines meet each; those of a strip at its edges, in the cell's row."""
    sides = np.empty((len(nodes), 3))
    for place, ((layer, _), rect) in enumerate(nodes.items()):
        whole = strips[layer].rect if layer in strips else rect
        sides[place] = whole.left(), whole.right(), rect.center().y()
    return sides
