"""The diagram as a picture: asked for, written to a file, or put on the clipboard."""

from pathlib import Path

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtWidgets import QApplication, QWidget

from nnsim.views.diagram.canvas import Canvas
from nnsim.views.diagram.picture import PictureStyle, most_scale, picture_bytes, picture_mime
from nnsim.views.file_questions import FileQuestions
from nnsim.views.picture_question import PictureQuestion


class Pictures(QObject):
    """Makes pictures of what the canvas shows."""

    made = Signal(str, bytes)
    """The file it is for, and what it is to hold."""

    def __init__(self, canvas: Canvas, files: FileQuestions, window: QWidget) -> None:
        super().__init__(window)
        self._canvas, self._files, self._window = canvas, files, window

    def ask(self) -> None:
        """Ask how a picture is to look and where to, and make it."""
        scene, frame = self._canvas.shown()
        name = Path(frame.path).stem if frame.path else frame.document.title
        question = PictureQuestion(self._files.folder, name, most_scale(scene), self._window)
        question.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        question.picture_wished.connect(self._make)
        question.open()

    def copy(self) -> None:
        """Put a picture on the clipboard."""
        picture = picture_mime(*self._canvas.shown(), PictureStyle())
        QApplication.clipboard().setMimeData(picture)

    def _make(self, path: str, style: PictureStyle) -> None:
        self._files.folder_used.emit(path)
        scene, frame = self._canvas.shown()
        self.made.emit(path, picture_bytes(Path(path).suffix.lower(), scene, frame, style))
