"""Draws the error on its way back, beside the connections it comes through."""

from collections.abc import Iterator

from PySide6.QtCore import QLineF, QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter

from nnsim.engine.network import ParameterRef
from nnsim.model.frame import Frame
from nnsim.tracing.quantity import Kind, Quantity
from nnsim.tracing.trace import BackPath, Trace
from nnsim.tracing.vocabulary import vocabulary
from nnsim.tracing.wording import on_paper
from nnsim.views.diagram.emphasis import Emphasis, emphasis_of
from nnsim.views.diagram.scene import Scene
from nnsim.views.diagram.strokes import CENTRE, LEFT, arrow, text
from nnsim.views.parts.theme import theme
from nnsim.views.parts.type import font, semibold


def draw_back_signals(painter: QPainter, scene: Scene, frame: Frame, emphasis: Emphasis) -> None:
    """Draw the error on its way back: beside each connection, or along the selected paths."""
    trace = frame.trace
    if trace is None or trace.back is None or scene.dense:
        return
    if scene.comparison is not None:
        _draw_comparison_arrows(painter, scene, trace)
        for ref in scene.network.refs():
            if ref.is_bias or not trace.knows(Quantity(Kind.delta, ref=ref)):
                continue
            start, end = scene.line(ref)
            side = -1 if start.y() <= end.y() else 1
            _arrow_beside(painter, QLineF(start, end), 0.99, 0.79, side * 15)
    elif emphasis.fades and emphasis.selected is not None:
        _draw_paths(painter, scene, frame, emphasis.selected)


def _draw_comparison_arrows(painter: QPainter, scene: Scene, trace: Trace) -> None:
    assert scene.comparison is not None
    t, node, card = theme(), scene.nodes[1, 0], scene.comparison
    y = card.center().y()
    left, right = node.right() + 1, card.left() - 8
    arrow(painter, QPointF(left, y), QPointF(right, y), t.muted, 1.8)
    if trace.error_of(0) is None:
        return
    back = y + 18
    arrow(painter, QPointF(card.left() - 2, back), QPointF(node.right() + 8, back), t.error, 1.8)
    under = QRectF(left, back + 4, right - left, 20)
    text(painter, under, vocabulary(trace.conventions).error, font(11), t.error, CENTRE)


def _draw_paths(painter: QPainter, scene: Scene, frame: Frame, selected: ParameterRef) -> None:
    assert frame.trace is not None
    for to, (path, where) in enumerate(_badges(scene, frame.trace, selected)):
        line, side = _beside(scene, path)
        _arrow_beside(painter, line, 0.96, 0.04, side)
        _badge(painter, where, chr(ord("A") + to % 26), on_paper(path.contribution))
    if not selected.is_bias and frame.trace.knows(Quantity(Kind.delta, ref=selected)):
        _arrow_beside(painter, QLineF(*scene.route(selected)[-2:]), 0.97, 0.78, -14)


def badge_spots(scene: Scene, frame: Frame) -> Iterator[tuple[QRectF, Quantity]]:
    """Yield where the numbers stand that come back to the neuron of the selected weight."""
    emphasis = emphasis_of(scene.network, frame.selected, frame.chosen)
    trace, selected = frame.trace, emphasis.selected
    is_alone = scene.dense or scene.comparison is not None
    if trace is None or trace.back is None or selected is None or is_alone or not emphasis.fades:
        return
    for path, where in _badges(scene, trace, selected):
        yield where, Quantity(Kind.carried, ref=path.ref)


def _badges(
    scene: Scene, trace: Trace, selected: ParameterRef
) -> Iterator[tuple[BackPath, QRectF]]:
    """The paths back to the neuron of a weight, each with the place of its badge."""
    taken = [*scene.labels.values(), *(r.adjusted(-2, -26, 2, 2) for r in scene.nodes.values())]
    for path in trace.back_paths(selected.layer, selected.to):
        line, side = _beside(scene, path)
        steep = abs(line.dy()) / max(1.0, line.length())
        where = _badge_place(line, side * (1.9 + 2.2 * steep), taken)
        taken.append(where)
        yield path, where


def _beside(scene: Scene, path: BackPath) -> tuple[QLineF, float]:
    """The line of a path, and how far beside it its arrow is."""
    line = QLineF(*scene.route(path.ref)[:2])
    return line, -15.0 if line.dy() <= 1 else 15.0


def _badge_place(line: QLineF, offset: float, taken: list[QRectF]) -> QRectF:
    """Return where a badge with its number touches nothing, as near the arrow's tip as can be."""
    across = QPointF(-line.dy(), line.dx()) / max(1.0, line.length())
    first = QRectF()
    for far in (1.0, 1.7, -1.2):
        for share in (0.22, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8):
            rect = QRectF(0, 0, 88, 20)
            rect.moveCenter(line.pointAt(share) + across * offset * far)
            if first.isNull():
                first = rect
            if not any(rect.intersects(other) for other in taken):
                return rect
    return first


def _arrow_beside(painter: QPainter, line: QLineF, begin: float, end: float, offset: float) -> None:
    """Draw an arrow parallel to a connection, against its direction."""
    across = QPointF(-line.dy(), line.dx()) / max(1.0, line.length()) * offset
    tip = line.pointAt(end) + across
    arrow(painter, line.pointAt(begin) + across, tip, theme().error, 1.8)


def _badge(painter: QPainter, where: QRectF, letter: str, number: str) -> None:
    t = theme()
    dot = QRectF(where.left(), where.center().y() - 9, 18, 18)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(QColor(t.error))
    painter.drawEllipse(dot)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    text(painter, dot, letter, semibold(11), t.background, CENTRE)
    text(painter, where.adjusted(23, 0, 0, 0), number, semibold(13), t.error, LEFT)
