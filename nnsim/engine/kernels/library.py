"""Finds the compiled kernels, chooses the library that fits the processor, and loads it.

The environment variable NNSIM_ENGINE decides: `auto` (as without it: C kernels where they are,
else numpy), `c` (C kernels or an error), `x86-64-v3` (no wider vectors than AVX2's), `baseline`
(those that run on every processor) or `numpy`.
"""

import ctypes
import json
import os
from contextlib import suppress
from functools import cache
from pathlib import Path
from typing import NamedTuple

from nnsim.errors import BadSetting

VARIABLE = "NNSIM_ENGINE"
CHOICES = ("auto", "c", "x86-64-v3", "baseline", "numpy")
INTERFACE = 4
"""The number in kernel.h (NNSIM_KERNEL_VERSION) that this Python was written for."""

BUILT = Path(__file__).resolve().parent / "built"
# As in build.py, which is not imported: it brings much that a start must not wait for.
_RECORD = "made.json"
_LEVELS = {"x86-64-v4": 4, "x86-64-v3": 3, "baseline": 0}
_BASELINE = "baseline"


class Chosen(NamedTuple):
    """The engine that runs: a loaded library and its variant, or none and the reason."""

    library: ctypes.CDLL | None
    words: str


def loaded() -> ctypes.CDLL | None:
    """Return the C kernels, loaded at the first call; None where numpy is to calculate.

    Raises BadSetting when NNSIM_ENGINE asks for what is not there.
    """
    return _chosen().library


def engine_name() -> str:
    """Return which engine runs, such as “C kernels (x86-64-v3)” or “numpy (why)”."""
    library, words = _chosen()
    return f"numpy ({words})" if library is None else f"C kernels ({words})"


@cache
def _chosen() -> Chosen:
    return choose(os.environ.get(VARIABLE, "") or "auto", BUILT)


def choose(wanted: str, folder: Path) -> Chosen:
    """Load what is wanted (one of CHOICES) from a folder of compiled kernels.

    Raises BadSetting for another word, and for C kernels that are wanted and cannot be had.
    """
    if wanted not in CHOICES:
        raise BadSetting(f"{VARIABLE} is “{wanted[:40]}”; it can be {', '.join(CHOICES)}.")
    if wanted == "numpy":
        return Chosen(None, f"asked for by {VARIABLE}")
    try:
        return _best(folder, most=_LEVELS.get(wanted, max(_LEVELS.values())))
    except _Missing as why:
        if wanted != "auto":
            raise BadSetting(
                f"{VARIABLE} asks for “{wanted}”, and the C kernels cannot be used: {why}."
            ) from None
        return Chosen(None, f"no compiled kernels: {why}")


class _Missing(Exception):
    """Why there are no kernels to use, as the end of a sentence."""


def _best(folder: Path, most: int) -> Chosen:
    """Load the baseline, which runs everywhere; it knows whether the processor can do more.

    A faster library that cannot be loaded is passed over.
    """
    files = _files(folder)
    library = _load(folder / files[_BASELINE])
    most = min(most, library.nnsim_cpu_level())
    for name, level in _LEVELS.items():
        if name != _BASELINE and name in files and level <= most:
            with suppress(_Missing):
                return Chosen(_load(folder / files[name]), name)
    return Chosen(library, _BASELINE)


def _files(folder: Path) -> dict[str, str]:
    """Return the file names that build.py noted, by variant, the baseline among them."""
    try:
        record = json.loads((folder / _RECORD).read_text("utf-8"))
        files = {str(variant): str(name) for variant, name in record["libraries"].items()}
        why_not = str(record["why_not"])
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        raise _Missing("they were never compiled here") from None
    if _BASELINE not in files:
        raise _Missing(f"{why_not or 'not all were compiled'} at install")
    return files


def _load(path: Path) -> ctypes.CDLL:
    try:
        library = ctypes.CDLL(str(path))
        version: int = library.nnsim_kernel_version()
    except (OSError, AttributeError):
        raise _Missing(f"{path.name} is missing or not for this machine") from None
    if version != INTERFACE:
        raise _Missing(f"{path.name} has interface {version}, and this nnsim needs {INTERFACE}")
    return library
