"""What neurons, weights and biases are called."""

import pytest

from nnsim import Network, ParameterRef
from nnsim.engine.labels import Labels
from nnsim.tracing.names import expected_name, layer_name, neuron_name, parameter_name


def dense(*sizes):
    return Network.dense(
        sizes, ["tanh"] * (len(sizes) - 1), biases=[[0] * size for size in sizes[1:]]
    )


def neuron_names(network):
    return [
        [neuron_name(network, layer, i) for i in range(size)]
        for layer, size in enumerate(network.sizes)
    ]


def test_one_neuron_is_the_neuron_of_the_chapter():
    network = dense(2, 1)

    assert neuron_names(network) == [["input1", "input2"], ["neuron"]]
    assert [parameter_name(network, ref) for ref in network.refs()] == [
        "weight1",
        "weight2",
        "bias",
    ]


def test_several_outputs_without_a_hidden_layer_are_numbered():
    network = dense(1, 2)

    assert neuron_names(network) == [["input1"], ["output1", "output2"]]
    assert parameter_name(network, ParameterRef(1, 1, 0)) == "input1 → output2"


def test_one_hidden_layer_is_called_hidden():
    network = dense(2, 2, 1)

    assert neuron_names(network) == [["input1", "input2"], ["hidden1", "hidden2"], ["output"]]
    assert parameter_name(network, ParameterRef(1, 1, 0)) == "input1 → hidden2"
    assert parameter_name(network, ParameterRef(2, 0, 1)) == "hidden2 → output"
    assert parameter_name(network, ParameterRef(1, 0, None)) == "bias → hidden1"


def test_several_hidden_layers_have_letters():
    assert neuron_names(dense(1, 2, 1, 2)) == [
        ["input1"],
        ["a1", "a2"],
        ["b1"],
        ["output1", "output2"],
    ]


def test_after_z_come_two_letters():
    network = dense(*[1] * 30)

    assert neuron_name(network, 26, 0) == "z1"
    assert neuron_name(network, 27, 0) == "aa1"
    assert neuron_name(network, 28, 0) == "ab1"


@pytest.mark.parametrize(
    ("sizes", "names"),
    [
        ((1, 1), ["input", "output"]),
        ((2, 3), ["inputs", "outputs"]),
        ((2, 2, 1), ["inputs", "hidden", "output"]),
        ((2, 2, 2, 1), ["inputs", "hidden a", "hidden b", "output"]),
    ],
)
def test_layers(sizes, names):
    network = dense(*sizes)

    assert [layer_name(network, layer) for layer in range(len(sizes))] == names


def test_expected_outputs_are_numbered_when_there_are_several():
    assert expected_name(dense(2, 1), 0) == "expected"
    assert expected_name(dense(2, 2), 1) == "expected2"


def labelled(network, neurons, weights=()):
    return network.with_labels(Labels(neurons, dict(weights)))


def test_a_named_neuron_and_the_weights_into_and_out_of_it():
    network = labelled(dense(2, 2, 1), {(0, 0): "income", (2, 0): "risk"})

    assert neuron_names(network) == [["income", "input2"], ["hidden1", "hidden2"], ["risk"]]
    assert parameter_name(network, ParameterRef(1, 1, 0)) == "income → hidden2"
    assert parameter_name(network, ParameterRef(2, 0, 1)) == "hidden2 → risk"
    assert parameter_name(network, ParameterRef(2, 0, None)) == "bias → risk"
    assert expected_name(network, 0) == "expected risk"


def test_the_weights_of_one_neuron_with_a_name_are_said_to_be_its():
    network = labelled(dense(2, 1), {(1, 0): "risk", (0, 0): "年齢"})

    assert [parameter_name(network, ref) for ref in network.refs()] == [
        "年齢 → risk",
        "input2 → risk",
        "bias → risk",
    ]


def test_the_weights_of_one_neuron_without_are_those_of_the_chapter_whatever_inputs_are_called():
    network = labelled(dense(2, 1), {(0, 0): "income"})

    assert [parameter_name(network, ref) for ref in network.refs()] == [
        "weight1",
        "weight2",
        "bias",
    ]


def test_a_named_weight_or_bias_is_called_so_everywhere():
    refs = dense(2, 1).refs()
    network = labelled(dense(2, 1), {}, {refs[0]: "slope", refs[2]: "shift"})

    assert [parameter_name(network, ref) for ref in refs] == ["slope", "weight2", "shift"]


@pytest.mark.parametrize("sizes", [(2, 1), (3, 1), (2, 2), (3, 4, 2), (1, 2, 3, 4, 1)])
def test_no_two_weights_share_a_name(sizes):
    network = dense(*sizes)
    names = [parameter_name(network, ref) for ref in network.refs()]

    assert len(set(names)) == len(names)
