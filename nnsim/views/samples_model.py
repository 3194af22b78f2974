"""The model of the samples table: a cell is computed when it is asked for."""

from enum import IntEnum

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, Qt
from PySide6.QtGui import QColor, QFont
from PySide6.QtWidgets import QWidget

from nnsim.model.frame import Frame
from nnsim.tracing import quantity
from nnsim.tracing.names import expected_name, neuron_name
from nnsim.tracing.vocabulary import vocabulary
from nnsim.tracing.wording import MINUS, in_full, on_paper
from nnsim.views.parts.guard import guarded
from nnsim.views.parts.roles import (
    ACCESSIBLE,
    ALIGNMENT,
    DISPLAY,
    EDIT,
    FONT,
    FOREGROUND,
    LEFT,
    RIGHT,
    TOOL_TIP,
)
from nnsim.views.parts.theme import theme
from nnsim.views.parts.type import font, semibold

Index = QModelIndex | QPersistentModelIndex

SELECTABLE = Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable
EDITABLE = SELECTABLE | Qt.ItemFlag.ItemIsEditable


ASKED_FOR = 20
"""Outputs; of more it is not asked which ones are computed."""


def _labels(frame: Frame) -> object:
    """What the headings depend on."""
    return frame.document.network.structure.labels, frame.conventions


def _is_same(before: Frame | None, frame: Frame) -> bool:
    """Whether every number is the same, there or not there yet."""
    if before is None or before.document is not frame.document:
        return False
    return _computed(before) == _computed(frame)


def _row_of(frame: Frame) -> int:
    """The sample that is walked through inside a step, else the first of the next step."""
    if frame.inside is not None and frame.trace is not None and frame.trace.sample is not None:
        return frame.trace.sample
    return -1 if frame.document.sample is None else frame.document.sample


def _computed(frame: Frame) -> object:
    """Which numbers are there, and how they are shown; each time something else where the outputs
    are too many to ask for each."""
    trace = frame.trace
    if frame.inside is None or trace is None:
        return frame.conventions
    outputs, last = trace.network.output_count, len(trace.network.layers)
    if outputs > ASKED_FOR:
        return object()
    kinds = (quantity.Kind.output, quantity.Kind.error)
    numbers = (quantity.Quantity(kind, (last, i)) for kind in kinds for i in range(outputs))
    return frame.conventions, trace.sample, tuple(map(trace.knows, numbers))


class Kind(IntEnum):
    """What a column holds."""

    NUMBER, INPUT, EXPECTED, OUTPUT, ERROR = range(5)


OF_STEP = {
    Kind.INPUT: quantity.Kind.input,
    Kind.EXPECTED: quantity.Kind.expected,
    Kind.OUTPUT: quantity.Kind.output,
    Kind.ERROR: quantity.Kind.error,
}


class SamplesModel(QAbstractTableModel):
    """One row per sample: its number, inputs, expected outputs, outputs and errors."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._frame: Frame | None = None
        self._rows, self._inputs, self._outputs = 0, 0, 0
        self.next_row = -1
        """The row of the sample of the next step."""
        self.pixels = 0
        """The height of the text, as far as the columns allow."""
        self.low_rows = False

    def show_frame(self, frame: Frame) -> None:
        """Show a moment. Rows come and go at the end, so that an open editor stays."""
        network, rows = frame.document.network, len(frame.document.samples)
        shape = (network.input_count, network.output_count)
        next_row = _row_of(frame)
        if shape != (self._inputs, self._outputs):
            self.beginResetModel()
            self._frame, self.next_row = frame, next_row
            (self._inputs, self._outputs), self._rows = shape, rows
            self.endResetModel()
            return
        self._resize(frame, rows)
        before, self._frame, self.next_row = self._frame, frame, next_row
        if before is None or _labels(before) != _labels(frame):
            self.headerDataChanged.emit(Qt.Orientation.Horizontal, 0, self.columnCount() - 1)
        if rows and not _is_same(before, frame):
            self.dataChanged.emit(self.index(0, 0), self.index(rows - 1, self.columnCount() - 1))

    def _resize(self, frame: Frame, rows: int) -> None:
        before, nowhere = self._rows, QModelIndex()
        if rows > before:
            self.beginInsertRows(nowhere, before, rows - 1)
            self._frame, self._rows = frame, rows
            self.endInsertRows()
        elif rows < before:
            self.beginRemoveRows(nowhere, rows, before - 1)
            self._frame, self._rows = frame, rows
            self.endRemoveRows()

    def place(self, column: int) -> tuple[Kind, int]:
        """Return what a column holds and, of inputs or outputs, which one."""
        if column == 0:
            return Kind.NUMBER, 0
        if column <= self._inputs:
            return Kind.INPUT, column - 1
        which, index = divmod(column - 1 - self._inputs, self._outputs)
        return Kind(Kind.EXPECTED + which), index

    def number_at(self, row: int, column: int) -> quantity.Quantity | None:
        """Return the number of the step that a cell shows: of the traced sample's row only."""
        trace = self._frame.trace if self._frame is not None else None
        kind, i = self.place(column)
        if trace is None or trace.sample != row or kind not in OF_STEP:
            return None
        layer = 0 if kind == Kind.INPUT else len(trace.network.layers)
        return quantity.Quantity(OF_STEP[kind], (layer, i))

    def value(self, row: int, column: int) -> float:
        """Return a cell's number."""
        frame = self._frame
        kind, i = self.place(column)
        if frame is None or kind == Kind.NUMBER:
            return row + 1
        samples = frame.document.samples
        if kind == Kind.INPUT:
            return float(samples.inputs[row, i])
        if kind == Kind.EXPECTED:
            return float(samples.expected[row, i])
        output = float(frame.sample_outputs[row, i])
        if kind == Kind.OUTPUT:
            return output
        return frame.conventions.sign * (output - float(samples.expected[row, i]))

    def full_text(self, row: int, column: int) -> str:
        """Return a cell as it is copied: with all its digits, a plain hyphen as the minus."""
        return str(row + 1) if column == 0 else in_full(self.value(row, column))

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's own default
        return 0 if parent.isValid() else self._rows

    def columnCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008
        return 0 if parent.isValid() else 1 + self._inputs + 3 * self._outputs

    def flags(self, index: Index) -> Qt.ItemFlag:
        if not index.isValid():
            return Qt.ItemFlag.NoItemFlags
        kind, _ = self.place(index.column())
        return EDITABLE if kind in (Kind.INPUT, Kind.EXPECTED) else SELECTABLE

    @guarded
    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = DISPLAY
    ) -> object | None:
        if orientation != Qt.Orientation.Horizontal:
            return None
        if role == DISPLAY:
            return self.heading(section)
        return RIGHT if role == ALIGNMENT else None

    @guarded
    def data(self, index: Index, role: int = DISPLAY) -> object | None:
        row, column = index.row(), index.column()
        if role == ALIGNMENT:
            return LEFT if column == 0 else RIGHT
        if role == FONT:
            return self.font_of(row)
        if role == FOREGROUND:
            return QColor(self.colour(row, column))
        if role == ACCESSIBLE:
            return self._spoken(row, column)
        if role not in (DISPLAY, EDIT, TOOL_TIP):
            return None
        if role == DISPLAY or column == 0:
            return None if role == TOOL_TIP else self.text(row, column)
        if not self.is_computed(row, column):
            return None
        value = self.value(row, column)
        return value if role == EDIT else in_full(value).replace("-", MINUS)

    def text(self, row: int, column: int) -> str:
        """Return what stands in a cell."""
        if column == 0:
            return str(row + 1)
        return on_paper(self.value(row, column)) if self.is_computed(row, column) else ""

    def is_computed(self, row: int, column: int) -> bool:
        """Whether a cell's number is there yet: inside a step the numbers of the samples of its
        batch come one by one, and those of other samples not at all."""
        frame = self._frame
        kind, i = self.place(column)
        kinds = {Kind.OUTPUT: quantity.Kind.output, Kind.ERROR: quantity.Kind.error}
        if frame is None or frame.trace is None or frame.inside is None or kind not in kinds:
            return True
        if frame.trace.sample != row:
            return row in frame.document.batch[: frame.inside.place]
        neuron = (len(frame.trace.network.layers), i)
        return frame.trace.knows(quantity.Quantity(kinds[kind], neuron))

    def rows_of_batch(self, rows: range) -> set[int]:
        """Return those of some rows whose samples the next step uses, where it uses several."""
        batch = self._frame.document.batch if self._frame is not None else ()
        return {row for row in rows if row in batch} if len(batch) > 1 else set()

    def font_of(self, row: int) -> QFont:
        """Return the font of a row: bold for the sample of the next step."""
        pixels = 12 if self.low_rows else self.pixels or 13
        return semibold(pixels) if row == self.next_row else font(pixels)

    def colour(self, row: int, column: int) -> str:
        """Return the colour of a cell's text."""
        kind, t = self.place(column)[0], theme()
        if kind == Kind.NUMBER and row != self.next_row:
            return t.muted
        return t.error if kind == Kind.ERROR else t.ink

    def heading(self, column: int) -> str:
        """Return the name of a column."""
        if self._frame is None or column == 0:
            return ""
        network = self._frame.document.network
        kind, i = self.place(column)
        if kind == Kind.INPUT:
            return neuron_name(network, 0, i)
        say = vocabulary(self._frame.conventions)
        if kind == Kind.EXPECTED and not self._frame.conventions.speaks_symbols:
            return expected_name(network, i)
        names = {Kind.EXPECTED: say.expected, Kind.OUTPUT: say.output, Kind.ERROR: say.error}
        name = self.tr(names[kind])
        return name if self._outputs == 1 else f"{name}{i + 1}"

    def _spoken(self, row: int, column: int) -> str:
        sample = self.tr("sample {}").format(row + 1)
        if column:
            return f"{sample}, {self.heading(column)}: {self.text(row, column)}"
        if row == self.next_row:
            return self.tr("{}, next").format(sample)
        in_batch = self.rows_of_batch(range(row, row + 1))
        return self.tr("{}, of the next step").format(sample) if in_batch else sample
