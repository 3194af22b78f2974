"""The Trace: every number of one step, each following from the ones before it."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import nnsim
from nnsim import Document, Network, ParameterRef, Samples, Settings
from nnsim.errors import BadNetwork, BadSamples
from nnsim.tracing.trace import trace_of
from tests.strategies import documents

CHAPTER = Document(
    Network.dense([2, 1], ["linear"], [[[0.3, 0.9]]]), Samples([[0.1, 0.8]], [[0.4]])
)
WEIGHT1, WEIGHT2 = CHAPTER.network.refs()


def tried(document, *inputs):
    """The Trace of inputs that are only tried: there is no expected output."""
    return trace_of(document.network, np.array(inputs), None, document.settings)


def test_a_row_of_the_chapter():
    row = nnsim.trace(CHAPTER).factors(WEIGHT1)

    assert row.name == "weight1"
    assert (row.value, row.slope, row.source) == (0.3, 1.0, 0.1)
    assert row.error == pytest.approx(0.35, abs=1e-15)
    assert row.delta == pytest.approx(0.035, abs=1e-15)
    assert row.update == pytest.approx(-0.035, abs=1e-15)
    assert row.new_value == pytest.approx(0.265, abs=1e-15)


def test_the_neuron_of_the_chapter():
    neuron = nnsim.trace(CHAPTER).neuron(1, 0)

    assert (neuron.name, neuron.activation, neuron.slope) == ("neuron", "linear", 1.0)
    assert neuron.sum == neuron.output == pytest.approx(0.75, abs=1e-15)
    assert neuron.error == neuron.signal == pytest.approx(0.35, abs=1e-15)


def test_the_arrays_of_the_chapter():
    trace = nnsim.trace(CHAPTER)

    assert trace.weight_deltas()[0] == pytest.approx(np.array([[0.035, 0.28]]), abs=1e-15)
    assert trace.bias_deltas() == [None]
    assert trace.errors == pytest.approx([0.35], abs=1e-15)
    assert trace.loss == pytest.approx(0.06125, abs=1e-15)


@given(documents())
def test_the_factors_multiply_to_the_delta(document):
    trace = document.trace()

    for ref in document.network.refs():
        row = trace.factors(ref)
        product = row.error * row.slope * row.source
        assert row.delta == pytest.approx(product, rel=1e-14, abs=1e-300)


@given(documents())
def test_the_new_value_is_the_value_plus_the_change(document):
    trace = document.trace()

    for ref in document.network.refs():
        row = trace.factors(ref)
        assert row.update == -document.settings.learning_rate * row.delta
        # Training adds up in another order: where numbers nearly cancel, its last bits are its own.
        size = 1 + abs(row.value) + abs(row.update)
        assert row.new_value == pytest.approx(row.value + row.update, rel=0, abs=1e-12 * size)


@given(documents())
def test_rows_and_arrays_tell_the_same_numbers(document):
    trace = document.trace()
    weights, biases = trace.weight_deltas(), trace.bias_deltas()

    for ref in document.network.refs():
        table = biases if ref.is_bias else weights
        place = ref.to if ref.is_bias else (ref.to, ref.source)
        assert trace.factors(ref).delta == table[ref.layer - 1][place]


@given(documents())
def test_the_sum_of_a_neuron_is_made_of_its_rows(document):
    trace = document.trace()

    for layer in range(1, len(document.network.layers) + 1):
        for to in range(document.network.sizes[layer]):
            into = [r for r in document.network.refs() if (r.layer, r.to) == (layer, to)]
            total = sum(trace.factors(r).value * trace.factors(r).source for r in into)
            assert trace.neuron(layer, to).sum == pytest.approx(total, rel=1e-12, abs=1e-12)


@given(documents())
def test_the_error_signal_is_error_times_slope(document):
    trace = document.trace()

    for layer in range(1, len(document.network.layers) + 1):
        for to in range(document.network.sizes[layer]):
            neuron = trace.neuron(layer, to)
            assert neuron.signal == neuron.error * neuron.slope


@given(documents())
def test_a_hidden_error_is_the_sum_of_the_paths_it_came_back_on(document):
    trace = document.trace()
    network = document.network

    for layer in range(1, len(network.layers)):
        for to in range(network.sizes[layer]):
            paths = trace.back_paths(layer, to)
            assert len(paths) == network.sizes[layer + 1]
            for path in paths:
                by_hand = path.weight * path.error * path.slope
                assert path.contribution == pytest.approx(by_hand, rel=1e-14, abs=1e-300)
            total = sum(path.contribution for path in paths)
            assert trace.neuron(layer, to).error == pytest.approx(total, rel=1e-12, abs=1e-12)


@given(documents())
def test_an_output_has_its_own_error_and_no_paths(document):
    trace = document.trace()
    last = len(document.network.layers)

    for to, error in enumerate(trace.errors):
        assert trace.neuron(last, to).error == error
        assert trace.back_paths(last, to) == []


@given(documents())
def test_the_loss_is_half_the_sum_of_the_squared_errors(document):
    trace = document.trace()

    assert trace.loss == pytest.approx(0.5 * sum(e * e for e in trace.errors), rel=1e-14)


@given(documents())
def test_tried_inputs_have_outputs_and_nothing_behind_them(document):
    inputs = document.samples.inputs[0]
    trace = tried(document, *inputs)

    assert trace.outputs.tolist() == document.trace(0).outputs.tolist()
    assert trace.sample is None
    assert (trace.errors, trace.loss, trace.back) == (None, None, None)
    assert trace.weight_deltas() == trace.bias_deltas() == []


@given(documents(), st.data())
def test_what_is_not_there_is_none_and_not_0(document, data):
    ref = data.draw(st.sampled_from(document.network.refs()))
    trace = tried(document, *document.samples.inputs[0])
    row, neuron = trace.factors(ref), trace.neuron(ref.layer, ref.to)

    assert (row.error, row.delta, row.update, row.new_value) == (None,) * 4
    assert (neuron.error, neuron.signal) == (None, None)
    assert trace.back_paths(ref.layer, ref.to) == []


def test_a_bias_multiplies_1():
    network = Network.dense([1, 1], ["linear"], [[[2.0]]], [[0.5]])
    row = Document(network, Samples([[3.0]], [[0.0]])).trace().factors(ParameterRef(1, 0, None))

    assert (row.name, row.source, row.error, row.delta) == ("bias", 1.0, 6.5, 6.5)


def test_a_row_of_a_weight_that_is_not_there_is_refused():
    with pytest.raises(BadNetwork, match="no such weight or bias"):
        CHAPTER.trace().factors(ParameterRef(1, 0, None))


@pytest.mark.parametrize("sample", [-1, 1, 100, 0.5, 0.0, "a", False, 2**70])
def test_a_sample_that_is_not_there_is_refused(sample):
    with pytest.raises(BadSamples, match=f"There is no sample {sample!r}: they count from 0 to 0"):
        nnsim.trace(CHAPTER, sample=sample)


def test_a_number_of_numpy_names_a_sample():
    assert nnsim.trace(CHAPTER, np.int64(0)).sample == 0


def test_without_samples_there_is_nothing_to_trace():
    empty = Document(CHAPTER.network, Samples.none(2, 1))

    with pytest.raises(BadSamples, match="There are no samples"):
        nnsim.trace(empty)


def test_any_sample_can_be_traced():
    samples = Samples([[0.1, 0.8], [1.0, 1.0]], [[0.4], [0.0]])
    document = Document(CHAPTER.network, samples, Settings())

    assert nnsim.trace(document).sample == 0
    assert nnsim.trace(document, sample=1).sample == 1
    assert nnsim.trace(document, sample=1).outputs == pytest.approx([1.2], abs=1e-15)


def test_no_number_of_it_can_be_written_to():
    trace = CHAPTER.trace()
    arrays = {
        "inputs": trace.inputs,
        "outputs": trace.outputs,
        "deltas": trace.weight_deltas()[0],
        "update": trace.step.update,
        "new parameters": trace.step.new_parameters,
    }

    assert [name for name, array in arrays.items() if array.flags.writeable] == []
