"""nnsim as a program of its own: which word opens what, exit codes, pipes, Ctrl+C, encodings."""

import builtins
import os
import signal
import subprocess
import sys
import types
from pathlib import Path

import pytest

from nnsim import __main__ as program_module
from nnsim.errors import NnsimError


def test_a_person_goes_from_new_to_imported_weights(program, tmp_path):
    for words in (
        "new --layers 2-2-1 --seed 7 -o a.nnsim",
        "train a.nnsim --epochs 5 -o b.nnsim --log losses.csv",
        "trace b.nnsim --json",
        "check b.nnsim",
        "export b.nnsim -o w.csv",
        "import w.csv --into a.nnsim -o c.nnsim",
    ):
        done = program(*words.split())
        assert (done.code, done.err) == (0, ""), words

    assert {path.name for path in tmp_path.iterdir()} == {
        "a.nnsim",
        "b.nnsim",
        "c.nnsim",
        "losses.csv",
        "w.csv",
    }


def test_bad_input_is_one_line_on_stderr(program):
    done = program("train", "gone.nnsim")

    assert (done.code, done.out) == (2, "")
    assert done.sentence == "gone.nnsim: it cannot be read: there is no such file or folder."


def test_no_qt_is_imported_for_a_command(program, example):
    done = program("check", example("chapter"), env={"PYTHONVERBOSE": "1"})

    assert done.code == 0
    assert "PySide6" not in done.err


def test_an_ascii_terminal_gets_question_marks_not_a_traceback(program, example):
    done = program("trace", example("chapter"), env={"PYTHONIOENCODING": "ascii"})

    assert (done.code, done.err) == (0, "")
    assert "sum = 0.1 ? 0.3 + 0.8 ? 0.9 = 0.75" in done.out


def test_a_reader_that_goes_away_is_no_error(example, tmp_path):
    # The writing end of a pipe whose reading end is closed already.
    reading, writing = os.pipe()
    os.close(reading)
    done = subprocess.run(
        [sys.executable, "-m", "nnsim", "trace", str(tmp_path / example("gesture")), "--json"],
        stdout=writing,
        stderr=subprocess.PIPE,
        check=False,
    )
    os.close(writing)

    assert (done.returncode, done.stderr) == (0, b"")


def test_a_full_disk_behind_stdout_is_one_sentence(example, tmp_path):
    with open("/dev/full", "wb") as full:
        done = subprocess.run(
            [sys.executable, "-m", "nnsim", "trace", str(tmp_path / example("chapter"))],
            stdout=full,
            stderr=subprocess.PIPE,
            check=False,
        )

    assert done.returncode == 2
    assert done.stderr == b"nnsim: The output cannot be written: no space left on device.\n"


def test_closed_standard_streams_are_no_error(example, tmp_path):
    command = '"$0" -m nnsim trace "$1" >&- 2>&-'
    path = str(tmp_path / example("chapter"))

    assert subprocess.run(["sh", "-c", command, sys.executable, path], check=False).returncode == 0


def hears_ctrl_c():
    """A shell that starts its children in the background tells them to ignore it."""
    signal.signal(signal.SIGINT, signal.default_int_handler)


def memory_mb(pid):
    """What a process holds (Linux; elsewhere nothing is known)."""
    status = Path(f"/proc/{pid}/status")
    if not status.is_file():
        return 0.0
    return int(status.read_text("utf-8").split("VmRSS:")[1].split()[0]) / 1024


def test_ctrl_c_ends_with_130_and_writes_nothing(example, tmp_path):
    path = tmp_path / example("or")
    before = path.read_bytes()
    words = ["train", str(path), "--steps", "1000000000", "-o", str(path)]
    script = "import sys; from nnsim.__main__ import main; print(flush=True); sys.exit(main())"
    with subprocess.Popen(
        [sys.executable, "-c", script, *words],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        preexec_fn=hears_ctrl_c,
    ) as running:
        running.stdout.read(1)
        with pytest.raises(subprocess.TimeoutExpired):
            running.wait(1)
        held = memory_mb(running.pid)
        running.send_signal(signal.SIGINT)
        _, err = running.communicate(timeout=20)

    assert (running.returncode, err) == (130, b"")
    assert path.read_bytes() == before
    assert list(tmp_path.iterdir()) == [path]
    assert held < 200  # millions of steps, none of which is kept


# ---------------------------------------------------------------- the first word decides


@pytest.fixture
def opened(monkeypatch):
    """What the window would have been opened on; there is no Qt in these tests."""
    found = []
    app, self_test = types.ModuleType("nnsim.app"), types.ModuleType("nnsim.self_test")
    app.run_app = lambda path: found.append(path) or 0
    self_test.self_test = lambda: found.append("self-test") or 0
    monkeypatch.setitem(sys.modules, "nnsim.app", app)
    monkeypatch.setitem(sys.modules, "nnsim.self_test", self_test)
    return found


@pytest.mark.parametrize(
    ("words", "what"),
    [
        ([], None),
        (["a.nnsim"], "a.nnsim"),
        (["./train"], "./train"),
        (["--self-test"], "self-test"),
    ],
)
def test_a_file_or_nothing_opens_the_window(opened, words, what):
    assert program_module.main(words) == 0
    assert opened == [what]


def test_a_command_opens_no_window(opened, capsys):
    assert program_module.main(["--version"]) == 0
    assert program_module.main(["train"]) == 2
    assert opened == []


def test_two_files_or_a_misspelled_command_are_one_sentence(opened, capsys):
    assert program_module.main(["trian", "a.nnsim"]) == 2
    assert capsys.readouterr().err == (
        "nnsim: “trian” is no command: give one of new, train, trace, export, import, check, "
        "or a single FILE.\n"
    )
    assert opened == []


def test_a_missing_system_library_is_one_sentence(monkeypatch, capsys):
    lacking(monkeypatch, ImportError("libEGL.so.1: cannot open shared object file"))

    assert program_module.main([]) == 2
    sentence = capsys.readouterr().err
    assert "libEGL.so.1" in sentence
    assert "sudo apt install libgl1 libegl1" in sentence
    assert len(sentence.splitlines()) == 1


def test_a_defect_of_nnsim_is_not_taken_for_a_missing_library(monkeypatch):
    lacking(monkeypatch, ImportError("cannot import name", name="nnsim.views"))

    with pytest.raises(ImportError):
        program_module.main([])


def test_an_unsound_qt_is_refused_in_its_own_sentence(opened, monkeypatch, capsys):
    def refuse(_path):
        raise NnsimError("PySide6 6.12.0 aborts.")

    monkeypatch.setattr(sys.modules["nnsim.app"], "run_app", refuse)

    assert program_module.main([]) == 2
    assert capsys.readouterr().err == "nnsim: PySide6 6.12.0 aborts.\n"


def lacking(monkeypatch, error):
    """Let the import of the window fail."""
    real = builtins.__import__

    def fail(name, *rest):
        if name == "nnsim.app":
            raise error
        return real(name, *rest)

    monkeypatch.setattr(builtins, "__import__", fail)
