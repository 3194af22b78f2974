"""How long the program takes to start, beside a window that has Qt and numpy and nothing else.

Both are started in turn, so that a machine that is slow for a while is slow for both. Run as a
program (`starting.py nnsim` or `starting.py bare`) it starts one of them once.
"""

import gc
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


def when_painted(widget, then):
    """Call a function at the widget's first paint; what is returned must be kept."""
    from PySide6.QtCore import QEvent, QObject

    class Watcher(QObject):
        def eventFilter(self, watched, event):
            if event.type() == QEvent.Type.Paint:
                widget.removeEventFilter(self)
                then()
            return False

    watcher = Watcher()
    widget.installEventFilter(watcher)
    return watcher


class Clock:
    """Milliseconds since the process was asked for."""

    def __init__(self) -> None:
        self.began = float(os.environ["NNSIM_BENCH_BEGAN"])
        self.found: dict[str, float] = {}

    def note(self, key: str) -> None:
        self.found[key] = 1e3 * (time.time() - self.began)


def start_nnsim(clock: Clock) -> None:
    """Start the program as `nnsim` does, until the event loop has nothing left to do."""
    gc.disable()  # as nnsim/__main__.py does
    from PySide6.QtCore import QTimer

    from nnsim import app as app_module

    class Timed(app_module.Program):
        def start(self) -> None:
            self.watcher = when_painted(self.window.diagram.view, self.painted)
            super().start()

        def painted(self) -> None:
            clock.note("first_ms")
            QTimer.singleShot(0, self.shown)

        def shown(self) -> None:
            clock.note("shown_ms")
            app_module.QApplication.instance().quit()

    app_module.Program = Timed
    app_module.run_app(None)


def start_bare(clock: Clock) -> None:
    """Start an empty window with a QGraphicsView in it."""
    from PySide6.QtCore import QTimer
    from PySide6.QtWidgets import QApplication, QGraphicsScene, QGraphicsView, QMainWindow

    app = QApplication([])
    window, view = QMainWindow(), QGraphicsView(QGraphicsScene())
    window.setCentralWidget(view)

    def painted() -> None:
        clock.note("first_ms")
        QTimer.singleShot(0, app.quit)

    watcher = when_painted(view.viewport(), painted)
    window.resize(1440, 900)
    window.show()
    app.exec()
    del watcher


STARTS = {"nnsim": start_nnsim, "bare": start_bare}


def measure_starts(count: int) -> dict:
    """Return the median and the best of so many starts of each, after one that warms the caches."""
    results: dict[str, list[dict]] = {kind: [] for kind in STARTS}
    with tempfile.TemporaryDirectory() as folder:
        for _ in range(count + 1):
            for kind, found in results.items():
                found.append(_started(kind, folder))
    return {kind: _summary(found[1:]) for kind, found in results.items()}


def _started(kind: str, folder: str) -> dict:
    environment = {
        **os.environ,
        "XDG_CONFIG_HOME": folder,
        "PYTHONPYCACHEPREFIX": folder,  # compiled once, as in an installation
        "NNSIM_BENCH_BEGAN": str(time.time()),
    }
    environment.pop("PYTHONDONTWRITEBYTECODE", None)
    words = [sys.executable, __file__, kind]
    done = subprocess.run(
        words, env=environment, capture_output=True, text=True, check=True, timeout=60
    )
    return json.loads(done.stdout.splitlines()[-1])


def _summary(found: list[dict]) -> dict:
    columns = {key: [times[key] for times in found] for key in found[0]}
    return {key: {"median": float(np.median(c)), "best": min(c)} for key, c in columns.items()}


if __name__ == "__main__":
    sys.path[0] = str(ROOT)
    clock = Clock()
    STARTS[sys.argv[1]](clock)
    print(json.dumps(clock.found))
