"""The wishes for what a person says of a network: names, notes, and where neurons are put."""

from collections.abc import Collection, Mapping

from nnsim.control.explaining import Explaining
from nnsim.control.present import wish
from nnsim.engine.network import ParameterRef
from nnsim.engine.references import Neuron
from nnsim.model import labelling
from nnsim.model.drawing import Point


class Labelling(Explaining):
    """The edits after which every number is the same."""

    @wish
    def name_neuron(self, neuron: Neuron, name: str) -> None:
        """Name a neuron; an empty name gives it back the usual one."""
        edited = labelling.name_neuron(self.document, neuron, name)
        self._edit(edited, self._names.named(neuron, name.strip()))

    @wish
    def name_weight(self, ref: ParameterRef, name: str) -> None:
        """Name a weight or bias likewise."""
        edited = labelling.name_weight(self.document, ref, name)
        self._edit(edited, self._names.named(ref, name.strip()))

    @wish
    def note_neuron(self, neuron: Neuron, note: str) -> None:
        """Put a note on a neuron; an empty one takes it away."""
        edited = labelling.note_neuron(self.document, neuron, note)
        self._edit(edited, self._names.noted(neuron))

    @wish
    def place_neurons(self, places: Mapping[Neuron, Point]) -> None:
        """Put neurons at places of the diagram."""
        edited = labelling.place_neurons(self.document, places)
        self._edit(edited, self._names.placed(places))

    @wish
    def reset_places(self, neurons: Collection[Neuron] | None = None) -> None:
        """Give neurons, all of them when not given, back to the automatic layout."""
        edited = labelling.reset_places(self.document, neurons)
        self._edit(edited, self.tr("Automatic layout"))
