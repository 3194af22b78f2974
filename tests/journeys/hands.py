"""What a hand does on the diagram, by real mouse events."""

from PySide6.QtCore import QEvent, QPoint, QPointF, QRectF, Qt
from PySide6.QtGui import QMouseEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from nnsim.views.diagram.targets import Target

NONE = Qt.KeyboardModifier.NoModifier
LEFT = Qt.MouseButton.LeftButton


def place_of(person, target: Target) -> QRectF:
    """Where something stands in the diagram, once the window has found its layout."""
    QApplication.processEvents()
    return person.view.canvas.place_of(target)


def middle(person, target: Target) -> QPoint:
    """Where something stands in the diagram now."""
    return place_of(person, target).center().toPoint()


def corner(person, target: Target) -> QPoint:
    """A place of a card where there is no number."""
    return (place_of(person, target).topLeft() + QPointF(5, 5)).toPoint()


def press(person, where: QPoint, keys=NONE, button=LEFT) -> None:
    QTest.mouseMove(person.view, where)
    QTest.mousePress(person.view, button, keys, where)


def move(person, where: QPoint, keys=NONE, button=LEFT) -> None:
    """Move with a button held; QTest.mouseMove knows no keys."""
    everywhere = QPointF(person.view.mapToGlobal(where))
    event = QMouseEvent(
        QEvent.Type.MouseMove, QPointF(where), everywhere, Qt.MouseButton.NoButton, button, keys
    )
    QApplication.sendEvent(person.view, event)


def release(person, where: QPoint, keys=NONE, button=LEFT) -> None:
    QTest.mouseRelease(person.view, button, keys, where)


def click(person, where: QPoint, keys=NONE) -> None:
    press(person, where, keys)
    release(person, where, keys)


def drag(person, begin: QPoint, end: QPoint, keys=NONE, button=LEFT) -> None:
    """Press, move in three steps, let go."""
    press(person, begin, keys, button)
    for share in (0.3, 0.7, 1.0):
        move(person, begin + (end - begin) * share, keys, button)
    release(person, end, keys, button)
