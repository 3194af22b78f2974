"""The diagram by keys: what has the focus, walking, steps of a number, choosing and moving."""

from PySide6.QtCore import QObject, QPointF, Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent, QPainter

from nnsim.model.frame import Frame
from nnsim.views.diagram.canvas import Canvas
from nnsim.views.diagram.editing import Editing
from nnsim.views.diagram.gestures.gesture import Pointer
from nnsim.views.diagram.gestures.moving import middles, moved_by
from nnsim.views.diagram.gestures.number_steps import Edit, NumberSteps, step_factor
from nnsim.views.diagram.pointing import is_there
from nnsim.views.diagram.targets import Target, neuron_of, part_of, target_of
from nnsim.views.diagram.walking import WALKED, Walk
from nnsim.views.diagram.wishes import DiagramWishes

Key, Held = Qt.Key, Qt.KeyboardModifier
HELD = frozenset((Key.Key_Shift, Key.Key_Control, Key.Key_Alt, Key.Key_AltGr, Key.Key_Meta))
"""Keys that are held with others: they end nothing by themselves."""
UP_DOWN = {Key.Key_Up: 1, Key.Key_Down: -1}
SIDES = {
    Key.Key_Left: QPointF(-1, 0),
    Key.Key_Right: QPointF(1, 0),
    Key.Key_Up: QPointF(0, -1),
    Key.Key_Down: QPointF(0, 1),
}
NUDGE, FINE_NUDGE = 8.0, 1.0
"""Alt and an arrow key move neurons so far; with Shift."""
STEPS_END = 1500
"""Arrow keys on a number are one undo until they rest for so many milliseconds."""


class Keyboard(QObject):
    """Holds the focus, and the steps of a number that keys have begun."""

    focus_moved = Signal(object)
    """To a Target, or None."""

    def __init__(self, canvas: Canvas, wishes: DiagramWishes, editing: Editing, edit: Edit) -> None:
        super().__init__(canvas)
        self._canvas, self._wishes, self._editing, self._edit = canvas, wishes, editing, edit
        self.focused: Target | None = None
        self._walk = Walk()
        self._steps: NumberSteps | None = None
        self._rest = QTimer(self)
        self._rest.setSingleShot(True)
        self._rest.setInterval(STEPS_END)
        self._rest.timeout.connect(self.end_steps)

    def show_frame(self, frame: Frame) -> None:
        """Take in a moment: the focus stays on what is still there, or goes near it."""
        if self._steps is not None and not self._steps.is_of(frame):
            self.end_steps()
        network = frame.document.network
        if self.focused is not None and not is_there(network, self.focused):
            neuron = neuron_of(self.focused)
            near = None
            if neuron is not None and neuron[0] < len(network.sizes):
                near = target_of((neuron[0], network.sizes[neuron[0]] - 1))
            self.focus(near)

    def focus(self, target: Target | None) -> None:
        """Give something the focus."""
        if target != self.focused:
            self.end_steps()
            self.focused = target
        self.focus_moved.emit(target)

    # ------------------------------------------------------------ keys

    def press(self, event: QKeyEvent) -> bool:
        """Do what a key does; return False when it does nothing here."""
        key, held = Qt.Key(event.key()), event.modifiers() & ~Held.KeypadModifier
        pointer = Pointer(QPointF(), held)
        if key in HELD:
            return False
        if key in UP_DOWN and self._changes_number(pointer):
            self._step(UP_DOWN[key] * step_factor(pointer))
            return True
        self.end_steps()
        if key in SIDES and pointer.holds(Held.AltModifier) and neuron_of(self.focused):
            self._nudge(SIDES[key] * (FINE_NUDGE if pointer.holds(Held.ShiftModifier) else NUDGE))
        elif key in WALKED:
            self._go(key, pointer)
        elif key == Key.Key_Space and held == Held.ControlModifier:
            self._toggle()
        elif key in (Key.Key_Return, Key.Key_Enter) and self.focused:
            self._editing.open(self.focused)
        else:
            return False
        return True

    def escape(self) -> bool:
        """Take steps of a number back; return False when there are none."""
        steps, self._steps = self._steps, None
        if steps is None:
            return False
        self._rest.stop()
        steps.cancel()
        return True

    def tab(self, forward: bool) -> Target | None:
        """Walk to the next number, or the one before; return it, None past the ends."""
        targets = self._canvas.scene.targets() if self._canvas.scene else []
        at = targets.index(self.focused) if self.focused in targets else None
        if at is None:
            at = -1 if forward else len(targets)
        to = at + (1 if forward else -1)
        if not 0 <= to < len(targets):
            return None
        self._reach(targets[to])
        return targets[to]

    def enter(self, forward: bool) -> None:
        """Give the focus to the first number, or the last."""
        targets = self._canvas.scene.targets() if self._canvas.scene else []
        if targets:
            self.focus(targets[0 if forward else -1])

    # ------------------------------------------------------------ walking and choosing

    def _go(self, key: Qt.Key, pointer: Pointer) -> None:
        """Walk and choose; with Shift what is reached joins what is chosen, Ctrl only walks."""
        scene = self._canvas.scene
        target = self._walk.next(scene, self.focused, key) if scene else None
        if target is None:
            return
        if pointer.holds(Held.ShiftModifier):
            between = self._passed(target)
            self._wishes.parts_chosen.emit(self._canvas.chosen() | between)
        elif not pointer.holds(Held.ControlModifier):
            part = part_of(target)
            self._wishes.parts_chosen.emit(frozenset([part] if part else []))
        self._reach(target)

    def _passed(self, target: Target) -> frozenset[object]:
        """The neurons or the weight from the focus to a target, both of them included."""
        here, there = part_of(self.focused), part_of(target)
        parts = {part for part in (here, there) if part is not None}
        if isinstance(here, tuple) and isinstance(there, tuple) and here[0] == there[0]:
            first, last = sorted((here[1], there[1]))
            parts |= {(here[0], index) for index in range(first, last + 1)}
        return frozenset(parts)

    def _reach(self, target: Target) -> None:
        self.focus(target)
        self._canvas.reveal(target)

    def _toggle(self) -> None:
        """Choose what has the focus, beside what is chosen; or no longer."""
        if (part := part_of(self.focused)) is not None:
            self._wishes.parts_chosen.emit(self._canvas.chosen() ^ {part})

    def _nudge(self, by: QPointF) -> None:
        scene, neuron = self._canvas.scene, neuron_of(self.focused)
        if scene is None or neuron is None:
            return
        chosen = [part for part in self._canvas.chosen() if isinstance(part, tuple)]
        moved = chosen if neuron in chosen else [neuron]
        self._wishes.neurons_placed.emit(moved_by(middles(scene, moved), by))

    # ------------------------------------------------------------ steps of a number

    def _changes_number(self, pointer: Pointer) -> bool:
        """Whether Up and Down change the weight that has the focus; with Ctrl they walk."""
        is_weight = self.focused is not None and self.focused.ref is not None
        return is_weight and not pointer.holds(Held.ControlModifier)

    def begin_steps(self, target: Target) -> NumberSteps:
        """Return new steps of a weight's number, ending those of keys."""
        self.end_steps()
        assert target.ref is not None
        return NumberSteps(self._canvas, self._wishes, self._edit, target.ref)

    def _step(self, steps: float) -> None:
        assert self.focused is not None
        if self._steps is None:
            self._steps = self.begin_steps(self.focused)
        self._rest.start()
        self._steps.step(steps)

    def end_steps(self) -> None:
        """Keep what the steps of a number came to: what follows is another undo."""
        steps, self._steps = self._steps, None
        self._rest.stop()
        if steps is not None:
            steps.end()

    def paint(self, painter: QPainter) -> None:
        """Draw the error against a number that keys are changing."""
        if self._steps is not None:
            self._steps.paint(painter)
