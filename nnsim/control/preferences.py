"""What is remembered between two sittings: theme, layout, last folder, speed."""

import math
from pathlib import Path
from typing import get_args

from PySide6.QtCore import QByteArray, QSettings

from nnsim.tracing.conventions import Conventions, ErrorSign, Names, ShownLoss
from nnsim.tracing.display import FEWEST_DIGITS, MOST_DIGITS, Display


class Preferences:
    """A typed door to QSettings, which gives strings back where bools and numbers went in."""

    def __init__(self, settings: QSettings) -> None:
        self._settings = settings

    @property
    def theme(self) -> str:
        """“light” or “dark”."""
        return "dark" if self._settings.value("theme", "light", type=str) == "dark" else "light"

    @theme.setter
    def theme(self, name: str) -> None:
        self._settings.setValue("theme", name)

    @property
    def folder(self) -> str:
        """Where the last file was; the home folder when it is gone."""
        folder = str(self._settings.value("folder", "", type=str))
        return folder if folder and Path(folder).is_dir() else str(Path.home())

    @folder.setter
    def folder(self, path: str) -> None:
        self._settings.setValue("folder", path)

    @property
    def speed(self) -> int:
        """The place of the speed slider, 0 … 100."""
        return int(min(100, max(0, self._number("speed", 0))))

    @speed.setter
    def speed(self, place: int) -> None:
        self._settings.setValue("speed", place)

    @property
    def scale(self) -> float:
        """How large everything on the screen is; 1 is the usual size."""
        scale = self._number("scale", 1.0)
        return scale if 0.5 <= scale <= 4.0 else 1.0

    @scale.setter
    def scale(self, scale: float) -> None:
        self._settings.setValue("scale", scale)

    @property
    def less_motion(self) -> bool:
        """Whether a step moves nothing on the screen."""
        return self._settings.value("less_motion", "false", type=str) == "true"

    @less_motion.setter
    def less_motion(self, less: bool) -> None:
        self._settings.setValue("less_motion", "true" if less else "false")

    @property
    def display(self) -> Display:
        """How numbers are written on the screen."""
        digits = int(self._number("digits", 0))
        chosen = digits if FEWEST_DIGITS <= digits <= MOST_DIGITS else None
        decimals = int(self._number("rounded", 0))
        return Display(
            digits=chosen,
            comma=self._is_set("decimal_comma"),
            fractions=self._is_set("fractions"),
            exact=self._is_set("exact"),
            rounded=decimals if 1 <= decimals <= MOST_DIGITS else None,
        )

    @display.setter
    def display(self, display: Display) -> None:
        self._settings.setValue("digits", display.digits or 0)
        self._settings.setValue("decimal_comma", "true" if display.comma else "false")
        self._settings.setValue("fractions", "true" if display.fractions else "false")
        self._settings.setValue("exact", "true" if display.exact else "false")
        self._settings.setValue("rounded", display.rounded or 0)

    @property
    def conventions(self) -> Conventions:
        """How textbooks' conventions are shown; one that is not known is as usual."""
        chosen = {name: str(self._settings.value(name, "")) for name in ("error_sign", "names")}
        signs, names = get_args(ErrorSign), get_args(Names)
        loss = str(self._settings.value("shown_loss", ""))
        return Conventions(
            error_sign=next((s for s in signs if s == chosen["error_sign"]), signs[0]),
            shown_loss=next((s for s in get_args(ShownLoss) if s == loss), None),
            delta_with_rate=self._is_set("delta_with_rate"),
            names=next((n for n in names if n == chosen["names"]), names[0]),
        )

    @conventions.setter
    def conventions(self, conventions: Conventions) -> None:
        self._settings.setValue("error_sign", conventions.error_sign)
        self._settings.setValue("shown_loss", conventions.shown_loss or "")
        with_rate = "true" if conventions.delta_with_rate else "false"
        self._settings.setValue("delta_with_rate", with_rate)
        self._settings.setValue("names", conventions.names)

    def _is_set(self, key: str) -> bool:
        return self._settings.value(key, "false", type=str) == "true"

    def layout(self, part: str) -> QByteArray:
        """Return the remembered layout of a part of the window; empty when there is none."""
        value = self._settings.value(f"layout/{part}", QByteArray(), type=QByteArray)
        return value if isinstance(value, QByteArray) else QByteArray()

    def set_layout(self, part: str, state: QByteArray) -> None:
        """Remember the layout of a part of the window."""
        self._settings.setValue(f"layout/{part}", state)

    def _number(self, key: str, usual: float) -> float:
        try:
            number = float(str(self._settings.value(key, usual)))
        except ValueError:
            return usual
        return number if math.isfinite(number) else usual
