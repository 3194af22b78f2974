"""The heat map: all weights between two layers as one picture, a row for each neuron they enter."""

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QEvent, QLineF, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QFocusEvent,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
)
from PySide6.QtWidgets import QDialog, QLabel, QVBoxLayout, QWidget

from nnsim.engine.network import Network, ParameterRef
from nnsim.model.frame import Frame
from nnsim.tracing.names import layer_name, parameter_name
from nnsim.tracing.wording import on_paper
from nnsim.views.diagram.colour_scale import coloured, image_of
from nnsim.views.diagram.pairs import Pair, pairs_of
from nnsim.views.diagram.strokes import LEFT, RIGHT, text
from nnsim.views.parts.guard import guarded
from nnsim.views.parts.theme import theme
from nnsim.views.parts.type import font

MARKED_CELL = 8.0
"""From this size on a cell has room for a dash where its weight is negative."""
LEGEND_STEPS = 101
STEPS = {
    Qt.Key.Key_Left: (0, -1),
    Qt.Key.Key_Right: (0, 1),
    Qt.Key.Key_Up: (-1, 0),
    Qt.Key.Key_Down: (1, 0),
}

Array = NDArray[np.float64]


class HeatMapDialog(QDialog):
    """Shows the weights between two layers while the network goes on changing."""

    weight_chosen = Signal(object)
    """A ParameterRef that was clicked, or chosen by Enter."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.map = HeatMap(self)
        self.legend = Legend(self)
        self.said = QLabel(self)
        self.said.setAccessibleName(self.tr("Weight"))
        column = QVBoxLayout(self)
        column.setContentsMargins(16, 16, 16, 16)
        column.setSpacing(10)
        column.addWidget(self.map, 1)
        column.addWidget(self.said)
        column.addWidget(self.legend)
        self.map.pointed.connect(self._say)
        self.map.weight_chosen.connect(self.weight_chosen)
        self.resize(720, 480)

    def show_pair(self, frame: Frame, source: int, layer: int) -> None:
        """Open with the weights from one layer to a later one."""
        self.map.use(source, layer)
        self.show_frame(frame)
        self.show()
        self.map.setFocus()

    def show_frame(self, frame: Frame) -> None:
        """Show a moment; close when the two layers are no longer connected."""
        network = frame.document.network
        if not self.map.show_network(network, frame.selected):
            self.close()
            return
        self.legend.show_largest(self.map.largest)
        into, out_of = (layer_name(network, n) for n in (self.map.layer, self.map.source))
        self.setWindowTitle(self.tr("Weights from {} to {}").format(out_of, into))
        self._say()

    def _say(self) -> None:
        network, ref = self.map.network, self.map.at
        if network is None or ref is None:
            self.said.setText(self.tr("Point at a cell: rows are neurons, columns their sources."))
        elif not network.has(ref):
            self.said.setText(self.tr("These two are not connected."))
        else:
            value = float(network.parameters[network.index_of(ref)])
            self.said.setText(f"{parameter_name(network, ref)} = {on_paper(value)}")


class HeatMap(QWidget):
    """The picture of one weight matrix; a cell is pointed at by mouse or arrow keys."""

    pointed = Signal()
    weight_chosen = Signal(object)

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.source, self.layer = 0, 1
        self.network: Network | None = None
        self.at: ParameterRef | None = None
        """The cell that is pointed at, whether there is a connection or not."""
        self.largest = 0.0
        self._values: Array = np.zeros((1, 1))
        self._selected: ParameterRef | None = None
        self.setMouseTracking(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMinimumSize(240, 160)
        self.setAccessibleName(self.tr("Heat map of weights"))

    def use(self, source: int, layer: int) -> None:
        """Show the weights from one layer to a later one from now on."""
        self.source, self.layer, self.at = source, layer, None

    def show_network(self, network: Network, selected: ParameterRef | None) -> bool:
        """Show its weights; return False when it has no such connections."""
        pairs = {(pair.source, pair.layer): pair for pair in pairs_of(network.structure)}
        pair = pairs.get((self.source, self.layer))
        if pair is None:
            return False
        self.network, self._selected = network, selected
        self._values = matrix_of(network, pair)
        self.largest = float(np.nanmax(np.abs(self._values)))
        rows, columns = self._values.shape
        at = self.at
        if at is not None and (at.to >= rows or (at.source or 0) >= columns):
            self.at = None
        self.update()
        return True

    def place(self, ref: ParameterRef) -> QRectF:
        """Return where the cell of a weight stands."""
        rect, (rows, columns) = self._rect(), self._values.shape
        across, down = rect.width() / columns, rect.height() / rows
        left = rect.left() + (ref.source or 0) * across
        return QRectF(left, rect.top() + ref.to * down, across, down)

    def _rect(self) -> QRectF:
        return QRectF(self.rect()).adjusted(1, 1, -1, -1)

    def _ref(self, row: int, column: int) -> ParameterRef:
        rows, columns = self._values.shape
        row, column = max(0, min(rows - 1, row)), max(0, min(columns - 1, column))
        return ParameterRef(self.layer, row, column, self.source)

    def _cell_at(self, where: QPointF) -> ParameterRef:
        rect, (rows, columns) = self._rect(), self._values.shape
        across = (where.x() - rect.left()) / rect.width()
        down = (where.y() - rect.top()) / rect.height()
        return self._ref(int(down * rows), int(across * columns))

    def _point_at(self, ref: ParameterRef | None) -> None:
        self.at = ref
        self.pointed.emit()
        self.update()

    def _choose(self) -> None:
        if self.network is not None and self.at is not None and self.network.has(self.at):
            self.weight_chosen.emit(self.at)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        self._point_at(self._cell_at(event.position()))

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self._point_at(self._cell_at(event.position()))
        if event.button() == Qt.MouseButton.LeftButton:
            self._choose()

    def leaveEvent(self, event: QEvent) -> None:
        if not self.hasFocus():
            self._point_at(None)

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        self._point_at(self.at or self._ref(0, 0))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        step = STEPS.get(Qt.Key(event.key()))
        if step is not None:
            at = self.at or self._ref(0, 0)
            self._point_at(self._ref(at.to + step[0], (at.source or 0) + step[1]))
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._choose()
        else:
            super().keyPressEvent(event)

    @guarded
    def paintEvent(self, event: QPaintEvent) -> None:
        painter, t, rect = QPainter(self), theme(), self._rect()
        painter.drawImage(rect, image_of(coloured(self._values, t, self.largest)))
        self._mark_negative(painter)
        painter.setPen(QPen(QColor(t.border), 1))
        painter.drawRect(rect)
        for ref, width in ((self._selected, 3.0), (self.at, 1.5)):
            if ref is not None and ref.layer == self.layer and ref.from_layer == self.source:
                painter.setPen(QPen(QColor(t.ink), width))
                painter.drawRect(self.place(ref).adjusted(-1, -1, 1, 1))

    def _mark_negative(self, painter: QPainter) -> None:
        """A dash in each cell with a negative weight, where cells are large enough."""
        rect, (rows, columns) = self._rect(), self._values.shape
        across, down = rect.width() / columns, rect.height() / rows
        if min(across, down) < MARKED_CELL:
            return
        lines = []
        for row, column in np.argwhere(self._values < 0).tolist():
            x, y = rect.left() + (column + 0.5) * across, rect.top() + (row + 0.5) * down
            lines.append(QLineF(x - across / 4, y, x + across / 4, y))
        painter.setPen(QPen(QColor(theme().ink), 1))
        painter.drawLines(lines)


class Legend(QWidget):
    """What the colours mean, with the signs beside them."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._largest = 0.0
        self.setFixedHeight(22)

    def sizeHint(self) -> QSize:
        return QSize(360, 22)

    def show_largest(self, largest: float) -> None:
        """Show the scale from minus to plus a size."""
        self._largest = largest
        self.update()

    @guarded
    def paintEvent(self, event: QPaintEvent) -> None:
        painter, t, room = QPainter(self), theme(), QRectF(self.rect())
        bar = QRectF(90, 5, max(60.0, min(240.0, room.width() - 180)), 12)
        steps = np.linspace(-1.0, 1.0, LEGEND_STEPS)[None, :]
        painter.drawImage(bar, image_of(coloured(steps, t)))
        painter.setPen(QPen(QColor(t.ink), 1))
        middle = bar.center()
        for x in np.linspace(bar.left() + 6, middle.x() - 8, 8).tolist():  # negative: dashes
            painter.drawLine(QPointF(x - 3, middle.y()), QPointF(x + 3, middle.y()))
        painter.setPen(QPen(QColor(t.border), 1))
        painter.drawRect(bar)
        painter.drawLine(QPointF(middle.x(), bar.top() - 3), QPointF(middle.x(), bar.bottom() + 3))
        low = on_paper(-self._largest)
        text(painter, QRectF(0, 0, bar.left() - 8, 22), low, font(12), t.ink, RIGHT)
        high = QRectF(bar.right() + 8, 0, 82, 22)
        text(painter, high, f"+{on_paper(self._largest)}", font(12), t.ink, LEFT)


def matrix_of(network: Network, pair: Pair) -> Array:
    """Return the weights [to, from] of a pair of layers; NaN where there is no connection."""
    there = network.weights_in(network.present)[pair.layer - 1][:, pair.columns]
    return np.where(there, network.weights[pair.layer - 1][:, pair.columns], np.nan)
