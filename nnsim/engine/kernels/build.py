"""Compiles the C kernels of this folder into shared libraries, with the compiler found here.

The package's build and the launcher in packaging/ run this before nnsim can be imported, so it
knows the standard library only. What was made, and if nothing, why, it leaves in built/made.json,
which library.py reads.
"""

from __future__ import annotations

import hashlib
import json
import os
import platform
import shlex
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

FOLDER = Path(__file__).resolve().parent
BUILT = FOLDER / "built"
RECORD = "made.json"

# The one list of how kernels are compiled. Nothing here may change the order of a sum or take
# numbers that are not finite for granted: neither -ffast-math nor a part of it that does.
FLAGS = (
    "-std=c11",
    "-O3",
    "-ffp-contract=fast",  # a·b + c in one rounding, where the processor can
    "-fno-math-errno",
    "-fvisibility=hidden",
    "-fPIC",
    "-shared",
)
V4 = "x86-64-v4"
V3 = "x86-64-v3"
BASELINE = "baseline"
VECTORS = {V4: "-DVECTOR_BYTES=64", V3: "-DVECTOR_BYTES=32", BASELINE: "-DVECTOR_BYTES=16"}
LIBRARIES = ("-lm",)

SUFFIXES = {"win32": ".dll", "darwin": ".dylib"}
PROBE = "#include <math.h>\n#include <stdlib.h>\n"
NO_COMPILER = "no C compiler was found"
FAILED = "the C compiler could not compile them"


class Target(NamedTuple):
    """What the libraries are for: a system, as in sys.platform, and a processor."""

    system: str
    processor: str
    level: str = "x86-64-v{}"
    """How the compiler spells the levels of x86-64; zig's spelling is its own."""


class Made(NamedTuple):
    """What a build left behind."""

    stamp: str
    """What it was made from."""
    libraries: dict[str, str]
    """File names by variant, the fastest first."""
    why_not: str
    """Why there is no library; nothing when there is one."""
    words: str = ""
    """What the compiler said where it failed; not kept."""


def this_machine() -> Target:
    """Return the target that runs this Python."""
    return Target(sys.platform, platform.machine().lower())


def variants(target: Target) -> dict[str, list[str]]:
    """Return the flags of each library for a target, the fastest library first."""
    baseline = {BASELINE: [VECTORS[BASELINE]]}
    if target.processor not in {"x86_64", "amd64"}:
        return baseline
    return {
        V4: [f"-march={target.level.format(4)}", VECTORS[V4]],
        V3: [f"-march={target.level.format(3)}", VECTORS[V3]],
        **baseline,
    }


def sources() -> list[Path]:
    """Return every file that the libraries are made from."""
    return sorted([*FOLDER.glob("*.c"), *FOLDER.glob("*.h")])


def find_compiler() -> list[str] | None:
    """Return how to call the first C compiler that works here: $CC, cc, gcc or clang."""
    for command in (_named_compiler(), ["cc"], ["gcc"], ["clang"]):
        if command and shutil.which(command[0]) and _works(command):
            return command
    return None


def _named_compiler() -> list[str]:
    """What $CC says; nothing where its quotes do not match."""
    try:
        return shlex.split(os.environ.get("CC", ""))
    except ValueError:
        return []


def _works(compiler: Sequence[str]) -> bool:
    """Whether it runs and has the headers of the C library, which Debian packs apart."""
    command = [*compiler, "-fsyntax-only", "-x", "c", "-"]
    try:
        done = subprocess.run(command, input=PROBE.encode(), capture_output=True)
    except OSError:  # a file that is marked as a program and is none
        return False
    return done.returncode == 0


def stamp_of(target: Target) -> str:
    """Return what libraries made now would be made from, as one short line."""
    made_from = hashlib.sha256()
    for path in sources():
        made_from.update(path.name.encode() + b"\0" + path.read_bytes() + b"\0")
    settings = (FLAGS, variants(target), LIBRARIES, target, platform.libc_ver())
    made_from.update(repr((settings, os.environ.get("CC", ""))).encode())
    return made_from.hexdigest()


def read_record(folder: Path) -> Made | None:
    """Return what was made in a folder, or None where nothing, or nothing readable, is."""
    try:
        record = json.loads((folder / RECORD).read_text("utf-8"))
        return Made(record["stamp"], dict(record["libraries"]), record["why_not"])
    except (OSError, ValueError, KeyError, TypeError):
        return None


def is_current(folder: Path = BUILT) -> bool:
    """Tell whether the folder has the libraries of these sources and flags for this machine."""
    made = read_record(folder)
    if made is None or made.why_not or made.stamp != stamp_of(this_machine()):
        return False
    return all((folder / name).is_file() for name in made.libraries.values())


def build(folder: Path = BUILT) -> Made:
    """Compile the libraries for this machine unless the folder has them; return what is there.

    Never raises for a machine that cannot compile: `why_not` says so. Several processes may do
    this at once: each file appears whole or not at all.
    """
    target = this_machine()
    if is_current(folder) and (made := read_record(folder)):
        return made
    compiler = find_compiler()
    if compiler is None:
        made = Made(stamp_of(target), {}, NO_COMPILER)
    else:
        made = compile_for(target, compiler, folder)
    write_record(made, folder)
    return made


def compile_for(target: Target, compiler: Sequence[str], folder: Path) -> Made:
    """Compile every variant for a target side by side; one that fails is left out."""
    folder.mkdir(parents=True, exist_ok=True)
    stamp = stamp_of(target)
    with tempfile.TemporaryDirectory(prefix=".making-", dir=folder) as name:
        made_in = Path(name)
        started = {
            variant: _start(compiler, flags, made_in / _file_name(variant, target))
            for variant, flags in variants(target).items()
        }
        words = {variant: process.communicate()[0] for variant, process in started.items()}
        done = [variant for variant, process in started.items() if process.returncode == 0]
        libraries = {variant: _file_name(variant, target) for variant in done}
        for library in libraries.values():
            os.replace(made_in / library, folder / library)
    said = "".join(words[variant] for variant in started if variant not in done)
    return Made(stamp, libraries, "" if done else FAILED, said)


def _file_name(variant: str, target: Target) -> str:
    return f"libnnsim-{variant}{SUFFIXES.get(target.system, '.so')}"


def _start(compiler: Sequence[str], flags: Sequence[str], library: Path) -> subprocess.Popen[str]:
    programs = [str(path) for path in sources() if path.suffix == ".c"]
    return subprocess.Popen(
        [*compiler, *FLAGS, *flags, "-o", str(library), *programs, *LIBRARIES],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        encoding="utf-8",
        errors="replace",
    )


def write_record(made: Made, folder: Path) -> None:
    """Note in the folder what was made."""
    folder.mkdir(parents=True, exist_ok=True)
    record = {"stamp": made.stamp, "libraries": made.libraries, "why_not": made.why_not}
    handle, name = tempfile.mkstemp(dir=folder)
    with os.fdopen(handle, "w", encoding="utf-8") as file:
        json.dump(record, file, indent=1)
    os.chmod(name, 0o644)  # mkstemp's files are for one user alone
    os.replace(name, folder / RECORD)


if __name__ == "__main__":
    made_now = build()
    sys.exit(made_now.words or made_now.why_not or None)
