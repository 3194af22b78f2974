"""The menu in which a neuron, or its whole layer, is given another activation."""

from functools import partial

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QMenu, QWidget

from nnsim.engine.activations import ACTIVATIONS, activation_named
from nnsim.engine.named import plain_name
from nnsim.engine.network import Network


class ActivationMenu(QMenu):
    """Lists every activation with its formula, the present one ticked."""

    activation_chosen = Signal(int, object, str)
    """Layer, neuron and name; the neuron is None for the whole layer."""

    def __init__(self, network: Network, layer: int, index: int, parent: QWidget) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        names = network.layers[layer - 1].activations
        self._add(network, layer, index, names[index])
        if len(names) > 1:
            self.addSeparator()
            whole = self.addAction(self.tr("Use {} in the whole layer").format(names[index]))
            whole.triggered.connect(partial(self._choose, layer, None, names[index]))

    def _add(self, network: Network, layer: int, index: int, present: str) -> None:
        for name in ACTIVATIONS:
            shown = present if plain_name(present) == name else name
            if name == "softmax" and layer < len(network.layers):
                continue  # it is for the output layer
            activation = activation_named(shown)
            action = self.addAction(f"{shown}    {activation.formula}")
            action.setCheckable(True)
            action.setChecked(present == shown)
            together = "softmax" in (present, shown)  # all neurons of the layer or none
            whom = None if together else index
            action.triggered.connect(partial(self._choose, layer, whom, shown))
            if present == shown:
                self.setActiveAction(action)

    def _choose(self, layer: int, index: int | None, name: str, _checked: bool = False) -> None:
        self.activation_chosen.emit(layer, index, name)
