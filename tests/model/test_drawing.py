"""Places and notes: which can be, and that they go with their neurons."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nnsim import Document, Network, Samples
from nnsim.errors import BadNetwork
from nnsim.model.drawing import Drawing
from tests.strategies import any_documents, neurons_of

DRAWING = Drawing({(0, 0): (1, -2.5), (1, 1): (0, 1e6)}, {(1, 1): "why?\nbecause"})


def test_they_are_kept_as_numbers_and_texts_that_cannot_be_changed():
    assert DRAWING.places == {(0, 0): (1.0, -2.5), (1, 1): (0.0, 1_000_000.0)}
    assert all(type(number) is float for point in DRAWING.places.values() for number in point)
    assert set(DRAWING.neurons) == {(0, 0), (1, 1)}
    with pytest.raises(TypeError):
        DRAWING.notes[1, 1] = "a"
    other = Drawing(dict(reversed(DRAWING.places.items())), DRAWING.notes)
    assert other == DRAWING
    assert hash(other) == hash(DRAWING)


@pytest.mark.parametrize("number", [math.nan, math.inf, -math.inf, 1_000_000.5, -1e300])
@pytest.mark.parametrize("place", [0, 1])
def test_a_place_beyond_all_bounds_is_refused(number, place):
    point = [0.0, 0.0]
    point[place] = number

    with pytest.raises(BadNetwork, match=r"\AA neuron can be put at −1,000,000 to 1,000,000, not"):
        Drawing({(0, 0): tuple(point)})


@pytest.mark.parametrize(
    ("note", "said"),
    [
        ("", "A note needs at least one character that can be seen, not ''."),
        ("\n", "A note needs at least one character that can be seen"),
        (None, "A note needs at least one character that can be seen"),
        ("a" * 501, "A note has at most 500 characters, not 501."),
        ("a\x00", r"The note 'a\x00' holds a character that cannot be shown."),
        ("\ud800a", "holds a character that cannot be shown."),
    ],
)
def test_what_cannot_be_a_note_is_refused(note, said):
    with pytest.raises(BadNetwork) as caught:
        Drawing({}, {(0, 0): note})
    assert said in str(caught.value)


def test_places_and_notes_come_and_go():
    drawing = Drawing().with_places({(0, 0): (1, 2), (1, 1): (3, 4)}).with_note((1, 1), "a")

    assert drawing.with_places({(0, 0): (5, 6)}).places == {(0, 0): (5, 6), (1, 1): (3, 4)}
    assert drawing.without_places([(0, 0)]) == Drawing({(1, 1): (3, 4)}, {(1, 1): "a"})
    assert drawing.with_note((1, 1), "b").notes == {(1, 1): "b"}
    assert drawing.with_note((1, 1), "").notes == {}


def test_they_go_with_their_neurons():
    assert DRAWING.moved({(0, 0): (0, 3), (1, 1): (2, 0)}) == Drawing(
        {(0, 3): (1, -2.5), (2, 0): (0, 1e6)}, {(2, 0): "why?\nbecause"}
    )
    assert DRAWING.moved({(0, 0): (0, 0)}) == Drawing({(0, 0): (1, -2.5)})


@pytest.mark.parametrize("drawing", [Drawing({(0, 2): (0, 0)}), Drawing({}, {(0, 2): "a"})])
def test_a_document_refuses_them_for_a_neuron_that_is_not_there(drawing):
    network = Network.dense([2, 1], ["linear"])

    with pytest.raises(BadNetwork, match=r"\AThere is no input 3\.\Z"):
        Document(network, Samples([[1, 2]], [[3]]), drawing=drawing)


@given(any_documents(), st.randoms(use_true_random=False))
def test_moved_there_and_back_is_where_it_was(document, random):
    neurons = neurons_of(document.network)
    there = dict(zip(neurons, random.sample(neurons, len(neurons)), strict=True))
    back = {new: old for old, new in there.items()}

    assert document.drawing.moved(there).moved(back) == document.drawing
    assert document.drawing.moved({}) == Drawing()
