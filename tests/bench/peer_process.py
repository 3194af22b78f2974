"""One competitor on one row, in a process of its own.

`python -m tests.bench.peer_process NAME FILE CORE` reads one JSON command a line and answers
each by one line of JSON:
    {"do": "prepare"}               → {"version": …} or {"missing": reason}
    {"do": "check", "steps": n}     → {"error": largest difference of a weight from plain numpy's},
                                      null where the rule is another
    {"do": "run", "seconds": s}     → {"samples": …, "cpu": …, "wall": …}
A competitor is a module of peers/ with SAME_RULE, unavailable() → reason or None, version(),
Trainer(work) with train(steps) and parameters(), and where needed: cannot(work) → reason or None,
LINEAR_OUTPUT, and a Trainer's cpu_seconds() where the work is done by another process.
"""

import importlib
import json
import os
import sys
import time
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np

from tests.bench.work import Work

SHORTEST_CHUNK = 0.05
"""As a share of the time asked for: shorter calls are made twice as long."""


def pin(core: int) -> None:
    if hasattr(os, "sched_setaffinity"):
        os.sched_setaffinity(0, {core})


def reason_against(peer: ModuleType, work: Work) -> str | None:
    cannot = getattr(peer, "cannot", lambda work: None)
    return peer.unavailable() or cannot(work)


def largest_difference(peer: ModuleType, trainer: Any, work: Work, steps: int) -> float | None:
    """Train trainer and plain numpy for some steps from the start and compare their weights."""
    trainer.train(steps)
    if not peer.SAME_RULE:
        return None
    from tests.bench.peers import numpy as reference

    linear = getattr(peer, "LINEAR_OUTPUT", False)
    plain = reference.Trainer(work.with_linear_output() if linear else work)
    plain.train(steps)
    return float(np.max(np.abs(plain.parameters() - trainer.parameters())))


class Measured:
    """A trainer and the number of steps a call, found while it runs."""

    def __init__(self, trainer: Any) -> None:
        self.trainer = trainer
        self.cpu_seconds = getattr(trainer, "cpu_seconds", time.process_time)
        self.chunk = 1

    def run(self, seconds: float) -> dict[str, float]:
        done, cpu, start = 0, self.cpu_seconds(), time.perf_counter()
        wall = 0.0
        while wall < seconds:
            self.trainer.train(self.chunk)
            done += self.chunk
            before, wall = wall, time.perf_counter() - start
            if wall - before < SHORTEST_CHUNK * seconds:
                self.chunk *= 2
        return {"steps": done, "cpu": self.cpu_seconds() - cpu, "wall": wall}


def answers(peer: ModuleType, work: Work) -> Any:
    """A function from a command to its answer."""
    made: list[Measured] = []

    def answer(command: dict[str, Any]) -> object:
        if command["do"] == "prepare":
            missing = reason_against(peer, work)
            if missing is not None:
                return {"missing": missing}
            made.append(Measured(peer.Trainer(work)))
            return {"version": peer.version()}
        if command["do"] == "check":
            steps = command["steps"]
            return {"error": largest_difference(peer, made[0].trainer, work, steps)}
        ran = made[0].run(command["seconds"])
        return {"samples": ran["steps"] * work.batch, "cpu": ran["cpu"], "wall": ran["wall"]}

    return answer


def main(name: str, path: str, core: str) -> None:
    pin(int(core))
    peer = importlib.import_module(f"tests.bench.peers.{name}")
    answer = answers(peer, Work.read(Path(path)))
    talk = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)  # what libraries print must not mix with the answers
    for line in sys.stdin:
        talk.write(json.dumps(answer(json.loads(line))) + "\n")
        talk.flush()


if __name__ == "__main__":
    main(*sys.argv[1:])
