"""The network's panel: header, the diagram, a line of help and the zoom buttons."""

from collections.abc import Collection

from PySide6.QtCore import QEvent, QPointF, Qt
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QToolButton, QVBoxLayout, QWidget

from nnsim.engine.references import Neuron
from nnsim.model.frame import Frame
from nnsim.views.diagram.arranging import ARRANGEMENTS
from nnsim.views.diagram.gestures.moving import middles, moved_by
from nnsim.views.diagram.view import DiagramView
from nnsim.views.parts.header import Header
from nnsim.views.parts.icons import pixmap
from nnsim.views.parts.theme import theme


class DiagramPanel(QWidget):
    """The diagram with what stands around it. `undo_button` belongs to the stop banner."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("surface", "background")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.header = Header(self.tr("Network"), self)
        self.view = DiagramView(self)
        self.banner = StopBanner(self)
        self._hint = QLabel(self)
        self._hint.setProperty("role", "hint")
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.header)
        column.addWidget(self.banner)
        column.addWidget(self.view, 1)
        column.addLayout(self._foot())

    def show_frame(self, frame: Frame) -> None:
        """Show a moment."""
        self.header.say(_subtitle(self, frame))
        self._hint.setText(_hint(self, frame))
        self.banner.show_reason(frame.run.stopped.reason if frame.run.stopped else "")
        self.view.show_frame(frame)

    def arrange(self, how: str, neurons: Collection[Neuron]) -> None:
        """Wish neurons in line or evenly apart; how: a name in arranging.ARRANGEMENTS."""
        scene, _ = self.view.canvas.shown()
        places = ARRANGEMENTS[how](moved_by(middles(scene, neurons), QPointF()))
        self.view.wishes.neurons_placed.emit(places)

    def _foot(self) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setContentsMargins(16, 4, 16, 12)
        row.setSpacing(4)
        row.addWidget(self._hint, 1)
        for words, name, slot in (
            ("−", self.tr("Zoom out"), self.view.zoom_out),
            (self.tr("Fit"), self.tr("Show the whole network"), self.view.fit),
            ("+", self.tr("Zoom in"), self.view.zoom_in),
        ):
            button = QToolButton(self)
            button.setText(words)
            button.setProperty("outlined", True)
            button.setAccessibleName(name)
            button.setToolTip(name)
            button.setMinimumWidth(40)
            button.clicked.connect(slot)
            row.addWidget(button)
        return row


class StopBanner(QWidget):
    """Says why training stopped by itself, with a way back."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("surface", "banner")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._sign = QLabel(self)
        self._text = QLabel(self)
        self._text.setWordWrap(True)
        self.undo_button = QPushButton(self.tr("Undo"), self)
        self.undo_button.setToolTip(self.tr("Back to before the run"))
        row = QHBoxLayout(self)
        row.setContentsMargins(16, 6, 16, 6)
        row.setSpacing(10)
        row.addWidget(self._sign)
        row.addWidget(self._text, 1)
        row.addWidget(self.undo_button)
        self.hide()

    def show_reason(self, reason: str) -> None:
        """Show a sentence, or nothing for an empty one."""
        if reason == self._text.text() and self.isHidden() != bool(reason):
            return
        self._text.setText(reason)
        self._paint()
        self.setVisible(bool(reason))

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange:
            self._paint()

    def _paint(self) -> None:
        self._sign.setPixmap(pixmap("triangle-alert", theme().ink, 18, self.devicePixelRatioF()))


def _subtitle(panel: QWidget, frame: Frame) -> str:
    """Such as: one neuron, f(x) = x, no bias; or 2-2-2, sigmoid."""
    network = frame.document.network
    names = list(dict.fromkeys(name for layer in network.layers for name in layer.activations))
    has_bias = any(layer.has_bias for layer in network.layers)
    if network.sizes[1:] == (1,):
        f = "f(x) = x" if names == ["linear"] else names[0]
        bias = panel.tr("with a bias") if has_bias else panel.tr("no bias")
        return ", ".join((panel.tr("one neuron"), f, bias))
    sizes = "-".join(map(str, network.sizes))
    return ", ".join((sizes, *names, *(() if has_bias else (panel.tr("no biases"),))))


def _hint(panel: QWidget, frame: Frame) -> str:
    if frame.running:
        return panel.tr("Running. Pause to see each factor.")
    if frame.tried is not None:
        return panel.tr("Trying inputs: no sample is changed.")
    if frame.selected and frame.selected.layer < len(frame.document.network.layers):
        return panel.tr("Esc shows every connection again.")
    return panel.tr("Double-click a number to change it. Space takes a step.")
