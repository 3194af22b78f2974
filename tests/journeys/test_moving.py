"""Neurons are put elsewhere by dragging and by keys; the diagram is moved and zoomed."""

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
    assert (
        place(person, HIDDEN) == pytest.approx(before + QPointF(31, 43), abs=1e-9)
        or (place(person, HIDDEN) - before - QPointF(31, 43)).manhattanLength() < 1e-6
    )
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


def test_the_middle_button_and_space_move_the_diagram(person):
    first, before = person.document, place(person, HIDDEN)
    drag(person, QPoint(20, 20), QPoint(60, 50), button=Qt.MouseButton.MiddleButton)
    assert place(person, HIDDEN) == before + QPointF(40, 30)
    press(person, QPoint(6, 6))
    person.key(Qt.Key.Key_Space)
    move(person, QPoint(26, 6))
    release(person, QPoint(26, 6))
    assert place(person, HIDDEN) == before + QPointF(60, 30)
    assert person.document is first


def test_the_wheel_zooms_where_the_pointer_is(person):
    from PySide6.QtGui import QWheelEvent
    from PySide6.QtWidgets import QApplication

    where = place(person, HIDDEN)
    before = person.view.canvas.scale
    event = QWheelEvent(
        where,
        QPointF(person.view.mapToGlobal(where)),
        QPoint(),
        QPoint(0, 120),
        Qt.MouseButton.NoButton,
        Qt.KeyboardModifier.NoModifier,
        Qt.ScrollPhase.NoScrollPhase,
        False,
    )
    QApplication.sendEvent(person.view, event)
    assert person.view.canvas.scale == pytest.approx(before * 1.25)
    assert (place(person, HIDDEN) - where).manhattanLength() < 1e-6


def test_a_zoomed_diagram_stays_so_while_it_is_built(person):
    person.view.zoom_in()
    person.view.zoom_in()
    scale = person.view.canvas.scale
    person.program.session.choose(frozenset([(1, 0)]))
    person.key(Qt.Key.Key_Delete)
    assert person.document.network.sizes == (2, 1, 2)
    assert person.view.canvas.scale == pytest.approx(scale, rel=0.3)
    assert person.view.canvas.scale > 1
    person.program.session.open_example("xor")
    assert person.view.canvas.scale <= 1


def test_typing_is_committed_before_a_drag_begins(person):
    person.double_click(Target("input", 0))
    person.type("7")
    middle_of = middle(person, HIDDEN)
    drag(person, middle_of, middle_of + QPoint(30, 0), ALT)
    assert person.document.samples.inputs[0, 0] == 7
