"""nnsim trace as Markdown, LaTeX, HTML and Python, to the screen and to a file."""

import subprocess
import sys

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


def test_a_file_that_cannot_be_written_is_refused(chapter, tmp_path):
    done = nnsim("trace", chapter, "--html", "-o", tmp_path / "nowhere" / "step.html")
    assert done.returncode == 2
    assert "nowhere" in done.stderr
