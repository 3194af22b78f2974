"""The table of keys by real events."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel

from nnsim.views.keys_dialog import Caps, KeysDialog

ROWS = [
    ("Training", "Space", "Take one training step"),
    ("Training", "F5", "Run, or pause"),
    ("Numbers", "Tab, Shift+Tab", "Next number, previous number"),
    ("File", "Ctrl+S", "Save"),
]


@pytest.fixture
def dialog(qtbot):
    widget = KeysDialog(ROWS)
    qtbot.addWidget(widget)
    with qtbot.waitActive(widget):
        widget.open()
        widget.activateWindow()
    return widget


def test_every_row_is_shown(dialog):
    words = {label.text() for label in dialog.findChildren(QLabel)}
    caps = [cap.accessibleName() for cap in dialog.findChildren(Caps)]

    assert words == {"Training", "Numbers", "File"} | {what for _, _, what in ROWS}
    assert sorted(caps) == sorted(keys for _, keys, _ in ROWS)
    assert "Training: Space: Take one training step" in dialog.area.accessibleDescription()


@pytest.mark.parametrize("key", [Qt.Key.Key_Escape, Qt.Key.Key_Return])
def test_escape_and_enter_close_it(dialog, key):
    QTest.keyClick(dialog, key)

    assert not dialog.isVisible()


def test_the_close_button_closes_it(dialog):
    QTest.mouseClick(dialog.close_button, Qt.MouseButton.LeftButton)

    assert not dialog.isVisible()


def test_a_low_window_scrolls_by_keys(qtbot):
    dialog = KeysDialog([("Group", f"F{i}", f"Key number {i}") for i in range(60)])
    qtbot.addWidget(dialog)
    dialog.resize(600, 300)
    with qtbot.waitActive(dialog):
        dialog.open()
        dialog.activateWindow()
    QTest.keyClick(dialog.area, Qt.Key.Key_PageDown)

    assert dialog.area.verticalScrollBar().value() > 0


def test_no_rows_are_no_trouble(qtbot):
    dialog = KeysDialog([])
    qtbot.addWidget(dialog)
    dialog.open()

    assert dialog.isVisible()
