"""The toolbar: step, run, restart, speed, learning rate, undo; icons alone where it is narrow."""

from PySide6.QtCore import QEvent, QSize, Qt, Signal
from PySide6.QtGui import QAction, QResizeEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QSlider, QToolButton, QWidget

from nnsim.model.frame import Frame
from nnsim.tracing.wording import in_full, on_paper
from nnsim.views.parts.number_field import NumberField
from nnsim.views.speed import speed_of, speed_words

HEIGHT = 48
NARROWEST = 980
WORDS_GO = ("random", "restart", "inside", "epoch")
"""The buttons that lose their words where it is narrow, in this order."""


class Toolbar(QWidget):
    """Buttons for the actions it is given, and the two numbers that belong to training."""

    field_left = Signal()
    """A number was committed or given back: the keys belong to the diagram again."""

    def __init__(self, actions: dict[str, QAction], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setFixedHeight(HEIGHT)
        self.menu_button = self._menu_button(self.tr("Menu: files, examples and view"))
        self.build_button = self._menu_button(self.tr("Build: layers, neurons and connections"))
        self.build_button.setText(self.tr("Build") + "  ⌄")
        self.buttons = {
            name: self._button(actions[name])
            for name in ("step", "inside", "run", "epoch", "restart", "random", "undo", "redo")
        }
        self.buttons["step"].setProperty("main", True)
        self.speed = QSlider(Qt.Orientation.Horizontal, self)
        self.speed.setRange(0, 100)
        self.speed.setAccessibleName(self.tr("Speed of a run"))
        self.speed.setToolTip(
            self.tr("Speed of a run: from one step a second to as fast as it goes")
        )
        self._speed_words = QLabel(self)
        self.learning_rate = NumberField(self)
        self.learning_rate.setAccessibleName(self.tr("Learning rate"))
        self.learning_rate.hint = self.tr("A learning rate is above 0, such as 0.3, 1/3 or 3e-2.")
        self.learning_rate.check = self._check_rate
        self.learning_rate.closed.connect(self._leave_field)
        self._frame: Frame | None = None
        self._lay_out()

    def show_frame(self, frame: Frame) -> None:
        """Show a moment."""
        self._frame = frame
        title = f"{_short(frame.file_name or frame.document.title)}  ⌄"
        if title != self.menu_button.text():
            self.menu_button.setText(title)
            self._fit()
        if not (self.learning_rate.hasFocus() and self.learning_rate.isModified()):
            self._show_learning_rate()
        self._set_main("run" if frame.running else "step")

    def show_speed(self, place: int) -> None:
        """Show the slider at a place, 0 … 100, with its words."""
        self.speed.setValue(place)
        self._speed_words.setText(speed_words(self, speed_of(place)))

    def resizeEvent(self, event: QResizeEvent) -> None:
        self._fit()

    def _fit(self) -> None:
        """Show as many words beside the icons as there is room for."""
        for without_words in range(len(WORDS_GO) + 1):
            self._show_words(WORDS_GO[:without_words])
            if super().minimumSizeHint().width() <= self.width():
                break

    def minimumSizeHint(self) -> QSize:
        """The window may be so narrow that icons stand alone."""
        return QSize(NARROWEST, HEIGHT)

    def _show_words(self, without: tuple[str, ...]) -> None:
        for name in WORDS_GO:
            style = Qt.ToolButtonStyle.ToolButtonTextBesideIcon
            if name in without:
                style = Qt.ToolButtonStyle.ToolButtonIconOnly
            self.buttons[name].setToolButtonStyle(style)
        self.speed.setFixedWidth(84 if without else 110)

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange and self._frame is not None:
            self.update()

    def _show_learning_rate(self) -> None:
        if self._frame is not None:
            value = self._frame.document.settings.learning_rate
            self.learning_rate.show_value(value, on_paper(value))
            said = [self.tr("Learning rate (η): how far each step goes"), f"η = {in_full(value)}"]
            if (c := self._frame.loss_factor) != 1.0:
                shown = self.tr("shown as η / {} = {} with the chosen loss")
                said.append(shown.format(on_paper(c), in_full(value / c)))
            self.learning_rate.setToolTip("\n".join(said))
            self.learning_rate.deselect()
            self.learning_rate.setCursorPosition(0)

    def _leave_field(self) -> None:
        self._show_learning_rate()
        if self.learning_rate.hasFocus():
            self.field_left.emit()

    def _check_rate(self, value: float) -> str:
        if value > 0:
            return ""
        return self.tr("A learning rate is above 0, such as 0.1.")

    def _set_main(self, main: str) -> None:
        """The dark button is the one a person will want next: Step, or Pause in a run."""
        for name in ("step", "run"):
            button = self.buttons[name]
            if bool(button.property("main")) != (name == main):
                button.setProperty("main", name == main)
                button.style().unpolish(button)
                button.style().polish(button)

    def _button(self, action: QAction | None, outlined: bool = False) -> QToolButton:
        button = QToolButton(self)
        button.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        button.setProperty("outlined", outlined)
        if action is not None:
            button.setDefaultAction(action)
            button.setAccessibleName(action.toolTip())
        return button

    def _menu_button(self, name: str) -> QToolButton:
        button = self._button(None, outlined=True)
        button.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        button.setAccessibleName(name)
        return button

    def _lay_out(self) -> None:
        row = QHBoxLayout(self)
        row.setContentsMargins(12, 0, 12, 0)
        row.setSpacing(4)
        for name in ("undo", "redo"):
            self.buttons[name].setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonIconOnly)
        rate_words = QLabel(self.tr("Learning rate"), self)
        rate_words.setBuddy(self.learning_rate)
        self.learning_rate.setFixedWidth(84)
        self._speed_words.setFixedWidth(80)
        groups: tuple[tuple[QWidget, ...], ...] = (
            (self.menu_button, self.build_button),
            tuple(self.buttons[n] for n in ("step", "inside", "run", "epoch", "restart", "random")),
            (_muted(self.tr("Speed"), self), self.speed, self._speed_words),
            (rate_words, self.learning_rate),
        )
        rate_words.setProperty("role", "muted")
        for i, group in enumerate(groups):
            if i in (1, 2):
                row.addWidget(_divider(self))
            for widget in group:
                row.addWidget(widget)
            row.addSpacing(8)
        row.addStretch(1)
        row.addWidget(self.buttons["undo"])
        row.addWidget(self.buttons["redo"])


def _muted(words: str, parent: QWidget) -> QLabel:
    label = QLabel(words, parent)
    label.setProperty("role", "muted")
    return label


def _divider(parent: QWidget) -> QFrame:
    line = QFrame(parent)
    line.setFixedSize(17, 24)
    line.setProperty("role", "divider")
    return line


def _short(title: str) -> str:
    return title if len(title) <= 22 else title[:21] + "…"
