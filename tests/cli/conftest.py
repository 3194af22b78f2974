"""How the tests of commands run one: in this process, or truly as a program of its own."""

import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest

import nnsim
from nnsim import cli
from nnsim.__main__ import step_pdf
from nnsim.files.examples import open_example
from nnsim.files.project import save


@dataclass
class Done:
    code: int
    out: str
    err: str

    @property
    def sentence(self):
        """The one sentence on stderr of a command that refuses."""
        assert self.err.startswith("nnsim: ")
        assert self.err.endswith(".\n")
        assert len(self.err.splitlines()) == 1
        return self.err.removeprefix("nnsim: ").rstrip("\n")


@pytest.fixture
def run(capsys, tmp_path, monkeypatch):
    """Run a command in this process, in an empty folder."""
    monkeypatch.chdir(tmp_path)

    def run(*words):
        code = cli.main([str(word) for word in words], step_pdf)
        captured = capsys.readouterr()
        return Done(code, captured.out, captured.err)

    return run


@pytest.fixture
def program(tmp_path):
    """Run nnsim as a program of its own, in an empty folder."""

    def program(*words, **options):
        done = subprocess.run(
            [sys.executable, "-m", "nnsim", *words],
            cwd=tmp_path,
            capture_output=True,
            encoding="utf-8",
            check=False,
            env={
                **os.environ,
                "PYTHONPATH": str(Path(nnsim.__file__).parents[1]),
                **options.pop("env", {}),
            },
            **options,
        )
        return Done(done.returncode, done.stdout, done.stderr)

    return program


@pytest.fixture
def example(tmp_path):
    """Save a ready example as NAME.nnsim in the folder."""

    def example(name):
        save(open_example(name), tmp_path / f"{name}.nnsim")
        return f"{name}.nnsim"

    return example
