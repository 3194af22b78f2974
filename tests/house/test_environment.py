"""The installed Qt binding keeps count of None: one release lost a reference in every call."""

import os
import subprocess
import sys

import pytest

PROBE = """
import sys
from PySide6.QtCore import QLineF, QObject, QTimer
from PySide6.QtGui import QImage, QPainter, QPen
from PySide6.QtWidgets import QApplication, QLabel

app = QApplication([])
label, image, pen, timer = QLabel(), QImage(8, 8, QImage.Format.Format_RGB32), QPen(), QTimer()
painter = QPainter(image)
line = QLineF(0.0, 0.0, 8.0, 8.0)
calls = {
    "QLabel.setText": lambda: label.setText("x"),
    "QWidget.update": label.update,
    "QPen.setWidthF": lambda: pen.setWidthF(2.0),
    "QPainter.setPen": lambda: painter.setPen(pen),
    "QPainter.drawLine": lambda: painter.drawLine(line),
    "QTimer.setInterval": lambda: timer.setInterval(10),
    "QObject.setObjectName": lambda: timer.setObjectName("x"),
    "QApplication.processEvents": app.processEvents,
}
lost = []
for name, call in calls.items():
    before = sys.getrefcount(None)
    for _ in range(200):
        call()
    if sys.getrefcount(None) < before - 100:
        lost.append(name)
painter.end()
print(lost)
"""


def run(*arguments):
    environment = {**os.environ, "QT_QPA_PLATFORM": "offscreen"}
    return subprocess.run(
        [sys.executable, *arguments], env=environment, capture_output=True, text=True, check=False
    )


def test_no_call_into_qt_loses_a_reference_to_none():
    done = run("-c", PROBE)

    assert done.returncode == 0, done.stderr
    assert done.stdout.strip() == "[]"


@pytest.mark.parametrize("package", ["numpy", "msgspec", "xlsxwriter", "PySide6.QtWidgets"])
def test_every_dependency_can_be_imported_without_a_warning(package):
    done = run("-W", "error", "-c", f"import {package}")

    assert done.returncode == 0, done.stderr
