"""Where the tiles of a larger network stand."""

import numpy as np
from PySide6.QtCore import QPointF, QRectF, QSizeF

from nnsim.engine.network import Network
from nnsim.views.diagram.label_places import labelled
from nnsim.views.diagram.placing import columns, put
from nnsim.views.diagram.scene import Places, Scene

TILE = QSizeF(44, 44)
TILE_MARGIN = 100.0
TILE_HEAD = 52.0
TILE_GAP, TILE_PITCH = 6.0, (6.0, 58.0)
LABELLED_TILES = 60
"""A network of tiles with more weights than this shows a label only on the selected one."""


def tiles_scene(network: Network, area: QSizeF, places: Places) -> Scene:
    """Place tiles so low that the largest layer fits, down to a height of a few pixels."""
    least, most = TILE_PITCH
    count = max(network.sizes)
    room = area.height() - TILE_HEAD - 12
    pitch = min(most, max(least, room / count))
    tile = QSizeF(TILE.width(), min(TILE.height(), max(least - 1, pitch - TILE_GAP)))
    layers = len(network.sizes)
    width = max(area.width(), 2 * TILE_MARGIN + 60 + TILE.width() * layers + 90 * (layers - 1))
    height = max(area.height(), pitch * count + TILE_HEAD + 12)
    lefts = columns([TILE.width()] * layers, width - 2 * TILE_MARGIN - 60)
    nodes = {}
    for layer, size in enumerate(network.sizes):
        spread = min(most * 1.6, max(pitch, (height - TILE_HEAD - 12) / size * 0.8))
        first = TILE_HEAD + (height - TILE_HEAD - 12 - spread * (size - 1) - tile.height()) / 2
        for i in range(size):
            place = QPointF(TILE_MARGIN + lefts[layer], first + i * spread)
            nodes[layer, i] = QRectF(place, tile)
    put(nodes, places)
    sides = np.array([(r.left(), r.right(), r.center().y()) for r in nodes.values()])
    extent = QSizeF(width, height)
    bare = Scene(network, extent, nodes, None, {}, True, area, sides=sides, places=places)
    return labelled(bare) if network.parameter_count <= LABELLED_TILES else bare
