"""The factor table: one row per weight and bias, its factors, delta and what follows."""

from PySide6.QtCore import (
    QAbstractTableModel,
    QModelIndex,
    QPersistentModelIndex,
    QRect,
    Qt,
    Signal,
)
from PySide6.QtGui import (
    QColor,
    QFont,
    QKeyEvent,
    QKeySequence,
    QPainter,
    QPaintEvent,
    QResizeEvent,
)
from PySide6.QtWidgets import (
    QAbstractItemView,
    QApplication,
    QHeaderView,
    QTableView,
    QWidget,
)

from nnsim.engine.network import ParameterRef
from nnsim.model.frame import Frame
from nnsim.tracing.loss_factor import error_name, has_plain_error
from nnsim.tracing.names import parameter_name
from nnsim.tracing.wording import in_full, on_paper
from nnsim.views.parts.fitting import columns_in_sight, draw_name, draw_number, rows_in_sight
from nnsim.views.parts.guard import guarded
from nnsim.views.parts.number_delegate import NumberDelegate
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
Cell = str | float | None

COLUMNS = ("name", "value", "error", "slope", "source", "delta", "update", "new_value")
NAME, VALUE = 0, 1
NAME_WIDTH = 116
"""Room for input1 → hidden1; the numbers share the rest evenly and are never cut off."""
PADDING, INDENT = 4, 11
LAST_WIDER = 7


class FactorModel(QAbstractTableModel):
    """Reads the rows of the Trace when a cell is asked for, so that their number costs nothing."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._frame: Frame | None = None
        self._rows = 0
        self._cached: tuple[int, tuple[Cell, ...]] | None = None

    def show_frame(self, frame: Frame) -> None:
        """Show a moment: one signal for all cells."""
        rows, was_plain = frame.document.network.parameter_count, self._is_plain_error()
        self._frame, self._cached = frame, None
        if was_plain != self._is_plain_error():
            self.headerDataChanged.emit(Qt.Orientation.Horizontal, 0, len(COLUMNS) - 1)
        if rows != self._rows:
            self.beginResetModel()
            self._rows = rows
            self.endResetModel()
        elif rows:
            self.dataChanged.emit(self.index(0, 0), self.index(rows - 1, len(COLUMNS) - 1))

    def ref(self, row: int) -> ParameterRef | None:
        """Return the weight or bias of a row."""
        if self._frame is None or not 0 <= row < self._rows:
            return None
        return self._frame.document.network.ref_at(row)

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's own default
        return 0 if parent.isValid() else self._rows

    def columnCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008
        return 0 if parent.isValid() else len(COLUMNS)

    def flags(self, index: Index) -> Qt.ItemFlag:
        plain = Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable
        return plain | Qt.ItemFlag.ItemIsEditable if index.column() == VALUE else plain

    @guarded
    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = DISPLAY
    ) -> object | None:
        if orientation != Qt.Orientation.Horizontal:
            return None
        if role == DISPLAY:
            return self._heading(section)
        if role == ALIGNMENT:
            return LEFT if section == NAME else RIGHT
        if role == TOOL_TIP:
            return self._meaning(section)
        if role == FOREGROUND:
            return QColor(_factor_colour(COLUMNS[section]) or theme().muted)
        if role == FONT:
            return semibold(12) if _factor_colour(COLUMNS[section]) else font(12)
        return None

    @guarded
    def data(self, index: Index, role: int = DISPLAY) -> object | None:
        column = COLUMNS[index.column()]
        if role == ALIGNMENT:
            return LEFT if column == "name" else RIGHT
        if role == FONT:
            return self.font_of(index.row())
        if role == FOREGROUND:
            return QColor(self.colour(index.row(), index.column()))
        cells = self._cells(index.row())
        if not cells or role not in (DISPLAY, EDIT, TOOL_TIP, ACCESSIBLE):
            return None
        value = cells[index.column()]
        if role == ACCESSIBLE:
            return f"{cells[NAME]}, {self._heading(index.column())}: {_text(value)}"
        if role == DISPLAY:
            return _text(value)
        return value if role == EDIT or isinstance(value, str) else in_full(value)

    def texts(self, row: int) -> list[str]:
        """Return what stands in the cells of a row."""
        return [_text(value) for value in self._cells(row)]

    def font_of(self, row: int) -> QFont:
        """Return the font of a row: bold for the weight or bias that is selected."""
        selected = self._frame.selected if self._frame is not None else None
        bold = selected is not None and self.ref(row) == selected
        return (semibold if bold else font)(12 if self._rows > 8 else 13)

    def colour(self, row: int, column: int) -> str:
        """Return the colour of a cell: that of its factor, or of the weight's sign."""
        if self._frame is None or self._frame.trace is None:
            return theme().ink
        if column == VALUE:
            return theme().weight(float(self._cells(row)[VALUE] or 0.0))
        return _factor_colour(COLUMNS[column]) or theme().ink

    def _cells(self, row: int) -> tuple[Cell, ...]:
        """The row, kept while its cells are drawn one after another."""
        if self._cached is None or self._cached[0] != row:
            ref = self.ref(row)
            if ref is None or self._frame is None:
                return ()
            self._cached = (row, _cells_of(self._frame, ref))
        return self._cached[1]

    def _heading(self, section: int) -> str:
        return (
            "   " + self.tr("name"),
            self.tr("value"),
            (self.tr("error") if self._is_plain_error() else "∂E/∂o") + " ×",
            "f'(sum) ×",
            "sum' =",
            self.tr("delta"),
            self.tr("change"),
            self.tr("new value"),
        )[section]

    def _meaning(self, section: int) -> str:
        return (
            self.tr("The weight or bias"),
            self.tr("The weight w as it is now"),
            self._error_meaning(),
            self.tr("The slope of the activation at the sum"),
            self.tr("∂sum/∂w: the input that the weight multiplies; 1 for a bias"),
            self.tr("∂E/∂w, the gradient: {} × f'(sum) × sum'").format(self._error_name()),
            self.tr("What the coming step adds: −learning rate × delta of its batch"),
            self.tr("The weight after the coming step"),
        )[section]

    def _is_plain_error(self) -> bool:
        trace = self._frame.trace if self._frame is not None else None
        return trace is None or has_plain_error(trace)

    def _error_name(self) -> str:
        trace = self._frame.trace if self._frame is not None else None
        return "error" if trace is None else error_name(trace)

    def _error_meaning(self) -> str:
        if self._is_plain_error():
            return self.tr(
                "∂E/∂output: output − expected, or carried back; blank where it cannot be told"
            )
        return self.tr(
            "∂E/∂output: what the loss makes of output and expected, or carried back; "
            "blank where it cannot be told"
        )


def _cells_of(frame: Frame, ref: ParameterRef) -> tuple[Cell, ...]:
    """The name and the numbers of a weight or bias; where no sample gives factors, its value."""
    if frame.trace is not None:
        row = frame.trace.factors(ref)
        return tuple(getattr(row, column) for column in COLUMNS)
    network = frame.document.network
    value = float(network.parameters[network.index_of(ref)])
    return (parameter_name(network, ref), value, *[None] * (len(COLUMNS) - 2))


def _text(value: Cell) -> str:
    return value if isinstance(value, str) else on_paper(value)


def _factor_colour(column: str) -> str | None:
    t = theme()
    return {"error": t.error, "slope": t.slope, "source": t.source}.get(column)


class FactorTable(QTableView):
    """The table with its selected row marked by an ink bar."""

    parameter_selected = Signal(object)
    parameter_edited = Signal(object, float)
    edit_started = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName(self.tr("Factors of every weight and bias"))
        self._model = FactorModel(self)
        self.setModel(self._model)
        self._selected_row = -1
        delegate = NumberDelegate(self)
        delegate.number_edited.connect(self._emit_edit)
        delegate.edit_started.connect(self.edit_started)
        self.setItemDelegate(delegate)
        self._dress()
        self.clicked.connect(self._select)

    def show_frame(self, frame: Frame) -> None:
        """Show a moment, with the selected weight's row in sight."""
        rows = frame.document.network.parameter_count
        height = row_height(rows)
        if self.verticalHeader().defaultSectionSize() != height:
            self.verticalHeader().setDefaultSectionSize(height)
        self._model.show_frame(frame)
        row = -1 if frame.selected is None else frame.document.network.row_of(frame.selected)
        if row != self._selected_row:
            self._selected_row = row
            if row >= 0:
                self.scrollTo(self._model.index(row, 0))
                if not self.hasFocus():
                    self.setCurrentIndex(self._model.index(row, VALUE))

    def preferred_height(self, rows: int) -> int:
        """Return the height of the header and as many rows as are shown without scrolling."""
        return 30 + row_height(rows) * min(rows, 12) + 2

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.matches(QKeySequence.StandardKey.Copy):
            QApplication.clipboard().setText(self._full_text())
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.edit(self._model.index(self.currentIndex().row(), VALUE))
        elif event.key() == Qt.Key.Key_Space:
            event.ignore()  # Space takes a step, wherever the focus is
        else:
            before = self.currentIndex().row()
            super().keyPressEvent(event)
            if self.currentIndex().row() != before:
                self._select(self.currentIndex())

    @guarded
    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the cells here: asking a delegate and the model for each takes far longer."""
        painter = QPainter(self.viewport())
        rows, columns, line = rows_in_sight(self), columns_in_sight(self), QColor(theme().line)
        for row in rows:
            self._draw_row(painter, row, columns)
            bottom = self.rowViewportPosition(row) + self.rowHeight(row) - 1
            painter.fillRect(0, bottom, self.viewport().width(), 1, line)
        if self._selected_row in rows:
            top = self.rowViewportPosition(self._selected_row)
            painter.fillRect(0, top, 3, self.rowHeight(self._selected_row), QColor(theme().ink))

    def _draw_row(self, painter: QPainter, row: int, columns: list[tuple[int, int, int]]) -> None:
        top, height = self.rowViewportPosition(row), self.rowHeight(row)
        if row == self._selected_row:
            painter.fillRect(0, top, self.viewport().width(), height, QColor(theme().selected))
        used, texts = self._model.font_of(row), self._model.texts(row)
        for column, left, width in columns:
            colour = self._model.colour(row, column)
            if column == NAME:
                cell = QRect(left + INDENT, top, width - INDENT, height)
                draw_name(painter, cell, texts[column], used, colour)
            else:
                cell = QRect(left, top, width - PADDING, height)
                draw_number(painter, cell, texts[column], used, colour)

    @guarded
    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        width = self.viewport().width()
        each = (width - NAME_WIDTH - LAST_WIDER) // (len(COLUMNS) - 1)
        for column in range(1, len(COLUMNS)):
            self.setColumnWidth(column, each)
        last = len(COLUMNS) - 1
        self.setColumnWidth(last, each + LAST_WIDER)
        self.setColumnWidth(NAME, width - each * last - LAST_WIDER)

    def _dress(self) -> None:
        self.setShowGrid(False)
        self.setSelectionMode(QAbstractItemView.SelectionMode.NoSelection)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setEditTriggers(QAbstractItemView.EditTrigger.DoubleClicked)
        self.setTabKeyNavigation(False)
        self.verticalHeader().hide()
        self.verticalHeader().setMinimumSectionSize(20)
        self.verticalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        header = self.horizontalHeader()
        header.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        header.setFixedHeight(30)
        header.setHighlightSections(False)
        header.setSectionsClickable(False)

    def _select(self, index: QModelIndex) -> None:
        self.parameter_selected.emit(self._model.ref(index.row()))

    def _emit_edit(self, row: int, _column: int, value: float) -> None:
        self.parameter_edited.emit(self._model.ref(row), value)

    def _full_text(self) -> str:
        index = self.currentIndex()
        value = self._model.data(index, EDIT)
        return in_full(value) if isinstance(value, float) else str(value or "")


def row_height(rows: int) -> int:
    """Return the height of a row: lower the more there are."""
    return 36 if rows <= 4 else 30 if rows <= 7 else 24 if rows <= 11 else 22
