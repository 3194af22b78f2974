"""Rearranging: old connections stay, new neurons and new neighbours are connected."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from nnsim import Layer, Network
from nnsim.engine.network import MAX_PARAMETERS
from nnsim.engine.rearranging import Copy, NewNeuron, rearranged
from nnsim.errors import BadNetwork
from tests.strategies import any_networks
from tests.wires import activations, renamed, wires


def rows_of(network):
    return [[(layer, i) for i in range(size)] for layer, size in enumerate(network.sizes)]


def network_of(change, old, new_number=99.0, source=None):
    """The network after a change, with one number for all that is fresh."""
    copied = (source or old).parameters[change.copied]
    new = np.where(change.copied >= 0, copied, new_number)
    return Network.on(change.structure, change.vector(old.parameters, new))


@st.composite
def arrangements(draw):
    """A network and its neurons in another order of layers, some removed, some new."""
    # The loss asks for sigmoid outputs: softmax ones could not become a hidden layer.
    network = draw(any_networks("binary_cross_entropy"))
    inputs, *layers = rows_of(network)
    layers = [
        [neuron for neuron in row if draw(st.integers(0, 4))] or row[:1]
        for row in draw(st.permutations(layers))
    ]
    kept = layers[: draw(st.integers(1, len(layers)))]
    for _ in range(draw(st.integers(0, 3))):
        row = draw(st.sampled_from([inputs, *kept]))
        row.insert(draw(st.integers(0, len(row))), NewNeuron("elu", draw(st.booleans())))
    if draw(st.booleans()):
        kept.insert(draw(st.integers(0, len(kept))), [NewNeuron("silu", True)] * 2)
    return network, [inputs, *kept]


def expected_wires(network, rows):
    """The wires that the rules ask for, one by one: {(from, to): (number or None, frozen)}."""
    at = {
        neuron: (number, index)
        for number, row in enumerate(rows)
        for index, neuron in enumerate(row)
        if isinstance(neuron, tuple)
    }
    table = {
        (source, target): value
        for (source, target), value in renamed(wires(network), at).items()
        if source is None or source[0] < target[0]
    }
    for number in range(1, len(rows)):
        pairs = [(i, j) for i in range(len(rows[number - 1])) for j in range(len(rows[number]))]
        new = [
            (i, j)
            for i, j in pairs
            if isinstance(rows[number - 1][i], NewNeuron) or isinstance(rows[number][j], NewNeuron)
        ]
        known = any(((number - 1, i), (number, j)) in table for i, j in pairs)
        before = {n[0] + 1 for n in rows[number - 1] if isinstance(n, tuple)}
        here = {n[0] for n in rows[number] if isinstance(n, tuple)}
        if not (new or known or before & here):
            new = pairs
        table |= {((number - 1, i), (number, j)): (None, False) for i, j in new}
        table |= {
            (None, (number, j)): (None, False)
            for j, neuron in enumerate(rows[number])
            if isinstance(neuron, NewNeuron) and neuron.has_bias
        }
    return table


@given(arrangements())
def test_what_stays_what_is_new_and_what_is_frozen(arrangement):
    network, rows = arrangement
    change = rearranged(network.structure, rows)

    after = network_of(change, network)
    expected = {
        pair: (99.0 if number is None else number, frozen)
        for pair, (number, frozen) in expected_wires(network, rows).items()
    }
    assert wires(after) == expected
    assert int(change.fresh.sum()) == sum(
        number is None for number, _ in expected_wires(network, rows).values()
    )


@given(arrangements())
def test_neurons_take_their_activation_along(arrangement):
    network, rows = arrangement
    change = rearranged(network.structure, rows)

    names, old = activations(network_of(change, network)), activations(network)
    for number, row in enumerate(rows[1:], start=1):
        for index, neuron in enumerate(row):
            known = neuron.activation if isinstance(neuron, NewNeuron) else old[neuron]
            assert names[number, index] == known
            if isinstance(neuron, tuple):
                assert change.moved[neuron] == (number, index)
    assert len(change.moved) == sum(isinstance(n, tuple) for row in rows for n in row)


@given(arrangements())
def test_a_layer_reaches_no_further_than_its_connections(arrangement):
    network, rows = arrangement
    structure = rearranged(network.structure, rows).structure

    furthest = [1] * len(structure.layers)
    with_bias = [False] * len(structure.layers)
    for ref in structure.refs():
        furthest[ref.layer - 1] = max(furthest[ref.layer - 1], ref.layer - ref.from_layer)
        with_bias[ref.layer - 1] |= ref.is_bias
    assert [layer.reach for layer in structure.layers] == furthest
    assert [layer.has_bias for layer in structure.layers] == with_bias


@given(any_networks())
def test_nothing_moved_is_nothing_changed(network):
    change = rearranged(network.structure, rows_of(network))

    assert wires(network_of(change, network)) == wires(network)
    assert not change.fresh.any()
    assert all(neuron == place for neuron, place in change.moved.items())


# ---------------------------------------------------------------- copies


@given(any_networks(), st.data())
def test_copies_are_wired_as_their_originals(network, data):
    rows = rows_of(network)
    chosen = data.draw(st.sets(st.sampled_from([n for row in rows for n in row]), min_size=1))
    copy_of = {}
    for layer, index in sorted(chosen):
        copy_of[layer, index] = (layer, len(rows[layer]))
        rows[layer].append(Copy((layer, index)))
    after = network_of(rearranged(network.structure, rows), network)

    expected = dict(wires(network))
    for (source, target), value in wires(network).items():
        if source in chosen or target in chosen:
            pair = copy_of.get(source, source), copy_of.get(target, target)
            expected[pair] = value
    assert wires(after) == expected
    names = activations(after)
    assert all(names[copy] == names[of] for of, copy in copy_of.items() if of[0])


def test_copies_of_a_network_as_it_was():
    before = Network.dense([1, 2, 1], ["tanh", "linear"], [[[1], [2]], [[3, 4]]], [[5, 6], None])
    now = Network.dense([2, 1, 1], ["relu", "linear"], [[[7, 8]], [[9]]])
    rows = [*rows_of(now)[:1], [(1, 0), Copy((1, 0)), Copy((1, 1))], [(2, 0)]]

    change = rearranged(now.structure, rows, before.structure)
    after = network_of(change, now, source=before)

    assert [layer.activations for layer in after.layers] == [("relu", "tanh", "tanh"), ("linear",)]
    assert wires(after) == {
        ((0, 0), (1, 0)): (7, False),
        ((0, 1), (1, 0)): (8, False),
        ((0, 0), (1, 1)): (1, False),
        ((0, 0), (1, 2)): (2, False),
        (None, (1, 1)): (5, False),
        (None, (1, 2)): (6, False),
        ((1, 0), (2, 0)): (9, False),
        ((1, 1), (2, 0)): (3, False),
        ((1, 2), (2, 0)): (4, False),
    }


# ---------------------------------------------------------------- what cannot be


@pytest.mark.parametrize(
    ("rows", "sentence"),
    [
        ([[(0, 0)], [(1, 0), (1, 0)]], "one place only"),
        ([[(0, 1)], [(1, 0)]], "no input 2"),
        ([[(0, 0)], [(1, 2)]], "no neuron 3 in layer 1"),
        ([[(0, 0)], [(3, 0)]], "no layer 3"),
        ([[(0, 0)], [Copy((1, 5))]], "no neuron 6 in layer 1"),
        ([[(1, 0)], [(1, 1)]], "An input stays an input"),
        ([[(0, 0)], [Copy((0, 0))]], "An input stays an input"),
        ([[], [(1, 0)]], "at least one neuron"),
        ([[(0, 0)]], "at least one neuron"),
        ([[(0, 0)], [(2, 0)], [(1, 0)]], "softmax is for the output layer"),
        ([[(0, 0)], [NewNeuron("sigmiod", True)]], "No activation is called"),
    ],
)
def test_refused(rows, sentence):
    network = Network.dense([1, 2, 1], ["tanh", "softmax"])

    with pytest.raises(BadNetwork, match=sentence):
        rearranged(network.structure, rows)


def test_too_many_weights_are_refused_before_they_are_made():
    network = Network(1000, [Layer(("linear",) * 900, False)], np.zeros(900_000))
    inputs, outputs = rows_of(network)
    wider = [*outputs, *[NewNeuron("linear", False)] * 200_000]

    with pytest.raises(BadNetwork, match=f"limit is {MAX_PARAMETERS:,}"):
        rearranged(network.structure, [inputs, wider])
