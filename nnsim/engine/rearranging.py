"""Rearranging a network: its neurons in other layers, new ones among them, connections carried."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from nnsim.engine.lineage import Lineage, Places
from nnsim.engine.rearrangement import Rearrangement
from nnsim.engine.references import Neuron
from nnsim.engine.structure import Layer, Mask, Structure, check_neuron, check_sizes
from nnsim.errors import BadNetwork


@dataclass(frozen=True)
class NewNeuron:
    """A neuron that there was not before, to be connected with the layers beside it.

    Of a new input neither the activation nor the bias means anything.
    """

    activation: str
    has_bias: bool


@dataclass(frozen=True)
class Copy:
    """A copy of a neuron, with its activation, its bias and its connections as far as both ends
    are there: between two copies as between their originals, else with the original's others."""

    of: Neuron


Placed = Neuron | NewNeuron | Copy


def rearranged(
    structure: Structure, layers: Sequence[Sequence[Placed]], source: Structure | None = None
) -> Rearrangement:
    """Put the neurons of a network into other layers (inputs first), with new ones among them.

    A connection between two old neurons stays if it still runs from a layer to a later one. A new
    neuron is connected with all of the layers directly before and after it. Two layers that come
    to stand side by side without any connection between them are connected fully. source: the
    network that copies are of, this one when not given; where an original is connected with a
    neuron that is not copied, the copy is connected with the neuron that has the same layer and
    index in `structure`. Raises BadNetwork for what cannot be.
    """
    source = source or structure
    sizes = [len(row) for row in layers]
    check_sizes(sizes, [False] * (len(sizes) - 1))  # at once: the rest takes time for a million
    _check_placed(structure, source, layers)
    old = Lineage(structure, _places([_old_place(structure, n) for row in layers for n in row]))
    copies = _places([_copied_place(source, n) for row in layers for n in row])
    others = _others(old, source, copies)
    of_source = Lineage(source, np.where(copies < 0, others, copies))
    has_copies = bool((copies >= 0).any())
    roomy = _with_room(structure, source, [old, of_source][: 1 + has_copies], layers)
    carried, copied = old.places_in(roomy), np.full(roomy.slot_count, -1)
    if has_copies:
        copied = np.where(_touching(roomy, copies >= 0), of_source.places_in(roomy), -1)
    fresh = _fresh(roomy, old, layers, (carried >= 0) | (copied >= 0))
    change = Rearrangement(roomy, carried, copied, fresh, _moved(layers))
    return change.trimmed().masked(structure, source)


def _moved(layers: Sequence[Sequence[Placed]]) -> dict[Neuron, Neuron]:
    """Where each old neuron stands in the new layers."""
    return {
        neuron: (number, index)
        for number, row in enumerate(layers)
        for index, neuron in enumerate(row)
        if isinstance(neuron, tuple)
    }


def _places(places: list[int]) -> Places:
    return np.array(places, dtype=np.intp)


def _old_place(structure: Structure, neuron: Placed) -> int:
    """The place of an old neuron in the flat vector of activations; −1 for another."""
    return structure.starts[neuron[0]] + neuron[1] if isinstance(neuron, tuple) else -1


def _copied_place(source: Structure, neuron: Placed) -> int:
    """The place of a copy's original in the flat vector of activations; −1 for another."""
    return _old_place(source, neuron.of) if isinstance(neuron, Copy) else -1


def _others(old: Lineage, source: Structure, copies: Places) -> Places:
    """For each neuron which one of the source stands for it as the far end of a copy: the one of
    the same layer and index; none (−1) where that one is copied itself."""
    same = np.full(old.structure.starts[-1] + 1, -1)  # the last one for those that are not old
    for number, (size, of) in enumerate(zip(old.structure.sizes, source.sizes, strict=False)):
        first, count = old.structure.starts[number], min(size, of)
        same[first : first + count] = source.starts[number] + np.arange(count)
    others = same[old.neurons]
    return np.where(np.isin(others, copies), -1, others)


def _with_room(
    structure: Structure,
    source: Structure,
    lineages: Sequence[Lineage],
    layers: Sequence[Sequence[Placed]],
) -> Structure:
    """The new layers, each reaching back as far as anything in it was connected before."""
    sizes = [len(row) for row in layers]
    starts = np.cumsum([0, *sizes])
    specs = []
    for number in range(1, len(layers)):
        here, before = slice(starts[number], starts[number + 1]), int(starts[number])
        first = min(lineage.first_source(here, before) for lineage in lineages)
        reach = number - int(np.searchsorted(starts, min(first, before - 1), side="right")) + 1
        names = tuple(_activation(structure, source, neuron) for neuron in layers[number])
        has_bias = any(lineage.has_bias(here) for lineage in lineages)
        has_new = any(isinstance(n, NewNeuron) and n.has_bias for n in layers[number])
        specs.append(Layer(names, has_bias or has_new, reach))
    return Structure(sizes[0], tuple(specs))


def _activation(structure: Structure, source: Structure, neuron: Placed) -> str:
    if isinstance(neuron, NewNeuron):
        return neuron.activation
    of, (layer, index) = (source, neuron.of) if isinstance(neuron, Copy) else (structure, neuron)
    return of.layers[layer - 1].activations[index]


def _touching(structure: Structure, flagged: Mask) -> Mask:
    """For each place whether it is a bias of a flagged neuron or a weight from or to one."""
    touching = np.empty(structure.slot_count, np.bool_)
    for number, (matrix, slot) in enumerate(
        zip(structure.weights_in(touching), structure.slots, strict=True), start=1
    ):
        targets = flagged[structure.starts[number] : structure.starts[number + 1]]
        matrix[...] = targets[:, None] | flagged[slot.first : slot.first + slot.width]
        touching[slot.biases : slot.end] = targets[: slot.end - slot.biases]
    return touching


def _fresh(
    structure: Structure, old: Lineage, layers: Sequence[Sequence[Placed]], known: Mask
) -> Mask:
    """Which weights and biases come with new neurons, or between layers that became neighbours."""
    fresh = np.zeros(structure.slot_count, np.bool_)
    weights, known_weights = structure.weights_in(fresh), structure.weights_in(known)
    new = [np.array([isinstance(n, NewNeuron) for n in row]) for row in layers]
    for number, slot in enumerate(structure.slots, start=1):
        near = slice(-structure.sizes[number - 1], None)
        block = weights[number - 1][:, near]
        block[...] = new[number][:, None] | new[number - 1]
        if not (block.any() or known_weights[number - 1][:, near].any()):
            block[...] = not _were_neighbours(structure, old, number)
        with_bias = [isinstance(n, NewNeuron) and n.has_bias for n in layers[number]]
        fresh[slot.biases : slot.end] = with_bias[: slot.end - slot.biases]
    return fresh


def _were_neighbours(structure: Structure, old: Lineage, number: int) -> bool:
    """Whether a layer and the one before it came from layers that stood side by side as well."""
    starts = structure.starts
    before = old.layers_in(slice(starts[number - 1], starts[number]))
    here = old.layers_in(slice(starts[number], starts[number + 1]))
    return bool(np.isin(before + 1, here).any())


def _check_placed(
    structure: Structure, source: Structure, layers: Sequence[Sequence[Placed]]
) -> None:
    """Refuse neurons that there are not, or that stand twice, and inputs behind the inputs."""
    old = [neuron for row in layers for neuron in row if isinstance(neuron, tuple)]
    if len(set(old)) < len(old):
        raise BadNetwork("A neuron can stand in one place only.")
    for number, row in enumerate(layers):
        for neuron in row:
            if isinstance(neuron, NewNeuron):
                continue
            home, of = (source, neuron.of) if isinstance(neuron, Copy) else (structure, neuron)
            check_neuron(home, of)
            if (of[0] == 0) != (number == 0):
                raise BadNetwork("An input stays an input, and a neuron of a layer one of a layer.")
