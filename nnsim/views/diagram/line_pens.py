"""The pens of connections: width by size, colour and dashes by sign, grey for frozen ones."""

from functools import lru_cache
from math import sqrt
from typing import NamedTuple

from PySide6.QtCore import Qt
from PySide6.QtGui import QPen

from nnsim.engine.network import ParameterRef
from nnsim.views.diagram.scene import Scene
from nnsim.views.diagram.strokes import blended
from nnsim.views.parts.theme import theme

FADED = 0.3
THIN_FROM = 400
"""Networks of more weights and biases than this have thin lines, which hide less."""
SELECTED_MORE = 2.0
"""So much wider is the selected connection between tiles."""


class Line(NamedTuple):
    """How a connection looks."""

    share: float
    """The size of the weight as a share of the largest in the network, 0 … 1."""
    negative: bool
    lit: bool = True
    frozen: bool = False


def line_of(scene: Scene, ref: ParameterRef, lit: bool = True) -> Line:
    """Return how the connection of a weight looks."""
    network = scene.network
    place = network.index_of(ref)
    value = float(network.parameters[place])
    share = abs(value) / scene.largest_weight if scene.largest_weight else 0.0
    return Line(share, value < 0, lit, network.is_frozen(place))


def width_of(scene: Scene, share: float) -> float:
    """Return how wide the line of a weight is whose size is that share of the largest."""
    if len(scene.network.parameters) > THIN_FROM:
        return 1.0 if share < 0.5 else 2.0
    return 0.8 + 3.6 * share if scene.dense else 1.5 + 4 * share


def pen_of(scene: Scene, line: Line, zoom: float = 1.0) -> QPen:
    """Return the pen of a connection.

    zoom: how much larger than its usual size a scene of tiles is seen; lines grow less than it.
    """
    strength = (0.18 + 0.72 * line.share) if scene.dense else 1.0
    if not line.lit:
        strength = min(strength, FADED)
    width = width_of(scene, line.share)
    return _made_pen(theme().name, strength, width, line.negative, line.frozen, zoom)


def selected_pen(scene: Scene, line: Line) -> QPen:
    """Return the pen of the selected connection between tiles: wider, and never faint."""
    width = width_of(scene, line.share) + SELECTED_MORE
    strength = max(0.18 + 0.72 * line.share, FADED)
    return _made_pen(theme().name, strength, width, line.negative, line.frozen)


@lru_cache(maxsize=1024)
def _made_pen(
    _theme: str, strength: float, width: float, negative: bool, frozen: bool, zoom: float = 1.0
) -> QPen:
    """The pen in the theme now in use, which has that name. Nobody changes a pen it gave."""
    t = theme()
    colour = t.muted if frozen else t.weight(-1.0 if negative else 1.0)
    pen = QPen(blended(colour, t.background, strength), 1)
    # Qt draws lines of up to one pixel in another way: much faster for dashes, slower for others.
    drawn = width if negative and width == 1 else max(1.01, width)
    pen.setWidthF(drawn / sqrt(zoom))
    pen.setCapStyle(Qt.PenCapStyle.FlatCap)
    if negative:
        pen.setDashPattern([3.0, 2.0] if width == 1 else [2.2, 1.5])
    return pen
