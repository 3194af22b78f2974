"""The question which number several chosen weights and biases are set to."""

from PySide6.QtCore import Signal
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import (
    QDialog,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from nnsim.data.typed_numbers import parse_number
from nnsim.errors import BadNumber


class SetWeightsQuestion(QDialog):
    """Asks for one number. Show it with open()."""

    value_given = Signal(float)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(self.tr("Set weights"))
        self.field = QLineEdit("0", self)
        self.field.setMaxLength(60)
        self.field.setAccessibleName(self.tr("New value of the chosen weights and biases"))
        self.reason = QLabel(self)
        self.reason.setProperty("role", "wrong")
        self.reason.hide()
        self.set_button = QPushButton(self.tr("Set"), self)
        self.set_button.setProperty("main", True)
        self.set_button.setDefault(True)
        self.cancel_button = QPushButton(self.tr("Cancel"), self)
        self.set_button.clicked.connect(self.accept)
        self.cancel_button.clicked.connect(self.reject)
        self._lay_out()

    def accept(self) -> None:
        """Give the number; say why when it is none."""
        try:
            value = parse_number(self.field.text())
        except BadNumber as error:
            self.reason.setText(str(error))
            self.reason.show()
            return
        super().accept()
        self.value_given.emit(value)

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self.field.setFocus()
        self.field.selectAll()

    def _lay_out(self) -> None:
        label = QLabel(self.tr("New value of the chosen weights and biases"), self)
        label.setBuddy(self.field)
        foot = QHBoxLayout()
        foot.setSpacing(8)
        foot.addStretch(1)
        foot.addWidget(self.cancel_button)
        foot.addWidget(self.set_button)
        column = QVBoxLayout(self)
        column.setContentsMargins(16, 16, 16, 16)
        column.setSpacing(12)
        for widget in (label, self.field, self.reason):
            column.addWidget(widget)
        column.addLayout(foot)
