"""Editing in place: a number in a field over it, an activation in a menu below its curve."""

from PySide6.QtCore import QObject, QPoint, QPointF, QRectF, QSizeF, Qt, Signal
from PySide6.QtWidgets import QWidget

from nnsim.model.frame import Frame
from nnsim.views.diagram.activation_menu import ActivationMenu
from nnsim.views.diagram.canvas import Canvas
from nnsim.views.diagram.pointing import value_of
from nnsim.views.diagram.spoken import spoken
from nnsim.views.diagram.targets import Target
from nnsim.views.parts.number_field import NumberField

NARROWEST, WIDEST, HEIGHT = 112.0, 180.0, 28.0


class Editing(QObject):
    """The one editor of a diagram; it stays as it is while its number still exists."""

    parameter_edited = Signal(object, float)
    input_edited = Signal(int, float)
    expected_edited = Signal(int, float)
    activation_edited = Signal(int, object, str)
    started = Signal()

    def __init__(self, canvas: Canvas, view: QWidget) -> None:
        super().__init__(view)
        self._canvas, self._view = canvas, view
        self._target: Target | None = None
        self._opened_value: float | None = None
        self.field = NumberField(view)
        self.field.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.field.hide()
        self.field.committed.connect(self._emit_edit)
        self.field.closed.connect(self._close)

    def show_frame(self, frame: Frame) -> None:
        """Close when the number is no longer the one that the editor was opened on."""
        if self._target is not None and value_of(frame, self._target) != self._opened_value:
            self.field.restore()

    def open(self, target: Target) -> None:
        """Edit a number; of a neuron its activation."""
        frame = self._canvas.frame
        if frame is None:
            return
        if target.kind in ("activation", "neuron"):
            self._open_activation_menu(target)
            return
        value = value_of(frame, target)
        if value is None:
            return
        self.started.emit()
        self._target, self._opened_value = target, value
        self.field.setAccessibleName(spoken(frame, target))
        self.place()
        self.field.show_value(value)
        self.field.show()
        self.field.setFocus(Qt.FocusReason.OtherFocusReason)

    def place(self) -> None:
        """Put the field over its number."""
        if self._target is None or self._canvas.scene is None:
            return
        rect = self._canvas.place_of(self._target)
        width = max(NARROWEST, min(WIDEST, rect.width()))
        left = min(max(4.0, rect.center().x() - width / 2), self._view.width() - width - 4)
        corner = QPointF(left, rect.center().y() - HEIGHT / 2)
        self.field.setGeometry(QRectF(corner, QSizeF(width, HEIGHT)).toRect())

    def settled(self) -> bool:
        """Commit what is typed; return False when it is refused."""
        return not self.field.isVisible() or self.field.commit()

    def _emit_edit(self, value: float) -> None:
        target = self._target
        if target is None:
            return
        self._opened_value = value
        if target.kind == "parameter":
            self.parameter_edited.emit(target.ref, value)
        elif target.kind == "input":
            self.input_edited.emit(target.index, value)
        else:
            self.expected_edited.emit(target.index, value)

    def _close(self) -> None:
        if self.field.hasFocus():  # hiding it with the focus would walk on to the next number
            self._view.setFocus(Qt.FocusReason.OtherFocusReason)
        self.field.hide()

    def _open_activation_menu(self, target: Target) -> None:
        scene = self._canvas.scene
        assert scene is not None
        self.started.emit()
        menu = ActivationMenu(scene.network, target.layer, target.index, self._view)
        menu.activation_chosen.connect(self.activation_edited)
        corner = self._canvas.place_of(target).bottomLeft().toPoint()
        menu.popup(self._view.mapToGlobal(corner + QPoint(0, 4)))
