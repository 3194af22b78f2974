"""A change of structure in a whole document: what it keeps, and what new numbers are."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from nnsim import Document, Network, Position, Samples, Settings, train
from nnsim.engine.backward import backward
from nnsim.engine.forward import forward
from nnsim.errors import BadSamples, NnsimError
from nnsim.model import edits
from nnsim.model.building import (
    add_layer,
    add_neurons,
    duplicate_layer,
    move_layer,
    paste_neurons,
    remove_layer,
    remove_neurons,
)
from nnsim.model.connecting import connect_layers, disconnect, set_bias
from nnsim.model.rebuilding import Fresh
from tests.strategies import any_documents
from tests.wires import activations, scalar_outputs, wires


def neurons_of(network):
    return [(layer, i) for layer, size in enumerate(network.sizes) for i in range(size)]


def an_edit(data, document):
    """Any edit of the structure, as a function of the document and of where numbers come from."""
    network, count = document.network, len(document.network.layers)
    any_layer, any_neuron = st.integers(0, count), st.sampled_from(neurons_of(network))
    some = data.draw(st.sets(any_neuron, min_size=1, max_size=3))
    layer, other = sorted((data.draw(any_layer), data.draw(any_layer)))
    return data.draw(
        st.sampled_from(
            [
                lambda d, fresh: add_layer(d, layer + 1, network.output_count, "tanh", fresh),
                lambda d, fresh: remove_layer(d, layer, fresh),
                lambda d, fresh: move_layer(d, layer, other, fresh),
                lambda d, fresh: duplicate_layer(d, layer, fresh),
                lambda d, fresh: add_neurons(d, layer, 2, fresh),
                lambda d, fresh: remove_neurons(d, some),
                lambda d, fresh: paste_neurons(d, some),
                lambda d, fresh: connect_layers(d, layer, other, fresh),
                lambda d, fresh: disconnect(d, network.refs()[::2]),
                lambda d, fresh: set_bias(d, [n for n in some if n[0]], True, fresh),
            ]
        )
    )


def edited(edit, document, fresh):
    """The document after an edit; the example is left out where the edit is refused."""
    try:
        return edit(document, fresh)
    except NnsimError:
        assume(False)


@given(any_documents(), st.data(), st.sampled_from(Fresh))
def test_every_edit_gives_a_document_that_computes_and_traces(document, data, fresh):
    after = edited(an_edit(data, document), document, fresh)
    network = after.network

    trace = after.trace(0)
    scalar = scalar_outputs(wires(network), activations(network), after.samples.inputs[0])
    last = len(network.layers)
    shown = [trace.neuron(last, i).output for i in range(network.output_count)]
    np.testing.assert_allclose(shown, scalar, rtol=1e-9, atol=1e-9)
    np.testing.assert_allclose(
        forward(network, after.samples.inputs[0]).outputs, scalar, rtol=1e-9, atol=1e-9
    )
    assert after.position == document.position
    assert after.settings == document.settings
    assert after.start.same_frozen(network)


@given(any_documents(), st.data())
def test_doing_it_twice_gives_the_same_numbers(document, data):
    edit = an_edit(data, document)

    assert edited(edit, document, Fresh.start_rule) == edited(edit, document, Fresh.start_rule)


@given(any_documents(), st.data())
def test_the_start_weights_follow_as_if_they_were_the_network(document, data):
    edit = an_edit(data, document)
    other = document.network.with_parameters(document.network.parameters * 0.5)
    later = replace(document, network=other, position=Position(3, 1))

    after = edited(edit, later, Fresh.start_rule)
    assert after.start == edit(document, Fresh.start_rule).network
    assert edits.restart(after).network == after.start


def numbered(document):
    """The document with an optimizer's state that tells the parameters apart."""
    count = len(document.network.parameters)
    moments = document.moments
    first = np.arange(1.0, count + 1) if len(moments.first) else moments.first
    second = np.arange(1.0, count + 1) * 10 if len(moments.second) else moments.second
    return replace(document, moments=replace(moments, steps=7, first=first, second=second))


@given(any_documents(optimizer="adam"), st.data(), st.integers(0, 2))
def test_the_optimizers_state_goes_with_its_weight(document, data, layer):
    document = numbered(document)
    assume(layer < len(document.network.layers))
    after = add_neurons(document, layer, 2, Fresh.start_rule, after=0)

    moved = {
        neuron: neuron if neuron[0] != layer or neuron[1] == 0 else (layer, neuron[1] + 2)
        for neuron in neurons_of(document.network)
    }
    old = {
        (None if r.is_bias else moved[r.from_layer, r.source], moved[r.layer, r.to]): r
        for r in document.network.refs()
    }
    for ref in after.network.refs():
        pair = None if ref.is_bias else (ref.from_layer, ref.source), (ref.layer, ref.to)
        place = after.network.index_of(ref)
        was = document.network.index_of(old[pair]) if pair in old else None
        assert after.moments.first[place] == (0.0 if was is None else was + 1)
        assert after.moments.second[place] == (0.0 if was is None else 10 * (was + 1))
    assert after.moments.steps == 7


def test_a_removed_weight_leaves_no_state_behind():
    network = Network.dense([2, 1], ["linear"], [[[1, 2]]])
    samples = Samples([[1, 2]], [[3]])
    document = train(Document(network, samples, Settings(0.1, optimizer="momentum")), 2).document
    ref = network.refs()[0]

    back = connect_layers(disconnect(document, [ref]), 0, 1, Fresh.zero)

    assert back.moments.first.tolist() == [0.0, document.moments.first[1]]


def test_training_goes_on_after_an_edit_as_without_it_when_nothing_new_counts():
    network = Network.dense([2, 2, 1], ["tanh", "linear"], [[[1, 2], [3, 4]], [[5, 6]]])
    samples = Samples([[0.1, 0.2], [0.3, 0.1]], [[1], [0]])
    document = train(Document(network, samples, Settings(0.1, optimizer="adam")), 3).document
    aside = remove_neurons(add_neurons(document, 1, 3, Fresh.start_rule), {(1, 2), (1, 3), (1, 4)})

    assert aside == document
    assert train(aside, 5).document == train(document, 5).document


# ---------------------------------------------------------------- new numbers


def dense(sizes, **settings):
    network = Network.dense(sizes, ["tanh"] * (len(sizes) - 1))
    samples = Samples(np.zeros((1, sizes[0])), np.zeros((1, sizes[-1])))
    return Document(network, samples, Settings(**settings))


def test_new_numbers_follow_the_start_rule():
    constant = add_neurons(dense([2, 3, 1], initializer="constant", start_range=0.25), 1)
    small = add_neurons(dense([2, 300, 1], initializer="uniform", start_range=0.01), 1, 300)
    lecun = add_neurons(dense([400, 2, 1], initializer="lecun"), 1, 100)

    assert constant.network.weights[0].tolist() == [[0, 0]] * 3 + [[0.25, 0.25]]
    assert constant.network.weights[1].tolist() == [[0, 0, 0, 0.25]]
    new = small.network.weights[0][300:]
    assert 0.009 < np.abs(new).max() <= 0.01
    assert len(np.unique(new)) == new.size
    assert lecun.network.weights[0][2:].std() == pytest.approx(1 / 20, rel=0.05)


def test_other_seeds_and_later_neurons_get_other_numbers():
    one = add_neurons(add_neurons(dense([2, 1, 1], seed=1), 1), 1)
    two = add_neurons(add_neurons(dense([2, 1, 1], seed=2), 1), 1)

    numbers = np.concatenate([d.network.weights[0][1:].ravel() for d in (one, two)])
    assert len(np.unique(numbers)) == 8


def test_a_new_neuron_does_not_get_the_start_weights_of_its_neighbour():
    document = edits.restart(edits.new_random_weights(dense([2, 2, 1])))
    after = add_neurons(document, 1, 1, Fresh.start_rule, after=0)

    first, new, second = after.network.weights[0].tolist()
    assert new not in (first, second)


# ---------------------------------------------------------------- samples


def test_inputs_and_outputs_bring_and_take_their_columns():
    network = Network.dense([2, 2], ["linear"])
    document = Document(
        network, Samples([[1, 2], [3, 4]], [[5, 6], [7, 8]]), validation=Samples([[1, 2]], [[3, 4]])
    )
    more = add_neurons(add_neurons(document, 0, 1, Fresh.zero, after=0), 1, 1, Fresh.zero)
    fewer = remove_neurons(document, {(0, 0), (1, 1)})

    assert more.samples == Samples([[1, 0, 2], [3, 0, 4]], [[5, 6, 0], [7, 8, 0]])
    assert more.validation == Samples([[1, 0, 2]], [[3, 4, 0]])
    assert fewer.samples == Samples([[2], [4]], [[5], [7]])
    assert fewer.validation == Samples([[2]], [[3]])


def test_when_another_layer_becomes_the_outputs_the_columns_stay_in_their_order():
    network = Network.dense([1, 3, 2], ["linear", "linear"])
    document = Document(network, Samples([[1]], [[5, 6]]))

    assert remove_layer(document, 2).samples == Samples([[1]], [[5, 6, 0]])
    assert add_layer(document, 3, 2, "tanh").samples == document.samples
    assert move_layer(move_layer(document, 1, 2), 1, 2).samples == Samples([[1]], [[5, 6]])


def test_a_new_output_is_expected_to_be_what_the_loss_takes():
    network = Network.dense([1, 1], ["tanh"])
    hinge = Document(network, Samples([[1]], [[1]]), Settings(loss="hinge"))

    assert add_neurons(hinge, 1).samples.expected.tolist() == [[1, -1]]


@pytest.mark.parametrize("where", ["samples", "validation"])
def test_a_class_that_samples_expect_cannot_be_removed(where):
    network = Network.dense([1, 3], ["softmax"])
    good, bad = Samples([[1]], [[1, 0, 0]]), Samples([[1], [1]], [[1, 0, 0], [0, 0, 1]])
    samples = {"samples": good, "validation": good} | {where: bad}
    document = Document(network, settings=Settings(loss="softmax_cross_entropy"), **samples)

    assert remove_neurons(document, {(1, 1)}).samples.expected.tolist()[0] == [1, 0]
    assert add_neurons(document, 1).samples.expected.tolist()[0] == [1, 0, 0, 0]
    with pytest.raises(BadSamples, match=r"sample 2 are not without what this edit takes away: "):
        remove_neurons(document, {(1, 2)})


def test_too_many_cells_are_refused_before_they_are_made():
    network = Network.dense([1, 1], ["linear"])
    document = Document(network, Samples(np.zeros((1_000, 1)), np.zeros((1_000, 1))))

    with pytest.raises(BadSamples, match=r"limit is 100,000,000"):
        add_neurons(document, 0, 900_000, Fresh.zero)


# ---------------------------------------------------------------- what a zero neuron changes


@given(any_documents(), st.data(), st.integers(1, 3))
def test_neurons_with_zero_weights_change_nothing(document, data, count):
    hidden = st.integers(0, len(document.network.layers) - 1)
    after = add_neurons(document, data.draw(hidden), count, Fresh.zero)

    inputs = document.samples.inputs
    wider = after.samples.inputs
    one, two = forward(document.network, inputs), forward(after.network, wider)
    np.testing.assert_allclose(two.outputs, one.outputs, rtol=1e-12, atol=1e-12)
    loss = document.settings.loss_function
    gradient = backward(document.network, one, document.samples.expected, loss).gradient
    wide = backward(after.network, two, after.samples.expected, loss).gradient
    old, new = by_wire(document.network, gradient), by_wire(after.network, wide)
    np.testing.assert_allclose(
        [new[pair] for pair in old], list(old.values()), rtol=1e-9, atol=1e-12
    )


def by_wire(network, flat):
    """{(from, to): number} of a flat vector; the neurons added at the end change no name."""
    return {
        (None if r.is_bias else (r.from_layer, r.source), (r.layer, r.to)): flat[
            network.index_of(r)
        ]
        for r in network.refs()
    }
