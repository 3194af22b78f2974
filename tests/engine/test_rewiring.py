"""Rewiring: exactly what was asked for is added or removed, all else stays where it was."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from nnsim import Network
from nnsim.engine.rewiring import connected, with_biases, without
from nnsim.errors import BadNetwork
from tests.strategies import any_networks
from tests.wires import activations, wires


def network_of(change, old):
    return Network.on(change.structure, change.vector(old.parameters, 99.0))


@given(any_networks(), st.data())
def test_connecting_adds_what_is_missing_of_the_wanted(network, data):
    to_layer = data.draw(st.integers(1, len(network.layers)))
    from_layer = data.draw(st.integers(0, to_layer - 1))
    shape = network.sizes[to_layer], network.sizes[from_layer]
    wanted = np.random.default_rng(data.draw(st.integers(0, 99))).random(shape) < 0.5
    change = connected(network.structure, from_layer, to_layer, wanted)

    asked = {((from_layer, i), (to_layer, j)): (99.0, False) for j, i in np.argwhere(wanted)}
    after = network_of(change, network)
    assert wires(after) == asked | wires(network)
    assert int(change.fresh.sum()) == len(set(asked) - set(wires(network)))
    assert activations(after) == activations(network)


@given(any_networks(), st.data())
def test_biases_are_added_where_there_are_none(network, data):
    neurons = data.draw(st.sets(st.sampled_from(sorted(activations(network)))))
    change = with_biases(network.structure, neurons)

    assert wires(network_of(change, network)) == {
        **{(None, neuron): (99.0, False) for neuron in neurons},
        **wires(network),
    }


@given(any_networks(), st.integers(0, 99))
def test_removing_removes_these_alone(network, seed):
    removed = np.random.default_rng(seed).random(len(network.parameters)) < 0.4
    after = network_of(without(network.structure, removed), network)

    kept = {
        (None if ref.is_bias else (ref.from_layer, ref.source), (ref.layer, ref.to))
        for ref in network.refs()
        if not removed[network.index_of(ref)]
    }
    assert wires(after) == {pair: v for pair, v in wires(network).items() if pair in kept}


def test_a_layer_loses_the_room_that_it_no_longer_needs():
    network = Network.dense([2, 2, 1], ["tanh", "linear"], biases=[[1, 2], None])
    skipping = connected(network.structure, 0, 2, np.ones((1, 2), np.bool_)).structure
    again = without(skipping, np.isin(np.arange(skipping.slot_count), (6, 7)))

    assert [layer.reach for layer in skipping.layers] == [1, 2]
    assert again.structure == network.structure


@pytest.mark.parametrize(
    ("pair", "sentence"),
    [
        ((1, 1), "not from layer 1 to layer 1"),
        ((2, 1), "not from layer 2 to layer 1"),
        ((0, 3), "no layer 3"),
        ((-1, 1), "no layer -1"),
    ],
)
def test_connections_run_forward(pair, sentence):
    network = Network.dense([2, 2, 1], ["tanh", "linear"])

    with pytest.raises(BadNetwork, match=sentence):
        connected(network.structure, *pair, np.ones((1, 1), np.bool_))
