"""Rewiring a network: connections and biases added or removed; all neurons stay where they are."""

from collections.abc import Iterable
from dataclasses import replace

import numpy as np

from nnsim.engine.lineage import Lineage
from nnsim.engine.rearrangement import Rearrangement
from nnsim.engine.references import Neuron
from nnsim.engine.structure import Layer, Mask, Structure
from nnsim.errors import BadNetwork


def connected(structure: Structure, from_layer: int, layer: int, wanted: Mask) -> Rearrangement:
    """Add those connections between two layers that are wanted [to, from] and not there yet.

    Raises BadNetwork when `layer` does not come after `from_layer` (0 = inputs).
    """
    check_forward(structure, from_layer, layer)
    old = structure.layers[layer - 1]
    reach = max(old.reach, layer - from_layer)
    roomy = _with_layers(structure, {layer: replace(old, reach=reach)})
    asked = np.zeros(roomy.slot_count, np.bool_)
    first = roomy.starts[from_layer] - roomy.slots[layer - 1].first
    columns = slice(first, first + roomy.sizes[from_layer])
    roomy.weights_in(asked)[layer - 1][:, columns] = wanted
    return _rewired(structure, roomy, asked)


def with_biases(structure: Structure, neurons: Iterable[Neuron]) -> Rearrangement:
    """Add a bias to each of these neurons (layer from 1) that has none yet."""
    neurons = list(neurons)
    roomy = _with_layers(
        structure,
        {number: replace(structure.layers[number - 1], has_bias=True) for number, _ in neurons},
    )
    asked = np.zeros(roomy.slot_count, np.bool_)
    asked[[roomy.slots[number - 1].biases + index for number, index in neurons]] = True
    return _rewired(structure, roomy, asked)


def without(structure: Structure, removed: Mask) -> Rearrangement:
    """Remove the weights and biases in those places of the flat vector where the mask is true."""
    roomy = _with_layers(structure, {})
    return _rewired(structure, roomy, np.zeros_like(removed), removed)


def check_forward(structure: Structure, from_layer: int, layer: int) -> None:
    """Raise BadNetwork where no connection can run."""
    for number in (from_layer, layer):
        if not 0 <= number <= len(structure.layers):
            raise BadNetwork(f"There is no layer {number}.")
    if from_layer >= layer:
        raise BadNetwork(
            "A connection runs forward, from the inputs or a layer to a later layer, "
            f"not from layer {from_layer} to layer {layer}."
        )


def _with_layers(structure: Structure, changed: dict[int, Layer]) -> Structure:
    """The same layers but for the changed ones (numbers from 1), with nothing absent or frozen."""
    layers = tuple(changed.get(i, layer) for i, layer in enumerate(structure.layers, start=1))
    return replace(structure, layers=layers, present=None, frozen=None)


def _rewired(
    structure: Structure, roomy: Structure, asked: Mask, removed: Mask | None = None
) -> Rearrangement:
    """The rearrangement in which every neuron stays: asked is of roomy, removed of structure."""
    carried = Lineage(structure, np.arange(structure.starts[-1])).places_in(roomy)
    if removed is not None:
        carried = np.where((carried >= 0) & removed[carried], -1, carried)
    moved = {
        (layer, index): (layer, index)
        for layer, size in enumerate(structure.sizes)
        for index in range(size)
    }
    fresh = asked & (carried < 0)
    change = Rearrangement(roomy, carried, np.full_like(carried, -1), fresh, moved)
    return change.trimmed().masked(structure, structure)
