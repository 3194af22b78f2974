"""The edits: each changes what it says and nothing else."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from nnsim import Document, Network, ParameterRef, Position, Samples, Settings, train
from nnsim.errors import BadNetwork, BadSamples, BadSetting
from nnsim.model import edits
from tests.strategies import ALL, documents, numbers

FIELDS = ("network", "samples", "settings", "start", "position", "title", "example")


def changed(before, after):
    return {name for name in FIELDS if getattr(before, name) != getattr(after, name)}


def trained(document, steps=2):
    """The same document some steps on, whatever became of its weights."""
    network = document.network.with_parameters(document.network.parameters * 0.5 + 0.25)
    learned = replace(train(document, steps).document.learned, network=network)
    return document.trained_to(learned)


@pytest.fixture
def document():
    network = Network.dense([2, 2, 1], ["tanh", "linear"], biases=[[0.5, 0.25], None])
    samples = Samples([[0, 1], [2, 3], [4, 5]], [[6], [7], [8]])
    return Document(network, samples, Settings(0.1), title="Title", example="chapter")


# ---------------------------------------------------------------- weights and biases


@given(documents(), st.data(), numbers())
def test_setting_a_parameter_sets_that_one_only(document, data, value):
    ref = data.draw(st.sampled_from(document.network.refs()))
    after = edits.set_parameter(document, ref, value)

    expected = document.network.parameters.copy()
    expected[document.network.index_of(ref)] = value
    assert after.network.parameters.tolist() == expected.tolist()
    assert changed(document, after) <= {"network", "start"}


@given(documents(), st.data())
def test_before_the_first_step_the_start_follows(document, data):
    ref = data.draw(st.sampled_from(document.network.refs()))
    after = edits.set_parameter(document, ref, 7.5)

    assert after.start == after.network
    assert edits.restart(after).network == after.network


@given(documents(), st.data())
def test_after_the_first_step_the_start_stays(document, data):
    ref = data.draw(st.sampled_from(document.network.refs()))
    later = trained(document)
    after = edits.set_parameter(later, ref, 7.5)

    assert after.start == document.network
    assert changed(later, after) <= {"network"}
    assert edits.restart(after).network == document.network


@pytest.mark.parametrize("value", [np.nan, np.inf, -np.inf])
def test_a_weight_has_to_be_finite(document, value):
    with pytest.raises(BadNetwork, match="finite"):
        edits.set_parameter(document, ParameterRef(1, 0, 0), value)


def test_a_weight_that_is_not_there_cannot_be_set(document):
    with pytest.raises(BadNetwork, match="no such weight or bias"):
        edits.set_parameter(document, ParameterRef(2, 0, None), 1.0)


def test_an_edit_leaves_the_old_document_alone(document):
    before = document.network.parameters.tobytes()
    edits.set_parameter(document, ParameterRef(1, 0, 0), 9.0)

    assert document.network.parameters.tobytes() == before


# ---------------------------------------------------------------- activations


@given(documents(), st.data(), st.sampled_from(ALL), st.booleans())
def test_setting_an_activation_keeps_every_number(document, data, name, late):
    document = trained(document) if late else document
    layer = data.draw(st.integers(1, len(document.network.layers)))
    size = document.network.sizes[layer]
    index = data.draw(st.none() | st.integers(0, size - 1))

    after = edits.set_activation(document, layer, index, name)

    new, old = (d.network.layers[layer - 1].activations for d in (after, document))
    touched = range(size) if index is None else [index]
    assert new == tuple(name if i in touched else old[i] for i in range(size))
    assert after.network.parameters.tolist() == document.network.parameters.tolist()
    assert after.start.parameters.tolist() == document.start.parameters.tolist()
    assert after.start.same_structure(after.network)
    assert changed(document, after) <= {"network", "start"}


@pytest.mark.parametrize("layer", [0, 3, -1])
def test_a_layer_that_is_not_there_is_refused(document, layer):
    with pytest.raises(BadNetwork, match=f"There is no layer {layer}"):
        edits.set_activation(document, layer, None, "tanh")


@pytest.mark.parametrize("index", [2, -1])
def test_a_neuron_that_is_not_there_is_refused(document, index):
    with pytest.raises(BadNetwork):
        edits.set_activation(document, 1, index, "relu")


def test_an_unknown_activation_is_refused(document):
    with pytest.raises(BadNetwork, match="called “cos”"):
        edits.set_activation(document, 1, None, "cos")


# ---------------------------------------------------------------- settings


@given(documents(), st.floats(1e-9, 1e3))
def test_setting_the_learning_rate(document, rate):
    after = edits.set_learning_rate(document, rate)

    assert after.settings == replace(document.settings, learning_rate=rate)
    assert changed(document, after) <= {"settings"}


@pytest.mark.parametrize("rate", [-1.0, 0.0, np.nan, np.inf])
def test_a_bad_learning_rate_is_refused(document, rate):
    with pytest.raises(BadSetting, match="learning rate"):
        edits.set_learning_rate(document, rate)


def test_setting_shuffle(document):
    after = edits.set_shuffle(document, True)

    assert after.settings.shuffle
    assert changed(document, after) == {"settings"}


# ---------------------------------------------------------------- samples


@given(documents(), st.data(), numbers())
def test_setting_an_input_sets_that_one_only(document, data, value):
    sample = data.draw(st.integers(0, len(document.samples) - 1))
    index = data.draw(st.integers(0, document.network.input_count - 1))
    after = edits.set_input(document, sample, index, value)

    expected = document.samples.inputs.copy()
    expected[sample, index] = value
    assert after.samples == Samples(expected, document.samples.expected)
    assert changed(document, after) <= {"samples"}


@given(documents(), st.data(), numbers())
def test_setting_an_expected_output_sets_that_one_only(document, data, value):
    sample = data.draw(st.integers(0, len(document.samples) - 1))
    index = data.draw(st.integers(0, document.network.output_count - 1))
    after = edits.set_expected(document, sample, index, value)

    expected = document.samples.expected.copy()
    expected[sample, index] = value
    assert after.samples == Samples(document.samples.inputs, expected)
    assert changed(document, after) <= {"samples"}


@pytest.mark.parametrize(("sample", "index"), [(3, 0), (-1, 0), (0, 2), (0, -1)])
def test_a_place_that_is_not_in_the_table_is_refused(document, sample, index):
    for edit in (edits.set_input, edits.set_expected):
        with pytest.raises(BadSamples, match=f"no number {index + 1} in sample {sample + 1}"):
            edit(document, sample, index, 1.0)


@pytest.mark.parametrize("value", [np.nan, np.inf])
def test_a_sample_has_to_be_finite(document, value):
    for edit in (edits.set_input, edits.set_expected):
        with pytest.raises(BadSamples, match="not a finite number"):
            edit(document, 1, 0, value)


def test_rows_are_added_at_the_end(document):
    after = edits.add_samples(document, [[10, 11, 12], [13, 14, 15]])

    assert after.samples.inputs.tolist() == [[0, 1], [2, 3], [4, 5], [10, 11], [13, 14]]
    assert after.samples.expected.tolist() == [[6], [7], [8], [12], [15]]
    assert changed(document, after) == {"samples"}


def test_rows_can_be_added_where_there_were_none(document):
    empty = Document(document.network, Samples.none(2, 1))

    assert edits.add_samples(empty, [[1, 2, 3]]).sample == 0


@pytest.mark.parametrize(
    "rows", [[], [[1, 2]], [[1, 2, 3, 4]], [1, 2, 3], [[1, 2, 3], [1]], [["a", "b", "c"]]], ids=str
)
def test_rows_that_do_not_fit_are_refused(document, rows):
    with pytest.raises(BadSamples):
        edits.add_samples(document, rows)


@given(documents(), st.data())
def test_removing_a_sample_keeps_the_others(document, data):
    sample = data.draw(st.integers(0, len(document.samples) - 1))
    after = edits.remove_sample(document, sample)

    kept = [i for i in range(len(document.samples)) if i != sample]
    assert after.samples.inputs.tolist() == document.samples.inputs[kept].tolist()
    assert after.samples.expected.tolist() == document.samples.expected[kept].tolist()
    assert changed(document, after) <= {"samples", "position"}
    assert after.position.step == document.position.step


def test_after_removing_the_next_sample_the_one_that_moved_up_is_next(document):
    middle = edits.choose_sample(document, 1)

    assert edits.remove_sample(middle, 1).sample == 1
    assert edits.remove_sample(edits.choose_sample(document, 2), 2).sample == 1


def test_removing_another_sample_does_not_change_which_is_next(document):
    at_the_last = edits.choose_sample(document, 2)
    after = edits.remove_sample(at_the_last, 0)

    assert after.samples.inputs[after.sample].tolist() == [4, 5]


def test_adding_a_sample_does_not_change_which_is_next_though_shuffled(document):
    for seed in range(10):
        settings = Settings(shuffle=True, seed=seed)
        shuffled = edits.choose_sample(Document(document.network, document.samples, settings), 1)
        assert edits.add_samples(shuffled, [[9, 9, 9]]).sample == 1


def test_the_last_sample_can_be_removed_too(document):
    for _ in range(3):
        document = edits.remove_sample(document, 0)

    assert len(document.samples) == 0
    assert document.sample is None


@pytest.mark.parametrize("sample", [3, -1])
def test_a_sample_that_is_not_there_is_refused(document, sample):
    for edit in (edits.remove_sample, edits.choose_sample):
        with pytest.raises(BadSamples, match=f"There is no sample {sample + 1}"):
            edit(document, sample)


@given(documents(), st.data())
def test_choosing_a_sample_makes_it_the_next(document, data):
    sample = data.draw(st.integers(0, len(document.samples) - 1))
    after = edits.choose_sample(document, sample)

    assert after.sample == sample
    assert after.position.step == document.position.step
    assert after.position.epoch == document.position.epoch
    assert changed(document, after) <= {"position"}


# ---------------------------------------------------------------- starting again


@given(documents(rates=(0.1,)))
def test_restart_gives_the_start_weights_back_bit_for_bit(document):
    after = edits.restart(train(document, 5).document)

    assert after.network.parameters.tobytes() == document.network.parameters.tobytes()
    assert after.position == Position(0, 0, 0)
    assert after == document


@given(documents())
def test_new_random_weights_are_the_new_start(document):
    later = trained(document)
    after = edits.new_random_weights(later)

    assert after.network != later.network
    assert after.network.same_structure(later.network)
    assert after.start == after.network
    assert after.position == Position(0, 0, 0)
    assert after.settings.seed == later.settings.seed + 1
    assert changed(later, after) <= {"network", "start", "position", "settings"}


def test_new_random_weights_can_be_had_again_from_the_seed(document):
    first, second = (edits.new_random_weights(document) for _ in range(2))

    assert first.network.parameters.tobytes() == second.network.parameters.tobytes()
    assert edits.new_random_weights(first).network != first.network


@pytest.mark.parametrize("span", [0.1, 1.0, 5.0])
def test_new_random_weights_lie_in_the_start_range(document, span):
    wide = Document(document.network, document.samples, Settings(start_range=span))

    assert np.abs(edits.new_random_weights(wide).network.parameters).max() <= span


def test_after_the_largest_seed_comes_another_one(document):
    last = Document(document.network, document.samples, Settings(seed=2**53 - 1))

    assert edits.new_random_weights(last).settings.seed < 2**53 - 1


@given(documents())
def test_a_new_document_has_one_sample_of_zeros(document):
    new = edits.new_document(document.network, document.settings)

    assert len(new.samples) == 1
    assert not new.samples.inputs.any()
    assert not new.samples.expected.any()
    assert new.start == new.network == document.network
    assert new.example is None
