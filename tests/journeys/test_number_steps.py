"""A weight is changed in steps by dragging its number and by arrow keys; each is one undo."""

import pytest
from PySide6.QtCore import QPoint, QRectF, Qt
from PySide6.QtTest import QTest

from nnsim.engine.network import ParameterRef
from nnsim.views.diagram.targets import Target
from tests.drawn import drawn_words
from tests.journeys.conftest import weight
from tests.journeys.hands import click, middle, move, press, release

SHIFT, ALT = Qt.KeyboardModifier.ShiftModifier, Qt.KeyboardModifier.AltModifier


def undo_name(person):
    return person.program.session.frame.undo_name


def drag_up(person, pixels, keys=Qt.KeyboardModifier.NoModifier):
    begin = middle(person, weight(0))
    press(person, begin)
    move(person, begin - QPoint(0, pixels), keys)
    return begin - QPoint(0, pixels)


@pytest.mark.parametrize(
    ("keys", "value"),
    [(Qt.KeyboardModifier.NoModifier, 0.5), (SHIFT, 2.3), (ALT, 0.32)],
)
def test_up_makes_it_larger_in_steps(person, keys, value):
    release(person, drag_up(person, 40, keys))
    assert person.weights == [value, 0.9]


def test_all_follows_live_and_the_whole_gesture_is_one_undo(person):
    first = person.document
    begin = middle(person, weight(0))
    press(person, begin)
    shown = []
    for pixels in (10, 25, 40, 20):
        move(person, begin - QPoint(0, pixels))
        shown.append(person.cell(0, "value"))
    release(person, begin - QPoint(0, 20))
    assert shown == ["0.35", "0.42", "0.5", "0.4"]
    assert undo_name(person) == "weight1 0.3 → 0.4"
    person.control(Qt.Key.Key_Z)
    assert person.document is first


def test_escape_gives_the_first_number_back(person):
    first = person.document
    where = drag_up(person, 40)
    assert person.weights == [0.5, 0.9]
    person.key(Qt.Key.Key_Escape)
    assert person.document is first
    move(person, where - QPoint(0, 40))
    release(person, where - QPoint(0, 40))
    assert person.document is first
    assert undo_name(person) is None


def test_back_where_it_began_nothing_has_changed(person):
    first = person.document
    where = drag_up(person, 40)
    move(person, where + QPoint(0, 40))
    release(person, where + QPoint(0, 40))
    assert person.document is first
    assert undo_name(person) is None


def test_arrow_keys_on_a_number_change_it_and_are_one_undo(person):
    first = person.document
    click(person, middle(person, weight(0)))
    person.key(Qt.Key.Key_Up)
    person.key(Qt.Key.Key_Up, SHIFT)
    person.key(Qt.Key.Key_Up, ALT)
    person.key(Qt.Key.Key_Down)
    assert person.weights == [0.401, 0.9]
    person.key(Qt.Key.Key_Right)
    assert person.weights == [0.401, 0.9]
    person.control(Qt.Key.Key_Z)
    assert person.document is first


def test_escape_takes_the_arrow_keys_back(person):
    first = person.document
    click(person, middle(person, weight(0)))
    for _ in range(3):
        person.key(Qt.Key.Key_Up)
    person.key(Qt.Key.Key_Escape)
    assert person.document is first
    assert person.program.session.frame.selected == ParameterRef(1, 0, 0)


def test_a_step_of_training_between_two_arrow_keys_is_an_undo_of_its_own(person):
    click(person, middle(person, weight(0)))
    person.key(Qt.Key.Key_Up)
    person.key(Qt.Key.Key_Space)
    after = person.document
    person.key(Qt.Key.Key_Up)
    person.key(Qt.Key.Key_Up)
    person.control(Qt.Key.Key_Z)
    assert person.document is after


def test_the_curve_is_there_while_the_number_changes_and_no_longer(person):
    def pixels():
        return person.view.grab().toImage()

    drag_up(person, 40)
    during = pixels()
    person.key(Qt.Key.Key_Escape)
    click(person, middle(person, weight(0)))
    person.edit(weight(0), "0.5")
    click(person, middle(person, weight(0)))
    assert pixels() != during


def test_dragging_pauses_training_and_is_an_undo_on_top_of_it(person):
    person.key(Qt.Key.Key_F5)
    person.qtbot.waitUntil(lambda: person.document.position.step > 3)
    release(person, drag_up(person, 20))
    assert not person.program.session.frame.running
    step = person.document.position.step
    assert undo_name(person).startswith("weight1")
    person.control(Qt.Key.Key_Z)
    assert person.document.position.step == step


@pytest.mark.parametrize("size", [(1440, 900), (1280, 720)])
def test_the_curve_lies_within_the_diagram(start, size):
    """Below and right of the diagram other panels begin; a card there would be cut off."""
    person = start(size)
    person.program.session.open_example("two-layers")
    view = person.view

    def words():
        return drawn_words(lambda p: person.window.render(p, QPoint()), person.window.size())

    words()
    QTest.qWait(100)  # its panels find their places
    labelled = view.scene().labels
    assert labelled
    for ref in labelled:
        begin = middle(person, Target("parameter", ref=ref))
        press(person, begin)
        move(person, begin - QPoint(0, 20))
        drawn = words()
        release(person, begin - QPoint(0, 20))
        inside = QRectF(view.mapTo(person.window, QPoint(0, 0)), view.size())
        places = [word.place for word in drawn if word.text in ("loss E", "slope = delta")]
        assert len(places) == 2
        assert all(inside.contains(place) for place in places)
