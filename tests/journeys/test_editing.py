"""Every number is edited in place; an edit is one undo and no training point."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from nnsim.engine.network import ParameterRef
from nnsim.views.diagram.activation_menu import ActivationMenu
from nnsim.views.diagram.targets import Target
from tests.journeys.conftest import weight


@pytest.mark.parametrize(
    ("typed", "value"),
    [
        ("0.5", 0.5),
        ("0,5", 0.5),
        ("-0.5", -0.5),
        ("−0.5", -0.5),
        ("1/3", 1 / 3),
        ("3e-2", 0.03),
        (" 2 ", 2.0),
    ],
)
def test_a_weight_is_typed_in_any_spelling(person, typed, value):
    person.edit(weight(0), typed)
    assert person.weights == [value, 0.9]
    assert not person.view.field.isVisible()


@pytest.mark.parametrize("typed", ["abc", "nan", "1e400", "1/0", "", "0.3.1", "1_000"])
def test_anything_else_is_refused_in_place_with_a_reason(person, typed):
    person.double_click(weight(0))
    person.view.field.clear()
    person.type(typed)
    person.key(Qt.Key.Key_Return)
    assert person.view.field.isVisible()
    assert "Type a number such as 0.3" in person.view.field.reason
    assert person.view.field.text() == typed
    assert person.weights == [0.3, 0.9]
    person.key(Qt.Key.Key_Escape)
    assert not person.view.field.isVisible()
    assert person.weights == [0.3, 0.9]


def test_clicking_away_commits(person):
    person.double_click(weight(0))
    person.type("0.5")
    QTest.mouseClick(person.view, Qt.MouseButton.LeftButton, pos=person.view.rect().bottomLeft())
    assert person.weights == [0.5, 0.9]


def test_escape_restores(person):
    person.double_click(weight(0))
    person.type("0.5")
    person.key(Qt.Key.Key_Escape)
    assert person.weights == [0.3, 0.9]


def test_opening_and_closing_an_editor_changes_nothing(person):
    person.press("step")
    before, name = person.document, person.program.session.frame.undo_name
    person.double_click(weight(0))
    person.key(Qt.Key.Key_Return)
    assert person.document is before
    assert person.program.session.frame.undo_name == name


def test_inputs_and_expected_are_edited_on_the_diagram(person):
    person.edit(Target("input", 1), "0.5")
    person.edit(Target("expected", 0), "1")
    assert person.document.samples.inputs.tolist() == [[0.1, 0.5]]
    assert person.document.samples.expected.tolist() == [[1.0]]
    assert person.cell(1, "source") == "0.5"


def test_a_weight_is_edited_in_the_factor_table(person):
    index = person.table.model().index(1, 1)
    where = person.table.visualRect(index).center()
    QTest.mouseClick(person.table.viewport(), Qt.MouseButton.LeftButton, pos=where)
    QTest.mouseDClick(person.table.viewport(), Qt.MouseButton.LeftButton, pos=where)
    person.type("1/4")
    person.key(Qt.Key.Key_Return)
    assert person.weights == [0.3, 0.25]


def test_the_learning_rate_is_typed_in_the_toolbar(person):
    person.control(Qt.Key.Key_L)
    person.type("0,5")
    person.key(Qt.Key.Key_Return)
    assert person.document.settings.learning_rate == 0.5
    assert person.cell(0, "new_value") == "0.2825"


def test_a_negative_learning_rate_is_refused_with_a_sentence(person):
    person.control(Qt.Key.Key_L)
    person.type("-1")
    person.key(Qt.Key.Key_Return)
    assert person.document.settings.learning_rate == 1.0
    assert "A learning rate is above 0" in person.window.toolbar.learning_rate.reason


def test_the_activation_is_chosen_from_a_menu(person):
    person.double_click(Target("activation", 0, 1))
    menu = person.answer(ActivationMenu)
    action = next(a for a in menu.actions() if a.text().startswith("sigmoid"))
    QTest.mouseClick(menu, Qt.MouseButton.LeftButton, pos=menu.actionGeometry(action).center())
    assert person.document.network.layers[0].activations == ("sigmoid",)
    assert person.cell(0, "slope") == "0.21789"


def test_an_edit_recomputes_everything_and_adds_no_point(person):
    person.press("step")
    person.edit(weight(0), "0.5")
    run = person.program.session.frame.run
    assert list(run.losses) == pytest.approx([0.06125])
    assert person.cell(0, "error") == "0.146"
    assert person.strip.startswith("The chapter’s example, step 1: ")


def test_every_edit_is_one_undo_with_the_exact_numbers_back(person):
    first = person.document
    person.edit(weight(0), "1/3")
    person.edit(Target("input", 0), "7")
    person.press("step")
    for _ in range(3):
        person.control(Qt.Key.Key_Z)
    assert person.document is first
    for _ in range(3):
        person.control(Qt.Key.Key_Y)
    assert person.document.position.step == 1


def test_the_keyboard_alone_edits_a_weight(person):
    for _ in range(3):
        person.key(Qt.Key.Key_Tab)
    assert person.view.focused == Target("parameter", ref=ParameterRef(1, 0, 0))
    assert person.view.accessibleDescription() == "weight1, from input1 to neuron, 0.3; delta 0.035"
    person.key(Qt.Key.Key_Return)
    person.type("0.5")
    person.key(Qt.Key.Key_Return)
    assert person.weights == [0.5, 0.9]


def test_space_presses_the_button_that_has_the_focus(person):
    person.press("step")
    person.window.toolbar.buttons["restart"].setFocus()
    person.key(Qt.Key.Key_Space)
    assert person.document.position.step == 0


@pytest.mark.parametrize("name", ["two-layers", "or", "xor", "gesture", "chapter"])
def test_every_example_opens_in_a_small_window_and_steps(start, name):
    person = start((1280, 720))
    person.program.session.open_example(name)
    person.key(Qt.Key.Key_Space)
    person.window.grab()
    assert person.document.position.step == 1
    assert person.document.example == name


def start_typing(person, text="0.5"):
    person.double_click(weight(0))
    person.type(text)


def test_a_wheel_turn_commits_what_is_typed(person):
    start_typing(person)
    person.view.zoom_in()
    assert person.weights == [0.5, 0.9]


def test_a_key_commits_what_is_typed_before_it_does_its_own(person):
    start_typing(person)
    person.key(Qt.Key.Key_F6)
    assert person.program.session.frame.run.errors.tolist() == pytest.approx([0.37])


def test_a_refused_number_holds_a_wish_back(person):
    start_typing(person, "abc")
    person.key(Qt.Key.Key_F6)
    assert person.document.position.step == 0
    assert person.view.field.text() == "abc"


def test_closing_with_a_number_being_typed_asks_to_save_it(person):
    from PySide6.QtWidgets import QMessageBox

    start_typing(person)
    person.window.close()
    assert person.window.isVisible()
    assert person.weights == [0.5, 0.9]
    person.answer(QMessageBox).close()


def test_tab_commits_and_goes_to_the_next_number(person):
    start_typing(person)
    person.key(Qt.Key.Key_Tab)
    assert person.weights == [0.5, 0.9]
    assert person.view.focused == weight(1)


def test_copy_in_the_diagram_gives_every_digit(person, qapp):
    person.press("step")
    person.click(weight(0))
    person.control(Qt.Key.Key_C)
    assert qapp.clipboard().text() == "0.26499999999999996"


def test_an_editor_does_not_outlive_its_number(person):
    start_typing(person, "abc")
    person.key(Qt.Key.Key_Return)
    person.program.session.open_example("or")
    assert not person.view.field.isVisible()


def test_typing_the_same_value_is_no_edit(person):
    person.edit(weight(0), "0.30")
    assert person.program.session.frame.undo_name is None
    assert not person.program.session.frame.unsaved


def test_after_the_learning_rate_the_keys_belong_to_the_diagram_again(person):
    person.control(Qt.Key.Key_L)
    person.type("0.5")
    person.key(Qt.Key.Key_Return)
    person.key(Qt.Key.Key_Space)
    assert person.document.position.step == 1


@pytest.mark.parametrize("value", ["1.7e308", "-1.7e308", "5e-324"])
def test_extreme_values_are_shown_too(person, value):
    person.edit(Target("expected", 0), value)
    assert person.document.samples.expected[0, 0] == float(value)
