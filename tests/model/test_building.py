"""Layers and neurons added, removed, moved and copied."""

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from nnsim import Document, Network, ParameterRef, Samples, Settings, train
from nnsim.engine.forward import forward
from nnsim.errors import BadNetwork, BadSetting
from nnsim.model.building import (
    add_layer,
    add_neurons,
    duplicate_layer,
    move_layer,
    paste_neurons,
    remove_layer,
    remove_neurons,
)
from nnsim.model.connecting import connect_layers
from nnsim.model.rebuilding import Fresh
from nnsim.model.selection import set_frozen, set_parameters
from tests.strategies import any_documents
from tests.wires import activations, renamed, scalar_outputs, wires


@pytest.fixture
def document():
    """2-2-1 with a bias on the second hidden neuron alone; trained, so the start is another."""
    network = Network.dense(
        [2, 2, 1], ["tanh", "linear"], [[[1, 2], [3, 4]], [[5, 6]]], [[None, 7], None]
    )
    samples = Samples([[0.1, 0.2], [0.3, 0.4]], [[0.5], [0.6]])
    return train(Document(network, samples, Settings(0.1, optimizer="adam")), 3).document


def pairs(document):
    return set(wires(document.network))


def same_up_to_reach(one, two):
    """Whether two documents hold the same, wherever it stands in their flat vectors."""
    return all(
        wires(a) == wires(b) and activations(a) == activations(b)
        for a, b in ((one.network, two.network), (one.start, two.start))
    ) and (one.samples, one.validation, one.position, one.settings) == (
        two.samples,
        two.validation,
        two.position,
        two.settings,
    )


# ---------------------------------------------------------------- layers


@pytest.mark.parametrize(("at", "sizes"), [(1, (2, 4, 2, 1)), (2, (2, 2, 4, 1))])
def test_a_layer_between_is_connected_on_both_sides_and_skipped_by_what_was_there(
    document, at, sizes
):
    after = add_layer(document, at, 4, "relu", Fresh.zero, has_bias=False)

    assert after.network.sizes == sizes
    assert after.network.layers[at - 1].activations == ("relu",) * 4
    place = {0: 0, 1: 1 if at == 2 else 2, 2: 3}
    moved = {(n, i): (place[n], i) for n, size in ((0, 2), (1, 2), (2, 1)) for i in range(size)}
    new = {((at - 1, i), (at, j)) for i in range(sizes[at - 1]) for j in range(4)}
    new |= {((at, i), (at + 1, j)) for i in range(4) for j in range(sizes[at + 1])}
    kept = renamed(wires(document.network), moved)
    assert wires(after.network) == kept | dict.fromkeys(new, (0.0, False))


def test_a_new_output_layer_is_as_wide_as_the_expected_outputs(document):
    after = add_layer(document, 3, 1, "sigmoid", Fresh.zero)

    assert after.network.sizes == (2, 2, 1, 1)
    assert after.samples == document.samples
    with pytest.raises(BadNetwork, match="needs 1 neurons, as many as"):
        add_layer(document, 3, 2, "sigmoid")


def test_a_new_layer_has_biases_where_the_network_has_any(document):
    bare = Document(Network.dense([1, 1], ["linear"]), Samples([[1]], [[1]]))

    assert add_layer(document, 1, 3, "tanh").network.layers[0].has_bias
    assert not add_layer(bare, 1, 3, "tanh").network.layers[0].has_bias
    assert add_layer(bare, 1, 3, "tanh", has_bias=True).network.layers[0].has_bias


@given(any_documents(), st.data())
def test_removing_the_layer_just_added_gives_the_document_back(document, data):
    at = data.draw(st.integers(1, len(document.network.layers)))
    near = {((at - 1, i), (at, j)) for i in range(99) for j in range(9)}
    assume(near & pairs(document))  # else removing it would connect the two layers

    added = add_layer(document, at, data.draw(st.integers(1, 5)), "tanh")
    assert same_up_to_reach(remove_layer(added, at), document)


def test_layers_that_become_neighbours_are_connected_when_they_were_not():
    network = Network.dense([1, 2, 2, 1], ["tanh"] * 3)
    document = Document(network, Samples([[1]], [[1]]))

    without = remove_layer(document, 2, Fresh.zero)
    assert pairs(without) == {
        ((0, 0), (1, 0)),
        ((0, 0), (1, 1)),
        ((1, 0), (2, 0)),
        ((1, 1), (2, 0)),
    }
    skipping = remove_layer(connect_layers(document, 1, 3), 2, Fresh.zero)
    assert skipping.network.weights[1].all()  # the skipping weights, not new ones of 0


def test_a_moved_layer_keeps_what_still_runs_forward():
    network = Network.dense([1, 1, 1, 1], ["tanh", "relu", "linear"], [[[1]], [[2]], [[3]]])
    document = Document(network, Samples([[1]], [[1]]))
    skipping = set_parameters(
        connect_layers(document, 0, 2), {ParameterRef(2, 0, 0, 0): 4.0, ParameterRef(1, 0, 0): 1.5}
    )

    there = move_layer(skipping, 2, 1, Fresh.zero)
    back = move_layer(there, 1, 2, Fresh.zero)
    assert [n.activations for n in there.network.layers] == [("relu",), ("tanh",), ("linear",)]
    assert wires(there.network) == {
        ((0, 0), (1, 0)): (4.0, False),  # skipped a layer before
        ((0, 0), (2, 0)): (1.5, False),  # skips one now
        ((1, 0), (2, 0)): (0.0, False),  # new: the old one would run backward
        ((1, 0), (3, 0)): (3.0, False),
        ((2, 0), (3, 0)): (0.0, False),  # new neighbours
    }
    assert {pair: v for pair, v in wires(back.network).items() if v[0]} == {
        ((0, 0), (1, 0)): (1.5, False),
        ((0, 0), (2, 0)): (4.0, False),
        ((2, 0), (3, 0)): (3.0, False),
    }
    assert move_layer(document, 1, 1) is document


@given(any_documents(), st.data())
def test_moved_there_and_back_every_connection_that_never_ran_backward_is_as_it_was(document, data):
    count = len(document.network.layers)
    layer, to = data.draw(st.integers(1, count)), data.draw(st.integers(1, count))
    try:
        back = move_layer(move_layer(document, layer, to), to, layer)
    except (BadNetwork, BadSetting):
        assume(False)

    between = range(min(layer, to), max(layer, to) + 1)
    kept = {
        (source, target): value
        for (source, target), value in wires(document.network).items()
        if source is None
        or layer not in (source[0], target[0])
        or not {source[0], target[0]} <= set(between)
    }
    assert kept.items() <= wires(back.network).items()
    assert activations(back.network) == activations(document.network)


def test_a_duplicated_layer_is_wired_as_its_original_and_to_it(document):
    after = duplicate_layer(document, 1, Fresh.zero).network
    old = wires(document.network)

    assert after.sizes == (2, 2, 2, 1)
    original = {
        (s, t if t[0] == 1 else (3, 0)): value
        for (s, t), value in old.items()
        if s is None or s[0] < 2
    }
    copy = {
        (s if s is None or s[0] == 0 else (2, s[1]), (2, t[1]) if t[0] == 1 else (3, 0)): value
        for (s, t), value in old.items()
    }
    between = {((1, i), (2, j)): (0.0, False) for i in range(2) for j in range(2)}
    assert wires(after) == original | copy | between


# ---------------------------------------------------------------- neurons


def test_new_neurons_are_like_the_one_they_stand_behind(document):
    first = add_neurons(document, 1, 2, Fresh.zero, after=0).network
    last = add_neurons(document, 1, 1, Fresh.zero).network

    assert (first.sizes, last.sizes) == ((2, 4, 1), (2, 3, 1))
    assert first.layers[0].activations == ("tanh",) * 4
    assert [first.has(ParameterRef(1, i, None)) for i in range(4)] == [False, False, False, True]
    assert [last.has(ParameterRef(1, i, None)) for i in range(3)] == [False, True, True]
    old = document.network.weights[0].tolist()
    assert first.weights[0].tolist() == [old[0], [0, 0], [0, 0], old[1]]


@given(any_documents(), st.data())
def test_removing_the_neurons_just_added_gives_the_document_back(document, data):
    layer = data.draw(st.integers(0, len(document.network.layers)))
    after = data.draw(st.integers(0, document.network.sizes[layer] - 1))
    count = data.draw(st.integers(1, 4))

    added = add_neurons(document, layer, count, after=after)
    back = remove_neurons(added, {(layer, after + 1 + i) for i in range(count)})
    assert same_up_to_reach(back, document)


@given(any_documents(), st.data())
def test_without_neurons_the_network_computes_what_is_left_of_it(document, data):
    sizes = document.network.sizes[:-1]  # outputs would take expected outputs with them
    gone = {
        neuron
        for layer, size in enumerate(sizes)
        for neuron in data.draw(st.sets(st.sampled_from([(layer, i) for i in range(size)])))
    }
    assume(all(sum(n[0] == layer for n in gone) < size for layer, size in enumerate(sizes)))
    after = remove_neurons(document, gone)

    left = {pair: value for pair, value in wires(document.network).items() if not gone & set(pair)}
    names = {n: a for n, a in activations(document.network).items() if n not in gone}
    inputs = document.samples.inputs[0]
    np.testing.assert_allclose(
        forward(after.network, after.samples.inputs[0]).outputs,
        scalar_outputs(left, names, inputs),
        rtol=1e-9,
        atol=1e-9,
    )
    assert sorted(wires(after.network).values()) == sorted(left.values())


def test_removing_nobody_changes_nothing(document):
    assert remove_neurons(document, set()) is document
    assert paste_neurons(document, set()) is document


# ---------------------------------------------------------------- copies


def test_pasted_neurons_bring_their_numbers_and_their_frozen_marks(document):
    frozen = set_frozen(document, [ParameterRef(1, 1, 0), ParameterRef(2, 0, 1)], True)
    after = paste_neurons(frozen, {(1, 1)})

    old = wires(frozen.network)
    assert wires(after.network) == old | {
        (None, (1, 2)): old[None, (1, 1)],
        ((0, 0), (1, 2)): old[(0, 0), (1, 1)],
        ((0, 1), (1, 2)): old[(0, 1), (1, 1)],
        ((1, 2), (2, 0)): old[(1, 1), (2, 0)],
    }
    assert old[(0, 0), (1, 1)][1]
    start = wires(after.start)
    assert start[(0, 1), (1, 2)] == (4.0, False)
    place = after.network.index_of(ParameterRef(1, 2, 1))
    assert after.moments.first[place] == 0.0


def test_pasted_neurons_stand_in_their_old_order(document):
    first, second = document.network.weights[0].tolist()
    after = paste_neurons(document, {(1, 1), (1, 0)}).network

    assert after.weights[0].tolist() == [first, second, first, second]


def test_what_was_copied_can_be_pasted_after_it_was_removed(document):
    source = document.network
    after = paste_neurons(remove_neurons(document, {(1, 1)}), {(1, 1)}, source)

    assert wires(after.network) == wires(source)
    assert activations(after.network) == activations(source)


def test_a_layer_can_be_pasted_only_where_there_is_one(document):
    shorter = remove_layer(document, 1)

    with pytest.raises(BadNetwork, match="of layer 2, and here are 1 layers: add a layer first"):
        paste_neurons(shorter, {(2, 0)}, document.network)


# ---------------------------------------------------------------- what cannot be


@pytest.mark.parametrize(
    ("edit", "sentence"),
    [
        (lambda d: add_layer(d, 0, 1, "tanh"), "number 1 to 3, not 0"),
        (lambda d: add_layer(d, 4, 1, "tanh"), "number 1 to 3, not 4"),
        (lambda d: add_layer(d, 1, 0, "tanh"), "whole number from 1 to 1,000,000, not 0"),
        (lambda d: add_layer(d, 1, 10**12, "tanh"), "whole number from 1 to 1,000,000, not 10{12}"),
        (lambda d: add_layer(d, 1, 2.0, "tanh"), r"whole number from 1 to 1,000,000, not 2\.0"),
        (lambda d: add_layer(d, 1, 1_000_000, "tanh"), "the limit is 1,000,000"),
        (lambda d: add_layer(d, 1, 1, "tanhh"), "No activation is called"),
        (lambda d: add_layer(d, 1, 1, "softmax"), "softmax is for the output layer"),
        (lambda d: remove_layer(d, 0), "The inputs cannot be removed"),
        (lambda d: remove_layer(d, 3), "There is no layer 3"),
        (lambda d: remove_layer(remove_layer(d, 1), 1), "The only layer cannot be removed"),
        (lambda d: move_layer(d, 0, 1), "The inputs cannot be moved"),
        (lambda d: move_layer(d, 1, 0), "moved to 1 to 2, not 0"),
        (lambda d: move_layer(d, 1, 3), "moved to 1 to 2, not 3"),
        (lambda d: duplicate_layer(d, 0), "The inputs cannot be duplicated"),
        (lambda d: add_neurons(d, 3), "There is no layer 3"),
        (lambda d: add_neurons(d, -1), "There is no layer -1"),
        (lambda d: add_neurons(d, 1, after=2), "no neuron 3 in layer 1"),
        (lambda d: add_neurons(d, 1, 0), "not 0"),
        (lambda d: add_neurons(d, 1, 10**12), "not 10{12}"),
        (lambda d: remove_neurons(d, {(0, 0), (0, 1)}), "The last input cannot be removed"),
        (lambda d: remove_neurons(d, {(1, 0), (1, 1)}), "Layer 1 cannot lose its last neuron"),
        (lambda d: remove_neurons(d, {(2, 0)}), "Layer 2 cannot lose its last neuron"),
        (lambda d: remove_neurons(d, {(1, 2)}), "no neuron 3 in layer 1"),
        (lambda d: paste_neurons(d, {(1, 2)}), "no neuron 3 in layer 1"),
    ],
)
def test_refused(document, edit, sentence):
    with pytest.raises(BadNetwork, match=sentence):
        edit(document)


@pytest.mark.parametrize(
    "edit", [lambda d: add_layer(d, 3, 2, "sigmoid"), lambda d: remove_layer(d, 2)]
)
def test_what_the_loss_needs_of_the_outputs_is_named(edit):
    network = Network.dense([1, 2, 2], ["tanh", "softmax"])
    document = Document(network, Samples([[1]], [[0, 1]]), Settings(loss="softmax_cross_entropy"))

    with pytest.raises((BadNetwork, BadSetting), match="softmax"):
        edit(document)
