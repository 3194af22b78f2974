"""Knows what a Linux machine must have beside Python packages, and installs it with apt."""

from __future__ import annotations

import ctypes
import importlib.util
import os
import platform
import shutil
import subprocess
import sys
from collections.abc import Iterable, Mapping

from quiet import StopError, clean_environment, run_quietly, say

GLIBC = (2, 34)  # what PySide6's wheels are built for

# Library → Debian package. The first are needed even without a screen.
QT_LIBRARIES = {
    "libGL.so.1": "libgl1",
    "libEGL.so.1": "libegl1",
    "libxkbcommon.so.0": "libxkbcommon0",
    "libdbus-1.so.3": "libdbus-1-3",
    "libfontconfig.so.1": "libfontconfig1",
    "libglib-2.0.so.0": "libglib2.0-0",
}
WINDOW_LIBRARIES = {
    "libX11-xcb.so.1": "libx11-xcb1",
    "libxcb-cursor.so.0": "libxcb-cursor0",
    "libxcb-icccm.so.4": "libxcb-icccm4",
    "libxcb-image.so.0": "libxcb-image0",
    "libxcb-keysyms.so.1": "libxcb-keysyms1",
    "libxcb-randr.so.0": "libxcb-randr0",
    "libxcb-render-util.so.0": "libxcb-render-util0",
    "libxcb-shape.so.0": "libxcb-shape0",
    "libxcb-sync.so.1": "libxcb-sync1",
    "libxcb-xfixes.so.0": "libxcb-xfixes0",
    "libxcb-xkb.so.1": "libxcb-xkb1",
    "libxkbcommon-x11.so.0": "libxkbcommon-x11-0",
}
# Program → Debian package: for all tests, and for those in a real window.
TEST_PROGRAMS = {
    "valgrind": "valgrind",
    "pdftotext": "poppler-utils",
    "pdflatex": "texlive-latex-base",
}
X11_PROGRAMS = {"xvfb-run": "xvfb", "Xvfb": "xvfb", "xauth": "xauth", "xdotool": "xdotool"}


def make_ready(window: bool, programs: Mapping[str, str]) -> None:
    """Install what this machine lacks, or stop with one sentence that names it."""
    if sys.platform != "linux":
        return
    check_glibc(*platform.libc_ver())
    missing = missing_python_parts()
    missing |= missing_libraries(QT_LIBRARIES | (WINDOW_LIBRARIES if window else {}))
    missing |= missing_programs(programs)
    if missing:
        install(missing)


def check_glibc(name: str, version: str) -> None:
    """Stop where PySide6 has no wheels: another C library, or one that is too old."""
    numbers = tuple(int(part) for part in version.split(".")[:2] if part.isdigit())
    if name != "glibc" or numbers < GLIBC:
        found = f"{name} {version}" if name else "another C library"
        raise StopError(
            "Qt needs a Linux with glibc 2.34 or newer, such as Debian 12 or Ubuntu 22.04; "
            f"this one has {found}."
        )


def missing_python_parts() -> dict[str, str]:
    """Return Debian's venv package for this Python, if it cannot make environments."""
    if importlib.util.find_spec("ensurepip"):
        return {}
    version = f"{sys.version_info.major}.{sys.version_info.minor}"
    return {f"venv for Python {version}": f"python{version}-venv"}


def missing_libraries(wanted: Mapping[str, str]) -> dict[str, str]:
    """Return the wanted libraries that cannot be loaded, with their packages."""
    return {name: package for name, package in wanted.items() if not loads(name)}


def loads(library: str) -> bool:
    """Tell whether the system finds and loads a shared library."""
    try:
        ctypes.CDLL(library)
    except OSError:
        return False
    return True


def missing_programs(wanted: Mapping[str, str]) -> dict[str, str]:
    """Return the wanted programs that are not on the PATH, with their packages."""
    return {name: package for name, package in wanted.items() if not shutil.which(name)}


def install(missing: Mapping[str, str]) -> None:
    """Install the missing things' packages with apt, or stop and name them."""
    packages = sorted(set(missing.values()))
    if not shutil.which("apt-get"):
        raise StopError(sentence_without_apt(missing))
    rights = rights_to_install()
    if rights is None:
        raise StopError(
            f"Some system packages are missing: run “sudo apt install {' '.join(packages)}” "
            "and try again."
        )
    say(f"Installing system packages: {' '.join(packages)} …")
    if rights == ["sudo"]:
        say("(sudo asks for your password)")
        subprocess.run(["sudo", "-v"], check=False)
    apt = [*rights, "env", "DEBIAN_FRONTEND=noninteractive", "apt-get"]
    options = ["-y", "--no-install-recommends", "-o", "DPkg::Lock::Timeout=120"]
    failure = f"apt could not install {' '.join(packages)}: see its words above."
    subprocess.run([*apt, "update"], capture_output=True, check=False)  # install tells failures
    run_quietly([*apt, "install", *options, *packages], failure)


def sentence_without_apt(missing: Iterable[str]) -> str:
    """Return what to do on a system whose package names nobody here knows."""
    return (
        f"This machine lacks {', '.join(sorted(missing))}: install them with your system's "
        "package manager (dnf, pacman, zypper, …) and try again."
    )


def rights_to_install() -> list[str] | None:
    """Return what to put before apt: nothing for root, else sudo if it can work here."""
    if os.geteuid() == 0:
        return []
    if not shutil.which("sudo"):
        return None
    silent = subprocess.run(["sudo", "-n", "true"], capture_output=True, check=False)
    if silent.returncode == 0:
        return ["sudo", "-n"]
    return ["sudo"] if sys.stdin and sys.stdin.isatty() else None


def wants_window(environment: Mapping[str, str]) -> bool:
    """Tell whether Qt will open windows on an X server, as it does unless told otherwise."""
    return environment.get("QT_QPA_PLATFORM", "xcb").startswith("xcb")


def check_qt(python: str) -> None:
    """Stop if Qt does not load in the finished environment."""
    done = subprocess.run(
        [python, "-c", "import PySide6.QtWidgets"],
        env=clean_environment(os.environ),
        capture_output=True,
        encoding="utf-8",
        errors="replace",
        check=False,
    )
    if done.returncode != 0:
        last = (done.stderr.strip().splitlines() or ["no reason given"])[-1]
        raise StopError(f"Qt is installed but does not load ({last}).")
