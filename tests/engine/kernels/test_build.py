"""Compiling the kernels: what is made, when it is made anew, and what a missing compiler does."""

import json
import os
import shutil
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor

import pytest

from nnsim.engine.kernels import build

LIBRARY = """
#pragma GCC visibility push(default)
#include "kernel.h"
int nnsim_kernel_version(void) { return ANSWER + VECTOR_BYTES; }
"""
COMPILER = build.find_compiler()
LEVELS = ["x86-64-v4", "x86-64-v3", "baseline"]

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="the launcher brings gcc on Linux")


@pytest.fixture
def folder(tmp_path, monkeypatch):
    """A folder with a small library's source in the place of the kernels."""
    sources = tmp_path / "kernels"
    sources.mkdir()
    (sources / "small.c").write_text(LIBRARY, "utf-8")
    (sources / "kernel.h").write_text("#define ANSWER 42\n", "utf-8")
    monkeypatch.setattr(build, "FOLDER", sources)
    return sources


@pytest.fixture
def built(folder, tmp_path):
    return tmp_path / "built"


def files(folder):
    return sorted(path.name for path in folder.iterdir())


def answer(library):
    code = f"import ctypes; print(ctypes.CDLL({str(library)!r}).nnsim_kernel_version())"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    return int(done.stdout)


def test_every_variant_is_compiled_with_its_vectors(folder, built):
    made = build.build(built)

    assert made.why_not == ""
    assert files(built) == sorted([*made.libraries.values(), "made.json"])
    assert answer(built / made.libraries["baseline"]) == 42 + 16
    if "x86-64-v3" in made.libraries:
        assert list(made.libraries) == LEVELS


@pytest.mark.parametrize(
    ("target", "names"),
    [
        (build.Target("linux", "x86_64"), [f"libnnsim-{name}.so" for name in LEVELS]),
        (build.Target("win32", "amd64"), [f"libnnsim-{name}.dll" for name in LEVELS]),
        (build.Target("linux", "aarch64"), ["libnnsim-baseline.so"]),
        (build.Target("darwin", "arm64"), ["libnnsim-baseline.dylib"]),
    ],
)
def test_a_target_has_its_libraries(target, names):
    assert [build._file_name(variant, target) for variant in build.variants(target)] == names


def test_what_is_current_is_not_compiled_again(folder, built, monkeypatch):
    made = build.build(built)
    monkeypatch.setattr(build, "find_compiler", lambda: pytest.fail("a compiler is looked for"))

    assert build.build(built) == made


@pytest.mark.parametrize("name", ["small.c", "kernel.h"])
def test_a_changed_source_is_compiled_again(folder, built, name):
    build.build(built)
    changed = (folder / name).read_text("utf-8").replace("ANSWER 42", "ANSWER 7") + "/* new */\n"
    (folder / name).write_text(changed, "utf-8")

    assert not build.is_current(built)
    made = build.build(built)

    assert build.is_current(built)
    assert answer(built / made.libraries["baseline"]) == (7 if name == "kernel.h" else 42) + 16


def test_changed_flags_and_another_cc_are_compiled_again(folder, built, monkeypatch):
    build.build(built)
    with monkeypatch.context() as changed:
        changed.setenv("CC", "gcc -g")
        assert not build.is_current(built)
    assert build.is_current(built)
    monkeypatch.setattr(build, "FLAGS", (*build.FLAGS, "-g"))
    assert not build.is_current(built)


def test_a_library_that_is_gone_is_compiled_again(folder, built):
    made = build.build(built)
    (built / made.libraries["baseline"]).unlink()

    build.build(built)

    assert answer(built / made.libraries["baseline"]) == 58


def test_without_a_compiler_the_reason_is_left_behind(folder, built, monkeypatch):
    monkeypatch.setattr(build, "find_compiler", lambda: None)

    made = build.build(built)

    assert (made.libraries, made.why_not) == ({}, "no C compiler was found")
    assert json.loads((built / "made.json").read_text("utf-8"))["why_not"] == made.why_not


def test_a_compiler_that_comes_later_is_used(folder, built, monkeypatch):
    with monkeypatch.context() as without:
        without.setattr(build, "find_compiler", lambda: None)
        build.build(built)

    assert build.build(built).libraries["baseline"]


def test_a_source_that_does_not_compile_is_reported_with_the_compilers_words(folder, built):
    (folder / "small.c").write_text("int broken(void) { return nonsense; }\n", "utf-8")

    made = build.build(built)

    assert (made.libraries, made.why_not) == ({}, "the C compiler could not compile them")
    assert "nonsense" in made.words
    assert files(built) == ["made.json"]


def test_one_variant_that_fails_leaves_the_other(folder, built):
    only_wide = "#if VECTOR_BYTES > 16\n#error too wide\n#endif\n"
    (folder / "small.c").write_text(only_wide + LIBRARY, "utf-8")

    made = build.compile_for(build.Target("linux", "x86_64"), COMPILER, built)

    assert made.libraries == {"baseline": "libnnsim-baseline.so"}
    assert "too wide" in made.words


def test_two_that_build_at_once_both_find_whole_libraries(folder, built):
    with ThreadPoolExecutor(4) as pool:
        done = list(pool.map(build.build, [built] * 4))

    assert all(made == done[0] for made in done)
    assert files(built) == sorted([*done[0].libraries.values(), "made.json"])
    assert answer(built / done[0].libraries["baseline"]) == 58


@pytest.mark.parametrize("record", ["", "[]", '{"stamp": 1}', "{"])
def test_a_spoiled_record_is_made_anew(folder, built, record):
    built.mkdir()
    (built / "made.json").write_text(record, "utf-8")

    assert build.build(built).libraries["baseline"]


def test_a_compiler_that_does_not_work_is_passed_over(tmp_path, monkeypatch):
    broken = tmp_path / "cc"
    broken.write_text("#!/bin/sh\nexit 1\n", "utf-8")
    broken.chmod(0o755)
    shutil.copy(broken, tmp_path / "gcc")
    (tmp_path / "clang").symlink_to(shutil.which(COMPILER[0]))
    monkeypatch.setenv("CC", str(tmp_path / "none"))
    monkeypatch.setenv("PATH", os.pathsep.join([str(tmp_path), "/usr/bin", "/bin"]))

    assert build.find_compiler() == ["clang"]


@pytest.mark.parametrize("words", ["cc 'oops", "{}/garbage", "{}/garbage -O2", "'"])
def test_a_cc_that_cannot_be_run_is_passed_over(folder, built, tmp_path, monkeypatch, words):
    garbage = tmp_path / "garbage"
    garbage.write_bytes(b"\x00\x01 no program")
    garbage.chmod(0o755)
    monkeypatch.setenv("CC", words.format(tmp_path))

    assert build.find_compiler() == ["cc"]
    assert build.build(built).libraries["baseline"]


def test_the_users_own_compiler_comes_first(monkeypatch):
    monkeypatch.setenv("CC", f"{COMPILER[0]} -pipe")

    assert build.find_compiler() == [COMPILER[0], "-pipe"]


@pytest.mark.parametrize("variant", build.variants(build.this_machine()))
def test_the_kernels_compile_without_a_warning(variant):
    programs = [str(path) for path in build.sources() if path.suffix == ".c"]
    flags = build.variants(build.this_machine())[variant]
    strict = ["-std=c11", *flags, "-fsyntax-only", "-Wall", "-Wextra", "-Werror"]

    done = subprocess.run([*COMPILER, *strict, *programs], capture_output=True, text=True)

    assert done.stderr == ""
