"""The handles, seen when pointed at: ports that connections are drawn from, buttons at a layer."""

from PySide6.QtCore import QPointF, QRectF, QSizeF, Qt
from PySide6.QtGui import QColor, QPainter, QPen

from nnsim.engine.references import Neuron
from nnsim.tracing.names import layer_name
from nnsim.views.diagram.scene import Scene
from nnsim.views.diagram.strokes import text
from nnsim.views.diagram.targets import Target
from nnsim.views.parts.theme import theme
from nnsim.views.parts.type import font, semibold

PORT = 9.0
"""The radius within which a port is pointed at."""
BUTTON = QSizeF(28, 24)
LAYER_NAME, APART = 84.0, 4.0
SHORTEST = 128.0
"""The name and both buttons where room is scarce."""
AROUND = 20.0
"""The buttons of a layer are seen from so far beside its neurons."""


def handle_at(scene: Scene, point: QPointF) -> Target | None:
    """Return the port or the button that lies at a point of the scene."""
    layer = layer_at(scene, point)
    if layer is None:
        return None
    for target, rect in layer_handles(scene, layer).items():
        if rect.contains(point):
            return target
    if _has_ports(scene, layer):
        for index in range(scene.network.sizes[layer]):
            if port(scene, (layer, index)).contains(point):
                return Target("port", index, layer)
    return None


def layer_at(scene: Scene, point: QPointF) -> int | None:
    """Return the layer in whose column a point lies; the nearest one where columns overlap."""
    found, nearest = None, float("inf")
    for layer in range(len(scene.network.sizes)):
        column = _column(scene, layer)
        away = abs(column.center().x() - point.x())
        if column.contains(point) and away < nearest:
            found, nearest = layer, away
    return found


def _has_ports(scene: Scene, layer: int) -> bool:
    """Whether connections are drawn from its neurons: not from outputs, nor from tiny cells."""
    return layer < len(scene.network.layers) and layer not in scene.strips


def port(scene: Scene, neuron: Neuron) -> QRectF:
    """Return the place of a neuron's port, at its right edge."""
    node = scene.nodes[neuron]
    radius = min(PORT, max(3.0, node.height() / 2))
    return _around(QPointF(node.right(), node.center().y()), QSizeF(2 * radius, 2 * radius))


def name_at(scene: Scene, point: QPointF) -> Neuron | None:
    """Return the neuron whose name lies at a point of the scene; None among tiles."""
    if scene.dense:
        return None
    for neuron, node in scene.nodes.items():
        if _name_place(scene, node, is_input=neuron[0] == 0).contains(point):
            return neuron
    return None


def layer_handles(scene: Scene, layer: int) -> dict[Target, QRectF]:
    """Return the places of a layer's name and its two buttons, under its lowest neuron."""
    row = _row_of_handles(scene, layer)
    name = row.adjusted(BUTTON.width() + APART, 0, -BUTTON.width() - APART, 0)
    return {
        Target("remove_neuron", 0, layer): QRectF(row.topLeft(), BUTTON),
        Target("layer", 0, layer): name,
        Target("add_neuron", 0, layer): QRectF(name.topRight() + QPointF(APART, 0), BUTTON),
    }


def _row_of_handles(scene: Scene, layer: int) -> QRectF:
    """Where they stand: below all that hangs from the neuron, else beside it, and shorter."""
    lowest = max(range(scene.network.sizes[layer]), key=lambda i: scene.nodes[layer, i].bottom())
    node = scene.nodes[layer, lowest]
    pills = [rect for ref, rect in scene.labels.items() if ref.is_bias and ref.layer == layer]
    lone = 34.0 if scene.comparison is not None else 26.0 if layer == 0 else 0.0
    top = max([node.bottom() + lone, *(pill.bottom() for pill in pills)]) + 10
    last = scene.size.height() - BUTTON.height() - 4
    size = QSizeF(LAYER_NAME + 2 * (BUTTON.width() + APART), BUTTON.height())
    row = _around(QPointF(node.center().x(), min(top, last) + BUTTON.height() / 2), size)
    right_of = max((pill.right() + APART for pill in pills if pill.intersects(row)), default=None)
    if right_of is not None:
        row.setLeft(right_of)
        row.setRight(min(scene.size.width(), max(node.right(), right_of + SHORTEST)))
    return row


def draw_handles(painter: QPainter, scene: Scene, pointed: QPointF, hovered: Target | None) -> None:
    """Draw what can be grasped around the point that is pointed at, in scene coordinates."""
    layer = layer_at(scene, pointed)
    if layer is None:
        return
    for target, rect in layer_handles(scene, layer).items():
        _draw_button(painter, scene, target, rect, target == hovered)
    if _has_ports(scene, layer):
        for index in range(scene.network.sizes[layer]):
            near = scene.nodes[layer, index].adjusted(-PORT, -PORT, 2 * PORT, PORT)
            if near.contains(pointed):
                is_hovered = hovered == Target("port", index, layer)
                draw_port(painter, port(scene, (layer, index)), is_hovered)


def draw_port(painter: QPainter, rect: QRectF, filled: bool) -> None:
    """Draw a port: a small ring, filled where the pointer is on it."""
    t = theme()
    painter.setPen(QPen(QColor(t.ink), 1.6))
    painter.setBrush(QColor(t.ink if filled else t.card))
    painter.drawEllipse(rect.center(), rect.width() / 3, rect.height() / 3)
    painter.setBrush(Qt.BrushStyle.NoBrush)


def _draw_button(
    painter: QPainter, scene: Scene, target: Target, rect: QRectF, is_hovered: bool
) -> None:
    t = theme()
    painter.setPen(QPen(QColor(t.ink if is_hovered else t.border), 1))
    painter.setBrush(QColor(t.card))
    painter.drawRoundedRect(rect, 6, 6)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    if target.kind == "layer":
        words = layer_name(scene.network, target.layer)
        text(painter, rect.adjusted(4, 0, -4, 0), words, font(12), t.muted)
    else:
        sign = "+" if target.kind == "add_neuron" else "−"
        text(painter, rect, sign, semibold(15), t.ink)


def _name_place(scene: Scene, node: QRectF, is_input: bool) -> QRectF:
    """Where a name stands: in an input's card, else above it, left of the error."""
    top = node.top() + 8 if is_input else node.top() - 24
    is_whole = is_input or scene.comparison is not None
    return QRectF(node.left(), top, node.width() / (1 if is_whole else 2), 18)


def _column(scene: Scene, layer: int) -> QRectF:
    """All that a layer takes up, with its buttons."""
    column = QRectF()
    for index in range(scene.network.sizes[layer]):
        column |= scene.nodes[layer, index]
    for rect in layer_handles(scene, layer).values():
        column |= rect
    return column.adjusted(-AROUND, -AROUND, AROUND, 4)


def _around(middle: QPointF, size: QSizeF) -> QRectF:
    rect = QRectF(QPointF(), size)
    rect.moveCenter(middle)
    return rect
