"""What the engine's options and its door cost: each against the same training without it.

As a program (`python -m tests.bench.costs NAME CORE`) it measures one cost in a fresh process and
prints it as JSON.
"""

import json
import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from tests.bench.peer_process import Measured, pin
from tests.bench.work import Work, make, random_classes

ROOT = Path(__file__).parents[2]
ROUNDS = 15
SECONDS = 0.1
LOADINGS = 9
LOAD_GOAL_MS = 50.0
OPTION_ROWS = ("xor_online", "spiral_batch10", "digits_online", "digits_batch32")
COSTS = ("options", "losses", "call", "load", "memory")


def slowed_by(plain: Any, other: Any) -> float:
    """How much longer a step of `other` takes, as a share of plain's: the median over the rounds.

    The two run in turns and are compared within each round, so that a slower or faster clock
    touches both.
    """
    pair = [Measured(plain), Measured(other)]
    ratios = []
    for _ in range(ROUNDS + 1):
        times = []
        for measured in pair:
            ran = measured.run(SECONDS)
            times.append(ran["cpu"] / ran["steps"])
        ratios.append(times[1] / times[0])
    return statistics.median(ratios[1:]) - 1.0  # the first round warms up


# ---------------------------------------------------------------- masks and mixed activations


def options() -> dict[str, dict[str, float]]:
    """On some rows: with a connection removed, a weight frozen, two activations in a layer."""
    from tests.bench.peers.nnsim import Trainer

    return {
        row: {name: slowed_by(Trainer(work), Trainer(work, change)) for name, change in CHANGES}
        for row, work in ((row, make(row)) for row in OPTION_ROWS)
    }


def without_a_connection(network: Any) -> Any:
    return network.without([network.ref_in(0)])


def with_a_frozen_weight(network: Any) -> Any:
    return network.with_frozen([network.ref_in(0)])


def with_mixed_activations(network: Any) -> Any:
    """In layer 1 every second neuron gets sigmoid for tanh, leaky ReLU for ReLU."""
    others = {"tanh": "sigmoid", "relu": "leaky_relu"}
    names = list(network.layers[0].activations)
    names[1::2] = [others[name] for name in names[1::2]]
    return network.with_activations(1, names)


CHANGES: tuple[tuple[str, Callable[[Any], Any]], ...] = (
    ("removed connection", without_a_connection),
    ("frozen weight", with_a_frozen_weight),
    ("mixed activations", with_mixed_activations),
)


# ---------------------------------------------------------------- the kernels' door


class JobTrainer:
    """The kernels' job itself, keeping losses, errors and rows of every step or not."""

    def __init__(self, work: Work, keep: bool) -> None:
        from nnsim.engine.by_kernels import _job, _state
        from tests.bench.peers.nnsim import Trainer

        trainer = Trainer(work)
        structure = trainer.learned.network.structure
        self.job = _job(structure, work.inputs, work.targets, trainer.settings)
        self.state = _state(trainer.learned)
        self.keep = keep

    def train(self, steps: int) -> None:
        self.job.train(self.state, steps, keep=self.keep)


def losses() -> dict[str, float] | None:
    """What keeping the losses costs; None without kernels."""
    from nnsim.engine import kernels

    if not kernels.available():
        return None
    works = (make(row) for row in ("neuron_online", *OPTION_ROWS))
    return {work.name: slowed_by(JobTrainer(work, False), JobTrainer(work, True)) for work in works}


def call() -> dict[str, float]:
    """Microseconds of one call that takes no step: of the engine, and of the kernels' door."""
    from nnsim.engine import kernels
    from tests.bench.peers.nnsim import Trainer

    work = make("neuron_online")
    trainer = Trainer(work)
    found = {"engine": microseconds(lambda: trainer.train(0))}
    if kernels.available():
        job = JobTrainer(work, False)
        found["door"] = microseconds(lambda: job.train(0))
    return found


def microseconds(action: Callable[[], None], calls: int = 2000) -> float:
    def once() -> float:
        start = time.process_time()
        for _ in range(calls):
            action()
        return (time.process_time() - start) / calls * 1e6

    return statistics.median(once() for _ in range(ROUNDS))


# ---------------------------------------------------------------- loading and memory


def load() -> float:
    """Milliseconds, after numpy, to import the engine and take the first step (of one neuron)."""
    import numpy as np

    start = time.perf_counter()
    from nnsim.engine.learned import Learned
    from nnsim.engine.network import Network
    from nnsim.engine.settings import Settings
    from nnsim.engine.training import take_steps

    network = Network.dense([1, 1], activations=["sigmoid"], weights=[[[0.5]]])
    settings = Settings()
    one = np.ones((1, 1))
    take_steps(Learned.beginning(network, settings), one, one, settings, 1)
    return (time.perf_counter() - start) * 1e3


def memory() -> dict[str, float]:
    """Peak memory in MB: bare, with 1000 samples (6 MB) and the network, and after training."""
    from tests.bench.peers.nnsim import Trainer

    found = {"numpy and engine imported": peak_megabytes()}
    work = make("mnist_batch50", random_classes(1000, 784, 10, zeros=0.8))
    trainer = Trainer(work)
    found["with samples and 784-128-10"] = peak_megabytes()
    trainer.train(100)
    found["after 100 steps"] = peak_megabytes()
    return found


def peak_megabytes() -> float:
    status = Path("/proc/self/status")  # Linux's getrusage also counts the process that started us
    if status.is_file():
        words = status.read_text("utf-8").split()
        return int(words[words.index("VmHWM:") + 1]) / 1e3
    import resource

    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e6


# ---------------------------------------------------------------- all together


def fresh(name: str, core: int) -> Any:
    command = [sys.executable, "-m", "tests.bench.costs", name, str(core)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        words = done.stderr.strip().splitlines()
        return {"failed": words[-1] if words else f"exit code {done.returncode}"}
    return json.loads(done.stdout)


def measured(core: int) -> dict[str, Any]:
    found = {name: fresh(name, core) for name in COSTS if name != "load"}
    found["load"] = [fresh("load", core) for _ in range(LOADINGS)]
    return found


def table(found: dict[str, Any]) -> str:
    lines = ["costs (more time a step than without)"]
    for name, of_rows in (("losses kept", found["losses"]), *by_option(found["options"])):
        lines.append(f"  {name:<20}" + in_words(of_rows))
    loading = statistics.median(found["load"])
    verdict = "met" if loading <= LOAD_GOAL_MS else "NOT MET"
    lines.append(f"  {'a call, no step':<20}" + listed(found["call"], "{:.1f} µs"))
    lines.append(
        f"  {'load and first step':<20}{loading:.0f} ms (goal {LOAD_GOAL_MS:g}): {verdict}"
    )
    lines.append(f"  {'peak memory':<20}" + listed(found["memory"], "{:.0f} MB"))
    return "\n".join(lines) + "\n"


def by_option(of_rows: dict[str, Any]) -> list[tuple[str, Any]]:
    if "failed" in of_rows:
        return [("options", of_rows)]
    names = [name for name, _ in CHANGES]
    return [(name, {row: costs[name] for row, costs in of_rows.items()}) for name in names]


def in_words(of_rows: dict[str, Any] | None) -> str:
    return "no kernels" if of_rows is None else listed(of_rows, "{:+.1%}")


def listed(numbers: dict[str, Any], form: str) -> str:
    if "failed" in numbers:
        return f"failed: {numbers['failed']}"
    return ", ".join(f"{name} {form.format(number)}" for name, number in numbers.items())


if __name__ == "__main__":
    pin(int(sys.argv[2]))
    print(json.dumps(globals()[sys.argv[1]]()))
