"""nnsim trace in all its forms, to the screen and to a file."""

import subprocess
import sys

import openpyxl
import pytest

from nnsim import save
from nnsim.files.examples import open_example

BEGINS = {
    "--json": "{",
    "--markdown": "# One training step",
    "--latex": r"\documentclass",
    "--html": "<!DOCTYPE html>",
    "--python": '"""One training step',
}


@pytest.fixture
def chapter(tmp_path):
    path = tmp_path / "chapter.nnsim"
    save(open_example("chapter"), path)
    return path


def nnsim(*words):
    command = [sys.executable, "-m", "nnsim", *map(str, words)]
    return subprocess.run(command, capture_output=True, text=True, timeout=60)


@pytest.mark.parametrize("form", BEGINS)
def test_each_form_goes_to_the_screen_or_to_a_file(chapter, tmp_path, form):
    shown = nnsim("trace", chapter, form)
    assert shown.returncode == 0, shown.stderr
    assert shown.stdout.startswith(BEGINS[form])

    path = tmp_path / "step"
    written = nnsim("trace", chapter, form, "-o", path)
    assert (written.returncode, written.stdout) == (0, "step: one training step written.\n")
    assert path.read_text(encoding="utf-8").strip() == shown.stdout.strip()


def test_the_script_runs_by_itself(chapter, tmp_path):
    script = tmp_path / "step.py"
    nnsim("trace", chapter, "--python", "-o", script)
    done = subprocess.run(
        [sys.executable, "-I", str(script)], capture_output=True, text=True, timeout=60
    )
    assert (done.returncode, done.stderr) == (0, "")


def test_two_forms_at_once_are_refused(chapter):
    done = nnsim("trace", chapter, "--latex", "--html")
    assert done.returncode == 2
    assert len(done.stderr.strip().splitlines()) == 1


def test_a_spreadsheet_goes_to_a_file(chapter, tmp_path):
    path = tmp_path / "step.xlsx"
    done = nnsim("trace", chapter, "--xlsx", "-o", path)
    assert (done.returncode, done.stdout) == (0, "step.xlsx: one training step written.\n")
    values = [row[4] for row in openpyxl.load_workbook(path).active.values]
    assert values[1:3] == [0.1, 0.8]
    assert "=E2*E5 + E3*E6" in values


def test_a_pdf_is_painted_without_a_screen(chapter, tmp_path):
    path = tmp_path / "step.pdf"
    done = nnsim("trace", chapter, "--pdf", "-o", path)
    assert (done.returncode, done.stdout) == (0, "step.pdf: one training step written.\n")
    assert done.stderr == ""
    words = ["pdftotext", str(path), "-"]
    text = subprocess.run(words, capture_output=True, text=True, timeout=60).stdout
    assert "= 0.1 × 0.3 + 0.8 × 0.9 = 0.75" in text


@pytest.mark.parametrize("form", ["xlsx", "pdf"])
def test_what_is_no_text_is_not_shown_on_a_terminal(chapter, form):
    done = nnsim("trace", chapter, f"--{form}")
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr == (
        f"nnsim: --{form} makes a file that no terminal can show: say where it goes, "
        f"such as -o step.{form}.\n"
    )


def test_without_qt_a_pdf_is_refused_with_what_to_install(chapter, tmp_path):
    code = "import sys; sys.modules['PySide6'] = None; from nnsim.__main__ import main; "
    words = ["trace", str(chapter), "--pdf", "-o", str(tmp_path / "step.pdf")]
    done = subprocess.run(
        [sys.executable, "-c", f"{code} sys.exit(main({words!r}))"],
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert done.returncode == 2
    assert done.stderr.startswith("nnsim: The PDF cannot be painted (")
    assert len(done.stderr.splitlines()) == 1
    assert not (tmp_path / "step.pdf").exists()


def test_a_file_that_cannot_be_written_is_refused(chapter, tmp_path):
    done = nnsim("trace", chapter, "--html", "-o", tmp_path / "nowhere" / "step.html")
    assert done.returncode == 2
    assert "nowhere" in done.stderr
