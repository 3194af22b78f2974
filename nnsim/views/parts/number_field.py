"""The field in which any number is typed: in the diagram, in the tables, in the toolbar."""

from collections.abc import Callable

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QFocusEvent, QHideEvent, QKeyEvent
from PySide6.QtWidgets import QLabel, QLineEdit, QWidget

from nnsim.data.typed_numbers import HINT, parse_number
from nnsim.errors import BadNumber
from nnsim.tracing.wording import in_full


class NumberField(QLineEdit):
    """Takes one number. Enter or clicking away commits it, Escape gives the old one back.

    What cannot be read is refused in place: the field keeps the text and says why below it. A text
    that was not changed is no edit, so that opening and closing it keeps every digit.
    """

    committed = Signal(float)
    closed = Signal()
    """After a commit, after Escape, and when the focus left an unchanged text."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._opened_with = ""
        self.check: Callable[[float], str] | None = None
        """Returns why a number is refused here; empty when it is not."""
        self.hint = HINT
        """What would be right here, for a text that is no number."""
        self._reason = _Reason(self)
        self.textEdited.connect(self._clear_reason)

    @property
    def reason(self) -> str:
        """Why the text is refused; empty when it is not."""
        return self._reason.text() if self.property("wrong") else ""

    def show_value(self, value: float, words: str = "") -> None:
        """Show a value with all its digits, selected, as the one that Escape goes back to.

        words: how it is shown instead where there is no room for all digits.
        """
        self._opened_with = words or in_full(value).replace("-", "−")
        self.setText(self._opened_with)
        self.selectAll()
        self._clear_reason()

    def commit(self) -> bool:
        """Commit the text; return False when it is refused."""
        if self.text() == self._opened_with:
            self._clear_reason()
            self.closed.emit()
            return True
        if reason := self.why_not():
            self.refuse(reason)
            return False
        value = parse_number(self.text())
        self._opened_with = self.text()
        self._clear_reason()
        self.committed.emit(value)
        if self.hasFocus():
            self.selectAll()
        self.closed.emit()
        return True

    def why_not(self) -> str:
        """Return why the text could not be committed; empty when it could."""
        if self.text() == self._opened_with:
            return ""
        try:
            value = parse_number(self.text(), self.hint)
        except BadNumber as error:
            return str(error)
        return "" if self.check is None else self.check(value)

    def refuse(self, reason: str) -> None:
        """Mark the text as wrong and say why below the field."""
        self._mark(True)
        self._reason.say(reason)

    def restore(self) -> None:
        """Give the old value back."""
        self.setText(self._opened_with)
        self._clear_reason()
        self.closed.emit()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.commit()
        elif event.key() == Qt.Key.Key_Escape:
            self.restore()
        else:
            super().keyPressEvent(event)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        popup = event.reason() == Qt.FocusReason.PopupFocusReason
        if self.isVisible() and not popup:
            self.commit()

    def hideEvent(self, event: QHideEvent) -> None:
        self._reason.hide()
        super().hideEvent(event)

    def _clear_reason(self) -> None:
        self._reason.hide()
        if self.property("wrong"):
            self._mark(False)

    def _mark(self, wrong: bool) -> None:
        self.setProperty("wrong", wrong)
        self.style().unpolish(self)
        self.style().polish(self)


class _Reason(QLabel):
    """The sentence below a field whose text is refused; lies over the window, above all else."""

    def __init__(self, field: NumberField) -> None:
        super().__init__()
        self._field = field
        self.setProperty("role", "reason")
        self.setWordWrap(True)
        self.hide()
        field.installEventFilter(self)

    def say(self, reason: str) -> None:
        """Show the sentence below the field, within the window."""
        window = self._field.window()
        self.setParent(window)
        self.setText(reason)
        self.setAccessibleName(reason)
        self.setFixedWidth(min(300, window.width() - 16))
        self.adjustSize()
        self._place()
        self.show()
        self.raise_()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() in (QEvent.Type.Move, QEvent.Type.Resize) and self.isVisible():
            self._place()
        return False

    def _place(self) -> None:
        window = self._field.window()
        below = self._field.mapTo(window, self._field.rect().bottomLeft())
        left = max(8, min(below.x(), window.width() - self.width() - 8))
        top = below.y() + 6
        if top + self.height() > window.height() - 4:
            top = below.y() - self._field.height() - self.height() - 6
        self.move(left, top)
