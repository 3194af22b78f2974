"""The ready examples: project files in resources/examples/, in the order of the menu."""

from dataclasses import dataclass

from nnsim.assets import resource
from nnsim.errors import BadFile
from nnsim.files.project import open_project
from nnsim.model.document import Document

NAMES = ("chapter", "two-layers", "or", "xor", "gesture")


@dataclass(frozen=True)
class Example:
    """A ready example: the name that opens it, and the title in the menu."""

    name: str
    title: str


def examples() -> list[Example]:
    """Return the ready examples in the order of the menu."""
    return [Example(name, open_example(name).title) for name in NAMES]


def open_example(name: str) -> Document:
    """Return the document of a ready example; raise BadFile when there is none of that name."""
    if name not in NAMES:
        raise BadFile(f"{name}: there is no such example; choose one of {', '.join(NAMES)}.")
    return open_project(resource("examples", f"{name}.nnsim"))
