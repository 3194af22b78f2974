"""The samples: header, table, what can be done with them, and inputs tried without changing any."""

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtGui import QKeyEvent, QShowEvent
from PySide6.QtWidgets import (
    QHBoxLayout,
    QLabel,
    QPushButton,
    QStackedWidget,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from nnsim.model.frame import Frame
from nnsim.views.parts.header import Header
from nnsim.views.parts.icons import icon
from nnsim.views.samples_table import SamplesTable
from nnsim.views.tried_inputs import TriedInputs


class FootButton(QToolButton):
    """A button without a frame; Enter presses it too."""

    def __init__(self, words: str, icon_name: str, parent: QWidget) -> None:
        super().__init__(parent)
        self.icon_name = icon_name
        self.setText(words)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.click()
        else:
            super().keyPressEvent(event)


class SamplesPanel(QWidget):
    """Shows the samples and says what a person did to them."""

    sample_chosen = Signal(int)
    input_edited = Signal(int, int, float)
    expected_edited = Signal(int, int, float)
    edit_started = Signal()
    sample_added = Signal()
    sample_removed = Signal(int)
    rows_pasted = Signal(str)
    tried_changed = Signal(object)
    """A tuple of inputs to be tried, or None to stop trying."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._frame: Frame | None = None
        self._header = Header(self.tr("Samples"), self)
        self.table = SamplesTable(self)
        self.tried = TriedInputs(self)
        self._empty, self.first_button = self._make_empty()
        self.add_button = FootButton(self.tr("Add a sample"), "plus", self)
        self.remove_button = FootButton(self.tr("Remove"), "trash-2", self)
        self.paste_button = FootButton(self.tr("Paste rows"), "download", self)
        self.try_button = FootButton(self.tr("Try inputs"), "flask-conical", self)
        self._foot = self._make_foot()
        self._pages = QStackedWidget(self)
        self._pages.addWidget(self.table)
        self._pages.addWidget(self._empty)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        for widget in (self._header, self._pages, self._foot, self.tried):
            column.addWidget(widget, 1 if widget is self._pages else 0)
        self._connect()
        self.dress()

    def show_frame(self, frame: Frame) -> None:
        """Show a moment; while nobody can see it, only keep it."""
        self._frame = frame
        if self.isVisible():
            self._refresh(frame)

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        if self._frame is not None:
            self._refresh(self._frame)
            self.table.show_next()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange and hasattr(self, "_foot"):
            self.dress()

    def _refresh(self, frame: Frame) -> None:
        self._header.say(self._subtitle(frame))
        empty = not len(frame.document.samples)
        self._pages.setCurrentWidget(self._empty if empty else self.table)
        self._foot.setVisible(not empty)
        self.tried.show_frame(frame)
        self.try_button.setChecked(frame.tried is not None)
        self.table.show_frame(frame)

    def _subtitle(self, frame: Frame) -> str:
        count = len(frame.document.samples)
        if count == 0:
            return self.tr("none yet")
        if count == 1:
            return self.tr("1 sample, so one step is one epoch")
        if frame.document.settings.shuffle:
            return self.tr("{} samples, in a new order each epoch").format(f"{count:,}")
        return self.tr("{} samples, in the table’s order").format(f"{count:,}")

    def _make_empty(self) -> tuple[QWidget, QPushButton]:
        page = QWidget(self)
        words = QLabel(self.tr("Add a sample to start"), page)
        words.setAlignment(Qt.AlignmentFlag.AlignCenter)
        button = QPushButton(self.tr("Add a sample"), page)
        button.setProperty("main", True)
        button.setAutoDefault(True)  # Enter presses it
        column = QVBoxLayout(page)
        column.addStretch(1)
        column.addWidget(words)
        column.addSpacing(8)
        column.addWidget(button, 0, Qt.AlignmentFlag.AlignHCenter)
        column.addStretch(2)
        return page, button

    def _make_foot(self) -> QWidget:
        foot = QWidget(self)
        foot.setFixedHeight(36)
        row = QHBoxLayout(foot)
        row.setContentsMargins(6, 2, 6, 2)
        row.setSpacing(2)
        for button in (self.add_button, self.remove_button, self.paste_button):
            row.addWidget(button)
        row.addStretch(1)
        row.addWidget(self.try_button)
        self.remove_button.setToolTip(self.tr("Remove the sample of the current row (Delete)"))
        self.paste_button.setToolTip(self.tr("Add rows from the clipboard (Ctrl+V)"))
        self.try_button.setCheckable(True)
        self.try_button.setToolTip(self.tr("See the output for other inputs; no sample is changed"))
        return foot

    def _connect(self) -> None:
        table = self.table
        for of_table, own in (
            (table.sample_chosen, self.sample_chosen),
            (table.input_edited, self.input_edited),
            (table.expected_edited, self.expected_edited),
            (table.edit_started, self.edit_started),
            (table.sample_added, self.sample_added),
            (table.sample_removed, self.sample_removed),
            (table.rows_pasted, self.rows_pasted),
            (self.tried.tried_changed, self.tried_changed),
        ):
            of_table.connect(own)
        self.add_button.clicked.connect(self.sample_added)
        self.first_button.clicked.connect(self.sample_added)
        self.remove_button.clicked.connect(table.remove)
        self.paste_button.clicked.connect(table.paste)
        self.try_button.clicked.connect(self._toggle_trying)

    def _toggle_trying(self) -> None:
        frame = self._frame
        if frame is None:
            return
        self.try_button.setChecked(frame.tried is not None)  # the coming frame decides
        if frame.tried is not None:
            self.tried_changed.emit(None)
            return
        samples, sample = frame.document.samples, frame.document.sample
        inputs = [0.0] * frame.document.network.input_count
        if sample is not None:
            inputs = samples.inputs[sample].tolist()
        self.tried_changed.emit(tuple(inputs))
        self.tried.take_focus()

    def dress(self) -> None:
        """Draw the icons in the colours of the theme."""
        for button in (self.add_button, self.remove_button, self.paste_button, self.try_button):
            button.setIcon(icon(button.icon_name))
