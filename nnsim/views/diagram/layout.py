"""Lays a network out: as cards, or as tiles where cards would be too small."""

from dataclasses import replace

from PySide6.QtCore import QSizeF

from nnsim.engine.network import Network
from nnsim.views.diagram.card_layout import cards_scene
from nnsim.views.diagram.label_places import label_widths
from nnsim.views.diagram.scene import NOWHERE, Places, Scene
from nnsim.views.diagram.tile_layout import tiles_scene

CARDS_AT_MOST = 4
"""Layers of more neurons than this are drawn as tiles."""
SMALLEST_CARDS = 0.78
"""Cards that would have to be drawn smaller than this give way to tiles."""


def lay_out(network: Network, area: QSizeF, places: Places = NOWHERE) -> Scene:
    """Place a network in an area; where it needs more room than that, the scene is larger.

    places: of the neurons that a person has put somewhere; the others stand as they always do.
    """
    if max(network.sizes) > CARDS_AT_MOST:
        return tiles_scene(network, area, places)
    scene = cards_scene(network, area, places)
    scale = min(area.width() / scene.size.width(), area.height() / scene.size.height())
    alone = network.sizes[1:] == (1,)
    return scene if alone or scale >= SMALLEST_CARDS else tiles_scene(network, area, places)


def with_numbers(
    scene: Scene, network: Network, area: QSizeF, places: Places = NOWHERE
) -> Scene | None:
    """Return the same places with other numbers; None when these would stand elsewhere."""
    same = network.structure is scene.network.structure and area == scene.area
    same = same and places == scene.places
    if same and network is scene.network:
        return scene
    if same and (not scene.label_widths or scene.label_widths == label_widths(network)):
        return replace(scene, network=network)
    return None
