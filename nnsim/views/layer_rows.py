"""The rows of the New dialog: an activation for each layer."""

from PySide6.QtCore import Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QComboBox, QGridLayout, QLabel, QScrollArea, QSizePolicy, QWidget

from nnsim.engine.activations import ACTIVATIONS
from nnsim.views.layer_sizes import MAX_LAYERS, layer_names
from nnsim.views.parts.icons import pixmap
from nnsim.views.parts.theme import theme

ROWS_WIDTH = 340
ROWS_SEEN = 3


class LayerRows(QScrollArea):
    """A combo box for the activation of each layer, as many as there are layers."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setFrameShape(QScrollArea.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setWidgetResizable(True)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.boxes: list[ActivationBox] = []
        self._labels: list[QLabel] = []
        self._count = 0
        inside = QWidget(self)
        self._grid = QGridLayout(inside)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setSpacing(6)
        self._grid.setColumnStretch(1, 1)
        self._grid.setRowStretch(MAX_LAYERS, 1)
        self.setWidget(inside)
        self.setFixedSize(ROWS_WIDTH, ROWS_SEEN * 34 - 6)

    def activations(self) -> list[str]:
        """Return the chosen activation of each layer."""
        return [str(box.currentData()) for box in self.boxes[: self._count]]

    def show_layers(self, sizes: list[int]) -> None:
        """Show a row for each layer; a row that was there keeps its choice."""
        names = layer_names(sizes)
        for row in range(len(self.boxes), len(names)):
            self._add_row(row)
        self._keep_output(len(names))
        self._count = len(names)
        for row, (box, label) in enumerate(zip(self.boxes, self._labels, strict=True)):
            box.setVisible(row < self._count)
            label.setVisible(row < self._count)
            if row < self._count:
                label.setText(f"{names[row]} ({sizes[row + 1]:,})")
                box.setAccessibleName(self.tr("Activation of {}").format(names[row]))
        beside = 14 if self._count > ROWS_SEEN else 0
        self._grid.setContentsMargins(0, 0, beside, 0)

    def _keep_output(self, count: int) -> None:
        """The last layer stays the output: its choice moves with it; new ones do as the first."""
        if not self._count or count == self._count:
            return
        output = self.boxes[self._count - 1].currentIndex()
        for row in range(self._count - 1, count - 1):
            self.boxes[row].setCurrentIndex(self.boxes[0].currentIndex())
        self.boxes[count - 1].setCurrentIndex(output)

    def _add_row(self, row: int) -> None:
        box, label = ActivationBox(self), QLabel(self)
        label.setFixedHeight(28)
        label.setMinimumWidth(104)
        label.setBuddy(box)
        self.boxes.append(box)
        self._labels.append(label)
        self._grid.addWidget(label, row, 0)
        self._grid.addWidget(box, row, 1)


class ActivationBox(QComboBox):
    """A choice among all activations, with an arrow in the theme's colour."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        for name, activation in ACTIVATIONS.items():
            self.addItem(f"{name}   {activation.formula}", name)
        self.setCurrentIndex(self.findData("sigmoid"))
        self.setStyleSheet("QComboBox::drop-down { border: none; width: 24px; }")
        self.setSizeAdjustPolicy(self.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.setMinimumContentsLength(12)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        arrow = pixmap("chevron-down", theme().ink, 16, self.devicePixelRatioF())
        QPainter(self).drawPixmap(self.width() - 24, (self.height() - 16) // 2, arrow)
