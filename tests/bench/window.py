"""How the window does while it trains: `python tests/bench/window.py` (--xvfb: on an X server).

Runs the real window, trains at full speed for a while and reports frames per second (a frame is a
painted diagram), the gaps between them, training speed beside the engine's alone in the same
process just after, and memory at the start, after the run and after ten million steps. Then it
starts the program anew, several times (starting.py). Prints tables and writes JSON, with how busy
the machine was: on a busy one the numbers mean little.
"""

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")  # as nnsim does, before numpy is loaded

import numpy as np

ROOT = Path(__file__).parents[2]
sys.path[0] = str(ROOT)

from tests.bench.machine import machine  # noqa: E402
from tests.bench.starting import measure_starts  # noqa: E402
from tests.bench.work import make  # noqa: E402

NETWORKS = {"2-8-8-1": "spiral_batch10", "64-32-10": "digits_batch32"}
FASTEST_PLACE = 100
MANY_STEPS = 10_000_000
ALONE_SECONDS = 3.0
GOALS = {"fps": 58.0, "p99_ms": 20.0, "share": 0.9, "first_ms": 450.0, "shown_ms": 850.0}


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description="How the window does while it trains.")
    parser.add_argument("--seconds", type=float, default=60.0, help="of training per network")
    parser.add_argument("--networks", default=",".join(NETWORKS), help="some of the two")
    parser.add_argument("--steps", type=int, default=MANY_STEPS, help="until memory is measured")
    parser.add_argument("--starts", type=int, default=7, help="of the program, for their median")
    parser.add_argument("--json", type=Path, default=Path("bench-window.json"))
    parser.add_argument("--xvfb", action="store_true", help="on an X server of its own")
    parser.add_argument("--one", help=argparse.SUPPRESS)
    return parser.parse_args()


# ---------------------------------------------------------------- the window while it trains


class Stopwatch:
    """Notes when the diagram was painted, through Qt's own events."""

    def __init__(self, view, painted=lambda: None) -> None:
        from PySide6.QtCore import QEvent, QObject

        self.times: list[float] = []
        paint, times = QEvent.Type.Paint, self.times

        class Watcher(QObject):
            def eventFilter(self, watched, event):
                if event.type() == paint:
                    times.append(time.perf_counter())
                    painted()
                return False

        self._watcher = Watcher()
        view.installEventFilter(self._watcher)


def measure(name: str, seconds: float, steps: int) -> dict:
    """Train a network in the real window; all times in seconds, memory in MB."""
    from PySide6.QtCore import QSettings

    from nnsim.app import Program, make_application
    from nnsim.control.preferences import Preferences

    document = document_of(name)
    app = make_application()
    with tempfile.TemporaryDirectory() as folder:
        settings = QSettings(str(Path(folder) / "nnsim.ini"), QSettings.Format.IniFormat)
        program = Program(app, Preferences(settings))
        program.start()
        program.session._open(document, None)
        found = train_in_window(app, program, seconds, steps)
        program.end()
    return {"network": name, **found}


def train_in_window(app, program, seconds: float, steps: int) -> dict:
    watch = Stopwatch(program.window.diagram.view)
    program._use_speed(FASTEST_PLACE)
    pump(app, lambda: False, 0.5)
    memory = {"start": memory_mb()}
    first, cpu = program.session.document.position.step, time.thread_time()
    begun, others = time.perf_counter(), others_seconds()
    program.session.run()
    watch.times.clear()
    pump(app, lambda: False, seconds)
    elapsed = time.perf_counter() - begun
    taken, cpu = program.session.document.position.step - first, time.thread_time() - cpu
    others = others_seconds() - others
    times, memory["after the run"] = list(watch.times), memory_mb()
    pump(app, lambda: program.session.document.position.step >= steps, 600.0)
    asked = time.perf_counter()
    program.session.pause()
    pause = time.perf_counter() - asked
    memory["in the end"] = memory_mb()
    alone = alone_rate(program.session.frame.run)
    gaps = np.diff(times)
    return {
        "alone": alone,
        "rate": taken / elapsed,
        "fps": len(gaps) / (times[-1] - times[0]),
        "p50_ms": 1e3 * float(np.quantile(gaps, 0.5)),
        "p99_ms": 1e3 * float(np.quantile(gaps, 0.99)),
        "longest_ms": 1e3 * float(gaps.max()),
        "window_cpu_share": cpu / elapsed,
        "others_cpu_share": others / elapsed,
        "pause_ms": 1e3 * pause,
        "steps": program.session.document.position.step,
        "memory_mb": memory,
        "points_kept": len(program.session.frame.run.losses),
    }


def document_of(name: str):
    import nnsim
    from nnsim.data.samples import Samples

    work = make(NETWORKS[name])
    layers = work.layers(work.start)
    network = nnsim.Network.dense(
        list(work.sizes),
        list(work.activations),
        [weights for weights, _ in layers],
        [biases for _, biases in layers],
    )
    settings = nnsim.Settings(learning_rate=work.learning_rate, batch_size=work.batch)
    return nnsim.Document(network, Samples(work.inputs, work.targets), settings)


def alone_rate(run) -> float:
    """Steps per second of the engine alone, going on from a run: the same chunks, no window.

    From the same place: the mean loss is measured more rarely the longer a run has been going.
    """
    from nnsim.control.trainer import CHUNK_SECONDS

    run = run.advance(10**9, 0.5)
    first, begun = run.document.position.step, time.perf_counter()
    while time.perf_counter() - begun < ALONE_SECONDS:
        run = run.advance(10**9, CHUNK_SECONDS)
    return (run.document.position.step - first) / (time.perf_counter() - begun)


def pump(app, done, seconds: float) -> None:
    """Let the window live for some seconds, as app.exec() does, or until something holds."""
    from PySide6.QtCore import QEventLoop, QTimer

    loop, end = QEventLoop(), time.perf_counter() + seconds

    def look() -> None:
        if done() or time.perf_counter() >= end:
            loop.quit()

    timer = QTimer()
    timer.timeout.connect(look)
    timer.start(50)
    loop.exec()


def memory_mb() -> float:
    """What the process holds in memory now (Linux; elsewhere the most it ever held)."""
    status = Path("/proc/self/status")
    if status.is_file():
        lines = dict(line.split(":", 1) for line in status.read_text("utf-8").splitlines())
        return int(lines["VmRSS"].split()[0]) / 1024
    import resource

    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def others_seconds() -> float:
    """The processor time that all other programs have taken since the machine started (Linux)."""
    stat = Path("/proc/stat")
    if not stat.is_file():
        return 0.0
    user, nice, system, _idle, _wait, irq, soft, steal = map(
        int, stat.read_text("utf-8").split()[1:9]
    )
    busy = (user + nice + system + irq + soft + steal) / os.sysconf("SC_CLK_TCK")
    return busy - time.process_time()


# ---------------------------------------------------------------- the whole


def in_a_process_of_its_own(words: list[str]) -> dict:
    done = subprocess.run(
        [sys.executable, __file__, *words], stdout=subprocess.PIPE, text=True, check=True
    )
    return json.loads(done.stdout.splitlines()[-1])


def said(key: str, value: float) -> str:
    goal = GOALS[key]
    met = value >= goal if key in ("fps", "share") else value <= goal
    return f"{value:8.2f}  goal {goal:g}: {'met' if met else 'MISSED'}"


def table(found: dict) -> str:
    memory = ", ".join(f"{when} {mb:.0f}" for when, mb in found["memory_mb"].items())
    lines = [
        f"{found['network']}: {found['steps']:,} steps",
        f"  frames per second   {said('fps', found['fps'])}",
        f"  gap p99, ms         {said('p99_ms', found['p99_ms'])}",
        f"  gap median, longest {found['p50_ms']:8.2f} {found['longest_ms']:8.2f}",
        f"  training, steps/s   {found['rate']:8.0f}, alone {found['alone']:.0f}",
        f"  of its speed alone  {said('share', found['rate'] / found['alone'])}",
        f"  window's thread     {found['window_cpu_share']:8.2f} of a core",
        f"  other programs      {found['others_cpu_share']:8.2f} of a core",
        f"  pause took, ms      {found['pause_ms']:8.2f}",
        f"  memory, MB          {memory}; {found['points_kept']:,} points kept",
    ]
    return "\n".join(lines)


def main() -> None:
    given = arguments()
    if given.one:
        print(json.dumps(measure(given.one, given.seconds, given.steps)))
        return
    if given.xvfb and not os.environ.get("NNSIM_BENCH_X"):
        words = [w for w in sys.argv[1:] if w != "--xvfb"]
        server = ["xvfb-run", "-a", "-s", "-screen 0 1600x1000x24"]
        environment = {**os.environ, "NNSIM_BENCH_X": "1", "QT_QPA_PLATFORM": "xcb"}
        subprocess.run([*server, sys.executable, __file__, *words], env=environment, check=True)
        return
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    results: dict = {
        "machine": machine(),
        "platform": os.environ["QT_QPA_PLATFORM"],
        "networks": [],
    }
    print(f"{results['platform']}, {results['machine']}")
    for name in filter(None, given.networks.split(",")):
        words = ["--one", name, "--seconds", str(given.seconds), "--steps", str(given.steps)]
        found = in_a_process_of_its_own(words)
        results["networks"].append(found)
        print(table(found), flush=True)
    if given.starts:
        results["start"] = measure_starts(given.starts)
        for key, words in (("first_ms", "first frame, ms  "), ("shown_ms", "everything, ms   ")):
            numbers = results["start"]["nnsim"][key]
            print(f"  {words} median {said(key, numbers['median'])}, best {numbers['best']:.0f}")
        bare = results["start"]["bare"]["first_ms"]
        print(f"  bare Qt and numpy median {bare['median']:8.2f}, best {bare['best']:.0f}")
    results["load_in_the_end"] = os.getloadavg()[0]
    given.json.write_text(json.dumps(results, indent=1), "utf-8")


if __name__ == "__main__":
    main()
