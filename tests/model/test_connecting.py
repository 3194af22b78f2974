"""Connections and biases added and removed."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nnsim import Document, Network, ParameterRef, Samples, Settings, train
from nnsim.errors import BadNetwork
from nnsim.model.connecting import (
    connect,
    connect_layers,
    disconnect,
    disconnect_layers,
    set_bias,
)
from nnsim.model.rebuilding import Fresh
from tests.strategies import any_documents
from tests.wires import activations, wires


@pytest.fixture
def document():
    network = Network.dense([2, 2, 1], ["tanh", "linear"], [[[1, 2], [3, 4]], [[5, 6]]])
    samples = Samples([[0.1, 0.2], [0.3, 0.4]], [[0.5], [0.6]])
    return train(Document(network, samples, Settings(0.1, optimizer="momentum")), 3).document


def layer_pairs(data, network):
    to_layer = data.draw(st.integers(1, len(network.layers)))
    return data.draw(st.integers(0, to_layer - 1)), to_layer


def between(network, from_layer, to_layer):
    return {
        ((from_layer, i), (to_layer, j))
        for i in range(network.sizes[from_layer])
        for j in range(network.sizes[to_layer])
    }


# ---------------------------------------------------------------- one by one


def test_a_connection_may_skip_layers(document):
    after = connect(document, (0, 1), (2, 0), Fresh.zero)

    new = {((0, 1), (2, 0)): (0.0, False)}
    assert wires(after.network) == wires(document.network) | new
    assert wires(after.start) == wires(document.start) | new
    assert after.network.layers[1].reach == 2
    assert disconnect(after, [ParameterRef(2, 0, 1, 0)]) == document


def test_a_new_connection_follows_the_start_rule(document):
    after = connect(document, (0, 1), (2, 0), Fresh.start_rule)

    value = wires(after.network)[(0, 1), (2, 0)][0]
    assert 0 < abs(value) <= document.settings.start_range
    assert wires(after.start)[(0, 1), (2, 0)][0] == value
    assert connect(document, (0, 1), (2, 0), Fresh.start_rule) == after


@given(any_documents(), st.data(), st.sampled_from(Fresh))
def test_what_was_connected_can_be_disconnected(document, data, fresh):
    pair = layer_pairs(data, document.network)
    free = sorted(between(document.network, *pair) - set(wires(document.network)))
    if free:
        source, target = data.draw(st.sampled_from(free))
        after = connect(document, source, target, fresh)
        assert set(wires(after.network)) == {*wires(document.network), (source, target)}
        back = disconnect(after, [ParameterRef(*target, source[1], source[0])])
        assert wires(back.network) == wires(document.network)
        assert wires(back.start) == wires(document.start)
        assert activations(back.network) == activations(document.network)


def test_a_weight_and_a_bias_are_removed_together(document):
    with_bias = set_bias(document, [(1, 1)], True, Fresh.zero)
    after = disconnect(with_bias, [ParameterRef(1, 1, None), ParameterRef(1, 0, 0)])

    left = dict(wires(document.network))
    del left[(0, 0), (1, 0)]
    assert wires(after.network) == left
    assert not after.network.layers[0].has_bias


# ---------------------------------------------------------------- by the layer


@given(any_documents(), st.data())
def test_connecting_layers_adds_all_that_is_missing(document, data):
    pair = layer_pairs(data, document.network)
    after = connect_layers(document, *pair, Fresh.zero)

    all_between = dict.fromkeys(between(document.network, *pair), (0.0, False))
    assert wires(after.network) == all_between | wires(document.network)


@given(any_documents(), st.data())
def test_disconnecting_layers_removes_all_there_is(document, data):
    pair = layer_pairs(data, document.network)
    after = disconnect_layers(document, *pair)

    gone = between(document.network, *pair)
    assert wires(after.network) == {
        wire: value for wire, value in wires(document.network).items() if wire not in gone
    }


def test_disconnecting_layers_that_are_not_connected_changes_nothing():
    network = Network.dense([2, 1, 6, 1], ["tanh"] * 3)
    document = Document(network, Samples([[1, 2]], [[3]]))

    assert disconnect_layers(document, 0, 3) == document


# ---------------------------------------------------------------- biases


@given(any_documents(), st.data(), st.booleans())
def test_biases_are_there_or_not_as_asked(document, data, present):
    neurons = data.draw(st.sets(st.sampled_from(sorted(activations(document.network)))))
    after = set_bias(document, neurons, present, Fresh.zero)

    old, asked = wires(document.network), {(None, neuron) for neuron in neurons}
    if present:
        assert wires(after.network) == dict.fromkeys(asked, (0.0, False)) | old
    else:
        assert wires(after.network) == {w: v for w, v in old.items() if w not in asked}


# ---------------------------------------------------------------- what cannot be


@pytest.mark.parametrize(
    ("edit", "sentence"),
    [
        (lambda d: connect(d, (0, 0), (1, 0)), "connection input1 → hidden1 is there already"),
        (lambda d: connect(d, (1, 0), (1, 1)), "not from layer 1 to layer 1"),
        (lambda d: connect(d, (2, 0), (0, 1)), "not from layer 2 to layer 0"),
        (lambda d: connect(d, (0, 2), (2, 0)), "no input 3"),
        (lambda d: connect(d, (0, 0), (2, 1)), "no neuron 2 in layer 2"),
        (lambda d: connect(d, (0, 0), (3, 0)), "no layer 3"),
        (lambda d: connect_layers(d, 1, 0), "not from layer 1 to layer 0"),
        (lambda d: connect_layers(d, 0, 3), "no layer 3"),
        (lambda d: disconnect_layers(d, 2, 2), "not from layer 2 to layer 2"),
        (lambda d: disconnect(d, [ParameterRef(1, 0, None)]), "no such weight or bias"),
        (lambda d: set_bias(d, [(0, 0)], True), "An input has no bias"),
        (lambda d: set_bias(d, [(1, 2)], False), "no neuron 3 in layer 1"),
    ],
)
def test_refused(document, edit, sentence):
    with pytest.raises(BadNetwork, match=sentence):
        edit(document)
