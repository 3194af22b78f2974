"""How long the diagram keeps the window's thread: `python tests/bench/diagram.py`.

All values change in every frame; a frame is shown and painted by the real widget, and what its
thread spent on it is measured (`time.thread_time`), so that other programs matter little. Then a
number's editor is opened, a neuron is added to 784-128-10 through the Session until the window has
painted it, and memory is compared before and after many frames. Prints a table and writes JSON;
the machine's noise is what a fixed piece of arithmetic took just before each row, its median and
its worst tenth: where it differs between rows, so did the processor's clock.
"""

import argparse
import gc
import json
import os
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from functools import partial
from itertools import pairwise
from pathlib import Path

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")  # as nnsim does, before numpy is loaded
os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

import numpy as np

sys.path[0] = str(Path(__file__).parents[2])

from tests.bench.machine import machine  # noqa: E402
from tests.bench.window import memory_mb  # noqa: E402

NETWORKS = {
    "2-1": (2, 1),
    "2-4-1": (2, 4, 1),
    "4-16-3": (4, 16, 3),
    "30-30-3": (30, 30, 3),
    "64-32-10": (64, 32, 10),
    "784-128-10": (784, 128, 10),
}
FRAME_GOALS_MS = {
    "2-1": 5.0,
    "2-4-1": 5.0,
    "4-16-3": 5.0,
    "30-30-3": 8.0,
    "64-32-10": 10.0,
    "784-128-10": 10.0,
}
EDITOR_GOAL_MS, STRUCTURE_GOAL_MS, GROWTH_GOAL_MB = 2.0, 50.0, 1.0
WIDTH, HEIGHT = 880, 560
WARM_UP = 10
EDITS = 15


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description="How long the diagram keeps the window's thread.")
    parser.add_argument("--networks", default=",".join(NETWORKS), help="some of them")
    parser.add_argument("--frames", type=int, default=120, help="of each network")
    parser.add_argument("--many", type=int, default=10_000, help="frames, for memory; 0: none")
    parser.add_argument("--json", type=Path, default=Path("bench-diagram.json"))
    return parser.parse_args()


def document_of(name: str):
    """A network with fixed random weights and four samples."""
    import nnsim
    from nnsim.data.samples import Samples

    sizes, rng = NETWORKS[name], np.random.default_rng(4)
    weights = [rng.normal(scale=a**-0.5, size=(b, a)) for a, b in pairwise(sizes)]
    biases = [rng.normal(scale=0.1, size=b) for b in sizes[1:]]
    network = nnsim.Network.dense(list(sizes), ["sigmoid"] * len(weights), weights, biases)
    inputs, targets = rng.random((4, sizes[0])), rng.random((4, sizes[-1]))
    return nnsim.Document(network, Samples(inputs, targets), nnsim.Settings(learning_rate=0.1))


def frames_of(document, count: int) -> list:
    """Frames in each of which every weight, bias and output is another one."""
    from dataclasses import replace

    from nnsim.model.frame import Focus, frame_of
    from nnsim.model.history import History
    from nnsim.model.run import Run

    network, rng = document.network, np.random.default_rng(5)
    frames = []
    for _ in range(count):
        scale = rng.uniform(0.8, 1.25, len(network.parameters))
        other = replace(document, network=network.with_parameters(network.parameters * scale))
        frames.append(frame_of(History(Run.of(other)), Focus(), running=True))
    return frames


def timed(do: Callable[[], object]) -> float:
    """Milliseconds of this thread."""
    begun = time.thread_time()
    do()
    return 1e3 * (time.thread_time() - begun)


def summary(times: list[float]) -> dict[str, float]:
    """The median and what only a tenth took longer than, in ms."""
    return {"median_ms": statistics.median(times), "p90_ms": float(np.quantile(times, 0.9))}


def noise() -> dict[str, float]:
    """What the same arithmetic took, again and again: the machine's own unrest."""
    table = np.random.default_rng(1).random((200, 200))
    return summary([timed(lambda: [table @ table for _ in range(10)]) for _ in range(60)])


def shown_view(document):
    from nnsim.views.diagram.view import DiagramView

    view = DiagramView()
    view.resize(WIDTH, HEIGHT)
    view.show_frame(frames_of(document, 1)[0])
    view.show()
    return view


def frame_times(app, name: str, count: int) -> list[float]:
    document = document_of(name)
    view, times = shown_view(document), []
    for frame in frames_of(document, WARM_UP + count):

        def show(frame=frame) -> None:
            view.show_frame(frame)
            view.repaint()

        times.append(timed(show))
        app.processEvents()
    view.close()
    return times[WARM_UP:]


def editor_times(app) -> list[float]:
    """Opening the editor of one weight after another of a small network."""
    document = document_of("2-4-1")
    view, times = shown_view(document), []
    for ref in [*document.network.refs()] * 3:
        times.append(timed(lambda ref=ref: view.edit(ref)))
        view.field.hide()
        app.processEvents()
    view.close()
    return times[3:]


def structure_times(app) -> list[float]:
    """Adding a neuron to the hidden layer of 784-128-10, until the window has painted it."""
    from PySide6.QtCore import QSettings

    from nnsim.app import Program
    from nnsim.control.preferences import Preferences
    from nnsim.model.rebuilding import Fresh

    times = []
    with tempfile.TemporaryDirectory() as folder:
        settings = QSettings(str(Path(folder) / "nnsim.ini"), QSettings.Format.IniFormat)
        program = Program(app, Preferences(settings))
        program.start()
        program.session._open(document_of("784-128-10"), None)
        program.session.choose_new_weights(Fresh.zero)
        for _ in range(EDITS):
            for _ in range(5):
                app.processEvents()

            def edit() -> None:
                program.session.add_neurons(1)
                program.window.diagram.view.repaint()
                app.processEvents()

            times.append(timed(edit))
        program.end()
    return times[2:]


def growth_mb(app, count: int) -> float:
    """How much more memory the process holds after so many frames."""
    document = document_of("4-16-3")
    view, frames, before = shown_view(document), frames_of(document, 50), 0.0
    for i in range(count):
        if i == count // 10:  # caches are filled
            gc.collect()
            before = memory_mb()
        view.show_frame(frames[i % len(frames)])
        view.repaint()
        if i % 100 == 0:
            app.processEvents()
    gc.collect()
    view.close()
    return memory_mb() - before


def measured(name: str, goal: float, times: Callable[[], list[float]]) -> dict:
    """A row, printed and for the JSON: the times in ms, and the noise just before."""
    unrest = noise()
    found = {**summary(times()), "noise": unrest}
    met = "met" if found["median_ms"] <= goal else "MISSED"
    print(
        f"  {name:24}{found['median_ms']:8.2f} ({found['p90_ms']:6.2f})   goal {goal:g}: {met:8}"
        f"noise {unrest['median_ms']:.2f} ({unrest['p90_ms']:.2f})",
        flush=True,
    )
    return found


def main() -> None:
    from nnsim.app import make_application

    given = arguments()
    app = make_application()
    results: dict = {"machine": machine(), "frames": {}}
    print(", ".join(f"{name}: {value}" for name, value in machine().items()))
    print("ms of the window's thread, median (and worst tenth)")
    noise()  # the first arithmetic is slower
    for name in filter(None, given.networks.split(",")):
        times = partial(frame_times, app, name, given.frames)
        results["frames"][name] = measured(f"{name}, a frame", FRAME_GOALS_MS[name], times)
    results["editor"] = measured("an editor opens", EDITOR_GOAL_MS, lambda: editor_times(app))
    results["structure"] = measured(
        "a neuron is added", STRUCTURE_GOAL_MS, lambda: structure_times(app)
    )
    if given.many:
        grown = results["growth_mb"] = growth_mb(app, given.many)
        met = "met" if grown <= GROWTH_GOAL_MB else "MISSED"
        print(f"  {given.many:,} frames: {grown:+.1f} MB   goal {GROWTH_GOAL_MB:g}: {met}")
    given.json.write_text(json.dumps(results, indent=1) + "\n", "utf-8")


if __name__ == "__main__":
    main()
