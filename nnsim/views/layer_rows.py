"""The rows of the New dialog: an activation for each layer."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QGridLayout, QLabel, QScrollArea, QWidget

from nnsim.engine.activations import ACTIVATIONS, activation_named
from nnsim.views.layer_sizes import MAX_LAYERS, layer_names
from nnsim.views.parts.choice_box import ChoiceBox

ROWS_WIDTH = 460
ROWS_SEEN = 3


class ActivationBox(ChoiceBox):
    """A choice among all activations; softmax is for the output layer alone."""

    def __init__(self, is_output: bool, parent: QWidget | None = None) -> None:
        names = [name for name in ACTIVATIONS if is_output or name != "softmax"]
        super().__init__(((n, f"{n}   {activation_named(n).formula}") for n in names), parent)
        self.choose("sigmoid")


class LayerRows(QScrollArea):
    """A combo box for the activation of each layer, as many as there are layers."""

    changed = Signal()
    """A person chose another activation."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setFrameShape(QScrollArea.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setWidgetResizable(True)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._hidden: list[ActivationBox] = []
        self._output = ActivationBox(True, self)
        self._output.activated.connect(self.changed)
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
    def boxes(self) -> list[ActivationBox]:
        """The boxes shown, from the first hidden layer to the output."""
        return [*self._hidden[: self._count - 1], self._output]

    def activations(self) -> list[str]:
        """Return the chosen activation of each layer."""
        return [box.choice for box in self.boxes]

    def show_layers(self, sizes: list[int]) -> None:
        """Show a row for each layer; the output and each hidden layer keep their choices."""
        names = layer_names(sizes)
        self._count = len(names)
        while len(self._hidden) < self._count - 1:
            self._add_hidden()
        while len(self._labels) < self._count:
            self._add_label()
        self._grid.addWidget(self._output, self._count - 1, 1)
        for row, box in enumerate(self._hidden):
            box.setVisible(row < self._count - 1)
        for row, label in enumerate(self._labels):
            label.setVisible(row < self._count)
        for row, (name, box, label) in enumerate(
            zip(names, self.boxes, self._labels, strict=False), start=1
        ):
            label.setText(f"{name} ({sizes[row]:,})")
            label.setBuddy(box)
            box.setAccessibleName(self.tr("Activation of {}").format(name))
        self._grid.setContentsMargins(0, 0, 4 if self._count > ROWS_SEEN else 0, 0)

    def _add_hidden(self) -> None:
        box, row = ActivationBox(False, self), len(self._hidden)
        box.activated.connect(self.changed)
        if self._hidden:
            box.setCurrentIndex(self._hidden[0].currentIndex())
        self._hidden.append(box)
        self._grid.addWidget(box, row, 1)
        self.setTabOrder(self._hidden[row - 1] if row else self, box)
        self.setTabOrder(box, self._output)

    def _add_label(self) -> None:
        label = QLabel(self)
        label.setFixedHeight(28)
        label.setMinimumWidth(92)
        self._grid.addWidget(label, len(self._labels), 0)
        self._labels.append(label)
