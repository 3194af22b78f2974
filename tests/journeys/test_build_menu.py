"""A network is built from the Build menu and by keys; new weights are asked for once."""

import pytest
from PySide6.QtCore import QPoint, Qt, QTimer
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from nnsim.engine.network import ParameterRef
from nnsim.files.examples import open_example
from nnsim.model.rebuilding import Fresh
from nnsim.views.new_layer_question import NewLayerQuestion
from nnsim.views.new_weights_question import NewWeightsQuestion
from nnsim.views.set_weights_question import SetWeightsQuestion
from nnsim.views.words_question import WordsQuestion
from tests.wires import wires

SHIFTED = Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier
BIAS = ParameterRef(1, 0, None)


@pytest.fixture
def builder(person):
    """A person before the XOR network who has said that new weights are 0."""
    person.program.session.open_example("xor")
    person.program.session.choose_new_weights(Fresh.zero)
    person.view.setFocus()
    return person


def choose(person, *parts):
    person.view.wishes.parts_chosen.emit(frozenset(parts))


def asked(person, kind):
    """The question of that kind that is open now, once it takes keys."""
    question = person.answer(kind)
    person.qtbot.waitUntil(question.isActiveWindow)
    return question


def pick(person, *words):
    """Open the menu of what is chosen and pick an entry, through its shelves, by mouse."""
    person.view.wishes.menu_wished.emit(person.view.mapToGlobal(QPoint(20, 20)))
    menu = person.window.build_menu
    for word in words:
        person.qtbot.waitUntil(menu.isVisible)
        action = next(a for a in menu.actions() if a.text().startswith(word))
        assert action.isEnabled()
        where = menu.actionGeometry(action).center()
        QTest.mouseClick(menu, Qt.MouseButton.LeftButton, pos=where)
        menu = action.menu()


def entries(person, *parts):
    """Open the menu for what is then chosen; return which entries can be picked."""
    choose(person, *parts)
    person.view.wishes.menu_wished.emit(person.view.mapToGlobal(QPoint(20, 20)))
    menu = person.window.build_menu
    person.qtbot.waitUntil(menu.isVisible)
    found = [a.text() for a in menu.actions() if a.isEnabled() and not a.isSeparator()]
    menu.close()
    return found


def test_the_first_new_neuron_asks_where_weights_begin_and_the_second_does_not(person):
    person.key(Qt.Key.Key_N, SHIFTED)
    question = asked(person, NewWeightsQuestion)
    QTest.mouseClick(question.buttons[Fresh.zero], Qt.MouseButton.LeftButton)
    assert person.document.network.sizes == (2, 2)
    assert person.document.network.weights[0].tolist() == [[0.3, 0.9], [0.0, 0.0]]
    person.window.activateWindow()  # as a window manager does; there is none here
    person.qtbot.waitUntil(person.window.isActiveWindow)
    person.key(Qt.Key.Key_N, SHIFTED)
    assert person.document.network.sizes == (2, 3)


def test_without_an_answer_nothing_is_added(person):
    before = person.document
    person.key(Qt.Key.Key_N, SHIFTED)
    asked(person, NewWeightsQuestion)
    person.key(Qt.Key.Key_Escape)
    person.window.activateWindow()  # as a window manager does; there is none here
    person.qtbot.waitUntil(person.window.isActiveWindow)
    assert person.document is before
    person.key(Qt.Key.Key_N, SHIFTED)
    assert asked(person, NewWeightsQuestion)


def test_the_build_menu_opens_by_key_and_is_walked_by_keys(builder):
    def add_input():
        menu = QApplication.activePopupWidget()
        for key in (Qt.Key.Key_Down, Qt.Key.Key_Return):
            QTest.keyClick(menu, key)

    choose(builder, (0, 0))
    QTimer.singleShot(100, add_input)
    builder.key(Qt.Key.Key_F9)
    assert builder.document.network.sizes == (3, 4, 1)
    assert builder.program.session.frame.undo_name == "Add input"


def test_a_layer_is_added_where_and_as_the_person_says(builder):
    builder.key(Qt.Key.Key_L, SHIFTED)
    question = asked(builder, NewLayerQuestion)
    question.count.setFocus()
    question.count.selectAll()
    builder.type("3")
    builder.key(Qt.Key.Key_Return)
    network = builder.document.network
    assert network.sizes == (2, 4, 3, 1)
    assert [layer.reach for layer in network.layers] == [1, 1, 1]


def test_a_layer_can_leave_its_neighbours_connected(builder):
    choose(builder, (1, 0))
    pick(builder, "Add layer before")
    question = asked(builder, NewLayerQuestion)
    assert question.at == 1
    question.keeps_direct.setFocus()
    builder.key(Qt.Key.Key_Space)
    builder.key(Qt.Key.Key_Return)
    table = wires(builder.document.network)
    assert table[(0, 0), (2, 0)] == wires(open_example("xor").network)[(0, 0), (1, 0)]


def test_a_new_output_layer_is_as_wide_as_the_samples(builder):
    choose(builder, (2, 0))
    pick(builder, "Add layer behind")
    question = asked(builder, NewLayerQuestion)
    assert (question.at, question.count.value(), question.count.isEnabled()) == (3, 1, False)
    QTest.mouseClick(question.add_button, Qt.MouseButton.LeftButton)
    assert builder.document.network.sizes == (2, 4, 1, 1)


@pytest.mark.parametrize(
    ("words", "sizes", "name"),
    [
        (("Duplicate layer",), (2, 4, 4, 1), "Duplicate layer 1"),
        (("Move layer right",), (2, 1, 4), "Move layer 1 to 2"),
        (("Remove layer",), (2, 1), "Remove layer 1"),
        (("Disconnect layer from", "inputs"), (2, 4, 1), "Disconnect layer 1 from inputs"),
        (("Activation", "relu"), (2, 4, 1), "Activation relu for hidden1"),
        (("Freeze",), (2, 4, 1), "Freeze 3 weights"),
        (("Remove bias",), (2, 4, 1), "Remove bias of hidden1"),
        (("Remove what is chosen",), (2, 3, 1), "Remove hidden1"),
    ],
)
def test_the_menu_acts_on_what_is_chosen(builder, words, sizes, name):
    before = builder.document
    choose(builder, (1, 0))
    pick(builder, *words)
    assert builder.document.network.sizes == sizes
    assert builder.program.session.frame.undo_name == name
    builder.control(Qt.Key.Key_Z)
    assert builder.document is before


def test_two_neurons_are_connected_by_keys_over_a_layer(builder):
    choose(builder, (0, 1), (2, 0))
    builder.key(Qt.Key.Key_C, SHIFTED)
    assert wires(builder.document.network)[(0, 1), (2, 0)] == (0.0, False)


def test_freezing_twice_is_as_before(builder):
    choose(builder, BIAS)
    builder.key(Qt.Key.Key_F, SHIFTED)
    assert builder.document.network.is_frozen(builder.document.network.index_of(BIAS))
    builder.key(Qt.Key.Key_F, SHIFTED)
    assert builder.document == open_example("xor")


def test_chosen_weights_are_set_to_one_number_and_a_bad_one_is_refused(builder):
    choose(builder, BIAS, ParameterRef(1, 0, 1))
    builder.key(Qt.Key.Key_E, SHIFTED)
    question = asked(builder, SetWeightsQuestion)
    builder.type("one")
    builder.key(Qt.Key.Key_Return)
    assert "Type a number" in question.reason.text()
    question.field.selectAll()
    builder.type("−0,5")
    builder.key(Qt.Key.Key_Return)
    table = wires(builder.document.network)
    assert [table[source, (1, 0)][0] for source in (None, (0, 1))] == [-0.5, -0.5]
    assert builder.program.session.frame.undo_name == "Set 2 weights to −0.5"


def test_copy_and_paste_by_keys(builder):
    choose(builder, (1, 1))
    builder.control(Qt.Key.Key_C)
    builder.control(Qt.Key.Key_V)
    table = wires(builder.document.network)
    assert builder.document.network.sizes == (2, 5, 1)
    assert table[(0, 0), (1, 4)] == table[(0, 0), (1, 1)]
    assert "Paste neurons" in entries(builder)
    QApplication.clipboard().setText("3")
    assert "Paste neurons" not in entries(builder)


def test_everything_is_chosen_by_key_and_what_is_chosen_removed(builder):
    builder.control(Qt.Key.Key_A)
    assert len(builder.program.session.frame.chosen) == 7
    choose(builder, (1, 0), (1, 1))
    builder.key(Qt.Key.Key_Delete)
    assert builder.document.network.sizes == (2, 2, 1)


@pytest.mark.parametrize(
    ("part", "name"), [((1, 0), "risk"), (ParameterRef(1, 0, 0), "w"), (BIAS, "threshold")]
)
def test_a_part_is_named_by_key(builder, part, name):
    choose(builder, part)
    builder.key(Qt.Key.Key_F2)
    asked(builder, WordsQuestion)
    builder.type(name)
    builder.key(Qt.Key.Key_Return)
    labels = builder.document.network.structure.labels
    assert [*labels.neurons.values(), *labels.weights.values()] == [name]
    assert builder.program.session.frame.undo_name.endswith(f"“{name}”")


def test_a_neuron_gets_a_note_of_two_lines(builder):
    choose(builder, (1, 0))
    builder.key(Qt.Key.Key_F2, Qt.KeyboardModifier.ShiftModifier)
    question = asked(builder, WordsQuestion)
    builder.type("first")
    builder.key(Qt.Key.Key_Return)
    builder.type("second")
    QTest.mouseClick(question.give_button, Qt.MouseButton.LeftButton)
    assert builder.document.drawing.notes == {(1, 0): "first\nsecond"}


def test_what_cannot_be_done_is_not_offered(builder):
    for_nothing, for_input = entries(builder), entries(builder, (0, 0))
    assert "Freeze" not in for_nothing
    assert {"Remove layer", "Duplicate layer", "Freeze", "Add bias"}.isdisjoint(for_input)
    assert "Add input" in for_input
    assert "Connect the two neurons" not in entries(builder, (0, 0), (1, 0))
    assert "Connect the two neurons" in entries(builder, (0, 0), (2, 0))


def test_where_new_weights_begin_is_changed_in_the_menu(builder):
    pick(builder, "New weights start at", "the start rule")
    assert builder.program.session.frame.fresh is Fresh.start_rule


def test_neurons_that_were_put_somewhere_go_back_to_the_layout(builder):
    builder.view.wishes.neurons_placed.emit({(1, 0): (10.0, 20.0), (1, 1): (0.0, 0.0)})
    assert builder.program.session.frame.undo_name == "Put 2 neurons elsewhere"
    choose(builder, (1, 0))
    pick(builder, "Arrange", "Automatic layout")
    assert builder.document.drawing.places == {(1, 1): (0.0, 0.0)}


def test_chosen_neurons_are_put_in_a_column_and_back_by_undo(builder):
    before = builder.document
    choose(builder, (0, 0), (1, 0), (1, 1))
    pick(builder, "Arrange", "Align in a column")
    assert len({x for x, _ in builder.document.drawing.places.values()}) == 1
    assert builder.document.drawing.places.keys() == {(0, 0), (1, 0), (1, 1)}
    pick(builder, "Arrange", "Even out downwards")
    heights = sorted(y for _, y in builder.document.drawing.places.values())
    assert heights[1] - heights[0] == pytest.approx(heights[2] - heights[1])
    for _ in range(2):
        builder.control(Qt.Key.Key_Z)
    assert builder.document is before


def test_a_gesture_of_the_diagram_is_one_undo_and_can_be_taken_back(builder):
    before, wishes, ref = builder.document, builder.view.wishes, ParameterRef(1, 0, 0)
    for end in (wishes.gesture_ended, wishes.gesture_cancelled):
        wishes.gesture_begun.emit()
        for value in (0.1, 0.2):
            builder.view.parameter_edited.emit(ref, value)
        end.emit()
        if end is wishes.gesture_ended:
            builder.control(Qt.Key.Key_Z)
        assert builder.document is before
