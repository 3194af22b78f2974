"""Opens the heat map of the weights that are pointed at, and lets it follow the network."""

from PySide6.QtCore import QObject, QPointF, Signal
from PySide6.QtWidgets import QWidget

from nnsim.model.frame import Frame
from nnsim.views.diagram.canvas import Canvas
from nnsim.views.diagram.heat_map import HeatMapDialog
from nnsim.views.diagram.pairs import SINGLE_AT_MOST, Pair, pair_at, pairs_of


class HeatMaps(QObject):
    """The one heat map of a diagram, made when it is first asked for."""

    weight_chosen = Signal(object)

    def __init__(self, canvas: Canvas, parent: QWidget) -> None:
        super().__init__(parent)
        self._canvas, self._parent = canvas, parent
        self.dialog: HeatMapDialog | None = None

    def are_at(self, where: QPointF) -> bool:
        """Whether bands lie at a point of the widget."""
        return self._pair_at(where) is not None

    def tip(self) -> str:
        """Return what is said where the bands are pointed at."""
        return self.tr("Double-click, or press Ctrl+M, to see every weight here as a heat map")

    def open_at(self, where: QPointF) -> None:
        """Open the heat map of the bands at a point of the widget, if there are any."""
        if pair := self._pair_at(where):
            self._open(pair)

    def open(self) -> None:
        """Open the heat map with the selected weight; without one, of the most connections."""
        frame = self._canvas.frame
        if frame is None:
            return
        pairs, ref = pairs_of(frame.document.network.structure), frame.selected
        for pair in pairs:
            if ref is not None and (pair.source, pair.layer) == (ref.from_layer, ref.layer):
                self._open(pair)
                return
        if pairs:
            self._open(max(pairs, key=lambda pair: len(pair.places)))

    def show_frame(self, frame: Frame) -> None:
        """Show a moment in the heat map, if it is open."""
        if self.dialog is not None and self.dialog.isVisible():
            self.dialog.show_frame(frame)

    def _pair_at(self, where: QPointF) -> Pair | None:
        scene = self._canvas.scene
        if scene is None:
            return None
        return pair_at(scene, self._canvas.to_scene(where), SINGLE_AT_MOST)

    def _open(self, pair: Pair) -> None:
        assert self._canvas.frame is not None
        if self.dialog is None:
            self.dialog = HeatMapDialog(self._parent)
            self.dialog.weight_chosen.connect(self.weight_chosen)
        self.dialog.show_pair(self._canvas.frame, pair.source, pair.layer)
