"""Edits the numbers of a table in place, with the same field as everywhere else."""

from PySide6.QtCore import (
    QAbstractItemModel,
    QEvent,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    Qt,
    Signal,
)
from PySide6.QtWidgets import QStyledItemDelegate, QStyleOptionViewItem, QWidget

from nnsim.views.parts.number_field import NumberField

Index = QModelIndex | QPersistentModelIndex


class NumberDelegate(QStyledItemDelegate):
    """Opens a NumberField over a cell whose model gives the number under Qt.EditRole."""

    number_edited = Signal(int, int, float)
    """Row, column and the number typed."""
    edit_started = Signal()

    def createEditor(self, parent: QWidget, option: QStyleOptionViewItem, index: Index) -> QWidget:
        field = NumberField(parent)
        field.setAlignment(Qt.AlignmentFlag.AlignRight)
        field.setAccessibleName(str(index.data(Qt.ItemDataRole.AccessibleTextRole) or ""))
        field.setProperty("cell", [index.row(), index.column()])
        field.committed.connect(self._commit)
        field.closed.connect(self._close)
        self.edit_started.emit()
        return field

    def setEditorData(self, editor: QWidget, index: Index) -> None:
        """Fill the field once, when it opens: a frame that arrives meanwhile changes nothing."""
        if isinstance(editor, NumberField) and not editor.property("filled"):
            editor.setProperty("filled", True)
            editor.show_value(float(index.data(Qt.ItemDataRole.EditRole)))

    def setModelData(self, editor: QWidget, model: QAbstractItemModel, index: Index) -> None:
        """Nothing: what is typed leaves as a signal and comes back in a frame."""

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Let the field handle its keys and its focus; the view's way would close it too soon."""
        return False

    def _commit(self, value: float) -> None:
        row, column = self.sender().property("cell")
        self.number_edited.emit(row, column, value)

    def _close(self) -> None:
        field = self.sender()
        # Closing takes the focus away, and losing the focus closes: once is enough.
        if isinstance(field, NumberField) and not field.property("done"):
            field.setProperty("done", True)
            self.closeEditor.emit(field)
