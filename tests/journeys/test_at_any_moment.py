"""Every gesture works at any moment, and afterwards nothing on the screen is stale."""

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel

from nnsim.engine.network import ParameterRef
from nnsim.model.rebuilding import Fresh
from nnsim.tracing.wording import on_paper
from nnsim.views.diagram.painting import paint_network
from nnsim.views.diagram.targets import Target
from tests.drawn import drawn_words
from tests.journeys.hands import click, corner, drag, middle

ALT = Qt.KeyboardModifier.AltModifier
HIDDEN, OUTPUT = Target("neuron", 0, 1), Target("neuron", 0, 2)
WEIGHT = Target("parameter", ref=ParameterRef(1, 1, 0))


def add_neuron(person):
    click(person, middle(person, Target("add_neuron", 0, 1)))


def remove_neuron(person):
    click(person, middle(person, Target("remove_neuron", 0, 1)))


def connect(person):
    drag(person, middle(person, Target("port", 0, 0)), corner(person, OUTPUT))


def delete_weight(person):
    click(person, middle(person, WEIGHT))
    person.key(Qt.Key.Key_Delete)


def delete_neuron(person):
    click(person, corner(person, HIDDEN))
    person.key(Qt.Key.Key_Delete)


def move_neuron(person):
    drag(person, corner(person, HIDDEN), corner(person, HIDDEN) + QPoint(12, 17), ALT)


def nudge_neuron(person):
    click(person, corner(person, HIDDEN))
    person.key(Qt.Key.Key_Up, ALT)


def drag_number(person):
    begin = middle(person, WEIGHT)
    drag(person, begin, begin - QPoint(0, 30))


def step_number(person):
    click(person, middle(person, WEIGHT))
    person.key(Qt.Key.Key_Up)


def type_number(person):
    person.edit(WEIGHT, "0.75")


EDITS = {
    add_neuron: "Add neuron to layer 1",
    remove_neuron: "Remove hidden2",
    connect: "Connect input1 → output1",
    delete_weight: "Remove input1 → hidden2",
    delete_neuron: "Remove hidden1",
    move_neuron: "Put hidden1 elsewhere",
    nudge_neuron: "Put hidden1 elsewhere",
    drag_number: "input1 → hidden2",
    step_number: "input1 → hidden2",
    type_number: "input1 → hidden2",
}


def at_rest(person):
    pass


def in_a_run(person):
    person.key(Qt.Key.Key_F5)
    person.qtbot.waitUntil(lambda: person.document.position.step > 3)
    assert person.program.session.frame.running


def in_the_motion_of_a_step(person):
    person.key(Qt.Key.Key_Space)
    QTest.qWait(60)
    assert person.view.motion.is_playing


def in_the_middle_of_an_epoch(person):
    person.program.session.add_sample()
    person.key(Qt.Key.Key_Space)
    person.view.motion.end()
    assert person.document.position.step == 1


MOMENTS = (at_rest, in_a_run, in_the_motion_of_a_step, in_the_middle_of_an_epoch)


@pytest.fixture
def builder(person):
    person.program.session.open_example("two-layers")
    person.program.session.choose_new_weights(Fresh.zero)
    person.view.setFocus()
    return person


@pytest.mark.parametrize("moment", MOMENTS, ids=lambda f: f.__name__)
@pytest.mark.parametrize("edit", EDITS, ids=lambda f: f.__name__)
def test_an_edit_is_one_undo_and_all_views_show_it(builder, edit, moment):
    moment(builder)
    first = builder.document
    edit(builder)
    session = builder.program.session
    assert not session.frame.running
    assert session.frame.undo_name.startswith(EDITS[edit])
    edited = builder.document
    nothing_is_stale(builder)

    builder.control(Qt.Key.Key_Z)
    assert builder.document is first or moment is in_a_run
    assert builder.document is not edited
    assert session.frame.undo_name is None or not session.frame.undo_name.startswith(EDITS[edit])
    nothing_is_stale(builder)

    builder.control(Qt.Key.Key_Y)
    assert builder.document is edited
    nothing_is_stale(builder)


def nothing_is_stale(person):
    """The diagram, the table and the header show the network and the Trace as they are now."""
    QApplication.processEvents()
    frame, scene = person.program.session.frame, person.view.scene()
    network = person.document.network
    assert not person.view.motion.is_playing
    assert person.view.canvas.frame.document is person.document
    assert scene.network is network
    assert set(scene.nodes) == {(a, i) for a, size in enumerate(network.sizes) for i in range(size)}
    shown = person.view.canvas.frame
    words = drawn_words(lambda painter: paint_network(painter, scene, shown), person.view.size())
    assert person.table.model().rowCount() == network.parameter_count
    for row, ref in enumerate(network.refs()):
        value = on_paper(float(network.parameters[network.index_of(ref)]))
        assert person.cell(row, "value") == value
        assert person.cell(row, "delta") == on_paper(frame.trace.factors(ref).delta)
        if ref in scene.labels:
            inside = [word.text for word in words if scene.labels[ref].contains(word.place)]
            assert value in inside
    sizes = "-".join(map(str, network.sizes))
    header = person.window.diagram.header
    assert any(sizes in label.toolTip() for label in header.findChildren(QLabel))
