"""The edits of what a person says of a network: names, notes, and where neurons are put."""

from collections.abc import Collection, Mapping
from dataclasses import replace

from nnsim.engine.labels import Labels
from nnsim.engine.network import ParameterRef
from nnsim.engine.references import Neuron
from nnsim.engine.structure import check_neuron
from nnsim.model.document import Document
from nnsim.model.drawing import Point


def name_neuron(document: Document, neuron: Neuron, name: str) -> Document:
    """Name a neuron (layer 0: an input); an empty name gives it back the usual one.

    Blanks around the name are left out. Raises BadNetwork for a name that is too long, cannot be
    shown on one line or is another neuron's.
    """
    check_neuron(document.network.structure, neuron)
    return _labelled(document, _labels(document).with_neuron(neuron, name.strip()))


def name_weight(document: Document, ref: ParameterRef, name: str) -> Document:
    """Name a weight or bias likewise."""
    document.network.index_of(ref)
    return _labelled(document, _labels(document).with_weight(ref, name.strip()))


def note_neuron(document: Document, neuron: Neuron, note: str) -> Document:
    """Put a note on a neuron, of one line or several; an empty one takes it away.

    Raises BadNetwork for a note that is too long or cannot be shown.
    """
    check_neuron(document.network.structure, neuron)
    text = "\n".join(note.splitlines()).strip()
    return replace(document, drawing=document.drawing.with_note(neuron, text))


def place_neurons(document: Document, places: Mapping[Neuron, Point]) -> Document:
    """Put neurons at (x, y); the others stay where they are.

    Raises BadNetwork for a neuron that is not there and for a place beyond all bounds.
    """
    return replace(document, drawing=document.drawing.with_places(places))


def reset_places(document: Document, neurons: Collection[Neuron] | None = None) -> Document:
    """Give neurons back to the automatic layout; all of them when not given."""
    gone = document.drawing.places if neurons is None else neurons
    return replace(document, drawing=document.drawing.without_places(gone))


def _labels(document: Document) -> Labels:
    return document.network.structure.labels


def _labelled(document: Document, labels: Labels) -> Document:
    return replace(document, network=document.network.with_labels(labels))
