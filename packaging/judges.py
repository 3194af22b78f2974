"""Runs all that CI judges, stage by stage, and stops at the first failure."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

from environment import ROOT, install_lock, make, pip, program
from quiet import StopError, clean_environment, run_quietly, say

SCREEN = "-screen 0 1600x1000x24"
LOCALE = {"LC_ALL": "C.UTF-8"} if sys.platform == "linux" else {}  # Qt warns of any but UTF-8


def judge(name: str, command: Sequence[str], folder: Path = ROOT, **changes: str) -> None:
    """Run one stage in full view."""
    say(f"== {name}")
    environment = clean_environment(os.environ, **LOCALE, **changes)
    code = subprocess.call(list(command), cwd=folder, env=environment)
    if code != 0:
        raise StopError(f"Failed: {name} (exit code {code}).")


def run_all(python: Path, fast: bool) -> None:
    """Run every stage; fast leaves out the wheel and the tests in a real window."""
    module = [str(python), "-m"]
    judge("ruff check", [*module, "ruff", "check", "."])
    judge("ruff format", [*module, "ruff", "format", "--check", "."])
    judge("mypy", [*module, "mypy"])
    judge("import contracts", [str(program(ROOT / ".venv", "lint-imports"))])
    if not fast:
        judge_wheel()
    tests = [*module, "pytest", "-q", "-m"]
    judge("tests", [*tests, "not x11"], QT_QPA_PLATFORM="offscreen")
    if not fast:
        judge_windows([*tests, "x11"])
    say("All stages passed." if not fast else "The fast stages passed.")


def judge_windows(tests: Sequence[str]) -> None:
    """Run the tests that need a real X server, which only Linux can start unseen."""
    if sys.platform != "linux":
        say("== tests in a real window: they run on Linux only")
        return
    command = ["xvfb-run", "-a", "-s", SCREEN, *tests]
    judge("tests in a real window", command, QT_QPA_PLATFORM="xcb", WAYLAND_DISPLAY="")


def judge_wheel() -> None:
    """Build the wheel as a user's pip would, and try it."""
    with tempfile.TemporaryDirectory(prefix="nnsim wheel ") as name:
        say("== wheel: build")
        try_wheel(build_wheel(Path(name)), Path(name))


def try_wheel(wheel: Path, folder: Path) -> None:
    """Install a wheel in a fresh environment and let nnsim test its C kernels and itself there."""
    venv = folder / "venv"
    say(f"== wheel: install {wheel.name} in a fresh environment")
    make(venv)
    install_lock(venv, "run")
    install = [*pip(venv), "install", "--no-deps", str(wheel)]
    run_quietly(install, "The wheel could not be installed.")
    nnsim = str(program(venv, "nnsim"))
    without_compiler = {"PATH": str(venv), "NNSIM_ENGINE": "c"}  # no numpy in the kernels' place
    judge("wheel: nnsim --version", [nnsim, "--version"], folder, **without_compiler)
    judge(
        "wheel: nnsim --self-test",
        [nnsim, "--self-test"],
        folder,
        QT_QPA_PLATFORM="offscreen",
        **without_compiler,
    )


def build_wheel(folder: Path) -> Path:
    """Build nnsim's wheel into a folder and return its path."""
    options = ["--no-deps", "--no-build-isolation", "--wheel-dir", str(folder)]
    run_quietly(
        [*pip(ROOT / ".venv"), "wheel", *options, str(ROOT)], "The wheel could not be built."
    )
    (wheel,) = folder.glob("*.whl")
    return wheel
