"""The worked solution of the coming step, to take away: asked for, and written to a file."""

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtWidgets import QFileDialog, QWidget

from nnsim.errors import NnsimError
from nnsim.model.frame import Frame
from nnsim.tracing.display import usual_display
from nnsim.tracing.pass_plan import plan_of
from nnsim.tracing.report import trace_text
from nnsim.tracing.trace import Trace
from nnsim.tracing.worked.python_script import python_script
from nnsim.tracing.worked.workbook import workbook
from nnsim.tracing.worked.written import html, latex, markdown
from nnsim.views.file_questions import FileQuestions
from nnsim.views.solution_pdf import solution_pdf

MOST = 2000
"""More numbers would keep the window waiting; a command writes those."""

FORMS: dict[str, Callable[[Trace], bytes]] = {
    ".pdf": solution_pdf,
    ".xlsx": workbook,
    ".html": lambda trace: html(trace).encode(),
    ".tex": lambda trace: latex(trace).encode(),
    ".md": lambda trace: markdown(trace).encode(),
    ".txt": lambda trace: trace_text(trace).encode(),
    ".py": lambda trace: python_script(trace).encode(),
}


class Solutions(QObject):
    """Makes the file of a step's worked solution."""

    made = Signal(str, bytes)
    """The file it is for, and what it is to hold."""
    refused = Signal(str)

    def __init__(self, files: FileQuestions, window: QWidget) -> None:
        super().__init__(window)
        self._files, self._window = files, window
        self._frame: Frame | None = None

    def show_frame(self, frame: Frame) -> None:
        """Take in a moment."""
        self._frame = frame

    def ask(self) -> None:
        """Ask for a file, whose ending says the form, and make it."""
        frame = self._frame
        if frame is None or frame.trace is None:
            self.refused.emit(self.tr("There are no samples: add one to have a step."))
            return
        count = len(plan_of(frame.trace.trained))
        if count > MOST:
            said = self.tr(
                "This step has {} numbers; the window writes up to {}. Save the project, and let "
                "“nnsim trace FILE --pdf -o step.pdf” write it."
            )
            self.refused.emit(said.format(f"{count:,}", f"{MOST:,}"))
            return
        self._open_dialog(frame)

    def _open_dialog(self, frame: Frame) -> None:
        filters = ";;".join(f"{said} (*{suffix})" for suffix, said in self._words().items())
        dialog = QFileDialog(self._window, self.tr("Export the step"), self._files.folder, filters)
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        dialog.setDefaultSuffix("pdf")
        dialog.selectFile(self.tr("step {}").format(frame.document.position.step + 1))
        dialog.filterSelected.connect(
            lambda chosen: dialog.setDefaultSuffix(chosen.rpartition(".")[2].rstrip(")"))
        )
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.fileSelected.connect(self._make)
        dialog.open()

    def _make(self, path: str) -> None:
        frame, form = self._frame, FORMS.get(Path(path).suffix.lower())
        if frame is None or frame.trace is None:
            return
        if form is None:
            known = ", ".join(FORMS)
            said = self.tr("{}: the ending says the form; use one of {}.")
            self.refused.emit(said.format(Path(path).name, known))
            return
        try:
            with usual_display():
                data = form(frame.trace.trained)
        except NnsimError as error:
            self.refused.emit(str(error))
            return
        self._files.folder_used.emit(path)
        self.made.emit(path, data)

    def _words(self) -> dict[str, str]:
        return {
            ".pdf": self.tr("PDF: numbered pages"),
            ".xlsx": self.tr("Spreadsheet of live formulas"),
            ".html": self.tr("Page for a browser"),
            ".tex": self.tr("LaTeX"),
            ".md": self.tr("Markdown"),
            ".txt": self.tr("Plain text"),
            ".py": self.tr("Python script that checks itself"),
        }
