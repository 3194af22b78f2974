"""The row of the New dialog for start weights: how they are drawn, and from which range."""

import math

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QLineEdit, QVBoxLayout, QWidget

from nnsim.data.typed_numbers import parse_number
from nnsim.engine.initializers import with_constant_weights, with_start_weights
from nnsim.engine.network import Network
from nnsim.engine.settings import INITIALIZERS, Settings
from nnsim.errors import BadNumber, BadSetting
from nnsim.views.parts.choice_box import ChoiceBox

USUAL = Settings()


class StartWeights(QWidget):
    """An initializer, and its number where it takes one."""

    changed = Signal()
    """A person chose another initializer, or typed a number."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        words = self._words()
        self.box = ChoiceBox(((name, words[name][0]) for name in INITIALIZERS), self)
        self.box.setAccessibleName(self.tr("Start weights"))
        self.number = QLineEdit(self)
        self.number.setFixedWidth(72)
        self.number.setMaxLength(24)
        self.number.setMinimumHeight(28)
        self.meaning = QLabel(self)
        self.meaning.setProperty("role", "hint")
        self._typed = {name: "0" if name == "constant" else "1" for name in INITIALIZERS}
        self._lay_out()
        self._show_choice()
        self.box.activated.connect(self._choose)
        self.number.textEdited.connect(self._type)

    def settings(self) -> dict[str, object]:
        """Return the settings that later start weights are drawn by.

        After start weights that are all the same, new random ones are to be random: they are drawn
        as usual. Raises BadNumber or BadSetting when what was typed cannot be.
        """
        number = self._checked_number()
        if self.box.choice == "constant":
            return {"initializer": USUAL.initializer, "start_range": USUAL.start_range}
        return {"initializer": self.box.choice, "start_range": number}

    def applied(self, network: Network, seed: int) -> Network:
        """Return the network with start weights; raises like `settings`."""
        if self.box.choice == "constant":
            return with_constant_weights(network, self._checked_number())
        return with_start_weights(network, Settings(**self.settings(), seed=seed))  # type: ignore[arg-type]

    def _checked_number(self) -> float:
        """The number that was typed, the usual one where none is asked for."""
        if self.number.isHidden():
            return USUAL.start_range
        number = parse_number(self.number.text())
        if self.box.choice == "constant":
            return number
        if number < 0:
            raise BadSetting("The range of the start weights must be at least 0.")
        if not math.isfinite(2 * number):
            raise BadNumber("That range of start weights is too large.")
        return number

    def _choose(self) -> None:
        self._show_choice()
        self.changed.emit()

    def _type(self, text: str) -> None:
        self._typed[self.box.choice] = text
        self.changed.emit()

    def _show_choice(self) -> None:
        """Show the number of the initializer, or its formula where it has none."""
        meaning, takes_number = self._words()[self.box.choice][1:]
        self.number.setVisible(takes_number)
        self.number.setText(self._typed[self.box.choice])
        self.number.setAccessibleName(meaning)
        self.meaning.setText(meaning)
        self.box.setAccessibleDescription(meaning)

    def _words(self) -> dict[str, tuple[str, str, bool]]:
        """For each initializer: its name, what its number means or how it draws, a number or not.

        As in engine/initializers.py.
        """
        normal = self.tr("weights normal with the variance {}; biases 0")
        return {
            "uniform": (self.tr("uniform"), self.tr("evenly from − this to this"), True),
            "normal": (self.tr("normal"), self.tr("around 0, with this deviation"), True),
            "constant": (self.tr("all the same"), self.tr("every weight and bias"), True),
            "glorot": (
                "glorot",
                self.tr("weights evenly in ± √(6 / (in + out)); biases 0"),
                False,
            ),
            "he": ("he", normal.format("2 / in"), False),
            "lecun": ("lecun", normal.format("1 / in"), False),
        }

    def _lay_out(self) -> None:
        row = QHBoxLayout()
        row.setSpacing(8)
        row.addWidget(self.number)
        row.addWidget(self.meaning, 1)
        self.meaning.setMinimumHeight(28)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(6)
        column.addWidget(self.box)
        column.addLayout(row)
