"""Makes the pictures of the README: the real window, drawn without a screen.

Use: .venv/bin/python packaging/screenshot.py [FOLDER]
"""

import os
import sys
import tempfile
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from PySide6.QtCore import QSettings
from PySide6.QtWidgets import QApplication

from nnsim.app import Program, make_application
from nnsim.control.preferences import Preferences

SIZE = (1440, 900)


def main(folder: Path) -> None:
    """Write window-light.png and window-dark.png into a folder."""
    app = make_application()
    with tempfile.TemporaryDirectory() as settings:
        for theme, example, steps in (("light", "chapter", 1), ("dark", "two-layers", 3)):
            path = str(Path(settings) / f"{theme}.ini")
            preferences = Preferences(QSettings(path, QSettings.Format.IniFormat))
            preferences.theme = theme
            picture(app, preferences, example, steps, folder / f"window-{theme}.png")


def picture(
    app: QApplication, preferences: Preferences, example: str, steps: int, path: Path
) -> None:
    """Save the window as it is after some steps of an example."""
    program = Program(app, preferences)
    program.window.resize(*SIZE)
    program.start()
    program.session.open_example(example)
    for _ in range(steps):
        program.session.step()
    program.window.diagram.view.motion.end()
    for _ in range(3):
        app.processEvents()
    program.window.grab().save(str(path))
    program.window.hide()


if __name__ == "__main__":
    main(Path(sys.argv[1] if len(sys.argv) > 1 else "resources/pictures"))
