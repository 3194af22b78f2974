"""The project file: a Document as readable JSON, described in resources/help/file-format.md."""

from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path
from typing import TypeVar

import msgspec

from nnsim.data.samples import Samples
from nnsim.engine.activations import activation_named
from nnsim.engine.network import Layer, Network
from nnsim.engine.settings import Settings
from nnsim.errors import BadFile, NnsimError
from nnsim.files.atomic import write_atomically
from nnsim.files.json_text import check_head, convert, read_json, write_json
from nnsim.files.layer_tables import (
    LayerNumbers,
    LayerRecord,
    check_length,
    checked_numbers,
    checked_table,
    flat_numbers,
    layer_records,
    number_records,
)
from nnsim.files.reading import MAX_BYTES, is_unprintable, naming, read_text
from nnsim.model.document import Document, Position

T = TypeVar("T")

FORMAT = "nnsim"
VERSION = 1
MAX_TITLE = 200


class _Record(msgspec.Struct, forbid_unknown_fields=True, frozen=True):
    """Base of all records: a key that this version does not know is refused, never dropped."""


class _NetworkRecord(_Record, frozen=True):
    inputs: int
    layers: list[LayerRecord]


class _StartRecord(_Record, frozen=True):
    layers: list[LayerNumbers]


class _SamplesRecord(_Record, frozen=True):
    inputs: list[list[float]]
    expected: list[list[float]]


class _SettingsRecord(_Record, frozen=True):
    learning_rate: float
    shuffle: bool
    seed: int
    start_range: float


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
    settings: _SettingsRecord
    position: _PositionRecord


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
    return write_json(
        {
            "format": FORMAT,
            "version": VERSION,
            "title": _checked_name(document.title, "title"),
            "example": _checked_example(document.example),
            "network": {
                "inputs": document.network.input_count,
                "layers": layer_records(document.network),
            },
            "start": {"layers": number_records(document.start)},
            "samples": {
                "inputs": document.samples.inputs.tolist(),
                "expected": document.samples.expected.tolist(),
            },
            "settings": asdict(document.settings),
            "position": asdict(document.position),
        }
    )


def from_text(text: str) -> Document:
    """Return the document in the text of a project file; raise BadFile naming the place."""
    raw = read_json(text)
    check_head(raw, FORMAT, VERSION, "project")
    record = convert(raw, _Project)
    network = _network(record.network)
    start = flat_numbers(record.start.layers, network, "start.layers")
    return Document(
        network=network,
        samples=_samples(record.samples, network),
        settings=_in_place("settings", Settings, record.settings),
        start=network.with_parameters(start),
        position=_position(record),
        title=_checked_name(record.title, "title"),
        example=_checked_example(record.example),
    )


def _network(record: _NetworkRecord) -> Network:
    sizes = (record.inputs, *(len(layer.weights) for layer in record.layers))
    layers = tuple(_layer(layer, number) for number, layer in enumerate(record.layers))
    if not layers or min(sizes) < 1:
        raise BadFile("network: it needs at least one input and one layer of neurons.")
    numbers = checked_numbers(record.layers, sizes, "network.layers")
    try:
        return Network(record.inputs, layers, numbers)
    except NnsimError as error:
        raise BadFile(f"network: {error}") from None


def _layer(record: LayerRecord, number: int) -> Layer:
    place, size = f"network.layers[{number}].activation", len(record.weights)
    names = [record.activation] if isinstance(record.activation, str) else record.activation
    try:
        for name in set(names):
            activation_named(name)
    except NnsimError as error:
        raise BadFile(f"{place}: {error}") from None
    if isinstance(record.activation, str):
        return Layer((record.activation,) * size, record.biases is not None)
    check_length(names, size, place, "name")
    return Layer(tuple(names), record.biases is not None)


def _samples(record: _SamplesRecord, network: Network) -> Samples:
    inputs = checked_table(record.inputs, None, network.input_count, "samples.inputs")
    expected = checked_table(record.expected, len(inputs), network.output_count, "samples.expected")
    return Samples(inputs, expected)


def _position(record: _Project) -> Position:
    position = _in_place("position", Position, record.position)
    count = len(record.samples.inputs)
    if position.place >= max(1, count):
        raise BadFile(f"position.place: {position.place} is past the {count} samples of an epoch.")
    return position


def _in_place(place: str, kind: Callable[..., T], record: _Record) -> T:
    try:
        return kind(**msgspec.structs.asdict(record))
    except NnsimError as error:
        raise BadFile(f"{place}: {error}") from None


def _checked_name(text: str, place: str) -> str:
    if len(text) > MAX_TITLE:
        raise BadFile(f"{place}: it is longer than {MAX_TITLE} characters.")
    if any(is_unprintable(character) for character in text):
        raise BadFile(f"{place}: it holds a character that cannot be shown on one line.")
    return text


def _checked_example(example: str | None) -> str | None:
    return None if example is None else _checked_name(example, "example")
