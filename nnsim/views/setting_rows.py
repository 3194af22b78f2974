"""The rows of the Training dialog: a number, a choice or a tick, each with what it means."""

from collections.abc import Iterable

from PySide6.QtCore import QObject, QRect, Qt, Signal
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
    judged = Signal()
    """The text is another one now: whether it can be used may have changed."""

    def __init__(
        self, name: str, words: tuple[str, str], grid: QGridLayout, parent: QWidget
    ) -> None:
        super().__init__(parent)
        label, meaning = words
        self.name = name
        self.field = SettingField(parent)
        self.field.hint = parent.tr("Type a number such as 0.3, 1/3 or 3e-2.")
        self.field.setAccessibleName(label)
        self.field.setAccessibleDescription(meaning)
        self.field.setFixedWidth(FIELD_WIDTH)
        self.field.committed.connect(lambda value: self.changed.emit(name, value))
        self.field.textEdited.connect(self._judge)
        self.field.closed.connect(self.judged)
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

    @property
    def wrong(self) -> str:
        """Why the text cannot be used; empty when it can, or where it does not count."""
        return self.field.why_not() if self.is_shown else ""

    def set_shown(self, shown: bool) -> None:
        """Show or hide the whole row."""
        for widget in (self._label, self.field, self._meaning):
            widget.setVisible(shown)

    def keep_place(self) -> None:
        """Leave the room of the row empty while it is hidden, so that nothing below it moves."""
        self._meaning.setWordWrap(False)  # a hidden label does not know how it would wrap
        for widget in (self._label, self.field, self._meaning):
            retain_room(widget)

    def _judge(self) -> None:
        if reason := self.field.why_not():
            self.field.refuse(reason)
        self.judged.emit()


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
        retain_room(self.formula)

    def keep_room(self, formulas: Iterable[str], explanations: Iterable[str]) -> None:
        """Leave room for the longest of these at the present width: nothing below moves then."""
        for label, texts in ((self.formula, formulas), (self.explanation, explanations)):
            room = QRect(0, 0, max(100, self.explanation.width()), 1000)
            wrapped = int(Qt.TextFlag.TextWordWrap)
            metrics = label.fontMetrics()
            heights = [metrics.boundingRect(room, wrapped, text).height() for text in texts]
            label.setMinimumHeight(max(heights, default=0))
            label.setAlignment(Qt.AlignmentFlag.AlignTop | Qt.AlignmentFlag.AlignLeft)

    def explain(self, formula: str, explanation: str, reason: str = "") -> None:
        """Show the formula of the choice, and what it is for; a reason takes that one's place."""
        self.formula.setText(formula or "\u00a0")  # an empty label asks for another height
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


def retain_room(widget: QWidget) -> None:
    """Let a widget keep its room in the layout while it is hidden."""
    policy = widget.sizePolicy()
    policy.setRetainSizeWhenHidden(True)
    widget.setSizePolicy(policy)


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
