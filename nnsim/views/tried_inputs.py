"""The scratch row: inputs that are tried without changing a sample, and their outputs."""

import re
from functools import partial

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QSizePolicy, QWidget

from nnsim.data.typed_numbers import parse_number
from nnsim.errors import BadNumber
from nnsim.model.frame import Frame
from nnsim.tracing.names import neuron_name
from nnsim.tracing.wording import MINUS, in_full, on_paper
from nnsim.views.parts.number_field import NumberField

MOST_FIELDS = 6


class NumbersField(NumberField):
    """Takes all inputs of a large network in one line, with blanks between them."""

    numbers_committed = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._shown = ""

    def show_values(self, values: tuple[float, ...]) -> None:
        """Show numbers, as those that Escape goes back to."""
        self._shown = " ".join(map(in_full, values)).replace("-", MINUS)
        self._count = len(values)
        self.setText(self._shown)
        self.setCursorPosition(0)
        self._clear_reason()

    def restore(self) -> None:
        self.setText(self._shown)
        self._clear_reason()

    def commit(self) -> bool:
        """Commit the numbers; return False when they are refused."""
        self._clear_reason()
        if self.text() == self._shown:
            return True
        typed = re.split(r"[\s;]+", self.text().strip())
        try:
            values = tuple(map(parse_number, typed))
        except BadNumber as error:
            self.refuse(str(error))
            return False
        if len(values) != self._count:
            words = self.tr("Type {} numbers with blanks between them, not {}.")
            self.refuse(words.format(self._count, len(values)))
            return False
        self._shown = self.text()
        self.numbers_committed.emit(values)
        return True


class TriedInputs(QWidget):
    """Fields for the inputs being tried; hidden as long as none are."""

    tried_changed = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._values: tuple[float, ...] | None = None
        self.fields: list[NumberField] = []
        self._labels: list[QLabel] = []
        self.line = NumbersField(self)
        self.line.setAccessibleName(self.tr("All inputs to try, with blanks between them"))
        self.line.numbers_committed.connect(self._commit_all)
        self.output = QLabel(self)
        self.output.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        self._output_words = ""
        self._title = QLabel(self.tr("Try"), self)
        self._title.setProperty("role", "title")
        hint = self.tr("See the output for other inputs; no sample is changed")
        self.setToolTip(hint)
        self._title.setToolTip(hint)
        self._row = QHBoxLayout(self)
        self._row.setContentsMargins(16, 2, 16, 6)
        self._row.setSpacing(6)
        self._row.addWidget(self._title)
        self._row.addWidget(self.line, 2)
        self._row.addWidget(self.output, 3)
        self.setFixedHeight(38)
        self.hide()

    def show_frame(self, frame: Frame) -> None:
        """Show a moment; a field in which somebody types is left alone."""
        if frame.tried is None:
            self._values = None
            self.hide()
            return
        self._make_fields(frame)
        self._show_values(frame.tried)
        self._say_outputs(frame)
        self.show()

    def take_focus(self) -> None:
        """Put the cursor into the first field."""
        first = self.fields[0] if self.fields else self.line
        if self.isVisible():
            first.setFocus(Qt.FocusReason.TabFocusReason)
            first.selectAll()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._elide()

    def _make_fields(self, frame: Frame) -> None:
        network = frame.document.network
        count = network.input_count if network.input_count <= MOST_FIELDS else 0
        self.line.setVisible(count == 0)
        if len(self.fields) == count:
            return
        for widget in (*self.fields, *self._labels):
            widget.hide()
            widget.deleteLater()
        self.fields, self._labels = [], []
        self._values = None
        for index in range(count):
            self._add_field(neuron_name(network, 0, index), index, count)

    def _add_field(self, name: str, index: int, count: int) -> None:
        field = NumberField(self)
        field.setAccessibleName(self.tr("Try another {}").format(name))
        field.setToolTip(name)
        field.setMinimumWidth(40)
        field.setMaximumWidth(72)
        field.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        field.committed.connect(partial(self._commit, index))
        self.fields.append(field)
        place = 1 + index
        if count <= 2:
            label = QLabel(name, self)
            label.setProperty("role", "muted")
            label.setBuddy(field)
            self._labels.append(label)
            self._row.insertWidget(2 * index + 1, label)
            place = 2 * index + 2
        self._row.insertWidget(place, field, 1)
        field.show()

    def _show_values(self, values: tuple[float, ...]) -> None:
        if values == self._values:
            return
        before, self._values = self._values, values
        if not self.fields:
            if not (self.line.hasFocus() and self.line.isModified()):
                self.line.show_values(values)
            return
        for index, field in enumerate(self.fields):
            typing = field.hasFocus() and field.isModified()
            if not typing and (before is None or before[index] != values[index]):
                self._show_value(field, values[index])

    def _show_value(self, field: NumberField, value: float) -> None:
        field.show_value(value)
        field.setCursorPosition(0)
        if not field.hasFocus():
            field.deselect()

    def _say_outputs(self, frame: Frame) -> None:
        trace = frame.tried_trace
        outputs = [] if trace is None else trace.outputs.tolist()
        name = self.tr("output") if len(outputs) == 1 else self.tr("outputs")
        self._output_words = f"{name} " + "  ".join(map(on_paper, outputs[:20]))
        self.output.setToolTip("\n".join(in_full(v).replace("-", MINUS) for v in outputs[:20]))
        self.output.setAccessibleName(self._output_words)
        self._elide()

    def _elide(self) -> None:
        metrics = self.output.fontMetrics()
        room = max(0, self.output.width() - 2)
        mode = Qt.TextElideMode.ElideRight
        self.output.setText(metrics.elidedText(self._output_words, mode, room))

    def _commit(self, index: int, value: float) -> None:
        values = list(self._values or ())
        values[index] = value
        self.tried_changed.emit(tuple(values))
        self._show_value(self.fields[index], value)

    def _commit_all(self, values: tuple[float, ...]) -> None:
        self.tried_changed.emit(values)
