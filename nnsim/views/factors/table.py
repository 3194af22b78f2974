"""The factor table: one row per weight and bias, its factors, delta and what follows."""

from collections.abc import Iterable, Iterator
from dataclasses import replace

from PySide6.QtCore import QEvent, QModelIndex, QRect, QRectF, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QFocusEvent,
    QKeyEvent,
    QKeySequence,
    QMouseEvent,
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

from nnsim.engine.network import Network
from nnsim.model.frame import Frame
from nnsim.tracing.display import display
from nnsim.tracing.factor_rows import Listing
from nnsim.tracing.quantity import Kind, Quantity
from nnsim.tracing.wording import in_full
from nnsim.views.factors.columns import CHECKED, COLUMNS, MOST_CHECKED, NAME, VALUE
from nnsim.views.factors.model import FactorModel
from nnsim.views.factors.widths import INDENT, PADDING, column_widths, least_width
from nnsim.views.parts.fitting import (
    columns_in_sight,
    draw_name,
    draw_number,
    rows_in_sight,
)
from nnsim.views.parts.guard import guarded
from nnsim.views.parts.lit import Lit, PointedNumber, draw_lit
from nnsim.views.parts.number_delegate import NumberDelegate
from nnsim.views.parts.roles import EDIT
from nnsim.views.parts.theme import theme

__all__ = ["COLUMNS", "FactorModel", "FactorTable"]

Place = tuple[int, int, int]
"""The number of a column, its left edge and its width."""

HEADING = 32
"""The height of the header, with the table's frame."""


class FactorTable(QTableView):
    """The table with its selected row marked by an ink bar."""

    parameter_selected = Signal(object)
    parameter_edited = Signal(object, float)
    edit_started = Signal()
    listing_changed = Signal(object)
    quantity_pointed = Signal(object)
    quantity_opened = Signal(object)
    """A number was clicked: explain it."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setMouseTracking(True)
        self._lit, self._pointed_number = Lit(), PointedNumber()
        self.setAccessibleName(self.tr("Factors of every weight and bias"))
        self._model = FactorModel(self)
        self._model.headerDataChanged.connect(self._share_width)
        self.setModel(self._model)
        self._selected_row = -1
        self._network: Network | None = None
        self._display = display()
        delegate = NumberDelegate(self)
        delegate.number_edited.connect(self._emit_edit)
        delegate.edit_started.connect(self.edit_started)
        self.setItemDelegate(delegate)
        self._dress()
        self.clicked.connect(self._select)
        self.selectionModel().currentChanged.connect(self._point_at_current)

    def show_frame(self, frame: Frame) -> None:
        """Show a moment, with the selected weight's row in sight."""
        rows = frame.document.network.parameter_count
        height = row_height(rows)
        if self.verticalHeader().defaultSectionSize() != height:
            self.verticalHeader().setDefaultSectionSize(height)
        self._model.show_frame(frame)
        self._fit(frame.document.network)
        row = -1 if frame.selected is None else self._model.row_of(frame.selected)
        if row != self._selected_row:
            self._selected_row = row
            if row >= 0:
                self.scrollTo(self._model.index(row, 0))
                if not self.hasFocus():
                    self.setCurrentIndex(self._model.index(row, VALUE))

    def _fit(self, network: Network) -> None:
        """Longer names or numbers need wider columns."""
        before, self._network = self._network, network
        is_same = before is not None and before.structure is network.structure
        if not is_same or display() != self._display:
            self._display = display()
            self._share_width()

    def show_listing(self, listing: Listing) -> None:
        """List other rows, or in another order."""
        selected = self._model.ref(self._selected_row)
        self._model.show_listing(listing)
        self._selected_row = -1 if selected is None else self._model.row_of(selected)
        self.listing_changed.emit(listing)
        self.viewport().update()

    def show_columns(self, columns: tuple[str, ...]) -> None:
        """Show other columns."""
        self._model.show_columns(columns)
        self._share_width()

    @property
    def listing(self) -> Listing:
        """What is listed, and in which order."""
        return self._model.listing

    def _sort_by(self, section: int) -> None:
        """Sort by a column: the largest first, at the next click the smallest, then no longer."""
        column = self._model.columns[section]
        if column == "name":
            self.show_listing(replace(self.listing, column=None, largest_first=True))
        elif column in CHECKED and self._is_large():
            return
        elif column != self.listing.column:
            self.show_listing(replace(self.listing, column=column, largest_first=True))
        elif self.listing.largest_first:
            self.show_listing(replace(self.listing, largest_first=False))
        else:
            self.show_listing(replace(self.listing, column=None, largest_first=True))

    def _is_large(self) -> bool:
        return self._network is not None and self._network.parameter_count > MOST_CHECKED

    def light(self, lit: Lit) -> None:
        """Mark the number that is pointed at somewhere, what it came from and where it goes."""
        if lit != self._lit:
            self._lit = lit
            self.viewport().update()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        super().mouseMoveEvent(event)
        self._point_at(self._model.quantity(self.indexAt(event.position().toPoint())))

    def leaveEvent(self, event: QEvent) -> None:
        super().leaveEvent(event)
        self._point_at(None)

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        self._point_at_current(self.currentIndex())

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self._point_at(None)

    def _point_at_current(self, index: QModelIndex) -> None:
        """The number that the keys are at lights up as one does that is pointed at."""
        if self.hasFocus():
            self._point_at(self._model.quantity(index))

    def explain_current(self) -> None:
        """Open the card of the number in the current cell."""
        quantity = self._model.quantity(self.currentIndex())
        if quantity is not None:
            self.quantity_opened.emit(quantity)

    def _point_at(self, quantity: Quantity | None) -> None:
        if self._pointed_number.changes_to(quantity):
            self.quantity_pointed.emit(quantity)

    def height_within(self, room: int, rows: int) -> int:
        """Return the height of the header and as many whole rows as there is room for: from 2 to
        12."""
        is_wide = least_width(self._headings()) > self.viewport().width()
        bar = self.horizontalScrollBar().sizeHint().height() if is_wide else 0
        fitting = (room - HEADING - bar) // row_height(rows)
        return HEADING + row_height(rows) * min(rows, max(2, min(fitting, 12))) + bar

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
                self.parameter_selected.emit(self._model.ref(self.currentIndex().row()))

    @guarded
    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the cells here: asking a delegate and the model for each takes far longer."""
        painter = QPainter(self.viewport())
        rows, columns, line = rows_in_sight(self), columns_in_sight(self), QColor(theme().line)
        for row in rows:
            self._draw_row(painter, row, columns)
            bottom = self.rowViewportPosition(row) + self.rowHeight(row) - 1
            painter.fillRect(0, bottom, self.viewport().width(), 1, line)
        if self._lit:
            draw_lit(painter, self._spots(rows, columns), self._lit)
        if self._selected_row in rows:
            top = self.rowViewportPosition(self._selected_row)
            painter.fillRect(0, top, 3, self.rowHeight(self._selected_row), QColor(theme().ink))

    def _spots(
        self, rows: Iterable[int], columns: list[Place]
    ) -> Iterator[tuple[QRectF, Quantity]]:
        for row in rows:
            top, height = self.rowViewportPosition(row), self.rowHeight(row)
            for column, left, width in self._cells_of(row, columns):
                quantity = self._model.quantity(self._model.index(row, column))
                if quantity is not None:
                    yield QRectF(left + 4, top + 2, width - 6, height - 5), quantity

    def _cells_of(self, row: int, columns: list[Place]) -> Iterator[Place]:
        """The columns in sight, with error and slope as one where they are joined."""
        joined = self._model.columns.index("error") if self._model.is_joined(row) else None
        for column, left, width in columns:
            if column == joined:
                yield column, left, width + self.columnWidth(column + 1)
            elif joined is None or column != joined + 1:
                yield column, left, width

    def _draw_row(self, painter: QPainter, row: int, columns: list[Place]) -> None:
        top, height = self.rowViewportPosition(row), self.rowHeight(row)
        if row == self._selected_row:
            painter.fillRect(0, top, self.viewport().width(), height, QColor(theme().selected))
        used, texts = self._model.font_of(row), self._model.texts(row)
        for column, left, width in self._cells_of(row, columns):
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
        self._share_width()

    def _share_width(self) -> None:
        widths = column_widths(self._network, self._headings(), self.viewport().width())
        for column, width in enumerate(widths):
            self.setColumnWidth(column, width)

    def _headings(self) -> list[str]:
        return [self._model.heading(column) for column in self._model.columns]

    def _dress(self) -> None:
        self.setShowGrid(False)
        self.setSelectionMode(QAbstractItemView.SelectionMode.NoSelection)
        self.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setEditTriggers(QAbstractItemView.EditTrigger.DoubleClicked)
        self.setTabKeyNavigation(False)
        self.setCornerWidget(QWidget(self))
        self.verticalHeader().hide()
        self.verticalHeader().setMinimumSectionSize(20)
        self.verticalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        header = self.horizontalHeader()
        header.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        header.setFixedHeight(HEADING - 2)
        header.setHighlightSections(False)
        header.setSectionsClickable(True)
        header.sectionClicked.connect(self._sort_by)

    def _select(self, index: QModelIndex) -> None:
        """A row is looked at; a number that is computed is explained."""
        self.parameter_selected.emit(self._model.ref(index.row()))
        quantity = self._model.quantity(index)
        if quantity is not None and quantity.kind is not Kind.parameter:
            self.quantity_opened.emit(quantity)

    def _emit_edit(self, row: int, _column: int, value: float) -> None:
        self.parameter_edited.emit(self._model.ref(row), value)

    def _full_text(self) -> str:
        index = self.currentIndex()
        value = self._model.data(index, EDIT)
        return in_full(value) if isinstance(value, float) else str(value or "")


def row_height(rows: int) -> int:
    """Return the height of a row: lower the more there are."""
    return 36 if rows <= 4 else 30 if rows <= 7 else 24 if rows <= 11 else 22
