"""The settings in a project file: a table made from the fields of Settings."""

from dataclasses import asdict, fields

import msgspec

from nnsim.engine.settings import Settings
from nnsim.files.json_text import convert, within

ALWAYS = ("learning_rate", "shuffle", "seed", "start_range")
"""What every file says; of the others only what differs from the default."""

_USUAL = asdict(Settings())
_Record = msgspec.defstruct(
    "_Record",
    [(field.name, field.type, field.default) for field in fields(Settings)],
    forbid_unknown_fields=True,
    frozen=True,
)


def settings_record(settings: Settings) -> dict[str, object]:
    """Return the settings as a file holds them."""
    return {
        name: value
        for name, value in asdict(settings).items()
        if name in ALWAYS or value != _USUAL[name]
    }


def settings_from(raw: dict[str, object], place: str) -> Settings:
    """Return the settings in a file; what is missing has its default.

    Raises BadFile naming an unknown key, or what has another kind or is out of range.
    """
    with within(place):
        record = convert(raw, _Record, place)
        return Settings(**msgspec.structs.asdict(record))
