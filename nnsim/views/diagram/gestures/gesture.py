"""What every gesture is: it begins with a press, follows the pointer, and ends or is taken back."""

from dataclasses import dataclass

from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QPainter


@dataclass(frozen=True)
class Pointer:
    """Where the pointer is in the widget, and the keys that are held with it."""

    where: QPointF
    keys: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier

    def holds(self, *keys: Qt.KeyboardModifier) -> bool:
        """Whether any of these keys is held."""
        return any(bool(self.keys & key) for key in keys)

    @property
    def adds(self) -> bool:
        """Whether what is pointed at joins what is chosen: Ctrl or Shift is held."""
        return self.holds(Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.ShiftModifier)


class Gesture:
    """One gesture, from press to release. Each kind does what it needs of this."""

    cursor = Qt.CursorShape.ArrowCursor

    def move(self, pointer: Pointer) -> None:
        """Follow the pointer, which has left the place of the press."""

    def release(self, pointer: Pointer) -> None:
        """End it, moved as it is."""

    def click(self, pointer: Pointer) -> None:
        """End it where it began."""

    def cancel(self) -> None:
        """Take it back."""

    def paint(self, painter: QPainter) -> None:
        """Draw what belongs to it above the diagram, in the widget's coordinates."""
