"""The diagram is zoomed and moved: by wheel, touchpad, fingers, buttons of the mouse and keys."""

import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QInputDevice, QNativeGestureEvent, QPointingDevice, QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from nnsim.views.diagram.targets import Target
from tests.journeys.hands import drag, move, press, release

CTRL, SHIFT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.ShiftModifier
NONE = Qt.KeyboardModifier.NoModifier
STILL = QPoint()
HIDDEN = Target("neuron", 0, 1)


@pytest.fixture
def person(start):
    someone = start()
    someone.program.session.open_example("two-layers")
    someone.view.setFocus()
    QApplication.processEvents()
    return someone


def place(person):
    return person.view.canvas.place_of(HIDDEN).center()


def is_at(person, where):
    return (place(person) - where).manhattanLength() < 1e-6


def wheel(person, pixels=STILL, angle=STILL, keys=NONE, phase=Qt.ScrollPhase.NoScrollPhase):
    where = place(person)
    everywhere = QPointF(person.view.mapToGlobal(where))
    button = Qt.MouseButton.NoButton
    event = QWheelEvent(where, everywhere, pixels, angle, button, keys, phase, False)
    QApplication.sendEvent(person.view, event)


def two_fingers(person, kind, value=0.0, by=STILL):
    where = place(person)
    kinds = QPointingDevice.PointerType.Finger
    pad = QPointingDevice(
        "pad", 1, QInputDevice.DeviceType.TouchPad, kinds, QInputDevice.Capability.Position, 2, 0
    )
    everywhere = QPointF(person.view.mapToGlobal(where))
    event = QNativeGestureEvent(kind, pad, 2, where, where, everywhere, value, QPointF(by))
    QApplication.sendEvent(person.view, event)


def test_the_wheel_zooms_where_the_pointer_is(person):
    where, before = place(person), person.view.canvas.scale
    wheel(person, angle=QPoint(0, 120))
    assert person.view.canvas.scale == pytest.approx(before * 1.25)
    assert is_at(person, where)
    wheel(person, angle=QPoint(0, -120))
    assert person.view.canvas.scale == pytest.approx(before)


def test_shift_and_the_wheel_move_it_sideways(person):
    before, scale = place(person), person.view.canvas.scale
    wheel(person, angle=QPoint(0, -120), keys=SHIFT)
    assert is_at(person, before - QPointF(60, 0))
    assert person.view.canvas.scale == scale


def test_two_fingers_on_a_touchpad_move_it_and_with_ctrl_zoom(person):
    before, scale = place(person), person.view.canvas.scale
    update = Qt.ScrollPhase.ScrollUpdate
    wheel(person, QPoint(17, -9), QPoint(34, -18), phase=update)
    assert is_at(person, before + QPointF(17, -9))
    assert person.view.canvas.scale == scale
    wheel(person, QPoint(0, 60), QPoint(0, 120), CTRL, update)
    assert person.view.canvas.scale == pytest.approx(scale * 1.25)


def test_a_pinch_zooms_where_it_is(person):
    where, before = place(person), person.view.canvas.scale
    two_fingers(person, Qt.NativeGestureType.ZoomNativeGesture, 0.1)
    assert person.view.canvas.scale == pytest.approx(before * 1.1)
    assert is_at(person, where)
    two_fingers(person, Qt.NativeGestureType.PanNativeGesture, by=QPoint(8, 5))
    assert is_at(person, where + QPointF(8, 5))


def test_two_fingers_on_a_screen_zoom(person):
    screen = QTest.createTouchDevice()
    middle, before = place(person).toPoint(), person.view.canvas.scale
    touch = QTest.touchEvent(person.view, screen)
    touch.press(0, middle - QPoint(40, 0)).press(1, middle + QPoint(40, 0)).commit()
    for apart in range(50, 90, 10):
        touch.move(0, middle - QPoint(apart, 0)).move(1, middle + QPoint(apart, 0)).commit()
    touch.release(0, middle - QPoint(80, 0)).release(1, middle + QPoint(80, 0)).commit()
    assert person.view.canvas.scale > 1.3 * before


@pytest.mark.parametrize("larger", [Qt.Key.Key_Equal, Qt.Key.Key_Plus])
def test_keys_zoom_and_show_all_of_it(person, larger):
    before, scale = place(person), person.view.canvas.scale
    person.control(larger)
    person.control(larger)
    assert person.view.canvas.scale == pytest.approx(scale * 1.25**2)
    person.control(Qt.Key.Key_Minus)
    assert person.view.canvas.scale == pytest.approx(scale * 1.25)
    person.control(Qt.Key.Key_0)
    assert person.view.canvas.scale == pytest.approx(scale)
    assert is_at(person, before)


def test_the_middle_button_and_space_move_the_diagram(person):
    first, before = person.document, place(person)
    drag(person, QPoint(20, 20), QPoint(60, 50), button=Qt.MouseButton.MiddleButton)
    assert place(person) == before + QPointF(40, 30)
    press(person, QPoint(6, 6))
    person.key(Qt.Key.Key_Space)
    move(person, QPoint(26, 6))
    release(person, QPoint(26, 6))
    assert place(person) == before + QPointF(60, 30)
    assert person.document is first


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
