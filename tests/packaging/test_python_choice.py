"""python.sh skips every Python that is too old, too new or broken, and says when none is left."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

SCRIPT = Path(__file__).resolve().parents[2] / "packaging" / "python.sh"

pytestmark = pytest.mark.skipif(os.name == "nt", reason="Windows starts launch.py with py")

GOOD = "exec '{python}' \"$@\""
PRETENDING = "exec '{python}' -c 'import sys; sys.exit(1)'"  # how a version that is refused ends
BROKEN = "echo 'pyenv: python3: command not found' >&2; exit 127"


@pytest.fixture
def checkout(tmp_path) -> Path:
    """A checkout whose launch.py only tells which Python runs it, and a folder of Pythons."""
    packaging = tmp_path / "a checkout" / "packaging"
    packaging.mkdir(parents=True)
    shutil.copy(SCRIPT, packaging)
    tell = "import os, sys; print(os.environ['CHOSEN'], *sys.argv[1:])"
    (packaging / "launch.py").write_text(tell, "utf-8")
    return packaging


def make_python(folder, name, body):
    folder.mkdir(exist_ok=True)
    program = folder / name
    lines = ["#!/bin/sh", f"export CHOSEN={program.parent.name}/{name}"]
    program.write_text("\n".join([*lines, body.format(python=sys.executable)]), "utf-8")
    program.chmod(0o755)


def choose(checkout, *folders, **environment):
    path = os.pathsep.join([*map(str, folders), "/usr/bin", "/bin"])
    return subprocess.run(
        ["sh", str(checkout / "python.sh"), "start", "two words"],
        env={"PATH": path, **environment},
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.mark.parametrize("bad", [PRETENDING, BROKEN])
def test_a_python_that_does_not_work_is_skipped(checkout, tmp_path, bad):
    make_python(tmp_path / "first", "python3", bad)
    make_python(tmp_path / "second", "python3", GOOD)

    done = choose(checkout, tmp_path / "first", tmp_path / "second")

    assert done.stdout == "second/python3 start two words\n"


def test_the_first_python3_on_the_path_is_taken(checkout, tmp_path):
    make_python(tmp_path / "first", "python3", GOOD)
    make_python(tmp_path / "second", "python3", GOOD)

    done = choose(checkout, tmp_path / "first", tmp_path / "second")

    assert done.stdout.startswith("first/python3 ")


def test_the_last_folder_of_the_path_is_searched_too(checkout, tmp_path):
    make_python(tmp_path / "only", "python3", GOOD)
    tools = tmp_path / "tools"
    tools.mkdir()
    (tools / "dirname").symlink_to(shutil.which("dirname"))

    done = subprocess.run(
        [shutil.which("sh"), str(checkout / "python.sh"), "start"],
        env={"PATH": f"{tools}:{tmp_path / 'only'}"},
        capture_output=True,
        text=True,
        check=False,
    )

    assert done.stdout == "only/python3 start\n"


def test_a_wrong_python_home_does_no_harm(checkout, tmp_path):
    make_python(tmp_path / "first", "python3", GOOD)

    done = choose(checkout, tmp_path / "first", PYTHONHOME="/nowhere", PYTHONPATH="/nowhere")

    assert done.stdout.startswith("first/python3 ")
