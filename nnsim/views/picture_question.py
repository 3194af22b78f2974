"""The questions of a picture to export: which format, how large, on what, and where to."""

from pathlib import Path

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QComboBox,
    QDialog,
    QFileDialog,
    QFormLayout,
    QHBoxLayout,
    QMessageBox,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from nnsim.views.diagram.picture import FORMATS, Background, PictureStyle


class PictureQuestion(QDialog):
    """Asks how the picture is to look, then for a file. Show it with open()."""

    picture_wished = Signal(str, object)
    """The file, whose suffix says the format, and a PictureStyle."""

    def __init__(self, folder: str, most_scale: int, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(self.tr("Export a picture"))
        self._folder = folder
        self.format = QComboBox(self)
        for suffix, words in self._formats().items():
            self.format.addItem(words, suffix)
        self.scale = QComboBox(self)
        for scale in range(1, most_scale + 1):
            self.scale.addItem(self.tr("{} × as on the screen").format(scale), scale)
        self.scale.setCurrentIndex(self.scale.findData(min(PictureStyle().scale, most_scale)))
        self.background = QComboBox(self)
        for background, words in self._backgrounds().items():
            self.background.addItem(words, background)
        self.save_button = QPushButton(self.tr("Save as…"), self)
        self.save_button.setProperty("main", True)
        self.save_button.setDefault(True)
        self.cancel_button = QPushButton(self.tr("Cancel"), self)
        self.save_button.clicked.connect(self._ask_file)
        self.cancel_button.clicked.connect(self.reject)
        self.format.currentIndexChanged.connect(self._show_scale)
        self._lay_out()
        self._show_scale()

    @property
    def style_chosen(self) -> PictureStyle:
        """What was chosen so far."""
        return PictureStyle(self.scale.currentData(), self.background.currentData())

    def _formats(self) -> dict[str, str]:
        words = {
            ".svg": self.tr("SVG: lines and text, for web pages and drawing programs"),
            ".pdf": self.tr("PDF: lines and text, for documents"),
            ".png": self.tr("PNG: pixels"),
        }
        return {suffix: words[suffix] for suffix in FORMATS}

    def _backgrounds(self) -> dict[Background, str]:
        return {
            Background.screen: self.tr("As on the screen"),
            Background.light: self.tr("Light"),
            Background.none: self.tr("Transparent"),
        }

    def _show_scale(self) -> None:
        """Only pixels have a size; lines have none."""
        self.scale.setEnabled(self.format.currentData() == ".png")

    def _ask_file(self) -> None:
        suffix = self.format.currentData()
        filters = f"{suffix[1:].upper()} (*{suffix})"
        dialog = QFileDialog(self, self.windowTitle(), self._folder, filters)
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        dialog.setDefaultSuffix(suffix[1:])
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.fileSelected.connect(self._give)
        dialog.open()

    def _give(self, path: str) -> None:
        suffix = self.format.currentData()
        if Path(path).suffix.lower() == suffix:
            self._wish(path)
        elif Path(f"{path}{suffix}").exists():
            self._ask_to_replace(f"{path}{suffix}")
        else:
            self._wish(f"{path}{suffix}")

    def _ask_to_replace(self, path: str) -> None:
        """The file dialog has asked about the name that was typed, not about this longer one."""
        box = QMessageBox(self)
        box.setIcon(QMessageBox.Icon.Question)
        box.setText(self.tr("Replace “{}”?").format(Path(path).name))
        replace = box.addButton(self.tr("Replace"), QMessageBox.ButtonRole.AcceptRole)
        box.addButton(QMessageBox.StandardButton.Cancel)
        box.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        replace.clicked.connect(lambda: self._wish(path))
        box.open()

    def _wish(self, path: str) -> None:
        self.accept()
        self.picture_wished.emit(path, self.style_chosen)

    def _lay_out(self) -> None:
        form = QFormLayout()
        form.setSpacing(12)
        for words, field in (
            (self.tr("Format"), self.format),
            (self.tr("Size"), self.scale),
            (self.tr("Background"), self.background),
        ):
            field.setAccessibleName(words)
            form.addRow(words, field)
        foot = QHBoxLayout()
        foot.setSpacing(8)
        foot.addStretch(1)
        foot.addWidget(self.cancel_button)
        foot.addWidget(self.save_button)
        column = QVBoxLayout(self)
        column.setContentsMargins(16, 16, 16, 16)
        column.setSpacing(16)
        column.addLayout(form)
        column.addLayout(foot)
