"""The diagram leaves the program as a picture."""

from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtGui import QImage
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QFileDialog, QMessageBox

from nnsim.views.picture_question import PictureQuestion


def asked(person):
    person.window.actions_by_name["export_picture"].trigger()
    return person.answer(PictureQuestion)


def save(person, question, path):
    QTest.mouseClick(question.save_button, Qt.MouseButton.LeftButton)
    dialog = person.answer(QFileDialog)
    dialog.fileSelected.emit(str(path))
    dialog.reject()


def choose(box, words):
    box.setFocus()
    while not box.currentText().startswith(words):
        before = box.currentIndex()
        QTest.keyClick(box, Qt.Key.Key_Down)
        assert box.currentIndex() != before


def test_a_picture_is_exported_in_every_format(person, tmp_path: Path):
    for words, begins in (("SVG", b"<?xml"), ("PDF", b"%PDF"), ("PNG", b"\x89PNG")):
        question = asked(person)
        choose(question.format, words)
        path = tmp_path / f"network.{words.lower()}"
        save(person, question, path)
        assert path.read_bytes().startswith(begins)


def test_its_size_is_chosen_for_pixels_alone(person, tmp_path: Path):
    question = asked(person)
    assert not question.scale.isEnabled()
    choose(question.format, "PNG")
    assert question.scale.isEnabled()
    choose(question.scale, "3 ×")
    save(person, question, tmp_path / "network")
    image = QImage(str(tmp_path / "network.png"))
    assert image.width() == round(person.view.scene().size.width() * 3)


def test_a_file_that_cannot_be_written_is_refused_in_a_sentence(person, tmp_path: Path):
    before = person.document
    save(person, asked(person), tmp_path / "nowhere" / "network.svg")
    assert "nowhere" in person.strip
    assert person.document is before


def test_the_picture_is_copied_and_pasted_elsewhere(person):
    person.window.actions_by_name["copy_picture"].trigger()
    data = QApplication.clipboard().mimeData()
    assert data.hasImage()
    assert data.hasFormat("image/svg+xml")


def test_a_zoomed_diagram_is_exported_whole(person, tmp_path: Path):
    person.view.zoom_in()
    person.view.zoom_in()
    save(person, asked(person), tmp_path / "network.svg")
    assert "weight1" in (tmp_path / "network.svg").read_text(encoding="utf-8")


def test_a_file_with_the_suffix_that_is_added_is_not_replaced_unasked(person, tmp_path: Path):
    there = tmp_path / "notes.txt.svg"
    there.write_text("kept")
    question = asked(person)
    save(person, question, tmp_path / "notes.txt")
    box = person.answer(QMessageBox)
    assert "notes.txt.svg" in box.text()
    QTest.mouseClick(box.button(QMessageBox.StandardButton.Cancel), Qt.MouseButton.LeftButton)
    assert there.read_text() == "kept"

    save(person, question, tmp_path / "notes.txt")
    replace = person.answer(QMessageBox).buttons()[0]
    QTest.mouseClick(replace, Qt.MouseButton.LeftButton)
    assert there.read_bytes().startswith(b"<?xml")
