"""Neurons are put elsewhere by dragging and by keys."""

import pytest
from PySide6.QtCore import QPoint, QPointF, Qt

from nnsim.views.diagram.targets import Target
from tests.journeys.hands import click, corner, drag, middle, move, press, release

ALT, CTRL = Qt.KeyboardModifier.AltModifier, Qt.KeyboardModifier.ControlModifier
HIDDEN = Target("neuron", 0, 1)


@pytest.fixture
def person(start):
    someone = start()
    someone.program.session.open_example("two-layers")
    someone.view.setFocus()
    return someone


def places(person):
    return dict(person.document.drawing.places)


def place(person, target):
    return person.view.canvas.place_of(target).center()


def test_a_dragged_neuron_stays_where_it_is_put_and_is_one_undo(person):
    first, before = person.document, place(person, HIDDEN)
    drag(person, corner(person, HIDDEN), corner(person, HIDDEN) + QPoint(31, 43), ALT)
    assert (place(person, HIDDEN) - before - QPointF(31, 43)).manhattanLength() < 1e-6
    assert set(places(person)) == {(1, 0)}
    assert person.program.session.frame.undo_name == "Put hidden1 elsewhere"
    person.control(Qt.Key.Key_Z)
    assert person.document is first
    assert place(person, HIDDEN) == before


def test_chosen_neurons_move_together(person):
    click(person, corner(person, HIDDEN))
    other = Target("neuron", 1, 1)
    click(person, corner(person, other), CTRL)
    apart = place(person, other) - place(person, HIDDEN)
    drag(person, corner(person, HIDDEN), corner(person, HIDDEN) + QPoint(50, 10), ALT)
    assert (place(person, other) - place(person, HIDDEN) - apart).manhattanLength() < 1e-6
    assert set(places(person)) == {(1, 0), (1, 1)}


def test_it_catches_at_the_line_others_stand_on(person):
    drag(person, corner(person, HIDDEN), corner(person, HIDDEN) + QPoint(60, 30), ALT)
    there = corner(person, HIDDEN)
    upright = place(person, Target("neuron", 1, 1)).x()
    drag(person, there, there + QPoint(-57, 17))
    assert place(person, HIDDEN).x() == pytest.approx(upright, abs=1e-6)


def test_escape_puts_it_back(person):
    first = person.document
    begin = corner(person, HIDDEN)
    press(person, begin)
    move(person, begin + QPoint(40, 40))
    assert places(person)
    person.key(Qt.Key.Key_Escape)
    release(person, begin + QPoint(40, 40))
    assert person.document is first


def test_alt_and_arrow_keys_move_what_has_the_focus(person):
    click(person, corner(person, HIDDEN))
    before = person.view.scene().nodes[1, 0].center()
    person.key(Qt.Key.Key_Right, ALT)
    person.key(Qt.Key.Key_Down, ALT | Qt.KeyboardModifier.ShiftModifier)
    assert person.view.scene().nodes[1, 0].center() == before + QPointF(8, 1)


def test_typing_is_committed_before_a_drag_begins(person):
    person.double_click(Target("input", 0))
    person.type("7")
    middle_of = middle(person, HIDDEN)
    drag(person, middle_of, middle_of + QPoint(30, 0), ALT)
    assert person.document.samples.inputs[0, 0] == 7
