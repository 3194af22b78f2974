"""The wishes that build a network: layers, neurons and connections; new weights are asked for."""

from collections.abc import Callable, Collection
from dataclasses import replace
from functools import partial

from PySide6.QtCore import Signal

from nnsim.control.labelling import Labelling
from nnsim.control.present import wish
from nnsim.engine.network import ParameterRef
from nnsim.engine.references import Neuron
from nnsim.files.copied_neurons import copied_neurons, copied_text
from nnsim.model import building, connecting
from nnsim.model.deleting import delete
from nnsim.model.document import Document
from nnsim.model.frame import Parts
from nnsim.model.rebuilding import Fresh

Built = Callable[[Fresh], Document]
"""An edit of the structure; new weights get their numbers as it is told."""


class Building(Labelling):
    """Every edit of the structure. Each is one undo; numbers that were there stay."""

    new_weights_asked = Signal()
    """An edit waits to be told where new weights begin: answer with `choose_new_weights`."""
    copied = Signal(str)
    """The text of copied neurons, for the clipboard."""

    _awaiting: Callable[[], None] | None = None
    """The edit that waits for that answer."""

    @wish
    def choose_new_weights(self, fresh: Fresh | None) -> None:
        """Say where new weights get their numbers from; an edit that waited for it is done.

        None is no answer: the edit is not done.
        """
        awaiting, self._awaiting = self._awaiting, None
        if fresh is None:
            return
        self.state = replace(self.state, fresh=fresh)
        self.publish()
        if awaiting is not None:
            awaiting()

    @wish
    def add_layer(self, at: int, size: int, activation: str, keep_direct: bool = False) -> None:
        """Add a layer that is then number `at`, and choose it.

        keep_direct: the layers now beside it also stay connected with each other.
        """

        def added(fresh: Fresh) -> Document:
            longer = building.add_layer(self.document, at, size, activation, fresh)
            if keep_direct or at == len(longer.network.layers):
                return longer
            return connecting.disconnect_layers(longer, at - 1, at + 1)

        self._build(added, self._names.layer_added(at), partial(_row, at, range(size)))

    @wish
    def remove_layer(self, layer: int) -> None:
        """Remove a layer; those beside it are connected with each other."""
        edit = partial(building.remove_layer, self.document, layer)
        self._build(edit, self._names.layer_removed(layer))

    @wish
    def move_layer(self, layer: int, to: int) -> None:
        """Move a layer, which is then number `to`."""
        edit, row = partial(building.move_layer, self.document, layer, to), self._row_of(layer)
        self._build(edit, self._names.layer_moved(layer, to), partial(_row, to, row))

    @wish
    def duplicate_layer(self, layer: int) -> None:
        """Put a copy of a layer behind it, and choose that."""
        edit, row = partial(building.duplicate_layer, self.document, layer), self._row_of(layer)
        self._build(edit, self._names.layer_duplicated(layer), partial(_row, layer + 1, row))

    @wish
    def add_neurons(self, layer: int, count: int = 1, after: int | None = None) -> None:
        """Add neurons to a layer (0: inputs), behind one of them or the last; choose them."""
        first = len(self._row_of(layer)) if after is None else after + 1
        self._build(
            lambda fresh: building.add_neurons(self.document, layer, count, fresh, after),
            self._names.neurons_added(layer, count),
            lambda: _row(layer, range(first, first + count)),
        )

    @wish
    def delete(self, parts: Parts) -> None:
        """Remove neurons, weights and biases; a layer all of whose neurons go, goes."""
        self._build(partial(delete, self.document, parts), self._names.removed(parts))

    @wish
    def connect_neurons(self, source: Neuron, target: Neuron) -> None:
        """Add the connection from a neuron to one of any later layer, and choose it."""
        self._build(
            partial(connecting.connect, self.document, source, target),
            self._names.connected(source, target),
            lambda: frozenset([ParameterRef(*target, source[1], source[0])]),
        )

    @wish
    def connect_layers(self, from_layer: int, to_layer: int) -> None:
        """Add all connections between two layers (0 = inputs) that are not there yet."""
        edit = partial(connecting.connect_layers, self.document, from_layer, to_layer)
        self._build(edit, self._names.layers_connected(from_layer, to_layer))

    @wish
    def disconnect_layers(self, from_layer: int, to_layer: int) -> None:
        """Remove all connections between two layers (0 = inputs)."""
        edited = connecting.disconnect_layers(self.document, from_layer, to_layer)
        self._edit(edited, self._names.layers_disconnected(from_layer, to_layer))

    @wish
    def set_bias(self, neurons: Collection[Neuron], present: bool) -> None:
        """Give each of these neurons a bias, or take it away."""
        edit = partial(connecting.set_bias, self.document, neurons, present)
        self._build(edit, self._names.bias_set(neurons, present))

    @wish
    def copy(self, parts: Parts) -> None:
        """Give out the text of the neurons among these parts, if there are any."""
        neurons = [part for part in parts if not isinstance(part, ParameterRef)]
        if neurons:
            self.copied.emit(copied_text(self.document, neurons))

    @wish
    def paste(self, text: str) -> None:
        """Add copied neurons at the end of their layers, and choose them."""
        source, neurons = copied_neurons(text)
        edited = building.paste_neurons(self.document, neurons, source)
        before, now = self.document.network.sizes, edited.network.sizes
        ends = zip(before, now, strict=True)
        rows = [_row(layer, range(first, end)) for layer, (first, end) in enumerate(ends)]
        self._edit(edited, self._names.pasted(neurons), frozenset().union(*rows))

    def _row_of(self, layer: int) -> range:
        """The neurons of a layer; none where there is no such layer."""
        sizes = self.document.network.sizes
        return range(sizes[layer] if 0 <= layer < len(sizes) else 0)

    def _build(self, edit: Built, text: str, chosen: Callable[[], Parts] | None = None) -> None:
        """Do an edit; it waits for an answer when it makes new weights and nobody has said how.

        chosen: what is chosen then.
        """
        edited = edit(self.state.fresh or Fresh.start_rule)
        if self.state.fresh is None and edited != edit(Fresh.zero):
            self._awaiting = partial(self._build, edit, text, chosen)
            self.new_weights_asked.emit()
        else:
            self._edit(edited, text, chosen() if chosen else None)


def _row(layer: int, indexes: range) -> Parts:
    return frozenset((layer, index) for index in indexes)
