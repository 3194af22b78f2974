"""The limit: our C program for the same work with all sizes fixed at compile time.

Compiled here with -O3 -march=native for each vector width that fits, in batches of mostly zeros
also without multiplying by them; the fastest is taken.
"""

import ctypes
import os
import shutil
import subprocess
import tempfile
import time
from pathlib import Path
from typing import NamedTuple

import numpy as np

from tests.bench.work import Work

SAME_RULE = True
ARCHITECTURE = "native"
PROGRAMS = Path(__file__).parents[1] / "limit"
# No option here changes the order of a sum: they only let the compiler forget signs of zero, traps
# and errno.
OPTIONS = ["-std=gnu11", "-O3", "-fno-signed-zeros", "-fno-trapping-math", "-fno-math-errno"]
TRIAL_SECONDS = 0.05
MOSTLY_ZEROS = 0.6


class Form(NamedTuple):
    """How the program is compiled: the vector width in doubles, and whether zeros are skipped.

    Sample by sample, zeros of many inputs are always skipped.
    """

    width: int
    sparse: bool = False


def compiler() -> str:
    return os.environ.get("CC", "gcc")


def unavailable() -> str | None:
    return None if shutil.which(compiler()) else f"no compiler {compiler()}"


def version() -> str:
    done = subprocess.run([compiler(), "--version"], capture_output=True, text=True, check=True)
    return done.stdout.splitlines()[0]


def forms(work: Work, architecture: str) -> list[Form]:
    """The widths that the machine has and that hidden layers fill; narrow and dense ones first."""
    every = [2, 4, 8] if architecture == "native" and has_avx512() else [2, 4]
    widths = [width for width in every if all(size % width == 0 for size in work.sizes[1:-1])]
    zeros = 1.0 - np.count_nonzero(work.inputs) / work.inputs.size
    skipping = [False, True] if work.batch > 1 and zeros > MOSTLY_ZEROS else [False]
    return [Form(width, sparse) for sparse in skipping for width in widths]


def has_avx512() -> bool:
    command = [compiler(), "-march=native", "-dM", "-E", "-x", "c", os.devnull]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    return "__AVX512F__" in done.stdout


def definitions(work: Work, form: Form) -> list[str]:
    sizes = [*work.sizes, 0, 0][:4]
    names = [*work.activations, "linear", "linear"][:3]
    numbers: dict[str, object] = {"LANES": form.width, "SPARSE": int(form.sparse)}
    numbers |= {"SAMPLES": work.samples, "BATCH": work.batch}
    numbers["RATE"] = repr(work.learning_rate)
    numbers |= {f"N{i}": size for i, size in enumerate(sizes)}
    numbers |= {f"A{i}": name.upper() for i, name in enumerate(names, start=1)}
    return [f"-D{name}={number}" for name, number in numbers.items()]


def compiled(work: Work, form: Form, architecture: str, extra: tuple[str, ...] = ()) -> ctypes.CDLL:
    program = PROGRAMS / ("online.c" if work.batch == 1 else "batch.c")
    with tempfile.TemporaryDirectory() as folder:
        library = Path(folder) / "limit.so"
        subprocess.run(
            [compiler(), *OPTIONS, f"-march={architecture}", "-shared", "-fPIC", *extra,
             *definitions(work, form), str(program), "-o", str(library)],
            check=True,
        )  # fmt: skip
        loaded = ctypes.CDLL(str(library))
    loaded.load_samples.argtypes = [ctypes.c_void_p, ctypes.c_void_p]
    loaded.train.argtypes = [ctypes.c_void_p, ctypes.c_int64, ctypes.c_int64]
    loaded.load_samples.restype = loaded.train.restype = None
    return loaded


class FixedForm:
    """The program in one form."""

    def __init__(
        self, work: Work, form: Form, architecture: str, extra: tuple[str, ...] = ()
    ) -> None:
        self.work = work  # the program keeps pointers into its samples
        self.library = compiled(work, form, architecture, extra)
        self.library.load_samples(work.inputs.ctypes.data, work.targets.ctypes.data)
        self.flat = work.start.copy()
        self.position = 0

    def train(self, steps: int) -> None:
        self.library.train(self.flat.ctypes.data, self.position, steps)
        self.position += steps

    def parameters(self) -> np.ndarray:
        return self.flat


class Trainer:
    def __init__(self, work: Work, architecture: str = ARCHITECTURE) -> None:
        every = [FixedForm(work, form, architecture) for form in forms(work, architecture)]
        self.fastest = max(every, key=speed_in_trial)
        self.fastest.flat[:] = work.start
        self.fastest.position = 0
        self.train = self.fastest.train
        self.parameters = self.fastest.parameters


def speed_in_trial(trainer: FixedForm) -> float:
    """Steps per second of CPU time, of the longest call within TRIAL_SECONDS."""
    steps, took, spent = 1, 0.0, 0.0
    while spent < TRIAL_SECONDS:
        steps *= 2
        start = time.process_time()
        trainer.train(steps)
        took = time.process_time() - start
        spent += took
    return steps / took
