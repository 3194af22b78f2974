"""The actions that build, with their keys: for what is chosen, and for the whole network."""

from collections.abc import Callable
from functools import partial

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QApplication, QWidget

from nnsim.model.frame import Frame
from nnsim.views.build_choice import BuildChoice
from nnsim.views.build_questions import BuildQuestions
from nnsim.views.clipboard import on_clipboard
from nnsim.views.keys import shortcut

ARRANGED = ("column", "row", "down", "across")
IN_THE_DIAGRAM = ("delete", "choose_all", "copy", "paste", "name", "note")
"""Their keys mean something else in a table or a field: here they work in the diagram alone."""


class BuildActions(QObject):
    """Shows a Frame by what can be done; what a person wished leaves as a signal."""

    layer_duplicated = Signal(int)
    neurons_added = Signal(int)
    neurons_connected = Signal(object, object)
    biases_set = Signal(object, bool)
    parts_frozen = Signal(object, bool)
    places_reset = Signal(object)
    """Of the chosen neurons; None for all."""
    neurons_arranged = Signal(str, object)
    """How (see diagram/arranging.py), and which neurons."""
    parts_deleted = Signal(object)
    parts_copied = Signal(object)
    all_chosen = Signal()
    pasted = Signal(str)

    def __init__(self, window: QWidget, diagram: QWidget) -> None:
        super().__init__(window)
        self.questions = BuildQuestions(window)
        self.choice: BuildChoice | None = None
        self.by_name: dict[str, QAction] = {}
        for name, text in self._texts().items():
            action = self.by_name[name] = QAction(text, self)
            action.setShortcut(QKeySequence(shortcut(name)))
            action.triggered.connect(partial(self._do, name))
            if name in IN_THE_DIAGRAM:
                action.setShortcutContext(Qt.ShortcutContext.WidgetShortcut)
                diagram.addAction(action)
            else:
                window.addAction(action)
        QApplication.clipboard().dataChanged.connect(self._look_at_clipboard)
        self._look_at_clipboard()

    def show_frame(self, frame: Frame) -> None:
        """Show a moment: which actions there are for what is chosen."""
        self.questions.show_frame(frame)
        network, old = frame.document.network, self.choice
        if old is not None and old.is_of(network, frame.chosen):
            return
        choice = self.choice = BuildChoice(network, frame.chosen)
        for name, is_on in (
            ("duplicate_layer", choice.is_movable_layer),
            ("connect", choice.missing_connection is not None),
            ("freeze", choice.has_parameters),
            ("set_weights", choice.has_parameters),
            ("bias", bool(choice.computing)),
            ("copy", bool(choice.neurons)),
            ("delete", bool(choice.chosen)),
            ("column", len(choice.neurons) > 1),
            ("row", len(choice.neurons) > 1),
            ("down", len(choice.neurons) > 2),
            ("across", len(choice.neurons) > 2),
            ("name", choice.single is not None),
            ("note", choice.single is not None and bool(choice.neurons)),
        ):
            self.by_name[name].setEnabled(is_on)

    def name_toggles(self) -> None:
        """Let the texts say what the actions would do now; they cost too much for every frame."""
        if self.choice is None:
            return
        texts, choice = self._texts(), self.choice
        if choice.has_parameters and choice.all_frozen():
            texts["freeze"] = self.tr("Unfreeze")
        if choice.computing and choice.all_biased():
            texts["bias"] = self.tr("Remove bias")
        if choice.layer is not None:
            texts["add_layer"] = self.tr("Add layer behind…")
        if choice.layer_to_grow == 0:
            texts["add_neuron"] = self.tr("Add input")
        for name, text in texts.items():
            self.by_name[name].setText(text)

    def _do(self, name: str, _checked: bool = False) -> None:
        choice = self.choice
        if choice is None:
            return
        acts: dict[str, Callable[[], object]] = {
            "add_layer": lambda: self.questions.ask_layer(choice.place_for_layer),
            "add_neuron": lambda: self.neurons_added.emit(choice.layer_to_grow),
            "duplicate_layer": lambda: self.layer_duplicated.emit(choice.layer),
            "connect": lambda: self.neurons_connected.emit(*(choice.missing_connection or ())),
            "freeze": lambda: self.parts_frozen.emit(choice.chosen, not choice.all_frozen()),
            "set_weights": lambda: self.questions.ask_value(choice.chosen),
            "name": lambda: self.questions.ask_name(choice.single),
            "note": lambda: self.questions.ask_note(choice.neurons[0]),
            "layout": lambda: self.places_reset.emit(choice.neurons or None),
            "bias": lambda: self.biases_set.emit(choice.computing, not choice.all_biased()),
            "copy": lambda: self.parts_copied.emit(choice.chosen),
            "paste": self._paste,
            "delete": lambda: self.parts_deleted.emit(choice.chosen),
            "choose_all": self.all_chosen.emit,
            **{
                name: partial(self.neurons_arranged.emit, name, choice.neurons) for name in ARRANGED
            },
        }
        acts[name]()

    def _paste(self) -> None:
        text = on_clipboard()
        if text is not None:
            self.pasted.emit(text)

    def _look_at_clipboard(self) -> None:
        self.by_name["paste"].setEnabled(on_clipboard() is not None)

    def _texts(self) -> dict[str, str]:
        return {
            "add_layer": self.tr("Add layer…"),
            "add_neuron": self.tr("Add neuron"),
            "duplicate_layer": self.tr("Duplicate layer"),
            "connect": self.tr("Connect the two neurons"),
            "freeze": self.tr("Freeze"),
            "set_weights": self.tr("Set weights…"),
            "bias": self.tr("Add bias"),
            "name": self.tr("Name…"),
            "note": self.tr("Note…"),
            "layout": self.tr("Automatic layout"),
            "column": self.tr("Align in a column"),
            "row": self.tr("Align in a row"),
            "down": self.tr("Even out downwards"),
            "across": self.tr("Even out across"),
            "copy": self.tr("Copy neurons"),
            "paste": self.tr("Paste neurons"),
            "delete": self.tr("Remove what is chosen"),
            "choose_all": self.tr("Choose all neurons"),
        }
