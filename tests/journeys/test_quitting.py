"""The program ends well, whatever was done in it last."""

import os
import subprocess
import sys

SCRIPT = """
import sys
from PySide6.QtCore import QTimer
import nnsim.app as app

start = app.Program.start

def started(self):
    start(self)
    for wait, name in ((50, "copy_picture"), (150, "quit")):
        QTimer.singleShot(wait, self.window.actions_by_name[name].trigger)

app.Program.start = started
sys.exit(app.run_app(None))
"""


def test_quitting_after_a_copy_ends_without_a_crash(tmp_path):
    own = {"QT_QPA_PLATFORM": "offscreen", "XDG_CONFIG_HOME": str(tmp_path)}
    ended = subprocess.run(
        [sys.executable, "-c", SCRIPT],
        env=os.environ | own,
        capture_output=True,
        timeout=120,
        check=False,
    )
    assert ended.returncode == 0, ended.stderr.decode()
