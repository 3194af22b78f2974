"""The buttons at a layer: one more neuron, one fewer, or all of them chosen."""

from PySide6.QtCore import Qt

from nnsim.views.diagram.canvas import Canvas
from nnsim.views.diagram.gestures.gesture import Gesture, Pointer
from nnsim.views.diagram.targets import Target
from nnsim.views.diagram.wishes import DiagramWishes


class LayerButton(Gesture):
    """Pressed and let go: does what it says. Dragged away: nothing."""

    cursor = Qt.CursorShape.ForbiddenCursor

    def __init__(self, canvas: Canvas, wishes: DiagramWishes, target: Target) -> None:
        self._canvas, self._wishes, self._target = canvas, wishes, target

    def release(self, pointer: Pointer) -> None:
        """A small slip of the pointer is a click too."""
        if self._canvas.place_of(self._target).contains(pointer.where):
            self.click(pointer)

    def click(self, pointer: Pointer) -> None:
        """Do what the button says."""
        frame, layer = self._canvas.frame, self._target.layer
        if frame is None or layer >= len(frame.document.network.sizes):
            return
        last = frame.document.network.sizes[layer] - 1
        if self._target.kind == "add_neuron":
            self._wishes.neurons_added.emit(layer, 1)
        elif self._target.kind == "remove_neuron":
            self._wishes.parts_deleted.emit(frozenset([(layer, last)]))
        else:
            every = frozenset((layer, index) for index in range(last + 1))
            chosen = self._canvas.chosen() if pointer.adds else frozenset()
            self._wishes.parts_chosen.emit(chosen | every)
