"""The Drawing: what a person has added to the diagram, where neurons were put and notes on them."""

import math
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace
from types import MappingProxyType

from nnsim.engine.references import Neuron
from nnsim.engine.texts import is_blank, is_unprintable
from nnsim.errors import BadNetwork, short

MAX_NOTE = 500
"""The most characters of a note."""
MAX_PLACE = 1_000_000.0
"""How far from the origin a neuron can be put."""

Point = tuple[float, float]
"""(x to the right, y down), in the diagram's own units."""


@dataclass(frozen=True)
class Drawing:
    """Places of the neurons that a person has put somewhere, and notes; immutable and hashable.

    A neuron without a place is where the automatic layout puts it. Raises BadNetwork for a place
    or a note that `checked_place` or `checked_note` refuses.
    """

    places: Mapping[Neuron, Point] = field(default_factory=dict)
    notes: Mapping[Neuron, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        places = {neuron: checked_place(point) for neuron, point in self.places.items()}
        notes = {neuron: checked_note(note) for neuron, note in self.notes.items()}
        object.__setattr__(self, "places", MappingProxyType(places))
        object.__setattr__(self, "notes", MappingProxyType(notes))

    @property
    def neurons(self) -> Collection[Neuron]:
        """All neurons that have a place or a note."""
        return self.places.keys() | self.notes.keys()

    def with_note(self, neuron: Neuron, note: str) -> "Drawing":
        """Return the drawing with that note on a neuron; without one when it is empty."""
        others = {other: text for other, text in self.notes.items() if other != neuron}
        return replace(self, notes=others | ({neuron: note} if note else {}))

    def with_places(self, places: Mapping[Neuron, Point]) -> "Drawing":
        """Return the drawing with some neurons put somewhere else; the others stay."""
        return replace(self, places={**self.places, **places})

    def without_places(self, neurons: Collection[Neuron]) -> "Drawing":
        """Return the drawing with some neurons given back to the automatic layout."""
        kept = {neuron: at for neuron, at in self.places.items() if neuron not in neurons}
        return replace(self, places=kept)

    def moved(self, neurons: Mapping[Neuron, Neuron]) -> "Drawing":
        """Return the drawing of a network whose neurons stand elsewhere in its layers.

        neurons: what each neuron that is still there is now.
        """
        if not self.neurons:
            return self
        return Drawing(
            {neurons[old]: point for old, point in self.places.items() if old in neurons},
            {neurons[old]: note for old, note in self.notes.items() if old in neurons},
        )

    def __hash__(self) -> int:
        return hash((frozenset(self.places.items()), frozenset(self.notes.items())))


def checked_place(point: Point) -> Point:
    """Return x and y as numbers; raise BadNetwork unless both are within ±1,000,000."""
    x, y = (float(number) for number in point)
    for number in (x, y):
        if not math.fabs(number) <= MAX_PLACE:  # NaN is not either
            raise BadNetwork(
                f"A neuron can be put at −{MAX_PLACE:,.0f} to {MAX_PLACE:,.0f}, not at {number!r}."
            )
    return x, y


def checked_note(note: str) -> str:
    """Return the note; raise BadNetwork unless it is 1 to 500 printable characters.

    It may have several lines, and needs a character that can be seen.
    """
    if not isinstance(note, str) or is_blank(note):
        raise BadNetwork(
            f"A note needs at least one character that can be seen, not {short(note)}."
        )
    if len(note) > MAX_NOTE:
        raise BadNetwork(f"A note has at most {MAX_NOTE} characters, not {len(note):,}.")
    if any(is_unprintable(character) for character in note if character != "\n"):
        raise BadNetwork(f"The note {short(note)} holds a character that cannot be shown.")
    return note
