"""The State: all that a wish may change, in one value."""

from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from nnsim.model.document import Document
from nnsim.model.frame import Focus
from nnsim.model.history import History
from nnsim.model.run import Run

KEPT_POINTS = 65_536
"""A run in the window records no more points, so that its memory does not grow with its steps."""
FEW_PARAMETERS = 40
"""The first weight of a network that can be read at once is selected."""


@dataclass(frozen=True)
class State:
    """History, focus and file; a wish that cannot be granted puts the whole of it back."""

    history: History
    focus: Focus
    saved: Document | None
    """The document as it was last opened or saved."""
    path: Path | None = None

    @classmethod
    def opened(cls, document: Document, path: Path | None = None) -> "State":
        """Return the state of somebody who has just opened a document."""
        few = document.network.parameter_count <= FEW_PARAMETERS
        focus = Focus(selected=document.network.refs()[0] if few else None)
        return cls(History(Run.of(document, KEPT_POINTS)), focus, document, path)

    def looking(self, **focus: Any) -> "State":
        """Return the state with something else looked at (fields of Focus)."""
        return replace(self, focus=replace(self.focus, **focus))
