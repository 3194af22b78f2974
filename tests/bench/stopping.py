"""How soon training comes back when it is asked to stop: `python tests/bench/stopping.py`.

Each case trains in this thread while another one raises the stop flag at a moment drawn at random,
again and again; measured is the time from there to the return of the Python call that trains, in
which Python's numbers have been made of the kernels'. With NNSIM_ENGINE=numpy it is numpy's time.
A moment may lie anywhere in a call, its beginning included, where memory is asked for and filled.
"""

import argparse
import json
import random
import statistics
import sys
import threading
import time
from collections.abc import Callable, Iterator
from itertools import pairwise
from pathlib import Path
from typing import NamedTuple

import numpy as np

sys.path[0] = str(Path(__file__).parents[2])

from nnsim.engine.kernels.library import engine_name  # noqa: E402
from nnsim.engine.learned import Learned  # noqa: E402
from nnsim.engine.network import Network  # noqa: E402
from nnsim.engine.optimizers import OPTIMIZERS  # noqa: E402
from nnsim.engine.settings import Settings  # noqa: E402
from nnsim.engine.stopping import Stopping  # noqa: E402
from nnsim.engine.training import take_steps  # noqa: E402
from tests.bench.machine import machine  # noqa: E402

GOAL = 5e-3
STEPS = 2**14
LONGEST = 0.15
"""Seconds of training at most before the flag goes up."""

Call = Callable[[Stopping], object]


def training(sizes: list[int], samples: int, **options: object) -> Call:
    """A call that trains until all steps are taken or it is asked to stop."""
    rng = np.random.default_rng(0)
    weights = [rng.normal(0.0, source**-0.5, (to, source)) for source, to in pairwise(sizes)]
    biases = [np.zeros(to) for to in sizes[1:]]
    network = Network.dense(sizes, ["sigmoid"] * len(biases), weights, biases)
    inputs = rng.uniform(0.0, 1.0, (samples, sizes[0]))
    expected = rng.uniform(0.0, 1.0, (samples, sizes[-1]))
    settings = Settings(learning_rate=1e-3, **options)
    learned = Learned.beginning(network, settings)
    return lambda stopping: take_steps(
        learned, inputs, expected, settings, STEPS, stopping=stopping
    )


def cases() -> Iterator[tuple[str, Callable[[], Call]]]:
    yield "one neuron, online", lambda: training([2, 1], 4, batch_size=1)
    yield "2-8-8-1, batch 10", lambda: training([2, 8, 8, 1], 200, batch_size=10)
    for optimizer in OPTIMIZERS:
        for batch in (1, 50):
            yield (
                f"784-128-10, batch {batch}, {optimizer}",
                lambda o=optimizer, b=batch: training(
                    [784, 128, 10], 2000, batch_size=b, optimizer=o
                ),
            )
    yield "784-128-10, batch 10000", lambda: training([784, 128, 10], 10_000, batch_size=0)
    yield "2-8-8-1, batch 10000", lambda: training([2, 8, 8, 1], 10_000, batch_size=0)
    for optimizer in OPTIMIZERS:
        for batch in (1, 50):
            yield (
                f"1000-990-9 (a million), batch {batch}, {optimizer}",
                lambda o=optimizer, b=batch: training(
                    [1000, 990, 9], 500, batch_size=b, optimizer=o
                ),
            )
    yield (
        "1000-990-9, batch 10000, adam",
        lambda: training([1000, 990, 9], 10_000, batch_size=0, optimizer="adam"),
    )
    yield "1000-990-9, batch 50, adam with all options", lambda: training(
        [1000, 990, 9], 500, batch_size=50, optimizer="adam", l1=1e-6, l2=1e-6, clip_value=1.0,
        clip_norm=1.0, weight_limit=10.0,
    )  # fmt: skip


class Stopped(NamedTuple):
    """How long a call still took after the flag had gone up, in seconds."""

    wall: float
    cpu: float
    """Of the thread that trains: on a busy machine it may have waited for the processor besides."""


def stopped(call: Call, after: float) -> Stopped:
    """Raise the flag `after` seconds from a call's beginning."""
    stopping, raised = Stopping(), [0.0, 0.0]
    clock = time.pthread_getcpuclockid(threading.get_ident())

    def raise_flag() -> None:
        time.sleep(after)
        raised[:] = time.perf_counter(), time.clock_gettime(clock)
        stopping.stop()

    thread = threading.Thread(target=raise_flag)
    thread.start()
    while not stopping.asked:
        _result = call(stopping)
    returned = time.perf_counter(), time.clock_gettime(clock)
    thread.join()
    return Stopped(returned[0] - raised[0], returned[1] - raised[1])


def measured(call: Call, times: int) -> dict[str, float]:
    rng = random.Random(0)
    call(_raised())  # so that nothing is made for the first time
    every = [stopped(call, rng.uniform(0.0, LONGEST)) for _ in range(times)]
    wall, cpu = (sorted(1e3 * seconds for seconds in row) for row in zip(*every, strict=True))
    return {
        "mean_ms": statistics.mean(wall),
        "p90_ms": wall[int(0.9 * times)],
        "worst_ms": wall[-1],
        "mean_cpu_ms": statistics.mean(cpu),
        "worst_cpu_ms": cpu[-1],
        "times": times,
    }


def _raised() -> Stopping:
    stopping = Stopping()
    stopping.stop()
    return stopping


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python tests/bench/stopping.py")
    parser.add_argument("--times", type=int, default=60, help="how often each case is stopped")
    parser.add_argument("--cases", default="", help="only those whose name contains this")
    parser.add_argument("--json", type=Path, help="where to write the results")
    return parser.parse_args()


def main() -> None:
    options = arguments()
    report: dict[str, object] = {"machine": machine(), "engine": engine_name()}
    print(", ".join(f"{name}: {value}" for name, value in machine().items()))
    print(f"{engine_name()}; goal: {1e3 * GOAL:g} ms\n")
    columns = f"{'mean ms':>9}{'p90':>8}{'worst':>8}{'mean CPU':>10}{'worst':>8}"
    print(f"{'':<48}{columns}  of {options.times}")
    results: dict[str, dict[str, float]] = {}
    for name, make in cases():
        if options.cases in name:
            found = results[name] = measured(make(), options.times)
            verdict = "met" if found["worst_ms"] <= 1e3 * GOAL else "MISSED"
            print(
                f"{name:<48}{found['mean_ms']:>9.2f}{found['p90_ms']:>8.2f}"
                f"{found['worst_ms']:>8.2f}"
                f"{found['mean_cpu_ms']:>10.2f}{found['worst_cpu_ms']:>8.2f}  {verdict}",
                flush=True,
            )
    report["cases"] = results
    if options.json:
        options.json.write_text(json.dumps(report, indent=1) + "\n", "utf-8")


if __name__ == "__main__":
    main()
