"""The rules of import-linter and ruff have teeth: a planted violation is found and named."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

LINT_IMPORTS = "import importlinter.cli; importlinter.cli.lint_imports_command()"
DOWNWARD = "Rooms import downward only"
NO_QT = "Below control nothing knows Qt"
VIEWS = "Views see what they show, not how it is changed"


@pytest.fixture
def copy(root, tmp_path) -> Path:
    """A copy of the package and its rules, to be spoiled."""
    shutil.copytree(
        root / "nnsim", tmp_path / "nnsim", ignore=shutil.ignore_patterns("__pycache__")
    )
    shutil.copy(root / "pyproject.toml", tmp_path)
    return tmp_path


def plant(copy, path, line):
    target = copy / "nnsim" / path
    target.parent.mkdir(exist_ok=True)
    target.write_text(f'"""Planted."""\n\n{line}\n', "utf-8")


def run(copy, *arguments):
    done = subprocess.run(
        [sys.executable, *arguments],
        cwd=copy,
        env={"COLUMNS": "1000"},
        capture_output=True,
        encoding="utf-8",
        check=False,
    )
    return done.returncode, done.stdout + done.stderr


def lint_imports(copy):
    return run(copy, "-c", LINT_IMPORTS, "--no-cache")


def ruff(copy):
    return run(copy, "-m", "ruff", "check", "--no-cache", "--output-format=concise", "nnsim")


def test_the_unspoiled_copy_keeps_every_contract(copy):
    code, output = lint_imports(copy)

    assert code == 0, output
    assert "0 broken" in output


@pytest.mark.parametrize(
    ("path", "line", "contract", "named"),
    [
        ("engine/planted.py", "import nnsim.model.run", DOWNWARD, "nnsim.engine.planted"),
        ("data/planted.py", "import nnsim.engine.network", DOWNWARD, "nnsim.data.planted"),
        ("views/planted.py", "import nnsim.control.session", VIEWS, "nnsim.views.planted"),
        ("views/planted.py", "import nnsim.files", VIEWS, "nnsim.views.planted"),
        ("views/planted.py", "import nnsim.model.history", VIEWS, "nnsim.views.planted"),
        ("engine/planted.py", "import PySide6.QtCore", NO_QT, "nnsim.engine.planted"),
        ("files/planted.py", "import shiboken6", NO_QT, "nnsim.files.planted"),
    ],
)
def test_a_forbidden_import_breaks_its_contract(copy, path, line, contract, named):
    plant(copy, path, line)

    code, output = lint_imports(copy)

    assert code != 0
    assert f"{contract} BROKEN" in output
    assert named in output


def test_a_room_that_nobody_declared_is_refused(copy):
    plant(copy, "attic/__init__.py", "ROOM = 1")

    code, output = lint_imports(copy)

    assert code != 0
    assert "attic" in output


@pytest.mark.parametrize(
    ("path", "line", "rule"),
    [
        ("control/planted.py", "from PySide6.QtWidgets import QWidget", "TID251"),
        ("control/planted.py", "from PySide6 import QtGui", "TID251"),
        ("model/planted.py", "from . import run", "TID252"),
        ("model/planted.py", "print(1)", "T201"),
        ("model/planted.py", "def bare(x):\n    return x", "ANN001"),
    ],
)
def test_ruff_finds_and_names_what_is_banned(copy, path, line, rule):
    plant(copy, path, line)

    code, output = ruff(copy)

    assert code != 0
    assert any("planted.py" in found and rule in found for found in output.splitlines())
