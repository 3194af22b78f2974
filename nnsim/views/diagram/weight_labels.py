"""Draws the numbers of weights on their lines, and biases under their neurons."""

from PySide6.QtCore import QCoreApplication, QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPen

from nnsim.engine.network import ParameterRef
from nnsim.model.frame import Frame
from nnsim.tracing.names import parameter_name
from nnsim.tracing.vocabulary import vocabulary
from nnsim.tracing.wording import compact, on_paper
from nnsim.views.diagram.label_places import (
    DELTA_HEIGHT,
    LABEL_HEIGHT,
    LOCK_WIDTH,
    focus_labels,
    shown_label,
)
from nnsim.views.diagram.look import Look
from nnsim.views.diagram.scene import STEM, Scene
from nnsim.views.diagram.strokes import (
    LEFT,
    RIGHT,
    card,
    editable_underline,
    label_font,
    text,
)
from nnsim.views.diagram.targets import Target
from nnsim.views.parts.fitting import SMALLEST, fits, width_of, written_within
from nnsim.views.parts.icons import pixmap
from nnsim.views.parts.theme import theme
from nnsim.views.parts.type import font, semibold

LOCK = 12
LONGEST_DELTA = 9


def draw_labels(painter: QPainter, scene: Scene, frame: Frame, look: Look) -> None:
    """Draw the numbers of weights and biases; what is asked for comes over all others."""
    over, focused = _asked_for(scene, look), focus_labels(scene, look.emphasis)
    before = [*over.values(), *focused.values()]
    # the selected one last: its delta may stand beside the label, over others
    for ref, rect in sorted(
        scene.labels.items(), key=lambda item: item[0] == look.emphasis.selected
    ):
        if any(map(rect.intersects, before)):
            continue
        if ref.is_bias:
            _draw_bias(painter, scene, frame, look, ref, rect)
        elif scene.dense:
            _draw_tile_label(painter, scene, frame, look, ref, rect)
        else:
            _draw_weight(painter, scene, frame, look, ref, rect)
    for ref, rect in focused.items():
        if not any(map(rect.intersects, over.values())):
            _draw_tile_label(painter, scene, frame, look, ref, rect)
    for ref, rect in over.items():
        _draw_large_label(painter, scene, frame, ref, rect)


def _asked_for(scene: Scene, look: Look) -> dict[ParameterRef, QRectF]:
    """The selected weight and the one pointed at, where they have no label large enough."""
    hovered = look.hovered.ref if look.hovered is not None else None
    asked = dict.fromkeys((look.emphasis.selected, hovered))
    return {
        ref: shown_label(scene, ref)
        for ref in asked
        if ref is not None and (scene.dense or ref not in scene.labels)
    }


def _draw_weight(
    painter: QPainter, scene: Scene, frame: Frame, look: Look, ref: ParameterRef, rect: QRectF
) -> None:
    t, selected = theme(), look.emphasis.selected == ref
    border = look.border(Target("parameter", ref=ref)) if look.emphasis.is_lit(ref) else t.line
    card(painter, rect, t.ink if selected else border, 2 if selected else 1)
    row = frame.trace.factors(ref) if frame.trace else None
    value, old = _number_of(scene, frame, ref)
    was = "" if old is None else _tr("was {}").format(on_paper(old))
    named = scene.comparison is not None
    has_delta = not named and rect.height() > LABEL_HEIGHT
    if named:
        top = QRectF(rect.left() + 4, rect.top() + 6, rect.width() - 8, 18)
        text(painter, top, was or parameter_name(scene.network, ref), label_font(), t.muted)
    where = rect.adjusted(5, 23, -5, -5) if named else rect.adjusted(5, 1, -5, -3)
    where.setHeight(where.height() - (DELTA_HEIGHT if has_delta else 0))
    where = _past_lock(painter, scene, ref, where)
    shown = written_within(value, semibold(SMALLEST), where.width())
    words = text(painter, where, shown, semibold(18 if named else 15), t.weight(value))
    if not selected or not named:
        editable_underline(painter, words.adjusted(0, 0, 0, -2))
    _draw_old(painter, rect, None if named or has_delta else old)
    if row is None or row.delta is None:
        return
    name = vocabulary(frame.conventions).delta
    delta = _shortened(on_paper(row.delta)) + ("" if row.is_trained else ", change 0")
    if has_delta:
        inside = QRectF(rect.left() + 3, rect.bottom() - 18, rect.width() - 6, 16)
        said = was or f"{name} {delta}"
        is_short = fits(font(11), said, inside.width())
        text(painter, inside, said if is_short else delta, font(11), t.muted)
    elif named or (selected and old is None):
        under = QRectF(rect.center().x() - 75, rect.bottom() + 5, 150, 20)
        _labelled(painter, under, name, delta, rect.right() + 4)


def _number_of(scene: Scene, frame: Frame, ref: ParameterRef) -> tuple[float, float | None]:
    """The number of a weight or bias; inside a step, once it is computed, new and old one."""
    now = float(scene.network.parameters[scene.network.index_of(ref)])
    if frame.inside is None or frame.trace is None:
        return now, None
    new = frame.trace.factors(ref).new_value
    return (now, None) if new is None else (new, now)


def _draw_old(painter: QPainter, rect: QRectF, old: float | None, is_beside: bool = False) -> None:
    """What a weight was before the update, under its label or at the right of it."""
    if old is None:
        return
    said, used = _tr("was {}").format(on_paper(old)), font(11)
    width = width_of(used, said) + 8
    where = QRectF(rect.center().x() - width / 2, rect.bottom(), width, 15)
    if is_beside:
        where.moveTopLeft(QPointF(rect.right() + 2, rect.center().y() - 8))
    painter.fillRect(where, QColor(theme().background))
    text(painter, where, said, used, theme().muted)


def _shortened(words: str) -> str:
    """A number with fewer digits where it would be cut off behind its word."""
    return words if len(words) <= LONGEST_DELTA else compact(words)


def _labelled(painter: QPainter, rect: QRectF, label: str, value: str, limit: float) -> None:
    """Write a muted word and a bold number beside it, on clear ground.

    They stand in the middle together, or as far left of it as the limit at their right demands.
    """
    painter.setFont(font(13))
    first = painter.fontMetrics().horizontalAdvance(label + " ")
    painter.setFont(semibold(13))
    width = first + painter.fontMetrics().horizontalAdvance(value)
    left = min(rect.center().x() - width / 2, max(limit, rect.center().x() + 40) - width)
    ground = QRectF(left - 4, rect.top() + 1, width + 8, rect.height() - 2)
    painter.fillRect(ground, QColor(theme().background))
    whole = QRectF(left, rect.top(), width + 2, rect.height())
    text(painter, whole, label, font(13), theme().muted, LEFT)
    text(painter, whole, value, semibold(13), theme().ink, RIGHT)


def _draw_bias(
    painter: QPainter, scene: Scene, frame: Frame, look: Look, ref: ParameterRef, rect: QRectF
) -> None:
    t, selected = theme(), look.emphasis.selected == ref
    node = scene.nodes[ref.layer, ref.to]
    painter.setPen(QPen(QColor(t.border), 1.5))
    stem = QPointF(rect.left() + 20, node.bottom())
    if rect.top() - node.bottom() <= STEM + 1:
        painter.drawLine(stem, QPointF(stem.x(), rect.top()))
    painter.setPen(QPen(QColor(t.ink if selected else look.border(Target("parameter", ref=ref)))))
    painter.setBrush(QColor(t.card))
    painter.drawRoundedRect(rect, rect.height() / 2, rect.height() / 2)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    inner = _past_lock(painter, scene, ref, rect.adjusted(12, 0, -12, 0))
    value, old = _number_of(scene, frame, ref)
    _draw_old(painter, rect, old, is_beside=True)
    alone, where = inner.adjusted(0, 0, 0, -2), inner.adjusted(32, 0, 0, -2)
    shown, used = on_paper(value), semibold(SMALLEST)
    if fits(used, shown, alone.width()) and not fits(used, shown, where.width()):
        where = alone  # a new value inside a step, longer than the one it was laid out for
    else:
        word = QRectF(inner.left(), inner.top(), 30, inner.height())
        text(painter, word, "bias", label_font(), t.muted)
    shown = written_within(value, semibold(SMALLEST), where.width())
    words = text(painter, where, shown, semibold(13), t.weight(value), LEFT)
    editable_underline(painter, words.adjusted(0, 0, 0, -2))


def _draw_tile_label(
    painter: QPainter, scene: Scene, frame: Frame, look: Look, ref: ParameterRef, rect: QRectF
) -> None:
    """A weight on its line in a network of tiles: the number alone on clear ground."""
    t = theme()
    value, _ = _number_of(scene, frame, ref)
    hovered = look.hovered == Target("parameter", ref=ref)
    painter.setPen(QPen(QColor(t.ink if hovered else t.line), 1))
    painter.setBrush(QColor(t.background))
    painter.drawRoundedRect(rect, 6, 6)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    inside = _past_lock(painter, scene, ref, rect.adjusted(3, 0, -3, 0))
    shown = written_within(value, semibold(SMALLEST), inside.width())
    text(painter, inside, shown, semibold(12), t.weight(value))


def _past_lock(painter: QPainter, scene: Scene, ref: ParameterRef, rect: QRectF) -> QRectF:
    """Draw a lock at the left of a frozen weight's label; return the room beside it."""
    if not scene.network.is_frozen(scene.network.index_of(ref)):
        return rect
    ratio = painter.device().devicePixelRatioF()
    place = QPointF(rect.left(), rect.center().y() - LOCK / 2)
    painter.drawPixmap(place, pixmap("lock", theme().muted, LOCK, ratio))
    return rect.adjusted(LOCK_WIDTH, 0, 0, 0)


def _draw_large_label(
    painter: QPainter, scene: Scene, frame: Frame, ref: ParameterRef, rect: QRectF
) -> None:
    """A weight with its name, above everything."""
    t = theme()
    value, old = _number_of(scene, frame, ref)
    _draw_old(painter, rect, old)
    card(painter, rect, t.ink, 2)
    top = QRectF(rect.left() + 4, rect.top() + 4, rect.width() - 8, 18)
    text(painter, top, parameter_name(scene.network, ref), label_font(), t.muted)
    where = QRectF(rect.left() + 8, rect.top() + 21, rect.width() - 16, 22)
    where = _past_lock(painter, scene, ref, where)
    text(painter, where, on_paper(value), semibold(15), t.weight(value))


def _tr(words: str) -> str:
    return QCoreApplication.translate("weight_labels", words)
