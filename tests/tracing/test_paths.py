"""The paths of the error: together they bring what backpropagation brings."""

import math

import pytest
from hypothesis import given

from nnsim import Document, Network, ParameterRef, Samples, Settings
from nnsim.files.examples import open_example
from nnsim.tracing.derivation import Derivation
from nnsim.tracing.paths import MOST, error_paths, path_count, softmax_paths
from nnsim.tracing.quantity import Kind, Quantity
from tests.strategies import any_documents, any_traces


@given(any_documents())
def test_all_paths_together_bring_the_error_of_a_hidden_neuron(document):
    derivation = Derivation(document.trace())
    network = derivation.network
    for layer in range(1, len(network.layers)):
        for index in range(network.sizes[layer]):
            paths = error_paths(derivation, (layer, index))
            assert len(paths) == path_count(network, (layer, index))
            error = derivation.trace.neuron(layer, index).error
            parts = [path.contribution for path in paths]
            if error is None or not all(map(math.isfinite, [error, *parts])):
                continue
            size = sum(map(abs, parts))
            assert sum(parts) == pytest.approx(error, rel=1e-9, abs=1e-9 * (1 + size))


def test_a_path_names_every_weight_and_slope_on_its_way():
    document = open_example("xor")
    derivation = Derivation(document.trace())
    (path,) = error_paths(derivation, (1, 0))
    assert path.neurons == ((1, 0), (2, 0))
    trace = derivation.trace
    back = trace.neuron(2, 0).signal * float(trace.network.weights[1][0, 0])
    assert path.contribution == pytest.approx(back)


def test_skipped_connections_are_paths_of_their_own():
    network = Network.dense([1, 1, 1, 1], ["tanh"] * 3, [[[0.5]], [[0.6]], [[0.7]]])
    network = network.with_connection(ParameterRef(3, 0, 0, 1), 0.8)
    derivation = Derivation(Document(network, Samples([[1]], [[0]])).trace())
    paths = error_paths(derivation, (1, 0))
    assert sorted(len(path.refs) for path in paths) == [1, 2]


def test_more_paths_than_can_be_listed_are_counted():
    network = Network.dense([1, *[6] * 6, 1], ["tanh"] * 7)
    derivation = Derivation(Document(network, Samples([[1]], [[0]])).trace())
    assert path_count(network, (1, 0)) == 6**5
    assert len(error_paths(derivation, (1, 0))) == MOST


def test_an_output_and_a_try_without_an_answer_have_no_paths():
    derivation = Derivation(open_example("chapter").trace())
    assert error_paths(derivation, (1, 0)) == []
    assert path_count(derivation.network, (1, 0)) == 0


@given(any_traces())
def test_what_comes_through_the_outputs_of_a_softmax_adds_up_to_its_error_signal(trace):
    derivation, last = Derivation(trace), len(trace.network.layers)
    for index in range(trace.network.output_count):
        paths = softmax_paths(derivation, (last, index))
        signal = derivation.value(Quantity(Kind.signal, (last, index)))
        if not paths or not all(math.isfinite(path.contribution) for path in paths):
            continue
        size = sum(abs(path.contribution) for path in paths)
        total = math.fsum(path.contribution for path in paths)
        assert total == pytest.approx(signal, rel=1e-9, abs=1e-9 * (1 + size))


def test_a_softmax_of_three_with_a_cross_entropy_by_hand():
    network = Network.dense([1, 3], ["softmax"], [[[0.0], [0.0], [0.0]]])
    settings = Settings(loss="softmax_cross_entropy")
    trace = Document(network, Samples([[1.0]], [[1.0, 0.0, 0.0]]), settings).trace()
    paths = softmax_paths(Derivation(trace), (1, 0))

    # E = −ln a₁, a = ⅓ each: ∂E/∂a₁ = −3 and the others 0, so −3 · ⅓ · (1 − ⅓) = −⅔ comes through 1
    assert paths[0].neurons[-1] == (1, 0)
    assert [path.contribution for path in paths] == pytest.approx([-2 / 3, 0.0, 0.0])
    assert softmax_paths(Derivation(trace), (1, 2))[0].contribution == pytest.approx(1 / 3)


def test_no_other_neuron_has_paths_through_its_layer():
    network = Network.dense([1, 2], ["sigmoid"])
    trace = Document(network, Samples([[1.0]], [[1.0, 0.0]])).trace()

    assert softmax_paths(Derivation(trace), (1, 0)) == []
