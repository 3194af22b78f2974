"""The structure of a network: its layers, which connections exist, and where each number stands."""

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from nnsim.engine.activations import activation_named
from nnsim.engine.labels import Labels
from nnsim.engine.references import Neuron, ParameterRef
from nnsim.errors import BadNetwork

Array = NDArray[np.float64]
Mask = NDArray[np.bool_]

MAX_PARAMETERS = 1_000_000


@dataclass(frozen=True)
class Layer:
    """One layer: an activation for each neuron, whether it has biases, and how far back it reaches.

    A bias that is absent is absent, not 0: it has no delta and is never trained. reach: how many of
    the layers before it (inputs included) its weight matrix spans; 1 is the layer before alone, 2
    lets connections skip one layer.
    """

    activations: tuple[str, ...]
    has_bias: bool
    reach: int = 1

    @property
    def size(self) -> int:
        """The number of neurons."""
        return len(self.activations)


@dataclass(frozen=True)
class Slot:
    """Where the numbers of one layer stand in the flat vectors."""

    first: int
    """Where its sources begin in the flat vector of all activations (inputs first)."""
    width: int
    """How many sources: the columns of its weight matrix."""
    weights: int
    """Where its matrix [to, from] begins in the flat vector of parameters, row by row."""
    biases: int
    """Where its biases [to] begin; the same as `end` for a layer without."""
    end: int


@dataclass(frozen=True, eq=False)
class Structure:
    """All of a network but its numbers. Raises BadNetwork for what cannot be.

    present: for each place of the flat parameter vector whether that weight or bias exists, None
    when all do. frozen: which of them training leaves alone, None when it leaves none. labels: what
    a person has named; what is absent has no name.
    """

    input_count: int
    layers: tuple[Layer, ...]
    present: Mask | None = None
    frozen: Mask | None = None
    labels: Labels = field(default_factory=Labels)

    def __post_init__(self) -> None:
        check_sizes(self.sizes, [layer.has_bias for layer in self.layers])
        for number, layer in enumerate(self.layers, start=1):
            for name in set(layer.activations):
                activation_named(name)
            _check_layer(layer, number, last=number == len(self.layers))
        if self.slot_count > MAX_PARAMETERS:
            raise too_large(self.sizes, self.slot_count)
        for name, usual in (("present", True), ("frozen", False)):
            object.__setattr__(self, name, self._mask(getattr(self, name), usual))
        if self.present is not None and self.frozen is not None:  # what is absent is not frozen
            object.__setattr__(self, "frozen", self._mask(self.frozen & self.present, False))
        object.__setattr__(self, "labels", self._own_labels())

    def _mask(self, mask: Mask | None, usual: bool) -> Mask | None:
        """A read-only copy of a mask; None when it says nothing."""
        if mask is None:
            return None
        if mask.shape != (self.slot_count,):
            raise BadNetwork(f"A mask needs {self.slot_count} entries here, not {mask.size}.")
        if (mask == usual).all():
            return None
        own = mask.astype(np.bool_)
        own.flags.writeable = False
        return own

    def _own_labels(self) -> Labels:
        """The labels without the names of weights that are not there."""
        for neuron in self.labels.neurons:
            check_neuron(self, neuron)
        absent = {ref for ref in self.labels.weights if not self.has(ref)}
        return self.labels.without(absent) if absent else self.labels

    @cached_property
    def sizes(self) -> tuple[int, ...]:
        """The number of inputs, then of the neurons of each layer."""
        return (self.input_count, *(layer.size for layer in self.layers))

    @cached_property
    def activations(self) -> frozenset[str]:
        """The names of all activations in it."""
        return frozenset(name for layer in self.layers for name in layer.activations)

    @cached_property
    def starts(self) -> tuple[int, ...]:
        """Where the inputs and each layer begin in the flat vector of activations; then its end."""
        return tuple(int(place) for place in np.concatenate(([0], np.cumsum(self.sizes))))

    @cached_property
    def slots(self) -> tuple[Slot, ...]:
        """Where the numbers of each layer stand."""
        slots, start = [], 0
        for number, layer in enumerate(self.layers, start=1):
            first = self.starts[number - layer.reach]
            width = self.starts[number] - first
            biases = start + layer.size * width
            end = biases + (layer.size if layer.has_bias else 0)
            slots.append(Slot(first, width, start, biases, end))
            start = end
        return tuple(slots)

    @property
    def slot_count(self) -> int:
        """The length of the flat vectors: all places, those of removed connections included."""
        return self.slots[-1].end

    @cached_property
    def parameter_count(self) -> int:
        """The number of weights and biases that there are."""
        return self.slot_count if self.present is None else int(self.present.sum())

    def weights_in(self, flat: NDArray[Any]) -> list[NDArray[Any]]:
        """Return views of a flat vector (parameters, gradient, update) as matrices [to, from]."""
        return [
            flat[slot.weights : slot.biases].reshape(layer.size, slot.width)
            for slot, layer in zip(self.slots, self.layers, strict=True)
        ]

    def biases_in(self, flat: Array) -> list[Array | None]:
        """Return views of a flat vector as bias vectors [to]; None where a layer has none."""
        return [
            flat[slot.biases : slot.end] if layer.has_bias else None
            for slot, layer in zip(self.slots, self.layers, strict=True)
        ]

    @cached_property
    def is_weight(self) -> Mask:
        """For each place of the flat vector whether it is a weight, not a bias."""
        mask = np.zeros(self.slot_count, dtype=np.bool_)
        for slot in self.slots:
            mask[slot.weights : slot.biases] = True
        mask.flags.writeable = False
        return mask

    def trained(self, biases: bool = True) -> Mask | None:
        """Return which places training may change; None when it may change all of them."""
        return self._trained if biases else self._trained_weights

    @cached_property
    def _trained(self) -> Mask | None:
        if self.frozen is None:
            return self.present
        return ~self.frozen if self.present is None else self.present & ~self.frozen

    @cached_property
    def _trained_weights(self) -> Mask | None:
        mask = self.is_weight if self._trained is None else self.is_weight & self._trained
        return None if mask.all() else mask

    @cached_property
    def _places(self) -> NDArray[np.intp]:
        """The places of all weights and biases, by target neuron: its weights, then its bias."""
        parts = []
        for slot, layer in zip(self.slots, self.layers, strict=True):
            rows = np.arange(slot.weights, slot.biases).reshape(layer.size, slot.width)
            if layer.has_bias:
                rows = np.column_stack((rows, np.arange(slot.biases, slot.end)))
            parts.append(rows.ravel())
        places = np.concatenate(parts)
        return places if self.present is None else places[self.present[places]]

    @cached_property
    def _rows(self) -> NDArray[np.intp]:
        """The other way: for each place its row in `refs()`; −1 for what is not there."""
        rows = np.full(self.slot_count, -1)
        rows[self._places] = np.arange(len(self._places))
        return rows

    def refs(self) -> list[ParameterRef]:
        """Return all weights and biases, by target neuron: its weights, then its bias."""
        return [self.ref_in(int(place)) for place in self._places]

    def refs_into(self, layer: int, to: int) -> list[ParameterRef]:
        """Return the weights into one neuron (layer from 1), then its bias."""
        return [self.ref_in(place) for place in self.places_into(layer, to).tolist()]

    def places_into(self, layer: int, to: int) -> NDArray[np.intp]:
        """Return where the weights into one neuron (layer from 1) stand, and then its bias."""
        slot = self.slots[layer - 1]
        begin = slot.weights + to * slot.width
        places = np.arange(begin, begin + slot.width + self.layers[layer - 1].has_bias)
        if self.layers[layer - 1].has_bias:
            places[-1] = slot.biases + to
        return places if self.present is None else places[self.present[places]]

    def refs_out_of(self, layer: int, index: int) -> list[ParameterRef]:
        """Return the weights out of one neuron (layer 0 = inputs), skipped layers included."""
        return [self.ref_in(place) for place in self.places_out_of(layer, index).tolist()]

    def places_out_of(self, layer: int, index: int) -> NDArray[np.intp]:
        """Return where the weights out of one neuron (layer 0 = inputs) stand."""
        column = self.starts[layer] + index
        found = [
            np.arange(slot.weights + column - slot.first, slot.biases, slot.width)
            for slot in self.slots[layer:]
            if slot.first <= column
        ]
        places = np.concatenate([*found, np.empty(0, np.intp)])
        return places if self.present is None else places[self.present[places]]

    def ref_at(self, row: int) -> ParameterRef:
        """Return the weight or bias in that place of `refs()`, without making the whole list."""
        if not 0 <= row < len(self._places):
            raise BadNetwork(f"This network has no weight or bias number {row}.")
        return self.ref_in(int(self._places[row]))

    def row_of(self, ref: ParameterRef) -> int:
        """Return the place of a weight or bias in `refs()`; raise BadNetwork if absent."""
        return int(self._rows[self.index_of(ref)])

    def has(self, ref: ParameterRef) -> bool:
        """Whether this network has that weight or bias."""
        place = self._place_of(ref)
        return place is not None and (self.present is None or bool(self.present[place]))

    def index_of(self, ref: ParameterRef) -> int:
        """Return the place of a weight or bias in the flat vector; raise BadNetwork if absent."""
        place = self._place_of(ref)
        if place is None or (self.present is not None and not self.present[place]):
            raise BadNetwork(f"This network has no such weight or bias: {ref}.")
        return place

    def _place_of(self, ref: ParameterRef) -> int | None:
        """The place of a weight or bias, also where it was removed; None where none can be."""
        if not 1 <= ref.layer <= len(self.layers):
            return None
        layer, slot = self.layers[ref.layer - 1], self.slots[ref.layer - 1]
        if not 0 <= ref.to < layer.size:
            return None
        if ref.source is None:
            return slot.biases + ref.to if layer.has_bias and ref.source_layer is None else None
        if not ref.layer - layer.reach <= ref.from_layer < ref.layer:
            return None
        if not 0 <= ref.source < self.sizes[ref.from_layer]:
            return None
        column = self.starts[ref.from_layer] + ref.source - slot.first
        return slot.weights + ref.to * slot.width + column

    def ref_in(self, place: int) -> ParameterRef:
        """Return the weight or bias that stands in a place of the flat vector."""
        for number, slot in enumerate(self.slots, start=1):
            if slot.weights <= place < slot.biases:
                to, column = divmod(place - slot.weights, slot.width)
                layer, source = self.neuron_at(slot.first + column)
                return ParameterRef(number, to, source, layer)
            if slot.biases <= place < slot.end:
                return ParameterRef(number, place - slot.biases, None)
        raise BadNetwork(f"This network has no weight or bias in place {place}.")

    def neuron_at(self, place: int) -> tuple[int, int]:
        """Return (layer, index) of a place in the flat vector of activations (layer 0 = inputs)."""
        layer = bisect_right(self.starts, place) - 1
        return layer, place - self.starts[layer]

    def same(self, other: "Structure") -> bool:
        """Whether both have the same layers and connections, whatever is frozen or named."""
        return self is other or (
            self.input_count == other.input_count
            and self.layers == other.layers
            and _same_mask(self.present, other.present)
        )

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Structure):
            return NotImplemented
        return (
            self.same(other)
            and _same_mask(self.frozen, other.frozen)
            and self.labels == other.labels
        )

    def __hash__(self) -> int:
        return hash((self.input_count, self.layers))


def _same_mask(one: Mask | None, other: Mask | None) -> bool:
    if one is None or other is None:
        return one is other
    return bool(np.array_equal(one, other))


def _check_layer(layer: Layer, number: int, last: bool) -> None:
    if type(layer.reach) is not int or not 1 <= layer.reach <= number:
        raise BadNetwork(
            f"Layer {number} can reach back over 1 to {number} layers, not {layer.reach}."
        )
    if "softmax" in layer.activations and (not last or set(layer.activations) != {"softmax"}):
        raise BadNetwork("softmax is for the output layer, and for all its neurons together.")


def check_sizes(sizes: Sequence[int], has_bias: Sequence[bool]) -> None:
    """Refuse what cannot be or is too large, before anything of that size is made."""
    if len(sizes) < 2 or min(sizes) < 1:
        raise BadNetwork("Every layer needs at least one neuron, and the network one input.")
    count = sum(
        to * (source + bias) for source, to, bias in zip(sizes, sizes[1:], has_bias, strict=False)
    )
    if count > MAX_PARAMETERS or max(sizes) > MAX_PARAMETERS:
        raise too_large(sizes, count)


def check_neuron(structure: Structure, neuron: Neuron) -> None:
    """Raise BadNetwork when a network has no such neuron (layer 0 = inputs)."""
    layer, index = neuron
    if not 0 <= layer < len(structure.sizes):
        raise BadNetwork(f"There is no layer {layer}.")
    if not 0 <= index < structure.sizes[layer]:
        where = f"neuron {index + 1} in layer {layer}" if layer else f"input {index + 1}"
        raise BadNetwork(f"There is no {where}.")


def too_large(sizes: Sequence[int], count: int) -> BadNetwork:
    """Return the error for a network above the limit."""
    return BadNetwork(
        f"A network of {'-'.join(map(str, sizes))} has {count:,} weights and biases; "
        f"the limit is {MAX_PARAMETERS:,}."
    )
