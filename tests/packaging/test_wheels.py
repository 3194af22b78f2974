"""Wheels for other machines hold libraries for those machines, and what they hold is looked at."""

import struct
import zipfile

import pytest
import wheels
from kernels import build
from quiet import StopError

ELF_X64 = b"\x7fELF\x02\x01\x01" + bytes(9) + struct.pack("<HH", 3, 0x3E)
ELF_ARM64 = b"\x7fELF\x02\x01\x01" + bytes(9) + struct.pack("<HH", 3, 0xB7)
ELF_RISC_V = b"\x7fELF\x02\x01\x01" + bytes(9) + struct.pack("<HH", 3, 0xF3)
PE_X64 = b"MZ" + bytes(58) + struct.pack("<I", 64) + b"PE\0\0" + struct.pack("<H", 0x8664)
MACH_O_ARM64 = struct.pack("<II", 0xFEEDFACF, 0x0100000C)
MACH_O_X64 = struct.pack("<II", 0xFEEDFACF, 0x01000007)

LINUX_X64 = wheels.PLATFORMS[0]


@pytest.mark.parametrize(
    ("header", "kind"),
    [
        (ELF_X64, "ELF x86-64"),
        (ELF_ARM64, "ELF arm64"),
        (ELF_RISC_V, "ELF processor 0xf3"),
        (PE_X64, "PE x86-64"),
        (b"MZ" + bytes(80), "unknown"),
        (MACH_O_ARM64, "Mach-O arm64"),
        (MACH_O_X64, "Mach-O x86-64"),
        (b"#!/bin/sh\n", "unknown"),
        (b"", "unknown"),
    ],
)
def test_a_library_is_known_by_its_header(header, kind):
    assert wheels.kind_of(header + bytes(100)) == kind


def test_what_is_compiled_here_is_of_this_machines_kind(tmp_path):
    kinds = {platform.target[:2]: platform.kind for platform in wheels.PLATFORMS}
    kind = kinds.get(build.this_machine()[:2])
    if kind is None:
        pytest.skip("no wheel is made for this machine")
    made = build.read_record(build.BUILT)

    assert {
        wheels.kind_of((build.BUILT / name).read_bytes()) for name in made.libraries.values()
    } == {kind}


def packed(folder, *libraries):
    wheel = folder / "nnsim-1-py3-none-any.whl"
    with zipfile.ZipFile(wheel, "w") as file:
        file.writestr("nnsim/__init__.py", "")
        for number, library in enumerate(libraries):
            file.writestr(f"nnsim/engine/kernels/built/lib{number}.so", library)
    return wheel


def test_a_wheel_with_its_three_libraries_passes(tmp_path):
    wheels.check_kinds(packed(tmp_path, ELF_X64, ELF_X64, ELF_X64), LINUX_X64)


@pytest.mark.parametrize(
    "libraries", [[], [ELF_X64] * 2, [ELF_X64] * 2 + [ELF_ARM64], [PE_X64] * 3]
)
def test_a_wheel_with_too_few_or_foreign_libraries_stops(tmp_path, libraries):
    with pytest.raises(StopError, match="should hold ELF x86-64"):
        wheels.check_kinds(packed(tmp_path, *libraries), LINUX_X64)


def test_every_platform_has_its_own_tag_and_zig_target():
    assert len({platform.tag for platform in wheels.PLATFORMS}) == 5
    assert len({platform.zig for platform in wheels.PLATFORMS}) == 5


@pytest.mark.parametrize("platform", wheels.PLATFORMS)
def test_the_oldest_system_of_the_tag_is_the_one_that_is_compiled_for(platform):
    oldest = platform.zig.rpartition("gnu.")[2] if "linux" in platform.zig else "13.0"

    assert platform.tag.startswith("win") or oldest.replace(".", "_") in platform.tag
    assert platform.tag.startswith("win") or oldest in platform.zig
