"""The main window: lays the views out, gives each the Frame, and holds menu and shortcuts."""

from collections.abc import Callable, Sequence
from functools import partial

from PySide6.QtCore import QByteArray, QEvent, QObject, Qt, Signal
from PySide6.QtGui import QCloseEvent, QColor, QKeyEvent, QPainter
from PySide6.QtWidgets import (
    QAbstractButton,
    QApplication,
    QMainWindow,
    QMessageBox,
    QSplitter,
    QVBoxLayout,
    QWidget,
)

from nnsim.engine.kernels.library import engine_name
from nnsim.engine.network import Network
from nnsim.model.frame import Frame
from nnsim.tracing.quantity import LEARNING_RATE
from nnsim.views.actions import dress_actions, make_actions, show_in_actions
from nnsim.views.build_actions import BuildActions
from nnsim.views.build_menu import BuildMenu
from nnsim.views.conventions import ConventionsDoor
from nnsim.views.diagram.panel import DiagramPanel
from nnsim.views.explaining.lower_left import Lighting, Lights, LowerLeft
from nnsim.views.factors.panel import FactorPanel
from nnsim.views.file_questions import FileQuestions
from nnsim.views.keys import KEYS
from nnsim.views.keys_dialog import KeysDialog
from nnsim.views.main_menu import make_main_menu
from nnsim.views.new_network_dialog import NewNetworkDialog
from nnsim.views.new_weights_question import NewWeightsQuestion
from nnsim.views.numbers_menu import NumbersMenu
from nnsim.views.parts.number_field import NumberField
from nnsim.views.parts.theme import theme
from nnsim.views.pictures import Pictures
from nnsim.views.samples_panel import SamplesPanel
from nnsim.views.solutions import Solutions
from nnsim.views.status_strip import StatusStrip
from nnsim.views.toolbar import Toolbar
from nnsim.views.training_dialog import TrainingDialog
from nnsim.views.turns import Turns

DEFAULT_SIZE = (1440, 900)
RIGHT_COLUMN = 536


class MainWindow(QMainWindow):
    """Lays out what is shown. It knows no session: `show_frame` is its one input."""

    example_wished = Signal(str)
    network_made = Signal(object, object)
    settings_changed = Signal(dict)
    theme_wished = Signal(str)
    scale_wished = Signal(int)
    """Everything on the screen larger (1), smaller (−1) or in its usual size (0)."""
    new_weights_answered = Signal(object)
    closed = Signal()

    def __init__(self, examples: Sequence[tuple[str, str]], version: str) -> None:
        super().__init__()
        self.setWindowTitle("nnsim")
        self.resize(*DEFAULT_SIZE)
        self._version = version
        self._frame: Frame | None = None
        self._may_close = False
        self.actions_by_name = make_actions(self)
        self.toolbar = Toolbar(self.actions_by_name, self)
        self.diagram = DiagramPanel(self)
        self.factors = FactorPanel(self)
        self.lower_left = LowerLeft(self)
        self.error_plot, self.explaining = self.lower_left.error_plot, self.lower_left.explaining
        self.samples = SamplesPanel(self)
        self.status = StatusStrip(self)
        self.files = FileQuestions(self)
        self.pictures = Pictures(self.diagram.view.canvas, self.files, self)
        self.solutions = Solutions(self.files, self)
        self.build = BuildActions(self, self.diagram.view)
        self.build_menu = BuildMenu(self.build, self)
        self.numbers_menu = NumbersMenu(self)
        self.conventions = ConventionsDoor(self)
        self._lay_out()
        self.lighting = Lighting(self._lights(), self)
        self._turns = Turns(
            every=(self.diagram,),
            in_turn=((self.factors,), (self.error_plot, self.samples, self.status)),
            parent=self,
        )
        self._make_menus(examples)
        self._connect_actions()
        self._buttons_keep_space()
        dress_actions(self.actions_by_name, False)
        self._offer_other_theme()
        self.diagram.view.setFocus()

    def _lights(self) -> Sequence[Lights]:
        """The views in which numbers light up."""
        others = (self.explaining, self.error_plot, self.samples.table)
        return (self.diagram.view.numbers, self.factors.table, self.factors.card, *others)

    def _make_menus(self, examples: Sequence[tuple[str, str]]) -> None:
        menus, actions = (self.build_menu, self.numbers_menu), self.actions_by_name
        menu = make_main_menu(self, actions, examples, self._wish_example, *menus)
        self.toolbar.menu_button.setMenu(menu)
        self.toolbar.build_button.setMenu(self.build_menu)

    # ------------------------------------------------------------ shown

    def show_frame(self, frame: Frame) -> None:
        """Show a moment; during training not every view draws every moment."""
        before, self._frame = self._frame, frame
        for part in (self.files, self.solutions, self.build, self.build_menu, self.conventions):
            part.show_frame(frame)
        if before is None or not frame.running or _around(before) != _around(frame):
            self._show_around(frame, before is not None and before.running)
        self.lower_left.show_frame(frame)
        self.lighting.show_frame(frame)
        self._turns.show_frame(frame)

    def _explain(self) -> None:
        """Open the card of the number that the keyboard is at, in the table or the diagram."""
        is_rate = self.toolbar.learning_rate.hasFocus()
        if not self.settle():
            return
        if is_rate:
            self.factors.card.quantity_opened.emit(LEARNING_RATE)
        elif self.factors.table.hasFocus():
            self.factors.table.explain_current()
        else:
            self.diagram.view.numbers.open(self.diagram.view.focused)

    def _show_around(self, frame: Frame, was_running: bool) -> None:
        """Show what stays as it is while steps are taken: in actions, toolbar and title."""
        show_in_actions(self.actions_by_name, frame, self)
        self.actions_by_name["shuffle"].setChecked(frame.document.settings.shuffle)
        if was_running != frame.running:
            dress_actions(self.actions_by_name, frame.running)
        self.toolbar.show_frame(frame)
        name = frame.file_name or frame.document.title
        self.setWindowTitle(f"{'• ' if frame.unsaved else ''}{name} – nnsim")

    def layout_state(self) -> dict[str, QByteArray]:
        """Return what to remember of the layout."""
        return {
            "window": self.saveGeometry(),
            "columns_top": self._top.saveState(),
            "columns_bottom": self._bottom.saveState(),
            "rows": self._rows.saveState(),
        }

    def restore_layout(self, part: str, state: QByteArray) -> None:
        """Restore a remembered part; the window stays on a screen that has become smaller."""
        if part == "window":
            self.restoreGeometry(state)
            self._stay_on_screen()
        else:
            splitters = {"columns_top": self._top, "columns_bottom": self._bottom}
            splitters.get(part, self._rows).restoreState(state)

    def _stay_on_screen(self) -> None:
        available = self.screen().availableGeometry()
        size = self.size().boundedTo(available.size())
        self.resize(size)
        frame = self.frameGeometry()
        left = max(available.left(), min(frame.left(), available.right() - size.width() + 1))
        top = max(available.top(), min(frame.top(), available.bottom() - size.height() + 1))
        if (left, top) != (frame.left(), frame.top()):
            self.move(left, top)

    # ------------------------------------------------------------ built

    def _lay_out(self) -> None:
        self._top = _splitter(Qt.Orientation.Horizontal, (self.diagram, self.factors))
        self._bottom = _splitter(Qt.Orientation.Horizontal, (self.lower_left, self.samples))
        self._rows = _splitter(Qt.Orientation.Vertical, (self._top, self._bottom))
        # One vertical line runs through top and bottom: whichever is moved, both move.
        self._top.splitterMoved.connect(partial(_follow, self._top, self._bottom))
        self._bottom.splitterMoved.connect(partial(_follow, self._bottom, self._top))
        self._rows.setStretchFactor(0, 592)
        self._rows.setStretchFactor(1, 232)
        for columns in (self._top, self._bottom):
            columns.setStretchFactor(0, 880)
            columns.setStretchFactor(1, 560)
        central = QWidget(self)
        column = QVBoxLayout(central)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        self.status.add(self.conventions.button)
        for widget in (self.toolbar, _line(self), self._rows, _line(self), self.status):
            column.addWidget(widget, 1 if widget is self._rows else 0)
        self.setCentralWidget(central)
        self.factors.setMinimumWidth(RIGHT_COLUMN)
        self.samples.setMinimumWidth(RIGHT_COLUMN)
        self._rows.setSizes([592, 232])
        for columns in (self._top, self._bottom):
            columns.setSizes([880, 560])

    def _connect_actions(self) -> None:
        actions, view = self.actions_by_name, self.diagram.view
        actions["shuffle"].setCheckable(True)
        for name, slot in (
            ("new", self._wish_new),
            ("open", self.files.ask_open),
            ("save", self.files.save),
            ("save_as", self.files.ask_save_as),
            ("export", self.files.ask_export),
            ("import", self.files.ask_import),
            ("export_picture", self.pictures.ask),
            ("copy_picture", self.pictures.copy),
            ("export_step", self.solutions.ask),
            ("zoom_in", view.zoom_in),
            ("zoom_out", view.zoom_out),
            ("fit", view.fit),
            ("larger", partial(self.scale_wished.emit, 1)),
            ("smaller", partial(self.scale_wished.emit, -1)),
            ("usual_size", partial(self.scale_wished.emit, 0)),
            ("heat_map", view.heat_maps.open),
            ("conventions", self.conventions.open),
            ("theme", self._wish_theme),
            ("training", self._ask_training),
            ("keys", self._show_keys),
            ("about", self._show_about),
            ("learning_rate", self._go_to_learning_rate),
            ("menu", self.toolbar.menu_button.showMenu),
            ("build", self.toolbar.build_button.showMenu),
            ("inside", self.explaining.transport.press_forward),
            ("inside_back", self.explaining.transport.press_back),
            ("quit", self.close),
        ):
            actions[name].triggered.connect(partial(self._settled, slot))
        actions["explain"].triggered.connect(lambda _checked: self._explain())
        self.toolbar.field_left.connect(view.setFocus)

    def _settled(self, slot: Callable[[], object], _checked: bool = False) -> None:
        """Do something once what is being typed is committed; not if it is refused."""
        if self.settle():
            slot()

    def settle(self) -> bool:
        """Commit the number that is being typed, if any; return False when it is refused."""
        field = QApplication.focusWidget()
        return not isinstance(field, NumberField) or field.commit()

    def _buttons_keep_space(self) -> None:
        """Space presses a button that has the focus, and takes a step everywhere else."""
        for button in self.findChildren(QAbstractButton):
            button.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if (
            event.type() == QEvent.Type.ShortcutOverride
            and isinstance(event, QKeyEvent)
            and event.key() == Qt.Key.Key_Space
        ):
            event.accept()
        return super().eventFilter(watched, event)

    # ------------------------------------------------------------ wishes

    def _wish_example(self, name: str) -> None:
        if self.settle():
            self.files.when_safe(partial(self.example_wished.emit, name))

    def _wish_new(self) -> None:
        self.files.when_safe(self._ask_new)

    def _ask_new(self) -> None:
        dialog = NewNetworkDialog(self)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.network_made.connect(self._emit_network)
        dialog.open()

    def _emit_network(self, network: Network, settings: object) -> None:
        self.network_made.emit(network, settings)

    def _wish_theme(self) -> None:
        self.theme_wished.emit("light" if theme().name == "dark" else "dark")

    def show_theme(self) -> None:
        """Draw what a style sheet does not reach in the colours of the theme now in use."""
        running = self._frame is not None and self._frame.running
        dress_actions(self.actions_by_name, running)
        self.factors.dress()
        self.samples.dress()
        self.status.dress()
        self._offer_other_theme()
        for line in self.findChildren(_Line):
            line.update()

    def _offer_other_theme(self) -> None:
        dark = theme().name == "dark"
        self.actions_by_name["theme"].setText(self.tr("Light") if dark else self.tr("Dark"))

    def _ask_training(self) -> None:
        if self._frame is None or not self.settle():
            return
        dialog = TrainingDialog(self._frame.document, self)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.settings_changed.connect(self.settings_changed)
        dialog.open()

    def ask_new_weights(self) -> None:
        """Ask where new weights begin, for an edit that waits for it."""
        if self._frame is not None:
            question = NewWeightsQuestion(self._frame.document.settings, self)
            question.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
            question.answered.connect(self.new_weights_answered)
            question.open()

    def _show_keys(self) -> None:
        dialog = KeysDialog([(key.group, key.keys, key.what) for key in KEYS], self)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.open()

    def _show_about(self) -> None:
        box = QMessageBox(self)
        box.setWindowTitle(self.tr("About nnsim"))
        box.setText(f"nnsim {self._version}")
        box.setInformativeText(
            self.tr(
                "See, edit and understand every number of a neural network as it learns.\n\n"
                "MIT licence. Trains with {}.\n"
                "Font: Inter (SIL Open Font License). Icons: Lucide (ISC)."
            ).format(engine_name())
        )
        box.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        box.open()

    def _go_to_learning_rate(self) -> None:
        self.toolbar.learning_rate.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.toolbar.learning_rate.selectAll()

    def closeEvent(self, event: QCloseEvent) -> None:
        """Ask first when work would be lost; the window closes when the answer has come."""
        if not self.settle():
            event.ignore()
            return
        if self._may_close or self._frame is None or not self._frame.unsaved:
            self.closed.emit()
            event.accept()
            return
        event.ignore()
        self.files.when_safe(self._close_now)

    def _close_now(self) -> None:
        self._may_close = True
        self.close()


def _around(frame: Frame) -> tuple[object, ...]:
    """All that is shown of a frame around its views."""
    document = frame.document
    return (
        frame.running,
        frame.undo_name,
        frame.redo_name,
        frame.path,
        frame.unsaved,
        document.title,
        document.settings,
        len(document.samples),
        frame.conventions,
    )


class _Line(QWidget):
    """One pixel between the regions."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setFixedHeight(1)

    def paintEvent(self, event: QEvent) -> None:
        QPainter(self).fillRect(self.rect(), QColor(theme().line))


def _line(parent: QWidget) -> _Line:
    return _Line(parent)


def _splitter(orientation: Qt.Orientation, widgets: Sequence[QWidget]) -> QSplitter:
    splitter = QSplitter(orientation)
    splitter.setHandleWidth(1)
    splitter.setChildrenCollapsible(False)
    for widget in widgets:
        splitter.addWidget(widget)
    return splitter


def _follow(moved: QSplitter, other: QSplitter, _position: int, _index: int) -> None:
    other.setSizes(moved.sizes())
