"""What every layout does: columns with equal gaps, and neurons where a person put them."""

from PySide6.QtCore import QPointF, QRectF

from nnsim.engine.references import Neuron
from nnsim.views.diagram.scene import Places


def put(nodes: dict[Neuron, QRectF], places: Places) -> None:
    """Put the middle of neurons where a person wants it."""
    for neuron, (x, y) in places.items():
        nodes[neuron].moveCenter(QPointF(x, y))


def columns(widths: list[float], room: float) -> list[float]:
    """Return the left edge of each column, with equal gaps between them."""
    gap = (room - sum(widths)) / max(1, len(widths) - 1)
    lefts, left = [], 0.0
    for width in widths:
        lefts.append(left)
        left += width + gap
    return lefts
