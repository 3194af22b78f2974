"""Making another network, its samples, and trying inputs."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QMessageBox

from nnsim.engine.network import ParameterRef
from nnsim.views.keys import KEYS
from nnsim.views.keys_dialog import KeysDialog
from nnsim.views.new_network_dialog import NewNetworkDialog


def make_network(person, sizes: str):
    person.control(Qt.Key.Key_N)
    dialog = person.answer(NewNetworkDialog)
    person.qtbot.waitUntil(dialog.isActiveWindow)
    dialog.sizes.setFocus()
    dialog.sizes.selectAll()
    person.type(sizes)
    return dialog


def test_a_network_of_any_sizes_is_made_and_trains(person):
    dialog = make_network(person, "3-2-2")
    QTest.mouseClick(dialog.create_button, Qt.MouseButton.LeftButton)
    assert person.document.network.sizes == (3, 2, 2)
    assert person.document.samples.inputs.tolist() == [[0.0, 0.0, 0.0]]
    person.window.activateWindow()
    person.qtbot.waitUntil(person.window.isActiveWindow)
    person.key(Qt.Key.Key_Space)
    assert person.document.position.step == 1


def test_sizes_that_cannot_be_are_refused_in_the_dialog(person):
    dialog = make_network(person, "3-0")
    assert not dialog.create_button.isEnabled()
    dialog.close()
    assert person.document.example == "chapter"


def test_leaving_unsaved_work_for_an_example_asks_first(person):
    person.press("step")
    person.window._wish_example("or")
    box = person.answer(QMessageBox)
    assert person.document.example == "chapter"
    QTest.mouseClick(box.button(QMessageBox.StandardButton.Discard), Qt.MouseButton.LeftButton)
    person.qtbot.waitUntil(lambda: person.document.example == "or")


def test_samples_are_added_pasted_chosen_and_removed(person, qapp):
    samples = person.window.samples
    QTest.mouseClick(samples.add_button, Qt.MouseButton.LeftButton)
    assert person.document.samples.inputs.tolist() == [[0.1, 0.8], [0.0, 0.0]]
    qapp.clipboard().setText("1\t2\t3\n0,5\t0,25\t1/4")
    samples.table.setFocus()
    person.control(Qt.Key.Key_V)
    assert person.document.samples.expected.tolist() == [[0.4], [0.0], [3.0], [0.25]]
    third = samples.table.visualRect(samples.table.model().index(2, 4)).center()
    QTest.mouseClick(samples.table.viewport(), Qt.MouseButton.LeftButton, pos=third)
    assert person.document.sample == 2
    person.press("step")
    assert list(person.program.session.frame.run.samples) == [2]
    assert person.document.sample == 3
    samples.table.setFocus()
    person.key(Qt.Key.Key_Delete)
    assert len(person.document.samples) == 3


def test_rows_that_do_not_fit_are_refused_with_their_place(person, qapp):
    before = person.document
    qapp.clipboard().setText("1\t2\t3\n1\tabc\t3")
    person.window.samples.table.setFocus()
    person.control(Qt.Key.Key_V)
    assert "Line 2, column 2" in person.strip
    assert person.document is before


def test_trying_inputs_shows_the_output_and_changes_no_sample(person):
    before = person.document
    samples = person.window.samples
    QTest.mouseClick(samples.try_button, Qt.MouseButton.LeftButton)
    field = samples.tried.fields[0]
    QTest.mouseClick(field, Qt.MouseButton.LeftButton)
    field.selectAll()
    person.type("1")
    person.key(Qt.Key.Key_Return)
    frame = person.program.session.frame
    assert frame.tried == (1.0, 0.8)
    assert float(frame.trace.outputs[0]) == pytest.approx(0.3 + 0.72)
    assert person.cell(0, "delta") == ""
    assert person.document is before
    QTest.mouseClick(samples.try_button, Qt.MouseButton.LeftButton)
    assert person.cell(0, "delta") == "0.035"


def test_a_hidden_weight_shows_how_its_error_came_back(person):
    person.program.session.open_example("two-layers")
    person.program.session.select(ParameterRef(1, 0, 0))
    assert person.row(0)[1:6] == ["0.1", "0.04621", "0.23978", "0.1", "0.00111"]
    assert "both errors come back through it: 0.04621 in all" in person.window.factors.card.chain()


def test_f1_shows_the_one_table_of_keys(person):
    person.key(Qt.Key.Key_F1)
    dialog = person.answer(KeysDialog)
    shown = " ".join(
        label.text() for label in dialog.findChildren(type(person.window.status._words))
    )
    assert all(key.what in shown for key in KEYS)
    dialog.close()


def test_without_samples_step_is_off_and_says_why(person):
    samples = person.window.samples
    QTest.mouseClick(samples.remove_button, Qt.MouseButton.LeftButton)
    assert len(person.document.samples) == 0
    step = person.window.toolbar.buttons["step"]
    assert not step.isEnabled()
    assert step.toolTip() == "Add a sample to start"
    assert person.strip == "Add a sample to start."
    QTest.mouseClick(samples.first_button, Qt.MouseButton.LeftButton)
    assert len(person.document.samples) == 1


def test_a_class_room_network_does_not_freeze_the_window(person):
    dialog = make_network(person, "784-128-10")
    QTest.mouseClick(dialog.create_button, Qt.MouseButton.LeftButton)
    person.press("step")
    person.window.grab()
    assert person.document.position.step == 1


@pytest.mark.parametrize("name", ["two-layers", "or"])
def test_every_weight_of_a_small_network_stands_in_a_small_window(start, name):
    person = start((1280, 720))
    person.program.session.open_example(name)
    person.press("epoch")
    scene = person.view.scene()
    assert set(scene.labels) == set(person.document.network.refs())
