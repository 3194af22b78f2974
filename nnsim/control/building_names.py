"""What Undo calls the edits of structure and of a selection: Add neuron to layer 2."""

from collections.abc import Collection, Iterable

from PySide6.QtCore import QObject

from nnsim.engine.network import Network, ParameterRef
from nnsim.engine.references import Neuron
from nnsim.model.frame import Part, has_part
from nnsim.tracing.names import neuron_name, parameter_name
from nnsim.tracing.wording import on_paper


class BuildingNames(QObject):
    """Names for edits of a network, which is as it is before them."""

    def __init__(self, network: Network) -> None:
        super().__init__()
        self._network = network

    def layer_added(self, at: int) -> str:
        """Of a new layer."""
        return self.tr("Add layer {}").format(at)

    def layer_removed(self, layer: int) -> str:
        """Of a layer that goes."""
        return self.tr("Remove layer {}").format(layer)

    def layer_moved(self, layer: int, to: int) -> str:
        """Of a layer that gets another number."""
        return self.tr("Move layer {} to {}").format(layer, to)

    def layer_duplicated(self, layer: int) -> str:
        """Of a layer and its copy."""
        return self.tr("Duplicate layer {}").format(layer)

    def neurons_added(self, layer: int, count: int) -> str:
        """Of new neurons, or inputs."""
        if layer == 0:
            return self.tr("Add input") if count == 1 else self.tr("Add {} inputs").format(count)
        if count == 1:
            return self.tr("Add neuron to layer {}").format(layer)
        return self.tr("Add {} neurons to layer {}").format(count, layer)

    def removed(self, parts: Iterable[Part]) -> str:
        """Of neurons, weights and biases that go."""
        return self.tr("Remove {}").format(self._said(parts))

    def pasted(self, neurons: Collection[Neuron]) -> str:
        """Of copies of neurons."""
        one, many = self.tr("Paste neuron"), self.tr("Paste {} neurons")
        return one if len(neurons) == 1 else many.format(len(neurons))

    def connected(self, source: Neuron, target: Neuron) -> str:
        """Of a new connection."""
        ends = (self._name(end) for end in (source, target))
        return self.tr("Connect {} → {}").format(*ends)

    def layers_connected(self, from_layer: int, to_layer: int) -> str:
        """Of all connections between two layers that were not there."""
        return self.tr("Connect {} with {}").format(self._layer(from_layer), self._layer(to_layer))

    def layers_disconnected(self, from_layer: int, to_layer: int) -> str:
        """Of all connections between two layers that go."""
        ends = (self._layer(from_layer), self._layer(to_layer))
        return self.tr("Disconnect {} from {}").format(*reversed(ends))

    def bias_set(self, neurons: Iterable[Neuron], present: bool) -> str:
        """Of biases that come or go."""
        text = self.tr("Add bias to {}") if present else self.tr("Remove bias of {}")
        return text.format(self._said(neurons))

    def frozen(self, parts: Iterable[Part], frozen: bool) -> str:
        """Of weights and biases kept from training, or given back to it."""
        text = self.tr("Freeze {}") if frozen else self.tr("Unfreeze {}")
        return text.format(self._said(parts))

    def set_to(self, parts: Iterable[Part], value: float) -> str:
        """Of several weights and biases that get one value."""
        return self.tr("Set {} to {}").format(self._said(parts), on_paper(value))

    def activation_set(self, neurons: Iterable[Neuron], activation: str) -> str:
        """Of another activation."""
        return self.tr("Activation {} for {}").format(activation, self._said(neurons))

    def named(self, part: Part, name: str) -> str:
        """Of a part that is called something else; an empty name is the usual one."""
        if not name:
            return self.tr("Usual name for {}").format(self._name(part))
        return self.tr("Name {} “{}”").format(self._name(part), name)

    def noted(self, neuron: Neuron) -> str:
        """Of another note."""
        return self.tr("Note on {}").format(self._name(neuron))

    def placed(self, neurons: Iterable[Neuron]) -> str:
        """Of neurons put somewhere else."""
        return self.tr("Put {} elsewhere").format(self._said(neurons))

    def _said(self, parts: Iterable[Part]) -> str:
        """One part by its name, several by their number."""
        parts = list(parts)
        if len(parts) == 1:
            return self._name(parts[0])
        weights = sum(isinstance(part, ParameterRef) for part in parts)
        counts = (
            (len(parts) - weights, self.tr("1 neuron"), self.tr("{} neurons")),
            (weights, self.tr("1 weight"), self.tr("{} weights")),
        )
        said = [one if count == 1 else many.format(count) for count, one, many in counts if count]
        return self.tr(" and ").join(said)

    def _name(self, part: Part) -> str:
        if not has_part(self._network, part):
            return "?"  # the edit is refused, with a sentence of its own
        if isinstance(part, ParameterRef):
            return parameter_name(self._network, part)
        return neuron_name(self._network, *part)

    def _layer(self, layer: int) -> str:
        return self.tr("layer {}").format(layer) if layer else self.tr("inputs")
