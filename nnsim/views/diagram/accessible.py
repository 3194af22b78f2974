"""The diagram for screen readers: its neurons, weights and biases as children with names.

Qt keeps plain pointers to what it was once given, so nothing that was asked for is ever thrown
away: a child is a place among the parts, and looks anew each time what stands there.
"""

from PySide6.QtCore import QCoreApplication, QObject, QPoint, QPointF, QRect
from PySide6.QtGui import (
    QAccessible,
    QAccessibleActionInterface,
    QAccessibleEvent,
    QAccessibleInterface,
    QAccessibleValueChangeEvent,
    QAccessibleValueInterface,
    QWindow,
)
from PySide6.QtWidgets import QAccessibleWidget
from shiboken6 import Shiboken

from nnsim.data.typed_numbers import parse_number
from nnsim.errors import BadNumber
from nnsim.model.frame import Frame, Part
from nnsim.views.diagram.pointing import value_of
from nnsim.views.diagram.spoken import spoken_name, spoken_value
from nnsim.views.diagram.targets import Target, part_of, target_of
from nnsim.views.diagram.view import DiagramView

EDIT = "Edit"
"""What is done to open a part's number or its activation; Qt has no word of its own for it."""

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
        self._heard: tuple[Part, str] | None = None
        """What the keyboard is at, and its numbers when they were told last."""
        view.focus_reached.connect(self._say_focus)
        view.frame_shown.connect(self._say_value)

    @property
    def frame(self) -> Frame | None:
        """What is shown; None when the window is closed."""
        return self.view.canvas.frame if Shiboken.isValid(self.view) else None

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
            self._heard = (part, self._value_of(part))

    def _say_value(self) -> None:
        """Tell another number of what the keyboard is at; in a run nobody could listen."""
        part = part_of(self.view.focused)
        if part is None or self.frame is None or self.frame.running or not QAccessible.isActive():
            return
        now = (part, self._value_of(part))
        if self._heard not in (None, now):
            event = QAccessibleValueChangeEvent(self.view, now[1])
            event.setChild(self.index_of(part))
            QAccessible.updateAccessibility(event)
        self._heard = now

    def _value_of(self, part: Part) -> str:
        return "" if self.frame is None else spoken_value(self.frame, target_of(part))


class AccessiblePart(QAccessibleInterface):
    """A neuron, weight or bias, whichever stands in its place now."""

    def __init__(self, diagram: AccessibleDiagram, index: int) -> None:
        super().__init__()
        self.diagram, self.index = diagram, index
        self._deeds, self._number = PartDeeds(self), PartNumber(self)

    @property
    def target(self) -> Target | None:
        """What it is now."""
        return self.diagram.target_at(self.index)

    def isValid(self) -> bool:
        return self.target is not None

    def object(self) -> None:
        return None

    def window(self) -> QWindow | None:
        return self.diagram.window() if Shiboken.isValid(self.diagram) else None

    def parent(self) -> QAccessibleInterface | None:
        return self.diagram if Shiboken.isValid(self.diagram) else None

    def interface_cast(self, kind: QAccessible.InterfaceType) -> Shiboken.VoidPtr:
        """Return where Qt finds its actions or its number; None would be a pointer into Python."""
        kinds = QAccessible.InterfaceType
        if kind == kinds.ActionInterface and self.isValid():
            return Shiboken.VoidPtr(Shiboken.getCppPointer(self._deeds)[0])
        if kind == kinds.ValueInterface and self.number is not None:
            return Shiboken.VoidPtr(Shiboken.getCppPointer(self._number)[0])
        return Shiboken.VoidPtr(0)

    @property
    def number(self) -> float | None:
        """The number that can be set: of an input, weight or bias."""
        target, frame = self.target, self.diagram.frame
        return None if target is None or frame is None else value_of(frame, target)

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
        return QAccessible.Role.SpinBox if is_number else QAccessible.Role.StaticText

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
        # Of the value some screen readers take the bare number only: the rest is said beside it.
        if kind in (QAccessible.Text.Value, QAccessible.Text.Description):
            return spoken_value(frame, target)
        return ""

    def setText(self, kind: QAccessible.Text, text: str) -> None:
        """Wish another number, as typing it does; what is no number is left alone."""
        if kind != QAccessible.Text.Value:
            return
        try:
            self.wish(parse_number(text))
        except BadNumber:
            return

    def wish(self, value: float) -> None:
        """Wish another number for an input, weight or bias; nothing for a neuron."""
        target, view = self.target, self.diagram.view
        if target is not None and target.ref is not None:
            view.parameter_edited.emit(target.ref, value)
        elif target is not None and target.kind == "input":
            view.input_edited.emit(target.index, value)


class PartDeeds(QAccessibleActionInterface):
    """What a screen reader can do with a part: choose it, bring the keyboard to it, edit it."""

    def __init__(self, part: AccessiblePart) -> None:
        super().__init__()
        self._part = part

    def actionNames(self) -> list[str]:
        return [self.pressAction(), self.setFocusAction(), EDIT]

    def localizedActionName(self, name: str) -> str:
        if name == EDIT:
            return QCoreApplication.translate("accessible", "Edit")
        return super().localizedActionName(name)

    def keyBindingsForAction(self, name: str) -> list[str]:
        return ["Return"] if name == EDIT else []

    def doAction(self, name: str) -> None:
        view, part = self._part.diagram.view, part_of(self._part.target)
        if part is None:
            return
        if name == EDIT:
            view.edit(part)
        elif name in self.actionNames():
            view.reach(part)
        if name == self.pressAction():
            view.wishes.parts_chosen.emit(frozenset([part]))


class PartNumber(QAccessibleValueInterface):
    """The number of an input, weight or bias, without limits."""

    def __init__(self, part: AccessiblePart) -> None:
        super().__init__()
        self._part = part

    def currentValue(self) -> float | None:
        return self._part.number

    def setCurrentValue(self, value: float) -> None:
        self._part.wish(float(value))

    def minimumValue(self) -> None:
        return None

    def maximumValue(self) -> None:
        return None

    def minimumStepSize(self) -> None:
        return None
