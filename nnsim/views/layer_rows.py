"""The rows of the New dialog: an activation for each layer."""

from contextlib import suppress

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QLabel, QLineEdit, QScrollArea, QWidget

from nnsim.data.typed_numbers import parse_number
from nnsim.engine.activations import ACTIVATIONS, activation_named
from nnsim.engine.named import shown
from nnsim.errors import BadNumber
from nnsim.views.layer_sizes import MAX_LAYERS, layer_names
from nnsim.views.parts.choice_box import ChoiceBox

ROWS_WIDTH = 460
ROWS_SEEN = 3


NUMBER_WIDTH = 72
SYMBOLS = {"threshold": "θ", "leaky_relu": "α", "elu": "α"}
"""What the number of an activation is called."""


class ActivationBox(ChoiceBox):
    """A choice among all activations; softmax is for the output layer alone."""

    def __init__(self, is_output: bool, parent: QWidget | None = None) -> None:
        names = [name for name in ACTIVATIONS if is_output or name != "softmax"]
        super().__init__(((n, _with_formula(n, n)) for n in names), parent)
        self.choose("sigmoid")

    def show_formula_of(self, name: str) -> None:
        """Let the chosen entry show the formula with the number that the name carries."""
        self.setItemText(self.currentIndex(), _with_formula(self.choice, name))


class ActivationRow(QWidget):
    """An activation, and its number where it has one: the place of a threshold, α."""

    changed = Signal()
    """A person chose another activation, or typed a number."""

    def __init__(self, is_output: bool, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.box = ActivationBox(is_output, self)
        self.number = QLineEdit(self)
        self.number.setFixedWidth(NUMBER_WIDTH)
        self.number.setMaxLength(24)
        self._symbol = QLabel(self)
        self._symbol.setBuddy(self.number)
        self._typed = {name: shown(ACTIVATIONS[name].number) for name in SYMBOLS}
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(6)
        for widget in (self.box, self._symbol, self.number):
            row.addWidget(widget)
        self._show_number()
        self.box.activated.connect(self._choose)
        self.number.textEdited.connect(self._type)

    def activation(self) -> str:
        """Return its name, with the number unless that is the usual one: threshold(0.5).

        Raises BadNumber when what was typed is no number.
        """
        name = self.box.choice
        if name not in SYMBOLS:
            return name
        number = parse_number(self.number.text())
        if number == ACTIVATIONS[name].number:
            return name
        return f"{name}({repr(number).removesuffix('.0')})"

    def take_over(self, other: "ActivationRow") -> None:
        """Choose what another row has chosen."""
        self.box.choose(other.box.choice)
        self._typed = dict(other._typed)
        self._show_number()

    def set_layer(self, name: str) -> None:
        """Say of which layer it is."""
        self.box.setAccessibleName(self.tr("Activation of {}").format(name))
        self.number.setAccessibleName(self.tr("Number of the activation of {}").format(name))

    def _choose(self) -> None:
        self._show_number()
        self.changed.emit()

    def _type(self, text: str) -> None:
        self._typed[self.box.choice] = text
        self._show_formula()
        self.changed.emit()

    def _show_number(self) -> None:
        name = self.box.choice
        for widget in (self._symbol, self.number):
            widget.setVisible(name in SYMBOLS)
        self._symbol.setText(SYMBOLS.get(name, ""))
        self.number.setText(self._typed.get(name, ""))
        self._show_formula()

    def _show_formula(self) -> None:
        """Show the formula with the number; the last one that could be read stays."""
        with suppress(BadNumber):
            name = self.activation()
            formula = activation_named(name).formula
            self.box.show_formula_of(name)
            self.box.setToolTip(formula)  # the box may be too narrow for all of it
            self.box.setAccessibleDescription(formula)
            self.number.setAccessibleDescription(formula)


def _with_formula(shown_name: str, name: str) -> str:
    return f"{shown_name}   {activation_named(name).formula}"


class LayerRows(QScrollArea):
    """A row for the activation of each layer, as many as there are layers."""

    changed = Signal()
    """A person chose another activation, or typed the number of one."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setFrameShape(QScrollArea.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setWidgetResizable(True)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._hidden: list[ActivationRow] = []
        self._output = ActivationRow(True, self)
        self._output.changed.connect(self.changed)
        self._labels: list[QLabel] = []
        self._count = 1
        inside = QWidget(self)
        self._grid = QGridLayout(inside)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setSpacing(6)
        self._grid.setColumnStretch(1, 1)
        self._grid.setRowStretch(MAX_LAYERS, 1)
        self.setWidget(inside)
        self.setFixedSize(ROWS_WIDTH, ROWS_SEEN * 34 - 6)

    @property
    def rows(self) -> list[ActivationRow]:
        """The rows shown, from the first hidden layer to the output."""
        return [*self._hidden[: self._count - 1], self._output]

    @property
    def boxes(self) -> list[ActivationBox]:
        """The boxes of the rows shown."""
        return [row.box for row in self.rows]

    def activations(self) -> list[str]:
        """Return the chosen activation of each layer; raise BadNumber for what is no number."""
        return [row.activation() for row in self.rows]

    def show_layers(self, sizes: list[int]) -> None:
        """Show a row for each layer; the output and each hidden layer keep their choices."""
        names = layer_names(sizes)
        self._count = len(names)
        while len(self._hidden) < self._count - 1:
            self._add_hidden()
        while len(self._labels) < self._count:
            self._add_label()
        self._grid.addWidget(self._output, self._count - 1, 1)
        for place, row in enumerate(self._hidden):
            row.setVisible(place < self._count - 1)
        for place, label in enumerate(self._labels):
            label.setVisible(place < self._count)
        for name, size, row, label in zip(names, sizes[1:], self.rows, self._labels, strict=False):
            label.setText(f"{name} ({size:,})")
            label.setBuddy(row.box)
            row.set_layer(name)
        self._grid.setContentsMargins(0, 0, 4 if self._count > ROWS_SEEN else 0, 0)

    def _add_hidden(self) -> None:
        row, place = ActivationRow(False, self), len(self._hidden)
        row.changed.connect(self.changed)
        if self._hidden:
            row.take_over(self._hidden[0])
        self._hidden.append(row)
        self._grid.addWidget(row, place, 1)
        self.setTabOrder(self._hidden[place - 1].number if place else self, row.box)
        self.setTabOrder(row.box, row.number)
        self.setTabOrder(row.number, self._output.box)
        self.setTabOrder(self._output.box, self._output.number)

    def _add_label(self) -> None:
        label = QLabel(self)
        label.setFixedHeight(28)
        label.setMinimumWidth(92)
        self._grid.addWidget(label, len(self._labels), 0)
        self._labels.append(label)
