"""Draws the cards: inputs, neurons, expected and error, weight labels and bias pills."""

import math

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPen, QPolygonF

from nnsim.model.frame import Frame
from nnsim.tracing.explanation import in_product
from nnsim.tracing.loss_factor import error_name
from nnsim.tracing.names import expected_name, neuron_name
from nnsim.tracing.quantity import Kind, Quantity
from nnsim.tracing.trace import Neuron, Trace
from nnsim.tracing.vocabulary import Vocabulary, vocabulary
from nnsim.tracing.wording import compact, on_paper
from nnsim.views.diagram.detail import Maps
from nnsim.views.diagram.look import Look
from nnsim.views.diagram.scene import Scene, cell
from nnsim.views.diagram.strokes import (
    LEFT,
    RIGHT,
    card,
    curve,
    editable_underline,
    error_underline,
    label_font,
    slope_underline,
    source_underline,
    text,
    value_font,
)
from nnsim.views.diagram.targets import Target
from nnsim.views.diagram.tiles import draw_tiles
from nnsim.views.diagram.weight_labels import draw_labels
from nnsim.views.parts.theme import theme
from nnsim.views.parts.type import font, medium, semibold

LONGEST = 9
"""Digits of a number that stands behind words."""
NAME_ROOM = 58.0
"""Of the width above a hidden neuron is for its name at least."""
FOLD = 12.0


def draw_cards(
    painter: QPainter, scene: Scene, frame: Frame, look: Look, maps: Maps | None = None
) -> None:
    """Draw all cards, or all tiles of a network too large for cards, then the labels on lines."""
    if scene.dense:
        draw_tiles(painter, scene, frame, look, maps)
    else:
        _draw_nodes(painter, scene, frame, look)
    draw_labels(painter, scene, frame, look)
    _draw_note_marks(painter, scene, frame)
    if look.focused is not None:
        _draw_focus(painter, scene.rect(look.focused))


def _draw_nodes(painter: QPainter, scene: Scene, frame: Frame, look: Look) -> None:
    for layer, i in scene.nodes:
        if layer == 0:
            _draw_input(painter, scene, frame, look, i)
        elif scene.comparison is not None:
            _draw_lone_neuron(painter, scene, frame, look)
        else:
            _draw_neuron(painter, scene, frame, look, layer, i)


def _draw_note_marks(painter: QPainter, scene: Scene, frame: Frame) -> None:
    """A folded corner where a neuron has a note; the tooltip shows it."""
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(QColor(theme().muted))
    for neuron in frame.document.drawing.notes:
        rect = scene.nodes[neuron]
        side = min(FOLD, rect.height() / 2)
        corner = rect.topRight()
        fold = (corner - QPointF(side, 0), corner, corner + QPointF(0, side))
        painter.drawPolygon(QPolygonF(fold))
    painter.setBrush(Qt.BrushStyle.NoBrush)


def _draw_focus(painter: QPainter, rect: QRectF) -> None:
    painter.setPen(QPen(QColor(theme().ink), 2))
    painter.drawRoundedRect(rect.adjusted(-4, -4, 4, 4), 11, 11)


def _draw_input(painter: QPainter, scene: Scene, frame: Frame, look: Look, i: int) -> None:
    t, rect = theme(), scene.nodes[0, i]
    tried = frame.tried is not None
    selected = look.emphasis.selected
    is_source = selected is not None and selected.layer == 1 and selected.source == i
    card(painter, rect, look.node_border((0, i)))
    top = QRectF(rect.left() + 6, rect.top() + 8, rect.width() - 12, 18)
    name = neuron_name(scene.network, 0, i)
    text(painter, top, f"{name} (try)" if tried else name, label_font(), t.muted)
    value = "" if frame.trace is None else on_paper(float(frame.trace.inputs[i]))
    middle = QRectF(rect.left() + 6, rect.top() + 26, rect.width() - 12, 32)
    words = text(painter, middle, value, value_font(value), t.ink)
    if is_source:
        source_underline(painter, words)
        under = QRectF(rect.left(), rect.bottom() + 4, rect.width(), 20)
        text(painter, under, vocabulary(frame.conventions).source, semibold(12), t.source)
    elif value:
        editable_underline(painter, words)


def _draw_lone_neuron(painter: QPainter, scene: Scene, frame: Frame, look: Look) -> None:
    """The neuron of a network of one: three cells, sum | f | output, and the sum written out."""
    t, rect, trace = theme(), scene.nodes[1, 0], frame.trace
    name = neuron_name(scene.network, 1, 0)
    above = QRectF(rect.left(), rect.top() - 26, rect.width(), 20)
    text(painter, above, name, font(13), t.muted)
    card(painter, rect, t.ink, 1.6)
    painter.setPen(QPen(QColor(t.line), 1))
    for x, _ in (cell(rect, 1), cell(rect, 2)):
        painter.drawLine(QPointF(x, rect.top() + 10), QPointF(x, rect.bottom() - 10))
    neuron, say = trace.neuron(1, 0) if trace else None, vocabulary(frame.conventions)
    _cell(painter, rect, 0, say.sum, on_paper(neuron.sum) if neuron else "")
    _cell(painter, rect, 2, say.output, on_paper(neuron.output) if neuron else "")
    _draw_activation(painter, scene, frame, look, 1, 0)
    if trace:
        under = QRectF(rect.left() - 14, rect.bottom() + 8, rect.width() + 28, 22)
        text(painter, under, _sum_written_out(trace), font(13), t.muted)
    _draw_comparison(painter, scene, frame, look)


def _cell(painter: QPainter, rect: QRectF, number: int, label: str, value: str) -> None:
    left, width = cell(rect, number)
    text(painter, QRectF(left, rect.top() + 12, width, 18), label, label_font(), theme().muted)
    where = QRectF(left + 3, rect.top() + 40, width - 6, 34)
    text(painter, where, value, value_font(value), theme().ink)


def _draw_activation(
    painter: QPainter, scene: Scene, frame: Frame, look: Look, layer: int, i: int
) -> None:
    """The curve of f with a dot at the sum; for a lone neuron f' stands below it."""
    t, rect = theme(), scene.activation_rect(layer, i)
    lone = scene.comparison is not None
    name = scene.network.layers[layer - 1].activations[i]
    label = "f(x) = x" if lone and name == "linear" else name
    if look.hovered == Target("activation", i, layer):
        painter.setPen(QPen(QColor(t.ink), 1))
        painter.drawRoundedRect(rect, 6, 6)
    top = QRectF(rect.left(), rect.top() + (8 if lone else 2), rect.width(), 18)
    text(painter, top, label, label_font(), t.muted)
    at = frame.trace.neuron(layer, i).sum if frame.trace else None
    width, height = (36.0, 36.0) if lone else (38.0, 24.0)
    box = QRectF(rect.center().x() - width / 2, top.bottom() + 6, width, height)
    curve(painter, box, name, math.nan if at is None else at)
    if lone and frame.trace:
        slope = frame.trace.neuron(layer, i).slope
        under = QRectF(rect.left(), rect.bottom() - 22, rect.width(), 16)
        words = text(
            painter,
            under,
            f"f' = {on_paper(slope)}" if slope is not None else "",
            semibold(12),
            t.slope,
        )
        if slope is not None and look.emphasis.selected is not None:
            slope_underline(painter, words.adjusted(0, 0, 0, -2))


def _sum_written_out(trace: Trace) -> str:
    """The products that are known, and the sum when it is."""
    rows = [
        trace.factors(ref)
        for ref in trace.network.refs_into(1, 0)
        if ref.is_bias or trace.knows(Quantity(Kind.product, ref=ref))
    ]
    terms = [
        in_product(row.value)
        if row.ref.is_bias
        else f"{in_product(row.source)} × {in_product(row.value)}"
        for row in rows
    ]
    total = trace.neuron(1, 0).sum
    return " + ".join(terms) + (f" = {on_paper(total)}" if total is not None else "")


def _draw_comparison(painter: QPainter, scene: Scene, frame: Frame, look: Look) -> None:
    """Expected above error, and the subtraction below."""
    assert scene.comparison is not None
    t, rect, trace = theme(), scene.comparison, frame.trace
    card(painter, rect, look.border(Target("expected", 0)))
    painter.setPen(QPen(QColor(t.line), 1))
    painter.drawLine(
        QPointF(rect.left() + 12, rect.top() + 62), QPointF(rect.right() - 12, rect.top() + 62)
    )
    expected = trace.expected if trace else None
    error = trace.error_of(0) if trace else None
    _draw_expected(painter, scene, frame, 0)
    top = QRectF(rect.left(), rect.top() + 68, rect.width(), 18)
    text(painter, top, vocabulary(frame.conventions).error, semibold(12), t.error)
    if error is None or expected is None or trace is None:
        return
    value = on_paper(error)
    where = QRectF(rect.left() + 6, rect.top() + 88, rect.width() - 12, 32)
    words = text(painter, where, value, semibold(22 if len(value) < 7 else 18), t.error)
    if look.emphasis.selected is not None:
        error_underline(painter, words)
    under = QRectF(rect.left() - 20, rect.bottom() + 6, rect.width() + 40, 22)
    pair = [float(trace.outputs[0]), float(expected[0])]
    first, second = reversed(pair) if trace.conventions.is_turned else pair
    text(painter, under, f"{on_paper(first)} − {in_product(second)}", font(13), t.muted)


def _draw_expected(painter: QPainter, scene: Scene, frame: Frame, index: int) -> None:
    expected = frame.trace.expected if frame.trace is not None else None
    value = None if expected is None else float(expected[index])
    rect, name = scene.expected_rect(index), vocabulary(frame.conventions).expected
    if scene.comparison is not None and not frame.conventions.speaks_symbols:
        name = expected_name(scene.network, index)
    text(
        painter,
        QRectF(rect.left(), rect.top(), rect.width(), 20),
        name,
        label_font(),
        theme().muted,
    )
    shown = on_paper(value)
    big = value_font(shown) if scene.comparison is not None else medium(15)
    where = QRectF(
        rect.left(), rect.top() + 20, rect.width(), 26 if scene.comparison is None else 30
    )
    words = text(painter, where, shown, big, theme().ink)
    if shown:
        editable_underline(painter, words)


def _draw_neuron(
    painter: QPainter, scene: Scene, frame: Frame, look: Look, layer: int, i: int
) -> None:
    """A hidden or output neuron of a network with several: its name above, f' below the curve."""
    t, rect, trace = theme(), scene.nodes[layer, i], frame.trace
    is_output = layer == len(scene.network.layers)
    on_path = look.emphasis.selected is not None and any(
        ref.layer == layer and ref.to == i for ref in look.emphasis.path
    )
    card(painter, rect, t.ink if on_path else look.node_border((layer, i)), 1.6 if on_path else 1.0)
    above = QRectF(rect.left(), rect.top() - 24, rect.width(), 20)
    neuron = trace.neuron(layer, i) if trace is not None else None
    taken = 0.0
    if trace is not None and neuron is not None and not is_output and neuron.error is not None:
        what = error_name(trace)
        what = f"{what} here" if what == vocabulary(trace.conventions).error else what
        error = on_paper(neuron.error)
        said = f"{what} {error if len(error) <= LONGEST else compact(error)}"
        right = above.adjusted(NAME_ROOM, 0, 0, 0)
        taken = text(painter, right, said, font(12), t.error, RIGHT).width() + 8
    name = above.adjusted(0, 0, -taken, 0)
    text(painter, name, neuron_name(scene.network, layer, i), semibold(13), t.ink, LEFT)
    if trace is None or neuron is None:
        return
    say = vocabulary(trace.conventions)
    for number, label, value in ((0, say.sum, neuron.sum), (2, say.output, neuron.output)):
        left, width = cell(rect, number)
        text(painter, QRectF(left, rect.top() + 6, width, 18), label, label_font(), t.muted)
        where = QRectF(left + 4, rect.top() + 28, width - 8, 24)
        shown = on_paper(value)
        text(painter, where, shown, medium(15 if len(shown) <= 6 else 14), t.ink)
    _draw_activation(painter, scene, frame, look, layer, i)
    _rule(painter, rect, rect.top() + 66)
    _draw_slope_and_signal(painter, rect, neuron, say, on_path)
    if is_output:
        _draw_output_error(painter, scene, frame, i, on_path)


def _draw_slope_and_signal(
    painter: QPainter, rect: QRectF, neuron: Neuron, say: Vocabulary, on_path: bool
) -> None:
    """f'(sum), but of a softmax neuron, which has none; and what it makes of the error."""
    t = theme()
    where = QRectF(rect.left() + 8, rect.top() + 67, rect.width() - 16, 17)
    if neuron.slope is not None:
        slope = f"{say.slope} = {on_paper(neuron.slope)}"
        words = text(painter, where, slope, semibold(12), t.slope)
        if on_path:
            slope_underline(painter, words.adjusted(0, 1, 0, -3))
    if neuron.signal is not None:
        under = where.translated(0, 16 if neuron.slope is not None else 8)
        text(painter, under, f"{say.signal} {on_paper(neuron.signal)}", font(12), t.error)


def _rule(painter: QPainter, rect: QRectF, y: float) -> None:
    painter.setPen(QPen(QColor(theme().line), 1))
    painter.drawLine(QPointF(rect.left() + 8, y), QPointF(rect.right() - 8, y))


def _draw_output_error(
    painter: QPainter, scene: Scene, frame: Frame, i: int, on_path: bool
) -> None:
    t, rect = theme(), scene.nodes[len(scene.network.layers), i]
    _rule(painter, rect, rect.top() + 101)
    _draw_expected(painter, scene, frame, i)
    half = rect.width() / 2
    where = QRectF(rect.left() + half, rect.bottom() - 50, half - 8, 20)
    text(painter, where, vocabulary(frame.conventions).error, semibold(12), t.error)
    if frame.trace is None or (error := frame.trace.error_of(i)) is None:
        return
    value = on_paper(error)
    words = text(
        painter, where.translated(0, 20).adjusted(0, 0, 0, 6), value, semibold(15), t.error
    )
    if on_path:
        error_underline(painter, words)
