"""The rows and cells of the factor table, read from the Trace when they are asked for."""

import numpy as np
from PySide6.QtCore import (
    QAbstractTableModel,
    QModelIndex,
    QPersistentModelIndex,
    Qt,
)
from PySide6.QtGui import QColor, QFont
from PySide6.QtWidgets import QWidget

from nnsim.engine.network import ParameterRef
from nnsim.model.frame import Frame
from nnsim.tracing.factor_rows import Listing, Rows, listed_rows
from nnsim.tracing.quantity import Quantity
from nnsim.tracing.trace import Trace
from nnsim.tracing.wording import in_full, on_paper
from nnsim.views.factors.columns import (
    COLUMNS,
    NAME,
    VALUE,
    Cell,
    Cells,
    colour,
    heading,
    meaning,
    quantity_in,
)
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


class FactorModel(QAbstractTableModel):
    """One row for each weight and bias that is listed; their number costs nothing."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.columns: tuple[str, ...] = COLUMNS
        self.listing = Listing()
        self._frame: Frame | None = None
        self._cells: Cells | None = None
        self._listed: Rows | None = None
        """Which rows of the network are listed; None for all, in their order."""
        self._rows = 0
        self._cached: tuple[int, tuple[Cell, ...]] | None = None

    def show_frame(self, frame: Frame) -> None:
        """Show a moment: one signal for all cells. In a run the rows keep their order."""
        before, self._frame = self._frame, frame
        self._cells, self._cached = Cells(frame), None
        if before is None or _headings(before) != _headings(frame):
            self.headerDataChanged.emit(Qt.Orientation.Horizontal, 0, len(self.columns) - 1)
        same = before is not None and _structure(before) is _structure(frame)
        if not (frame.running and same):
            self._list(frame)
        elif self._rows:
            self._say_all_changed()

    def show_listing(self, listing: Listing) -> None:
        """List other rows, or in another order."""
        self.listing = listing
        if self._frame is not None:
            self._list(self._frame)
            self.headerDataChanged.emit(Qt.Orientation.Horizontal, 0, len(self.columns) - 1)

    def show_columns(self, columns: tuple[str, ...]) -> None:
        """Show other columns; name and value are the first of them."""
        self.beginResetModel()
        self.columns, self._cached = columns, None
        self.endResetModel()

    def _list(self, frame: Frame) -> None:
        network = frame.document.network
        listed = None
        if not self.listing.is_plain:
            trace = frame.trace.whole if frame.trace is not None else None
            listed = listed_rows(network, trace, self.listing)
        rows = network.parameter_count if listed is None else len(listed)
        self._cached = None
        if rows != self._rows:
            self.beginResetModel()
            self._listed, self._rows = listed, rows
            self.endResetModel()
        else:
            self._listed = listed
            self._say_all_changed()

    def _say_all_changed(self) -> None:
        if self._rows:
            last = self.index(self._rows - 1, len(self.columns) - 1)
            self.dataChanged.emit(self.index(0, 0), last)

    def ref(self, row: int) -> ParameterRef | None:
        """Return the weight or bias of a row."""
        if self._frame is None or not 0 <= row < self._rows:
            return None
        place = row if self._listed is None else int(self._listed[row])
        return self._frame.document.network.ref_at(place)

    def row_of(self, ref: ParameterRef) -> int:
        """Return the row of a weight or bias; −1 when it is not listed."""
        if self._frame is None:
            return -1
        place = self._frame.document.network.row_of(ref)
        if self._listed is None:
            return place
        found = np.flatnonzero(self._listed == place)
        return int(found[0]) if len(found) else -1

    def quantity(self, index: Index) -> Quantity | None:
        """Return the quantity whose number stands in a cell; None where there is none."""
        ref = self.ref(index.row()) if index.isValid() else None
        if ref is None or index.column() == NAME:
            return None
        column = self.columns[index.column()]
        if column in ("error", "slope") and self.is_joined(index.row()):
            column = "signal"
        return quantity_in(column, ref)

    def is_joined(self, row: int) -> bool:
        """Whether the cells of error and slope are one, that of the error signal."""
        ref, cells = self.ref(row), self._cells
        return ref is not None and cells is not None and cells.is_joined(ref, self.columns)

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's own default
        return 0 if parent.isValid() else self._rows

    def columnCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008
        return 0 if parent.isValid() else len(self.columns)

    def flags(self, index: Index) -> Qt.ItemFlag:
        plain = Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable
        return plain | Qt.ItemFlag.ItemIsEditable if index.column() == VALUE else plain

    @guarded
    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = DISPLAY
    ) -> object | None:
        if orientation != Qt.Orientation.Horizontal:
            return None
        column = self.columns[section]
        if role == DISPLAY:
            return self.heading(column)
        if role == ALIGNMENT:
            return LEFT if section == NAME else RIGHT
        if role == TOOL_TIP:
            return meaning(column, self._frame) if self._frame else None
        if role == FOREGROUND:
            return QColor(colour(column) or theme().muted)
        if role == FONT:
            return semibold(12) if colour(column) else font(12)
        return None

    @guarded
    def data(self, index: Index, role: int = DISPLAY) -> object | None:
        if role == ALIGNMENT:
            return LEFT if index.column() == NAME else RIGHT
        if role == FONT:
            return self.font_of(index.row())
        if role == FOREGROUND:
            return QColor(self.colour(index.row(), index.column()))
        cells, frame = self._row(index.row()), self._frame
        if not cells or frame is None or role not in (DISPLAY, EDIT, TOOL_TIP, ACCESSIBLE):
            return None
        value = cells[index.column()]
        if role == ACCESSIBLE:
            column = heading(self.columns[index.column()], frame)
            return f"{cells[NAME]}, {column}: {_text(value)}"
        if role == DISPLAY:
            return _text(value)
        return value if role == EDIT or isinstance(value, str) else in_full(value)

    def texts(self, row: int) -> list[str]:
        """Return what stands in the cells of a row."""
        return [_text(value) for value in self._row(row)]

    def font_of(self, row: int) -> QFont:
        """Return the font of a row: bold for the weight or bias that is selected."""
        selected = self._frame.selected if self._frame is not None else None
        bold = selected is not None and self.ref(row) == selected
        return (semibold if bold else font)(12 if self._rows > 8 else 13)

    def colour(self, row: int, column: int) -> str:
        """Return the colour of a cell: that of its factor, of the weight's sign, or of a delta that
        a central difference has shown to be wrong."""
        if self._trace is None:
            return theme().ink
        name, ref = self.columns[column], self.ref(row)
        if column == VALUE:
            return theme().weight(float(self._row(row)[VALUE] or 0.0))
        if name in ("delta", "numeric", "difference") and ref and self._is_wrong(ref):
            return theme().wrong
        return colour(name) or theme().ink

    def _is_wrong(self, ref: ParameterRef) -> bool:
        return self._cells is not None and self._cells.is_wrong(ref)

    def _row(self, row: int) -> tuple[Cell, ...]:
        """The row, kept while its cells are drawn one after another."""
        if self._cached is None or self._cached[0] != row:
            ref = self.ref(row)
            if ref is None or self._cells is None:
                return ()
            self._cached = (row, self._cells.row(ref, self.columns))
        return self._cached[1]

    def heading(self, column: str) -> str:
        """Return its name; an arrow says that the rows are sorted by it."""
        if self._frame is None:
            return ""
        said = heading(column, self._frame)
        if column != self.listing.column:
            return said
        return f"{said} {'↓' if self.listing.largest_first else '↑'}"

    @property
    def _trace(self) -> Trace | None:
        return self._frame.trace if self._frame is not None else None


def _headings(frame: Frame) -> tuple[object, ...]:
    """What the headings depend on."""
    return frame.conventions, heading("error", frame)


def _structure(frame: Frame) -> object:
    return frame.document.network.structure


def _text(value: Cell) -> str:
    return value if isinstance(value, str) else on_paper(value)
