"""Saving, opening, taking the weights away, and closing with unsaved work."""

from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QFileDialog, QLineEdit, QMessageBox

from tests.journeys.conftest import weight


@pytest.fixture(autouse=True)
def own_file_dialogs(qapp):
    """Qt's own dialogs, which a test can type into, in place of the desktop's."""
    qapp.setAttribute(Qt.ApplicationAttribute.AA_DontUseNativeDialogs)


def name_file(person, path: Path) -> None:
    dialog = person.answer(QFileDialog)
    field = dialog.findChild(QLineEdit, "fileNameEdit")
    field.setText(str(path))
    QTest.keyClick(field, Qt.Key.Key_Return)


def test_a_saved_project_opens_with_the_same_numbers_and_restart_still_works(start, tmp_path):
    person = start()
    person.edit(weight(0), "1/3")
    person.press("step")
    trained = person.document
    person.control(Qt.Key.Key_S)
    name_file(person, tmp_path / "mine.nnsim")
    assert not person.program.session.frame.unsaved
    assert person.window.windowTitle() == "mine.nnsim – nnsim"

    again = start()
    again.program.session.open(str(tmp_path / "mine.nnsim"))
    assert again.document == trained
    again.press("restart")
    assert again.weights == [1 / 3, 0.9]


def test_a_broken_file_leaves_the_open_document_untouched(person, tmp_path):
    (tmp_path / "broken.nnsim").write_text('{"format": "nnsim", "version": 1')
    before = person.document
    person.control(Qt.Key.Key_O)
    name_file(person, tmp_path / "broken.nnsim")
    assert person.document is before
    assert "broken.nnsim" in person.strip


def test_closing_with_unsaved_work_asks_and_cancel_stays(person):
    person.press("step")
    person.window.close()
    box = person.answer(QMessageBox)
    QTest.mouseClick(box.button(QMessageBox.StandardButton.Cancel), Qt.MouseButton.LeftButton)
    assert person.window.isVisible()
    assert person.document.position.step == 1


def test_closing_and_saving_writes_the_file_and_closes(person, tmp_path):
    person.press("step")
    person.window.close()
    box = person.answer(QMessageBox)
    QTest.mouseClick(box.button(QMessageBox.StandardButton.Save), Qt.MouseButton.LeftButton)
    name_file(person, tmp_path / "kept.nnsim")
    person.qtbot.waitUntil(lambda: not person.window.isVisible())
    assert (tmp_path / "kept.nnsim").exists()


def test_closing_without_saving_closes(person):
    person.press("step")
    person.window.close()
    box = person.answer(QMessageBox)
    QTest.mouseClick(box.button(QMessageBox.StandardButton.Discard), Qt.MouseButton.LeftButton)
    person.qtbot.waitUntil(lambda: not person.window.isVisible())


def test_a_save_that_fails_does_not_close_the_window_later(person, tmp_path):
    person.press("step")
    person.window.close()
    box = person.answer(QMessageBox)
    QTest.mouseClick(box.button(QMessageBox.StandardButton.Save), Qt.MouseButton.LeftButton)
    dialog = person.answer(QFileDialog)
    dialog.fileSelected.emit(str(tmp_path / "gone" / "a.nnsim"))
    dialog.close()
    assert "a.nnsim" in person.strip
    person.window.files._save_to(str(tmp_path / "b.nnsim"))
    assert person.window.isVisible()
    assert not person.program.session.frame.unsaved


def test_closing_untouched_work_does_not_ask(person):
    person.window.close()
    assert not person.window.isVisible()


@pytest.mark.parametrize("ending", ["csv", "json"])
def test_weights_go_out_and_come_back_to_the_bit(person, tmp_path, ending):
    path = tmp_path / f"weights.{ending}"
    person.edit(weight(0), "1/3")
    person.press("step")
    trained = person.document.network.parameters
    person.control(Qt.Key.Key_E)
    name_file(person, path)
    person.press("random")
    assert not np.array_equal(person.document.network.parameters, trained)
    person.control(Qt.Key.Key_I)
    name_file(person, path)
    assert person.document.network.parameters.tobytes() == trained.tobytes()


def test_theme_layout_speed_and_folder_are_remembered(start, tmp_path):
    person = start()
    person.control(Qt.Key.Key_D)
    person.window.toolbar.speed.setFocus()
    person.key(Qt.Key.Key_End)
    person.window.resize(1300, 800)
    person.control(Qt.Key.Key_S)
    name_file(person, tmp_path / "a.nnsim")
    person.window.close()

    again = start()
    assert again.program.preferences.theme == "dark"
    assert again.window.palette().window().color().name() == "#1f2229"
    assert again.window.toolbar.speed.value() == 100
    assert again.window.files.folder == str(tmp_path)
    # Forgotten it would be 1440 wide; a test's screen of 800 may make it narrower than 1300.
    assert again.window.width() <= 1300
