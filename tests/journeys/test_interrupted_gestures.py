"""What comes between while the mouse is held: the gesture has the keys, and ends as one undo."""

import pytest
from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QMouseEvent
from PySide6.QtWidgets import QApplication

from nnsim.engine.network import ParameterRef
from nnsim.model.rebuilding import Fresh
from nnsim.views.diagram.targets import Target
from tests.journeys.hands import click, corner, middle, move, press, release

CTRL = Qt.KeyboardModifier.ControlModifier
HIDDEN, OUTPUT = Target("neuron", 0, 1), Target("neuron", 0, 2)
WEIGHT = Target("parameter", ref=ParameterRef(1, 1, 0))
KEYS = {
    "undo": (Qt.Key.Key_Z, CTRL),
    "delete": (Qt.Key.Key_Delete, Qt.KeyboardModifier.NoModifier),
    "run": (Qt.Key.Key_F5, Qt.KeyboardModifier.NoModifier),
    "arrow": (Qt.Key.Key_Up, Qt.KeyboardModifier.NoModifier),
    "add a neuron": (Qt.Key.Key_N, CTRL | Qt.KeyboardModifier.ShiftModifier),
}


@pytest.fixture
def person(start):
    someone = start()
    someone.program.session.open_example("two-layers")
    someone.program.session.choose_new_weights(Fresh.zero)
    someone.view.setFocus()
    someone.edit(WEIGHT, "0.75")  # something that could be undone
    return someone


@pytest.mark.parametrize("key", KEYS)
@pytest.mark.parametrize("target", [HIDDEN, WEIGHT], ids=["neuron", "number"])
def test_a_gesture_under_way_has_the_keys(person, target, key):
    first = person.document
    begin = corner(person, target) if target is HIDDEN else middle(person, target)
    press(person, begin)
    move(person, begin - QPoint(0, 30))
    person.key(*KEYS[key])
    move(person, begin - QPoint(0, 36))
    release(person, begin - QPoint(0, 36))

    assert person.document is not first
    assert not person.program.session.frame.running
    assert person.document.network.structure is first.network.structure
    person.control(Qt.Key.Key_Z)
    assert person.document is first


def test_keys_work_again_afterwards(person):
    first = person.document
    begin = corner(person, HIDDEN)
    press(person, begin)
    move(person, begin + QPoint(40, 40))
    release(person, begin + QPoint(40, 40))
    person.key(Qt.Key.Key_Delete)
    assert person.document.network.sizes == (2, 1, 2)
    person.control(Qt.Key.Key_Z)
    person.control(Qt.Key.Key_Z)
    assert person.document is first


def test_a_gesture_whose_release_another_window_had_is_taken_back(person):
    first = person.document
    begin = corner(person, HIDDEN)
    press(person, begin)
    move(person, begin + QPoint(40, 40))
    assert person.document is not first
    back = begin + QPoint(90, 10)
    none = Qt.MouseButton.NoButton
    everywhere = QPointF(person.view.mapToGlobal(back))
    moved = QMouseEvent(
        QEvent.Type.MouseMove, QPointF(back), everywhere, none, none, Qt.KeyboardModifier.NoModifier
    )
    QApplication.sendEvent(person.view, moved)
    assert person.document is first
    person.control(Qt.Key.Key_Z)
    assert person.document is not first


def test_another_button_takes_the_gesture_back(person):
    first = person.document
    begin = middle(person, WEIGHT)
    press(person, begin)
    move(person, begin - QPoint(0, 30))
    press(person, begin - QPoint(0, 30), button=Qt.MouseButton.MiddleButton)
    assert person.document is first


def test_a_click_beside_ends_the_steps_of_keys(person):
    click(person, middle(person, WEIGHT))
    person.key(Qt.Key.Key_Up)
    click(person, corner(person, OUTPUT))
    click(person, middle(person, WEIGHT))
    person.key(Qt.Key.Key_Up)
    person.control(Qt.Key.Key_Z)
    assert person.document.network.weights[0][1, 0] == 0.76
