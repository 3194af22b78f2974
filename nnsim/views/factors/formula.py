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
from nnsim.tracing.names import neuron_name
from nnsim.tracing.quantity import LEARNING_RATE, Kind, Quantity
from nnsim.tracing.trace import Factors, Trace
from nnsim.tracing.wording import compact, on_paper
from nnsim.views.factors.back_paths import PATHS_SHOWN, draw_back_paths, error_at
from nnsim.views.factors.columns import quantity_in
from nnsim.views.factors.formula_parts import CENTRE, LEFT, Part, draw_part, write
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
            return f"{self.tr('error signal')} = {signal}"
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
            top = draw_back_paths(painter, frame.trace, row, paths, top, self.width())
            self._rule(painter, top - 4)
        top = self._draw_line(painter, self._delta_parts(frame.trace, row), top)
        if is_hidden:
            name, _, *numbers = f"{new_value_line(frame.trace, row)} = ".split(" = ")
            words = " = ".join((name, *filter(None, numbers)))
            write(
                painter, QRectF(20, top - 2, self.width() - 40, 20), words, 12, theme().muted, LEFT
            )
            top += 24
        else:
            top = self._draw_derivative(painter, top)
            self._rule(painter, top)
            top = self._draw_line(painter, self._new_value_parts(frame.trace, row), top + 6)
        self._rule(painter, top)
        self._draw_sentence(painter, frame.trace, row, top + 8)

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
        network, ref = trace.network, row.ref
        if ref.source is None:
            source = self.tr("a bias counts as 1")
        else:
            source = neuron_name(network, ref.from_layer, ref.source)
        hidden = ref.layer < len(network.layers)
        activation = network.layers[ref.layer - 1].activations[ref.to]
        name = self.tr("error") if has_plain_error(trace) else error_name(trace)
        error_label = error_at(trace, neuron_name(network, ref.layer, ref.to))
        own = {column: quantity_in(column, ref) for column in ("delta", "error", "slope", "source")}
        delta = Part(self.tr("delta"), on_paper(row.delta), row.name, quantity=own["delta"])
        multiplied = Part(
            "sum'", on_paper(row.source), source, "source", theme().source, own["source"]
        )
        whole = trace.whole.factors(ref)
        if whole.error is None or whole.slope is None:  # softmax, or a cross-entropy at 0 or 1
            signal = Part(
                self.tr("error signal"),
                on_paper(row.signal),
                "∂E/∂sum",
                "error",
                theme().error,
                Quantity(Kind.signal, (ref.layer, ref.to)),
            )
            return [delta, signal, multiplied]
        return [
            delta,
            Part(
                error_label if hidden else name,
                on_paper(row.error),
                self.tr("carried back") if hidden else _origin(trace, row, ref.to),
                "error",
                theme().error,
                own["error"],
            ),
            Part(
                "f'(sum)",
                on_paper(row.slope),
                "f(x) = x" if activation == "linear" else activation,
                "slope",
                theme().slope,
                own["slope"],
            ),
            multiplied,
        ]

    def _new_value_parts(self, trace: Trace, row: Factors) -> list[Part]:
        ref = row.ref
        new = Part(
            self.tr("new value"),
            on_paper(row.new_value),
            row.name,
            quantity=Quantity(Kind.new_value, ref=ref),
        )
        now, colour = self.tr("now"), theme().weight(row.value)
        own = Quantity(Kind.parameter, ref=ref)
        value = Part(self.tr("value"), on_paper(row.value), now, colour=colour, quantity=own)
        if not (trace.is_plain and row.is_trained):
            return [new, value, Part(self.tr("change"), on_paper(row.update), self._maker(trace))]
        return [
            new,
            value,
            Part(
                self.tr("learning rate"),
                on_paper(trace.learning_rate),
                self.tr("toolbar"),
                quantity=LEARNING_RATE,
            ),
            Part(
                self.tr("delta"),
                on_paper(row.delta),
                self.tr("from above"),
                quantity=Quantity(Kind.delta, ref=ref),
            ),
        ]

    def _maker(self, trace: Trace) -> str:
        """What makes the change, where it is more than learning rate × this delta."""
        if trace.settings.optimizer != "sgd":
            return trace.settings.optimizer
        count = 1 if trace.step is None else trace.step.sample_count
        return self.tr("of %n sample(s)", "", count) if count > 1 else self.tr("of this step")

    def _draw_line(self, painter: QPainter, parts: Sequence[Part], top: float) -> float:
        """Draw one formula, with = after its first number; return where it ends."""
        is_new_value = parts[0].label == self.tr("new value")
        signs = ("=", "−" if len(parts) == 4 else "+", "×") if is_new_value else ("=", "×", "×")
        size, widths = self._fit(parts)
        if sum(widths) + 3 * _SIGN > self.width() - 40:
            parts = [replace(part, number=compact(part.number)) for part in parts]
            size, widths = self._fit(parts)
        left = 20.0
        for i, part in enumerate(parts):
            where = draw_part(painter, part, QRectF(left, top, widths[i], 78), size)
            if part.quantity is not None:
                self._spots.append((where, part.quantity))
            left += widths[i]
            if i < len(parts) - 1:
                sign = QRectF(left, top + 20, _SIGN, 34)
                write(painter, sign, signs[i], 20, theme().muted, CENTRE)
                left += _SIGN
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
            if sum(widths) + 3 * _SIGN <= self.width() - 40:
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


_SIGN = 30.0


def _origin(trace: Trace, row: Factors, index: int) -> str:
    """Where the error of an output is from: a subtraction, or the loss that is written below."""
    if trace.expected is None or row.error is None:
        return ""
    if has_plain_error(trace):
        return output_factor(trace, index).numbers
    return trace.settings.loss
