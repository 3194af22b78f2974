"""The formula card: how the selected weight changes, in factors, numbers and one sentence."""

import math
from collections.abc import Sequence
from dataclasses import replace

from PySide6.QtCore import QEvent, QPointF, QRectF, Qt, Signal
from PySide6.QtGui import QColor, QFontMetricsF, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QWidget

from nnsim.model.frame import Frame
from nnsim.tracing.explanation import delta_line, new_value_line, sentence
from nnsim.tracing.loss_factor import (
    error_name,
    has_plain_error,
    output_factor,
    output_factor_line,
    output_signal,
)
from nnsim.tracing.names import neuron_name, spoken_name
from nnsim.tracing.quantity import LEARNING_RATE, Kind, Quantity
from nnsim.tracing.trace import Factors, Trace
from nnsim.tracing.vocabulary import vocabulary
from nnsim.tracing.wording import compact, on_paper
from nnsim.views.factors.back_paths import PATHS_SHOWN, draw_back_paths, error_at
from nnsim.views.factors.columns import quantity_in
from nnsim.views.factors.formula_parts import CENTRE, LEFT, Part, draw_part, write
from nnsim.views.parts.fitting import fitted
from nnsim.views.parts.guard import guarded
from nnsim.views.parts.lit import Lit, PointedNumber, draw_lit
from nnsim.views.parts.theme import theme
from nnsim.views.parts.type import font, semibold

DERIVATIVE_HEIGHT = 40
"""Two lines for ∂E/∂output of a loss other than the chapter's."""
SENTENCE_SIZE = 14


class FormulaCard(QWidget):
    """Draws the chain delta = error × f'(sum) × sum' and the new value that follows."""

    quantity_pointed = Signal(object)
    quantity_opened = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName(self.tr("How the selected weight changes"))
        self.setMouseTracking(True)
        self._frame: Frame | None = None
        self._row: Factors | None = None
        self._spots: list[tuple[QRectF, Quantity]] = []
        self._lit, self._pointed = Lit(), PointedNumber()

    def show_frame(self, frame: Frame) -> None:
        """Show how the selected weight or bias of a moment changes."""
        self._frame = frame
        trace, selected = frame.trace, frame.selected
        self._row = trace.factors(selected) if trace and selected else None
        self.setAccessibleDescription(self.chain())
        self.update()

    def needed_height(self, width: int) -> int:
        """Return the height at which nothing of the card is cut off, where it is so wide."""
        frame, row = self._frame, self._row
        if frame is None or frame.trace is None or row is None:
            return 60
        paths = len(frame.trace.whole.back_paths(row.ref.layer, row.ref.to))
        if paths:
            fixed = 4 + (min(paths, PATHS_SHOWN) + 1) * 24 + 36 + 84 + 24 + 8
        else:
            fixed = 4 + 84 + 6 + 84 + 8 + (DERIVATIVE_HEIGHT if self._derivative() else 0)
        return fixed + self._sentence_height(frame.trace, row, width) + 6

    def _sentence_height(self, trace: Trace, row: Factors, width: int) -> int:
        """What the lines of the sentence take at this width, two at least."""
        room = QRectF(0, 0, max(200, width - 40), 1000)
        metrics = QFontMetricsF(font(SENTENCE_SIZE))
        wrapped = int(Qt.TextFlag.TextWordWrap)
        words = metrics.boundingRect(room, wrapped, sentence(trace, row.ref))
        return math.ceil(max(2 * metrics.lineSpacing(), words.height()))

    def _derivative(self) -> str:
        """∂E/∂output of an output as its loss has it; blank where it is the plain error."""
        if self._frame is None or self._frame.trace is None or self._row is None:
            return ""
        trace, ref = self._frame.trace, self._row.ref
        if trace.back is None or ref.layer < len(trace.network.layers) or self._row.delta is None:
            return ""
        if self._row.slope is None or self._row.error is None:
            signal = output_signal(trace, ref.to).equals(self._row.signal)
            return f"{vocabulary(trace.conventions).signal} = {signal}"
        return "" if has_plain_error(trace) else output_factor_line(trace, ref.to)

    def chain(self) -> str:
        """Return what the card says, as lines of text."""
        if self._row is None or self._frame is None or self._frame.trace is None:
            return ""
        trace = self._frame.trace
        said = sentence(trace, self._row.ref)
        lines = (
            self._derivative(),
            delta_line(trace, self._row),
            new_value_line(trace, self._row),
            said,
        )
        return "\n".join(line for line in lines if line)

    def light(self, lit: Lit) -> None:
        """Mark the number that is pointed at somewhere, what it came from and where it goes."""
        if lit != self._lit:
            self._lit = lit
            self.update()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        quantity = self._quantity_at(event.position())
        shape = Qt.CursorShape.PointingHandCursor if quantity else Qt.CursorShape.ArrowCursor
        self.setCursor(shape)
        self._point_at(quantity)

    def leaveEvent(self, event: QEvent) -> None:
        self._point_at(None)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        quantity = self._quantity_at(event.position())
        if quantity is not None and event.button() == Qt.MouseButton.LeftButton:
            self.quantity_opened.emit(quantity)

    def _quantity_at(self, where: QPointF) -> Quantity | None:
        for rect, quantity in self._spots:
            if rect.adjusted(-4, -4, 4, 4).contains(where):
                return quantity
        return None

    def _point_at(self, quantity: Quantity | None) -> None:
        if self._pointed.changes_to(quantity):
            self.quantity_pointed.emit(quantity)

    @guarded
    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        self._spots = []
        self._draw(painter)
        draw_lit(painter, self._spots, self._lit)

    def _draw(self, painter: QPainter) -> None:
        frame, row = self._frame, self._row
        if frame is None or frame.trace is None or row is None:
            self._draw_empty(painter)
            return
        paths = frame.trace.back_paths(row.ref.layer, row.ref.to)
        is_hidden = bool(frame.trace.whole.back_paths(row.ref.layer, row.ref.to))
        top = 4.0
        if is_hidden:
            top, self._spots = draw_back_paths(painter, frame.trace, row, paths, top, self.width())
            self._rule(painter, top - 4)
        top = self._draw_line(painter, self._delta_parts(frame.trace, row), top)
        if is_hidden:
            self._draw_new_value_line(painter, frame.trace, row, top - 2)
            top += 24
        else:
            top = self._draw_derivative(painter, top)
            self._rule(painter, top)
            top = self._draw_line(painter, self._new_value_parts(frame.trace, row), top + 6)
        self._rule(painter, top)
        self._draw_sentence(painter, frame.trace, row, top + 8)

    def _draw_new_value_line(
        self, painter: QPainter, trace: Trace, row: Factors, top: float
    ) -> None:
        """Write what the new value is in one line, its rule left out where it is the usual one."""
        name, rule, *numbers = f"{new_value_line(trace, row)} = ".split(" = ")
        is_usual = trace.shown is None or not trace.is_plain
        words = " = ".join(filter(None, (name, "" if is_usual else rule, *numbers)))
        where = QRectF(20, top, self.width() - 40, 20)
        used, words = fitted(font(12), words, where.width())
        write(painter, where, words, used.pixelSize(), theme().muted, LEFT)

    def _draw_derivative(self, painter: QPainter, top: float) -> float:
        """Draw where the factor of another loss than the chapter's comes from, if it is one."""
        words = self._derivative()
        if not words:
            return top
        painter.setFont(font(12))
        painter.setPen(QColor(theme().muted))
        rect = QRectF(20, top - 2, self.width() - 40, DERIVATIVE_HEIGHT - 2)
        flags = int(Qt.TextFlag.TextWordWrap) | int(Qt.AlignmentFlag.AlignLeft)
        painter.drawText(rect, flags, words)
        return top + DERIVATIVE_HEIGHT

    def _draw_empty(self, painter: QPainter) -> None:
        words = self.tr("Select a weight to see how it changes.")
        if self._frame is not None and not len(self._frame.document.samples):
            words = self.tr("Add a sample to start.")
        write(painter, QRectF(self.rect()).adjusted(0, 0, 0, -8), words, 13, theme().muted, CENTRE)

    def _delta_parts(self, trace: Trace, row: Factors) -> list[Part]:
        network, ref, say = trace.network, row.ref, vocabulary(trace.conventions)
        if ref.source is None:
            source = self.tr("a bias counts as 1")
        else:
            source = neuron_name(network, ref.from_layer, ref.source)
        own = {column: quantity_in(column, ref) for column in ("delta", "error", "slope", "source")}
        delta = Part(say.delta, on_paper(row.delta), row.name, quantity=own["delta"])
        multiplied = Part(
            say.source, on_paper(row.source), source, "source", theme().source, own["source"], "×"
        )
        parts = [delta, *self._error_and_slope(trace, row), multiplied]
        if trace.conventions.delta_with_rate:  # a long line: the title says whose delta it is
            parts[0] = replace(parts[0], origin="")
            parts.insert(1, self._rate_part(trace))
        return [parts[0], replace(parts[1], sign="="), *parts[2:]]

    def _error_and_slope(self, trace: Trace, row: Factors) -> list[Part]:
        """The two factors that a neuron gives to all its deltas, or their product."""
        network, ref, say = trace.network, row.ref, vocabulary(trace.conventions)
        hidden = ref.layer < len(network.layers)
        activation = network.layers[ref.layer - 1].activations[ref.to]
        whole = trace.whole.factors(ref)
        divides_by_0 = whole.error is None and trace.expected is not None  # a cross-entropy
        if whole.slope is None or divides_by_0:
            signal = Quantity(Kind.signal, (ref.layer, ref.to))
            origin = "−∂E/∂sum" if trace.conventions.is_turned else "∂E/∂sum"
            number = on_paper(row.signal)
            return [Part(say.signal, number, origin, "error", theme().error, signal, "×")]
        name = error_name(trace)
        if hidden and not trace.conventions.speaks_symbols:
            name = error_at(trace, neuron_name(network, ref.layer, ref.to))
        return [
            Part(
                name,
                on_paper(row.error),
                self.tr("carried back") if hidden else _origin(trace, row, ref.to),
                "error",
                theme().error,
                quantity_in("error", ref),
                "×",
            ),
            Part(
                say.slope,
                on_paper(row.slope),
                "f(x) = x" if activation == "linear" else activation,
                "slope",
                theme().slope,
                quantity_in("slope", ref),
                "×",
            ),
        ]

    def _rate_part(self, trace: Trace) -> Part:
        say = vocabulary(trace.conventions)
        origin, full = self.tr("toolbar"), trace.trained.learning_rate
        if trace.shown is not None and trace.shown.loss_factor != 1:
            origin = f"{on_paper(full)} / {on_paper(float(trace.shown.loss_factor))}"
        number = on_paper(trace.learning_rate)
        return Part(say.learning_rate, number, origin, quantity=LEARNING_RATE, sign="×")

    def _new_value_parts(self, trace: Trace, row: Factors) -> list[Part]:
        ref, conventions, say = row.ref, trace.conventions, vocabulary(trace.conventions)
        of_new = Quantity(Kind.new_value, ref=ref)
        new = Part(say.new_value, on_paper(row.new_value), row.name, quantity=of_new)
        now, colour = self.tr("now"), theme().weight(row.value)
        own = Quantity(Kind.parameter, ref=ref)
        value = Part(say.value, on_paper(row.value), now, colour=colour, quantity=own, sign="=")
        if not (trace.is_plain and row.is_trained):
            change = Part(say.change, on_paper(row.update), self._maker(trace), sign="+")
            return [new, value, change]
        sign, from_above = "+" if conventions.is_turned else "−", self.tr("from above")
        of_delta = Quantity(Kind.delta, ref=ref)
        delta = Part(say.delta, on_paper(row.delta), from_above, quantity=of_delta, sign="×")
        if conventions.delta_with_rate:
            return [new, value, replace(delta, sign=sign)]
        return [new, value, replace(self._rate_part(trace), sign=sign), delta]

    def _maker(self, trace: Trace) -> str:
        """What makes the change, where it is more than learning rate × this delta."""
        if trace.settings.optimizer != "sgd":
            return spoken_name(trace.settings.optimizer)
        count = 1 if trace.step is None else trace.step.sample_count
        return self.tr("of {} samples").format(count) if count > 1 else self.tr("of this step")

    def _draw_line(self, painter: QPainter, parts: Sequence[Part], top: float) -> float:
        """Draw one formula, each number behind its sign; return where it ends."""
        size, widths = self._fit(parts)
        if sum(widths) + _signs(parts) > self.width() - 40:
            parts = [_shortened(part) for part in parts]
            size, widths = self._fit(parts)
        left = 20.0
        for part, width in zip(parts, widths, strict=True):
            if part.sign:
                sign = QRectF(left, top + 20, _room(parts), 34)
                write(painter, sign, part.sign, 20, theme().muted, CENTRE)
                left += sign.width()
            where = draw_part(painter, part, QRectF(left, top, width, 78), size)
            if part.quantity is not None and part.number:
                self._spots.append((where, part.quantity))
            left += width
        return top + 84

    def _fit(self, parts: Sequence[Part]) -> tuple[int, list[float]]:
        """Return the largest size of the numbers at which the line fits, and the widths."""
        widths: list[float] = []
        size = 26
        for size in (26, 22, 20, 18, 16, 14):
            numbers = QFontMetricsF(semibold(size))
            names, origins = QFontMetricsF(semibold(12)), QFontMetricsF(font(12))
            widths = [
                max(
                    numbers.horizontalAdvance(part.number) + 4,
                    names.horizontalAdvance(part.label) + 4,
                    origins.horizontalAdvance(part.origin) + 4,
                )
                for part in parts
            ]
            if sum(widths) + _signs(parts) <= self.width() - 40:
                break
        return size, widths

    def _rule(self, painter: QPainter, y: float) -> None:
        painter.setPen(QPen(QColor(theme().line), 1))
        painter.drawLine(QPointF(1, y), QPointF(self.width() - 1, y))

    def _draw_sentence(self, painter: QPainter, trace: Trace, row: Factors, top: float) -> None:
        rect = QRectF(20, top, self.width() - 40, max(20.0, self.height() - top - 4))
        painter.setFont(font(SENTENCE_SIZE))
        painter.setPen(QColor(theme().ink))
        flags = int(Qt.TextFlag.TextWordWrap) | int(Qt.AlignmentFlag.AlignLeft)
        painter.drawText(rect, flags, sentence(trace, row.ref))


def _signs(parts: Sequence[Part]) -> float:
    """What the signs of a line take, of three at least."""
    return _room(parts) * max(3, len(parts) - 1)


def _room(parts: Sequence[Part]) -> float:
    """The room for a sign: less in a long line."""
    return 30.0 if len(parts) <= 4 else 20.0


def _shortened(part: Part) -> Part:
    return replace(part, number=compact(part.number), origin=compact(part.origin))


def _origin(trace: Trace, row: Factors, index: int) -> str:
    """Where the error of an output is from: a subtraction, or the loss that is written below."""
    if trace.expected is None or row.error is None:
        return ""
    if has_plain_error(trace):
        return output_factor(trace, index).numbers
    return spoken_name(trace.settings.loss)
