"""What a person points at and looks at."""

from dataclasses import dataclass

from nnsim.engine.references import Neuron
from nnsim.views.diagram.emphasis import Emphasis
from nnsim.views.diagram.line_pens import FADED
from nnsim.views.diagram.strokes import blended
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

    def node_border(self, neuron: Neuron) -> str:
        """Return the colour of a neuron's border: faded where another one is in focus."""
        layer, index = neuron
        target = Target("neuron", index, layer) if layer else Target("input", index)
        if self.emphasis.is_near(neuron) or self.hovered == target:
            return self.border(target)
        return blended(theme().border, theme().background, FADED).name()
