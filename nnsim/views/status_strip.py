"""The strip at the bottom: what to know of the present, and where training stands."""

import math
from dataclasses import replace

from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QColor, QFont, QFontMetrics, QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QSizePolicy, QWidget

from nnsim.model.frame import Frame
from nnsim.tracing.conventions import AS_TRAINED
from nnsim.views.parts.guard import guarded
from nnsim.views.parts.icons import pixmap
from nnsim.views.parts.theme import theme
from nnsim.views.validation_words import ValidationWords

HEIGHT = 28
LEFTWARD = int(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
RIGHTWARD = int(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
BETWEEN = 16
"""Pixels between two counts."""
JUMP = 24
"""The counts take up room in such jumps: the strip is not laid out anew for each digit."""


class StatusStrip(QWidget):
    """Tells whether the numbers match the book, what a run does, or why a wish was refused."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setFixedHeight(HEIGHT)
        self._sign, self._words = QLabel(self), QLabel(self)
        self._words.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        self._counts = Counts(self)
        self._validation = ValidationWords(self.tr("Validation loss"), self.tr("accuracy"))
        self._said = ("info", "", False)
        """The sign, the words, and whether they refuse a wish."""
        row = QHBoxLayout(self)
        row.setContentsMargins(16, 0, 16, 0)
        row.setSpacing(8)
        row.addWidget(self._sign)
        row.addWidget(self._words, 1)
        row.addWidget(self._counts)

    def add(self, widget: QWidget) -> None:
        """Show a widget beside the counts."""
        row = self.layout()
        assert isinstance(row, QHBoxLayout)
        row.insertWidget(row.indexOf(self._counts), widget)

    @property
    def words(self) -> str:
        """What the strip says."""
        return self._words.text()

    def show_frame(self, frame: Frame) -> None:
        """Show a moment."""
        state = (*self._state(frame), False)
        if state != self._said:
            self._say(*state)
        validation = self._validation.of(frame)
        position, rate = frame.document.position, frame.steps_per_second
        self._counts.show_counts(
            (
                (self.tr("Step"), _grouped(position.step)),
                (self.tr("Epoch"), _grouped(position.epoch)),
                (self.tr("Steps per second"), "–" if rate is None else _grouped(round(rate))),
                *validation,
            )
        )

    def show_refusal(self, sentence: str) -> None:
        """Say why a wish was not granted; it stays until something else happens."""
        self._say("triangle-alert", sentence, True)

    def dress(self) -> None:
        """Draw the sign and the counts in the colours of the theme."""
        self._say(*self._said)
        self._counts.update()

    def _state(self, frame: Frame) -> tuple[str, str]:
        if frame.run.is_hopeless and not frame.run.stopped:
            return "triangle-alert", self.tr(
                "The error has grown more than a thousandfold: try a smaller learning rate."
            )
        if frame.running:
            return "play", self.tr("Running. Every step is counted; pause to see each factor.")
        if not len(frame.document.samples):
            return "info", self.tr("Add a sample to start.")
        if frame.tried is not None:
            return "flask-conical", self.tr("Trying other inputs. No sample is changed.")
        if frame.book is not None:
            sign = {True: "circle-check", False: "pencil", None: "info"}[frame.book.matches]
            return sign, frame.book.sentence + self._other_conventions(frame)
        return "info", self.tr(
            "{}. Every number is computed in full and rounded only to be shown."
        ).format(frame.file_name or frame.document.title)

    def _other_conventions(self, frame: Frame) -> str:
        """Numbers of the book have the book's convention, whatever is shown."""
        own = replace(frame.conventions, names=AS_TRAINED.names)
        if own == AS_TRAINED or frame.book is None or frame.book.matches is not False:
            return ""
        if not any(word in frame.book.sentence for word in ("error", "delta")):
            return ""
        return self.tr(" (in the book’s convention: error = output − expected)")

    def _say(self, sign: str, words: str, refused: bool) -> None:
        self._said = (sign, words, refused)
        colour = theme().wrong if refused else theme().ink
        self._sign.setPixmap(pixmap(sign, colour, 16, self.devicePixelRatioF()))
        self._words.setText(words)
        self._words.setToolTip(words)
        self._words.setProperty("role", "wrong" if refused else "")
        self._words.style().unpolish(self._words)
        self._words.style().polish(self._words)


class Counts(QWidget):
    """Words with their numbers; a label would lay the whole window out at each change."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._counts: tuple[tuple[str, str], ...] = ()
        self.setFixedHeight(HEIGHT)

    def show_counts(self, counts: tuple[tuple[str, str], ...]) -> None:
        """Show pairs of words and number."""
        if counts == self._counts:
            return
        self._counts = counts
        self._make_room()
        self.setAccessibleName(", ".join(" ".join(pair) for pair in counts))
        self.update()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() in (QEvent.Type.FontChange, QEvent.Type.StyleChange):
            self._make_room()

    def _make_room(self) -> None:
        """As wide as the counts in the font that they are drawn in, and a pixel for its edges."""
        room = sum(sum(self._widths(*pair)) for pair in self._counts) + 2
        needed = room + BETWEEN * max(0, len(self._counts) - 1)
        self.setFixedWidth(JUMP * math.ceil(needed / JUMP))

    @guarded
    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setPen(QColor(theme().ink))
        right = self.width()
        for words, number in reversed(self._counts):
            room, width = self._widths(words, number)
            painter.setFont(self._bold())
            painter.drawText(right - width, 0, width, HEIGHT, RIGHTWARD, number)
            painter.setFont(self.font())
            painter.drawText(right - width - room, 0, room, HEIGHT, LEFTWARD, words)
            right -= room + width + BETWEEN

    def _widths(self, words: str, number: str) -> tuple[int, int]:
        room = self.fontMetrics().horizontalAdvance(f"{words} ")
        return room, QFontMetrics(self._bold()).horizontalAdvance(number) + 1

    def _bold(self) -> QFont:
        bold = QFont(self.font())
        bold.setBold(True)
        return bold


def _grouped(number: int) -> str:
    return f"{number:,}".replace(",", " ")
