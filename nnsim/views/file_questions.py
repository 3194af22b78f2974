"""Asks for file names, and before unsaved work would be lost."""

from collections.abc import Callable

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtWidgets import QFileDialog, QMessageBox, QWidget

from nnsim.model.frame import Frame

PROJECTS = "nnsim (*.nnsim)"
WEIGHTS = "CSV (*.csv);;JSON (*.json)"


class FileQuestions(QObject):
    """Turns “open”, “save” and “close” into names of files. Never blocks the event loop."""

    open_wished = Signal(str)
    save_wished = Signal(str)
    export_wished = Signal(str)
    import_wished = Signal(str)
    folder_used = Signal(str)

    def __init__(self, window: QWidget) -> None:
        super().__init__(window)
        self._window = window
        self._frame: Frame | None = None
        self._then: Callable[[], None] | None = None
        self.folder = ""

    def show_frame(self, frame: Frame) -> None:
        """Take note whether there is unsaved work."""
        self._frame = frame

    def ask_open(self) -> None:
        """Ask for a project to open, after asking for unsaved work."""
        self.when_safe(self._choose_open)

    def ask_export(self) -> None:
        """Ask where to write the weights."""
        dialog = self._dialog(self.tr("Export the weights"), WEIGHTS, self.export_wished.emit)
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        dialog.setDefaultSuffix("csv")
        dialog.filterSelected.connect(self._follow_filter)
        dialog.open()

    def ask_import(self) -> None:
        """Ask which weights to read."""
        filters = self.tr("Weights (*.csv *.json)")
        dialog = self._dialog(self.tr("Import weights"), filters, self.import_wished.emit)
        dialog.setFileMode(QFileDialog.FileMode.ExistingFile)
        dialog.open()

    def save(self) -> None:
        """Save where the project is from, asking where when it is new."""
        if self._frame is not None and self._frame.path is not None:
            self._save_to(self._frame.path)
        else:
            self.ask_save_as()

    def ask_save_as(self) -> None:
        """Ask where to save."""
        dialog = self._dialog(self.tr("Save the project"), PROJECTS, self._save_to)
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        dialog.setDefaultSuffix("nnsim")
        dialog.rejected.connect(self._forget_then)
        dialog.open()

    def when_safe(self, then: Callable[[], None]) -> None:
        """Do something that drops the present document: at once, or after asking to save it."""
        if self._frame is None or not self._frame.unsaved:
            then()
            return
        self._then = then
        name = self._frame.file_name or self._frame.document.title
        box = QMessageBox(self._window)
        box.setIcon(QMessageBox.Icon.Question)
        box.setText(self.tr("Save the changes to “{}”?").format(name))
        box.setInformativeText(self.tr("They are lost if you do not save them."))
        box.setStandardButtons(
            QMessageBox.StandardButton.Save
            | QMessageBox.StandardButton.Discard
            | QMessageBox.StandardButton.Cancel
        )
        box.setDefaultButton(QMessageBox.StandardButton.Save)
        box.finished.connect(self._answered)
        box.open()

    def _answered(self, answer: int) -> None:
        if answer == QMessageBox.StandardButton.Save.value:
            self.save()
        elif answer == QMessageBox.StandardButton.Discard.value:
            self._go_on()
        else:
            self._forget_then()

    def _save_to(self, path: str) -> None:
        self.save_wished.emit(path)
        # The wish is granted or refused within the emit; unsaved tells which.
        if self._frame is not None and not self._frame.unsaved:
            self._go_on()
        else:
            self._forget_then()

    def _go_on(self) -> None:
        then, self._then = self._then, None
        if then is not None:
            then()

    def _forget_then(self) -> None:
        self._then = None

    def _choose_open(self) -> None:
        dialog = self._dialog(self.tr("Open a project"), PROJECTS, self.open_wished.emit)
        dialog.setFileMode(QFileDialog.FileMode.ExistingFile)
        dialog.open()

    def _dialog(self, title: str, filters: str, chosen: Callable[[str], object]) -> QFileDialog:
        dialog = QFileDialog(self._window, title, self.folder, filters)
        dialog.fileSelected.connect(chosen)
        dialog.fileSelected.connect(self.folder_used)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        return dialog

    def _follow_filter(self, chosen: str) -> None:
        dialog = self.sender()
        if isinstance(dialog, QFileDialog):
            dialog.setDefaultSuffix("json" if "json" in chosen else "csv")
