"""Which engine runs: the library that fits the processor, or numpy and the reason."""

import os
import re
import subprocess
import sys

import pytest

from nnsim.engine.kernels import build, library
from nnsim.errors import BadSetting

DOOR = """
#pragma GCC visibility push(default)
#include "kernel.h"
int nnsim_kernel_version(void) { return NNSIM_KERNEL_VERSION; }
int nnsim_cpu_level(void) { return LEVEL; }
int nnsim_vector_bytes(void) { return VECTOR_BYTES; }
"""


@pytest.fixture
def compiled(tmp_path, monkeypatch):
    """Return a function that compiles a door with nothing behind it; it returns its folder."""
    monkeypatch.setattr(build, "FOLDER", tmp_path)

    def compile_door(version=library.INTERFACE, level=3, door=DOOR, processor="x86_64"):
        (tmp_path / "door.c").write_text(f"#define LEVEL {level}\n{door}", "utf-8")
        (tmp_path / "kernel.h").write_text(f"#define NNSIM_KERNEL_VERSION {version}\n", "utf-8")
        target = build.Target(sys.platform, processor)
        built = tmp_path / f"built-{version}-{level}"
        made = build.compile_for(target, build.find_compiler(), built)
        build.write_record(made, built)
        return built

    return compile_door


def answer(words):
    """Return what a fresh Python says, started with NNSIM_ENGINE as given."""
    code = "from nnsim.engine.kernels import library; print(library.engine_name())"
    environment = {**os.environ, **words}
    return subprocess.run(
        [sys.executable, "-c", code], env=environment, capture_output=True, text=True, check=False
    )


def test_the_checkout_runs_on_its_c_kernels():
    assert answer({"NNSIM_ENGINE": "c"}).stdout.startswith("C kernels (")
    assert answer({"NNSIM_ENGINE": "baseline"}).stdout == "C kernels (baseline)\n"


def test_numpy_runs_where_it_is_asked_for():
    assert answer({"NNSIM_ENGINE": "numpy"}).stdout == "numpy (asked for by NNSIM_ENGINE)\n"


def test_an_empty_wish_is_none():
    assert answer({"NNSIM_ENGINE": ""}).stdout == answer({"NNSIM_ENGINE": "auto"}).stdout


@pytest.mark.parametrize(
    ("level", "words", "vector_bytes"),
    [(4, "x86-64-v4", 64), (3, "x86-64-v3", 32), (1, "baseline", 16), (0, "baseline", 16)],
)
def test_a_processor_gets_the_widest_library_that_it_can_run(compiled, level, words, vector_bytes):
    chosen = library.choose("auto", compiled(level=level))

    assert chosen.words == words
    assert chosen.library.nnsim_vector_bytes() == vector_bytes


@pytest.mark.parametrize("wanted", ["baseline", "x86-64-v3"])
def test_narrower_vectors_can_be_asked_for(compiled, wanted):
    assert library.choose(wanted, compiled(level=4)).words == wanted


def test_what_the_processor_cannot_run_is_not_loaded_when_asked_for(compiled):
    assert library.choose("x86-64-v3", compiled(level=1)).words == "baseline"


def test_another_processor_has_only_the_baseline(compiled):
    assert library.choose("auto", compiled(processor="riscv64")).words == "baseline"


def without_record(folder):
    folder.mkdir()


def without_compiler(folder):
    build.write_record(build.Made("", {}, build.NO_COMPILER), folder)


def with_another_file(folder):
    build.write_record(build.Made("", {"baseline": "libnnsim-baseline.so"}, ""), folder)
    (folder / "libnnsim-baseline.so").write_bytes(b"MZ of another system")


BROKEN = [
    (without_record, "they were never compiled here"),
    (without_compiler, "no C compiler was found at install"),
    (with_another_file, "libnnsim-baseline.so is missing or not for this machine"),
]


@pytest.mark.parametrize(("spoil", "reason"), BROKEN)
def test_without_kernels_numpy_runs_and_says_why(tmp_path, spoil, reason):
    spoil(tmp_path / "built")

    chosen = library.choose("auto", tmp_path / "built")

    assert chosen == (None, f"no compiled kernels: {reason}")


@pytest.mark.parametrize(("spoil", "reason"), BROKEN)
@pytest.mark.parametrize("wanted", ["c", "baseline"])
def test_kernels_that_are_asked_for_and_not_there_are_an_error(tmp_path, spoil, reason, wanted):
    spoil(tmp_path / "built")

    with pytest.raises(BadSetting, match=f"NNSIM_ENGINE asks for “{wanted}”.*{reason}\\.$"):
        library.choose(wanted, tmp_path / "built")


@pytest.mark.parametrize(
    "record",
    [
        "{}",
        "[]",
        "null",
        "3",
        '{"libraries": null, "why_not": ""}',
        '{"libraries": ["baseline"], "why_not": ""}',
        '{"libraries": {"baseline": "x.so"}}',
    ],
)
def test_a_record_that_is_none_is_as_good_as_missing(tmp_path, record):
    (tmp_path / "made.json").write_text(record, "utf-8")

    chosen = library.choose("auto", tmp_path)

    assert chosen == (None, "no compiled kernels: they were never compiled here")


@pytest.mark.parametrize(
    ("missing", "words"),
    [(["v4"], "x86-64-v3"), (["v3"], "x86-64-v4"), (["v3", "v4"], "baseline")],
)
def test_a_faster_library_that_is_gone_is_passed_over(compiled, missing, words):
    built = compiled(level=4)
    for level in missing:
        (built / f"libnnsim-x86-64-{level}.so").unlink()

    assert library.choose("auto", built).words == words
    assert library.choose("c", built).words == words


def test_a_library_of_another_interface_is_not_used(compiled):
    chosen = library.choose("auto", compiled(version=99))

    assert chosen.library is None
    assert "interface 99, and this nnsim needs" in chosen.words


def test_a_library_that_is_something_else_is_not_used(compiled):
    chosen = library.choose("auto", compiled(door="int something(void) { return LEVEL; }"))

    assert chosen.library is None


def test_another_word_is_refused_with_the_words_that_can_be():
    with pytest.raises(BadSetting, match="“fast”; it can be auto, c, x86-64-v3, baseline, numpy"):
        library.choose("fast", library.BUILT)


def test_a_wrong_wish_is_a_sentence_on_the_command_line():
    done = subprocess.run(
        [sys.executable, "-m", "nnsim", "--version"],
        env={**os.environ, "NNSIM_ENGINE": "fast"},
        capture_output=True,
        encoding="utf-8",
        check=False,
    )

    assert done.returncode == 2
    assert (
        done.stderr
        == "nnsim: NNSIM_ENGINE is “fast”; it can be auto, c, x86-64-v3, baseline, numpy.\n"
    )


def test_python_and_c_name_the_same_interface():
    (header,) = (path for path in build.sources() if path.name == "kernel.h")
    number = re.search(r"#define NNSIM_KERNEL_VERSION (\d+)", header.read_text("utf-8"))

    assert int(number[1]) == library.INTERFACE
