"""The diagram itself: shows the network, takes clicks and keys, opens editors in place."""

from PySide6.QtCore import QEvent, QPoint, QPointF, QRectF, QSizeF, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QFocusEvent,
    QHelpEvent,
    QKeyEvent,
    QKeySequence,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QResizeEvent,
    QTransform,
    QWheelEvent,
)
from PySide6.QtWidgets import QApplication, QToolTip, QWidget

from nnsim.engine.network import ParameterRef
from nnsim.model.frame import Frame
from nnsim.tracing.wording import in_full
from nnsim.views.diagram.activation_menu import ActivationMenu
from nnsim.views.diagram.camera import Camera
from nnsim.views.diagram.cards import Look, draw_cards
from nnsim.views.diagram.connections import draw_back_signals, draw_connections, emphasis_of
from nnsim.views.diagram.pointing import describe, line_at, tip_of, value_of
from nnsim.views.diagram.scene import Scene, Target, lay_out
from nnsim.views.diagram.wishes import DiagramWishes
from nnsim.views.parts.guard import guarded
from nnsim.views.parts.number_field import NumberField
from nnsim.views.parts.theme import theme

DRAG_STARTS = 4
ZOOM_STEP = 1.25


class DiagramView(QWidget):
    """Shows a Frame's network. Whatever a person changes leaves as a signal; it changes nothing."""

    parameter_edited = Signal(object, float)
    input_edited = Signal(int, float)
    expected_edited = Signal(int, float)
    activation_edited = Signal(int, object, str)
    """Layer, neuron, name; the neuron is None for the whole layer."""
    parameter_selected = Signal(object)
    edit_started = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.wishes = DiagramWishes(self)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMouseTracking(True)
        self.setMinimumSize(320, 200)
        self.setAccessibleName(self.tr("Network diagram"))
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self._frame: Frame | None = None
        self._scene: Scene | None = None
        self._camera = Camera()
        self._hovered: Target | None = None
        self._focused: Target | None = None
        self._edited: Target | None = None
        self._opened_value: float | None = None
        self._pressed_at: QPointF | None = None
        self._field = NumberField(self)
        self._field.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._field.hide()
        self._field.committed.connect(self._emit_edit)
        self._field.closed.connect(self._close_editor)

    # ------------------------------------------------------------ shown

    def show_frame(self, frame: Frame) -> None:
        """Show a moment; an open editor stays as it is while its number still exists."""
        old, self._frame = self._frame, frame
        network = frame.document.network
        if old is None or old.document.network.sizes != network.sizes:
            self._focused = self._hovered = None
            self._camera = Camera()
        if self._edited is not None and value_of(frame, self._edited) != self._opened_value:
            self._field.restore()  # its number is no longer the one it was opened on
        self._lay_out()
        self.update()

    def scene(self) -> Scene | None:
        """Return where everything stands, in scene coordinates."""
        return self._scene

    def to_screen(self, rect: QRectF) -> QRectF:
        """Map from the scene to this widget."""
        return self._transform().mapRect(rect)

    @property
    def field(self) -> NumberField:
        """The one editor, shown over the number that is edited."""
        return self._field

    @property
    def focused(self) -> Target | None:
        """What the keyboard is at."""
        return self._focused

    def zoom_in(self) -> None:
        """Show it larger."""
        self._zoom_at(QPointF(self.rect().center()), ZOOM_STEP)

    def zoom_out(self) -> None:
        """Show it smaller."""
        self._zoom_at(QPointF(self.rect().center()), 1 / ZOOM_STEP)

    def fit(self) -> None:
        """Show all of it."""
        self._camera = Camera()
        self.update()

    @guarded
    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.fillRect(self.rect(), QColor(theme().background))
        if self._frame is None or self._scene is None:
            return
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setTransform(self._transform(), True)
        emphasis = emphasis_of(self._scene.network, self._frame.selected)
        draw_connections(painter, self._scene, emphasis)
        draw_back_signals(painter, self._scene, self._frame, emphasis)
        focused = self._focused if self.hasFocus() else None
        draw_cards(painter, self._scene, self._frame, Look(emphasis, self._hovered, focused))

    @guarded
    def resizeEvent(self, event: QResizeEvent) -> None:
        self._lay_out()
        if self._field.isVisible() and self._edited is not None:
            self._field.setGeometry(self._editor_place(self._edited).toRect())

    def _lay_out(self) -> None:
        if self._frame is not None:
            network, area, before = self._frame.document.network, QSizeF(self.size()), self._scene
            kept = before.with_numbers(network, area) if before is not None else None
            self._scene = kept or lay_out(network, area)

    def _transform(self) -> QTransform:
        assert self._scene is not None
        return self._camera.transform(self._scene.size, QSizeF(self.size()))

    def _zoom_at(self, where: QPointF, factor: float) -> None:
        if not self._settled():
            return
        self._camera = self._camera.zoomed(where - QPointF(self.rect().center()), factor)
        self.update()

    # ------------------------------------------------------------ mouse

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self._pressed_at = event.position()
        if event.button() != Qt.MouseButton.LeftButton:
            return
        if not self._settled():
            return
        target = self._target_at(event.position())
        self._set_focused(target)
        if target is None or target.kind == "parameter":
            self.parameter_selected.emit(target.ref if target else None)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        target = self._target_at(event.position())
        if not self._settled():
            return
        if target is not None and event.button() == Qt.MouseButton.LeftButton:
            self._set_focused(target)
            self._open_editor(target)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if event.buttons() & Qt.MouseButton.LeftButton and self._pressed_at is not None:
            moved = event.position() - self._pressed_at
            if moved.manhattanLength() >= DRAG_STARTS and self._settled():
                self._camera = self._camera.moved(moved)
                self._pressed_at = event.position()
                self.update()
            return
        hovered = self._target_at(event.position())
        if hovered != self._hovered:
            self._hovered = hovered
            self.setCursor(
                Qt.CursorShape.PointingHandCursor if hovered else Qt.CursorShape.ArrowCursor
            )
            self.update()

    def leaveEvent(self, event: QEvent) -> None:
        self._hovered = None
        self.update()

    def wheelEvent(self, event: QWheelEvent) -> None:
        if event.angleDelta().y():
            factor = ZOOM_STEP if event.angleDelta().y() > 0 else 1 / ZOOM_STEP
            self._zoom_at(event.position(), factor)

    def event(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.ToolTip and isinstance(event, QHelpEvent):
            self._show_tip(event)
            return True
        return super().event(event)

    def _show_tip(self, event: QHelpEvent) -> None:
        target = self._target_at(QPointF(event.pos()))
        if target is None or self._frame is None:
            QToolTip.hideText()
        else:
            QToolTip.showText(event.globalPos(), tip_of(self._frame, target), self)

    def _target_at(self, where: QPointF) -> Target | None:
        """Return what lies there: a card or label first, then the nearest line."""
        if self._scene is None:
            return None
        inverse, _ = self._transform().inverted()
        point = inverse.map(where)
        for target in reversed(self._scene.targets()):
            if self._scene.rect(target).contains(point):
                return target
        return line_at(self._scene, point, 7 / max(0.2, self._transform().m11()))

    # ------------------------------------------------------------ keys

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key = event.key()
        if key in (Qt.Key.Key_Right, Qt.Key.Key_Down):
            self._walk(1)
        elif key in (Qt.Key.Key_Left, Qt.Key.Key_Up):
            self._walk(-1)
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_F2) and self._focused:
            self._open_editor(self._focused)
        elif event.matches(QKeySequence.StandardKey.Copy) and self._focused and self._frame:
            QApplication.clipboard().setText(in_full(value_of(self._frame, self._focused)))
        elif key == Qt.Key.Key_Escape:
            self.parameter_selected.emit(None)
        else:
            super().keyPressEvent(event)

    def focusNextPrevChild(self, forward: bool) -> bool:
        """Let Tab walk through the numbers before it leaves the diagram."""
        if not self._settled():
            return True
        if self._walk(1 if forward else -1):
            self.setFocus(Qt.FocusReason.OtherFocusReason)
            return True
        return super().focusNextPrevChild(forward)

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        targets = self._scene.targets() if self._scene else []
        if event.reason() == Qt.FocusReason.TabFocusReason and targets:
            self._set_focused(targets[0])
        elif event.reason() == Qt.FocusReason.BacktabFocusReason and targets:
            self._set_focused(targets[-1])
        self.update()

    def _walk(self, by: int) -> bool:
        targets = self._scene.targets() if self._scene else []
        at = targets.index(self._focused) if self._focused in targets else -1 if by > 0 else None
        place = len(targets) - 1 if at is None else at + by
        if not 0 <= place < len(targets):
            return False
        target = targets[place]
        self._set_focused(target)
        if target.kind == "parameter":
            self.parameter_selected.emit(target.ref)
        return True

    def _set_focused(self, target: Target | None) -> None:
        self._focused = target
        if target is not None and self._frame is not None:
            self.setAccessibleDescription(describe(self._frame, target))
        self.update()

    # ------------------------------------------------------------ editing

    def _open_editor(self, target: Target) -> None:
        if self._frame is None or self._scene is None:
            return
        if target.kind == "activation":
            self._open_activation_menu(target)
            return
        value = value_of(self._frame, target)
        if value is None:
            return
        self.edit_started.emit()
        self._edited, self._opened_value = target, value
        self._field.setAccessibleName(describe(self._frame, target))
        self._field.setGeometry(self._editor_place(target).toRect())
        self._field.show_value(value)
        self._field.show()
        self._field.setFocus(Qt.FocusReason.OtherFocusReason)

    def _editor_place(self, target: Target) -> QRectF:
        assert self._scene is not None
        rect = self._scene.rect(target)
        if rect.isNull() and target.ref is not None:
            start, end = self._scene.line(target.ref)
            rect = QRectF((start + end) / 2, QSizeF(1, 1))
        centre = self.to_screen(rect).center()
        width = max(112.0, min(180.0, self.to_screen(rect).width()))
        left = min(max(4.0, centre.x() - width / 2), self.width() - width - 4)
        return QRectF(left, centre.y() - 14, width, 28)

    def _emit_edit(self, value: float) -> None:
        target = self._edited
        if target is None:
            return
        self._opened_value = value
        if target.kind == "parameter":
            self.parameter_edited.emit(target.ref, value)
        elif target.kind == "input":
            self.input_edited.emit(target.index, value)
        else:
            self.expected_edited.emit(target.index, value)

    def _settled(self) -> bool:
        """Commit what is typed in the open editor; return False when it is refused."""
        return not self._field.isVisible() or self._field.commit()

    def _close_editor(self) -> None:
        if self._field.hasFocus():  # hiding it with the focus would walk on to the next number
            self.setFocus(Qt.FocusReason.OtherFocusReason)
        self._field.hide()

    def _open_activation_menu(self, target: Target) -> None:
        assert self._scene is not None
        self.edit_started.emit()
        menu = ActivationMenu(self._scene.network, target.layer, target.index, self)
        menu.activation_chosen.connect(self.activation_edited)
        corner = self.to_screen(self._scene.rect(target)).bottomLeft().toPoint()
        menu.popup(self.mapToGlobal(corner + QPoint(0, 4)))

    def edit(self, ref: ParameterRef) -> None:
        """Open the editor of a weight or bias, as a double click on it does."""
        self._open_editor(Target("parameter", ref=ref))
