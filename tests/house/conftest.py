"""What the house rules look at: the checkout and the parsed modules of nnsim."""

import ast
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
HIDDEN_BUT_OURS = {".ci", ".github"}
MADE = {"__pycache__", "build", "dist"}


@pytest.fixture(scope="session")
def root() -> Path:
    return ROOT


@pytest.fixture(scope="session")
def modules() -> dict[str, ast.Module]:
    """Every module of nnsim, parsed, by its path like “nnsim/engine/step.py”."""
    paths = sorted((ROOT / "nnsim").rglob("*.py"))
    return {path.relative_to(ROOT).as_posix(): ast.parse(path.read_text("utf-8")) for path in paths}


@pytest.fixture(scope="session")
def texts() -> dict[str, str]:
    """Every text file of the checkout, by its path."""
    found = {}
    for path in files_below(ROOT):
        try:
            found[path.relative_to(ROOT).as_posix()] = path.read_text("utf-8")
        except UnicodeDecodeError:
            continue  # a font or a picture
    return found


def files_below(folder: Path) -> list[Path]:
    files = []
    for path in sorted(folder.iterdir()):
        if path.is_file():
            files.append(path)
        elif not is_made(path.name):
            files += files_below(path)
    return files


def is_made(name: str) -> bool:
    hidden = name.startswith(".") and name not in HIDDEN_BUT_OURS
    return hidden or name in MADE or name.endswith(".egg-info")
