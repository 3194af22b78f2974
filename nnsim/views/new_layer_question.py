"""The question what a new layer is like: where it stands, how many neurons, which activation."""

from itertools import pairwise

from PySide6.QtCore import Signal
from PySide6.QtWidgets import (
    QCheckBox,
    QDialog,
    QFormLayout,
    QHBoxLayout,
    QPushButton,
    QSpinBox,
    QVBoxLayout,
    QWidget,
)

from nnsim.engine.network import Network
from nnsim.tracing.names import layer_name
from nnsim.views.layer_rows import ActivationBox
from nnsim.views.parts.choice_box import ChoiceBox

USUAL_ACTIVATION = "sigmoid"
MOST = 10_000
"""Neurons in a new layer."""


class NewLayerQuestion(QDialog):
    """Asks for a new layer. Show it with open()."""

    layer_added = Signal(int, int, str, bool)
    """Its number, its neurons, their activation, whether its neighbours stay connected."""

    def __init__(self, network: Network, at: int, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(self.tr("Add a layer"))
        self._network = network
        self.place = ChoiceBox(self._places(), self)
        self.place.choose(str(at))
        self.count = QSpinBox(self)
        self.count.setRange(1, MOST)
        self.count.lineEdit().setTextMargins(5, 0, 0, 0)
        self.activation = ActivationBox(False, self)
        self.keeps_direct = QCheckBox(self)
        self.add_button = QPushButton(self.tr("Add"), self)
        self.cancel_button = QPushButton(self.tr("Cancel"), self)
        self.add_button.setProperty("main", True)
        self.add_button.setDefault(True)
        self._lay_out()
        self._show_place()
        self.place.activated.connect(self._show_place)
        self.add_button.clicked.connect(self.accept)
        self.cancel_button.clicked.connect(self.reject)

    @property
    def at(self) -> int:
        """The number that the layer will have."""
        return int(self.place.choice)

    def accept(self) -> None:
        """Say what was asked for."""
        super().accept()
        keeps = self.keeps_direct.isChecked() and self.keeps_direct.isEnabled()
        self.layer_added.emit(self.at, self.count.value(), self.activation.choice, keeps)

    def _places(self) -> list[tuple[str, str]]:
        """Where a layer can be put: its number, and between which layers that is."""
        names = [layer_name(self._network, n) for n in range(len(self._network.sizes))]
        between = self.tr("between {} and {}")
        places = [between.format(*ends) for ends in pairwise(names)]
        places.append(self.tr("after {}, as the new output").format(names[-1]))
        return [(str(number), words) for number, words in enumerate(places, start=1)]

    def _show_place(self) -> None:
        """Offer what suits the place: a new output layer has as many neurons as there are now."""
        network, last = self._network, self.at > len(self._network.layers)
        beside = network.layers[min(self.at, len(network.layers)) - 1]
        size = network.output_count if last else max(network.sizes[self.at - 1 : self.at + 1])
        self.count.setValue(min(MOST, size))
        self.count.setEnabled(not last)
        usual = beside.activations[0] if self.at > 1 or last else USUAL_ACTIVATION
        self.activation.choose(USUAL_ACTIVATION if usual == "softmax" else usual)
        self.keeps_direct.setEnabled(not last)
        self.keeps_direct.setText(self._direct_words())

    def _direct_words(self) -> str:
        if not self.keeps_direct.isEnabled():
            return self.tr("Keep direct connections past it")
        ends = (layer_name(self._network, self.at - 1), layer_name(self._network, self.at))
        return self.tr("Keep the connections from {} to {} too (else they go)").format(*ends)

    def _lay_out(self) -> None:
        form = QFormLayout()
        form.setHorizontalSpacing(16)
        form.setVerticalSpacing(12)
        for words, field in (
            (self.tr("Where"), self.place),
            (self.tr("Neurons"), self.count),
            (self.tr("Activation"), self.activation),
        ):
            field.setAccessibleName(words)
            form.addRow(words, field)
        form.addRow("", self.keeps_direct)
        foot = QHBoxLayout()
        foot.setSpacing(8)
        foot.addStretch(1)
        foot.addWidget(self.cancel_button)
        foot.addWidget(self.add_button)
        column = QVBoxLayout(self)
        column.setContentsMargins(16, 16, 16, 16)
        column.setSpacing(12)
        column.addLayout(form)
        column.addLayout(foot)
