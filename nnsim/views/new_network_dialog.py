"""The New dialog: layer sizes, activations, loss, biases, start weights and seed of a network."""

import re

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import (
    QCheckBox,
    QDialog,
    QFormLayout,
    QHBoxLayout,
    QLabel,
    QLayout,
    QLineEdit,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from nnsim.engine.losses import LOSSES, check_loss_fits, loss_named
from nnsim.engine.network import Network
from nnsim.engine.settings import MAX_WHOLE, check_seed
from nnsim.errors import BadSetting, NnsimError
from nnsim.views.layer_rows import LayerRows
from nnsim.views.layer_sizes import parameter_count, parse_sizes
from nnsim.views.parts.choice_box import ChoiceBox
from nnsim.views.start_weights import StartWeights


class NewNetworkDialog(QDialog):
    """Asks for a network and makes it. Show it with open()."""

    network_made = Signal(object, object)
    """The Network, and the settings that go with it: loss, seed, initializer and start_range."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(self.tr("New network"))
        self.sizes = QLineEdit("2-2-1", self)
        self.layers = LayerRows(self)
        self.loss = ChoiceBox(((name, name) for name in LOSSES), self)
        self._formula = _hint("", self)
        self.biases = QCheckBox(self.tr("Every neuron has a bias"), self)
        self.biases.setChecked(True)
        self.start = StartWeights(self)
        self.seed = QLineEdit("0", self)
        self.summary = QLabel(self)
        self.create_button = QPushButton(self.tr("Create"), self)
        self.cancel_button = QPushButton(self.tr("Cancel"), self)
        self._dress()
        self._lay_out()
        self._connect()
        self._check()

    def accept(self) -> None:
        """Make the network and say so; nothing while something typed cannot be."""
        try:
            network = self._network()
        except NnsimError as error:
            self._show_reason(str(error))
            return
        settings = {"loss": self.loss.choice, "seed": self._seed(), **self.start.settings()}
        super().accept()
        self.network_made.emit(network, settings)

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self.sizes.setFocus()
        self.sizes.selectAll()

    def _network(self) -> Network:
        self._check_loss()
        has_bias = self.biases.isChecked()
        sizes = parse_sizes(self.sizes.text(), has_bias)
        biases = [[0.0] * size for size in sizes[1:]] if has_bias else None
        network = Network.dense(sizes, self.layers.activations(), biases=biases)
        return self.start.applied(network, self._seed())

    def _seed(self) -> int:
        """Return the seed; raise BadSetting with the reason when it cannot be one."""
        typed = self.seed.text().strip()
        if not re.fullmatch(r"[0-9]{1,16}", typed):
            raise BadSetting(f"The seed must be a whole number from 0 to {MAX_WHOLE}.")
        return check_seed(int(typed))

    def _check(self) -> None:
        """Follow what is typed: the rows of the layers, the summary or the reason, the button."""
        try:
            sizes = parse_sizes(self.sizes.text(), self.biases.isChecked())
            self.layers.show_layers(sizes)
            self._check_loss()
            self.start.settings()
            self._seed()
        except NnsimError as error:
            self._show_reason(str(error))
            return
        self.summary.setProperty("role", "muted")
        self._say(self._summary(sizes))
        self.create_button.setEnabled(True)
        self.create_button.setToolTip("")

    def _check_loss(self) -> None:
        """Show its formula; raise BadSetting when it does not suit the outputs."""
        loss = loss_named(self.loss.choice)
        self._formula.setText(loss.formula)
        self.loss.setAccessibleDescription(loss.formula)
        check_loss_fits(loss, [self.layers.activations()[-1]])

    def _show_reason(self, reason: str) -> None:
        self.summary.setProperty("role", "wrong")
        self._say(reason)
        self.create_button.setEnabled(False)
        self.create_button.setToolTip(reason)

    def _say(self, words: str) -> None:
        self.summary.setText(words)
        self.summary.style().unpolish(self.summary)
        self.summary.style().polish(self.summary)

    def _summary(self, sizes: list[int]) -> str:
        has_bias = self.biases.isChecked()
        inputs = self.tr("1 input") if sizes[0] == 1 else self.tr("{} inputs").format(sizes[0])
        outputs = self.tr("1 output") if sizes[-1] == 1 else self.tr("{} outputs").format(sizes[-1])
        hidden = [self.tr("{} hidden").format(" + ".join(map(str, sizes[1:-1])))] * (len(sizes) > 2)
        count = parameter_count(sizes, has_bias)
        what = self.tr("weights and biases") if has_bias else self.tr("weights")
        if count == 1:
            what = self.tr("weight")
        return f"{', '.join((inputs, *hidden, outputs))}: {count:,} {what}"

    def _dress(self) -> None:
        self.sizes.setAccessibleName(self.tr("Layer sizes"))
        self.sizes.setToolTip(self.tr("The number of inputs, then of the neurons of each layer"))
        self.sizes.setMaxLength(200)
        self.loss.setAccessibleName(self.tr("Loss"))
        self.seed.setAccessibleName(self.tr("Seed"))
        self.seed.setToolTip(self.tr("The same seed draws the same start weights"))
        self.seed.setFixedWidth(120)
        self.biases.setAccessibleName(self.tr("Every neuron has a bias"))
        self.summary.setWordWrap(True)
        self.summary.setMinimumHeight(36)
        self.summary.setAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        self.create_button.setProperty("main", True)
        self.create_button.setDefault(True)

    def _lay_out(self) -> None:
        form = QFormLayout()
        form.setLabelAlignment(Qt.AlignmentFlag.AlignRight)
        form.setHorizontalSpacing(16)
        form.setVerticalSpacing(12)
        sizes = QVBoxLayout()
        sizes.setSpacing(4)
        sizes.addWidget(self.sizes)
        sizes.addWidget(_hint(self.tr("inputs first, then each layer, such as 2-4-1"), self))
        form.addRow(_label(self.tr("Layer sizes"), self.sizes, self), sizes)
        form.addRow(_label(self.tr("Activations"), self.layers, self), self.layers)
        loss = QVBoxLayout()
        loss.setSpacing(4)
        loss.addWidget(self.loss)
        loss.addWidget(self._formula)
        form.addRow(_label(self.tr("Loss"), self.loss, self), loss)
        form.addRow(self.tr("Biases"), self.biases)
        form.addRow(_label(self.tr("Start weights"), self.start.box, self), self.start)
        form.addRow(_label(self.tr("Seed"), self.seed, self), self.seed)
        buttons = QHBoxLayout()
        buttons.setSpacing(8)
        buttons.addStretch(1)
        buttons.addWidget(self.cancel_button)
        buttons.addWidget(self.create_button)
        column = QVBoxLayout(self)
        column.setContentsMargins(16, 16, 16, 16)
        column.setSpacing(12)
        column.addLayout(form)
        column.addWidget(self.summary)
        column.addLayout(buttons)
        column.setSizeConstraint(QLayout.SizeConstraint.SetFixedSize)

    def _connect(self) -> None:
        self.sizes.textEdited.connect(self._check)
        self.seed.textEdited.connect(self._check)
        self.biases.clicked.connect(self._check)
        self.start.changed.connect(self._check)
        self.loss.activated.connect(self._check)
        self.layers.changed.connect(self._check)
        self.create_button.clicked.connect(self.accept)
        self.cancel_button.clicked.connect(self.reject)


def _hint(words: str, parent: QWidget) -> QLabel:
    label = QLabel(words, parent)
    label.setProperty("role", "hint")
    return label


def _label(words: str, buddy: QWidget, parent: QWidget) -> QLabel:
    """A label in line with the first 28 pixels of what it names."""
    label = QLabel(words, parent)
    label.setFixedHeight(28)
    label.setBuddy(buddy)
    return label
