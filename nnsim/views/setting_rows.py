"""The rows of the Training dialog: a number, a choice or a tick, each with what it means."""

from collections.abc import Iterable

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QCheckBox, QGridLayout, QLabel, QWidget

from nnsim.views.parts.choice_box import ChoiceBox
from nnsim.views.parts.number_field import NumberField

FIELD_WIDTH = 96
HEIGHT = 28


class SettingField(NumberField):
    """A number in a dialog: Enter commits it and then answers the dialog, Escape likewise."""

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            if self.commit():
                event.ignore()  # the dialog's default button is next
        elif event.key() == Qt.Key.Key_Escape and not (self.isModified() or self.reason):
            event.ignore()  # nothing to give back: Escape is for the dialog
        else:
            super().keyPressEvent(event)


class NumberRow(QObject):
    """A label, a field and what the number means."""

    changed = Signal(str, float)
    """The setting and its new number; only numbers that were not refused."""

    def __init__(
        self, name: str, words: tuple[str, str], grid: QGridLayout, parent: QWidget
    ) -> None:
        super().__init__(parent)
        label, meaning = words
        self.name = name
        self.field = SettingField(parent)
        self.field.setAccessibleName(label)
        self.field.setAccessibleDescription(meaning)
        self.field.setFixedWidth(FIELD_WIDTH)
        self.field.committed.connect(lambda value: self.changed.emit(name, value))
        self._label = row_label(label, self.field, parent)
        self._meaning = muted(meaning, parent)
        self._meaning.setMinimumHeight(HEIGHT)
        row = grid.rowCount()
        for column, widget in enumerate((self._label, self.field, self._meaning)):
            grid.addWidget(widget, row, column, Qt.AlignmentFlag.AlignVCenter)

    @property
    def is_shown(self) -> bool:
        """Whether the number belongs to what is chosen."""
        return not self.field.isHidden()

    def show_value(self, value: float) -> None:
        """Show a number as the one that Escape goes back to."""
        self.field.show_value(value)
        self.field.deselect()

    def set_shown(self, shown: bool) -> None:
        """Show or hide the whole row."""
        for widget in (self._label, self.field, self._meaning):
            widget.setVisible(shown)


class ChoiceRow(QObject):
    """A box with its formula and an explanation below, or the reason why the choice cannot be.

    heading: what stands before it; its own label where there is none.
    """

    changed = Signal(str, str)
    """The setting and the name that was chosen."""

    def __init__(
        self,
        name: str,
        label: str,
        names: Iterable[str],
        heading: QLabel | None,
        grid: QGridLayout,
        parent: QWidget,
    ) -> None:
        super().__init__(parent)
        self.box = ChoiceBox(((each, each) for each in names), parent)
        self.box.setAccessibleName(label)
        self.box.activated.connect(lambda _: self.changed.emit(name, self.box.choice))
        self.formula, self.explanation = QLabel(parent), muted("", parent)
        self.formula.setWordWrap(True)
        before = heading or row_label(label, self.box, parent)
        before.setBuddy(self.box)
        row = grid.rowCount()
        grid.addWidget(before, row, 0)
        grid.addWidget(self.box, row, 1, 1, 2)
        grid.addWidget(self.formula, row + 1, 1, 1, 2)
        grid.addWidget(self.explanation, row + 2, 1, 1, 2)

    def explain(self, formula: str, explanation: str, reason: str = "") -> None:
        """Show the formula of the choice, and what it is for; a reason takes that one's place."""
        self.formula.setText(formula)
        self.formula.setVisible(bool(formula))
        self.explanation.setText(reason or explanation)
        self.explanation.setProperty("role", "wrong" if reason else "hint")
        self.explanation.style().unpolish(self.explanation)
        self.explanation.style().polish(self.explanation)
        self.box.setAccessibleDescription(f"{formula} {reason or explanation}".strip())


class TickRow(QObject):
    """A tick with its words, behind a heading if there is one."""

    changed = Signal(str, bool)

    def __init__(
        self, name: str, words: str, heading: QLabel | None, grid: QGridLayout, parent: QWidget
    ) -> None:
        super().__init__(parent)
        self.tick = QCheckBox(words, parent)
        self.tick.setMinimumHeight(HEIGHT)
        self.tick.clicked.connect(lambda checked: self.changed.emit(name, checked))
        row = grid.rowCount()
        if heading is not None:
            grid.addWidget(heading, row, 0)
        grid.addWidget(self.tick, row, 1, 1, 2)


def row_label(words: str, buddy: QWidget, parent: QWidget) -> QLabel:
    """Return a label that stands before what it names."""
    label = QLabel(words, parent)
    label.setFixedHeight(HEIGHT)
    label.setBuddy(buddy)
    return label


def muted(words: str, parent: QWidget) -> QLabel:
    """Return a label for an explanation."""
    label = QLabel(words, parent)
    label.setProperty("role", "hint")
    label.setWordWrap(True)
    return label
