"""Changing a weight in steps, live: by dragging its number up and down, and by arrow keys."""

import math
from collections.abc import Callable

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QPainter

from nnsim.engine.network import ParameterRef
from nnsim.model.frame import Frame
from nnsim.tracing.weight_curve import WeightCurve, weight_curve, weight_point
from nnsim.views.diagram.canvas import Canvas
from nnsim.views.diagram.gestures.gesture import Gesture, Pointer
from nnsim.views.diagram.targets import Target
from nnsim.views.diagram.weight_curve_card import card_place, draw_weight_curve
from nnsim.views.diagram.wishes import DiagramWishes

STEP = 0.01
"""One step of a weight below 10 in size; ten times as much for each further digit."""
LARGER, FINER = 10.0, 0.1
"""With Shift, with Alt."""
PIXELS = 2.0
"""The pointer moves so far for one step."""
DIGITS = 12
"""Steps end at so many digits: 0.3 and a step of 0.01 are 0.31."""

Edit = Callable[[ParameterRef, float], None]


class NumberSteps:
    """One weight or bias on its way through steps: one undo, which can be taken back."""

    def __init__(
        self, canvas: Canvas, wishes: DiagramWishes, edit: Edit, ref: ParameterRef
    ) -> None:
        frame = canvas.frame
        assert frame is not None
        self.ref = ref
        self._canvas, self._wishes, self._edit = canvas, wishes, edit
        self._start = self.value = _value(frame, ref)
        self._step = step_of(self._start)
        self._steps = 0.0
        self._curve: WeightCurve | None = None
        self._place: QRectF | None = None
        wishes.gesture_begun.emit()

    def step(self, steps: float) -> None:
        """Go on by steps, up or down."""
        self._steps = round(self._steps + steps, 6)
        value = stepped(self._start, self._steps, self._step)
        if math.isfinite(value):
            self.value = value
            self._edit(self.ref, value)

    def end(self) -> None:
        """Keep what it has come to."""
        self._wishes.gesture_ended.emit()
        self._canvas.changed.emit()

    def cancel(self) -> None:
        """Give the first number back."""
        self._wishes.gesture_cancelled.emit()

    def is_of(self, frame: Frame) -> bool:
        """Whether a frame shows the number that this has come to, and no other one."""
        return frame.document.network.has(self.ref) and _value(frame, self.ref) == self.value

    def paint(self, painter: QPainter) -> None:
        """Draw the error against the weight, beside its number."""
        frame = self._canvas.frame
        if frame is None or frame.trace is None or not frame.document.network.has(self.ref):
            return
        point = weight_point(frame.trace, self.ref)
        if self._curve is None or not self._curve.reaches(self.value):
            self._curve = weight_curve(frame.trace, self.ref)  # all else is as it was
        if self._curve is not None and point is not None:
            draw_weight_curve(painter, self._card(), self._curve, point)

    def _card(self) -> QRectF:
        """The place of the curve, which stays while the number changes."""
        room = self._canvas.room
        if self._place is None or not room.contains(self._place):
            scene = self._canvas.scene
            assert scene is not None
            shown = [*scene.nodes.values(), *scene.labels.values()]
            others = [self._canvas.to_screen(rect) for rect in shown]
            number = self._canvas.place_of(Target("parameter", ref=self.ref))
            self._place = card_place(number, room, others)
        return self._place


class NumberDrag(Gesture):
    """Up makes the number larger; Shift in larger steps, Alt in finer ones."""

    cursor = Qt.CursorShape.SizeVerCursor

    def __init__(self, begin: Callable[[], NumberSteps], where: QPointF) -> None:
        self._begin = begin
        self._steps: NumberSteps | None = None
        self._y = where.y()

    def move(self, pointer: Pointer) -> None:
        """Change the number by as many whole steps as the pointer has moved."""
        if self._steps is None:
            self._steps = self._begin()
        count = math.trunc((self._y - pointer.where.y()) / PIXELS)
        if count:
            self._y -= count * PIXELS
            self._steps.step(count * step_factor(pointer))

    def release(self, pointer: Pointer) -> None:
        """Keep the number."""
        if self._steps is not None:
            self._steps.end()

    def cancel(self) -> None:
        """Give the first number back."""
        if self._steps is not None:
            self._steps.cancel()

    def paint(self, painter: QPainter) -> None:
        """Draw the error against the weight."""
        if self._steps is not None:
            self._steps.paint(painter)


def step_factor(pointer: Pointer) -> float:
    """Return how many steps one is, with the keys that are held."""
    if pointer.holds(Qt.KeyboardModifier.ShiftModifier):
        return LARGER
    return FINER if pointer.holds(Qt.KeyboardModifier.AltModifier) else 1.0


def step_of(value: float) -> float:
    """Return the size of one step for a weight: 0.01 below 10, 0.1 below 100, and so on."""
    if abs(value) < 10:
        return STEP
    return float(STEP * 10.0 ** (math.floor(math.log10(abs(value)))))


def stepped(start: float, steps: float, step: float) -> float:
    """Return a number some steps on, with the digits of a decimal; itself after none."""
    return float(f"{start + steps * step:.{DIGITS}g}") if steps else start


def _value(frame: Frame, ref: ParameterRef) -> float:
    network = frame.document.network
    return float(network.parameters[network.index_of(ref)])
