"""The door to the dialog of conventions, and the words that say which of them are unusual."""

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QPushButton, QWidget

from nnsim.model.frame import Frame
from nnsim.tracing.convention_words import summary
from nnsim.views.conventions_dialog import ConventionsDialog


class ConventionsDoor(QObject):
    """Opens the dialog, beside a window that goes on; a button says what is not as usual."""

    wished = Signal(object)

    def __init__(self, window: QWidget) -> None:
        super().__init__(window)
        self._window = window
        self._frame: Frame | None = None
        self.dialog: ConventionsDialog | None = None
        self.button = QPushButton(window)
        self.button.setFlat(True)
        self.button.setProperty("role", "link")
        self.button.setToolTip(self.tr("Numbers are shown so; training does not change (Ctrl+K)"))
        self.button.clicked.connect(self.open)
        self.button.hide()

    def show_frame(self, frame: Frame) -> None:
        """Show a moment."""
        self._frame = frame
        said = summary(frame.conventions)
        if said != self.button.text():
            self.button.setText(said)
            self.button.setAccessibleName(self.tr("Conventions: {}").format(said))
            self.button.setVisible(bool(said))
        if self.dialog is not None:
            self.dialog.show_frame(frame)

    def open(self) -> None:
        """Open the dialog, or bring it to the front."""
        if self.dialog is None:
            self.dialog = ConventionsDialog(self._window)
            self.dialog.conventions_wished.connect(self.wished)
        if self._frame is not None:
            self.dialog.show_frame(self._frame)
        self.dialog.show()
        self.dialog.raise_()
        self.dialog.activateWindow()
