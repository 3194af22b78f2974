"""What the Build menu can do with what is chosen."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

from nnsim.engine.network import Network, ParameterRef
from nnsim.engine.references import Neuron
from nnsim.model.frame import Part, Parts


@dataclass(frozen=True)
class BuildChoice:
    """A network, and the parts of it that are chosen."""

    network: Network
    chosen: Parts

    def is_of(self, network: Network, chosen: Parts) -> bool:
        """Return whether nothing has changed but numbers."""
        return self.network.structure is network.structure and self.chosen == chosen

    @cached_property
    def neurons(self) -> list[Neuron]:
        """The chosen neurons, inputs included."""
        return sorted(part for part in self.chosen if not isinstance(part, ParameterRef))

    @cached_property
    def computing(self) -> list[Neuron]:
        """The chosen neurons without the inputs."""
        return [neuron for neuron in self.neurons if neuron[0] > 0]

    @property
    def single(self) -> Part | None:
        """The one part that is chosen; None when none or several are."""
        return next(iter(self.chosen)) if len(self.chosen) == 1 else None

    @property
    def has_parameters(self) -> bool:
        """Whether a weight or bias is chosen, or a neuron that some lead into."""
        return bool(self.computing) or len(self.chosen) > len(self.neurons)

    @cached_property
    def layer(self) -> int | None:
        """The layer that all chosen parts are of (0 = inputs); None without one."""
        layers = {p.layer if isinstance(p, ParameterRef) else p[0] for p in self.chosen}
        return layers.pop() if len(layers) == 1 else None

    @property
    def layer_to_grow(self) -> int:
        """The layer that gets a neuron: the chosen one, else the last hidden one."""
        return max(1, len(self.network.layers) - 1) if self.layer is None else self.layer

    @property
    def place_for_layer(self) -> int:
        """The number of a new layer: behind the chosen one, else before the outputs."""
        return len(self.network.layers) if self.layer is None else self.layer + 1

    @property
    def is_movable_layer(self) -> bool:
        """Whether the chosen parts are of one layer that is not the inputs."""
        return bool(self.layer)

    @property
    def missing_connection(self) -> tuple[Neuron, Neuron] | None:
        """Two chosen neurons that are not connected and could be, the earlier one first."""
        if len(self.chosen) != 2 or len(self.neurons) != 2:
            return None
        source, target = self.neurons
        if source[0] == target[0]:
            return None
        there = self.network.has(ParameterRef(*target, source[1], source[0]))
        return None if there else (source, target)

    def all_frozen(self) -> bool:
        """Return whether every weight and bias concerned is frozen."""
        network = self.network
        return all(network.is_frozen(network.index_of(ref)) for ref in self._parameters())

    def all_biased(self) -> bool:
        """Return whether every chosen neuron has a bias."""
        has = self.network.has
        return all(has(ParameterRef(layer, index, None)) for layer, index in self.computing)

    def activations(self) -> set[str]:
        """Return the activations of the chosen neurons."""
        layers = self.network.layers
        return {layers[layer - 1].activations[index] for layer, index in self.computing}

    def is_whole_output(self) -> bool:
        """Return whether all outputs and no other neurons are chosen: they can be a softmax."""
        return self.layer == len(self.network.layers) and (
            len(self.computing) == self.network.output_count
        )

    def _parameters(self) -> Iterator[ParameterRef]:
        for part in self.chosen:
            if isinstance(part, ParameterRef):
                yield part
            elif part[0] > 0:
                yield from self.network.refs_into(*part)
