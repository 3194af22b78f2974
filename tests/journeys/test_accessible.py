"""What a screen reader finds in the diagram, asked through Qt's accessibility interface alone."""

import gc

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QAccessible
from PySide6.QtTest import QTest

from nnsim.engine.network import ParameterRef
from nnsim.files.examples import open_example
from nnsim.views.diagram.targets import Target
from tests.journeys.conftest import weight

NAME, VALUE = QAccessible.Text.Name, QAccessible.Text.Value


@pytest.fixture
def reader(person):
    return Reader(person)


class Reader:
    """Hears what a screen reader says."""

    def __init__(self, person):
        self.person = person
        self.diagram = QAccessible.queryAccessibleInterface(person.view)

    def all(self):
        children = (self.diagram.child(i) for i in range(self.diagram.childCount()))
        return [(child.text(NAME), child.text(VALUE)) for child in children]

    def named(self, name):
        children = (self.diagram.child(i) for i in range(self.diagram.childCount()))
        return next(child for child in children if child.text(NAME) == name)


def test_every_neuron_and_weight_of_the_chapter_is_heard(reader):
    assert reader.diagram.text(NAME) == "Network diagram"
    assert reader.all() == [
        ("input1", "0.1"),
        ("input2", "0.8"),
        ("neuron, linear", "sum 0.75, output 0.75; error signal 0.35"),
        ("weight1, from input1 to neuron", "0.3; delta 0.035"),
        ("weight2, from input2 to neuron", "0.9; delta 0.28"),
    ]


def test_in_a_larger_network_arrows_are_said_in_words(reader):
    reader.person.program.session._open(open_example("xor"), None)
    names = [name for name, _ in reader.all()]

    assert "weight from input1 to hidden1" in names
    assert "bias of output" in names
    assert "hidden4, tanh" in names
    assert len(names) == 2 + 4 + 1 + 17


def test_numbers_are_the_present_ones_after_a_step(reader):
    child = reader.named("weight1, from input1 to neuron")
    reader.person.press("step")
    assert child.text(VALUE) == "0.265; delta 0.01225"


def test_a_frozen_weight_is_said_to_be(reader):
    ref = ParameterRef(1, 0, 0)
    reader.person.program.session.set_frozen(frozenset([ref]), True)
    assert reader.named("weight1, from input1 to neuron").text(VALUE) == "0.3; delta 0.035; frozen"


def test_a_named_neuron_is_called_so(reader):
    reader.person.program.session.name_neuron((0, 1), "risk")
    assert ("risk", "0.8") in reader.all()


def test_a_child_stands_where_it_is_seen(reader):
    child = reader.named("weight2, from input2 to neuron")
    where = reader.person.view.mapToGlobal(reader.person.place_of(weight(1)))

    assert child.rect().contains(where)
    assert reader.diagram.childAt(where.x(), where.y()).text(NAME) == child.text(NAME)
    corner = reader.person.view.mapToGlobal(QPoint(2, 2))
    assert reader.diagram.childAt(corner.x(), corner.y()) is None


def test_the_keyboard_focus_and_what_is_chosen_are_known(reader):
    child = reader.named("weight2, from input2 to neuron")
    assert not child.state().focused
    reader.person.click(weight(1))

    assert child.state().focused
    assert child.state().selected
    assert reader.diagram.focusChild().text(NAME) == child.text(NAME)
    reader.person.click(Target("input", 0))
    assert not child.state().focused


def test_a_reader_can_set_a_number_and_undo_brings_it_back(reader):
    before = reader.person.document
    child = reader.named("weight1, from input1 to neuron")
    child.setText(VALUE, "1/2")
    assert reader.person.weights[0] == 0.5
    child.setText(VALUE, "half")
    assert reader.person.weights[0] == 0.5
    reader.person.control(Qt.Key.Key_Z)
    assert reader.person.document is before


def test_an_input_can_be_set_too_and_a_neuron_cannot(reader):
    reader.named("input1").setText(VALUE, "0.2")
    assert reader.person.document.samples.inputs[0, 0] == 0.2
    neuron = reader.named("neuron, linear")
    assert neuron.state().readOnly
    neuron.setText(VALUE, "3")
    assert reader.person.document.samples.inputs[0, 0] == 0.2


def test_what_is_gone_is_invalid_and_harms_nothing(reader):
    last = reader.diagram.child(reader.diagram.childCount() - 1)
    assert last.isValid()
    reader.person.program.session.delete(frozenset([(0, 1)]))

    assert not last.isValid()
    assert last.text(NAME) == last.text(VALUE) == ""
    assert last.state().invalid
    assert last.rect().isEmpty()
    reader.person.control(Qt.Key.Key_Z)
    assert last.isValid()


def test_a_hundred_thousand_parts_cost_nothing_until_they_are_asked_for(reader):
    import nnsim

    network = nnsim.Network.dense([784, 128, 10], ["relu", "softmax"])
    samples = nnsim.Samples([[0.0] * 784], [[1.0] + [0.0] * 9])
    reader.person.program.session._open(nnsim.Document(network, samples), None)

    assert reader.diagram.childCount() == 784 + 128 + 10 + 101_632
    assert reader.diagram.child(102_553).text(NAME) == "weight from hidden128 to output10"
    assert len(reader.diagram._children) == 1


def test_windows_come_and_go_and_nothing_crashes(start):
    for _ in range(3):
        person = start()
        diagram = QAccessible.queryAccessibleInterface(person.view)
        names = [diagram.child(i).text(NAME) for i in range(diagram.childCount())]
        assert "input1" in names
        person.window._may_close = True
        person.window.close()
        gc.collect()
        QTest.qWait(10)
