"""How much detail there is time for: less while numbers move, all of it soon after."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

import numpy as np
from PySide6.QtCore import QElapsedTimer, QObject, QTimer, Signal
from PySide6.QtGui import QImage

from nnsim.engine.references import Neuron
from nnsim.model.frame import Frame
from nnsim.tracing.names import neuron_name
from nnsim.tracing.neuron_maps import map_range, neuron_maps
from nnsim.tracing.wording import on_paper
from nnsim.views.diagram.colour_scale import coloured, image_of
from nnsim.views.diagram.scene import Scene
from nnsim.views.parts.theme import theme

SETTLED = 150
"""Lines are smooth again so many ms after the last change."""
MAPS_EVERY = 100
"""In a run the maps on the tiles are made again every so many ms."""
MAPPED_AT_MOST = 400
"""Networks of more neurons have no maps: their tiles are too small."""

Maps = Mapping[Neuron, QImage]


@dataclass(frozen=True)
class Detail:
    """What is drawn besides the Frame itself. The first Detail has smooth lines and no maps."""

    smooth: bool = True
    maps: Maps = field(default_factory=dict)


class Refining(QObject):
    """Follows the frames that are shown, and says when there is time for more detail."""

    refined = Signal()
    """There is more to see: draw it again."""

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self.detail = Detail()
        self._frame: Frame | None = None
        self._tiled = False
        self._theme = ""
        self._since_maps = QElapsedTimer()
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(SETTLED)
        self._timer.timeout.connect(self._settle)

    def show_frame(self, frame: Frame, tiled: bool) -> None:
        """Take in a moment. tiled: whether it is drawn as tiles, which may have maps."""
        before, self._frame = self._frame, frame
        known, self._tiled = self._tiled, tiled
        if before is not None and before.document is frame.document and known == tiled:
            return
        self.detail = replace(self.detail, smooth=False)
        if not tiled or not has_maps(frame):
            self.detail = Detail(smooth=False)
        elif not frame.running or not self._is_recent():
            self._make_maps()
        self._timer.start()

    def tip(self, neuron: Neuron | None) -> str:
        """Return what a neuron's map shows, in a line of its own; empty without a map."""
        if self._frame is None or neuron not in self.detail.maps:
            return ""
        across, up = map_range(self._frame.document.samples).tolist()
        said = self.tr("Map: its output where {} goes from {} to {}, and {} up from {} to {}")
        names = [neuron_name(self._frame.document.network, 0, i) for i in range(2)]
        return "\n" + said.format(names[0], *map(on_paper, across), names[1], *map(on_paper, up))

    def dress(self) -> None:
        """Take in another theme."""
        if self.detail.maps and theme().name != self._theme:
            self._make_maps()

    def _is_recent(self) -> bool:
        """Whether the maps are of this theme and have been made only just now."""
        return self._since_maps.isValid() and self._since_maps.elapsed() < MAPS_EVERY

    def _settle(self) -> None:
        if self.detail.maps:
            self._make_maps()
        self.detail = replace(self.detail, smooth=True)
        self.refined.emit()

    def _make_maps(self) -> None:
        assert self._frame is not None
        self._theme = theme().name
        self.detail = replace(self.detail, maps=maps_of(self._frame))
        self._since_maps.start()


def full_detail(scene: Scene, frame: Frame) -> Detail:
    """Return all the detail there is of a moment."""
    return Detail(maps=maps_of(frame) if scene.dense and has_maps(frame) else {})


def has_maps(frame: Frame) -> bool:
    """Whether a network's neurons can be shown as maps: it has two inputs."""
    network = frame.document.network
    return network.input_count == 2 and sum(network.sizes) <= MAPPED_AT_MOST


def maps_of(frame: Frame) -> dict[Neuron, QImage]:
    """Return the picture of each neuron's output over the two inputs, in the present theme.

    The fullest colour is an output of 1, or the largest one of the neuron beyond that.
    """
    document = frame.document
    maps: dict[Neuron, QImage] = {}
    for layer, outputs in enumerate(neuron_maps(document.network, document.samples)):
        sizes = np.abs(np.nan_to_num(outputs)).max(axis=(1, 2), keepdims=True)
        pixels = coloured(outputs / np.maximum(1.0, sizes), theme())
        maps |= {(layer, index): image_of(picture) for index, picture in enumerate(pixels)}
    return maps
