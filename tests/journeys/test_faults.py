"""An exception in the middle of a wish is shown and leaves the document as it was."""

import sys

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QMessageBox


@pytest.fixture
def reporting(person, monkeypatch):
    """Faults go to the program's report, as when it runs by itself."""
    monkeypatch.setattr(sys, "excepthook", person.program.report_fault)
    return person


def test_a_view_that_fails_takes_the_wish_back(reporting, monkeypatch, capsys):
    person = reporting
    before = person.document

    def broken(frame):
        if frame.document.position.step == 1:
            raise RuntimeError("planted")

    monkeypatch.setattr(person.window.factors, "show_frame", broken)
    person.press("step")
    box = person.answer(QMessageBox)
    assert "planted" in box.detailedText()
    assert person.document is before
    box.close()
    assert "planted" in capsys.readouterr().err


def test_a_wish_that_fails_inside_changes_nothing(reporting, monkeypatch, capsys):
    person = reporting
    before = person.document
    monkeypatch.setattr("nnsim.engine.training.batch_step", lambda *a: 1 / 0)
    person.press("step")
    box = person.answer(QMessageBox)
    assert "ZeroDivisionError" in box.detailedText()
    assert person.document is before
    box.close()
    assert "ZeroDivisionError" in capsys.readouterr().err


def test_it_goes_on_after_a_fault(reporting, monkeypatch, capsys):
    person = reporting
    with monkeypatch.context() as broken:
        broken.setattr("nnsim.engine.training.batch_step", lambda *a: 1 / 0)
        person.press("step")
    person.answer(QMessageBox).close()
    person.key(Qt.Key.Key_Space)
    assert person.document.position.step == 1
    capsys.readouterr()


def test_a_view_that_fails_while_a_file_opens_leaves_the_old_file_bound(
    reporting, monkeypatch, capsys, tmp_path
):
    person = reporting
    session = person.program.session
    session.save(str(tmp_path / "a.nnsim"))
    session.save(str(tmp_path / "b.nnsim"))
    session.open(str(tmp_path / "a.nnsim"))
    before = session.state

    def broken(frame):
        if frame.file_name == "b.nnsim":
            raise RuntimeError("planted")

    monkeypatch.setattr(person.window.factors, "show_frame", broken)
    session.open(str(tmp_path / "b.nnsim"))
    person.answer(QMessageBox).close()
    assert session.state == before
    capsys.readouterr()


def test_a_fault_during_a_run_leaves_no_lying_pause_button(reporting, capsys):
    person = reporting
    person.press("run")
    person.program.report_fault(RuntimeError, RuntimeError("planted"), None)
    buttons = person.window.toolbar.buttons
    person.qtbot.waitUntil(lambda: buttons["run"].text().strip() == "Run")
    assert buttons["step"].isEnabled()
    person.answer(QMessageBox).close()
    capsys.readouterr()
