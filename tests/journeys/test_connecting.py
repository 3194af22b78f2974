"""Connections are drawn from a port; layers grow and shrink by the buttons under them."""

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest

from nnsim.engine.network import ParameterRef
from nnsim.model.rebuilding import Fresh
from nnsim.views.diagram.targets import Target
from nnsim.views.new_weights_question import NewWeightsQuestion
from tests.journeys.hands import click, corner, drag, middle, move, press, release

SKIPPING = ParameterRef(2, 0, 0, 0)


@pytest.fixture
def builder(person):
    person.program.session.open_example("two-layers")
    person.program.session.choose_new_weights(Fresh.zero)
    person.view.setFocus()
    return person


def port(layer, i):
    return Target("port", i, layer)


def test_a_connection_that_skips_a_layer_is_drawn_from_port_to_neuron(builder):
    first = builder.document
    drag(builder, middle(builder, port(0, 0)), corner(builder, Target("neuron", 0, 2)))
    network = builder.document.network
    assert network.parameters[network.index_of(SKIPPING)] == 0.0
    assert builder.program.session.frame.undo_name == "Connect input1 → output1"
    assert builder.program.session.frame.chosen == {SKIPPING}
    builder.control(Qt.Key.Key_Z)
    assert builder.document is first


@pytest.mark.parametrize(
    ("target", "sentence"),
    [
        (Target("neuron", 0, 1), "The connection input1 → hidden1 is there already."),
        (Target("input", 1), "later layer"),
    ],
)
def test_where_it_cannot_be_the_person_is_told(builder, target, sentence):
    first = builder.document
    drag(builder, middle(builder, port(0, 0)), corner(builder, target))
    assert builder.document is first
    assert sentence in builder.strip


def test_let_go_beside_everything_or_escaped_nothing_happens(builder):
    first = builder.document
    drag(builder, middle(builder, port(0, 0)), QPoint(8, 8))
    press(builder, middle(builder, port(0, 0)))
    move(builder, corner(builder, Target("neuron", 0, 2)))
    builder.key(Qt.Key.Key_Escape)
    release(builder, corner(builder, Target("neuron", 0, 2)))
    assert builder.document is first
    assert builder.program.session.frame.undo_name is None


def test_the_line_follows_and_says_why_not(builder):
    begin = middle(builder, port(0, 0))
    before = builder.view.grab().toImage()
    press(builder, begin)
    move(builder, corner(builder, Target("neuron", 1, 2)))
    possible = builder.view.grab().toImage()
    move(builder, corner(builder, Target("neuron", 0, 1)))
    refused = builder.view.grab().toImage()
    release(builder, begin)
    assert before != possible != refused


def test_the_first_drawn_connection_asks_where_new_weights_begin(person):
    person.program.session.open_example("two-layers")
    drag(person, middle(person, port(0, 1)), corner(person, Target("neuron", 1, 2)))
    question = person.answer(NewWeightsQuestion)
    QTest.mouseClick(question.buttons[Fresh.zero], Qt.MouseButton.LeftButton)
    assert person.document.network.has(ParameterRef(2, 1, 1, 0))


def test_neurons_come_and_go_by_the_buttons_at_the_layer(builder):
    before = builder.document.network.parameters.copy()
    first = builder.document
    click(builder, middle(builder, Target("add_neuron", 0, 1)))
    assert builder.document.network.sizes == (2, 3, 2)
    assert builder.program.session.frame.undo_name == "Add neuron to layer 1"
    click(builder, middle(builder, Target("remove_neuron", 0, 1)))
    assert builder.document.network.sizes == (2, 2, 2)
    assert builder.document.network.parameters.tolist() == before.tolist()
    for _ in range(2):
        builder.control(Qt.Key.Key_Z)
    assert builder.document is first


def test_two_quick_presses_of_a_button_are_two_neurons(builder):
    where = middle(builder, Target("add_neuron", 0, 1))
    click(builder, where)
    again = middle(builder, Target("add_neuron", 0, 1))
    QTest.mouseDClick(builder.view, Qt.MouseButton.LeftButton, pos=again)  # its press alone
    release(builder, again)
    assert builder.document.network.sizes == (2, 4, 2)


def test_a_press_on_a_button_that_is_dragged_away_does_nothing(builder):
    first = builder.document
    drag(builder, middle(builder, Target("add_neuron", 0, 1)), QPoint(8, 8))
    assert builder.document is first


def test_the_name_of_a_layer_chooses_all_of_it(builder):
    click(builder, middle(builder, Target("layer", 0, 1)))
    assert builder.program.session.frame.chosen == {(1, 0), (1, 1)}
    click(builder, middle(builder, Target("layer", 0, 2)), Qt.KeyboardModifier.ControlModifier)
    assert builder.program.session.frame.chosen == {(1, 0), (1, 1), (2, 0), (2, 1)}


def test_the_only_layer_cannot_lose_its_last_neuron(person):
    first = person.document
    click(person, middle(person, Target("remove_neuron", 0, 1)))
    assert person.document is first
    assert person.strip
