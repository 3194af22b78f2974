"""The launcher's two commands: what they refuse, and how a failure ends."""

import sys

import judges
import launch
import pytest
from quiet import StopError


def test_without_a_command_it_tells_its_usage(capsys):
    assert launch.main([]) == 2
    assert "Usage" in capsys.readouterr().err


def test_test_refuses_an_argument_it_does_not_know(capsys):
    assert launch.main(["test", "--quick"]) == 2
    assert "Usage" in capsys.readouterr().err


def test_an_old_python_is_told_in_one_sentence(capsys, monkeypatch):
    monkeypatch.setattr(launch.sys, "version_info", (3, 8, 18))

    assert launch.main(["start"]) == 1
    assert "this is 3.8" in capsys.readouterr().err


def test_a_stop_is_one_sentence_and_exit_code_1(capsys, monkeypatch):
    def stop(**parts):
        raise StopError("Something is missing.")

    monkeypatch.setattr(launch, "make_ready", stop)

    assert launch.main(["start"]) == 1
    assert capsys.readouterr().err == "Something is missing.\n"


def test_a_stage_that_fails_stops_and_is_named():
    with pytest.raises(StopError, match=r"Failed: some stage \(exit code 5\)"):
        judges.judge("some stage", [sys.executable, "-c", "raise SystemExit(5)"])


def test_the_compiler_comes_first_and_the_kernels_are_compiled_before_anything_starts(monkeypatch):
    done = []
    for name in ("bring_compiler", "prepare", "make_kernels"):
        monkeypatch.setattr(launch, name, lambda wish, name=name: done.append((name, wish)))

    launch.prepared("run", kernels_required=False)

    assert done == [("bring_compiler", False), ("prepare", "run"), ("make_kernels", False)]
