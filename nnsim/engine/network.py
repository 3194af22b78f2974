"""The network: layers of neurons, and all their weights and biases in one flat vector."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from itertools import pairwise

import numpy as np
from numpy.typing import ArrayLike, NDArray

from nnsim.engine.activations import activation_named
from nnsim.errors import BadNetwork

Array = NDArray[np.float64]

MAX_PARAMETERS = 1_000_000


@dataclass(frozen=True)
class Layer:
    """The structure of one layer: an activation for each neuron, and whether it has biases.

    A bias that is absent is absent, not 0: it has no delta and is never trained.
    """

    activations: tuple[str, ...]
    has_bias: bool

    @property
    def size(self) -> int:
        """The number of neurons."""
        return len(self.activations)


@dataclass(frozen=True)
class ParameterRef:
    """Names one weight or bias: the one into neuron `to` of `layer` (1 = first after the inputs).

    `source` is the neuron of the layer before, or None for the bias. Neurons count from 0.
    """

    layer: int
    to: int
    source: int | None

    @property
    def is_bias(self) -> bool:
        """Whether this is a bias."""
        return self.source is None


@dataclass(frozen=True, eq=False)
class Network:
    """A dense layered network; immutable, and equal to another with the same numbers.

    `parameters` holds, layer after layer, the weights [to, from] row by row and then the biases,
    float64 and read-only. The matrices are views into it, so that a training step, a snapshot,
    an undo and a file are each one array operation.
    """

    input_count: int
    layers: tuple[Layer, ...]
    parameters: Array = field(repr=False)

    def __post_init__(self) -> None:
        _check_structure(self.input_count, self.layers)
        flat = np.array(self.parameters, dtype=np.float64)
        if flat.shape != (self.parameter_count,):
            raise BadNetwork(
                f"This network has {self.parameter_count} weights and biases, not {flat.size}."
            )
        if not np.isfinite(flat).all():
            raise BadNetwork("Every weight and bias must be a finite number.")
        flat.flags.writeable = False
        object.__setattr__(self, "parameters", flat)

    @classmethod
    def dense(
        cls,
        sizes: Sequence[int],
        activations: Sequence[str | Sequence[str]],
        weights: Sequence[ArrayLike] | None = None,
        biases: Sequence[ArrayLike | None] | None = None,
    ) -> "Network":
        """Build a dense network.

        sizes: inputs first, then each layer. activations: for each layer one name, or one per
        neuron. weights[layer][to][from]: zeros when None. biases[layer][to]: None for no biases
        at all, or None in the place of one layer. Raises BadNetwork when these do not fit.
        """
        sizes = [_checked_size(size) for size in sizes]
        if len(sizes) < 2:
            raise BadNetwork("A network needs inputs and at least one layer, such as 2-1.")
        _check_count(len(sizes) - 1, activations, "activation")
        bias_rows = [None] * (len(sizes) - 1) if biases is None else list(biases)
        _check_count(len(sizes) - 1, bias_rows, "list of biases")
        _check_sizes(sizes, [row is not None for row in bias_rows])
        layers = tuple(
            Layer(_activations_of(names, size, number), row is not None)
            for number, (names, size, row) in enumerate(
                zip(activations, sizes[1:], bias_rows, strict=True), start=1
            )
        )
        if weights is None:
            weights = [np.zeros((to, source)) for source, to in pairwise(sizes)]
        _check_count(len(layers), weights, "weight matrix")
        parts: list[Array] = []
        for number, (layer, matrix, row) in enumerate(
            zip(layers, weights, bias_rows, strict=True), start=1
        ):
            shape = (layer.size, sizes[number - 1])
            parts.append(_array(matrix, shape, f"weights of layer {number}"))
            if row is not None:
                parts.append(_array(row, (layer.size,), f"biases of layer {number}"))
        return cls(sizes[0], layers, np.concatenate([part.ravel() for part in parts]))

    @property
    def sizes(self) -> tuple[int, ...]:
        """The number of inputs, then of the neurons of each layer."""
        return (self.input_count, *(layer.size for layer in self.layers))

    @property
    def output_count(self) -> int:
        """The number of neurons in the last layer."""
        return self.layers[-1].size

    @property
    def parameter_count(self) -> int:
        """The number of weights and biases."""
        return self._slots[-1][2]

    @cached_property
    def weights(self) -> list[Array]:
        """The weight matrix [to, from] of each layer, as read-only views."""
        return self.weights_in(self.parameters)

    @cached_property
    def biases(self) -> list[Array | None]:
        """The bias vector [to] of each layer, None where it has none, as read-only views."""
        return self.biases_in(self.parameters)

    def weights_in(self, flat: Array) -> list[Array]:
        """Return views of a flat vector (parameters, gradient, update) as matrices [to, from]."""
        sizes = self.sizes
        return [
            flat[start:middle].reshape(sizes[number], sizes[number - 1])
            for number, (start, middle, _) in enumerate(self._slots, start=1)
        ]

    def biases_in(self, flat: Array) -> list[Array | None]:
        """Return views of a flat vector as bias vectors [to]; None where a layer has none."""
        return [flat[middle:end] if end > middle else None for _, middle, end in self._slots]

    @cached_property
    def _slots(self) -> list[tuple[int, int, int]]:
        """For each layer where its weights start, where its biases start, and where they end."""
        slots, start, before = [], 0, self.input_count
        for layer in self.layers:
            middle = start + layer.size * before
            end = middle + (layer.size if layer.has_bias else 0)
            slots.append((start, middle, end))
            start, before = end, layer.size
        return slots

    def refs(self) -> list[ParameterRef]:
        """Return all weights and biases, by target neuron: its weights, then its bias."""
        return [self.ref_at(row) for row in range(self.parameter_count)]

    def ref_at(self, row: int) -> ParameterRef:
        """Return the weight or bias in that place of `refs()`, without making the whole list."""
        for number, (start, _, end) in enumerate(self._slots, start=1):
            if start <= row < end:
                before = self.sizes[number - 1]
                width = before + self.layers[number - 1].has_bias
                to, source = divmod(row - start, width)
                return ParameterRef(number, to, source if source < before else None)
        raise BadNetwork(f"This network has no weight or bias number {row}.")

    def row_of(self, ref: ParameterRef) -> int:
        """Return the place of a weight or bias in `refs()`; raise BadNetwork if absent."""
        self.index_of(ref)
        before = self.sizes[ref.layer - 1]
        width = before + self.layers[ref.layer - 1].has_bias
        source = before if ref.source is None else ref.source
        return self._slots[ref.layer - 1][0] + ref.to * width + source

    def has(self, ref: ParameterRef) -> bool:
        """Whether this network has that weight or bias."""
        if not 1 <= ref.layer <= len(self.layers):
            return False
        layer = self.layers[ref.layer - 1]
        if not 0 <= ref.to < layer.size:
            return False
        if ref.source is None:
            return layer.has_bias
        return 0 <= ref.source < self.sizes[ref.layer - 1]

    def index_of(self, ref: ParameterRef) -> int:
        """Return the place of a weight or bias in the flat vector; raise BadNetwork if absent."""
        if not self.has(ref):
            raise BadNetwork(f"This network has no such weight or bias: {ref}.")
        start, middle, _ = self._slots[ref.layer - 1]
        if ref.source is None:
            return middle + ref.to
        return start + ref.to * self.sizes[ref.layer - 1] + ref.source

    def ref_in(self, place: int) -> ParameterRef:
        """Return the weight or bias that stands in a place of the flat vector."""
        for number, (start, middle, end) in enumerate(self._slots, start=1):
            if start <= place < middle:
                to, source = divmod(place - start, self.sizes[number - 1])
                return ParameterRef(number, to, source)
            if middle <= place < end:
                return ParameterRef(number, place - middle, None)
        raise BadNetwork(f"This network has no weight or bias in place {place}.")

    def with_parameters(self, flat: Array) -> "Network":
        """Return the same structure with other numbers (a vector like `parameters`)."""
        return replace(self, parameters=flat)

    def same_structure(self, other: "Network") -> bool:
        """Whether both have the same layers, whatever their numbers."""
        return self.input_count == other.input_count and self.layers == other.layers

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Network):
            return NotImplemented
        return self.same_structure(other) and bool(
            np.array_equal(self.parameters, other.parameters)
        )

    def __hash__(self) -> int:
        return hash((self.input_count, self.layers, (self.parameters + 0.0).tobytes()))  # −0 is 0


def _checked_size(size: int) -> int:
    if isinstance(size, bool) or not isinstance(size, (int, np.integer)):
        raise BadNetwork(f"A layer's size must be a whole number, not {size!r}.")
    return int(size)


def _activations_of(names: str | Sequence[str], size: int, number: int) -> tuple[str, ...]:
    if isinstance(names, str):
        activation_named(names)
        return (names,) * size
    if len(names) != size:
        raise BadNetwork(
            f"Layer {number} has {size} neurons but {len(names)} activations are given."
        )
    return tuple(names)


def _check_count(layers: int, given: Sequence[object], what: str) -> None:
    if isinstance(given, str) or len(given) != layers:
        count = 1 if isinstance(given, str) else len(given)
        raise BadNetwork(f"Give one {what} for each of the {layers} layers, not {count}.")


def _check_structure(input_count: int, layers: tuple[Layer, ...]) -> None:
    sizes = (input_count, *(layer.size for layer in layers))
    _check_sizes(sizes, [layer.has_bias for layer in layers])
    for layer in layers:
        for name in set(layer.activations):
            activation_named(name)


def _check_sizes(sizes: Sequence[int], has_bias: Sequence[bool]) -> None:
    """Refuse what cannot be or is too large, before anything of that size is made."""
    if len(sizes) < 2 or min(sizes) < 1:
        raise BadNetwork("Every layer needs at least one neuron, and the network one input.")
    count = sum(
        to * (source + bias) for source, to, bias in zip(sizes, sizes[1:], has_bias, strict=False)
    )
    if count > MAX_PARAMETERS or max(sizes) > MAX_PARAMETERS:
        raise BadNetwork(
            f"A network of {'-'.join(map(str, sizes))} has {count:,} weights and biases; "
            f"the limit is {MAX_PARAMETERS:,}."
        )


def _array(values: ArrayLike, shape: tuple[int, ...], what: str) -> Array:
    try:
        array = np.asarray(values, dtype=np.float64)
    except (TypeError, ValueError, OverflowError) as error:
        raise BadNetwork(f"The {what} must be numbers in rows of one length.") from error
    if array.shape != shape:
        raise BadNetwork(
            f"The {what} must have the shape {_shape(shape)}, not {_shape(array.shape)}."
        )
    return array


def _shape(shape: tuple[int, ...]) -> str:
    return " × ".join(map(str, shape)) or "a single number"
