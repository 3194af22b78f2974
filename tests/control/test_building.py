"""Every edit of structure is one undo with a name; new weights are asked for once."""

import pytest

from nnsim.control.session import Session
from nnsim.engine.network import ParameterRef
from nnsim.files.examples import open_example
from nnsim.model.rebuilding import Fresh
from tests.wires import wires

BIAS = ParameterRef(1, 0, None)


@pytest.fixture
def session(qapp):
    made = Session(open_example("xor"))
    yield made
    made.pause()


@pytest.fixture
def asked(session):
    times = []
    session.new_weights_asked.connect(lambda: times.append(session.document))
    return times


@pytest.fixture
def refusals(session):
    said = []
    session.refused.connect(said.append)
    return said


@pytest.fixture
def zeros(session):
    session.choose_new_weights(Fresh.zero)
    return session


EDITS = [
    (lambda s: s.add_neurons(1), "Add neuron to layer 1", (2, 5, 1)),
    (lambda s: s.add_neurons(1, 3), "Add 3 neurons to layer 1", (2, 7, 1)),
    (lambda s: s.add_neurons(0), "Add input", (3, 4, 1)),
    (lambda s: s.add_layer(1, 3, "relu"), "Add layer 1", (2, 3, 4, 1)),
    (lambda s: s.remove_layer(1), "Remove layer 1", (2, 1)),
    (lambda s: s.move_layer(1, 2), "Move layer 1 to 2", (2, 1, 4)),
    (lambda s: s.duplicate_layer(1), "Duplicate layer 1", (2, 4, 4, 1)),
    (lambda s: s.delete(frozenset([(1, 0)])), "Remove hidden1", (2, 3, 1)),
    (lambda s: s.delete(frozenset([(1, 0), BIAS])), "Remove 1 neuron and 1 weight", (2, 3, 1)),
    (lambda s: s.connect_neurons((0, 1), (2, 0)), "Connect input2 → output", (2, 4, 1)),
    (lambda s: s.connect_layers(0, 2), "Connect inputs with layer 2", (2, 4, 1)),
    (lambda s: s.disconnect_layers(1, 2), "Disconnect layer 2 from layer 1", (2, 4, 1)),
    (lambda s: s.set_bias([(1, 1)], False), "Remove bias of hidden2", (2, 4, 1)),
    (lambda s: s.set_frozen(frozenset([BIAS]), True), "Freeze bias → hidden1", (2, 4, 1)),
    (lambda s: s.set_parameters(frozenset([(1, 0)]), 0.5), "Set 3 weights to 0.5", (2, 4, 1)),
    (lambda s: s.set_activations([(1, 0), (1, 1)], "relu"), "Activation relu for 2 neurons", None),
]


@pytest.mark.parametrize(("edit", "name", "sizes"), EDITS, ids=[name for _, name, _ in EDITS])
def test_an_edit_is_one_undo_with_a_name_and_exact_numbers_back(zeros, edit, name, sizes):
    before = zeros.document
    edit(zeros)

    assert zeros.frame.undo_name == name
    assert zeros.document != before
    assert zeros.document.network.sizes == (sizes or before.network.sizes)
    zeros.undo()
    assert zeros.document is before
    zeros.redo()
    assert zeros.document != before


@pytest.mark.parametrize(("edit", "name", "sizes"), EDITS, ids=[name for _, name, _ in EDITS])
def test_an_edit_in_a_run_pauses_it_first(zeros, edit, name, sizes):
    zeros.set_speed(1e9)
    zeros.run()
    edit(zeros)

    assert not zeros.frame.running
    assert zeros.frame.undo_name == name


def test_a_new_layer_stands_between_its_neighbours_unless_they_stay_connected(zeros):
    zeros.add_layer(1, 3, "relu")
    assert {source[0] for source, target in wires(zeros.document.network) if source} == {0, 1, 2}
    assert [layer.reach for layer in zeros.document.network.layers] == [1, 1, 1]
    zeros.undo()

    zeros.add_layer(1, 3, "relu", keep_direct=True)
    skipping = wires(zeros.document.network)[(0, 0), (2, 0)]
    assert skipping[0] == open_example("xor").network.weights[0][0, 0]


def test_new_weights_are_asked_for_once(session, asked):
    before = session.document
    session.add_neurons(1)
    assert session.document is before
    assert session.frame.fresh is None

    session.choose_new_weights(Fresh.zero)
    assert session.document.network.sizes == (2, 5, 1)
    assert session.document.network.weights[0][4].tolist() == [0.0, 0.0]
    session.add_neurons(1)
    session.open_example("chapter")
    session.add_neurons(1)
    assert asked == [before]
    assert session.frame.fresh is Fresh.zero


def test_without_an_answer_nothing_is_done_and_the_next_edit_asks_again(session, asked):
    before = session.document
    session.add_neurons(1)
    session.choose_new_weights(None)
    session.choose_new_weights(None)
    assert session.document is before
    session.add_neurons(1)
    assert len(asked) == 2


def test_the_answer_can_be_changed(zeros):
    zeros.choose_new_weights(Fresh.start_rule)
    zeros.add_neurons(1)
    assert zeros.document.network.weights[0][4].all()


@pytest.mark.parametrize(
    "edit",
    [
        lambda s: s.delete(frozenset([(1, 0)])),
        lambda s: s.set_bias([(1, 0)], False),
        lambda s: s.disconnect_layers(0, 1),
        lambda s: s.delete(frozenset([BIAS])),
    ],
)
def test_an_edit_without_new_weights_asks_nothing(session, asked, edit):
    before = session.document
    edit(session)
    assert session.document is not before
    assert asked == []


@pytest.mark.parametrize(
    "edit",
    [
        lambda s: s.add_neurons(7),
        lambda s: s.add_neurons(1, 10**15),
        lambda s: s.add_neurons(1, after=99),
        lambda s: s.add_layer(9, 2, "tanh"),
        lambda s: s.add_layer(1, 2, "cosine"),
        lambda s: s.remove_layer(0),
        lambda s: s.move_layer(1, 5),
        lambda s: s.duplicate_layer(0),
        lambda s: s.connect_neurons((1, 0), (1, 1)),
        lambda s: s.connect_neurons((0, 0), (1, 0)),
        lambda s: s.connect_layers(2, 0),
        lambda s: s.delete(frozenset([(0, 0), (0, 1)])),
        lambda s: s.delete(frozenset([(5, 5)])),
        lambda s: s.set_bias([(0, 0)], True),
        lambda s: s.set_activations([(0, 0)], "tanh"),
        lambda s: s.set_frozen(frozenset([ParameterRef(1, 9, 9)]), True),
        lambda s: s.set_frozen(frozenset([(9, 0)]), True),
        lambda s: s.set_parameters(frozenset([(1, 9)]), 0.5),
        lambda s: s.paste("no copy"),
    ],
)
def test_what_cannot_be_is_one_sentence_at_once_and_changes_nothing(session, asked, refusals, edit):
    before = session.document
    edit(session)
    assert len(refusals) == 1
    assert asked == []
    assert session.document is before
    assert session.frame.undo_name is None


def test_copied_neurons_are_pasted_with_their_numbers(session):
    texts = []
    session.copied.connect(texts.append)
    session.set_frozen(frozenset([BIAS]), True)
    session.copy(frozenset([(1, 0), BIAS]))
    session.delete(frozenset([(1, 0)]))
    before = session.document.network.weights[0]
    session.paste(texts[0])

    assert session.frame.undo_name == "Paste neuron"
    assert session.frame.chosen == {(1, 3)}
    original = wires(open_example("xor").network)
    pasted = wires(session.document.network)
    assert pasted[(0, 1), (1, 3)] == original[(0, 1), (1, 0)]
    assert pasted[None, (1, 3)] == (original[None, (1, 0)][0], True)
    assert session.document.network.weights[0][:3].tolist() == before.tolist()


def test_nothing_is_copied_without_neurons(session):
    texts = []
    session.copied.connect(texts.append)
    session.copy(frozenset([BIAS]))
    assert texts == []
