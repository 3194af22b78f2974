"""The box in which one of several names is chosen."""

from collections.abc import Iterable

from PySide6.QtWidgets import QComboBox, QSizePolicy, QWidget


class ChoiceBox(QComboBox):
    """A choice among names, each with what is shown for it."""

    def __init__(self, choices: Iterable[tuple[str, str]], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        for name, shown in choices:
            self.addItem(shown, name)
        self.setSizeAdjustPolicy(self.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.setMinimumContentsLength(12)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    @property
    def choice(self) -> str:
        """The name that is chosen."""
        return str(self.currentData())

    def choose(self, name: str) -> None:
        """Choose a name; the first one when it is not there."""
        self.setCurrentIndex(max(0, self.findData(name)))

    def showPopup(self) -> None:
        """Show all of every entry, also where the box is narrower."""
        self.view().setMinimumWidth(self.view().sizeHintForColumn(0) + 24)
        super().showPopup()
