"""Makes the checkout's .venv and keeps it equal to the lock files."""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
from pathlib import Path

from machine import check_qt
from quiet import StopError, clean_environment, run_quietly, say

ROOT = Path(__file__).resolve().parent.parent
LOCKS = ROOT / "packaging" / "lock"
SUPPORTED = ((3, 11), (3, 14))
UNFINISHED = "unfinished"


def program(venv: Path, name: str) -> Path:
    """Return the path of a program inside an environment."""
    if os.name == "nt":
        return venv / "Scripts" / f"{name}.exe"
    return venv / "bin" / name


def is_supported(version: tuple[int, int]) -> bool:
    """Tell whether nnsim and all its packages run on this Python version."""
    return SUPPORTED[0] <= version <= SUPPORTED[1]


def python_version(python: Path) -> tuple[int, int] | None:
    """Return the version of a Python, or None when it does not run."""
    code = "import sys; print(*sys.version_info[:2])"
    try:
        done = subprocess.run(
            [str(python), "-c", code],
            env=clean_environment(os.environ),
            capture_output=True,
            text=True,
            check=True,
        )
        major, minor = done.stdout.split()
    except (OSError, ValueError, subprocess.CalledProcessError):
        return None
    return int(major), int(minor)


def fingerprint(lock: str, project: str, version: tuple[int, int], root: Path) -> str:
    """Return what an environment was made from, as one short line."""
    made_from = "\0".join([lock, project, str(version), str(root)])
    return hashlib.sha256(made_from.encode()).hexdigest()


def expected_stamp(kind: str, version: tuple[int, int]) -> str:
    """Return the stamp of an environment of the kind “run” or “test” made from these files."""
    lock = (LOCKS / f"{kind}.txt").read_text(encoding="utf-8")
    project = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
    return fingerprint(lock, project, version, ROOT)


def read_stamp(venv: Path) -> str:
    """Return an environment's stamp, or nothing if it has none."""
    try:
        return (venv / "nnsim.stamp").read_text(encoding="utf-8")
    except OSError:
        return ""


def write_stamp(venv: Path, stamp: str) -> None:
    """Note what the environment was made from, or that it is not finished."""
    (venv / "nnsim.stamp").write_text(stamp, encoding="utf-8")


def is_ready(venv: Path, kind: str) -> bool:
    """Tell whether the environment has all of this kind; the tests' one can also run nnsim."""
    version = python_version(program(venv, "python"))
    if version is None:
        return False
    kinds = {kind, "test"}
    return read_stamp(venv) in {expected_stamp(each, version) for each in kinds}


def is_usable(venv: Path) -> bool:
    """Tell whether packages can be put into the environment as it is."""
    version = python_version(program(venv, "python"))
    if version is None or not is_supported(version) or read_stamp(venv) == UNFINISHED:
        return False
    tried = subprocess.run([*pip(venv), "--version"], capture_output=True, check=False)
    return tried.returncode == 0


def pip(venv: Path) -> list[str]:
    """Return how to call an environment's own pip."""
    return [str(program(venv, "python")), "-m", "pip"]


def make(venv: Path) -> None:
    """Make an empty environment, in place of a broken one."""
    base = getattr(sys, "_base_executable", None) or sys.executable
    run_quietly(
        [base, "-m", "venv", "--clear", str(venv)],
        f"The Python at {base} cannot make an environment: see above.",
    )


def install_lock(venv: Path, kind: str) -> None:
    """Install exactly the locked packages."""
    options = ["--require-hashes", "--requirement", str(LOCKS / f"{kind}.txt")]
    failure = "The Python packages could not be installed: is this computer online?"
    run_quietly([*pip(venv), "install", *options], failure)


def install_checkout(venv: Path) -> None:
    """Make the checkout itself importable, so that edits take effect at once."""
    options = ["--no-deps", "--no-build-isolation", "--editable", str(ROOT)]
    run_quietly([*pip(venv), "install", *options], "nnsim could not be installed: see above.")


def prepare(kind: str) -> Path:
    """Return the Python of the checkout's environment, made ready if it is not."""
    venv = ROOT / ".venv"
    if not is_ready(venv, kind):
        say("Setting up Python packages (about 350 MB on disk, only this once) …")
        try:
            set_up(venv, kind)
        except OSError as error:
            raise StopError(f"The environment could not be written: {error}.") from error
    return program(venv, "python")


def set_up(venv: Path, kind: str) -> None:
    """Install everything; the stamp that says so comes last, so half a set-up is redone."""
    if not is_usable(venv):
        make(venv)
    write_stamp(venv, UNFINISHED)
    install_lock(venv, kind)
    install_checkout(venv)
    python = program(venv, "python")
    check_qt(str(python))
    version = python_version(python)
    if version is None:
        raise StopError(f"The new Python at {python} does not run.")
    write_stamp(venv, expected_stamp(kind, version))
