"""The hand: which gesture a press begins, and what follows from move, release and Esc."""

from collections.abc import Callable

from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QInputDevice, QMouseEvent, QPainter

from nnsim.engine.network import ParameterRef
from nnsim.engine.references import Neuron
from nnsim.views.diagram.canvas import Canvas
from nnsim.views.diagram.gestures.connecting import Connecting
from nnsim.views.diagram.gestures.gesture import Gesture, Pointer
from nnsim.views.diagram.gestures.layer_buttons import LayerButton
from nnsim.views.diagram.gestures.moving import MovingNeurons
from nnsim.views.diagram.gestures.number_steps import NumberDrag, NumberSteps
from nnsim.views.diagram.gestures.panning import Panning
from nnsim.views.diagram.gestures.rubber_band import RubberBand
from nnsim.views.diagram.targets import Target, neuron_of, part_of
from nnsim.views.diagram.wishes import DiagramWishes

DRAG_STARTS = 4
"""A press that moves fewer pixels is a click."""

BeginSteps = Callable[[Target], NumberSteps]


class Hand:
    """Holds the gesture under way, if any."""

    def __init__(self, canvas: Canvas, wishes: DiagramWishes, begin_steps: BeginSteps) -> None:
        self._canvas, self._wishes, self._begin_steps = canvas, wishes, begin_steps
        self._gesture: Gesture | None = None
        self._pressed = QPointF()
        self._moves = False

    @property
    def is_busy(self) -> bool:
        """Whether a gesture is under way."""
        return self._gesture is not None

    def press(self, event: QMouseEvent, target: Target | None) -> None:
        """Begin what a press on a target begins; another button ends the one under way."""
        self.cancel()
        pointer = pointer_of(event)
        self._pressed, self._moves = pointer.where, False
        if event.button() == Qt.MouseButton.MiddleButton:
            self._gesture = Panning(self._canvas, pointer.where)
        elif event.button() == Qt.MouseButton.LeftButton:
            self._choose(target, pointer)
            by_touch = event.device().type() == QInputDevice.DeviceType.TouchScreen
            self._gesture = self._of(target, pointer.where, by_touch)

    def move(self, event: QMouseEvent) -> bool:
        """Follow the pointer; return False when no gesture is under way.

        When no button is held any more, another window has had the release: it is taken back.
        """
        if event.buttons() == Qt.MouseButton.NoButton:
            self.cancel()
        if self._gesture is None:
            return False
        pointer = pointer_of(event)
        away = (pointer.where - self._pressed).manhattanLength()
        self._moves = self._moves or away >= DRAG_STARTS
        if self._moves:
            self._gesture.move(pointer)
        return True

    def release(self, event: QMouseEvent) -> None:
        """End the gesture."""
        gesture, self._gesture = self._gesture, None
        if gesture is None:
            return
        end = gesture.release if self._moves else gesture.click
        end(pointer_of(event))
        self._canvas.changed.emit()

    def cancel(self) -> bool:
        """Take the gesture back; return False when none is under way."""
        gesture, self._gesture = self._gesture, None
        if gesture is None:
            return False
        gesture.cancel()
        self._canvas.changed.emit()
        return True

    def pan_instead(self, where: QPointF) -> bool:
        """Make the gesture one that moves the diagram: Space was pressed; False without one."""
        if self._gesture is None or isinstance(self._gesture, Panning):
            return self._gesture is not None
        self._gesture.cancel()
        self._gesture = Panning(self._canvas, where)
        return True

    @property
    def cursor(self) -> Qt.CursorShape | None:
        """How the pointer looks while something is dragged; None otherwise."""
        return self._gesture.cursor if self._gesture is not None and self._moves else None

    def paint(self, painter: QPainter) -> None:
        """Draw what belongs to the gesture under way."""
        if self._gesture is not None and self._moves:
            self._gesture.paint(painter)

    def _of(self, target: Target | None, where: QPointF, by_touch: bool) -> Gesture:
        """The gesture that a press with the left button begins."""
        neuron = neuron_of(target)
        if target is not None and target.kind in ("layer", "add_neuron", "remove_neuron"):
            return LayerButton(self._canvas, self._wishes, target)
        if target is not None and target.kind == "port" and neuron is not None:
            return Connecting(self._canvas, self._wishes, neuron, where)
        if neuron is not None and not self._is_in_strip(neuron):
            return MovingNeurons(self._canvas, self._wishes, neuron, where)
        if target is not None and self._is_number(target, where):
            return NumberDrag(lambda: self._begin_steps(target), where)
        if by_touch:
            return Panning(self._canvas, where)
        return RubberBand(self._canvas, self._wishes, where, part_of(target))

    def _is_in_strip(self, neuron: Neuron) -> bool:
        scene = self._canvas.scene
        return scene is not None and neuron[0] in scene.strips

    def _is_number(self, target: Target, where: QPointF) -> bool:
        """Whether a weight is grasped at its number, not at its line."""
        return target.ref is not None and self._canvas.place_of(target).contains(where)

    def _choose(self, target: Target | None, pointer: Pointer) -> None:
        """Choose what is pressed; with Ctrl or Shift it joins what is chosen, or leaves it."""
        part = part_of(target)
        if part is None or (target is not None and target.kind == "port"):
            return
        chosen = self._canvas.chosen()
        if pointer.adds:
            self._wishes.parts_chosen.emit(chosen ^ {part})
        elif part not in chosen or isinstance(part, ParameterRef):
            self._wishes.parts_chosen.emit(frozenset([part]))


def pointer_of(event: QMouseEvent) -> Pointer:
    """Return where a mouse event is, and the keys that are held."""
    return Pointer(event.position(), event.modifiers())
