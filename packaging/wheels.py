"""Makes wheels with compiled kernels for five systems on this one machine, and tries what it can.

After a first start: `.venv/bin/python packaging/wheels.py dist`. It compiles with zig, which it
installs into build/wheels (411 MB). The wheel for Linux x64 is installed and tested where this is
such a machine; of the others it is checked that they hold libraries of the right kind.
"""

from __future__ import annotations

import os
import sys
import tempfile
import time
import tomllib
import zipfile
from pathlib import Path
from typing import NamedTuple

from environment import ROOT, make, pip, program
from judges import try_wheel
from kernels import build
from quiet import StopError, run_quietly, say

TOOLS = ROOT / "build" / "wheels"
ZIG_LEVEL = "x86_64_v{}"
LIBRARY_ENDINGS = (".so", ".dll", ".dylib")


class Platform(NamedTuple):
    """One kind of machine that a wheel is for."""

    tag: str
    """As in the wheel's name."""
    zig: str
    """zig's name of the target, with the oldest C library or system."""
    target: build.Target
    kind: str
    """As `kind_of` names its libraries."""


PLATFORMS = (
    Platform(
        "manylinux_2_28_x86_64",
        "x86_64-linux-gnu.2.28",
        build.Target("linux", "x86_64", ZIG_LEVEL),
        "ELF x86-64",
    ),
    Platform(
        "manylinux_2_28_aarch64",
        "aarch64-linux-gnu.2.28",
        build.Target("linux", "aarch64"),
        "ELF arm64",
    ),
    Platform(
        "win_amd64",
        "x86_64-windows-gnu",
        build.Target("win32", "amd64", ZIG_LEVEL),
        "PE x86-64",
    ),
    Platform(
        "macosx_13_0_arm64",
        "aarch64-macos.13.0",
        build.Target("darwin", "arm64"),
        "Mach-O arm64",
    ),
    Platform(
        "macosx_13_0_x86_64",
        "x86_64-macos.13.0",
        build.Target("darwin", "x86_64", ZIG_LEVEL),
        "Mach-O x86-64",
    ),
)

PROCESSORS = {
    "ELF": {0x3E: "x86-64", 0xB7: "arm64"},
    "PE": {0x8664: "x86-64", 0xAA64: "arm64"},
    "Mach-O": {0x01000007: "x86-64", 0x0100000C: "arm64"},
}


def kind_of(library: bytes) -> str:
    """Return format and processor of a shared library, such as “ELF arm64”, from its header."""
    if library.startswith(b"\x7fELF\x02\x01"):
        form, number = "ELF", int.from_bytes(library[18:20], "little")
    elif library.startswith(b"\xcf\xfa\xed\xfe"):
        form, number = "Mach-O", int.from_bytes(library[4:8], "little")
    elif library.startswith(b"MZ"):
        header = int.from_bytes(library[60:64], "little")
        if library[header : header + 4] != b"PE\0\0":
            return "unknown"
        form, number = "PE", int.from_bytes(library[header + 4 : header + 6], "little")
    else:
        return "unknown"
    return f"{form} {PROCESSORS[form].get(number, f'processor {number:#x}')}"


def main(folder: Path) -> None:
    """Make every wheel into a folder, check each, and try the one for this machine."""
    install_tools()
    folder.mkdir(parents=True, exist_ok=True)
    for platform in PLATFORMS:
        begun = time.monotonic()
        wheel = make_wheel(platform, folder)
        check_kinds(wheel, platform)
        seconds = time.monotonic() - begun
        say(f"{wheel.name}: {wheel.stat().st_size:,} bytes, made in {seconds:.1f} s")
        if platform.target[:2] == build.this_machine()[:2]:
            with tempfile.TemporaryDirectory(prefix="nnsim wheel ") as name:
                try_wheel(wheel, Path(name))


def install_tools() -> None:
    """Install what pyproject.toml lists in its group “wheels”."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
    wanted = project["dependency-groups"]["wheels"]
    if not program(TOOLS, "python").exists():
        make(TOOLS)
    run_quietly([*pip(TOOLS), "install", *wanted], "zig could not be installed: see above.")


def make_wheel(platform: Platform, folder: Path) -> Path:
    """Compile the kernels for a platform, pack them into a wheel, and return its path."""
    with tempfile.TemporaryDirectory() as name:
        kernels = Path(name)
        made = build.compile_for(platform.target, zig(platform), kernels)
        if made.words or made.why_not:
            raise StopError(f"{made.words}\nThe kernels for {platform.tag} are not compiled.")
        build.write_record(made, kernels)
        options = ["--no-deps", "--no-build-isolation", "--wheel-dir", str(folder)]
        run_quietly(
            [*pip(TOOLS), "wheel", *options, str(ROOT)],
            f"The wheel for {platform.tag} could not be built.",
            NNSIM_WHEEL_KERNELS=str(kernels),
            NNSIM_WHEEL_PLATFORM=platform.tag,
        )
    (wheel,) = folder.glob(f"nnsim-*-py3-none-{platform.tag}.whl")
    return wheel


def zig(platform: Platform) -> list[str]:
    """Return how to call zig's C compiler for a platform."""
    return [str(program(TOOLS, "python")), "-m", "ziglang", "cc", "-target", platform.zig]


def check_kinds(wheel: Path, platform: Platform) -> None:
    """Stop unless the wheel has one library for each variant, all of the platform's kind."""
    with zipfile.ZipFile(wheel) as packed:
        names = [name for name in packed.namelist() if name.endswith(LIBRARY_ENDINGS)]
        kinds = [kind_of(packed.read(name)) for name in names]
    if kinds != [platform.kind] * len(build.variants(platform.target)):
        raise StopError(f"{wheel.name} holds {kinds}, and should hold {platform.kind}.")


if __name__ == "__main__":
    os.environ.setdefault("ZIG_GLOBAL_CACHE_DIR", str(ROOT / "build" / "zig"))
    try:
        main(Path(sys.argv[1] if len(sys.argv) > 1 else ROOT / "dist"))
    except StopError as stop:
        sys.exit(str(stop))
