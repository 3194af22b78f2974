"""The dialog of conventions: sign of the error, loss, delta, names. A choice shows at once."""

from dataclasses import replace
from typing import Any

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QDialog, QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from nnsim.engine.losses import loss_named
from nnsim.model.frame import Frame
from nnsim.tracing.convention_words import convention_lines
from nnsim.tracing.conventions import AS_TRAINED
from nnsim.tracing.shown_trace import LOSSES_SHOWN, why_no_other_loss, why_no_rate
from nnsim.views.parts.choice_box import ChoiceBox

WIDTH = 560
LINE_HEIGHT = 3
"""Lines of text that each explanation has room for, so that nothing moves while choosing."""
AS_IT_IS = "as it is trained"


class ConventionsDialog(QDialog):
    """Stands beside the window, which shows every number as it is chosen here."""

    conventions_wished = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(self.tr("Conventions"))
        self._frame: Frame | None = None
        self.boxes: dict[str, ChoiceBox] = {}
        self.lines: dict[str, QLabel] = {}
        self.usual_button = QPushButton(self.tr("All as usual"), self)
        self.close_button = QPushButton(self.tr("Close"), self)
        self._lay_out()
        self.usual_button.clicked.connect(lambda: self.conventions_wished.emit(AS_TRAINED))
        self.close_button.clicked.connect(self.close)

    def show_frame(self, frame: Frame) -> None:
        """Show the conventions of a moment and what each of them does there."""
        self._frame = frame
        conventions, trace = frame.wished_conventions, frame.trace
        if frame.tried is not None and len(frame.document.samples):
            trace = frame.document.trace()  # what is tried has no error to turn
        for name, box in self.boxes.items():
            box.choose(_key(getattr(conventions, name)))
        self.usual_button.setEnabled(conventions != AS_TRAINED)
        if trace is None:
            for line in self.lines.values():
                line.setText(self.tr("Add a sample to see what it changes."))
            return
        for name, said in convention_lines(trace.whole, conventions).items():
            if self.lines[name].text() != said:
                self.lines[name].setText(said)
                self.boxes[name].setAccessibleDescription(said)
        self.boxes["shown_loss"].setEnabled(not why_no_other_loss(trace))
        self.boxes["delta_with_rate"].setEnabled(not why_no_rate(trace))

    def _wish(self, name: str) -> None:
        if self._frame is not None:
            chosen = self._values(name)[self.boxes[name].choice]
            wished = replace(self._frame.wished_conventions, **{name: chosen})
            self.conventions_wished.emit(wished)

    def _choices(self) -> dict[str, tuple[str, dict[Any, str]]]:
        """The label of each convention, and its values with their words."""
        losses = {each: loss_named(LOSSES_SHOWN[each]).formula for each in LOSSES_SHOWN}
        return {
            "error_sign": (
                self.tr("Error"),
                {
                    "output_minus_expected": self.tr("output − expected"),
                    "expected_minus_output": self.tr("expected − output"),
                },
            ),
            "shown_loss": (self.tr("Loss"), {None: self.tr("As it is trained with"), **losses}),
            "delta_with_rate": (
                self.tr("Delta"),
                {
                    False: self.tr("without the learning rate"),
                    True: self.tr("with the learning rate in it"),
                },
            ),
            "names": (
                self.tr("Names"),
                {
                    "chapter": self.tr("sum, output, error, delta"),
                    "field": self.tr("z, a, δ, ∂E/∂w"),
                },
            ),
        }

    def _values(self, name: str) -> dict[str, Any]:
        """The values of a convention by what its box knows them as."""
        _, choices = self._choices()[name]
        return {_key(value): value for value in choices}

    def _lay_out(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(24, 20, 24, 16)
        column.setSpacing(6)
        said = self.tr(
            "How textbooks differ. Every view follows at once; training, files, exports and "
            "Python never change."
        )
        column.addWidget(self._text(said))
        column.addSpacing(10)
        for name in self._choices():
            self._add_row(name, column)
        foot = QHBoxLayout()
        foot.addStretch(1)
        foot.addWidget(self.usual_button)
        foot.addWidget(self.close_button)
        column.addLayout(foot)
        self.close_button.setDefault(True)
        self.setFixedWidth(WIDTH)

    def _add_row(self, name: str, column: QVBoxLayout) -> None:
        words, choices = self._choices()[name]
        box = ChoiceBox(((_key(value), said) for value, said in choices.items()), self)
        box.setAccessibleName(words)
        box.activated.connect(lambda _index: self._wish(name))
        label = QLabel(words, self)
        label.setBuddy(box)
        label.setFixedWidth(72)
        row = QHBoxLayout()
        row.addWidget(label)
        row.addWidget(box, 1)
        line = self._text("")
        line.setProperty("role", "muted")
        line.setMinimumHeight(LINE_HEIGHT * line.fontMetrics().lineSpacing())
        line.setContentsMargins(78, 0, 0, 8)
        self.boxes[name], self.lines[name] = box, line
        column.addLayout(row)
        column.addWidget(line)

    def _text(self, said: str) -> QLabel:
        label = QLabel(said, self)
        label.setWordWrap(True)
        return label


def _key(value: object) -> str:
    """What a box knows a value of a convention as."""
    return AS_IT_IS if value is None else str(value)
