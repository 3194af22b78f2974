"""The question for a name or a note."""

from PySide6.QtCore import Signal
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import (
    QDialog,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QPlainTextEdit,
    QPushButton,
    QVBoxLayout,
    QWidget,
)


class WordsQuestion(QDialog):
    """Asks for words, of one line or several. Show it with open()."""

    given = Signal(str)

    def __init__(
        self, title: str, what: str, words: str, lines: bool, parent: QWidget | None = None
    ) -> None:
        """title: of the window; what: said beside the field; words: what stands in it first."""
        super().__init__(parent)
        self.setWindowTitle(title)
        self.field: QLineEdit | QPlainTextEdit
        self.field = QPlainTextEdit(words, self) if lines else QLineEdit(words, self)
        self.field.setAccessibleName(what)
        self.field.setMinimumWidth(320)
        self._what = QLabel(what, self)
        self._what.setBuddy(self.field)
        self.give_button = QPushButton(self.tr("OK"), self)
        self.give_button.setProperty("main", True)
        self.give_button.setDefault(True)
        self.cancel_button = QPushButton(self.tr("Cancel"), self)
        self.give_button.clicked.connect(self.accept)
        self.cancel_button.clicked.connect(self.reject)
        self._lay_out()

    def accept(self) -> None:
        """Give the words."""
        super().accept()
        field = self.field
        self.given.emit(field.text() if isinstance(field, QLineEdit) else field.toPlainText())

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self.field.setFocus()
        self.field.selectAll()

    def _lay_out(self) -> None:
        foot = QHBoxLayout()
        foot.setSpacing(8)
        foot.addStretch(1)
        foot.addWidget(self.cancel_button)
        foot.addWidget(self.give_button)
        column = QVBoxLayout(self)
        column.setContentsMargins(16, 16, 16, 16)
        column.setSpacing(12)
        column.addWidget(self._what)
        column.addWidget(self.field)
        column.addLayout(foot)
