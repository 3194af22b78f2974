"""What a person points at and looks at."""

from dataclasses import dataclass

from nnsim.views.diagram.emphasis import Emphasis
from nnsim.views.diagram.targets import Target
from nnsim.views.parts.theme import theme


@dataclass(frozen=True)
class Look:
    """What a person points at and has focused, beside what is selected."""

    emphasis: Emphasis
    hovered: Target | None
    focused: Target | None

    def border(self, target: Target) -> str:
        """Return the colour of a border: darker under the pointer."""
        return theme().ink if self.hovered == target else theme().border
