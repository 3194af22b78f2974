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
