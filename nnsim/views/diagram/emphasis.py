"""What a selection lights up, and what fades."""

from dataclasses import dataclass

from nnsim.engine.network import Network, ParameterRef


@dataclass(frozen=True)
class Emphasis:
    """Which connections carry what is selected; the others fade when it lies in a hidden layer."""

    selected: ParameterRef | None
    path: frozenset[ParameterRef]
    """The selected weight and those its error came back through."""
    fades: bool

    def is_lit(self, ref: ParameterRef) -> bool:
        """Whether a connection keeps its full strength."""
        return not self.fades or ref in self.path


def emphasis_of(network: Network, selected: ParameterRef | None) -> Emphasis:
    """Return what a selection lights up."""
    if selected is None:
        return Emphasis(None, frozenset(), False)
    hidden = selected.layer < len(network.layers)
    path = {selected}
    if hidden:
        path |= set(network.refs_out_of(selected.layer, selected.to))
    return Emphasis(selected, frozenset(path), hidden)
