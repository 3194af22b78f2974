"""The project file: a Document as readable JSON, described in resources/help/file-format.md."""

from dataclasses import asdict
from pathlib import Path
from typing import Any

import msgspec

from nnsim.data.samples import Samples
from nnsim.engine.activations import activation_named
from nnsim.engine.losses import check_expected, check_loss_fits
from nnsim.engine.network import MAX_PARAMETERS, Layer, Network
from nnsim.engine.settings import Settings
from nnsim.engine.structure import Structure
from nnsim.engine.texts import is_unprintable
from nnsim.errors import BadFile
from nnsim.files.atomic import write_atomically
from nnsim.files.drawing_record import DrawingRecord, drawing_from, drawing_record
from nnsim.files.frozen_places import FrozenRecord, frozen_mask, frozen_records
from nnsim.files.json_text import check_head, convert, read_json, within, write_json
from nnsim.files.labels_record import LabelsRecord, labels_from, labels_record
from nnsim.files.layer_tables import (
    LayerNumbers,
    LayerRecord,
    flat_numbers,
    layer_records,
    number_records,
    numbers_and_gaps,
)
from nnsim.files.number_tables import check_length, checked_table
from nnsim.files.optimizer_record import (
    OptimizerRecord,
    moments_from,
    optimizer_record,
    usual_moments,
)
from nnsim.files.reading import MAX_BYTES, naming, read_text
from nnsim.files.settings_record import settings_from, settings_record
from nnsim.model.document import Document, Position

FORMAT = "nnsim"
VERSION = 1
MAX_TITLE = 200


class _Record(msgspec.Struct, forbid_unknown_fields=True, frozen=True):
    """Base of all records: a key that this version does not know is refused, never dropped."""


class _LayerRecord(LayerRecord, forbid_unknown_fields=True, frozen=True, kw_only=True):
    frozen: FrozenRecord | None = None


class _NetworkRecord(_Record, frozen=True):
    inputs: int
    layers: list[_LayerRecord]
    names: LabelsRecord | None = None


class _StartRecord(_Record, frozen=True):
    layers: list[LayerNumbers]


class _SamplesRecord(_Record, frozen=True):
    inputs: list[list[float]]
    expected: list[list[float]]


class _PositionRecord(_Record, frozen=True):
    step: int
    epoch: int
    place: int


class _Project(_Record, frozen=True):
    format: str
    version: int
    title: str
    example: str | None
    network: _NetworkRecord
    start: _StartRecord
    samples: _SamplesRecord
    settings: dict[str, Any]
    position: _PositionRecord
    optimizer: OptimizerRecord | None = None
    validation: _SamplesRecord | None = None
    drawing: DrawingRecord | None = None


def save(document: Document, path: str | Path) -> None:
    """Write a document to a project file, exact to the bit and all or nothing.

    Raises BadFile when that cannot be done; a file that was there before is then unchanged.
    """
    with naming(path):
        data = to_text(document).encode("utf-8")
        if len(data) > MAX_BYTES:
            raise BadFile(
                f"a project of {len(data) // 1_000_000} MB is above the limit of "
                f"{MAX_BYTES // 1_000_000} MB; nothing was written."
            )
    write_atomically(path, data)


def open_project(path: str | Path) -> Document:
    """Read the document in a project file; raise BadFile with file and place if it is not sound."""
    with naming(path):
        return from_text(read_text(path))


def to_text(document: Document) -> str:
    """Return the text of a document's project file; raise BadFile for an unwritable title."""
    network, validation = document.network, document.validation
    layers = zip(layer_records(network), frozen_records(network), strict=True)
    content: dict[str, object] = {
        "format": FORMAT,
        "version": VERSION,
        "title": _checked_name(document.title, "title"),
        "example": _checked_example(document.example),
        "network": {
            "inputs": network.input_count,
            "layers": [numbers | frozen for numbers, frozen in layers],
            **labels_record(network),
        },
        "start": {"layers": number_records(document.start)},
        "samples": _samples_record(document.samples),
        "settings": settings_record(document.settings),
        "position": asdict(document.position),
    }
    if (optimizer := optimizer_record(document)) is not None:
        content["optimizer"] = optimizer
    if validation is not None:
        content["validation"] = _samples_record(validation)
    return write_json(content | drawing_record(document.drawing))


def from_text(text: str) -> Document:
    """Return the document in the text of a project file; raise BadFile naming the place."""
    raw = read_json(text)
    check_head(raw, FORMAT, VERSION, "project")
    record = convert(raw, _Project)
    network = _network(record.network)
    start = flat_numbers(record.start.layers, network.structure, "start.layers")
    settings = settings_from(record.settings, "settings")
    with within("settings.loss"):
        check_loss_fits(settings.loss_function, network.layers[-1].activations)
    position = _position(record)
    if record.optimizer is None:
        moments = usual_moments(settings.optimizer, network, position.step)
    else:
        moments = moments_from(record.optimizer, settings.optimizer, network)
    return Document(
        network=network,
        samples=_samples(record.samples, network, settings, "samples"),
        settings=settings,
        start=network.with_parameters(start),
        position=position,
        title=_checked_name(record.title, "title"),
        example=_checked_example(record.example),
        moments=moments,
        validation=None
        if record.validation is None
        else _samples(record.validation, network, settings, "validation"),
        drawing=drawing_from(record.drawing, network.structure, "drawing"),
    )


def _network(record: _NetworkRecord) -> Network:
    place, layers = "network.layers", tuple(map(_layer, record.layers, range(len(record.layers))))
    if record.inputs > MAX_PARAMETERS:
        raise BadFile(f"network.inputs: at most {MAX_PARAMETERS:,} are possible here.")
    if record.inputs < 1 or not layers or not all(layer.size for layer in layers):
        raise BadFile("network: it needs at least one input and one layer of neurons.")
    with within("network"):
        structure = Structure(record.inputs, layers)
    flat, there = numbers_and_gaps(record.layers, structure, place)
    frozen = frozen_mask([layer.frozen for layer in record.layers], structure, place)
    network = Network(record.inputs, layers, flat, there, frozen)
    return network.with_labels(labels_from(record.names, network.structure, "network.names"))


def _layer(record: LayerRecord, number: int) -> Layer:
    place, size = f"network.layers[{number}]", len(record.weights)
    names = [record.activation] if isinstance(record.activation, str) else record.activation
    with within(f"{place}.activation"):
        for name in set(names):
            activation_named(name)
    if isinstance(record.activation, str):
        names = [record.activation] * size
    check_length(names, size, f"{place}.activation", "name")
    if not 1 <= record.reach <= number + 1:
        raise BadFile(f"{place}.reach: a whole number from 1 to {number + 1} is needed here.")
    return Layer(tuple(names), record.biases is not None, record.reach)


def _samples_record(samples: Samples) -> dict[str, object]:
    return {"inputs": samples.inputs.tolist(), "expected": samples.expected.tolist()}


def _samples(record: _SamplesRecord, network: Network, settings: Settings, place: str) -> Samples:
    inputs = checked_table(record.inputs, None, network.input_count, f"{place}.inputs")
    expected = checked_table(
        record.expected, len(inputs), network.output_count, f"{place}.expected"
    )
    with within(f"{place}.expected"):
        check_expected(settings.loss_function, expected)
    return Samples(inputs, expected)


def _position(record: _Project) -> Position:
    with within("position"):
        position = Position(**msgspec.structs.asdict(record.position))
    count = len(record.samples.inputs)
    if position.place >= max(1, count):
        raise BadFile(f"position.place: {position.place} is past the {count} samples of an epoch.")
    return position


def _checked_name(text: str, place: str) -> str:
    if len(text) > MAX_TITLE:
        raise BadFile(f"{place}: it is longer than {MAX_TITLE} characters.")
    if any(is_unprintable(character) for character in text):
        raise BadFile(f"{place}: it holds a character that cannot be shown on one line.")
    return text


def _checked_example(example: str | None) -> str | None:
    return None if example is None else _checked_name(example, "example")
