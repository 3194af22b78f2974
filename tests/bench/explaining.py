"""How long explanations keep the window's thread: `python tests/bench/explaining.py`.

The formula of every quantity of some networks is set in type and painted; then a person walks
through a step with the whole window shown: each press, until everything is painted. Times are of
the thread (`time.thread_time`), in ms: the median and what only a tenth took longer than.
"""

import os
import sys
import tempfile
from pathlib import Path

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")  # as nnsim does, before numpy is loaded
os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

sys.path[0] = str(Path(__file__).parents[2])

from tests.bench.diagram import document_of, measured, timed  # noqa: E402
from tests.bench.machine import machine  # noqa: E402

FORMULA_GOAL_MS = 1.5
PRESS_GOAL_MS = 16.0
"""A frame at 60 a second."""
WIDTH, PRESSES = 640, 150


def formula_times(name: str) -> list[float]:
    """Setting and painting the formulas of up to 300 quantities."""
    from PySide6.QtGui import QImage, QPainter

    from nnsim.tracing.pass_plan import plan_of
    from nnsim.views.formulas.written import write_formula

    trace = document_of(name).trace()
    plan = plan_of(trace)
    image = QImage(WIDTH, 400, QImage.Format.Format_RGB32)
    painter, times = QPainter(image), []
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    for number in range(0, len(plan), max(1, len(plan) // 300)):
        quantity = plan[number]
        times.append(timed(lambda q=quantity: write_formula(trace, q, WIDTH).draw(painter, 0, 0)))
    painter.end()
    return times[10:]


def press_times(app, name: str) -> list[float]:
    """One press forward inside a step after another, in the whole window."""
    from PySide6.QtCore import QSettings

    from nnsim.app import Program
    from nnsim.control.preferences import Preferences

    times = []
    with tempfile.TemporaryDirectory() as folder:
        settings = QSettings(str(Path(folder) / "nnsim.ini"), QSettings.Format.IniFormat)
        program = Program(app, Preferences(settings))
        program.start()
        program.session._open(document_of(name), None)

        def press() -> None:
            program.window.explaining.transport.press_forward()
            app.processEvents()

        press()
        for _ in range(PRESSES):
            times.append(timed(press))
        program.end()
    return times[5:]


def main() -> None:
    from nnsim.app import make_application

    app = make_application()
    print(", ".join(f"{name}: {value}" for name, value in machine().items()))
    print("ms of the window's thread, median (and worst tenth)")
    for name in ("2-1", "2-4-1", "30-30-3", "784-128-10"):
        measured(f"{name}, a formula", FORMULA_GOAL_MS, lambda name=name: formula_times(name))
    for name in ("2-1", "2-4-1", "4-16-3", "30-30-3", "784-128-10"):
        measured(f"{name}, a press", PRESS_GOAL_MS, lambda name=name: press_times(app, name))


if __name__ == "__main__":
    main()
