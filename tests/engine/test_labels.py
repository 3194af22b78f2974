"""Names of neurons, weights and biases: which can be, and where they go when neurons move."""

import pytest
from hypothesis import given

from nnsim import Network, ParameterRef
from nnsim.engine.labels import Labels, checked_name
from nnsim.engine.structure import Layer, Structure
from nnsim.errors import BadNetwork
from tests.strategies import any_labels, any_names, any_networks

BIAS = ParameterRef(2, 0, None)
SKIP = ParameterRef(3, 0, 1, 0)
NEXT = ParameterRef(2, 1, 0)
LABELS = Labels({(0, 1): "income", (2, 0): "age"}, {BIAS: "b", SKIP: "s", NEXT: "n"})


@given(any_names())
def test_what_people_call_things_is_a_name(name):
    assert checked_name(name) == name


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("", "A name needs at least one character that can be seen, not ''."),
        ("\u200b \u00a0", "at least one character that can be seen"),
        (None, "at least one character that can be seen, not None"),
        ("a" * 61, "A name has at most 60 characters, not 61."),
        ("a" * 10**6, "not 1,000,000."),
        ("two\nlines", r"The name 'two\nlines' holds a character that cannot be shown on one"),
        ("a\u2028b", "cannot be shown on one line"),
        ("a\ud800", "cannot be shown on one line"),
        ("\x1b[31mred", "cannot be shown on one line"),
        (" a", "The name ' a' begins or ends with a blank."),
        ("a\u3000", "begins or ends with a blank."),
    ],
)
def test_what_cannot_be_a_name_is_refused_in_one_sentence(name, said):
    with pytest.raises(BadNetwork) as caught:
        Labels({(0, 0): name})
    assert said in str(caught.value)
    assert len(str(caught.value).splitlines()) == 1
    str(caught.value).encode()


def test_no_two_neurons_and_no_two_weights_have_the_same_name():
    with pytest.raises(BadNetwork, match=r"\ATwo neurons cannot both be called “a”\.\Z"):
        Labels({(0, 0): "a", (1, 0): "a"})
    with pytest.raises(BadNetwork, match=r"\ATwo weights cannot both be called “a”\.\Z"):
        Labels({}, {BIAS: "a", SKIP: "a"})
    Labels({(0, 0): "a"}, {BIAS: "a"})


def test_they_cannot_be_changed_and_equal_ones_have_one_hash():
    names = {(0, 0): "a", (1, 0): "b"}
    labels = Labels(names)
    names[0, 0] = "c"

    assert labels.neurons[0, 0] == "a"
    with pytest.raises(TypeError):
        labels.neurons[0, 0] = "c"
    assert labels == Labels({(1, 0): "b", (0, 0): "a"})
    assert hash(labels) == hash(Labels({(1, 0): "b", (0, 0): "a"}))
    assert labels != Labels({(1, 0): "a", (0, 0): "b"})


def test_names_are_given_changed_and_taken_away_one_by_one():
    labels = Labels().with_neuron((1, 0), "a").with_weight(BIAS, "b")

    assert labels == Labels({(1, 0): "a"}, {BIAS: "b"})
    assert labels.with_neuron((1, 0), "c") == Labels({(1, 0): "c"}, {BIAS: "b"})
    assert labels.with_neuron((1, 0), "").with_weight(BIAS, "") == Labels()
    assert Labels().with_neuron((1, 0), "") == Labels()


# ---------------------------------------------------------------- moving


def test_names_go_with_their_neurons():
    there = {(0, 1): (0, 0), (1, 0): (1, 0), (2, 0): (3, 1), (2, 1): (3, 0), (3, 0): (4, 0)}

    assert LABELS.moved(there) == Labels(
        {(0, 0): "income", (3, 1): "age"},
        {
            ParameterRef(3, 1, None): "b",
            ParameterRef(4, 0, 0, 0): "s",
            ParameterRef(3, 0, 0, 1): "n",
        },
    )


def test_a_weight_loses_its_name_with_an_end_and_when_it_would_run_backward():
    swapped = {(0, 1): (0, 1), (1, 0): (2, 0), (2, 0): (1, 0), (2, 1): (1, 1), (3, 0): (3, 0)}
    beside = swapped | {(2, 1): (2, 1)}
    gone = {(1, 0): (1, 0), (2, 1): (2, 0)}

    assert set(LABELS.moved(swapped).weights.values()) == {"b", "s"}
    assert set(LABELS.moved(beside).weights.values()) == {"b", "s"}
    assert LABELS.moved(gone) == Labels({}, {ParameterRef(2, 0, 0): "n"})
    assert LABELS.moved({}) == Labels()


# ---------------------------------------------------------------- in a structure

STRUCTURE = Structure(2, (Layer(("tanh",) * 2, True), Layer(("tanh",), False)))


def named(**labels):
    return Structure(2, STRUCTURE.layers, labels=Labels(**labels))


def test_structures_with_other_names_are_the_same_but_not_equal():
    one, other = named(neurons={(1, 0): "a"}), named(neurons={(1, 0): "b"})

    assert one.same(other)
    assert one.same(STRUCTURE)
    assert one != other
    assert one == named(neurons={(1, 0): "a"})
    assert hash(one) == hash(other)


@pytest.mark.parametrize(
    ("neuron", "said"),
    [
        ((3, 0), "There is no layer 3."),
        ((1, 2), "There is no neuron 3 in layer 1."),
        ((0, 2), "There is no input 3."),
    ],
)
def test_a_name_for_a_neuron_that_is_not_there_is_refused(neuron, said):
    with pytest.raises(BadNetwork) as caught:
        named(neurons={neuron: "a"})
    assert str(caught.value) == said


def test_what_is_absent_has_no_name():
    absent = ParameterRef(2, 0, None), ParameterRef(9, 0, 0), ParameterRef(2, 0, 0, 0)
    structure = named(
        weights={ref: str(i) for i, ref in enumerate([ParameterRef(2, 0, 1), *absent])}
    )

    assert structure.labels == Labels({}, {ParameterRef(2, 0, 1): "0"})


@given(any_networks().flatmap(lambda network: any_labels(network).map(network.with_labels)))
def test_a_network_keeps_its_names_through_every_other_change(network):
    labels = network.structure.labels
    refs = network.refs()

    assert network.with_parameters(network.parameters * 2).structure.labels == labels
    assert network.with_frozen(refs).structure.labels == labels
    assert network.with_activations(1, network.layers[0].activations).structure.labels == labels
    assert network.without(refs).structure.labels == Labels(labels.neurons)
    one_less = network.without(refs[:1])
    assert one_less.structure.labels == labels.without(refs[:1])
    for ref in refs[:1]:
        assert one_less.with_connection(ref, 1.0).structure.labels == labels.without([ref])


def test_names_stay_where_a_new_connection_needs_more_room():
    network = Network.on(named(neurons={(0, 1): "a"}), range(8)).with_connection(
        ParameterRef(2, 0, 1, 0), 5.0
    )
    wider = network.with_connection(ParameterRef(2, 0, None), 6.0)

    assert wider.layers[1] == Layer(("tanh",), True, 2)
    assert wider.structure.labels == Labels({(0, 1): "a"})
