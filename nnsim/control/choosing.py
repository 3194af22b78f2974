"""The wishes of a selection: what is chosen, edits of all of it at once, and gestures."""

from collections.abc import Collection

from nnsim.control.building_names import BuildingNames
from nnsim.control.present import Present, wish, wish_within_training
from nnsim.control.undo_names import changed
from nnsim.engine.network import Network, ParameterRef
from nnsim.engine.references import Neuron
from nnsim.engine.structure import check_neuron
from nnsim.model.frame import Parts, has_part
from nnsim.model.selection import set_activations, set_frozen, set_parameters
from nnsim.tracing.names import parameter_name


class Choosing(Present):
    """Choosing parts of the network, and the edits that leave its structure as it is."""

    @wish_within_training
    def choose(self, parts: Parts) -> None:
        """Choose exactly these neurons, weights and biases; of one alone the factors are shown."""
        known = frozenset(part for part in parts if has_part(self.document.network, part))
        self.state = self.state.choosing(known)
        self.publish()

    @wish_within_training
    def choose_all(self) -> None:
        """Choose every neuron, inputs included."""
        sizes = self.document.network.sizes
        every = frozenset((layer, i) for layer, size in enumerate(sizes) for i in range(size))
        self.state = self.state.choosing(every)
        self.publish()

    @wish
    def begin_gesture(self) -> None:
        """Make all edits from now on one undo, until the gesture ends or something else is done."""
        self._before_gesture = self._history

    def end_gesture(self) -> None:
        """Keep what the gesture came to."""
        self._before_gesture = None

    @wish
    def cancel_gesture(self) -> None:
        """Put back what was before the gesture."""
        if self._before_gesture is not None:
            self._commit(self._before_gesture)

    @wish
    def set_parameter(self, ref: ParameterRef, value: float) -> None:
        """Set one weight or bias."""
        before = self._document_before.network
        old = float(before.parameters[before.index_of(ref)])
        name = parameter_name(before, ref)
        edited = set_parameters(self.document, {ref: value})
        self._edit(edited, changed(name, old, value))

    @wish
    def set_parameters(self, parts: Parts, value: float) -> None:
        """Set chosen weights and biases, and those that lead into chosen neurons, to one value."""
        refs = parameters_of(self.document.network, parts)
        edited = set_parameters(self.document, dict.fromkeys(refs, value))
        self._edit(edited, self._names.set_to(refs, value))

    @wish
    def set_frozen(self, parts: Parts, frozen: bool) -> None:
        """Keep chosen weights and biases, and those into chosen neurons, from training; or not."""
        refs = parameters_of(self.document.network, parts)
        edited = set_frozen(self.document, refs, frozen)
        self._edit(edited, self._names.frozen(refs, frozen))

    @wish
    def set_activations(self, neurons: Collection[Neuron], name: str) -> None:
        """Set the activation of neurons of any layers."""
        edited = set_activations(self.document, neurons, name)
        self._edit(edited, self._names.activation_set(neurons, name))

    @property
    def _names(self) -> BuildingNames:
        return BuildingNames(self._document_before.network)


def parameters_of(network: Network, parts: Parts) -> list[ParameterRef]:
    """Return the weights and biases among parts, and those into the neurons among them.

    Raises BadNetwork when a part is not there.
    """
    refs = {part for part in parts if isinstance(part, ParameterRef)}
    for part in parts:
        if not isinstance(part, ParameterRef):
            check_neuron(network.structure, part)
            refs.update(network.refs_into(*part) if part[0] > 0 else [])
    return sorted(refs, key=network.index_of)
