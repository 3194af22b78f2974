"""The network: its shapes, its flat vector and the views into it, and what it refuses."""

import tracemalloc

import numpy as np
import pytest
from hypothesis import given

from nnsim import Layer, Network, ParameterRef
from nnsim.engine.network import MAX_PARAMETERS
from nnsim.errors import BadNetwork
from tests.strategies import networks


@pytest.fixture
def network():
    """3 inputs, 2 hidden neurons with biases, 1 output without."""
    return Network.dense(
        [3, 2, 1],
        ["tanh", "linear"],
        weights=[[[1, 2, 3], [4, 5, 6]], [[9, 10]]],
        biases=[[7, 8], None],
    )


def test_parameters_lie_weights_first_then_biases_layer_after_layer(network):
    assert network.parameters.tolist() == [1, 2, 3, 4, 5, 6, 7, 8, 9, 10]
    assert network.parameter_count == 10


def test_the_matrices_are_views_into_the_flat_vector(network):
    assert [w.tolist() for w in network.weights] == [[[1, 2, 3], [4, 5, 6]], [[9, 10]]]
    assert network.biases[0].tolist() == [7, 8]
    assert all(np.shares_memory(w, network.parameters) for w in network.weights)
    assert np.shares_memory(network.biases[0], network.parameters)


def test_an_absent_bias_is_none(network):
    assert network.biases[1] is None
    assert not network.has(ParameterRef(2, 0, None))


def test_sizes_and_counts(network):
    assert network.sizes == (3, 2, 1)
    assert network.input_count == 3
    assert network.output_count == 1
    assert [layer.size for layer in network.layers] == [2, 1]


def test_refs_go_by_target_neuron_its_weights_then_its_bias(network):
    assert network.refs() == [
        ParameterRef(1, 0, 0),
        ParameterRef(1, 0, 1),
        ParameterRef(1, 0, 2),
        ParameterRef(1, 0, None),
        ParameterRef(1, 1, 0),
        ParameterRef(1, 1, 1),
        ParameterRef(1, 1, 2),
        ParameterRef(1, 1, None),
        ParameterRef(2, 0, 0),
        ParameterRef(2, 0, 1),
    ]


def test_index_of_points_at_the_number_in_the_flat_vector(network):
    found = [network.parameters[network.index_of(ref)] for ref in network.refs()]

    assert found == [1, 2, 3, 7, 4, 5, 6, 8, 9, 10]


@given(networks())
def test_refs_name_every_parameter_exactly_once(network):
    places = [network.index_of(ref) for ref in network.refs()]

    assert sorted(places) == list(range(network.parameter_count))


@given(networks())
def test_a_ref_points_at_the_same_number_in_its_matrix(network):
    for ref in network.refs():
        here = network.parameters[network.index_of(ref)]
        if ref.is_bias:
            assert network.biases[ref.layer - 1][ref.to] == here
        else:
            assert network.weights[ref.layer - 1][ref.to][ref.source] == here


@given(networks())
def test_rows_of_refs_go_both_ways(network):
    for row, ref in enumerate(network.refs()):
        assert network.ref_at(row) == ref
        assert network.row_of(ref) == row


@pytest.mark.parametrize("row", [10, 1000])
def test_a_row_past_the_last_is_refused(network, row):
    with pytest.raises(BadNetwork, match="no weight or bias number"):
        network.ref_at(row)


def test_a_row_before_the_first_is_refused(network):
    with pytest.raises(BadNetwork, match="no weight or bias number -1"):
        network.ref_at(-1)


@pytest.mark.parametrize(
    "ref",
    [
        ParameterRef(0, 0, 0),
        ParameterRef(3, 0, 0),
        ParameterRef(-1, 0, 0),
        ParameterRef(1, 2, 0),
        ParameterRef(1, -1, 0),
        ParameterRef(1, 0, 3),
        ParameterRef(1, 0, -1),
        ParameterRef(2, 0, None),
    ],
)
def test_a_ref_to_nothing_is_refused(network, ref):
    assert not network.has(ref)
    with pytest.raises(BadNetwork, match="no such weight or bias"):
        network.index_of(ref)


def test_weights_are_zeros_when_not_given():
    assert not Network.dense([2, 3, 1], ["tanh", "linear"]).parameters.any()


def test_activations_are_one_per_layer_or_one_per_neuron():
    network = Network.dense([2, 2, 1], ["tanh", ["relu"]], biases=None)
    mixed = Network.dense([2, 2], [["relu", "sigmoid"]])

    assert network.layers == (Layer(("tanh", "tanh"), False), Layer(("relu",), False))
    assert mixed.layers[0].activations == ("relu", "sigmoid")


def test_numbers_cannot_be_written_to(network):
    for array in (network.parameters, network.weights[0], network.biases[0]):
        with pytest.raises(ValueError, match="read-only"):
            array[...] = 0.0


def test_fields_cannot_be_set(network):
    with pytest.raises(AttributeError):
        network.parameters = np.zeros(10)


def test_the_given_array_is_copied():
    flat = np.array([1.0, 2.0])
    network = Network(2, (Layer(("linear",), False),), flat)
    flat[0] = 99.0

    assert network.parameters.tolist() == [1.0, 2.0]


def test_with_parameters_keeps_the_structure(network):
    other = network.with_parameters(np.arange(10.0))

    assert other.same_structure(network)
    assert other != network
    assert other.weights[0].tolist() == [[0, 1, 2], [3, 4, 5]]
    assert network.parameters[0] == 1


def test_weights_in_reads_any_flat_vector(network):
    flat = np.arange(10.0)

    assert network.weights_in(flat)[1].tolist() == [[8, 9]]
    assert network.biases_in(flat)[0].tolist() == [6, 7]
    assert network.biases_in(flat)[1] is None


@given(networks())
def test_networks_with_the_same_numbers_are_equal(network):
    twin = Network(network.input_count, network.layers, network.parameters.copy())

    assert twin == network
    assert hash(twin) == hash(network)


@given(networks())
def test_equal_networks_have_equal_hashes_even_with_minus_0(network):
    twin = network.with_parameters(np.where(network.parameters == 0, -0.0, network.parameters))

    assert twin != network or hash(twin) == hash(network)


def test_another_number_activation_or_bias_makes_another_network(network):
    rows = [[[1, 2, 3], [4, 5, 6]], [[9, 10]]]

    assert network != network.with_parameters(network.parameters + 1)
    assert network != Network.dense([3, 2, 1], ["relu", "linear"], rows, [[7, 8], None])
    assert network != Network.dense([3, 2, 1], ["tanh", "linear"], rows, [[7, 8], [0]])
    assert network != "a network"


REFUSED = {
    "no layer": ({"sizes": [2], "activations": []}, "needs inputs and at least one layer"),
    "nothing": ({"sizes": [], "activations": []}, "needs inputs and at least one layer"),
    "no inputs": ({"sizes": [0, 1], "activations": ["linear"]}, "at least one neuron"),
    "empty layer": ({"sizes": [2, 0], "activations": ["linear"]}, "at least one neuron"),
    "negative": ({"sizes": [2, -3], "activations": ["linear"]}, "at least one neuron"),
    "fraction": ({"sizes": [2, 1.5], "activations": ["linear"]}, "whole number, not 1.5"),
    "truth": ({"sizes": [2, True], "activations": ["linear"]}, "whole number, not True"),
    "text": ({"sizes": ["2", 1], "activations": ["linear"]}, "whole number, not '2'"),
    "few activations": ({"sizes": [2, 2, 1], "activations": ["tanh"]}, "2 layers, not 1"),
    "a word": ({"sizes": [2, 2, 1], "activations": "tanh"}, "one activation for each"),
    "unknown": ({"sizes": [2, 1], "activations": ["cos"]}, "No activation is called “cos”"),
    "no sizes": (
        {"sizes": None, "activations": ["linear"]},
        "one size for each layer, such as [2,",
    ),
    "one size": ({"sizes": 5, "activations": ["linear"]}, "such as [2, 4, 1], not 5"),
    "sizes as text": ({"sizes": "21", "activations": ["linear"]}, "such as [2, 4, 1], not '21'"),
    "no activations": ({"sizes": [2, 1], "activations": None}, 'such as ["tanh", "sigmoid"], not'),
    "none for a layer": (
        {"sizes": [1, 2], "activations": [None]},
        "The activation of layer 1 must be a name, or a list with one for each neuron, not None.",
    ),
    "a number for a layer": ({"sizes": [1, 2], "activations": [3]}, "each neuron, not 3."),
    "none for a neuron": ({"sizes": [1, 1], "activations": [[None]]}, "each neuron, not [None]."),
    "a list too many": ({"sizes": [1, 1], "activations": [[["tanh"]]]}, "not [['tanh']]."),
    "a number of weights": (
        {"sizes": [1, 1], "activations": ["tanh"], "weights": 5},
        "one weight matrix for each layer, such as [[[0.3, 0.9]]], not 5",
    ),
    "a number of biases": (
        {"sizes": [1, 1], "activations": ["tanh"], "biases": 5},
        "one list of biases for each layer, such as [[0.1, -0.2], None], not 5",
    ),
    "complex weights": (
        {"sizes": [1, 1], "activations": ["tanh"], "weights": [np.array([[1j]])]},
        "The weights of layer 1 must be numbers",
    ),
    "weights as text": (
        {"sizes": [1, 1], "activations": ["tanh"], "weights": [[["1"]]]},
        "The weights of layer 1 must be numbers",
    ),
    "unknown neuron": ({"sizes": [2, 1], "activations": [["cos"]]}, "called “cos”"),
    "per neuron": ({"sizes": [2, 2], "activations": [["tanh"]]}, "2 neurons but 1 activations"),
    "flat weights": (
        {"sizes": [2, 1], "activations": ["linear"], "weights": [[0.3, 0.9]]},
        "weights of layer 1 must have the shape 1 × 2, not 2",
    ),
    "transposed": (
        {"sizes": [2, 1], "activations": ["linear"], "weights": [[[0.3], [0.9]]]},
        "1 × 2, not 2 × 1",
    ),
    "ragged": (
        {"sizes": [2, 2], "activations": ["linear"], "weights": [[[1, 2], [3]]]},
        "rows of one length",
    ),
    "words": (
        {"sizes": [2, 1], "activations": ["linear"], "weights": [[["a", "b"]]]},
        "must be numbers",
    ),
    "few matrices": (
        {"sizes": [2, 2, 1], "activations": ["tanh", "tanh"], "weights": [[[1, 2], [3, 4]]]},
        "one weight matrix for each of the 2 layers, not 1",
    ),
    "few biases": (
        {"sizes": [2, 2, 1], "activations": ["tanh", "tanh"], "biases": [[1, 2]]},
        "one list of biases for each of the 2 layers, not 1",
    ),
    "bias shape": (
        {"sizes": [2, 2], "activations": ["tanh"], "biases": [[1]]},
        "biases of layer 1 must have the shape 2, not 1",
    ),
    "nan": (
        {"sizes": [2, 1], "activations": ["tanh"], "weights": [[[float("nan"), 1]]]},
        "must be a finite number",
    ),
    "infinite": (
        {"sizes": [2, 1], "activations": ["tanh"], "biases": [[float("inf")]]},
        "must be a finite number",
    ),
    "too large for a float": (
        {"sizes": [2, 1], "activations": ["tanh"], "weights": [[[10**400, 1]]]},
        "number",
    ),
}


@pytest.mark.parametrize(("given", "sentence"), REFUSED.values(), ids=REFUSED.keys())
def test_what_does_not_fit_is_refused_with_a_sentence(given, sentence):
    with pytest.raises(BadNetwork) as caught:
        Network.dense(**given)

    assert sentence in str(caught.value)
    assert str(caught.value).endswith(".")


@pytest.mark.parametrize(
    "sizes",
    [
        [1_000_001, 1],
        [1, 1_000_001],
        [2000, 2000, 1],
        [10**18, 1],
        [2, 10**18],
        [10**9, 10**9, 10**9],
        [MAX_PARAMETERS, 2],
    ],
    ids=str,
)
def test_an_absurd_size_is_refused_at_once_without_taking_memory(sizes):
    tracemalloc.start()
    try:
        with pytest.raises(BadNetwork, match="the limit is 1,000,000"):
            Network.dense(sizes, ["linear"] * (len(sizes) - 1))
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()

    assert peak < 50_000_000


@pytest.mark.parametrize("sizes", [[2, 10**18], [10**18, 1]], ids=str)
def test_the_refusal_names_the_size_that_was_asked_for(sizes):
    with pytest.raises(BadNetwork, match="-".join(map(str, sizes))):
        Network.dense(sizes, ["linear"])


def test_the_largest_network_is_accepted():
    assert Network.dense([1000, 1000], ["linear"]).parameter_count == MAX_PARAMETERS


def test_a_flat_vector_of_another_length_is_refused():
    with pytest.raises(BadNetwork, match="has 2 weights and biases, not 3"):
        Network(2, (Layer(("linear",), False),), np.zeros(3))


def test_a_ref_knows_whether_it_is_a_bias():
    assert ParameterRef(1, 0, None).is_bias
    assert not ParameterRef(1, 0, 0).is_bias
