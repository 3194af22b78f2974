"""The menu of how numbers are written: digits, decimal comma, fractions, and those of paper."""

from collections.abc import Callable
from dataclasses import replace

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QMenu, QWidget

from nnsim.tracing.display import FEWEST_DIGITS, MOST_DIGITS, Display, display


class NumbersMenu(QMenu):
    """Made anew whenever it opens, with what is chosen now ticked."""

    display_wished = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setTitle(self.tr("Numbers"))
        self.aboutToShow.connect(self._fill)

    def _fill(self) -> None:
        self.clear()
        now = display()
        self._add(self.tr("As on paper"), now.digits is None, replace(now, digits=None))
        for digits in range(FEWEST_DIGITS, MOST_DIGITS + 1):
            said = self.tr("{} digits").format(digits)
            self._add(said, now.digits == digits, replace(now, digits=digits))
        self.addSeparator()
        self._add(self.tr("Decimal comma"), now.comma, replace(now, comma=not now.comma))
        arithmetic = self.addMenu(self.tr("Paper arithmetic"))
        usual = replace(now, exact=False, rounded=None)
        self._add(self.tr("Nothing else"), now == usual, usual, arithmetic)
        exact = replace(usual, exact=True)
        self._add(self.tr("Exact fractions"), now.exact, exact, arithmetic)
        for decimals in range(1, 7):
            said = self.tr("Every line rounded to {}").format(f"{0:.{decimals}f}")
            rounded = replace(usual, rounded=decimals)
            self._add(said, now.rounded == decimals, rounded, arithmetic)
        fractions = replace(now, fractions=not now.fractions)
        self._add(self.tr("Fractions where exact"), now.fractions, fractions)

    def _add(self, said: str, is_now: bool, wished: Display, menu: QMenu | None = None) -> None:
        action = (menu or self).addAction(said)
        action.setCheckable(True)
        action.setChecked(is_now)
        action.triggered.connect(self._wishing(wished))

    def _wishing(self, wished: Display) -> Callable[[bool], None]:
        return lambda _checked: self.display_wished.emit(wished)
