"""Copied neurons as text for the clipboard: which they are, and the network they are of."""

import json
from collections.abc import Collection
from typing import Any

import msgspec
import numpy as np

from nnsim.data.samples import Samples
from nnsim.engine.network import Network
from nnsim.engine.references import Neuron
from nnsim.engine.structure import check_neuron
from nnsim.files.json_text import check_head, convert, read_json
from nnsim.files.project import from_text, to_text
from nnsim.files.reading import naming
from nnsim.model.document import Document

FORMAT, VERSION = "nnsim-neurons", 1


class _Copied(msgspec.Struct, forbid_unknown_fields=True, frozen=True):
    format: str
    version: int
    neurons: list[tuple[int, int]]
    project: dict[str, Any]


def copied_text(document: Document, neurons: Collection[Neuron]) -> str:
    """Return the neurons (layer 0: inputs) and their network as JSON, exact to the bit."""
    network = document.network
    nothing = Samples(np.empty((0, network.input_count)), np.empty((0, network.output_count)))
    bare = Document(network, nothing, document.settings)
    content = {
        "format": FORMAT,
        "version": VERSION,
        "neurons": [list(neuron) for neuron in sorted(neurons)],
        "project": json.loads(to_text(bare)),
    }
    return json.dumps(content)


def copied_neurons(text: str) -> tuple[Network, list[Neuron]]:
    """Return the network in such a text and the neurons of it; raise BadFile if it is not sound."""
    with naming("Clipboard"):
        raw = read_json(text)
        check_head(raw, FORMAT, VERSION, "selection")
        record = convert(raw, _Copied)
        network = from_text(json.dumps(record.project)).network
        for neuron in record.neurons:
            check_neuron(network.structure, neuron)
    return network, record.neurons
