"""Puts the window together: every wire between views and session is in `connect`."""

import gc
import os
import sys
import traceback
from collections.abc import Callable
from functools import partial
from pathlib import Path
from types import TracebackType

from PySide6.QtCore import (
    QCoreApplication,
    QEvent,
    QSettings,
    Qt,
    QTimer,
    SignalInstance,
    qVersion,
)
from PySide6.QtGui import QIcon
from PySide6.QtWidgets import QApplication, QMessageBox, QWidget

import nnsim
from nnsim.assets import resource
from nnsim.control.preferences import Preferences
from nnsim.control.session import Session
from nnsim.control.state import State
from nnsim.errors import NnsimError
from nnsim.files.examples import examples, open_example
from nnsim.tracing.conventions import Conventions
from nnsim.tracing.display import Display, use_display
from nnsim.views.clipboard import let_go_of_clipboard, put_on_clipboard
from nnsim.views.diagram.accessible import make_accessible
from nnsim.views.parts.theme import use_theme
from nnsim.views.parts.type import load_fonts
from nnsim.views.screen_scale import USUAL, fits, next_scale
from nnsim.views.speed import speed_of
from nnsim.views.window import MainWindow

FIRST_EXAMPLE = "chapter"
AGAIN = 1000
"""The exit code of a window that another one follows, of another size."""
SWITCH_SECONDS = 0.0005
"""How long the window or the trainer waits at most for the other one, where both are in Python."""


class Program:
    """The parts that live as long as the window: session, window, preferences."""

    def __init__(
        self, app: QApplication, preferences: Preferences, state: State | None = None
    ) -> None:
        """state: what an earlier window was left with; the first example when not given."""
        self.app = app
        self.leave: Callable[[int], None] = app.exit
        """Ends the window with a code."""
        self.preferences = preferences
        use_display(preferences.display)
        use_theme(app, preferences.theme)  # before the views are built: they read their colours
        self.session = Session(open_example(FIRST_EXAMPLE))
        self.session.state = state or self.session.state
        self.session.conventions = preferences.conventions
        self.window = MainWindow([(e.name, e.title) for e in examples()], nnsim.__version__)
        connect(self.session, self.window)
        self._reported: set[str] = set()
        self._connect_preferences()

    def start(self) -> None:
        """Show the window as it was left."""
        for part in self.window.layout_state():
            if not (state := self.preferences.layout(part)).isEmpty():
                self.window.restore_layout(part, state)
        self._use_speed(self.preferences.speed)
        self.window.actions_by_name["less_motion"].setChecked(self.preferences.less_motion)
        self.window.files.folder = self.preferences.folder
        self.session.publish()
        self.window.show()
        if self.preferences.scale > USUAL and not self._fits(self.preferences.scale):
            # This screen is smaller than the one it was chosen on.
            QTimer.singleShot(0, self.window, partial(self._use_scale, 0))

    def end(self) -> None:
        """Take the window down before the application: the other order crashes Qt at exit."""
        self.session.pause()
        let_go_of_clipboard()
        self.window.deleteLater()
        self.app.sendPostedEvents(None, QEvent.Type.DeferredDelete.value)

    def report_fault(
        self, kind: type[BaseException], error: BaseException, trace: TracebackType | None
    ) -> None:
        """Show an unexpected exception; the wish it came from is taken back by the session."""
        self.session.fault()
        text = "".join(traceback.format_exception(kind, error, trace))
        sys.stderr.write(text)
        if text in self._reported:  # a failing paint fails again at every repaint
            return
        self._reported.add(text)
        box = QMessageBox(self.window)
        box.setIcon(QMessageBox.Icon.Warning)
        box.setText(self.window.tr("Something went wrong inside nnsim."))
        box.setInformativeText(
            self.window.tr("The document is as it was before. You can go on, and save it.")
        )
        box.setDetailedText(text)
        box.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        box.open()

    def _connect_preferences(self) -> None:
        window = self.window
        window.theme_wished.connect(self._use_theme)
        window.toolbar.speed.sliderMoved.connect(self._use_speed)
        window.toolbar.speed.actionTriggered.connect(self._use_slider)
        window.files.folder_used.connect(self._remember_folder)
        window.scale_wished.connect(self._use_scale)
        window.actions_by_name["less_motion"].toggled.connect(self._use_less_motion)
        window.numbers_menu.display_wished.connect(self._use_display)
        window.conventions.wished.connect(self._use_conventions)
        window.closed.connect(self._remember_layout)

    def _use_theme(self, name: str) -> None:
        self.preferences.theme = name
        use_theme(self.app, name)
        self.window.show_theme()
        self.session.publish()

    def _use_display(self, display: Display) -> None:
        self.preferences.display = display
        use_display(display)
        self.session.publish()
        for widget in self.window.findChildren(QWidget):
            widget.update()

    def _use_conventions(self, conventions: Conventions) -> None:
        self.preferences.conventions = conventions
        self.session.show_in(conventions)

    def _use_less_motion(self, less: bool) -> None:
        self.preferences.less_motion = less
        self.window.diagram.view.motion.is_reduced = less

    def _use_scale(self, by: int) -> None:
        """Build the window anew, larger or smaller: Qt scales all of it, or nothing."""
        old = self.preferences.scale
        scale = next_scale(old, by)
        if scale > max(old, USUAL) and not self._fits(scale):
            self.window.status.show_refusal(self.window.tr("Larger does not fit on this screen."))
        elif scale != old:
            self.preferences.scale = scale
            self._remember_layout()
            self.leave(AGAIN)

    def _fits(self, scale: float) -> bool:
        room = self.window.screen().availableSize() * self.preferences.scale
        return fits(scale, room, self.window.minimumSizeHint())

    def _use_speed(self, place: int) -> None:
        self.preferences.speed = place
        self.window.toolbar.show_speed(place)
        self.session.set_speed(speed_of(place))

    def _use_slider(self, _action: int) -> None:
        self._use_speed(self.window.toolbar.speed.sliderPosition())

    def _remember_folder(self, path: str) -> None:
        self.preferences.folder = str(Path(path).parent)
        self.window.files.folder = self.preferences.folder

    def _remember_layout(self) -> None:
        self.session.pause()
        for part, state in self.window.layout_state().items():
            self.preferences.set_layout(part, state)


def connect(session: Session, window: MainWindow) -> None:
    """Wire wishes up and frames down; there is no other connection between the two."""
    session.frame_changed.connect(window.show_frame)
    session.refused.connect(window.status.show_refusal)

    actions = window.actions_by_name
    for name, wish in (
        ("step", session.step),
        ("run", session.run_or_pause),
        ("epoch", session.epoch),
        ("restart", session.restart),
        ("random", session.new_random_weights),
        ("undo", session.undo),
        ("redo", session.redo),
    ):
        actions[name].triggered.connect(_settled(window, wish))
    actions["shuffle"].triggered.connect(session.set_shuffle)

    diagram, factors, samples = window.diagram.view, window.factors, window.samples
    wires: tuple[tuple[SignalInstance, Callable[..., None]], ...] = (
        (diagram.parameter_edited, session.set_parameter),
        (diagram.input_edited, session.set_shown_input),
        (diagram.expected_edited, session.set_shown_expected),
        (diagram.activation_edited, session.set_activation),
        (diagram.parameter_selected, session.select),
        (diagram.edit_started, session.pause),
        (window.diagram.banner.undo_button.clicked, _without_checked(session.undo)),
        (factors.parameter_selected, session.select),
        (factors.table.parameter_edited, session.set_parameter),
        (factors.table.edit_started, session.pause),
        (window.toolbar.learning_rate.committed, session.set_learning_rate),
        (samples.sample_chosen, session.choose_sample),
        (samples.input_edited, session.set_input),
        (samples.expected_edited, session.set_expected),
        (samples.sample_added, session.add_sample),
        (samples.sample_removed, session.remove_sample),
        (samples.rows_pasted, session.paste_samples),
        (samples.tried_changed, session.try_inputs),
        (samples.edit_started, session.pause),
        (window.example_wished, session.open_example),
        (window.network_made, session.make_network),
        (window.settings_changed, session.change_settings),
        (window.files.open_wished, session.open),
        (window.files.save_wished, session.save),
        (window.files.export_wished, session.export_weights),
        (window.files.import_wished, session.import_weights),
        (window.pictures.made, session.write_file),
        (window.solutions.made, session.write_file),
        (window.solutions.refused, window.status.show_refusal),
    )
    explained = _explaining_wires(session, window)
    for signal, slot in (*wires, *_building_wires(session, window), *explained):
        signal.connect(slot)


def _explaining_wires(
    session: Session, window: MainWindow
) -> tuple[tuple[SignalInstance, Callable[..., None]], ...]:
    """The wires of the panel that explains numbers, and of all places that open it."""
    panel, transport = window.explaining, window.explaining.transport
    return (
        (transport.forward_wished, session.step_inside),
        (transport.back_wished, session.step_back_inside),
        (transport.first_wished, session.begin_inside),
        (transport.last_wished, session.finish_inside),
        (panel.outline.idea_chosen, session.go_inside_to),
        (panel.card.opened, session.open_card),
        (panel.card.left, session.go_back_to_card),
        (panel.closed, session.leave_inside),
        (panel.card.pointed, window.lighting.point_at),
        (panel.card.path_pointed, window.lighting.point_at_path),
        (window.diagram.view.numbers.pointed, window.lighting.point_at),
        (window.factors.table.quantity_pointed, window.lighting.point_at),
        (window.factors.card.quantity_pointed, window.lighting.point_at),
        (window.error_plot.quantity_pointed, window.lighting.point_at),
        (window.samples.table.quantity_pointed, window.lighting.point_at),
        (window.factors.card.quantity_opened, session.open_card),
        (window.diagram.view.numbers.opened, session.open_card),
        (window.factors.table.quantity_opened, session.open_card),
    )


def _building_wires(
    session: Session, window: MainWindow
) -> tuple[tuple[SignalInstance, Callable[..., None]], ...]:
    """The wires of the Build menu, and of what it asks."""
    build, menu, diagram = window.build, window.build_menu, window.diagram.view.wishes
    return (
        (session.new_weights_asked, window.ask_new_weights),
        (session.copied, put_on_clipboard),
        (window.new_weights_answered, session.choose_new_weights),
        (menu.new_weights_chosen, session.choose_new_weights),
        (build.questions.layer_added, session.add_layer),
        (build.layer_duplicated, session.duplicate_layer),
        (menu.layer_removed, session.remove_layer),
        (menu.layer_moved, session.move_layer),
        (build.neurons_added, session.add_neurons),
        (build.neurons_connected, session.connect_neurons),
        (menu.layers_connected, session.connect_layers),
        (menu.layers_disconnected, session.disconnect_layers),
        (build.biases_set, session.set_bias),
        (menu.activations_chosen, session.set_activations),
        (build.parts_frozen, session.set_frozen),
        (build.questions.parts_set, session.set_parameters),
        (build.parts_deleted, session.delete),
        (build.parts_copied, session.copy),
        (build.pasted, session.paste),
        (build.all_chosen, session.choose_all),
        (build.places_reset, session.reset_places),
        (build.neurons_arranged, window.diagram.arrange),
        (build.questions.neuron_named, session.name_neuron),
        (build.questions.weight_named, session.name_weight),
        (build.questions.neuron_noted, session.note_neuron),
        (diagram.parts_chosen, session.choose),
        (diagram.gesture_begun, session.begin_gesture),
        (diagram.gesture_ended, session.end_gesture),
        (diagram.gesture_cancelled, session.cancel_gesture),
        (diagram.neurons_added, session.add_neurons),
        (diagram.neurons_connected, session.connect_neurons),
        (diagram.parts_deleted, session.delete),
        (diagram.parts_frozen, session.set_frozen),
        (diagram.activations_chosen, session.set_activations),
        (diagram.neurons_placed, session.place_neurons),
        (diagram.name_wished, build.questions.ask_name),
        (diagram.menu_wished, menu.popup),
    )


def _settled(window: MainWindow, wish: Callable[[], None]) -> Callable[[bool], None]:
    """Commit the number that is being typed before a wish; without it when that is refused."""

    def triggered(_checked: bool = False) -> None:
        if window.settle():
            wish()

    return triggered


def _without_checked(wish: Callable[[], None]) -> Callable[[bool], None]:
    """Drop the state that Qt sends with every click."""

    def clicked(_checked: bool = False) -> None:
        wish()

    return clicked


def make_application() -> QApplication:
    """Return the QApplication, dressed; there is one in a process."""
    existing = QApplication.instance()
    app = existing if isinstance(existing, QApplication) else QApplication(sys.argv[:1])
    app.setDesktopFileName("org.nnsim.nnsim")
    app.setStyle("Fusion")
    sys.setswitchinterval(SWITCH_SECONDS)
    app.setWindowIcon(QIcon(str(resource("icons", "nnsim.svg"))))
    load_fonts()
    make_accessible()
    return app


def run_app(path: str | None) -> int:
    """Open the window, on a project file if one is given; return the exit code."""
    refuse_unsound_qt()
    refuse_no_screen()
    QCoreApplication.setApplicationName("nnsim")  # settings are found by these
    QCoreApplication.setOrganizationName("nnsim")
    own_scale = float(os.environ.get("QT_SCALE_FACTOR") or 1.0)
    code, state = AGAIN, None
    while code == AGAIN:
        os.environ["QT_SCALE_FACTOR"] = str(own_scale * Preferences(QSettings()).scale)
        code, state = _sit(state, path)
        path = None
    return code


def _sit(state: State | None, path: str | None) -> tuple[int, State]:
    """Open one window; return how it was left, with AGAIN where another one is to follow."""
    app = make_application()
    program = Program(app, Preferences(QSettings()), state)
    sys.excepthook = program.report_fault
    program.start()
    gc.enable()  # __main__ has stopped it for the start
    if path is not None:
        QTimer.singleShot(0, program.window, lambda: program.session.open(path))
    code = app.exec()
    program.end()
    left = program.session.state  # with the last steps of a run
    if code == AGAIN:
        sys.excepthook = sys.__excepthook__
        del program
        _forget_what_was_drawn()
        app.shutdown()
    return code, left


def _forget_what_was_drawn() -> None:
    """Let go of fonts and pictures: they do not outlive the application they were made in."""
    for name, module in list(sys.modules.items()):
        if name.startswith("nnsim.views"):
            for value in list(vars(module).values()):
                if hasattr(value, "cache_clear"):
                    value.cache_clear()
    gc.collect()


def refuse_unsound_qt() -> None:
    """Raise NnsimError for PySide6 6.12.0 before Python 3.12: it is known to abort."""
    if qVersion() == "6.12.0" and sys.version_info < (3, 12):
        raise NnsimError(
            "PySide6 6.12.0 aborts on Python before 3.12; install PySide6-Essentials 6.11.3."
        )


def refuse_no_screen() -> None:
    """Raise NnsimError where there is no screen: Qt would abort, and blame something else."""
    chosen = os.environ.get("QT_QPA_PLATFORM") or os.environ.get("WAYLAND_DISPLAY")
    if sys.platform.startswith("linux") and not (chosen or os.environ.get("DISPLAY")):
        raise NnsimError(
            "There is no screen to open a window on (DISPLAY is not set); "
            "the commands work without one: see nnsim --help."
        )
