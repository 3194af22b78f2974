"""What Undo calls the change of a number or of settings: learning rate 1 → 0.5."""

from dataclasses import fields

from PySide6.QtCore import QObject

from nnsim.engine.settings import Settings
from nnsim.tracing.wording import on_paper

NAMED_SETTINGS = 2
"""Of more settings that change at once only their number is said."""


def changed(name: str, old: object, new: object) -> str:
    """Return what a value was and is now."""
    return f"{name} {_said(old)} → {_said(new)}"


def settings_changed(translator: QObject, old: Settings, new: Settings) -> str:
    """Return which settings were what and are what now; with many only how many they are."""
    names = [f.name for f in fields(new) if getattr(old, f.name) != getattr(new, f.name)]
    if len(names) > NAMED_SETTINGS:
        return translator.tr("{} settings").format(len(names))
    words = ((name.replace("_", " "), getattr(old, name), getattr(new, name)) for name in names)
    return ", ".join(changed(*word) for word in words)


def _said(value: object) -> str:
    if isinstance(value, bool):
        return "on" if value else "off"
    return on_paper(float(value)) if isinstance(value, float | int) else str(value)
