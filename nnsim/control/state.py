"""The State: all that a wish may change, in one value."""

from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from nnsim.engine.network import ParameterRef
from nnsim.model.document import Document
from nnsim.model.frame import Focus, Parts
from nnsim.model.history import History
from nnsim.model.rebuilding import Fresh
from nnsim.model.run import Run

KEPT_POINTS = 65_536
"""A run in the window records no more points, so that its memory does not grow with its steps."""
FEW_PARAMETERS = 40
"""The first weight of a network that can be read at once is selected."""


@dataclass(frozen=True)
class State:
    """History, focus, file and answers; a wish that cannot be granted puts all of it back."""

    history: History
    focus: Focus
    saved: Document | None
    """The document as it was last opened or saved."""
    path: Path | None = None
    fresh: Fresh | None = None
    """Where new weights get their numbers from; None until somebody has said."""

    @classmethod
    def opened(
        cls, document: Document, path: Path | None = None, fresh: Fresh | None = None
    ) -> "State":
        """Return the state of somebody who has just opened a document."""
        few = document.network.parameter_count <= FEW_PARAMETERS
        refs = document.network.refs() if few else []
        focus = Focus(selected=refs[0] if refs else None)
        return cls(History(Run.of(document, KEPT_POINTS)), focus, document, path, fresh)

    def at(self, history: History) -> "State":
        """Return the state with another history.

        What its network does not have is not chosen, and nothing is where layers have another
        size: the same numbers may be other neurons now.
        """
        focus, network = self.focus, history.present.document.network
        before = self.history.present.document.network
        if network.sizes != before.sizes:
            focus = replace(focus, chosen=frozenset())
        if network.structure is not before.structure:
            focus = focus.within(network)
        return replace(self, history=history, focus=focus)

    def choosing(self, parts: Parts) -> "State":
        """Return the state with these parts chosen; of a weight alone the factors are shown.

        Beside neurons, or several weights, those that were shown stay: a person can edit an input
        and watch the formula.
        """
        selected = self.focus.selected if parts else None
        if len(parts) == 1:
            (part,) = parts
            selected = part if isinstance(part, ParameterRef) else selected
        return self.looking(chosen=parts, selected=selected)

    def looking(self, **focus: Any) -> "State":
        """Return the state with something else looked at (fields of Focus)."""
        return replace(self, focus=replace(self.focus, **focus))
