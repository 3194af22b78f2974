"""The formula card: how the selected weight changes, in factors, numbers and one sentence."""

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFontMetricsF, QPainter, QPaintEvent, QPen
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
from nnsim.tracing.trace import BackPath, Factors, Trace
from nnsim.tracing.wording import compact, on_paper
from nnsim.views.parts.guard import guarded
from nnsim.views.parts.theme import theme
from nnsim.views.parts.type import font, semibold

LEFT = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
RIGHT = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
CENTRE = Qt.AlignmentFlag.AlignCenter
PATHS_SHOWN = 3
DERIVATIVE_HEIGHT = 40
"""Two lines for ∂E/∂output of a loss other than the chapter's."""
SENTENCE_SIZE = 14


@dataclass(frozen=True)
class Part:
    """One number of a formula: its name above it, where it is from below it."""

    label: str
    number: str
    origin: str
    meaning: str = ""
    """“error”, “slope” or “source” for a factor; decides colour and underline."""
    colour: str = ""


class FormulaCard(QWidget):
    """Draws the chain delta = error × f'(sum) × sum' and the new value that follows."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName(self.tr("How the selected weight changes"))
        self._frame: Frame | None = None
        self._row: Factors | None = None

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
        paths = len(frame.trace.back_paths(row.ref.layer, row.ref.to))
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
        if trace.back is None or ref.layer < len(trace.network.layers):
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

    @guarded
    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        frame, row = self._frame, self._row
        if frame is None or frame.trace is None or row is None:
            self._draw_empty(painter)
            return
        paths = frame.trace.back_paths(row.ref.layer, row.ref.to)
        top = 4.0
        if paths:
            top = self._draw_paths(painter, frame.trace, row, paths, top)
        top = self._draw_line(painter, self._delta_parts(frame.trace, row), top)
        if paths:
            name, _, *numbers = new_value_line(frame.trace, row).split(" = ")
            words = " = ".join((name, *numbers))
            _write(
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
        _write(painter, QRectF(self.rect()).adjusted(0, 0, 0, -8), words, 13, theme().muted, CENTRE)

    def _delta_parts(self, trace: Trace, row: Factors) -> list[Part]:
        network, ref = trace.network, row.ref
        if ref.source is None:
            source = self.tr("a bias counts as 1")
        else:
            source = neuron_name(network, ref.from_layer, ref.source)
        hidden = ref.layer < len(network.layers)
        activation = network.layers[ref.layer - 1].activations[ref.to]
        name = self.tr("error") if has_plain_error(trace) else error_name(trace)
        error_label = self._error_at(trace, neuron_name(network, ref.layer, ref.to))
        delta = Part(self.tr("delta"), on_paper(row.delta), row.name)
        multiplied = Part("sum'", on_paper(row.source), source, "source", theme().source)
        if row.error is None or row.slope is None:  # softmax, or a cross-entropy at 0 or 1
            signal = Part(
                self.tr("error signal"), on_paper(row.signal), "∂E/∂sum", "error", theme().error
            )
            return [delta, signal, multiplied]
        return [
            delta,
            Part(
                error_label if hidden else name,
                on_paper(row.error),
                self.tr("carried back") if hidden else _origin(trace, ref.to),
                "error",
                theme().error,
            ),
            Part(
                "f'(sum)",
                on_paper(row.slope),
                "f(x) = x" if activation == "linear" else activation,
                "slope",
                theme().slope,
            ),
            multiplied,
        ]

    def _new_value_parts(self, trace: Trace, row: Factors) -> list[Part]:
        new = Part(self.tr("new value"), on_paper(row.new_value), row.name)
        now, colour = self.tr("now"), theme().weight(row.value)
        value = Part(self.tr("value"), on_paper(row.value), now, colour=colour)
        if not (trace.is_plain and row.is_trained):
            return [new, value, Part(self.tr("change"), on_paper(row.update), self._maker(trace))]
        return [
            new,
            value,
            Part(self.tr("learning rate"), on_paper(trace.learning_rate), self.tr("toolbar")),
            Part(self.tr("delta"), on_paper(row.delta), self.tr("from above")),
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
            _draw_part(painter, part, QRectF(left, top, widths[i], 78), size)
            left += widths[i]
            if i < len(parts) - 1:
                sign = QRectF(left, top + 20, _SIGN, 34)
                _write(painter, sign, signs[i], 20, theme().muted, CENTRE)
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

    def _draw_paths(
        self, painter: QPainter, trace: Trace, row: Factors, paths: list[BackPath], top: float
    ) -> float:
        """Draw what each neuron of the next layer carries back, and their sum."""
        t, columns = theme(), self._path_columns()
        heads = (error_name(trace), "f'(sum)", "weight", "arrives")
        colours = (t.error, t.slope, t.positive, t.error)
        _write(painter, QRectF(20, top, 90, 20), self.tr("path back"), 12, t.muted, LEFT)
        for right, head, colour in zip(columns, heads, colours, strict=True):
            _write(painter, QRectF(right - 90, top, 90, 20), head, 12, colour, RIGHT, bold=True)
        shown = sorted(range(len(paths)), key=lambda i: -abs(paths[i].contribution))[:PATHS_SHOWN]
        for line, i in enumerate(sorted(shown), start=1):
            self._draw_path(painter, paths[i], chr(ord("A") + i % 26), top + line * 24)
        bottom = top + (len(shown) + 1) * 24 + 2
        painter.setPen(QPen(QColor(t.border), 1))
        painter.drawLine(QPointF(columns[0] - 40, bottom), QPointF(columns[3], bottom))
        words = self._sum_words(trace, row, len(paths), len(shown))
        sum_line = QRectF(20, bottom + 2, columns[3] - 100, 22)
        _write(painter, sum_line, words, 12, t.muted, RIGHT)
        total = QRectF(columns[3] - 90, bottom + 2, 90, 22)
        _write(painter, total, on_paper(row.error), 13, t.error, RIGHT, bold=True)
        self._rule(painter, bottom + 30)
        return bottom + 34

    def _sum_words(self, trace: Trace, row: Factors, count: int, shown: int) -> str:
        name = neuron_name(trace.network, row.ref.layer, row.ref.to)
        if count > shown:
            words = self.tr("{}: all {} paths, the largest {} shown")
            return words.format(self._error_at(trace, name), count, shown)
        letters = " + ".join(chr(ord("A") + i) for i in range(count))
        return f"{self._error_at(trace, name)} = {letters}"

    def _error_at(self, trace: Trace, name: str) -> str:
        """What the factor of a hidden neuron is called."""
        if has_plain_error(trace):
            return self.tr("error at {}").format(name)
        return self.tr("∂E/∂output of {}").format(name)

    def _draw_path(self, painter: QPainter, path: BackPath, letter: str, top: float) -> None:
        t, columns = theme(), self._path_columns()
        dot = QRectF(20, top + 2, 18, 18)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(t.error))
        painter.drawEllipse(dot)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        _write(painter, dot, letter, 11, t.background, CENTRE, bold=True)
        _write(painter, QRectF(46, top, 90, 22), path.name, 13, t.ink, LEFT)
        is_product = path.error is not None and path.slope is not None
        own = (on_paper(path.error), on_paper(path.slope))
        if not is_product:  # softmax, or a cross-entropy at 0 or 1
            own = (self.tr("error signal"), on_paper(path.signal))
        values = (*own, on_paper(path.weight), on_paper(path.contribution))
        second = t.slope if is_product else t.error
        colours = (t.error, second, t.weight(path.weight), t.error)
        for place, (right, value, colour) in enumerate(zip(columns, values, colours, strict=True)):
            where = QRectF(right - 90, top, 90, 22)
            _write(painter, where, value, 13, colour, RIGHT)
            if place in (1, 2) or (place == 0 and is_product):
                sign = QRectF(right + 2, top, 20, 22)
                _write(painter, sign, "=" if place == 2 else "×", 12, t.muted, CENTRE)

    def _path_columns(self) -> list[float]:
        """The right edges of the four columns of the paths."""
        width = self.width() - 40.0
        return [20 + width * share for share in (0.42, 0.61, 0.80, 1.0)]

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


def _origin(trace: Trace, index: int) -> str:
    """Where the error of an output is from: a subtraction, or the loss that is written below."""
    if trace.expected is None:
        return ""
    if has_plain_error(trace):
        return output_factor(trace, index).numbers
    return trace.settings.loss


def _draw_part(painter: QPainter, part: Part, rect: QRectF, size: int) -> None:
    t = theme()
    top = QRectF(rect.left(), rect.top() + 2, rect.width(), 18)
    _write(painter, top, part.label, 12, part.colour or t.ink, CENTRE, bold=True)
    middle = QRectF(rect.left(), rect.top() + 20, rect.width(), 34)
    words = _write(painter, middle, part.number, size, part.colour or t.ink, CENTRE, bold=True)
    if part.meaning and part.number:
        _underline(painter, words, part.meaning, part.colour)
    below = QRectF(rect.left(), rect.top() + 60, rect.width(), 18)
    _write(painter, below, part.origin, 12, t.muted, CENTRE)


def _underline(painter: QPainter, words: QRectF, meaning: str, colour: str) -> None:
    """One line under an error, two under a slope, dots under a source."""
    pen = QPen(QColor(colour), 1.4 if meaning == "slope" else 2)
    if meaning == "source":
        pen.setCapStyle(Qt.PenCapStyle.RoundCap)
        pen.setDashPattern([0.1, 2.2])
    painter.setPen(pen)
    for drop in (0.0, 3.0) if meaning == "slope" else (0.0,):
        y = words.bottom() + drop
        painter.drawLine(QPointF(words.left(), y), QPointF(words.right(), y))


def _write(
    painter: QPainter,
    rect: QRectF,
    words: str,
    size: int,
    colour: str,
    align: Qt.AlignmentFlag,
    bold: bool = False,
) -> QRectF:
    painter.setFont(semibold(size) if bold else font(size))
    painter.setPen(QColor(colour))
    painter.drawText(rect, align, words)
    return painter.boundingRect(rect, align, words)
