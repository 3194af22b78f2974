"""Several weights, biases or neurons set at once."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from nnsim import Document, Network, ParameterRef, Samples, train
from nnsim.errors import BadNetwork
from nnsim.model import edits
from nnsim.model.selection import set_activations, set_frozen, set_parameters
from tests.strategies import any_documents, numbers
from tests.wires import activations, wires


@pytest.fixture
def document():
    network = Network.dense([2, 2, 2], ["tanh", "linear"], biases=[[1, 2], None])
    return Document(network, Samples([[1, 2]], [[3, 4]]))


def some_refs(data, document):
    refs = document.network.refs()
    return data.draw(st.sets(st.sampled_from(refs))) if refs else set()


@given(any_documents(), st.data())
def test_parameters_set_together_are_those_set_one_by_one(document, data):
    values = {ref: data.draw(numbers()) for ref in some_refs(data, document)}
    one_by_one = document
    for ref, value in values.items():
        one_by_one = edits.set_parameter(one_by_one, ref, value)

    assert set_parameters(document, values) == one_by_one


@given(any_documents(), st.data(), st.booleans())
def test_frozen_is_what_was_asked_to_be(document, data, frozen):
    chosen = some_refs(data, document)
    after = set_frozen(document, chosen, frozen)

    expected = {
        ref: frozen if ref in chosen else document.network.is_frozen(document.network.index_of(ref))
        for ref in document.network.refs()
    }
    found = {ref: after.network.is_frozen(after.network.index_of(ref)) for ref in expected}
    assert found == expected
    assert after.network.parameters.tolist() == document.network.parameters.tolist()
    assert after.start.structure == after.network.structure
    assert after.moments == document.moments


def test_training_leaves_the_frozen_alone(document):
    ref = ParameterRef(1, 0, None)
    started = set_parameters(document, {ref: 0.5, ParameterRef(2, 0, 0): 1.0})
    trained = train(set_frozen(started, [ref], True), 3).document

    assert wires(trained.network)[None, (1, 0)] == (0.5, True)
    assert wires(trained.network)[(1, 0), (2, 0)][0] != 1.0


@given(any_documents(), st.data())
def test_activations_of_some_neurons(document, data):
    hidden = [n for n in activations(document.network) if n[0] < len(document.network.layers)]
    chosen = data.draw(st.sets(st.sampled_from(hidden))) if hidden else set()
    after = set_activations(document, chosen, "elu(2)")

    assert activations(after.network) == activations(document.network) | dict.fromkeys(
        chosen, "elu(2)"
    )
    assert np.array_equal(after.network.parameters, document.network.parameters)


def test_neurons_of_several_layers_get_it_each_in_its_place(document):
    after = set_activations(document, {(1, 0), (2, 1)}, "relu").network

    assert [layer.activations for layer in after.layers] == [("relu", "tanh"), ("linear", "relu")]


def test_softmax_is_for_all_outputs_or_none(document):
    after = set_activations(document, {(2, 0), (2, 1)}, "softmax")

    assert after.network.layers[1].activations == ("softmax", "softmax")
    for chosen, name in (({(2, 0)}, "softmax"), ({(1, 0), (1, 1)}, "softmax")):
        with pytest.raises(BadNetwork, match="softmax is for the output layer, and for all"):
            set_activations(document, chosen, name)
    with pytest.raises(BadNetwork, match="for all its neurons together"):
        set_activations(after, {(2, 0)}, "tanh")


@pytest.mark.parametrize(
    ("edit", "sentence"),
    [
        (lambda d: set_parameters(d, {ParameterRef(2, 0, None): 1.0}), "no such weight or bias"),
        (lambda d: set_parameters(d, {ParameterRef(1, 0, 0): np.nan}), "finite"),
        (lambda d: set_frozen(d, [ParameterRef(2, 0, None)], True), "no such weight or bias"),
        (lambda d: set_activations(d, {(0, 0)}, "tanh"), "An input has no activation"),
        (lambda d: set_activations(d, {(1, 5)}, "tanh"), "no neuron 6 in layer 1"),
        (lambda d: set_activations(d, {(1, 0)}, "tan"), "No activation is called"),
    ],
)
def test_refused(document, edit, sentence):
    with pytest.raises(BadNetwork, match=sentence):
        edit(document)
