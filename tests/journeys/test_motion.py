"""A step moves: numbers change, values go forward, the error comes back; nobody has to wait."""

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from nnsim.views.diagram.targets import Target
from tests.journeys.conftest import weight


def picture(person):
    return person.view.grab().toImage()


def rest(person):
    """The diagram when nothing moves."""
    person.qtbot.waitUntil(lambda: not person.view.motion.is_playing)
    return picture(person)


def test_a_step_moves_and_ends_in_the_diagram_as_it_is(person):
    before = picture(person)
    person.press("step")
    QTest.qWait(120)
    on_the_way = picture(person)
    assert person.view.motion.is_playing
    after = rest(person)

    assert len({bytes(p.constBits()) for p in (before, on_the_way, after)}) == 3
    person.view.motion.end()
    assert picture(person) == after


def test_a_click_ends_it_at_once(person):
    person.press("step")
    QTest.qWait(60)
    assert person.view.motion.is_playing
    QTest.mouseClick(person.view, Qt.MouseButton.LeftButton, pos=person.view.rect().bottomLeft())
    assert not person.view.motion.is_playing


def test_a_number_can_be_edited_on_the_way(person):
    person.press("step")
    QTest.qWait(60)
    person.edit(weight(0), "0.5")
    assert not person.view.motion.is_playing
    assert person.weights[0] == 0.5


def test_steps_in_quick_succession_do_not_move(person):
    for _ in range(3):
        person.press("step")
    assert not person.view.motion.is_playing
    assert person.document.position.step == 3


def test_edits_and_undo_do_not_move(person):
    person.edit(weight(0), "0.5")
    assert not person.view.motion.is_playing
    person.press("step")
    person.view.motion.end()
    person.control(Qt.Key.Key_Z)
    assert person.document.position.step == 0
    assert not person.view.motion.is_playing


def test_with_less_motion_what_changed_is_outlined_and_nothing_travels(person):
    person.window.actions_by_name["less_motion"].trigger()
    person.press("step")
    QTest.qWait(60)
    outlined = picture(person)
    after = rest(person)

    label = person.view.to_screen(person.view.scene().rect(weight(0)))
    assert outlined != after
    inside = label.adjusted(4, 4, -4, -4).toRect()
    assert outlined.copy(inside) == after.copy(inside)  # the new number stands there at once
    node = person.view.to_screen(person.view.scene().rect(Target("neuron", 0, 1))).toRect()
    assert outlined.copy(node.adjusted(4, 4, -4, -4)) == after.copy(node.adjusted(4, 4, -4, -4))


def test_less_motion_is_remembered(start):
    first = start()
    assert not first.view.motion.is_reduced
    first.window.actions_by_name["less_motion"].trigger()
    first.window.close()

    assert start().view.motion.is_reduced
