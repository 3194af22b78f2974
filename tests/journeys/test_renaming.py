"""A neuron is renamed by a double click on its name."""

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest

from nnsim.views.diagram.activation_menu import ActivationMenu
from nnsim.views.diagram.targets import Target
from nnsim.views.words_question import WordsQuestion
from tests.journeys.hands import place_of


@pytest.fixture
def builder(person):
    person.program.session.open_example("two-layers")
    person.view.setFocus()
    return person


def name_of(person, target):
    """Where the name begins: in an input's card, above any other one."""
    by = QPoint(20, 17) if target.kind == "input" else QPoint(20, -14)
    return place_of(person, target).topLeft().toPoint() + by


def double_click(person, where):
    QTest.mouseClick(person.view, Qt.MouseButton.LeftButton, pos=where)
    QTest.mouseDClick(person.view, Qt.MouseButton.LeftButton, pos=where)


@pytest.mark.parametrize(
    ("target", "neuron"),
    [
        (Target("input", 1), (0, 1)),
        (Target("neuron", 0, 1), (1, 0)),
        (Target("neuron", 1, 2), (2, 1)),
    ],
)
def test_a_double_click_on_a_name_renames_the_neuron(builder, target, neuron):
    first = builder.document
    double_click(builder, name_of(builder, target))
    question = builder.answer(WordsQuestion)
    builder.qtbot.waitUntil(question.isActiveWindow)
    builder.type("sugar")
    builder.key(Qt.Key.Key_Return)
    assert builder.document.network.structure.labels.neurons == {neuron: "sugar"}
    builder.window.activateWindow()
    builder.qtbot.waitUntil(builder.view.hasFocus)
    builder.control(Qt.Key.Key_Z)
    assert builder.document is first


def test_a_double_click_on_the_number_of_an_input_edits_that(builder):
    builder.edit(Target("input", 1), "7")
    assert builder.document.samples.inputs[0, 1] == 7


def test_a_double_click_on_a_neuron_asks_for_its_activation(builder):
    where = place_of(builder, Target("neuron", 0, 1)).topLeft().toPoint() + QPoint(5, 5)
    double_click(builder, where)
    assert builder.view.findChild(ActivationMenu).isVisible()
