"""Run the competitors of one row in turns: each waits in its own process until it is asked."""

import json
import os
import select
import statistics
import subprocess
import sys
import tempfile
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[2]
CHECK_STEPS = 200
PREPARE_SECONDS = 180.0
"""How long a competitor may take to import, compile and be checked."""
ONE_THREAD = {
    "OMP_NUM_THREADS": "1",
    "OPENBLAS_NUM_THREADS": "1",
    "MKL_NUM_THREADS": "1",
    "XLA_FLAGS": "--xla_cpu_multi_thread_eigen=false intra_op_parallelism_threads=1",
    "JAX_PLATFORMS": "cpu",
}


class Silent(Exception):
    """A competitor crashed, or did not answer in time."""


@dataclass
class Result:
    """What one competitor did on one row; rates in samples per second."""

    version: str = ""
    missing: str | None = None
    """Why there are no numbers."""
    error: float | None = None
    """The largest difference of a weight from plain numpy's; None where the rule is another."""
    cpu_rates: list[float] = field(default_factory=list)
    wall_rates: list[float] = field(default_factory=list)

    @property
    def rate(self) -> float | None:
        """The median by CPU time."""
        return statistics.median(self.cpu_rates) if self.cpu_rates else None

    @property
    def spread(self) -> float | None:
        """(fastest − slowest round) / median."""
        rate = self.rate
        return (max(self.cpu_rates) - min(self.cpu_rates)) / rate if rate else None

    def as_json(self) -> dict[str, Any]:
        return {
            "version": self.version,
            "missing": self.missing,
            "largest_weight_error": self.error,
            "samples_per_cpu_second": self.rate,
            "samples_per_second": statistics.median(self.wall_rates) if self.wall_rates else None,
            "spread": self.spread,
            "rounds": self.cpu_rates,
        }


class Competitor:
    """The process of one competitor on one row."""

    def __init__(self, name: str, python: str, work_file: Path, core: int) -> None:
        self.result = Result()
        self.errors = tempfile.TemporaryFile()  # noqa: SIM115 (a pipe nobody reads would fill and block)
        self.process = subprocess.Popen(
            [python, "-m", "tests.bench.peer_process", name, str(work_file), str(core)],
            cwd=ROOT,
            env={**os.environ, **ONE_THREAD},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=self.errors,
        )

    def ask(self, patience: float, /, **command: object) -> dict[str, Any]:
        """The answer to a command; Silent when there is none within `patience` s."""
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        try:
            self.process.stdin.write(json.dumps(command).encode() + b"\n")
            self.process.stdin.flush()
        except OSError:
            raise Silent(self.last_words()) from None
        if not select.select([self.process.stdout], [], [], patience)[0]:
            raise Silent(f"no answer within {patience:g} s")
        line = self.process.stdout.readline()
        if not line:
            raise Silent(self.last_words())
        answer: dict[str, Any] = json.loads(line)
        return answer

    def last_words(self) -> str:
        self.process.kill()
        code = self.process.wait()
        self.errors.seek(0)
        lines = self.errors.read().decode(errors="replace").strip().splitlines()
        return "crashed: " + (lines[-1] if lines else f"exit code {code}")

    def prepare(self, warm_up: float) -> None:
        answer = self.ask(PREPARE_SECONDS, do="prepare")
        self.result.missing = answer.get("missing")
        self.result.version = answer.get("version", "")
        if self.result.missing is None:
            self.result.error = self.ask(PREPARE_SECONDS, do="check", steps=CHECK_STEPS)["error"]
            self.ask(PREPARE_SECONDS, do="run", seconds=warm_up)

    def run(self, seconds: float) -> None:
        ran = self.ask(PREPARE_SECONDS, do="run", seconds=seconds)
        self.result.cpu_rates.append(ran["samples"] / ran["cpu"])
        self.result.wall_rates.append(ran["samples"] / ran["wall"])

    def guarded(self, action: Any, *arguments: Any) -> None:
        """Do it unless there is nothing to do it with; a crash only drops this competitor."""
        if self.result.missing is not None:
            return
        try:
            action(self, *arguments)
        except Silent as silence:
            self.result.missing = str(silence)
            self.result.cpu_rates.clear()
            self.result.wall_rates.clear()

    def close(self) -> None:
        if self.process.stdin is not None and not self.process.stdin.closed:
            try:
                self.process.stdin.close()
                self.process.wait(5)
            except (OSError, subprocess.TimeoutExpired):
                self.process.kill()
        self.process.wait()
        if self.process.stdout is not None:
            self.process.stdout.close()
        self.errors.close()


def write_work(python: str, row: str, path: Path) -> None:
    """Write the row's work; by the peers' interpreter, which may have scikit-learn's samples."""
    command = [python, "-m", "tests.bench.work", row, str(path)]
    subprocess.run(command, cwd=ROOT, check=True)


def interpreter_for(name: str, python: str) -> str:
    """Our own columns run here; the others in the interpreter that has their packages."""
    return sys.executable if name in ("nnsim", "limit", "limit_avx2") else python


def run_row(
    names: list[str], python: str, work_file: Path, rounds: int, seconds: float, core: int
) -> dict[str, Result]:
    """Prepare and check every competitor, then let them run in turns."""
    field = {n: Competitor(n, interpreter_for(n, python), work_file, core) for n in names}
    try:
        for competitor in field.values():
            competitor.guarded(Competitor.prepare, seconds)
        for _ in range(rounds):
            for competitor in field.values():
                competitor.guarded(Competitor.run, seconds)
    finally:
        for competitor in field.values():
            competitor.close()
    return {name: competitor.result for name, competitor in field.items()}
