"""The settings of training while a person chooses them, before they are used."""

from dataclasses import fields, replace
from typing import Any

from nnsim.engine.losses import LOSSES, loss_named
from nnsim.engine.named import plain_name
from nnsim.engine.settings import Settings
from nnsim.errors import NnsimError
from nnsim.model.document import Document

HUBER = "huber"
"""The number of the loss huber, which stands in the loss's name: huber(0.5)."""

WHOLE = frozenset(field.name for field in fields(Settings) if field.type is int)

_BELONGS = {
    HUBER: ("loss", ("huber",)),
    "momentum": ("optimizer", ("momentum", "nesterov")),
    "rho": ("optimizer", ("rmsprop",)),
    "beta1": ("optimizer", ("adam", "adamw")),
    "beta2": ("optimizer", ("adam", "adamw")),
    "epsilon": ("optimizer", ("rmsprop", "adagrad", "adam", "adamw")),
    "weight_decay": ("optimizer", ("adamw",)),
    "schedule_steps": ("schedule", ("step", "exponential", "cosine")),
    "schedule_factor": ("schedule", ("step", "exponential", "cosine")),
}
"""The numbers that count for some choices only."""


class SettingsDraft:
    """Settings that follow what is chosen: each valid by itself; `reason` judges all together."""

    def __init__(self, document: Document) -> None:
        self._document = document
        self.settings = document.settings
        own = loss_named(document.settings.loss)
        self._huber = own.number if self.choice("loss") == HUBER else LOSSES[HUBER].number

    def choice(self, name: str) -> str:
        """Return what is chosen, without its number."""
        return plain_name(str(getattr(self.settings, name)))

    def number(self, name: str) -> float:
        """Return a number of the settings."""
        return self._huber if name == HUBER else float(getattr(self.settings, name))

    def belongs(self, name: str) -> bool:
        """Whether a number counts for what is chosen."""
        if name not in _BELONGS:
            return True
        field, choices = _BELONGS[name]
        return self.choice(field) in choices

    def take(self, name: str, value: Any) -> None:
        """Take over what was chosen or typed; raises BadSetting when it cannot be by itself."""
        self.settings = self._with(name, value)
        if name == HUBER:
            self._huber = value

    def why_not(self, name: str, value: Any) -> str:
        """Why a value cannot be by itself; empty when it can."""
        try:
            self._with(name, value)
        except NnsimError as error:
            return str(error)
        return ""

    def reason(self) -> str:
        """Why the document cannot be trained like this; empty when it can."""
        try:
            replace(self._document, settings=self.settings)
        except NnsimError as error:
            return str(error)
        return ""

    def changes(self) -> dict[str, Any]:
        """Return what differs from the document's settings, by its names."""
        old, new = self._document.settings, self.settings
        names = (field.name for field in fields(Settings))
        return {n: getattr(new, n) for n in names if getattr(old, n) != getattr(new, n)}

    def _with(self, name: str, value: Any) -> Settings:
        if name == HUBER or (name, value) == ("loss", HUBER):
            name, value = "loss", _huber(value if name == HUBER else self._huber)
        elif name in WHOLE and float(value).is_integer():
            value = int(value)
        return replace(self.settings, **{name: value})


def _huber(number: float) -> str:
    return HUBER if number == LOSSES[HUBER].number else f"{HUBER}({number!r})"
