"""The weights and biases of layers as files hold them, checked place by place."""

from collections.abc import Sequence

import msgspec
import numpy as np
from numpy.typing import NDArray

from nnsim.engine.network import Layer, Network
from nnsim.errors import BadFile

Array = NDArray[np.float64]


class LayerNumbers(msgspec.Struct, forbid_unknown_fields=True, frozen=True):
    """The weights [to][from] and the biases [to] of one layer; null for a layer without biases."""

    weights: list[list[float]]
    biases: list[float] | None


class LayerRecord(LayerNumbers, forbid_unknown_fields=True, frozen=True):
    """One layer with its activation: one name, or one for each neuron."""

    activation: str | list[str]


def layer_records(network: Network) -> list[dict[str, object]]:
    """Return the layers of a network as a file holds them, activations first."""
    return [
        {"activation": _activation(layer), **numbers}
        for layer, numbers in zip(network.layers, number_records(network), strict=True)
    ]


def number_records(network: Network) -> list[dict[str, object]]:
    """Return the weights and biases of each layer as a file holds them."""
    return [
        {"weights": matrix.tolist(), "biases": None if row is None else row.tolist()}
        for matrix, row in zip(network.weights, network.biases, strict=True)
    ]


def flat_numbers(layers: Sequence[LayerNumbers], like: Network, place: str) -> Array:
    """Return the numbers of the layers as one vector like `Network.parameters`.

    Raises BadFile naming the place, such as “layers[0].weights[1]”, where they do not have the
    structure of `like`.
    """
    check_length(layers, len(like.layers), place, "layer")
    for number, (record, layer) in enumerate(zip(layers, like.layers, strict=True)):
        here = f"{place}[{number}].biases"
        if layer.has_bias and record.biases is None:
            raise BadFile(f"{here}: null stands where this network has biases.")
        if record.biases is not None and not layer.has_bias:
            raise BadFile(f"{here}: this network has no biases in layer {number + 1}.")
    return checked_numbers(layers, like.sizes, place)


def checked_numbers(layers: Sequence[LayerNumbers], sizes: Sequence[int], place: str) -> Array:
    """Return the numbers of the layers as one vector; sizes: inputs, then neurons of each layer.

    Raises BadFile naming the place where a length does not fit or a number is not finite.
    """
    parts: list[Array] = []
    for number, record in enumerate(layers):
        here = f"{place}[{number}]"
        size, before = sizes[number + 1], sizes[number]
        parts.append(checked_table(record.weights, size, before, f"{here}.weights").ravel())
        if record.biases is not None:
            check_length(record.biases, size, f"{here}.biases", "number")
            parts.append(_finite(np.array(record.biases), f"{here}.biases"))
    return np.concatenate(parts)


def checked_table(
    rows: Sequence[Sequence[float]], height: int | None, width: int, place: str
) -> Array:
    """Return rows of `width` numbers as an array; raise BadFile naming the row or the number."""
    if height is not None:
        check_length(rows, height, place, "row")
    for number, row in enumerate(rows):
        check_length(row, width, f"{place}[{number}]", "number")
    return _finite(np.array(rows, dtype=np.float64).reshape(len(rows), width), place)


def check_length(given: Sequence[object], wanted: int, place: str, what: str) -> None:
    """Raise BadFile unless there are as many as wanted."""
    if len(given) != wanted:
        needed = f"{wanted} {what} is" if wanted == 1 else f"{wanted} {what}s are"
        raise BadFile(f"{place}: {needed} needed here, not {len(given)}.")


def _finite(table: Array, place: str) -> Array:
    bad = np.argwhere(~np.isfinite(table))
    if len(bad):
        where = "".join(f"[{index}]" for index in bad[0])
        raise BadFile(f"{place}{where}: this is not a finite number.")
    return table


def _activation(layer: Layer) -> str | list[str]:
    names = set(layer.activations)
    return layer.activations[0] if len(names) == 1 else list(layer.activations)
