"""The question where new weights begin, asked once in a sitting."""

from functools import partial

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QDialog, QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from nnsim.engine.settings import Settings
from nnsim.model.rebuilding import Fresh


class NewWeightsQuestion(QDialog):
    """Asks whether new weights are 0 or drawn. Show it with open(); Esc gives no answer."""

    answered = Signal(object)
    """A Fresh, or None when there was no answer: then the edit that asked is not done."""

    def __init__(self, settings: Settings, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(self.tr("New weights"))
        self._answer: Fresh | None = None
        words = fresh_words(self, settings)
        self.buttons = {fresh: QPushButton(words[fresh], self) for fresh in Fresh}
        self.cancel_button = QPushButton(self.tr("Cancel"), self)
        self.cancel_button.clicked.connect(self.reject)
        for fresh, button in self.buttons.items():
            button.clicked.connect(partial(self._answer_with, fresh))
        self.buttons[Fresh.start_rule].setProperty("main", True)
        self.buttons[Fresh.start_rule].setDefault(True)
        self.finished.connect(self._tell)
        self._lay_out()

    def _answer_with(self, fresh: Fresh, _checked: bool = False) -> None:
        self._answer = fresh
        self.accept()

    def _tell(self, _result: int) -> None:
        self.answered.emit(self._answer)

    def _lay_out(self) -> None:
        question = QLabel(self.tr("New weights start at:"), self)
        question.setProperty("role", "title")
        hint = QLabel(
            self.tr(
                "Weights that are there already keep their values.\n"
                "You can change this later in the Build menu."
            ),
            self,
        )
        hint.setProperty("role", "hint")
        foot = QHBoxLayout()
        foot.setSpacing(8)
        foot.addStretch(1)
        for button in (self.cancel_button, *self.buttons.values()):
            foot.addWidget(button)
        column = QVBoxLayout(self)
        column.setContentsMargins(16, 16, 16, 16)
        column.setSpacing(12)
        for widget in (question, hint):
            column.addWidget(widget)
        column.addLayout(foot)


def fresh_words(translator: QObject, settings: Settings) -> dict[Fresh, str]:
    """Return what the two answers are called, the start rule with its name and seed."""
    rule = translator.tr("the start rule ({}, seed {})")
    return {
        Fresh.zero: translator.tr("0"),
        Fresh.start_rule: rule.format(settings.initializer, settings.seed),
    }
