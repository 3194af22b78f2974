"""The strip at the bottom: what to know of the present, and where training stands."""

from PySide6.QtCore import QEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QSizePolicy, QWidget

from nnsim.model.frame import Frame
from nnsim.views.parts.icons import pixmap
from nnsim.views.parts.theme import theme

HEIGHT = 28


class StatusStrip(QWidget):
    """Tells whether the numbers match the book, what a run does, or why a wish was refused."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setFixedHeight(HEIGHT)
        self._sign, self._words = QLabel(self), QLabel(self)
        self._words.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        self._counts = QLabel(self)
        self._sign_name = "info"
        self._refused = False
        row = QHBoxLayout(self)
        row.setContentsMargins(16, 0, 16, 0)
        row.setSpacing(8)
        row.addWidget(self._sign)
        row.addWidget(self._words, 1)
        row.addWidget(self._counts)

    @property
    def words(self) -> str:
        """What the strip says."""
        return self._words.text()

    def show_frame(self, frame: Frame) -> None:
        """Show a moment."""
        self._refused = False
        self._say(*self._state(frame))
        position = frame.document.position
        rate = "–" if frame.steps_per_second is None else f"{frame.steps_per_second:,.0f}"
        self._counts.setText(
            "&nbsp;&nbsp;&nbsp;&nbsp;".join(
                f"{label} <b>{number}</b>"
                for label, number in (
                    (self.tr("Step"), f"{position.step:,}".replace(",", " ")),
                    (self.tr("Epoch"), f"{position.epoch:,}".replace(",", " ")),
                    (self.tr("Steps per second"), rate.replace(",", " ")),
                )
            )
        )

    def show_refusal(self, sentence: str) -> None:
        """Say why a wish was not granted; it stays until something else happens."""
        self._refused = True
        self._say("triangle-alert", sentence)

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange:
            self._say(self._sign_name, self._words.text())

    def _state(self, frame: Frame) -> tuple[str, str]:
        if frame.running:
            return "play", self.tr("Running. Every step is counted; pause to see each factor.")
        if not len(frame.document.samples):
            return "info", self.tr("Add a sample to start.")
        if frame.tried is not None:
            return "flask-conical", self.tr("Trying other inputs. No sample is changed.")
        if frame.book is not None:
            sign = {True: "circle-check", False: "pencil", None: "info"}[frame.book.matches]
            return sign, frame.book.sentence
        return "info", self.tr("{}. Nothing is rounded before it is shown.").format(
            frame.file_name or frame.document.title
        )

    def _say(self, sign: str, words: str) -> None:
        self._sign_name = sign
        colour = theme().wrong if self._refused else theme().ink
        self._sign.setPixmap(pixmap(sign, colour, 16, self.devicePixelRatioF()))
        self._words.setText(words)
        self._words.setToolTip(words)
        self._words.setProperty("role", "wrong" if self._refused else "")
        self._words.style().unpolish(self._words)
        self._words.style().polish(self._words)
