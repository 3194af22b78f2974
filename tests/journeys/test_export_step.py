"""The worked step leaves the program, in every form."""

import subprocess
import sys
from pathlib import Path

import pytest
from openpyxl import load_workbook
from PySide6.QtWidgets import QFileDialog

from nnsim import Document, Network, Samples
from nnsim.views.solutions import FORMS

BEGINNINGS = {
    ".pdf": b"%PDF",
    ".xlsx": b"PK",
    ".html": b"<!DOCTYPE html>",
    ".tex": b"\\documentclass",
    ".md": b"# One training step",
    ".txt": b"Sample 0",
}


def export(person, path):
    person.window.actions_by_name["export_step"].trigger()
    dialog = person.answer(QFileDialog)
    dialog.fileSelected.emit(str(path))
    dialog.reject()


@pytest.mark.parametrize("suffix", FORMS)
def test_the_step_is_written_in_the_form_that_its_name_says(person, tmp_path: Path, suffix):
    path = tmp_path / f"step{suffix}"
    export(person, path)
    assert path.read_bytes().startswith(BEGINNINGS.get(suffix, b""))
    assert path.stat().st_size > 300


def test_the_script_checks_the_numbers_that_the_window_shows(person, tmp_path: Path):
    path = tmp_path / "step.py"
    export(person, path)
    ended = subprocess.run([sys.executable, str(path)], capture_output=True, check=False)
    assert ended.returncode == 0, ended.stderr.decode()
    assert "0.035" in path.read_text("utf-8")


def test_inside_a_step_all_of_it_is_written(person, tmp_path: Path):
    person.program.session.begin_inside()
    path = tmp_path / "step.xlsx"
    export(person, path)
    sheet = load_workbook(path).active
    assert any("delta" in str(row[1].value) for row in sheet.iter_rows())


def test_another_ending_and_a_step_too_large_are_refused_in_a_sentence(person, tmp_path: Path):
    export(person, tmp_path / "step.doc")
    assert ".pdf" in person.strip
    assert not list(tmp_path.glob("step.*"))
    network = Network.dense([100, 10], ["tanh"])
    person.program.session._open(Document(network, Samples([[0.5] * 100], [[1] * 10])), None)
    person.window.actions_by_name["export_step"].trigger()
    assert "nnsim trace" in person.strip
