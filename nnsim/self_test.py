"""Plays the chapter in the real window, by real mouse and key events, and checks its numbers."""

import os
import sys
import tempfile
from pathlib import Path

from PySide6.QtCore import QPointF, QSettings, Qt
from PySide6.QtTest import QTest

from nnsim.app import Program, make_application
from nnsim.control.preferences import Preferences
from nnsim.engine.network import ParameterRef
from nnsim.tracing.wording import on_paper
from nnsim.views.factors.table import COLUMNS

CHAPTER = (
    ("0.75", "0.75", "0.35", ("0.035", "0.28"), ("0.265", "0.62")),
    ("0.5225", "0.5225", "0.1225", ("0.01225", "0.098"), ("0.25275", "0.522")),
)
Printed = tuple[str, str, str, tuple[str, str], tuple[str, str]]
ERROR_AFTER_TWO_STEPS = "0.042875"


def self_test() -> int:
    """Return 0 when the window shows every number of the chapter, else 1 with what differs."""
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    app = make_application()
    with tempfile.TemporaryDirectory() as folder:
        settings = QSettings(str(Path(folder) / "nnsim.ini"), QSettings.Format.IniFormat)
        program = Program(app, Preferences(settings))
        program.start()
        QTest.qWaitForWindowExposed(program.window)
        differences = _play(program)
        program.end()
    for difference in differences:
        sys.stderr.write(difference + "\n")
    if not differences:
        sys.stdout.write("self-test passed: the window shows every number of the chapter\n")
    return 1 if differences else 0


def _play(program: Program) -> list[str]:
    """Step twice with the space bar, edit a weight by mouse and keys, and undo it all."""
    window, found = program.window, []
    for printed in CHAPTER:
        found += _compare(program, printed)
        QTest.keyClick(window, Qt.Key.Key_Space)
    found += _differs("error after two steps", program, ERROR_AFTER_TWO_STEPS)
    _type_weight(program, "1/3")
    weight = program.session.document.network.parameters[0]
    if weight != 1 / 3:
        found.append(f"typing 1/3 into weight1 gave {weight!r}")
    for _ in range(3):
        QTest.keyClick(window, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    return found + _compare(program, CHAPTER[0])


def _compare(program: Program, printed: Printed) -> list[str]:
    total, output, error, deltas, new_values = printed
    trace = program.session.frame.trace
    assert trace is not None
    neuron = trace.neuron(1, 0)
    shown = {"sum": (on_paper(neuron.sum), total), "output": (on_paper(neuron.output), output)}
    for row in range(2):
        shown[f"error in row {row + 1}"] = (_cell(program, row, "error"), error)
        shown[f"delta of weight{row + 1}"] = (_cell(program, row, "delta"), deltas[row])
        shown[f"new weight{row + 1}"] = (_cell(program, row, "new_value"), new_values[row])
    return [
        f"{name} is {have}, in the chapter {want}"
        for name, (have, want) in shown.items()
        if have != want
    ]


def _differs(name: str, program: Program, want: str) -> list[str]:
    have = _cell(program, 0, "error")
    return [] if have == want else [f"{name} is {have}, expected {want}"]


def _cell(program: Program, row: int, column: str) -> str:
    """What the factor table shows."""
    table = program.window.factors.table
    return str(table.model().index(row, COLUMNS.index(column)).data())


def _type_weight(program: Program, text: str) -> None:
    view = program.window.diagram.view
    scene = view.scene()
    assert scene is not None
    centre: QPointF = view.to_screen(scene.labels[ParameterRef(1, 0, 0)]).center()
    QTest.mouseDClick(view, Qt.MouseButton.LeftButton, pos=centre.toPoint())
    QTest.keyClicks(view.field, text)
    QTest.keyClick(view.field, Qt.Key.Key_Return)
