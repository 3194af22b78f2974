"""The paths of the error: together they bring what backpropagation brings."""

import math

import pytest
from hypothesis import given

from nnsim import Document, Network, ParameterRef, Samples
from nnsim.files.examples import open_example
from nnsim.tracing.derivation import Derivation
from nnsim.tracing.paths import MOST, error_paths, path_count
from tests.strategies import any_documents


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
