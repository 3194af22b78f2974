"""Pointing at the numbers of the diagram: what lights up, and which of them is opened."""

from collections.abc import Iterator

from PySide6.QtCore import QObject, QPointF, Qt, Signal
from PySide6.QtGui import QColor, QPainter, QPen, QPolygonF

from nnsim.tracing.quantity import Kind, Quantity
from nnsim.views.diagram.back_signals import badge_spots
from nnsim.views.diagram.canvas import Canvas
from nnsim.views.diagram.scene import Scene
from nnsim.views.diagram.spots import Spot, quantity_of, spot_at, spots
from nnsim.views.diagram.targets import Target
from nnsim.views.parts.lit import Lit, PointedNumber, draw_lit
from nnsim.views.parts.theme import theme

LINE_WIDTH, LINE_SHADE = 12.0, 46
"""Of the mark behind a connection that lights up; the shade of 255."""


class NumberPointing(QObject):
    """Says which number is pointed at and which is opened, and marks those that light up."""

    pointed = Signal(object)
    opened = Signal(object)
    changed = Signal()
    """Other numbers light up now."""

    def __init__(self, canvas: Canvas, parent: QObject) -> None:
        super().__init__(parent)
        self._canvas = canvas
        self._pointed = PointedNumber()
        self._pressed: Quantity | None = None
        self.lit = Lit()
        """What lights up."""

    def light(self, lit: Lit) -> None:
        """Let something else light up."""
        if lit != self.lit:
            self.lit = lit
            self.changed.emit()

    def paint(self, painter: QPainter, hovered: Target | None) -> None:
        """Mark what lights up, in scene coordinates; hovered: what the mouse is on."""
        scene = self._canvas.scene
        if self.lit and scene is not None:
            self._paint_lines(painter, scene)
            draw_lit(painter, self._computed(scene, hovered), self.lit)

    def _computed(self, scene: Scene, hovered: Target | None) -> Iterator[Spot]:
        """The places of what lights up, but of numbers that a step has not come to yet."""
        _, frame = self._canvas.shown()
        trace, under = frame.trace, None if hovered is None else hovered.ref
        for spot in (*spots(scene, frame.selected, under), *badge_spots(scene, frame)):
            if trace is None or not self.lit.has(spot[1]) or trace.knows(spot[1]):
                yield spot

    def _paint_lines(self, painter: QPainter, scene: Scene) -> None:
        """Mark the connections of what is pointed at, beside their numbers: a whole path is one."""
        ground = QColor(theme().ink)
        ground.setAlpha(LINE_SHADE)
        pen = QPen(ground, LINE_WIDTH)
        pen.setCapStyle(Qt.PenCapStyle.RoundCap)
        painter.setPen(pen)
        for quantity in self.lit.here:
            ref = quantity.ref
            is_line = quantity.kind is Kind.parameter and ref is not None and not ref.is_bias
            if is_line and ref is not None and scene.network.has(ref):
                painter.drawPolyline(QPolygonF(scene.route(ref)))

    def move(self, where: QPointF) -> None:
        """Take in where the mouse is now."""
        self._point_at(self._number_at(where))

    def focus(self, target: Target | None) -> None:
        """Take in which part of the diagram the keys are at."""
        quantity = None
        if target is not None and self._canvas.scene is not None:
            quantity = quantity_of(self._canvas.scene, target)
            if target.ref is not None:
                quantity = Quantity(Kind.parameter, ref=target.ref)
        self._point_at(quantity)

    def leave(self) -> None:
        """Take in that the mouse is elsewhere."""
        self._point_at(None)

    def press(self, where: QPointF) -> None:
        """Take in where the mouse was pressed: what that chooses may take the number away."""
        self._pressed = self._number_at(where)

    def click(self) -> None:
        """Open the number that was pressed.

        Of a weight the factors are shown already, and a tile is clicked to be chosen: these are
        opened only while something is explained anyway.
        """
        quantity = self._pressed
        if quantity is None:
            return
        scene, frame = self._canvas.shown()
        is_tile = scene.dense and quantity.kind in (Kind.input, Kind.output)
        if not (is_tile or quantity.kind is Kind.parameter) or frame.looked_at is not None:
            self.opened.emit(quantity)

    def open(self, target: Target | None) -> None:
        """Open the number that a part of the diagram stands for."""
        if target is not None and self._canvas.scene is not None:
            self.opened.emit(quantity_of(self._canvas.scene, target))

    def _number_at(self, where: QPointF) -> Quantity | None:
        if self._canvas.scene is None:
            return None
        (scene, frame), point = self._canvas.shown(), self._canvas.to_scene(where)
        on_badges = (q for rect, q in badge_spots(scene, frame) if rect.contains(point))
        return next(on_badges, None) or spot_at(scene, frame.selected, point)

    def _point_at(self, quantity: Quantity | None) -> None:
        if self._pointed.changes_to(quantity):
            self.pointed.emit(quantity)
