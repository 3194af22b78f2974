"""Copied neurons on the clipboard, in a form of their own: no other program sees them as text."""

from PySide6.QtCore import QMimeData
from PySide6.QtWidgets import QApplication

FORMAT = "application/x-nnsim-neurons+json"


def put_on_clipboard(text: str) -> None:
    """Put the text of copied neurons on the clipboard."""
    data = QMimeData()
    data.setData(FORMAT, text.encode("utf-8"))
    QApplication.clipboard().setMimeData(data)


def on_clipboard() -> str | None:
    """Return the text of copied neurons; None when something else was copied last."""
    data = QApplication.clipboard().mimeData()
    if data is None or not data.hasFormat(FORMAT):
        return None
    return bytes(data.data(FORMAT).data()).decode("utf-8", "replace")


def let_go_of_clipboard() -> None:
    """Take back what was copied, where it would be thrown away only after Python has ended.

    Qt's platforms without a screen keep it until then, and what Python made cannot be thrown away
    any more: the program would end with a crash. Where there is a screen the system has it.
    """
    if QApplication.platformName() in ("offscreen", "minimal"):
        QApplication.clipboard().clear()
