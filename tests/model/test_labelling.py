"""Names, notes and places as edits of a document, and through the edits of its structure."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from nnsim import Document, Network, ParameterRef, Samples, Settings, train
from nnsim.engine.labels import Labels
from nnsim.errors import BadNetwork
from nnsim.model import edits
from nnsim.model.building import add_neurons, duplicate_layer, move_layer, remove_neurons
from nnsim.model.connecting import connect, disconnect
from nnsim.model.drawing import Drawing
from nnsim.model.labelling import (
    name_neuron,
    name_weight,
    note_neuron,
    place_neurons,
    reset_places,
)
from tests.strategies import any_documents, any_names, neurons_of

WEIGHT = ParameterRef(2, 0, 1)


@pytest.fixture
def document():
    network = Network.dense([2, 2, 1], ["tanh", "linear"], biases=[[1, 2], [3]])
    return Document(network, Samples([[1, 2]], [[3]]), Settings(0.1, optimizer="adam"))


def labels_of(document):
    return document.network.structure.labels


def test_a_name_is_given_without_blanks_around_it_and_taken_away_again(document):
    named = name_weight(name_neuron(document, (0, 1), "  the income "), WEIGHT, "w\n")

    assert labels_of(named) == Labels({(0, 1): "the income"}, {WEIGHT: "w"})
    assert named.start.structure.labels == labels_of(named)
    assert name_weight(name_neuron(named, (0, 1), " "), WEIGHT, "") == document


def test_a_note_keeps_its_lines(document):
    noted = note_neuron(document, (1, 0), " one\r\ntwo \n")

    assert noted.drawing.notes == {(1, 0): "one\ntwo"}
    assert note_neuron(noted, (1, 0), "\n") == document


def test_places_are_given_and_taken_away(document):
    placed = place_neurons(document, {(0, 0): (1, 2), (1, 1): (3, 4)})

    assert placed.drawing == Drawing({(0, 0): (1, 2), (1, 1): (3, 4)})
    assert reset_places(placed, [(0, 0), (0, 1)]).drawing == Drawing({(1, 1): (3, 4)})
    assert reset_places(placed) == document


@pytest.mark.parametrize(
    ("edit", "said"),
    [
        (lambda d: name_neuron(d, (1, 2), "a"), "There is no neuron 3 in layer 1."),
        (lambda d: name_neuron(d, (1, 2), ""), "There is no neuron 3 in layer 1."),
        (lambda d: name_neuron(d, (1, 0), "a\tb"), "cannot be shown on one line"),
        (lambda d: name_neuron(name_neuron(d, (0, 0), "a"), (1, 0), "a"), "Two neurons cannot"),
        (lambda d: name_weight(d, ParameterRef(2, 0, 5), "a"), "no such weight or bias"),
        (lambda d: note_neuron(d, (9, 0), "a"), "There is no layer 9."),
        (lambda d: note_neuron(d, (1, 0), "a" * 501), "A note has at most 500 characters"),
        (lambda d: place_neurons(d, {(0, 2): (0, 0)}), "There is no input 3."),
        (lambda d: place_neurons(d, {(0, 0): (0, np.nan)}), "A neuron can be put at"),
    ],
)
def test_what_cannot_be_is_refused_in_one_sentence(document, edit, said):
    with pytest.raises(BadNetwork) as caught:
        edit(document)
    assert said in str(caught.value)


@given(any_documents(), st.data())
def test_a_name_changes_no_number_and_nothing_else(document, data):
    neuron = data.draw(st.sampled_from(neurons_of(document.network)))
    name = data.draw(any_names().filter(lambda n: n not in labels_of(document).neurons.values()))
    named = name_neuron(document, neuron, name)

    assert labels_of(named).neurons == {**labels_of(document).neurons, neuron: name}
    assert named.network.same_structure(document.network)
    assert name_neuron(named, neuron, labels_of(document).neurons.get(neuron, "")) == document
    one, other = train(document, 3).document, train(named, 3).document
    assert one.network.parameters.tobytes() == other.network.parameters.tobytes()
    assert labels_of(other) == labels_of(named)
    assert other.drawing == document.drawing


# ---------------------------------------------------------------- through edits of structure


@pytest.fixture
def labelled(document):
    document = name_neuron(name_neuron(document, (0, 1), "income"), (1, 1), "wealth")
    document = name_weight(name_weight(document, WEIGHT, "w"), ParameterRef(1, 1, None), "b")
    return place_neurons(note_neuron(document, (1, 1), "a note"), {(1, 1): (5, 6)})


def test_names_notes_and_places_go_with_a_neuron(labelled):
    after = remove_neurons(labelled, {(1, 0), (0, 0)})

    assert labels_of(after) == Labels(
        {(0, 0): "income", (1, 0): "wealth"},
        {ParameterRef(2, 0, 0): "w", ParameterRef(1, 0, None): "b"},
    )
    assert after.start.structure.labels == labels_of(after)
    assert after.drawing == Drawing({(1, 0): (5, 6)}, {(1, 0): "a note"})


def test_they_go_away_with_it(labelled):
    after = remove_neurons(labelled, {(1, 1)})

    assert labels_of(after) == Labels({(0, 1): "income"})
    assert after.drawing == Drawing()


def test_new_neurons_and_copies_have_none(labelled):
    before = add_neurons(labelled, 1, 2, after=0)
    copied = duplicate_layer(labelled, 1)

    assert labels_of(before).neurons == {(0, 1): "income", (1, 3): "wealth"}
    assert labels_of(copied).neurons == labels_of(labelled).neurons
    assert labels_of(copied).weights == {
        ParameterRef(3, 0, 1, 1): "w",
        ParameterRef(1, 1, None): "b",
    }
    assert copied.drawing == labelled.drawing


def test_a_weight_that_would_run_backward_loses_its_name(labelled):
    after = move_layer(labelled, 2, 1)

    assert labels_of(after).neurons == {(0, 1): "income", (2, 1): "wealth"}
    assert labels_of(after).weights == {ParameterRef(2, 1, None): "b"}
    assert after.drawing == Drawing({(2, 1): (5, 6)}, {(2, 1): "a note"})


def test_a_connection_made_anew_has_no_name(labelled):
    without = disconnect(labelled, [WEIGHT])
    again = connect(without, (1, 1), (2, 0))

    assert labels_of(without).weights == labels_of(again).weights
    assert set(labels_of(again).weights.values()) == {"b"}


def test_restart_and_new_weights_keep_them(labelled):
    trained = train(labelled, 2).document

    for after in (edits.restart(trained), edits.new_random_weights(trained)):
        assert labels_of(after) == labels_of(labelled)
        assert after.start.structure.labels == labels_of(labelled)
        assert after.drawing == labelled.drawing
