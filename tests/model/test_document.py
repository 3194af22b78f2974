"""The Document: whole, immutable, and refusing parts that do not fit together."""

import numpy as np
import pytest
from hypothesis import given

from nnsim import Document, Network, Position, Samples, Settings, train
from nnsim.errors import BadSamples, BadSetting
from tests.strategies import documents

NETWORK = Network.dense([2, 1], ["linear"], [[[0.3, 0.9]]])
THREE = Samples([[0, 0], [0, 1], [1, 0]], [[0], [1], [2]])


def test_the_network_itself_is_what_restart_goes_back_to():
    assert Document(NETWORK, THREE).start is NETWORK


def test_it_begins_at_step_0_on_the_first_sample():
    document = Document(NETWORK, THREE)

    assert document.position == Position(0, 0, 0)
    assert document.sample == 0


def test_without_samples_there_is_no_next_one():
    assert Document(NETWORK, Samples.none(2, 1)).sample is None


def test_a_step_goes_to_the_next_sample_and_at_the_end_to_the_next_epoch():
    document, seen = Document(NETWORK, THREE), []
    for _ in range(5):
        seen.append((document.position.step, document.position.epoch, document.sample))
        document = train(document, 1).document

    assert seen == [(0, 0, 0), (1, 0, 1), (2, 0, 2), (3, 1, 0), (4, 1, 1)]


@given(documents(rates=(1e-6,)))
def test_every_epoch_visits_every_sample_once(document):
    for epoch in range(3):
        visited = []
        for _ in range(len(document.samples)):
            assert document.position.epoch == epoch
            visited.append(document.sample)
            document = train(document, 1).document
        assert sorted(visited) == list(range(len(document.samples)))


def test_it_cannot_be_changed():
    with pytest.raises(AttributeError):
        Document(NETWORK, THREE).title = "Other"


def test_the_same_parts_are_equal():
    first, second = (Document(NETWORK, THREE, Settings(0.5), title="A") for _ in range(2))

    assert first == second
    assert hash(first) == hash(second)


@pytest.mark.parametrize(
    "other",
    [
        Document(NETWORK.with_parameters(NETWORK.parameters + 1), THREE),
        Document(NETWORK, Samples([[0, 0]], [[0]])),
        Document(NETWORK, THREE, Settings(0.5)),
        Document(NETWORK, THREE, start=NETWORK.with_parameters(NETWORK.parameters + 1)),
        Document(NETWORK, THREE, position=Position(1, 0, 1)),
        Document(NETWORK, THREE, title="Other"),
        Document(NETWORK, THREE, example="chapter"),
        "a document",
    ],
    ids=["network", "samples", "settings", "start", "position", "title", "example", "type"],
)
def test_another_part_makes_another_document(other):
    assert Document(NETWORK, THREE) != other


def test_samples_with_other_inputs_are_refused():
    with pytest.raises(BadSamples, match="have 3 inputs, but the network needs 2"):
        Document(NETWORK, Samples([[1, 2, 3]], [[1]]))


def test_samples_with_other_outputs_are_refused():
    with pytest.raises(BadSamples, match="have 2 expected outputs, but the network needs 1"):
        Document(NETWORK, Samples([[1, 2]], [[1, 2]]))


def test_start_weights_of_another_structure_are_refused():
    with pytest.raises(BadSetting, match="another structure"):
        Document(NETWORK, THREE, start=Network.dense([2, 1], ["tanh"]))


@pytest.mark.parametrize("place", [3, 100])
def test_a_place_past_the_samples_is_refused(place):
    with pytest.raises(BadSetting, match=f"Place {place} of the epoch is past the 3 samples"):
        Document(NETWORK, THREE, position=Position(0, 0, place))


@pytest.mark.parametrize("value", [-1, 1.0, True, "1", None, 2**53])
@pytest.mark.parametrize("name", ["step", "epoch", "place"])
def test_a_position_is_made_of_whole_numbers(name, value):
    with pytest.raises(BadSetting, match=f"The {name} must be a whole number"):
        Position(**{name: value})


def test_a_position_takes_whole_numbers_of_numpy():
    position = Position(np.int64(3), np.uint8(2), np.int32(1))

    assert position == Position(3, 2, 1)
    assert {type(n) for n in (position.step, position.epoch, position.place)} == {int}
