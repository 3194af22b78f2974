"""What the Build menu asks before an edit: for a layer, a number, a name or a note."""

from functools import partial

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtWidgets import QDialog, QWidget

from nnsim.engine.network import ParameterRef
from nnsim.engine.references import Neuron
from nnsim.model.frame import Frame, Part, Parts
from nnsim.tracing.names import neuron_name, parameter_name
from nnsim.views.new_layer_question import NewLayerQuestion
from nnsim.views.set_weights_question import SetWeightsQuestion
from nnsim.views.words_question import WordsQuestion


class BuildQuestions(QObject):
    """Opens the questions over a window; an answer leaves as a signal."""

    layer_added = Signal(int, int, str, bool)
    parts_set = Signal(object, float)
    neuron_named = Signal(object, str)
    weight_named = Signal(object, str)
    neuron_noted = Signal(object, str)

    def __init__(self, window: QWidget) -> None:
        super().__init__(window)
        self._window = window
        self._frame: Frame | None = None

    def show_frame(self, frame: Frame) -> None:
        """Ask for this moment's network from now on."""
        self._frame = frame

    def ask_layer(self, at: int) -> None:
        """Ask for a new layer that is to have a number."""
        if self._frame is not None:
            question = NewLayerQuestion(self._frame.document.network, at, self._window)
            question.layer_added.connect(self.layer_added)
            _open(question)

    def ask_value(self, parts: Parts) -> None:
        """Ask for the number that weights and biases get."""
        question = SetWeightsQuestion(self._window)
        question.value_given.connect(partial(self.parts_set.emit, parts))
        _open(question)

    def ask_name(self, part: Part | None) -> None:
        """Ask for the name of a neuron, weight or bias."""
        if self._frame is None or part is None:
            return
        network = self._frame.document.network
        labels = network.structure.labels
        if isinstance(part, ParameterRef):
            usual, signal = parameter_name(network, part), self.weight_named
            given = labels.weights.get(part, "")
        else:
            usual, signal = neuron_name(network, *part), self.neuron_named
            given = labels.neurons.get(part, "")
        what = self.tr("Name of {} (empty for the usual one)").format(usual)
        question = WordsQuestion(self.tr("Name"), what, given, lines=False, parent=self._window)
        question.given.connect(partial(signal.emit, part))
        _open(question)

    def ask_note(self, neuron: Neuron) -> None:
        """Ask for the note on a neuron."""
        if self._frame is None:
            return
        document = self._frame.document
        what = self.tr("Note on {}").format(neuron_name(document.network, *neuron))
        note = document.drawing.notes.get(neuron, "")
        question = WordsQuestion(self.tr("Note"), what, note, lines=True, parent=self._window)
        question.given.connect(partial(self.neuron_noted.emit, neuron))
        _open(question)


def _open(question: QDialog) -> None:
    question.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    question.open()
