"""Everything on the screen is made larger or smaller; nothing that was done is lost by it."""

import os
import subprocess
import sys

import pytest
from PySide6.QtCore import QSize, Qt

from nnsim import app as app_module
from nnsim.app import AGAIN

SHIFTED = Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier

IN_A_WINDOW = """
import sys
from PySide6.QtCore import QTimer
import nnsim.app
from nnsim.engine.network import ParameterRef

WIDTHS, SEEN = iter([-1, -1, 0]), []

class Watched(nnsim.app.Program):
    def start(self):
        super().start()
        QTimer.singleShot(50, self.window, self.look)

    def look(self):
        frame = self.session.frame
        SEEN.append((self.window.devicePixelRatioF(), frame.undo_name))
        by = next(WIDTHS, None)
        if by is None:
            self.session.undo()
            SEEN.append((len(SEEN), self.session.frame.undo_name))
            self.window._may_close = True
            self.window.close()
        else:
            if frame.undo_name is None:
                self.session.set_parameter(ParameterRef(1, 0, 0), 0.5)
            self.window.scale_wished.emit(by)

nnsim.app.Program = Watched
code = nnsim.app.run_app(None)
print(SEEN, code)
"""


@pytest.fixture
def left(person):
    """With which codes the window was left."""
    codes = []
    person.program.leave = codes.append
    return codes


@pytest.mark.parametrize(
    ("keys", "scale"), [((Qt.Key.Key_Minus,), 0.9), ((Qt.Key.Key_Minus, Qt.Key.Key_0), 1.0)]
)
def test_keys_change_the_scale_and_it_is_remembered(person, left, keys, scale):
    for key in keys:
        person.key(key, SHIFTED)

    assert person.program.preferences.scale == scale
    assert left == [AGAIN] * len(keys)


def test_it_grows_where_the_screen_has_room(person, left, monkeypatch):
    monkeypatch.setattr(app_module, "fits", lambda *_: True)
    person.key(Qt.Key.Key_Up, SHIFTED)

    assert person.program.preferences.scale == 1.1
    assert left == [AGAIN]


def test_it_does_not_grow_beyond_the_screen(person, left, monkeypatch):
    monkeypatch.setattr(person.window, "minimumSizeHint", lambda: QSize(5000, 100))
    person.key(Qt.Key.Key_Plus, SHIFTED)

    assert person.program.preferences.scale == 1.0
    assert left == []
    assert person.strip == "Larger does not fit on this screen."


def test_what_was_done_is_there_in_the_next_window(tmp_path):
    environment = {**os.environ, "QT_QPA_PLATFORM": "offscreen", "XDG_CONFIG_HOME": str(tmp_path)}
    done = subprocess.run(
        [sys.executable, "-c", IN_A_WINDOW],
        env=environment,
        capture_output=True,
        text=True,
        timeout=60,
    )

    name = "weight1 0.3 → 0.5"
    seen = [(1.0, None), (0.9, name), (0.8, name), (1.0, name), (4, None)]
    assert done.stdout.strip() == f"{seen} 0", done.stderr
