"""A compiler is brought where that is possible; without one nnsim is set up all the same."""

import sys

import kernels
import machine
import pytest
from quiet import StopError

build = kernels.build
NOTHING = build.Made("stamp", {}, build.NO_COMPILER)
BROKEN = build.Made("stamp", {}, build.FAILED, "kernel.c:1: error: no")
GOOD = build.Made("stamp", {"baseline": "libnnsim-baseline.so"}, "")

only_linux = pytest.mark.skipif(sys.platform != "linux", reason="only Linux has apt")


@pytest.fixture
def bare(monkeypatch, tmp_path):
    """A machine without a compiler, and a checkout where nothing was compiled."""
    monkeypatch.setattr(build, "BUILT", tmp_path)
    monkeypatch.setattr(build, "is_current", lambda: False)
    monkeypatch.setattr(build, "find_compiler", lambda: None)
    return tmp_path


@pytest.fixture
def refused(monkeypatch) -> list[str]:
    """What is asked for, where nothing can be installed."""
    asked = []

    def install(missing):
        asked.extend(missing.values())
        raise StopError("Some system packages are missing.")

    monkeypatch.setattr(kernels, "install", install)
    return asked


@only_linux
def test_a_compiler_and_its_headers_are_asked_for(bare, refused):
    kernels.bring_compiler(required=False)

    assert refused == ["gcc", "libc6-dev"]


@only_linux
def test_after_a_first_start_without_a_compiler_nobody_is_asked_again(bare, refused):
    build.write_record(NOTHING, bare)

    kernels.bring_compiler(required=False)

    assert refused == []


@only_linux
def test_the_tests_stop_without_a_compiler(bare, refused):
    build.write_record(NOTHING, bare)

    with pytest.raises(StopError, match="system packages are missing"):
        kernels.bring_compiler(required=True)


def test_a_machine_with_a_compiler_installs_none(bare, refused, monkeypatch):
    monkeypatch.setattr(build, "find_compiler", lambda: ["cc"])

    kernels.bring_compiler(required=True)

    assert refused == []


@pytest.mark.parametrize(
    ("made", "words"),
    [
        (NOTHING, "nnsim calculates with numpy, much more slowly than with C: no C compiler was"),
        (BROKEN, "kernel.c:1: error: no\nnnsim calculates with numpy"),
    ],
)
def test_start_goes_on_without_kernels_and_says_so(bare, monkeypatch, capsys, made, words):
    monkeypatch.setattr(build, "build", lambda: made)

    kernels.make_kernels(required=False)

    assert words in capsys.readouterr().out


@pytest.mark.parametrize("made", [NOTHING, BROKEN, GOOD._replace(words="one variant failed")])
def test_the_tests_stop_when_a_kernel_does_not_compile(bare, monkeypatch, made):
    monkeypatch.setattr(build, "build", lambda: made)

    with pytest.raises(StopError, match="The C kernels are not compiled"):
        kernels.make_kernels(required=True)


def test_kernels_that_are_there_are_not_mentioned(monkeypatch, capsys):
    monkeypatch.setattr(build, "is_current", lambda: True)
    monkeypatch.setattr(build, "build", lambda: GOOD)

    kernels.make_kernels(required=True)

    assert capsys.readouterr().out == ""


@only_linux
def test_valgrind_belongs_to_the_tests_and_not_to_the_program():
    assert "valgrind" in machine.TEST_PROGRAMS
    assert "valgrind" not in kernels.COMPILER.values()
