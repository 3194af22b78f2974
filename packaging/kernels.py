"""Has the checkout's C kernels compiled whenever they are not those of its sources."""

from __future__ import annotations

import importlib.util
import sys
from pathlib import Path
from types import ModuleType

from machine import install
from quiet import StopError, say

KERNELS = Path(__file__).resolve().parent.parent / "nnsim" / "engine" / "kernels"

COMPILER = {"a C compiler": "gcc", "the C library's headers": "libc6-dev"}


def load_build() -> ModuleType:
    """Return build.py by its path: importing nnsim would need numpy, which may not be there yet."""
    spec = importlib.util.spec_from_file_location("kernels_build", KERNELS / "build.py")
    if spec is None or spec.loader is None:
        raise StopError(f"{KERNELS} has no build.py.")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


build = load_build()


def bring_compiler(required: bool) -> None:
    """Install a C compiler where there is none; if not required, try once and go on without."""
    if build.is_current() or build.find_compiler():
        return
    tried = build.read_record(build.BUILT) is not None
    if sys.platform != "linux" or (tried and not required):
        return
    try:
        install(COMPILER)
    except StopError:
        if required:
            raise


def make_kernels(required: bool) -> None:
    """Compile what is not compiled; if it cannot be, say what follows, or stop if required."""
    if not build.is_current() and build.find_compiler():
        say("Compiling the C kernels …")
    made = build.build()
    if made.words:
        print(made.words, flush=True)
    if required and (made.why_not or made.words):
        raise StopError(f"The C kernels are not compiled: {made.why_not or build.FAILED}.")
    if made.why_not:
        say(f"nnsim calculates with numpy, much more slowly than with C: {made.why_not}.")
