"""The diagram for screen readers: its neurons, weights and biases as children with names.

Qt keeps plain pointers to what it was once given, so nothing that was asked for is ever thrown
away: a child is a place among the parts, and looks anew each time what stands there.
"""

from PySide6.QtCore import QObject, QPoint, QPointF, QRect
from PySide6.QtGui import QAccessible, QAccessibleEvent, QAccessibleInterface, QWindow
from PySide6.QtWidgets import QAccessibleWidget

from nnsim.data.typed_numbers import parse_number
from nnsim.errors import BadNumber
from nnsim.model.frame import Frame, Part
from nnsim.views.diagram.spoken import spoken, spoken_name, spoken_value
from nnsim.views.diagram.targets import Target, part_of, target_of
from nnsim.views.diagram.view import DiagramView

_kept: list[QAccessibleInterface] = []


def make_accessible() -> None:
    """Let Qt ask here for the parts of every diagram; more than once does no harm."""
    QAccessible.installFactory(_interface_of)


def _interface_of(_class_name: str, shown: QObject) -> QAccessibleInterface | None:
    if not isinstance(shown, DiagramView):
        return None
    made = AccessibleDiagram(shown)
    _kept.append(made)
    return made


class AccessibleDiagram(QAccessibleWidget):
    """The diagram: inputs and neurons first, then weights and biases."""

    def __init__(self, view: DiagramView) -> None:
        super().__init__(view, QAccessible.Role.Graphic, view.accessibleName())
        self.view = view
        self._children: dict[int, AccessiblePart] = {}
        view.focus_reached.connect(self._say_focus)

    @property
    def frame(self) -> Frame | None:
        """What is shown."""
        return self.view.canvas.frame

    def childCount(self) -> int:
        if self.frame is None:
            return 0
        network = self.frame.document.network
        return network.structure.starts[-1] + network.parameter_count

    def child(self, index: int) -> QAccessibleInterface | None:
        if not 0 <= index < self.childCount():
            return None
        if index not in self._children:
            self._children[index] = AccessiblePart(self, index)
            _kept.append(self._children[index])
        return self._children[index]

    def indexOfChild(self, child: QAccessibleInterface) -> int:
        return child.index if isinstance(child, AccessiblePart) else -1

    def childAt(self, x: int, y: int) -> QAccessibleInterface | None:
        where = self.view.mapFromGlobal(QPoint(x, y))
        part = part_of(self.view.canvas.target_at(QPointF(where)))
        return None if part is None else self.child(self.index_of(part))

    def focusChild(self) -> QAccessibleInterface | None:
        part = part_of(self.view.focused)
        return None if part is None else self.child(self.index_of(part))

    def index_of(self, part: Part) -> int:
        """Return the place of a neuron, weight or bias among the children."""
        assert self.frame is not None
        structure = self.frame.document.network.structure
        if isinstance(part, tuple):
            return structure.starts[part[0]] + part[1]
        return structure.starts[-1] + structure.row_of(part)

    def target_at(self, index: int) -> Target | None:
        """Return what the child in that place is now; None when it is no more."""
        if self.frame is None or index >= self.childCount():
            return None
        structure = self.frame.document.network.structure
        neurons = structure.starts[-1]
        if index < neurons:
            return target_of(structure.neuron_at(index))
        return target_of(structure.ref_at(index - neurons))

    def _say_focus(self, target: Target | None) -> None:
        part = part_of(target)
        if part is not None and QAccessible.isActive():
            event = QAccessibleEvent(self.view, QAccessible.Event.Focus)
            event.setChild(self.index_of(part))
            QAccessible.updateAccessibility(event)


class AccessiblePart(QAccessibleInterface):
    """A neuron, weight or bias, whichever stands in its place now."""

    def __init__(self, diagram: AccessibleDiagram, index: int) -> None:
        super().__init__()
        self.diagram, self.index = diagram, index

    @property
    def target(self) -> Target | None:
        """What it is now."""
        return self.diagram.target_at(self.index)

    def isValid(self) -> bool:
        return self.target is not None

    def object(self) -> None:
        return None

    def window(self) -> QWindow | None:
        return self.diagram.window()

    def parent(self) -> QAccessibleInterface:
        return self.diagram

    def child(self, index: int) -> None:
        return None

    def childAt(self, x: int, y: int) -> None:
        return None

    def childCount(self) -> int:
        return 0

    def indexOfChild(self, child: QAccessibleInterface) -> int:
        return -1

    def rect(self) -> QRect:
        target, view = self.target, self.diagram.view
        if target is None:
            return QRect()
        place = view.canvas.place_of(target).toRect()
        return QRect(view.mapToGlobal(place.topLeft()), place.size())

    def role(self) -> QAccessible.Role:
        target = self.target
        is_number = target is not None and (target.ref is not None or target.kind == "input")
        return QAccessible.Role.EditableText if is_number else QAccessible.Role.StaticText

    def state(self) -> QAccessible.State:
        state, target, frame = QAccessible.State(), self.target, self.diagram.frame
        if target is None or frame is None:
            state.invalid = True
            return state
        state.focusable = state.selectable = state.multiSelectable = True
        state.focused = self.diagram.view.focused == target and self.diagram.view.hasFocus()
        state.selected = part_of(target) in frame.chosen
        state.readOnly = self.role() == QAccessible.Role.StaticText
        return state

    def text(self, kind: QAccessible.Text) -> str:
        target, frame = self.target, self.diagram.frame
        if target is None or frame is None:
            return ""
        if kind == QAccessible.Text.Name:
            return spoken_name(frame.document.network, target)
        if kind == QAccessible.Text.Value:
            return spoken_value(frame, target)
        return spoken(frame, target) if kind == QAccessible.Text.Description else ""

    def setText(self, kind: QAccessible.Text, text: str) -> None:
        """Wish another number, as typing it does; what is no number is left alone."""
        target, view = self.target, self.diagram.view
        if kind != QAccessible.Text.Value or target is None:
            return
        try:
            value = parse_number(text)
        except BadNumber:
            return
        if target.ref is not None:
            view.parameter_edited.emit(target.ref, value)
        elif target.kind == "input":
            view.input_edited.emit(target.index, value)
