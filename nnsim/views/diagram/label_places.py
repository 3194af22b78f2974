"""Where the numbers of weights and biases stand: on their lines, touching nothing."""

from dataclasses import replace

from PySide6.QtCore import QPointF, QRectF, QSizeF

from nnsim.engine.network import Network, ParameterRef
from nnsim.tracing.wording import on_paper
from nnsim.views.diagram.scene import NAME, STEM, Scene

NAMED_LABEL = QSizeF(96, 56)
LABEL_HEIGHT, TILE_LABEL_HEIGHT = 32.0, 22.0
BIAS_HEIGHT = 28.0
STRAIGHT = 0.53
CROSSING = 0.70
FINE_SLIDES = tuple(sorted((k * 0.02 for k in range(-28, 15)), key=abs))
"""How far a label slides along its line, as shares of it; finer between cards than tiles."""
SLIDES = (0.0, -0.08, 0.08, -0.16, 0.16, -0.24, 0.22, -0.28, -0.32, -0.36, -0.4, -0.44, -0.48)


def labelled(bare: Scene) -> Scene:
    """Return the scene with the places of its labels."""
    widths = label_widths(bare.network)
    return replace(bare, labels=_labels(bare), label_widths=widths)


def label_widths(network: Network) -> tuple[float, ...]:
    """Return how much room the number of each weight and bias takes."""
    return tuple(_text_width(network, ref) for ref in network.refs())


def _labels(scene: Scene) -> dict[ParameterRef, QRectF]:
    """Place bias pills under their cards, then weight labels where they touch nothing."""
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
        if not ref.is_bias and (rect := _label(scene, ref, taken)) is not None:
            placed[ref] = rect
            taken.append(rect.adjusted(-2, -2, 2, 20 if alone else 2))
    return placed


def _label(scene: Scene, ref: ParameterRef, taken: list[QRectF]) -> QRectF | None:
    """Slide the label along its line until it touches nothing; None when that fails."""
    start, end = scene.line(ref)
    alone = scene.comparison is not None
    straight = alone or abs(start.y() - end.y()) < 60
    best = STRAIGHT if straight else CROSSING
    for slide in SLIDES if scene.dense else FINE_SLIDES:
        rect = label_at(scene, ref, best + slide)
        if not any(rect.intersects(other) for other in taken):
            return rect
    return None


def label_at(scene: Scene, ref: ParameterRef, share: float) -> QRectF:
    """Return the place of a weight's label with its middle at that share of the line."""
    start, end = scene.line(ref)
    size = QSizeF(_text_width(scene.network, ref) + 20, LABEL_HEIGHT)
    if scene.comparison is not None:
        size = NAMED_LABEL
    elif scene.dense:
        size = QSizeF(_text_width(scene.network, ref) + 8, TILE_LABEL_HEIGHT)
    rect = QRectF(QPointF(), size)
    rect.moveCenter(start + (end - start) * share)
    return rect


def _text_width(network: Network, ref: ParameterRef) -> float:
    """Two widths only, so that labels do not twitch while numbers change."""
    value = float(network.parameters[network.index_of(ref)])
    return 34.0 if len(on_paper(value)) <= 4 else 62.0
