"""Draws how the error of a hidden neuron came back: by each neuron that uses it, and their sum."""

from collections.abc import Iterator

from PySide6.QtCore import QCoreApplication, QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPen

from nnsim.tracing.loss_factor import error_name
from nnsim.tracing.names import neuron_name
from nnsim.tracing.quantity import Kind, Quantity
from nnsim.tracing.trace import BackPath, Factors, Trace
from nnsim.tracing.vocabulary import vocabulary
from nnsim.tracing.wording import on_paper
from nnsim.views.diagram.strokes import text
from nnsim.views.factors.formula_parts import CENTRE, LEFT, RIGHT, write
from nnsim.views.parts.theme import theme
from nnsim.views.parts.type import font, semibold

Spot = tuple[QRectF, Quantity]
PATHS_SHOWN = 3
NUMBER = 74.0
"""Room for a number; a longer one is written smaller."""


def draw_back_paths(
    painter: QPainter, trace: Trace, row: Factors, paths: list[BackPath], top: float, width: int
) -> tuple[float, list[Spot]]:
    """Draw what each neuron of the next layer carries back, and their sum; return where it ends and
    where the numbers stand."""
    t, columns = theme(), _columns(width)
    slope = vocabulary(trace.conventions).slope
    heads = (error_name(trace), slope, _tr("weight"), _tr("arrives"))
    colours = (t.error, t.slope, t.positive, t.error)
    write(painter, QRectF(20, top, 90, 20), _tr("path back"), 12, t.muted, LEFT)
    for right, head, colour in zip(columns, heads, colours, strict=True):
        write(painter, QRectF(right - 90, top, 90, 20), head, 12, colour, RIGHT, bold=True)
    shown = sorted(range(len(paths)), key=lambda i: -abs(paths[i].contribution))[:PATHS_SHOWN]
    spots: list[Spot] = []
    for line, i in enumerate(sorted(shown), start=1):
        letter = chr(ord("A") + i % 26)
        spots += _draw_path(painter, trace, paths[i], letter, top + line * 24, columns)
    bottom = top + (len(shown) + 1) * 24 + 2
    painter.setPen(QPen(QColor(t.border), 1))
    painter.drawLine(QPointF(columns[0] - 40, bottom), QPointF(columns[3], bottom))
    words = _sum_words(trace, row, len(paths), len(shown))
    sum_line = QRectF(20, bottom + 2, columns[3] - 100, 22)
    write(painter, sum_line, words, 12, t.muted, RIGHT)
    total = QRectF(columns[3] - NUMBER, bottom + 2, NUMBER, 22)
    text(painter, total, on_paper(row.error), semibold(13), t.error, RIGHT)
    spots.append((total, Quantity(Kind.output_gradient, (row.ref.layer, row.ref.to))))
    return bottom + 34, spots


def error_at(trace: Trace, name: str) -> str:
    """Return what the first factor of a hidden neuron is called."""
    if error_name(trace) == vocabulary(trace.conventions).error:
        return _tr("error at {}").format(name)
    return _tr("{} of {}").format(error_name(trace), name)


def _sum_words(trace: Trace, row: Factors, count: int, shown: int) -> str:
    name = error_at(trace, neuron_name(trace.network, row.ref.layer, row.ref.to))
    if count > shown:
        return _tr("{}: all {} paths, the largest {} shown").format(name, count, shown)
    letters = " + ".join(chr(ord("A") + i) for i in range(count))
    return f"{name} = {letters}"


def _draw_path(
    painter: QPainter, trace: Trace, path: BackPath, letter: str, top: float, columns: list[float]
) -> Iterator[Spot]:
    t, neuron = theme(), (path.ref.layer, path.ref.to)
    dot = QRectF(20, top + 2, 18, 18)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(QColor(t.error))
    painter.drawEllipse(dot)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    write(painter, dot, letter, 11, t.background, CENTRE, bold=True)
    write(painter, QRectF(46, top, 90, 22), path.name, 13, t.ink, LEFT)
    is_product = path.error is not None and path.slope is not None
    own = (on_paper(path.error), on_paper(path.slope))
    if not is_product:  # softmax, or a cross-entropy at 0 or 1
        own = (vocabulary(trace.conventions).signal, on_paper(path.signal))
    values = (*own, on_paper(path.weight), on_paper(path.contribution))
    second = t.slope if is_product else t.error
    colours = (t.error, second, t.weight(path.weight), t.error)
    kinds = (Kind.output_gradient, Kind.slope) if is_product else (Kind.signal, Kind.signal)
    weight, carried = (Quantity(kind, ref=path.ref) for kind in (Kind.parameter, Kind.carried))
    own_numbers = (*(Quantity(kind, neuron) for kind in kinds), weight, carried)
    cells = zip(columns, values, colours, own_numbers, strict=True)
    for place, (right, value, colour, quantity) in enumerate(cells):
        where = QRectF(right - NUMBER, top, NUMBER, 22)
        yield where.adjusted(0, 1, 0, -1), quantity
        text(painter, where, value, font(13), colour, RIGHT)
        if place in (1, 2) or (place == 0 and is_product):
            sign = QRectF(right + 2, top, 20, 22)
            write(painter, sign, "=" if place == 2 else "×", 12, t.muted, CENTRE)


def _columns(width: int) -> list[float]:
    """The right edges of the four columns."""
    room = width - 40.0
    return [20 + room * share for share in (0.42, 0.61, 0.80, 1.0)]


def _tr(words: str) -> str:
    return QCoreApplication.translate("FormulaCard", words)
