"""The New dialog: layer sizes, activations, biases, start weights and seed of a network."""

import math
import re

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import (
    QButtonGroup,
    QCheckBox,
    QDialog,
    QFormLayout,
    QHBoxLayout,
    QLabel,
    QLayout,
    QLineEdit,
    QPushButton,
    QRadioButton,
    QVBoxLayout,
    QWidget,
)

from nnsim.data.typed_numbers import parse_number
from nnsim.engine.initializers import (
    MAX_SEED,
    check_seed,
    with_constant_weights,
    with_uniform_weights,
)
from nnsim.engine.network import Network
from nnsim.errors import BadNumber, BadSetting, NnsimError
from nnsim.tracing.wording import MINUS
from nnsim.views.layer_rows import LayerRows
from nnsim.views.layer_sizes import parameter_count, parse_sizes


class NewNetworkDialog(QDialog):
    """Asks for a network and makes it. Show it with open()."""

    network_made = Signal(object, object)
    """The Network, and the settings that go with it: a dict of seed and start_range."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(self.tr("New network"))
        self.sizes = QLineEdit("2-2-1", self)
        self.layers = LayerRows(self)
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
        settings = {"seed": self._seed(), "start_range": self.start.range_or_usual()}
        super().accept()
        self.network_made.emit(network, settings)

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self.sizes.setFocus()
        self.sizes.selectAll()

    def _network(self) -> Network:
        has_bias = self.biases.isChecked()
        sizes = parse_sizes(self.sizes.text(), has_bias)
        biases = [[0.0] * size for size in sizes[1:]] if has_bias else None
        network = Network.dense(sizes, self.layers.activations(), biases=biases)
        if self.start.is_random():
            span = self.start.range()
            return with_uniform_weights(network, -span, span, self._seed())
        return with_constant_weights(network, self.start.constant())

    def _seed(self) -> int:
        """Return the seed; raise BadSetting with the reason when it cannot be one."""
        typed = self.seed.text().strip()
        if not re.fullmatch(r"[0-9]{1,16}", typed):
            raise BadSetting(f"The seed must be a whole number from 0 to {MAX_SEED}.")
        return check_seed(int(typed))

    def _check(self) -> None:
        """Follow what is typed: the rows of the layers, the summary or the reason, the button."""
        self.start.follow()
        try:
            sizes = parse_sizes(self.sizes.text(), self.biases.isChecked())
            self.layers.show_layers(sizes)
            self.start.check()
            self._seed()
        except NnsimError as error:
            self._show_reason(str(error))
            return
        self.summary.setProperty("role", "muted")
        self._say(self._summary(sizes))
        self.create_button.setEnabled(True)
        self.create_button.setToolTip("")

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
        form.addRow(self.tr("Biases"), self.biases)
        form.addRow(_label(self.tr("Start weights"), self.start, self), self.start)
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
        self.create_button.clicked.connect(self.accept)
        self.cancel_button.clicked.connect(self.reject)


class StartWeights(QWidget):
    """Random in a range, or all the same."""

    changed = Signal()
    """A person chose the other way, or typed a number."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.random = QRadioButton(self.tr("Random from"), self)
        self.same = QRadioButton(self.tr("All the same:"), self)
        self.random.setChecked(True)
        group = QButtonGroup(self)
        self.range_field = self._field("1", self.tr("Random start weights up to"))
        self.same_field = self._field("0", self.tr("Every start weight"))
        self._low = QLabel(self)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(6)
        to = QLabel(self.tr("to"), self)
        for widgets in (
            (self.random, self._low, to, self.range_field),
            (self.same, self.same_field),
        ):
            row = QHBoxLayout()
            row.setSpacing(6)
            for widget in widgets:
                row.addWidget(widget)
            widgets[0].setMinimumHeight(28)
            row.addStretch(1)
            column.addLayout(row)
        for button in (self.random, self.same):
            group.addButton(button)
            button.clicked.connect(self.changed)
        for field in (self.range_field, self.same_field):
            field.textEdited.connect(self.changed)

    def is_random(self) -> bool:
        """Whether the start weights are drawn at random."""
        return self.random.isChecked()

    def range(self) -> float:
        """Return r of −r … r; raise BadNumber or BadSetting with the reason."""
        span = parse_number(self.range_field.text())
        if span < 0:
            raise BadSetting("The range of the start weights must be at least 0.")
        if not math.isfinite(2 * span):
            raise BadNumber("That range of start weights is too large.")
        return span

    def range_or_usual(self) -> float:
        """Return r where random weights can be drawn from it, else 1."""
        try:
            return self.range()
        except NnsimError:
            return 1.0

    def constant(self) -> float:
        """Return the one start weight; raise BadNumber with the reason."""
        return parse_number(self.same_field.text())

    def check(self) -> None:
        """Raise BadNumber or BadSetting when what was typed for the chosen way cannot be."""
        if self.is_random():
            self.range()
        else:
            self.constant()

    def follow(self) -> None:
        """Show the lower end of the range, and which of the fields counts."""
        self._low.setText(MINUS + self.range_field.text().strip())
        self.range_field.setEnabled(self.is_random())
        self.same_field.setEnabled(not self.is_random())

    def _field(self, text: str, name: str) -> QLineEdit:
        field = QLineEdit(text, self)
        field.setAccessibleName(name)
        field.setFixedWidth(72)
        field.setMaxLength(24)
        return field


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
