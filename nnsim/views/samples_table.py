"""The samples table: choose, edit, copy, paste and remove samples by mouse or keyboard."""

from collections.abc import Iterator
from dataclasses import dataclass

from PySide6.QtCore import QEvent, QModelIndex, QPoint, QPointF, QRect, QRectF, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QContextMenuEvent,
    QFontMetricsF,
    QKeyEvent,
    QKeySequence,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
    QPolygonF,
    QResizeEvent,
)
from PySide6.QtWidgets import (
    QAbstractItemView,
    QApplication,
    QHeaderView,
    QMenu,
    QTableView,
    QWidget,
)

from nnsim.model.frame import Frame
from nnsim.tracing.quantity import Quantity
from nnsim.tracing.wording import on_paper
from nnsim.views.parts.fitting import columns_in_sight, draw_name, draw_number, rows_in_sight
from nnsim.views.parts.guard import guarded
from nnsim.views.parts.lit import Lit, PointedNumber, draw_lit
from nnsim.views.parts.number_delegate import NumberDelegate
from nnsim.views.parts.theme import theme
from nnsim.views.parts.type import medium, semibold
from nnsim.views.samples_model import Kind, SamplesModel

ROW_HEIGHTS = (36, 30, 24)
SMALLEST_ROW = 22
MEASURED_ROWS = 50


@dataclass(frozen=True)
class Room:
    """How large a cell's text is, and how much room it leaves around it."""

    pixels: int
    mark: int
    """Where the triangle of the next sample begins."""
    left: int
    right: int


AMPLE, TIGHT = Room(13, 16, 32, 16), Room(12, 6, 17, 4)


class SamplesTable(QTableView):
    """One row per sample; the one of the next step is bold, with an ink bar and a triangle."""

    sample_chosen = Signal(int)
    input_edited = Signal(int, int, float)
    expected_edited = Signal(int, int, float)
    edit_started = Signal()
    sample_added = Signal()
    sample_removed = Signal(int)
    rows_pasted = Signal(str)
    quantity_pointed = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName(self.tr("Samples"))
        self._model = SamplesModel(self)
        self.setModel(self._model)
        self._measured: tuple[object, object] = (None, None)
        """The samples and the names that the columns have been measured for."""
        self._widths: dict[Room, list[float]] = {}
        self._room = AMPLE
        self.setMouseTracking(True)
        self._lit, self._pointed = Lit(), PointedNumber()
        self._delegate = NumberDelegate(self)
        self._delegate.number_edited.connect(self._emit_edit)
        self._delegate.edit_started.connect(self.edit_started)
        self.setItemDelegate(self._delegate)
        self._dress()
        self.clicked.connect(self._click)

    def show_frame(self, frame: Frame) -> None:
        """Show a moment, with the next sample in sight unless somebody is busy in the table."""
        before = self._model.next_row
        self._model.show_frame(frame)
        shown = (frame.document.samples, frame.document.network.structure.labels)
        changed = any(now is not then for now, then in zip(shown, self._measured, strict=True))
        if changed:  # measured first: fitting the rows resizes, and resizing fits the columns
            self._measured = shown
            self._widths = {room: self._measure(room) for room in (AMPLE, TIGHT)}
        self._fit_rows()
        if changed:
            self._fit_columns()
        if self._model.next_row != before and not (frame.running or self.hasFocus()):
            self.show_next()

    def light(self, lit: Lit) -> None:
        """Mark the number that is pointed at somewhere, what it came from and where it goes."""
        if lit != self._lit:
            self._lit = lit
            self.viewport().update()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        super().mouseMoveEvent(event)
        index = self.indexAt(event.position().toPoint())
        self._point_at(self._model.number_at(index.row(), max(0, index.column())))

    def leaveEvent(self, event: QEvent) -> None:
        super().leaveEvent(event)
        self._point_at(None)

    def _point_at(self, quantity: Quantity | None) -> None:
        if self._pointed.changes_to(quantity):
            self.quantity_pointed.emit(quantity)

    def _spots(self) -> Iterator[tuple[QRectF, Quantity]]:
        """Where the numbers of the traced sample stand, as far as they are computed."""
        columns = columns_in_sight(self)
        for row in rows_in_sight(self):
            for column, left, width in columns:
                quantity = self._model.number_at(row, column)
                if quantity is not None and self._model.is_computed(row, column):
                    rect = QRectF(self._row_rect(row))
                    room = width - max(8, self._room.right)
                    yield QRectF(left + 4, rect.top() + 2, room, rect.height() - 5), quantity

    def show_next(self) -> None:
        """Bring the sample of the next step in sight."""
        if self._model.next_row >= 0 and self.state() != self.State.EditingState:
            self.scrollTo(self._model.index(self._model.next_row, 0))

    def row_to_remove(self) -> int:
        """Return the row that Remove means: the current one, else the next sample's; or −1."""
        row = self.currentIndex().row()
        return row if 0 <= row < self._model.rowCount() else self._model.next_row

    def remove(self) -> None:
        """Wish a sample away."""
        if self.row_to_remove() >= 0:
            self.sample_removed.emit(self.row_to_remove())

    def paste(self) -> None:
        """Hand the text of the clipboard on."""
        self.rows_pasted.emit(QApplication.clipboard().text())

    def copy(self) -> None:
        """Copy the selected cells with all their digits, tabs between them."""
        chosen = self.selectionModel().selectedIndexes() or [self.currentIndex()]
        rows: dict[int, dict[int, str]] = {}
        for index in sorted(chosen, key=_place):
            if index.isValid():
                text = self._model.full_text(index.row(), index.column())
                rows.setdefault(index.row(), {})[index.column()] = text
        lines = ["\t".join(cells.values()) for cells in rows.values()]
        QApplication.clipboard().setText("\n".join(lines))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.matches(QKeySequence.StandardKey.Copy):
            self.copy()
        elif event.matches(QKeySequence.StandardKey.Paste):
            self.paste()
        elif event.key() == Qt.Key.Key_Delete:
            self.remove()
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_F2):
            self._enter()
        elif event.key() == Qt.Key.Key_Space:
            self._choose(self.currentIndex().row())
        else:
            super().keyPressEvent(event)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        index = self.indexAt(event.pos())
        place = event.globalPos()
        if event.reason() == QContextMenuEvent.Reason.Keyboard:
            index = self.currentIndex()
            place = self.viewport().mapToGlobal(self.visualRect(index).bottomLeft() + QPoint(8, 0))
        elif index.isValid() and not self.selectionModel().isSelected(index):
            self.setCurrentIndex(index)
        self._make_menu(index.row()).popup(place)

    @guarded
    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the cells here: asking a delegate and the model for each takes far longer."""
        painter = QPainter(self.viewport())
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        self._paint_rows(painter)
        self._paint_mark(painter)
        draw_lit(painter, self._spots() if self._lit else (), self._lit)
        if self.hasFocus() and self.currentIndex().isValid():
            painter.setPen(QPen(QColor(theme().ink), 2))
            box = self.visualRect(self.currentIndex()).adjusted(1, 1, -1, -2)
            painter.drawRoundedRect(box, 4, 4)

    @guarded
    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if self._widths:
            self._fit_columns()
        self._fit_rows()

    def _dress(self) -> None:
        self.setShowGrid(False)
        self.setEditTriggers(QAbstractItemView.EditTrigger.DoubleClicked)
        self.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.setTabKeyNavigation(False)
        self.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setCornerWidget(QWidget(self))
        self.verticalHeader().hide()
        self.verticalHeader().setMinimumSectionSize(20)
        self.verticalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        header = self.horizontalHeader()
        header.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        header.setMinimumSectionSize(20)
        header.setHighlightSections(False)
        header.setSectionsClickable(False)
        header.setDefaultAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)

    def _measure(self, room: Room) -> list[float]:
        """How wide the text of each column is, judging by its first rows."""
        model, head = self._model, QFontMetricsF(medium(12)).horizontalAdvance
        cell = QFontMetricsF(semibold(room.pixels)).horizontalAdvance
        widths = [room.left + cell(str(max(1, model.rowCount()))) + room.right]
        for column in range(1, model.columnCount()):
            widest = cell(on_paper(-0.123456))
            if model.place(column)[0] in (Kind.INPUT, Kind.EXPECTED):
                rows = range(min(model.rowCount(), MEASURED_ROWS))
                widest = max((cell(on_paper(model.value(r, column))) for r in rows), default=0.0)
            widths.append(max(widest, head(model.heading(column))) + 1 + room.right)
        return widths

    def _fit_columns(self) -> None:
        """Give each column its text and an equal share of the rest; else the table scrolls."""
        numbers, width = self._model.columnCount() - 1, self.viewport().width()
        if numbers < 1 or any(len(each) != numbers + 1 for each in self._widths.values()):
            return  # other columns have come that are measured in a moment
        room = next((r for r in (AMPLE, TIGHT) if self._rest(r, width) >= 0), TIGHT)
        self._take(room)
        left = float(round(self._widths[room][0]))
        self.setColumnWidth(0, int(left))
        share = max(0.0, self._rest(room, width) / numbers)
        for column in range(1, numbers + 1):
            right = left + self._widths[room][column] + share
            self.setColumnWidth(column, round(right) - round(left))
            left = right

    def _rest(self, room: Room, width: int) -> float:
        return width - sum(self._widths[room])

    def _take(self, room: Room) -> None:
        if room is not self._room or not self._model.pixels:
            self._room = room
            self._model.pixels = room.pixels
            padding = f"QHeaderView::section {{ padding: 0 {room.right}px 0 0; }}"
            self.horizontalHeader().setStyleSheet(padding)

    def _fit_rows(self) -> None:
        """Rows as high as lets all of them be seen, if any height does."""
        rows = max(1, self._model.rowCount())
        for height in ROW_HEIGHTS:
            head = 30 if height > 24 else 24
            if rows * height <= self.height() - head:
                break
        else:
            height, head = (24, 24) if rows * SMALLEST_ROW > self.height() - 24 else (22, 24)
        self._model.low_rows = height <= 24
        if self.verticalHeader().defaultSectionSize() != height:
            self.verticalHeader().setDefaultSectionSize(height)
        self.horizontalHeader().setFixedHeight(head)

    def _enter(self) -> None:
        index = self.currentIndex()
        if self._model.place(max(0, index.column()))[0] in (Kind.INPUT, Kind.EXPECTED):
            self.edit(index)
        else:
            self._choose(index.row())

    def _click(self, index: QModelIndex) -> None:
        if QApplication.keyboardModifiers() == Qt.KeyboardModifier.NoModifier:
            self._choose(index.row())

    def _choose(self, row: int) -> None:
        if row >= 0 and row != self._model.next_row:
            self.sample_chosen.emit(row)

    def _choose_current(self) -> None:
        self._choose(self.currentIndex().row())

    def _add(self) -> None:
        self.sample_added.emit()

    def _emit_edit(self, row: int, column: int, value: float) -> None:
        kind, index = self._model.place(column)
        edited = self.input_edited if kind == Kind.INPUT else self.expected_edited
        edited.emit(row, index, value)

    def _make_menu(self, row: int) -> QMenu:
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        number = row + 1
        if row >= 0:
            words = self.tr("Take sample {} next").format(number)
            menu.addAction(words, self._choose_current).setEnabled(row != self._model.next_row)
            menu.addAction(self.tr("Copy"), self.copy)
            menu.addSeparator()
        menu.addAction(self.tr("Add a sample"), self._add)
        menu.addAction(self.tr("Paste rows"), self.paste)
        if row >= 0:
            menu.addAction(self.tr("Remove sample {}").format(number), self.remove)
        return menu

    def _row_rect(self, row: int) -> QRect:
        height = self.rowHeight(row)
        return QRect(0, self.rowViewportPosition(row), self.viewport().width(), height)

    def _paint_rows(self, painter: QPainter) -> None:
        columns = columns_in_sight(self)
        chosen = {_place(index) for index in self.selectionModel().selectedIndexes()}
        for row in rows_in_sight(self):
            rect = self._row_rect(row)
            if row == self._model.next_row:
                painter.fillRect(rect, QColor(theme().selected))
            for column, left, width in columns:
                box = QRect(left, rect.top(), width, rect.height() - 1)
                if (row, column) in chosen:
                    painter.fillRect(box, QColor(theme().pressed))
                self._paint_cell(painter, row, column, box)
            painter.fillRect(0, rect.bottom(), rect.width(), 1, QColor(theme().line))

    def _paint_cell(self, painter: QPainter, row: int, column: int, box: QRect) -> None:
        model = self._model
        words, used, colour = model.text(row, column), model.font_of(row), model.colour(row, column)
        if column == 0:
            draw_name(painter, box.adjusted(self._room.left, 0, 0, 0), words, used, colour)
        else:
            draw_number(painter, box.adjusted(2, 0, -self._room.right, 0), words, used, colour)

    def _paint_mark(self, painter: QPainter) -> None:
        for row in self._model.rows_of_batch(rows_in_sight(self)):
            rect = self._row_rect(row)
            painter.fillRect(0, rect.top(), 3, rect.height(), QColor(theme().border))
        if self._model.next_row < 0:
            return
        rect, ink = self._row_rect(self._model.next_row), QColor(theme().ink)
        painter.fillRect(0, rect.top(), 3, rect.height(), ink)
        left = self.columnViewportPosition(0) + self._room.mark
        middle = rect.top() + rect.height() / 2 - 0.5
        corners = (QPointF(left, middle - 4), QPointF(left + 7, middle), QPointF(left, middle + 4))
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(ink)
        painter.drawPolygon(QPolygonF(corners))
        painter.setBrush(Qt.BrushStyle.NoBrush)


def _place(index: QModelIndex) -> tuple[int, int]:
    return index.row(), index.column()
