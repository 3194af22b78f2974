"""The names of neurons, weights and biases, as files hold them."""

from typing import TypeVar

import msgspec

from nnsim.engine.labels import Labels, checked_name
from nnsim.engine.network import Network
from nnsim.engine.references import Neuron, ParameterRef
from nnsim.engine.structure import Structure, check_neuron
from nnsim.errors import BadFile
from nnsim.files.json_text import within

Key = TypeVar("Key", Neuron, ParameterRef)


class _NeuronName(msgspec.Struct, forbid_unknown_fields=True, frozen=True):
    layer: int
    index: int
    name: str


class _WeightName(msgspec.Struct, forbid_unknown_fields=True, frozen=True, kw_only=True):
    layer: int
    to: int
    from_layer: int | None
    source: int | None = msgspec.field(name="from")
    name: str


class LabelsRecord(msgspec.Struct, forbid_unknown_fields=True, frozen=True):
    """The named neurons, and the named weights and biases; counted as in `ParameterRef`.

    from_layer and from are null for a bias.
    """

    neurons: list[_NeuronName] = []
    weights: list[_WeightName] = []


def labels_record(network: Network) -> dict[str, object]:
    """Return what a file says of names, as {"names": …}; nothing where there are none."""
    labels = network.structure.labels
    neurons = [
        {"layer": layer, "index": index, "name": name}
        for (layer, index), name in sorted(labels.neurons.items())
    ]
    weights = [
        {
            "layer": ref.layer,
            "to": ref.to,
            "from_layer": None if ref.is_bias else ref.from_layer,
            "from": ref.source,
            "name": labels.weights[ref],
        }
        for ref in sorted(labels.weights, key=network.index_of)
    ]
    names = {key: rows for key, rows in (("neurons", neurons), ("weights", weights)) if rows}
    return {"names": names} if names else {}


def labels_from(record: LabelsRecord | None, structure: Structure, place: str) -> Labels:
    """Return the names in a file.

    Raises BadFile naming the row of a name that is not sound or stands twice, or of a neuron,
    weight or bias that is not there or has a name already.
    """
    if record is None:
        return Labels()
    neurons: dict[Neuron, str] = {}
    weights: dict[ParameterRef, str] = {}
    for number, row in enumerate(record.neurons):
        here = f"{place}.neurons[{number}]"
        with within(here):
            check_neuron(structure, (row.layer, row.index))
        _add(neurons, (row.layer, row.index), row.name, here)
    for number, weight in enumerate(record.weights):
        here = f"{place}.weights[{number}]"
        ref = ParameterRef(weight.layer, weight.to, weight.source, weight.from_layer)
        is_half_a_bias = (weight.source is None) != (weight.from_layer is None)
        if is_half_a_bias or not structure.has(ref):
            raise BadFile(f"{here}: there is no such weight or bias in this network.")
        _add(weights, ref, weight.name, here)
    with within(place):
        return Labels(neurons, weights)


def _add(names: dict[Key, str], key: Key, name: str, here: str) -> None:
    if key in names:
        raise BadFile(f"{here}: this one is called “{names[key]}” already.")
    with within(f"{here}.name"):
        names[key] = checked_name(name)
