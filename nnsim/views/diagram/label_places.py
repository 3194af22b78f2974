"""Where the numbers of weights and biases stand: on their lines, touching nothing."""

from collections.abc import Callable
from dataclasses import replace
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QLineF, QPointF, QRectF, QSizeF

from nnsim.engine.network import Network, ParameterRef
from nnsim.tracing.wording import on_paper
from nnsim.views.diagram.emphasis import Emphasis
from nnsim.views.diagram.scene import NAME, STEM, Scene

Edges = NDArray[np.float64]
Size = Callable[[Scene, ParameterRef], QSizeF]

NAMED_LABEL = QSizeF(96, 56)
LABEL_HEIGHT, TILE_LABEL_HEIGHT = 32.0, 22.0
DELTA_HEIGHT = 14.0
LOCK_WIDTH = 14.0
WITH_DELTA, WITH_NO_CHANGE = 102.0, 152.0
BIAS_HEIGHT = 28.0
NARROW, WIDE = 34.0, 62.0
POPUP = QSizeF(128, 46)
POPUP_SHARES = (0.45, 0.5, 0.4, 0.55, 0.35, 0.6, 0.3, 0.65, 0.25, 0.7, 0.2, 0.75, 0.15, 0.8)
FOCUS_HEIGHT = 16.0
FOCUS_AT_MOST = 60
INTO_FOCUS = tuple(sorted((0.1 + 0.03 * k for k in range(22)), key=lambda x: abs(x - 0.3)))
OUT_OF_FOCUS = tuple(1 - share for share in INTO_FOCUS)
"""Nearer to the other end, where the lines of one neuron are further apart."""
ALONG = 6.0
"""A connection is looked at every so many units."""
STRAIGHT = 0.53
CROSSING = 0.70
FINE_SLIDES = tuple(sorted((k * 0.02 for k in range(-28, 15)), key=abs))
"""How far a label slides along its line, as shares of it; finer between cards than tiles."""
SLIDES = (0.0, -0.08, 0.08, -0.16, 0.16, -0.24, 0.22, -0.28, -0.32, -0.36, -0.4, -0.44, -0.48)


def labelled(bare: Scene) -> Scene:
    """Return the scene with the places of its labels."""
    widths = label_widths(bare.network)
    return replace(bare, labels=_best_labels(bare), label_widths=widths)


def _best_labels(scene: Scene) -> dict[ParameterRef, QRectF]:
    """Place labels with room for a delta, all or some of them, where no number is lost by it."""
    if not scene.dense and scene.comparison is None:
        labels = _labels(scene, _with_delta)
        if len(labels) == scene.network.parameter_count:
            return labels
        return _grown(scene, _labels(scene, _label_size))
    return _labels(scene, _label_size)


def _grown(scene: Scene, labels: dict[ParameterRef, QRectF]) -> dict[ParameterRef, QRectF]:
    """Give each label room for its delta that can have it without touching another."""
    grown = dict(labels)
    nodes = [rect.adjusted(-4, -NAME, 4, 4) for rect in scene.nodes.values()]
    for ref in labels:
        if not ref.is_bias:
            others = [rect.adjusted(-2, -2, 2, 2) for r, rect in grown.items() if r != ref]
            grown[ref] = _label(scene, ref, [*nodes, *others], _with_delta) or labels[ref]
    return grown


def label_widths(network: Network) -> tuple[float, ...]:
    """Return how much room the number of each weight and bias takes."""
    return tuple(_text_width(network, ref) for ref in network.refs())


def _labels(scene: Scene, size_of: Size) -> dict[ParameterRef, QRectF]:
    """Place bias pills under their cards, then weight labels where they touch nothing.

    size_of: how large the label of a weight is.
    """
    alone = scene.comparison is not None
    placed: dict[ParameterRef, QRectF] = {}
    names = 4.0 if scene.dense else NAME
    taken = [
        rect.adjusted(-4, -names if layer > 0 else -4, 4, 4)
        for (layer, _), rect in scene.nodes.items()
    ]
    for ref in scene.network.refs():
        if ref.is_bias and not scene.dense:
            node = scene.nodes[ref.layer, ref.to]
            # Under a lone neuron the sum is written out; its bias stands below that.
            drop = STEM + 26 if alone else STEM
            size = QSizeF(_text_width(scene.network, ref) + 56, BIAS_HEIGHT)
            placed[ref] = QRectF(QPointF(node.left() + 12, node.bottom() + drop), size)
            taken.append(placed[ref])
    for ref in scene.network.refs():
        if not ref.is_bias and (rect := _label(scene, ref, taken, size_of)) is not None:
            placed[ref] = rect
            taken.append(rect.adjusted(-2, -2, 2, 20 if alone else 2))
    return placed


def _label(scene: Scene, ref: ParameterRef, taken: list[QRectF], size_of: Size) -> QRectF | None:
    """Slide the label along its line until it touches nothing; None when that fails.

    Over a skipped connection of another weight it would look like that one's number: there it
    stands only when there is no other place.
    """
    start, end = scene.line(ref)
    alone = scene.comparison is not None
    straight = alone or abs(start.y() - end.y()) < 60
    best, size = STRAIGHT if straight else CROSSING, size_of(scene, ref)
    over_another = None
    for slide in SLIDES if scene.dense else FINE_SLIDES:
        rect = _around(scene.point_on(ref, best + slide), size)
        if any(rect.intersects(other) for other in taken):
            continue
        if not _lies_on_another(scene, ref, rect):
            return rect
        over_another = over_another or rect
    return over_another


def _lies_on_another(scene: Scene, ref: ParameterRef, rect: QRectF) -> bool:
    """Whether a skipped connection of another weight runs behind a label."""
    for other, route in scene.routes.items():
        if other == ref:
            continue
        for leg in (QLineF(a, b) for a, b in pairwise(route)):
            count = max(2, int(leg.length() / ALONG))
            if any(rect.contains(leg.pointAt(k / count)) for k in range(count + 1)):
                return True
    return False


def _with_delta(scene: Scene, ref: ParameterRef) -> QSizeF:
    width = _text_width(scene.network, ref) + 20
    if scene.network.is_frozen(scene.network.index_of(ref)):
        return QSizeF(max(width, WITH_NO_CHANGE), LABEL_HEIGHT + DELTA_HEIGHT)
    return QSizeF(max(width, WITH_DELTA), LABEL_HEIGHT + DELTA_HEIGHT)


def _label_size(scene: Scene, ref: ParameterRef) -> QSizeF:
    if scene.comparison is not None:
        return NAMED_LABEL
    width = _text_width(scene.network, ref)
    if scene.dense:
        return QSizeF(width + 8, TILE_LABEL_HEIGHT)
    return QSizeF(width + 20, LABEL_HEIGHT)


def _around(middle: QPointF, size: QSizeF) -> QRectF:
    rect = QRectF(QPointF(), size)
    rect.moveCenter(middle)
    return rect


def _text_width(network: Network, ref: ParameterRef) -> float:
    """Two widths only, so that labels do not twitch while numbers change."""
    place = network.index_of(ref)
    short = len(on_paper(float(network.parameters[place]))) <= 4
    return (NARROW if short else WIDE) + (LOCK_WIDTH if network.is_frozen(place) else 0.0)


def number_within(scene: Scene, ref: ParameterRef) -> QRectF:
    """Return where the number itself stands in a label, below its name or above its delta."""
    rect = scene.labels[ref].adjusted(3, 3, -3, -3)
    if ref.is_bias and not scene.dense:
        return rect.adjusted(38, 0, 0, 0)
    if scene.comparison is not None:
        return rect.adjusted(0, 20, 0, 0)
    return rect.adjusted(0, 0, 0, -max(0.0, scene.labels[ref].height() - LABEL_HEIGHT))


# ------------------------------------------------------------ labels that come when asked for


def shown_label(scene: Scene, ref: ParameterRef) -> QRectF:
    """Return where the number of a weight is shown when it is pointed at or selected.

    That is its label between cards; else a larger one on its way, beside all neurons.
    """
    if not scene.dense and ref in scene.labels:
        return scene.labels[ref]
    if ref.source is None:
        node = scene.nodes[ref.layer, ref.to]
        return QRectF(QPointF(node.center().x() - POPUP.width() / 2, node.bottom() + 4), POPUP)
    on_line = [_around(scene.point_on(ref, share), POPUP) for share in POPUP_SHARES]
    nodes = _rects_between(scene, ref.from_layer, ref.layer)
    beside = [
        on_line[0].translated(0, away * (POPUP.height() + rect.height()) / 2)
        for rect in nodes
        for away in (-1.2, 1.2)
    ]
    places = [*on_line, *beside]
    return next((rect for rect in places if not any(map(rect.intersects, nodes))), places[0])


def focus_labels(scene: Scene, emphasis: Emphasis) -> dict[ParameterRef, QRectF]:
    """Return the places of the numbers of the neuron in focus that have no label of their own.

    The strongest come first, and labels of other neurons give way; where all room is taken the
    rest show theirs when pointed at.
    """
    focus, network = emphasis.focus, scene.network
    if focus is None:
        return {}
    strongest = np.argsort(-np.abs(network.parameters[emphasis.places]), kind="stable")
    places = emphasis.places[strongest][:FOCUS_AT_MOST].tolist()
    refs = [ref for ref in map(network.ref_in, places) if ref not in scene.labels]
    refs = [ref for ref in refs if not ref.is_bias]
    around = [ref.from_layer for ref in refs] + [ref.layer for ref in refs]
    nodes = _rects_between(scene, min(around, default=0), max(around, default=0))
    stay = [rect for ref, rect in scene.labels.items() if ref.is_bias or ref in emphasis.path]
    taken = [_edges(rect.adjusted(-3, -3, 3, 3)) for rect in (*nodes, *stay)]
    found: dict[ParameterRef, QRectF] = {}
    for ref in refs:
        shares = INTO_FOCUS if (ref.layer, ref.to) == focus else OUT_OF_FOCUS
        if (rect := _free_place(scene, ref, shares, np.array(taken))) is not None:
            found[ref] = rect
            taken.append(_edges(rect.adjusted(-2, -1, 2, 1)))
    return found


def _free_place(
    scene: Scene, ref: ParameterRef, shares: tuple[float, ...], taken: Edges
) -> QRectF | None:
    size = QSizeF(_text_width(scene.network, ref) + 8, FOCUS_HEIGHT)
    for share in shares:
        rect = _around(scene.point_on(ref, share), size)
        left, top, right, bottom = _edges(rect)
        across = (taken[:, 0] < right) & (taken[:, 2] > left)
        if not (across & (taken[:, 1] < bottom) & (taken[:, 3] > top)).any():
            return rect
    return None


def _edges(rect: QRectF) -> tuple[float, float, float, float]:
    return rect.left(), rect.top(), rect.right(), rect.bottom()


def _rects_between(scene: Scene, first: int, last: int) -> list[QRectF]:
    """Return the cards, tiles and strips of some layers."""
    rects: list[QRectF] = []
    for layer in range(first, last + 1):
        if layer in scene.strips:
            rects.append(scene.strips[layer].rect)
        else:
            rects += (scene.nodes[layer, i] for i in range(scene.network.sizes[layer]))
    return rects
