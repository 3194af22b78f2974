"""The diagram itself: shows the network; what a person does in it leaves as signals."""

from PySide6.QtCore import (
    QEvent,
    QKeyCombination,
    QPoint,
    QPointF,
    QRectF,
    QSizeF,
    Qt,
    Signal,
)
from PySide6.QtGui import (
    QColor,
    QContextMenuEvent,
    QFocusEvent,
    QHelpEvent,
    QKeyEvent,
    QKeySequence,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QResizeEvent,
    QWheelEvent,
)
from PySide6.QtWidgets import QApplication, QWidget

from nnsim.model.frame import Frame, Part
from nnsim.tracing.wording import in_full
from nnsim.views.diagram.canvas import Canvas
from nnsim.views.diagram.detail import Refining
from nnsim.views.diagram.editing import Editing
from nnsim.views.diagram.gestures.hand import Hand
from nnsim.views.diagram.gestures.scrolling import ZOOM_STEP, pinch, scroll
from nnsim.views.diagram.handles import draw_handles
from nnsim.views.diagram.heat_maps import HeatMaps
from nnsim.views.diagram.kept_lines import KeptLines
from nnsim.views.diagram.keyboard import Keyboard
from nnsim.views.diagram.marks import draw_chosen, draw_focus, marked_place
from nnsim.views.diagram.motion import Motion
from nnsim.views.diagram.number_pointing import NumberPointing
from nnsim.views.diagram.painting import paint_network
from nnsim.views.diagram.pointing import is_there, value_of
from nnsim.views.diagram.scene import Scene
from nnsim.views.diagram.spoken import spoken
from nnsim.views.diagram.targets import Target, part_of, target_of
from nnsim.views.diagram.tips import show_tip
from nnsim.views.diagram.wishes import DiagramWishes
from nnsim.views.parts.guard import guarded
from nnsim.views.parts.number_field import NumberField
from nnsim.views.parts.theme import theme

SHIFT_F10 = QKeyCombination(Qt.KeyboardModifier.ShiftModifier, Qt.Key.Key_F10)
"""The menu key of keyboards that have none."""


class DiagramView(QWidget):
    """Shows a Frame's network. Whatever a person changes leaves as a signal; it changes nothing."""

    parameter_edited = Signal(object, float)
    input_edited = Signal(int, float)
    expected_edited = Signal(int, float)
    activation_edited = Signal(int, object, str)
    """Layer, neuron, name; the neuron is None for the whole layer."""
    parameter_selected = Signal(object)
    edit_started = Signal()
    frame_shown = Signal()
    focus_reached = Signal(object)
    """The keyboard is at this Target now; None: at nothing."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.wishes = DiagramWishes(self)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMouseTracking(True)
        self.setMinimumSize(320, 200)
        self.setAccessibleName(self.tr("Network diagram"))
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self.grabGesture(Qt.GestureType.PinchGesture)
        self._canvas = Canvas(self)
        self._canvas.changed.connect(self.update)
        self._editing = Editing(self._canvas, self)
        self._keyboard = Keyboard(
            self._canvas, self.wishes, self._editing, self.parameter_edited.emit
        )
        self._keyboard.focus_moved.connect(self._show_focus)
        self._hand = Hand(self._canvas, self.wishes, self._keyboard.begin_steps)
        self.motion = Motion(self._canvas, self._paint, self)
        self.motion.changed.connect(self.update)
        self._canvas.changed.connect(self.motion.end)
        self._refining = Refining(self)
        self._lines = KeptLines()
        self._refining.refined.connect(self.update)
        self._hovered: Target | None = None
        self._pointed: QPointF | None = None
        self.numbers = NumberPointing(self._canvas, self)
        self.numbers.changed.connect(self.update)
        self.heat_maps = HeatMaps(self._canvas, self)
        for signal, same in (
            (self.heat_maps.weight_chosen, self.parameter_selected),
            (self._editing.parameter_edited, self.parameter_edited),
            (self._editing.input_edited, self.input_edited),
            (self._editing.expected_edited, self.expected_edited),
            (self._editing.activation_edited, self.activation_edited),
            (self._editing.started, self.edit_started),
        ):
            signal.connect(same)

    # ------------------------------------------------------------ shown

    def show_frame(self, frame: Frame) -> None:
        """Show a moment; an open editor stays as it is while its number still exists."""
        self.motion.show_frame(frame, self.size(), self.devicePixelRatioF())
        self._refine()
        self.heat_maps.show_frame(frame)
        if self._hovered is not None and not is_there(frame.document.network, self._hovered):
            self._hovered = None
        self._keyboard.show_frame(frame)
        self._editing.show_frame(frame)
        self.update()
        self.frame_shown.emit()

    def _refine(self) -> None:
        if self._canvas.frame is not None and self._canvas.scene is not None:
            self._refining.show_frame(self._canvas.frame, self._canvas.scene.dense)

    def scene(self) -> Scene | None:
        """Return where everything stands, in scene coordinates."""
        return self._canvas.scene

    def to_screen(self, rect: QRectF) -> QRectF:
        """Map from the scene to this widget."""
        return self._canvas.to_screen(rect)

    @property
    def canvas(self) -> Canvas:
        """What is shown, and how it is looked at."""
        return self._canvas

    @property
    def field(self) -> NumberField:
        """The one editor, shown over the number that is edited."""
        return self._editing.field

    @property
    def focused(self) -> Target | None:
        """What the keyboard is at."""
        return self._keyboard.focused

    def edit(self, part: Part) -> None:
        """Open the editor of a weight, bias or neuron, as a double click on it does."""
        if self._editing.settled():
            self._editing.open(target_of(part))

    def reach(self, part: Part) -> None:
        """Bring the keyboard to a neuron, weight or bias."""
        self.setFocus(Qt.FocusReason.OtherFocusReason)
        self._keyboard.focus(target_of(part))

    def zoom_in(self) -> None:
        """Show it larger."""
        self._zoom(ZOOM_STEP)

    def zoom_out(self) -> None:
        """Show it smaller."""
        self._zoom(1 / ZOOM_STEP)

    def _zoom(self, factor: float) -> None:
        if self._editing.settled():
            self._canvas.zoom(QPointF(self.rect().center()), factor)

    def fit(self) -> None:
        """Show all of it."""
        self._canvas.fit()

    @guarded
    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        frame, scene = self._canvas.frame, self._canvas.scene
        if frame is None or scene is None:
            painter.fillRect(self.rect(), QColor(theme().background))
            return
        if not self.motion.paint(painter):
            self._paint(painter, frame)
            self.motion.paint_outlines(painter)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setTransform(self._canvas.transform(), True)
        if self._pointed is not None and not self._hand.is_busy:
            draw_handles(painter, scene, self._canvas.to_scene(self._pointed), self._hovered)
        self.numbers.paint(painter, self._hovered)
        painter.resetTransform()
        if self.focused is not None and self.hasFocus():
            place = marked_place(scene, frame, self.focused)
            draw_focus(painter, self._canvas.to_screen(place))
        self._hand.paint(painter)
        self._keyboard.paint(painter)

    def _paint(self, painter: QPainter, frame: Frame) -> None:
        """Paint a moment of the network as it stands in the widget, without what is grasped."""
        scene = self._canvas.scene
        assert scene is not None
        painter.fillRect(self.rect(), QColor(theme().background))
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setTransform(self._canvas.transform(), True)
        detail, lines = self._refining.detail, self._lines.draw
        paint_network(painter, scene, frame, self._hovered, detail, lines)
        draw_chosen(painter, scene, frame)
        painter.resetTransform()

    @guarded
    def resizeEvent(self, event: QResizeEvent) -> None:
        self.motion.end()
        self._canvas.resize(QSizeF(self.size()))
        self._refine()
        if self.field.isVisible():
            self._editing.place()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange:
            self._refining.dress()

    # ------------------------------------------------------------ mouse

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self.motion.end()
        self._keyboard.end_steps()
        if not self._editing.settled():
            return
        target = self._canvas.target_at(event.position())
        if event.button() == Qt.MouseButton.LeftButton:
            self.numbers.press(event.position())
            self._keyboard.focus(target if _takes_focus(target) else None)
        self._hand.press(event, target)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        target = self._canvas.target_at(event.position())
        if not self._editing.settled() or event.button() != Qt.MouseButton.LeftButton:
            return
        if target is not None and not _takes_focus(target):
            self._hand.press(event, target)  # a button that is pressed twice
        elif neuron := self._canvas.name_at(event.position()):
            self.wishes.name_wished.emit(neuron)
        elif target is not None:
            self._keyboard.focus(target)
            self._editing.open(target)
        else:
            self.heat_maps.open_at(event.position())

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        self._pointed = event.position()
        if not self._hand.move(event):
            self._hovered = self._canvas.target_at(event.position())
            self.numbers.move(event.position())
        self._show_pointer()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        is_plain = event.modifiers() == Qt.KeyboardModifier.NoModifier
        was_click = self._hand.is_click and event.button() == Qt.MouseButton.LeftButton
        self._hand.release(event)
        self._show_pointer()
        if was_click and is_plain:
            self.numbers.click()

    def leaveEvent(self, event: QEvent) -> None:
        self._hovered = self._pointed = None
        self.numbers.leave()
        self.update()

    def wheelEvent(self, event: QWheelEvent) -> None:
        if self._editing.settled():
            scroll(self._canvas, event)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        """Wish the menu for what is chosen; by mouse what is pointed at is chosen first."""
        if event.reason() == QContextMenuEvent.Reason.Keyboard:
            self._wish_menu_at_focus()
        elif self._editing.settled():
            part = part_of(self._canvas.target_at(QPointF(event.pos())))
            if part is None or part not in self._canvas.chosen():
                self.wishes.parts_chosen.emit(frozenset([part] if part else []))
            self.wishes.menu_wished.emit(event.globalPos())

    def _wish_menu_at_focus(self) -> None:
        where, part = QPoint(8, 8), part_of(self.focused)
        if self.focused is not None:
            where = self._canvas.place_of(self.focused).bottomLeft().toPoint() + QPoint(0, 4)
        if part is not None and part not in self._canvas.chosen():
            self.wishes.parts_chosen.emit(frozenset([part]))
        self.wishes.menu_wished.emit(self.mapToGlobal(where))

    def _show_pointer(self) -> None:
        """Let the pointer say what a press would do here, or what the gesture under way does."""
        free = Qt.CursorShape.PointingHandCursor if self._hovered else Qt.CursorShape.ArrowCursor
        self.setCursor(self._hand.cursor or free)
        self.update()

    def event(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.ToolTip and isinstance(event, QHelpEvent):
            show_tip(event, self._canvas, self.heat_maps, self._refining, self)
            return True
        if event.type() == QEvent.Type.ShortcutOverride and self._hand.is_busy:
            event.accept()  # the gesture under way has the keys, no shortcut
            return True
        if event.type() in (QEvent.Type.NativeGesture, QEvent.Type.Gesture):
            return pinch(self._canvas, self, event)
        return super().event(event)

    # ------------------------------------------------------------ keys

    def keyPressEvent(self, event: QKeyEvent) -> None:
        self.motion.end()
        key, frame = event.key(), self._canvas.frame
        if key == Qt.Key.Key_Escape:
            if not self._hand.cancel() and not self._keyboard.escape():
                self.parameter_selected.emit(None)
        elif self._hand.is_busy:  # other keys would change what it is in the middle of
            if key == Qt.Key.Key_Space:
                self._hand.pan_instead(self._pointed or QPointF())
        elif event.matches(QKeySequence.StandardKey.Copy) and self.focused and frame:
            QApplication.clipboard().setText(in_full(value_of(frame, self.focused)))
        elif event.keyCombination() == SHIFT_F10:
            self._wish_menu_at_focus()
        elif not self._keyboard.press(event):
            super().keyPressEvent(event)

    def focusNextPrevChild(self, forward: bool) -> bool:
        """Let Tab walk through the numbers before it leaves the diagram."""
        if not self._editing.settled():
            return True
        target = self._keyboard.tab(forward)
        if target is None:
            return super().focusNextPrevChild(forward)
        if target.kind == "parameter":
            self.parameter_selected.emit(target.ref)
        self.setFocus(Qt.FocusReason.OtherFocusReason)
        return True

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        if event.reason() in (Qt.FocusReason.TabFocusReason, Qt.FocusReason.BacktabFocusReason):
            self._keyboard.enter(event.reason() == Qt.FocusReason.TabFocusReason)
        self.update()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self.numbers.leave()
        self._keyboard.end_steps()

    def _show_focus(self, target: Target | None) -> None:
        frame = self._canvas.frame
        if target is not None and frame is not None:
            self.setAccessibleDescription(spoken(frame, target))
        self.numbers.focus(target)
        self.focus_reached.emit(target)
        self.update()


def _takes_focus(target: Target | None) -> bool:
    """Whether the keyboard can be at it: buttons and ports are for the pointer."""
    kinds = ("port", "layer", "add_neuron", "remove_neuron")
    return target is None or target.kind not in kinds
