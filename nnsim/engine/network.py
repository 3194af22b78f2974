"""The network: a structure, and all its weights and biases in one flat vector."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from functools import cached_property
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from nnsim.engine.activations import activation_named
from nnsim.engine.labels import Labels
from nnsim.engine.rearrangement import Rearrangement
from nnsim.engine.references import ParameterRef
from nnsim.engine.rewiring import connected, with_biases
from nnsim.engine.structure import (
    MAX_PARAMETERS,
    Layer,
    Mask,
    Structure,
    check_sizes,
)
from nnsim.errors import BadNetwork, short

Array = NDArray[np.float64]

__all__ = ["MAX_PARAMETERS", "Layer", "Network", "ParameterRef", "Structure"]


class Network:
    """A layered network; immutable, and equal to another with the same structure and numbers.

    `parameters` holds, layer after layer, the weights [to, from] row by row and then the biases,
    float64 and read-only; a removed connection keeps its place there as a 0 (see `Structure`). The
    matrices are views into it, so that a training step, a snapshot, an undo and a file are each
    one array operation.
    """

    structure: Structure
    parameters: Array

    def __init__(
        self,
        input_count: int,
        layers: Sequence[Layer],
        parameters: ArrayLike,
        present: Mask | None = None,
        frozen: Mask | None = None,
    ) -> None:
        """Raises BadNetwork when the numbers do not fit the layers or are not finite."""
        self._fill(Structure(input_count, tuple(layers), present, frozen), parameters)

    @classmethod
    def on(cls, structure: Structure, parameters: ArrayLike) -> "Network":
        """Return the network of that structure with these numbers; raises BadNetwork likewise."""
        network = cls.__new__(cls)
        network._fill(structure, parameters)
        return network

    def _fill(self, structure: Structure, parameters: ArrayLike) -> None:
        object.__setattr__(self, "structure", structure)
        object.__setattr__(self, "parameters", _checked_numbers(structure, parameters))

    def __setattr__(self, name: str, value: object) -> None:
        raise AttributeError(f"A network is immutable, so its {name} cannot be set.")

    @classmethod
    def dense(
        cls,
        sizes: Sequence[int],
        activations: Sequence[str | Sequence[str]],
        weights: Sequence[ArrayLike] | None = None,
        biases: Sequence[ArrayLike | Sequence[float | None] | None] | None = None,
    ) -> "Network":
        """Build a network in which each layer is connected to all of the layer before.

        sizes: inputs first, then each layer. activations: for each layer one name, or one per
        neuron. weights[layer][to][from]: zeros when None (`initializers.new_network` draws some).
        biases[layer][to]: None for no biases at all, in the place of one layer, or in the place of
        one neuron. Raises BadNetwork when these do not fit.
        """
        sizes = [_checked_size(size) for size in _listed(sizes, "size", "2, 4, 1")]
        if len(sizes) < 2:
            raise BadNetwork("A network needs inputs and at least one layer, such as 2-1.")
        activations = _listed(activations, "activation", '"tanh", "sigmoid"')
        _check_count(len(sizes) - 1, activations, "activation")
        bias_rows: list[Any] = [None] * (len(sizes) - 1)
        if biases is not None:
            bias_rows = _listed(biases, "list of biases", "[0.1, -0.2], None")
        _check_count(len(sizes) - 1, bias_rows, "list of biases")
        check_sizes(sizes, [row is not None for row in bias_rows])
        layers = tuple(
            Layer(_activations_of(names, size, number), row is not None)
            for number, (names, size, row) in enumerate(
                zip(activations, sizes[1:], bias_rows, strict=True), start=1
            )
        )
        if weights is None:
            weights = [np.zeros((to, source)) for source, to in pairwise(sizes)]
        weights = _listed(weights, "weight matrix", "[[0.3, 0.9]]")
        _check_count(len(layers), weights, "weight matrix")
        parts: list[Array] = []
        present: list[Mask] = []
        for number, (layer, matrix, row) in enumerate(
            zip(layers, weights, bias_rows, strict=True), start=1
        ):
            shape = (layer.size, sizes[number - 1])
            parts.append(_array(matrix, shape, f"weights of layer {number}").ravel())
            present.append(np.ones(parts[-1].size, dtype=np.bool_))
            if row is not None:
                there, numbers = _without_gaps(row)
                parts.append(_array(numbers, (layer.size,), f"biases of layer {number}"))
                present.append(there)
        return cls(sizes[0], layers, np.concatenate(parts), np.concatenate(present))

    @property
    def input_count(self) -> int:
        """The number of inputs."""
        return self.structure.input_count

    @property
    def layers(self) -> tuple[Layer, ...]:
        """The layers behind the inputs."""
        return self.structure.layers

    @property
    def sizes(self) -> tuple[int, ...]:
        """The number of inputs, then of the neurons of each layer."""
        return self.structure.sizes

    @property
    def output_count(self) -> int:
        """The number of neurons in the last layer."""
        return self.layers[-1].size

    @property
    def parameter_count(self) -> int:
        """The number of weights and biases."""
        return self.structure.parameter_count

    @property
    def present(self) -> Mask:
        """For each place of `parameters` whether that weight or bias exists."""
        mask = self.structure.present
        return np.ones(len(self.parameters), dtype=np.bool_) if mask is None else mask

    @property
    def frozen(self) -> Mask:
        """For each place of `parameters` whether training leaves it alone."""
        mask = self.structure.frozen
        return np.zeros(len(self.parameters), dtype=np.bool_) if mask is None else mask

    def is_frozen(self, place: int) -> bool:
        """Whether training leaves the number in that place of `parameters` alone."""
        return self.structure.frozen is not None and bool(self.structure.frozen[place])

    @cached_property
    def weights(self) -> list[Array]:
        """The weight matrix [to, from] of each layer, as read-only views."""
        return self.weights_in(self.parameters)

    @cached_property
    def biases(self) -> list[Array | None]:
        """The bias vector [to] of each layer, None where it has none, as read-only views."""
        return self.biases_in(self.parameters)

    def weights_in(self, flat: NDArray[Any]) -> list[NDArray[Any]]:
        """Return views of a flat vector (parameters, gradient, update) as matrices [to, from]."""
        return self.structure.weights_in(flat)

    def biases_in(self, flat: Array) -> list[Array | None]:
        """Return views of a flat vector as bias vectors [to]; None where a layer has none."""
        return self.structure.biases_in(flat)

    def refs(self) -> list[ParameterRef]:
        """Return all weights and biases, by target neuron: its weights, then its bias."""
        return self.structure.refs()

    def refs_into(self, layer: int, to: int) -> list[ParameterRef]:
        """Return the weights into one neuron (layer from 1), then its bias."""
        return self.structure.refs_into(layer, to)

    def refs_out_of(self, layer: int, index: int) -> list[ParameterRef]:
        """Return the weights out of one neuron (layer 0 = inputs), skipped layers included."""
        return self.structure.refs_out_of(layer, index)

    def ref_at(self, row: int) -> ParameterRef:
        """Return the weight or bias in that place of `refs()`, without making the whole list."""
        return self.structure.ref_at(row)

    def row_of(self, ref: ParameterRef) -> int:
        """Return the place of a weight or bias in `refs()`; raise BadNetwork if absent."""
        return self.structure.row_of(ref)

    def has(self, ref: ParameterRef) -> bool:
        """Whether this network has that weight or bias."""
        return self.structure.has(ref)

    def index_of(self, ref: ParameterRef) -> int:
        """Return the place of a weight or bias in the flat vector; raise BadNetwork if absent."""
        return self.structure.index_of(ref)

    def ref_in(self, place: int) -> ParameterRef:
        """Return the weight or bias that stands in a place of the flat vector."""
        return self.structure.ref_in(place)

    def with_parameters(self, flat: ArrayLike) -> "Network":
        """Return the same structure with other numbers (a vector like `parameters`)."""
        return Network.on(self.structure, flat)

    def keeping(self, flat: Array) -> "Network":
        """Return the same structure with these very numbers, which nobody may change any more.

        Nothing is copied and nothing looked at, since copying a million numbers takes longer than
        whoever stops training may wait: the caller answers for a vector like `parameters`, all
        finite, and 0 where nothing is.
        """
        network = Network.__new__(Network)
        flat.flags.writeable = False
        object.__setattr__(network, "structure", self.structure)
        object.__setattr__(network, "parameters", flat)
        return network

    def with_activations(self, number: int, names: Sequence[str]) -> "Network":
        """Return the network with other activations in layer `number` (from 1)."""
        layers = list(self.layers)
        layers[number - 1] = replace(layers[number - 1], activations=tuple(names))
        return Network.on(replace(self.structure, layers=tuple(layers)), self.parameters)

    def with_frozen(self, refs: Iterable[ParameterRef], frozen: bool = True) -> "Network":
        """Return the network with weights and biases kept from training, or given back to it."""
        mask = self.frozen.copy()
        mask[[self.index_of(ref) for ref in refs]] = frozen
        return Network.on(replace(self.structure, frozen=mask), self.parameters)

    def with_labels(self, labels: Labels) -> "Network":
        """Return the network with other names for its neurons and weights."""
        return Network.on(replace(self.structure, labels=labels), self.parameters)

    def without(self, refs: Iterable[ParameterRef]) -> "Network":
        """Return the network without these weights and biases; the others keep their numbers."""
        places = [self.index_of(ref) for ref in refs]
        present, frozen, flat = self.present.copy(), self.frozen.copy(), self.parameters.copy()
        present[places] = frozen[places] = False
        flat[places] = 0.0
        return Network.on(replace(self.structure, present=present, frozen=frozen), flat)

    def with_connection(self, ref: ParameterRef, value: float) -> "Network":
        """Return the network with a weight or bias added where there was none.

        The weight may come from any layer before; a layer's reach grows to hold it, and a layer
        without biases gets them for this one neuron. Raises BadNetwork where none can be.
        """
        if self.has(ref):
            raise BadNetwork(f"This network already has that weight or bias: {ref}.")
        change = _added(self.structure, ref)
        return Network.on(change.structure, change.vector(self.parameters, value))

    def same_structure(self, other: "Network") -> bool:
        """Whether both have the same layers and connections, whatever their numbers."""
        return self.structure.same(other.structure)

    def same_frozen(self, other: "Network") -> bool:
        """Whether both have the same structure and the same of it frozen and named."""
        return self.structure == other.structure

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Network):
            return NotImplemented
        return self is other or (
            self.structure == other.structure
            and bool(np.array_equal(self.parameters, other.parameters))
        )

    def __hash__(self) -> int:
        return hash((self.structure, (self.parameters + 0.0).tobytes()))  # −0 is 0

    def __repr__(self) -> str:
        return f"<Network {'-'.join(map(str, self.sizes))}>"


def _added(structure: Structure, ref: ParameterRef) -> Rearrangement:
    """The rearrangement that adds a weight or bias; raises BadNetwork where none can be."""
    sizes, target = structure.sizes, (ref.layer, ref.to)
    is_target = 1 <= ref.layer < len(sizes) and 0 <= ref.to < sizes[ref.layer]
    if is_target and ref.source is None:
        return with_biases(structure, [target])
    is_source = is_target and 0 <= ref.from_layer < ref.layer
    if not is_source or ref.source is None or not 0 <= ref.source < sizes[ref.from_layer]:
        raise BadNetwork(f"There can be no such weight or bias in this network: {ref}.")
    wanted = np.zeros((sizes[ref.layer], sizes[ref.from_layer]), np.bool_)
    wanted[ref.to, ref.source] = True
    return connected(structure, ref.from_layer, ref.layer, wanted)


def _checked_numbers(structure: Structure, parameters: ArrayLike) -> Array:
    flat = np.array(parameters, dtype=np.float64)
    if flat.shape != (structure.slot_count,):
        raise BadNetwork(
            f"This network has {structure.slot_count} weights and biases, not {flat.size}."
        )
    if not np.isfinite(flat).all():
        raise BadNetwork("Every weight and bias must be a finite number.")
    if structure.present is not None:
        flat[~structure.present] = 0.0
    flat.flags.writeable = False
    return flat


def _without_gaps(row: ArrayLike | Sequence[float | None]) -> tuple[Mask, ArrayLike]:
    """Return which biases of a row are there, and the row with 0 in the gaps."""
    if isinstance(row, np.ndarray) or not isinstance(row, Sequence):
        return np.ones(np.size(row), dtype=np.bool_), row
    there = np.array([value is not None for value in row], dtype=np.bool_)
    return there, [0.0 if value is None else value for value in row]


def _checked_size(size: int) -> int:
    if isinstance(size, bool) or not isinstance(size, (int, np.integer)):
        raise BadNetwork(f"A layer's size must be a whole number, not {size!r}.")
    return int(size)


def _activations_of(names: Any, size: int, number: int) -> tuple[str, ...]:
    if isinstance(names, str):
        activation_named(names)
        return (names,) * size
    if not isinstance(names, Sequence) or not all(isinstance(name, str) for name in names):
        raise BadNetwork(
            f"The activation of layer {number} must be a name, or a list with one for each neuron, "
            f"not {short(names)}."
        )
    if len(names) != size:
        raise BadNetwork(
            f"Layer {number} has {size} neurons but {len(names)} activations are given."
        )
    return tuple(names)


def _listed(given: Any, what: str, such_as: str) -> list[Any]:
    """What is given for each layer, as a list."""
    if isinstance(given, str) or not isinstance(given, Iterable):
        raise BadNetwork(
            f"A list is needed with one {what} for each layer, such as [{such_as}], "
            f"not {short(given)}."
        )
    return list(given)


def _check_count(layers: int, given: Sequence[object], what: str) -> None:
    if len(given) != layers:
        raise BadNetwork(f"Give one {what} for each of the {layers} layers, not {len(given)}.")


def _array(values: ArrayLike, shape: tuple[int, ...], what: str) -> Array:
    try:
        given = np.asarray(values)
        if given.dtype.kind not in "biufO":  # numpy would read text, and drop an imaginary part
            raise TypeError(f"no numbers: {given.dtype}")
        array = given.astype(np.float64)
    except (TypeError, ValueError, OverflowError) as error:
        raise BadNetwork(f"The {what} must be numbers in rows of one length.") from error
    if array.shape != shape:
        raise BadNetwork(
            f"The {what} must have the shape {_shape(shape)}, not {_shape(array.shape)}."
        )
    return array


def _shape(shape: tuple[int, ...]) -> str:
    return " × ".join(map(str, shape)) or "a single number"
