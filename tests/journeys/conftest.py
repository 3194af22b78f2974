"""The real window for journeys, driven by real mouse and key events."""

from pathlib import Path

import pytest
from PySide6.QtCore import QEvent, QPoint, QSettings, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from nnsim.app import Program, make_application
from nnsim.control.preferences import Preferences
from nnsim.engine.network import ParameterRef
from nnsim.views.diagram.targets import Target
from nnsim.views.factors.table import COLUMNS


class Person:
    """Sits at the window: looks at what is shown, clicks and types."""

    def __init__(self, program: Program, qtbot) -> None:
        self.program, self.window, self.qtbot = program, program.window, qtbot
        self.view = program.window.diagram.view
        self.table = program.window.factors.table

    # what is seen

    def cell(self, row: int, column: str) -> str:
        return str(self.table.model().index(row, COLUMNS.index(column)).data())

    def row(self, row: int) -> list[str]:
        return [self.cell(row, column) for column in COLUMNS]

    @property
    def strip(self) -> str:
        return self.window.status.words

    @property
    def document(self):
        return self.program.session.document

    @property
    def weights(self) -> list[float]:
        return list(self.document.network.parameters)

    # what is done

    def key(self, key: Qt.Key, modifier=Qt.KeyboardModifier.NoModifier) -> None:
        QTest.keyClick(QApplication.focusWidget() or self.window, key, modifier)

    def control(self, key: Qt.Key) -> None:
        self.key(key, Qt.KeyboardModifier.ControlModifier)

    def type(self, text: str) -> None:
        for letter in text:  # QTest.keyClicks aborts on letters beyond ASCII, such as −
            field = QApplication.focusWidget()
            assert field is not None
            for kind in (QEvent.Type.KeyPress, QEvent.Type.KeyRelease):
                event = QKeyEvent(kind, 0, Qt.KeyboardModifier.NoModifier, letter)
                QApplication.sendEvent(field, event)

    def place_of(self, target: Target) -> QPoint:
        return self.view.to_screen(self.view.scene().rect(target)).center().toPoint()

    def click(self, target: Target) -> None:
        QTest.mouseClick(self.view, Qt.MouseButton.LeftButton, pos=self.place_of(target))

    def double_click(self, target: Target) -> None:
        where = self.place_of(target)
        QTest.mouseClick(self.view, Qt.MouseButton.LeftButton, pos=where)
        QTest.mouseDClick(self.view, Qt.MouseButton.LeftButton, pos=where)

    def edit(self, target: Target, text: str) -> None:
        self.double_click(target)
        self.type(text)
        self.key(Qt.Key.Key_Return)

    def press(self, name: str) -> None:
        QTest.mouseClick(self.window.toolbar.buttons[name], Qt.MouseButton.LeftButton)

    def answer(self, kind: type):
        """The dialog of that kind that is open now."""
        self.qtbot.waitUntil(lambda: bool(self._open(kind)))
        return self._open(kind)[0]

    def _open(self, kind: type) -> list:
        return [w for w in QApplication.topLevelWidgets() if isinstance(w, kind) and w.isVisible()]


def weight(i: int) -> Target:
    return Target("parameter", ref=ParameterRef(1, 0, i))


@pytest.fixture
def settings_path(tmp_path: Path) -> Path:
    return tmp_path / "settings" / "nnsim.ini"


@pytest.fixture
def start(qtbot, settings_path):
    """Starts the program; more than once is a new sitting with the same preferences."""
    started = []

    def begin(size=(1440, 900)) -> Person:
        settings = QSettings(str(settings_path), QSettings.Format.IniFormat)
        program = Program(make_application(), Preferences(settings))
        program.window.resize(*size)
        program.start()
        program.window.activateWindow()
        qtbot.waitUntil(program.window.isActiveWindow)
        started.append(program)
        return Person(program, qtbot)

    yield begin
    for program in started:
        program.session.pause()
        program.window._may_close = True
        program.window.close()
        program.window.deleteLater()
    QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)


@pytest.fixture
def person(start) -> Person:
    return start()
