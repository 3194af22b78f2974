"""The controls of a pass: first, back, forward, last, how far at once, and playing."""

from PySide6.QtCore import QTimer, Signal
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QToolButton, QWidget

from nnsim.model.frame import Frame
from nnsim.tracing.pass_plan import StepSize
from nnsim.views.parts.icons import icon
from nnsim.views.parts.theme import theme

SPEEDS = (0.5, 1.0, 2.0, 4.0, 8.0)
"""Presses per second while playing."""


class Transport(QWidget):
    """Buttons in the header; each press leaves as a signal with its size."""

    forward_wished = Signal(object)
    back_wished = Signal(object)
    first_wished = Signal()
    last_wished = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.first = self._button(self.tr("To the beginning of the pass"))
        self.back = self._button(self.tr("Back (Shift+F7)"))
        self.forward = self._button(self.tr("Forward (F7)"))
        self.last = self._button(self.tr("To the end of the pass: all new weights"))
        self.play = self._button(self.tr("Play the pass, or pause"))
        self.play.setCheckable(True)
        self.forward.setProperty("main", True)
        self.how_far = QComboBox(self)
        self.how_far.setAccessibleName(self.tr("How far one press goes"))
        self.how_far.setToolTip(self.how_far.accessibleName())
        for size, said in self._sizes().items():
            self.how_far.addItem(said, size.value)
        self.speed = QComboBox(self)
        self.speed.setAccessibleName(self.tr("Presses per second while playing"))
        self.speed.setToolTip(self.speed.accessibleName())
        for each in SPEEDS:
            self.speed.addItem(self.tr("{} / s").format(f"{each:g}"), each)
        self.speed.setCurrentIndex(1)
        self._timer = QTimer(self)
        self._timer.timeout.connect(self.press_forward)
        self._connect()
        self._lay_out()
        self.dress()

    def show_frame(self, frame: Frame) -> None:
        """Switch off what leads nowhere; a training run and leaving the pass end playing."""
        inside = frame.inside
        at_start = inside is None or (inside.idea is None and inside.place == 0)
        self.back.setEnabled(not at_start)
        self.first.setEnabled(not at_start)
        if inside is None or frame.running:
            self.play.setChecked(False)

    @property
    def step_size(self) -> StepSize:
        """How far one press goes."""
        return StepSize(self.how_far.currentData())

    def press_forward(self) -> None:
        """Go as far forward as is chosen."""
        self.forward_wished.emit(self.step_size)

    def press_back(self) -> None:
        """Go as far back as is chosen."""
        self.back_wished.emit(self.step_size)

    def dress(self) -> None:
        """Draw the icons in the colours of the theme."""
        for button, name in (
            (self.first, "skip-back"),
            (self.back, "chevron-left"),
            (self.last, "skip-forward"),
            (self.play, "pause" if self.play.isChecked() else "play"),
        ):
            button.setIcon(icon(name))
        self.forward.setIcon(icon("chevron-right", theme().background))

    def _sizes(self) -> dict[StepSize, str]:
        return {
            StepSize.number: self.tr("one number"),
            StepSize.neuron: self.tr("one neuron"),
            StepSize.layer: self.tr("one layer"),
            StepSize.phase: self.tr("one phase"),
            StepSize.sample: self.tr("one sample"),
            StepSize.batch: self.tr("one batch"),
            StepSize.epoch: self.tr("one epoch"),
        }

    def _connect(self) -> None:
        self.first.clicked.connect(self.first_wished)
        self.back.clicked.connect(self.press_back)
        self.forward.clicked.connect(self.press_forward)
        self.last.clicked.connect(self.last_wished)
        self.play.toggled.connect(self._play_or_pause)
        self.speed.currentIndexChanged.connect(self._set_speed)

    def _play_or_pause(self, play: bool) -> None:
        self._set_speed()
        if play:
            self._timer.start()
            self.press_forward()
        else:
            self._timer.stop()
        self.dress()

    def _set_speed(self) -> None:
        self._timer.setInterval(round(1000 / self.speed.currentData()))

    def _button(self, name: str) -> QToolButton:
        button = QToolButton(self)
        button.setAccessibleName(name)
        button.setToolTip(name)
        button.setFixedSize(34, 30)
        return button

    def _lay_out(self) -> None:
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(2)
        for widget in (self.first, self.back, self.forward, self.last):
            row.addWidget(widget)
        row.addSpacing(6)
        row.addWidget(self.how_far)
        row.addSpacing(6)
        row.addWidget(self.play)
        row.addWidget(self.speed)
