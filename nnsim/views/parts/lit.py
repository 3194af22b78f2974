"""What lights up when a number is pointed at: itself, what it came from, and where it goes."""

from collections.abc import Iterable
from dataclasses import dataclass

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPen

from nnsim.model.frame import Frame
from nnsim.tracing.derivation import Derivation
from nnsim.tracing.expression import sources
from nnsim.tracing.pass_plan import has_quantity
from nnsim.tracing.paths import ErrorPath
from nnsim.tracing.quantity import Kind, Quantity
from nnsim.tracing.uses import same_number, sources_of, uses_of
from nnsim.views.parts.theme import theme

GROUND = 22
"""How opaque the ground of what is pointed at is, of 255: its number stays legible."""


@dataclass(frozen=True)
class Lit:
    """The quantity pointed at, its sources and its uses; nothing when none is."""

    here: frozenset[Quantity] = frozenset()
    """The quantity, under each of its names."""
    sources: frozenset[Quantity] = frozenset()
    uses: frozenset[Quantity] = frozenset()

    def has(self, quantity: Quantity) -> bool:
        """Whether a number lights up."""
        return quantity in self.here or quantity in self.sources or quantity in self.uses

    def __bool__(self) -> bool:
        return bool(self.here)


def lit_of(frame: Frame | None, quantity: Quantity | None) -> Lit:
    """Return what lights up in a moment when a quantity is pointed at: nothing when it is gone."""
    if frame is None or frame.trace is None or quantity is None:
        return Lit()
    if not has_quantity(frame.trace, quantity):
        return Lit()
    derivation = Derivation(frame.trace.whole)

    def under_all_names(quantities: Iterable[Quantity]) -> frozenset[Quantity]:
        return frozenset(same for q in quantities for same in same_number(derivation, q))

    here = under_all_names([quantity])
    from_there = under_all_names(q for same in here for q in sources_of(derivation, same)) - here
    uses = under_all_names(q for same in here for q in uses_of(derivation, same)) - here
    return Lit(here, from_there, uses)


def lit_path(path: ErrorPath) -> Lit:
    """Return what lights up when a path of the error is pointed at: its product, and its way."""
    way = frozenset(Quantity(Kind.output, neuron) for neuron in path.neurons)
    return Lit(frozenset(sources(path.product)), way)


def draw_lit(painter: QPainter, spots: Iterable[tuple[QRectF, Quantity]], lit: Lit) -> None:
    """Mark places: what is pointed at on a shade with a line around it, its sources with a dotted
    line, its uses with a dashed one."""
    if not lit:
        return
    t = theme()
    for rect, quantity in spots:
        if quantity in lit.here:
            style, ground = Qt.PenStyle.SolidLine, QColor(t.ink)
            ground.setAlpha(GROUND)
        elif quantity in lit.sources:
            style, ground = Qt.PenStyle.DotLine, QColor(Qt.GlobalColor.transparent)
        elif quantity in lit.uses:
            style, ground = Qt.PenStyle.DashLine, QColor(Qt.GlobalColor.transparent)
        else:
            continue
        painter.setPen(QPen(QColor(t.ink), 1.4, style))
        painter.setBrush(ground)
        painter.drawRoundedRect(rect.adjusted(-3, -1, 3, 1), 5, 5)
    painter.setBrush(Qt.BrushStyle.NoBrush)


class PointedNumber:
    """Remembers which number a view last said is pointed at, so that it says so once."""

    def __init__(self) -> None:
        self._quantity: Quantity | None = None

    def changes_to(self, quantity: Quantity | None) -> bool:
        """Take in what is pointed at now; return whether it is something else than before."""
        changed, self._quantity = quantity != self._quantity, quantity
        return changed
