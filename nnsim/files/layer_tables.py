"""The weights and biases of layers as files hold them, checked place by place."""

from collections.abc import Sequence

import msgspec
import numpy as np
from numpy.typing import NDArray

from nnsim.engine.network import Layer, Network
from nnsim.engine.structure import Structure
from nnsim.errors import BadFile
from nnsim.files.number_tables import Row, check_length, listed, row_with_gaps, table_with_gaps

Array = NDArray[np.float64]
Mask = NDArray[np.bool_]


class LayerNumbers(msgspec.Struct, forbid_unknown_fields=True, frozen=True, kw_only=True):
    """The weights [to][from] and the biases [to] of one layer, null where there is none.

    biases: null for a layer without biases.
    """

    weights: list[Row]
    biases: Row | None


class LayerRecord(LayerNumbers, forbid_unknown_fields=True, frozen=True, kw_only=True):
    """One layer with its activation (one name, or one for each neuron) and how far it reaches."""

    activation: str | list[str]
    reach: int = 1


def layer_records(network: Network) -> list[dict[str, object]]:
    """Return the layers of a network as a file holds them, activations first."""
    return [
        {
            "activation": _activation(layer),
            **({"reach": layer.reach} if layer.reach > 1 else {}),
            **numbers,
        }
        for layer, numbers in zip(network.layers, number_records(network), strict=True)
    ]


def number_records(network: Network, flat: Array | None = None) -> list[dict[str, object]]:
    """Return the weights and biases of each layer as a file holds them.

    flat: other numbers in the same places, such as what an optimizer remembers of each.
    """
    numbers, there = network.parameters if flat is None else flat, network.structure.present
    records: list[dict[str, object]] = []
    for layer, slot in zip(network.layers, network.structure.slots, strict=True):
        weights, biases = slice(slot.weights, slot.biases), slice(slot.biases, slot.end)
        shape = (layer.size, slot.width)
        here = None if there is None else there[weights].reshape(shape)
        own = None if there is None else there[biases]
        records.append(
            {
                "weights": listed(numbers[weights].reshape(shape), here),
                "biases": listed(numbers[biases], own) if layer.has_bias else None,
            }
        )
    return records


def flat_numbers(layers: Sequence[LayerNumbers], like: Structure, place: str) -> Array:
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
    flat, there = numbers_and_gaps(layers, like, place)
    wanted = np.ones_like(there) if like.present is None else like.present
    if len(wrong := np.flatnonzero(there != wanted)):
        first = int(wrong[0])
        why = "there is no such" if there[first] else "null stands where there is a"
        what = "weight" if like.is_weight[first] else "bias"
        raise BadFile(f"{place_in_file(like, first, place)}: {why} {what} in this network.")
    return flat


def numbers_and_gaps(
    layers: Sequence[LayerNumbers], like: Structure, place: str
) -> tuple[Array, Mask]:
    """Return the numbers of the layers as one vector, 0 for null, and where numbers stand.

    Raises BadFile naming the place where a length does not fit or a number is not finite. The
    layers must be as many as in `like`, with biases where it has them.
    """
    parts: list[tuple[Array, Mask]] = []
    for number, (record, slot) in enumerate(zip(layers, like.slots, strict=True)):
        here, size = f"{place}[{number}]", like.layers[number].size
        table, there = table_with_gaps(record.weights, size, slot.width, f"{here}.weights")
        parts.append((table.ravel(), there.ravel()))
        if record.biases is not None:
            parts.append(row_with_gaps(record.biases, size, f"{here}.biases"))
    numbers, masks = zip(*parts, strict=True)
    return np.concatenate(numbers), np.concatenate(masks)


def place_in_file(structure: Structure, place: int, layers: str) -> str:
    """Return where a file holds what stands in a place of the flat vector."""
    number = next(n for n, slot in enumerate(structure.slots) if place < slot.end)
    slot = structure.slots[number]
    if place >= slot.biases:
        return f"{layers}[{number}].biases[{place - slot.biases}]"
    to, column = divmod(place - slot.weights, slot.width)
    return f"{layers}[{number}].weights[{to}][{column}]"


def _activation(layer: Layer) -> str | list[str]:
    names = set(layer.activations)
    return layer.activations[0] if len(names) == 1 else list(layer.activations)
