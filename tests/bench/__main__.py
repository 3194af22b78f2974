"""How fast the engine is, beside its peers and the limit: `python tests/bench`.

Run it with the project's interpreter; it prints a table for each row and writes JSON. The peers
(scikit-learn, JAX, PyTorch) may be installed in another environment, so that the project's stays
clean: `python tests/bench --python PATH` or the environment variable NNSIM_BENCH_PYTHON names its
interpreter, which needs numpy. Such an environment is made by

    python -m venv peers-env
    peers-env/bin/pip install numpy scikit-learn jax torch

synaptic, brain.js and convnetjs are installed by npm, where node is, into the user's cache folder.
What is missing is named and left out. Everything runs on one thread, each competitor in a process
of its own on the same core, in turns; rates are medians over the rounds, by CPU time and by wall
time. Weights are held against plain numpy's before anything is timed. "The limit" is a C program
of our own for the same work with all sizes fixed when it is compiled (limit/*.c); limit_avx2 is
the same one without AVX-512.
"""

import argparse
import json
import os
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

sys.path[0] = str(Path(__file__).parents[2])

from tests.bench import costs  # noqa: E402
from tests.bench.goals import judge  # noqa: E402
from tests.bench.machine import machine  # noqa: E402
from tests.bench.rounds import Result, run_row, write_work  # noqa: E402
from tests.bench.table import row_table, summary  # noqa: E402
from tests.bench.work import ROWS, Work  # noqa: E402

PEERS = [
    "nnsim", "limit", "limit_avx2", "numpy", "scikit_learn", "jax", "pytorch",
    "synaptic", "brain_js", "convnetjs",
]  # fmt: skip


def names_of(choices: list[str]) -> Callable[[str], list[str]]:
    def chosen(text: str) -> list[str]:
        names = text.split(",")
        for name in names:
            if name not in choices:
                raise argparse.ArgumentTypeError(f"{name} is none of {', '.join(choices)}")
        return names

    return chosen


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="python tests/bench", description="How fast the engine is, beside peers and limit."
    )
    every_row = list(ROWS)
    parser.add_argument("--rows", type=names_of(every_row), default=every_row, help="a,b,c")
    parser.add_argument("--peers", type=names_of(PEERS), default=PEERS, help="a,b,c")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--seconds", type=float, default=0.5, help="of each run in a round")
    parser.add_argument("--json", type=Path, default=Path("bench.json"), help="where to write it")
    parser.add_argument("--costs", choices=["too", "only", "no"], default="too")
    parser.add_argument("--core", type=int, default=(os.cpu_count() or 1) - 1)
    python = os.environ.get("NNSIM_BENCH_PYTHON", sys.executable)
    parser.add_argument("--python", default=python, help="interpreter that has the peers")
    return parser.parse_args()


def all_rows(options: argparse.Namespace) -> tuple[dict[str, dict[str, Result]], dict[str, Any]]:
    results: dict[str, dict[str, Result]] = {}
    written: dict[str, Any] = {}
    with tempfile.TemporaryDirectory() as folder:
        for row in options.rows:
            path = Path(folder) / f"{row}.npz"
            write_work(options.python, row, path)
            work = Work.read(path)
            found = run_row(
                options.peers, options.python, path, options.rounds, options.seconds, options.core
            )
            results[row] = found
            written[row] = {
                "data": work.data,
                "competitors": {name: result.as_json() for name, result in found.items()},
                "goals": [judged.as_json() for judged in judge(row, found)],
            }
            print(row_table(work, found), flush=True)
    return results, written


def main() -> None:
    options = arguments()
    report: dict[str, Any] = {"machine": machine(), "seconds": options.seconds}
    print(", ".join(f"{name}: {value}" for name, value in machine().items()), end="\n\n")
    if options.costs != "only":
        results, report["rows"] = all_rows(options)
        print(summary(results))
    if options.costs != "no":
        report["costs"] = costs.measured(options.core)
        print(costs.table(report["costs"]))
    options.json.write_text(json.dumps(report, indent=1, ensure_ascii=False) + "\n", "utf-8")


if __name__ == "__main__":
    main()
