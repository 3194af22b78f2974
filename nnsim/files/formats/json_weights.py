"""Weights as JSON: a matrix for each layer, for programs that run the trained network."""

import msgspec
import numpy as np
from numpy.typing import NDArray

from nnsim.engine.network import Network
from nnsim.errors import BadFile
from nnsim.files.formats.weight_format import WeightFormat
from nnsim.files.json_text import check_head, convert, read_json, write_json
from nnsim.files.labels_record import LabelsRecord, labels_record
from nnsim.files.layer_tables import LayerRecord, flat_numbers, layer_records
from nnsim.files.number_tables import check_length

NAME = "nnsim-weights"
VERSION = 1


class _Weights(msgspec.Struct, forbid_unknown_fields=True, frozen=True):
    format: str
    version: int
    layers: list[LayerRecord]
    names: LabelsRecord | None = None


def write(network: Network) -> str:
    """Return the activations, weights [to][from] and biases [to] of each layer, and the names."""
    head = {"format": NAME, "version": VERSION}
    return write_json(head | {"layers": layer_records(network)} | labels_record(network))


def read(text: str, network: Network) -> NDArray[np.float64]:
    """Return the weights and biases as a flat vector; the activations and names in it are not used.

    Raises BadFile naming the field where they do not have the structure of the network.
    """
    raw = read_json(text)
    check_head(raw, NAME, VERSION, "file of weights")
    layers = convert(raw, _Weights).layers
    check_length(layers, len(network.layers), "layers", "layer")
    for number, (record, layer) in enumerate(zip(layers, network.layers, strict=True)):
        if record.reach != layer.reach:
            raise BadFile(f"layers[{number}].reach: it is {layer.reach} in this network.")
    return flat_numbers(layers, network.structure, "layers")


FORMAT = WeightFormat(".json", write, read)
