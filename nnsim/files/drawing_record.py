"""Where neurons were put in the diagram, and notes on them, as a project file holds them."""

from collections.abc import Mapping
from typing import TypeVar

import msgspec

from nnsim.engine.references import Neuron
from nnsim.engine.structure import Structure, check_neuron
from nnsim.errors import BadFile
from nnsim.files.json_text import within
from nnsim.model.drawing import Drawing, Point, checked_note, checked_place

Value = TypeVar("Value")


class _Place(msgspec.Struct, forbid_unknown_fields=True, frozen=True):
    layer: int
    index: int
    x: float
    y: float


class _Note(msgspec.Struct, forbid_unknown_fields=True, frozen=True):
    layer: int
    index: int
    note: str


class DrawingRecord(msgspec.Struct, forbid_unknown_fields=True, frozen=True):
    """The neurons that have a place of their own, and those that have a note."""

    places: list[_Place] = []
    notes: list[_Note] = []


def drawing_record(drawing: Drawing) -> dict[str, object]:
    """Return what a file says of it, as {"drawing": …}; nothing where there is nothing to say."""
    places = [
        {"layer": layer, "index": index, "x": x, "y": y}
        for (layer, index), (x, y) in sorted(drawing.places.items())
    ]
    notes = [
        {"layer": layer, "index": index, "note": note}
        for (layer, index), note in sorted(drawing.notes.items())
    ]
    record = {key: rows for key, rows in (("places", places), ("notes", notes)) if rows}
    return {"drawing": record} if record else {}


def drawing_from(record: DrawingRecord | None, structure: Structure, place: str) -> Drawing:
    """Return the drawing in a file.

    Raises BadFile naming the row of a neuron that is not there or stands twice, or of a place or a
    note that cannot be.
    """
    if record is None:
        return Drawing()
    places: dict[Neuron, Point] = {}
    notes: dict[Neuron, str] = {}
    for number, at in enumerate(record.places):
        here = f"{place}.places[{number}]"
        neuron = _new_neuron(at, places, structure, here)
        with within(here):
            places[neuron] = checked_place((at.x, at.y))
    for number, row in enumerate(record.notes):
        here = f"{place}.notes[{number}]"
        neuron = _new_neuron(row, notes, structure, here)
        with within(f"{here}.note"):
            notes[neuron] = checked_note(row.note)
    return Drawing(places, notes)


def _new_neuron(
    row: _Place | _Note, seen: Mapping[Neuron, Value], structure: Structure, here: str
) -> Neuron:
    neuron = (row.layer, row.index)
    with within(here):
        check_neuron(structure, neuron)
    if neuron in seen:
        raise BadFile(f"{here}: this neuron stands here a second time.")
    return neuron
