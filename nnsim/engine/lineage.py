"""Which neuron of an old network each neuron of a new one is, and so where its numbers stood."""

from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from nnsim.engine.structure import Structure

Places = NDArray[np.intp]


@dataclass(frozen=True, eq=False)
class Lineage:
    """For each neuron of a new network (inputs first) which neuron of an old one it is."""

    structure: Structure
    """The old one."""
    neurons: Places
    """The place in the flat vector of activations of the old network; −1 for none of it."""

    @cached_property
    def _rows(self) -> "_Rows":
        return _rows_of(self.structure)

    def places_in(self, new: Structure) -> Places:
        """Return for each place of `new`'s flat vector where the same weight or bias stood in the
        old one; −1 where there was none."""
        rows, parts = self._rows, []
        for number, (layer, slot) in enumerate(zip(new.layers, new.slots, strict=True), start=1):
            targets = self.neurons[new.starts[number] : new.starts[number + 1], None]
            sources = self.neurons[slot.first : slot.first + slot.width]
            column = sources - rows.first[targets]
            there = (column >= 0) & (column < rows.width[targets])
            parts.append(np.where(there, rows.weights[targets] + column, -1).ravel())
            if layer.has_bias:
                parts.append(rows.bias[targets].ravel())
        places = np.concatenate(parts)
        if self.structure.present is not None:
            places[(places >= 0) & ~self.structure.present[places]] = -1
        return places

    def first_source(self, layer: slice, before: int) -> int:
        """Return the first neuron of the new network that can feed one of the neurons in `layer`,
        of those before the neuron number `before`; `before` where there is none."""
        sources, first = self.neurons[:before], before
        targets = self.neurons[layer]
        spans = np.unique((self._rows.first[targets], self._rows.width[targets]), axis=1)
        for begin, width in spans.T:
            feeding = (sources >= begin) & (sources < begin + width)
            first = min(first, int(feeding.argmax())) if feeding.any() else first
        return first

    def has_bias(self, layer: slice) -> bool:
        """Return whether a neuron in that part of the new network came with room for a bias."""
        return bool((self._rows.bias[self.neurons[layer]] >= 0).any())

    def layers_in(self, part: slice) -> Places:
        """Return the layers of the old network that the neurons in that part came from."""
        neurons = self.neurons[part]
        starts = np.array(self.structure.starts)
        return np.unique(np.searchsorted(starts, neurons[neurons >= 0], side="right") - 1)


class _Rows(NamedTuple):
    """For each neuron (inputs first) where its numbers stand; at the end, where −1 finds it, one
    more that has none."""

    weights: Places
    """Where its row begins in the flat vector of parameters."""
    first: Places
    """The first neuron that its row holds a weight for."""
    width: Places
    """The length of its row; 0 for an input."""
    bias: Places
    """The place of its bias, −1 for none."""


def _rows_of(structure: Structure) -> _Rows:
    nowhere = np.zeros((structure.input_count, 4), np.intp) - (0, 0, 0, 1)
    parts = [nowhere]
    for layer, slot in zip(structure.layers, structure.slots, strict=True):
        rows = np.empty((layer.size, 4), np.intp)
        rows[:, 0] = slot.weights + np.arange(layer.size) * slot.width
        rows[:, 1:3] = slot.first, slot.width
        rows[:, 3] = slot.biases + np.arange(layer.size) if layer.has_bias else -1
        parts.append(rows)
    return _Rows(*np.concatenate((*parts, nowhere[:1])).T)
