"""Which weights and biases of a layer are frozen, as a project file holds it."""

from collections.abc import Sequence
from itertools import pairwise

import msgspec
import numpy as np

from nnsim.engine.network import Network
from nnsim.engine.structure import Mask, Structure
from nnsim.errors import BadFile
from nnsim.files.number_tables import check_length


class FrozenRecord(msgspec.Struct, forbid_unknown_fields=True, frozen=True):
    """For each neuron the places in its row of weights, and the neurons whose bias is frozen."""

    weights: list[list[int]]
    biases: list[int]


def frozen_records(network: Network) -> list[dict[str, object]]:
    """Return what the record of each layer holds of frozen places; empty where there are none."""
    records: list[dict[str, object]] = []
    for slot, layer in zip(network.structure.slots, network.layers, strict=True):
        mask = network.frozen[slot.weights : slot.end]
        if not mask.any():
            records.append({})
            continue
        rows = network.frozen[slot.weights : slot.biases].reshape(layer.size, slot.width)
        biases = network.frozen[slot.biases : slot.end]
        record = {"weights": [_places(row) for row in rows], "biases": _places(biases)}
        records.append({"frozen": record})
    return records


def frozen_mask(records: Sequence[FrozenRecord | None], structure: Structure, place: str) -> Mask:
    """Return the mask of what is frozen, for each place of the flat vector.

    Raises BadFile naming the list in which a number is not a place of its row.
    """
    mask = np.zeros(structure.slot_count, dtype=np.bool_)
    for number, record in enumerate(records):
        if record is None:
            continue
        here, slot = f"{place}[{number}].frozen", structure.slots[number]
        size = structure.layers[number].size
        check_length(record.weights, size, f"{here}.weights", "row")
        rows = mask[slot.weights : slot.biases].reshape(size, slot.width)
        for to, places in enumerate(record.weights):
            _freeze(rows[to], places, f"{here}.weights[{to}]")
        _freeze(mask[slot.biases : slot.end], record.biases, f"{here}.biases")
    return mask


def _places(mask: Mask) -> list[int]:
    return [int(place) for place in np.flatnonzero(mask)]


def _freeze(row: Mask, places: list[int], here: str) -> None:
    rising = all(one < other for one, other in pairwise(places))
    if places and not (rising and places[0] >= 0 and places[-1] < len(row)):
        raise BadFile(f"{here}: rising numbers from 0 and below {len(row)} are needed here.")
    row[places] = True
