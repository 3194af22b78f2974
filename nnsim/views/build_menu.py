"""The Build menu, and the same as a context menu of what is chosen in the diagram."""

from collections.abc import Callable
from functools import partial

from PySide6.QtCore import Signal, SignalInstance
from PySide6.QtWidgets import QMenu, QWidget

from nnsim.engine.activations import ACTIVATIONS, activation_named
from nnsim.engine.settings import Settings
from nnsim.model.frame import Frame
from nnsim.model.rebuilding import Fresh
from nnsim.tracing.names import layer_name
from nnsim.views.build_actions import ARRANGED, BuildActions
from nnsim.views.build_choice import BuildChoice
from nnsim.views.new_weights_question import fresh_words


class BuildMenu(QMenu):
    """Filled anew whenever it opens, for what is chosen then."""

    layer_removed = Signal(int)
    layer_moved = Signal(int, int)
    layers_connected = Signal(int, int)
    layers_disconnected = Signal(int, int)
    activations_chosen = Signal(object, str)
    new_weights_chosen = Signal(object)

    def __init__(self, actions: BuildActions, parent: QWidget) -> None:
        super().__init__(parent)
        self.setTitle(self.tr("Build"))
        self._actions = actions
        self._frame: Frame | None = None
        self.aboutToShow.connect(self._fill)

    def show_frame(self, frame: Frame) -> None:
        """Show a moment when it is opened next."""
        self._frame = frame

    def _fill(self) -> None:
        self.clear()
        choice = self._actions.choice
        if choice is None or self._frame is None:
            return
        self._actions.name_toggles()
        self._add("add_neuron", "add_layer")
        if choice.is_movable_layer:
            self._add_layer_actions(choice, choice.layer or 0)
        if choice.layer is not None:
            self._add_connections(choice, choice.layer)
        self.addSeparator()
        if choice.chosen:
            self._add("connect", "freeze", "bias", "set_weights", "name", "note")
            if choice.computing:
                self._add_activations(choice)
            self.addSeparator()
        self._add("delete", "copy", "paste", "choose_all")
        shelf = self.addMenu(self.tr("Arrange"))
        for name in (*ARRANGED, "layout"):
            shelf.addAction(self._actions.by_name[name])
        self.addSeparator()
        self._add_new_weights(self._frame.document.settings, self._frame.fresh)

    def _add(self, *names: str) -> None:
        for name in names:
            self.addAction(self._actions.by_name[name])

    def _add_layer_actions(self, choice: BuildChoice, layer: int) -> None:
        before = self.addAction(self.tr("Add layer before…"))
        before.triggered.connect(partial(_ask, self._actions.questions.ask_layer, layer))
        self._add("duplicate_layer")
        for words, to in (
            (self.tr("Move layer left"), layer - 1),
            (self.tr("Move layer right"), layer + 1),
        ):
            action = self.addAction(words)
            action.setEnabled(1 <= to <= len(choice.network.layers))
            action.triggered.connect(partial(_emit, self.layer_moved, (layer, to)))
        action = self.addAction(self.tr("Remove layer"))
        action.setEnabled(len(choice.network.layers) > 1)
        action.triggered.connect(partial(_emit, self.layer_removed, (layer,)))

    def _add_connections(self, choice: BuildChoice, layer: int) -> None:
        """All connections between the chosen layer and each other one, to come and to go."""
        for words, signal in (
            (self.tr("Connect layer with"), self.layers_connected),
            (self.tr("Disconnect layer from"), self.layers_disconnected),
        ):
            shelf = self.addMenu(words)
            for other in range(len(choice.network.sizes)):
                if other != layer:
                    action = shelf.addAction(layer_name(choice.network, other))
                    ends = (min(layer, other), max(layer, other))
                    action.triggered.connect(partial(_emit, signal, ends))

    def _add_activations(self, choice: BuildChoice) -> None:
        shelf, present = self.addMenu(self.tr("Activation")), choice.activations()
        for name in ACTIVATIONS:
            if name == "softmax" and not choice.is_whole_output():
                continue  # it is for all outputs together
            action = shelf.addAction(f"{name}    {activation_named(name).formula}")
            action.setCheckable(True)
            action.setChecked(present == {name})
            action.triggered.connect(
                partial(_emit, self.activations_chosen, (choice.computing, name))
            )

    def _add_new_weights(self, settings: Settings, fresh: Fresh | None) -> None:
        shelf = self.addMenu(self.tr("New weights start at"))
        for answer, words in fresh_words(self, settings).items():
            action = shelf.addAction(words)
            action.setCheckable(True)
            action.setChecked(answer is fresh)
            action.triggered.connect(partial(_emit, self.new_weights_chosen, (answer,)))


def _ask(question: Callable[[int], None], layer: int, _checked: bool = False) -> None:
    question(layer)


def _emit(signal: SignalInstance, values: tuple[object, ...], _checked: bool = False) -> None:
    signal.emit(*values)
