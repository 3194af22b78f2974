"""Parts are chosen by click, with Ctrl and Shift, by a rubber band, and by keys alone."""

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QContextMenuEvent
from PySide6.QtWidgets import QApplication

from nnsim.engine.network import ParameterRef
from nnsim.model.rebuilding import Fresh
from nnsim.views.diagram.targets import Target
from tests.journeys.hands import click, corner, drag, middle

CTRL, SHIFT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.ShiftModifier
EMPTY = QPoint(6, 6)


@pytest.fixture
def person(start):
    """Before the network of the two-layer example: 2-2-2 with biases, drawn as cards."""
    someone = start()
    someone.program.session.open_example("two-layers")
    someone.program.session.choose_new_weights(Fresh.zero)
    someone.view.setFocus()
    return someone


def chosen(person):
    return person.program.session.frame.chosen


def hidden(i):
    return Target("neuron", i, 1)


def test_a_click_chooses_a_neuron_and_one_beside_everything_none(person):
    click(person, corner(person, hidden(0)))
    assert chosen(person) == {(1, 0)}
    click(person, corner(person, Target("input", 1)))
    assert chosen(person) == {(0, 1)}
    click(person, EMPTY)
    assert chosen(person) == frozenset()


def test_ctrl_and_shift_add_and_take_away(person):
    click(person, corner(person, hidden(0)))
    click(person, corner(person, hidden(1)), CTRL)
    assert chosen(person) == {(1, 0), (1, 1)}
    weight = ParameterRef(1, 0, 0)
    click(person, middle(person, Target("parameter", ref=weight)), SHIFT)
    assert chosen(person) == {(1, 0), (1, 1), weight}
    click(person, corner(person, hidden(0)), CTRL)
    assert chosen(person) == {(1, 1), weight}


def test_a_click_on_one_of_several_chooses_it_alone(person):
    click(person, corner(person, hidden(0)))
    click(person, corner(person, hidden(1)), CTRL)
    click(person, corner(person, hidden(1)))
    assert chosen(person) == {(1, 1)}


def test_a_weight_chosen_alone_shows_its_factors(person):
    ref = ParameterRef(2, 1, 0)
    click(person, middle(person, Target("parameter", ref=ref)))
    assert person.program.session.frame.selected == ref
    assert chosen(person) == {ref}


def test_a_rubber_band_chooses_the_neurons_it_touches(person):
    nodes = [person.view.canvas.place_of(hidden(i)) for i in range(2)]
    left = round(min(rect.left() for rect in nodes)) - 10
    top, bottom = round(nodes[0].top()) - 30, round(nodes[1].top()) + 4
    begin = QPoint(round(nodes[0].right()) + 8, top)
    drag(person, begin, QPoint(left, bottom))
    assert chosen(person) == {(1, 0), (1, 1)}
    first = person.view.canvas.place_of(Target("input", 0))
    above = QPoint(round(first.left()), round(first.top()) - 30)
    drag(person, above, QPoint(round(first.center().x()), round(first.top()) + 5), CTRL)
    assert chosen(person) == {(0, 0), (1, 0), (1, 1)}


def test_a_rubber_band_around_labels_alone_chooses_weights(person):
    ref = ParameterRef(1, 0, 0)
    label = person.view.canvas.place_of(Target("parameter", ref=ref))
    begin = QPoint(round(label.left()) - 6, round(label.top()) - 6)
    drag(person, begin, QPoint(round(label.right()) + 4, round(label.bottom()) + 4))
    assert chosen(person) == {ref}


def test_what_is_chosen_is_deleted_by_the_key(person):
    click(person, corner(person, hidden(1)))
    person.key(Qt.Key.Key_Delete)
    assert person.document.network.sizes == (2, 1, 2)
    assert person.view.focused == Target("neuron", 0, 1)


def test_ctrl_a_chooses_every_neuron(person):
    person.control(Qt.Key.Key_A)
    assert chosen(person) == {(layer, i) for layer in range(3) for i in range(2)}


def test_arrows_walk_from_the_inputs_to_what_is_expected_and_back(person):
    click(person, corner(person, Target("input", 0)))
    way = []
    for _ in range(5):
        person.key(Qt.Key.Key_Right)
        way.append(person.view.focused)
    assert way == [
        Target("parameter", ref=ParameterRef(1, 0, 0)),
        hidden(0),
        Target("parameter", ref=ParameterRef(2, 0, 0)),
        Target("neuron", 0, 2),
        Target("expected", 0),
    ]
    for _ in range(5):
        person.key(Qt.Key.Key_Left)
    assert person.view.focused == Target("input", 0)
    person.key(Qt.Key.Key_Left)
    assert person.view.focused == Target("input", 0)


def test_arrows_walk_within_a_layer_and_shift_takes_them_along(person):
    click(person, corner(person, hidden(0)))
    person.key(Qt.Key.Key_Down)
    assert (person.view.focused, chosen(person)) == (hidden(1), {(1, 1)})
    person.key(Qt.Key.Key_Up, SHIFT)
    assert chosen(person) == {(1, 0), (1, 1)}
    person.key(Qt.Key.Key_End)
    assert chosen(person) == {(1, 1)}


def test_page_keys_walk_the_connections_of_a_neuron(person):
    click(person, corner(person, Target("input", 1)))
    person.key(Qt.Key.Key_Right)
    assert person.view.focused.ref == ParameterRef(1, 1, 1)
    person.key(Qt.Key.Key_PageUp)
    assert person.view.focused.ref == ParameterRef(1, 0, 1)
    person.key(Qt.Key.Key_PageUp)
    assert person.view.focused.ref == ParameterRef(1, 0, 1)
    click(person, corner(person, hidden(0)))
    person.key(Qt.Key.Key_Left)
    person.key(Qt.Key.Key_PageDown)
    person.key(Qt.Key.Key_PageDown)
    assert person.view.focused.ref == ParameterRef(1, 0, None)


def test_two_neurons_are_chosen_and_connected_by_keys_alone(person):
    click(person, corner(person, Target("input", 0)))
    for key in (Qt.Key.Key_Right,) * 4:
        person.key(key, CTRL)
    assert chosen(person) == {(0, 0)}
    person.key(Qt.Key.Key_Space, CTRL)
    assert chosen(person) == {(0, 0), (2, 0)}
    person.key(Qt.Key.Key_C, CTRL | SHIFT)
    assert person.document.network.has(ParameterRef(2, 0, 0, 0))
    assert person.document.position.step == 0


def test_enter_edits_what_the_arrows_have_reached(person):
    click(person, corner(person, Target("input", 0)))
    person.key(Qt.Key.Key_Right)
    person.key(Qt.Key.Key_Return)
    person.type("0.5")
    person.key(Qt.Key.Key_Return)
    assert person.document.network.weights[0][0, 0] == 0.5


def by_menu_key(person):
    """What Qt makes of the menu key where the platform has one."""
    event = QContextMenuEvent(QContextMenuEvent.Reason.Keyboard, QPoint(1, 1), QPoint())
    QApplication.sendEvent(person.view, event)


def by_shift_f10(person):
    person.key(Qt.Key.Key_F10, SHIFT)


@pytest.mark.parametrize("wish", [by_menu_key, by_shift_f10])
def test_the_menu_key_opens_the_menu_of_what_has_the_focus(person, wish):
    click(person, corner(person, hidden(0)))
    person.key(Qt.Key.Key_Down, CTRL)
    assert chosen(person) == {(1, 0)}
    wish(person)
    assert chosen(person) == {(1, 1)}
    menu = person.window.build_menu
    person.qtbot.waitUntil(menu.isVisible)
    assert "Freeze" in [a.text() for a in menu.actions()]
    menu.close()


def test_a_right_click_chooses_what_it_is_on_and_opens_the_menu(person):
    for place, expected in ((corner(person, hidden(1)), {(1, 1)}), (EMPTY, frozenset())):
        reason = QContextMenuEvent.Reason.Mouse
        event = QContextMenuEvent(reason, place, person.view.mapToGlobal(place))
        QApplication.sendEvent(person.view, event)
        assert chosen(person) == expected
        person.qtbot.waitUntil(person.window.build_menu.isVisible)
        person.window.build_menu.close()


def test_the_focus_can_be_seen_wherever_the_arrows_lead(person):
    person.view.zoom_in()
    for _ in range(6):
        person.view.zoom_in()
    click(person, QPoint(6, 6))
    for _ in range(6):
        person.key(Qt.Key.Key_Right)
        place = person.view.canvas.place_of(person.view.focused)
        assert person.view.rect().toRectF().intersects(place)
