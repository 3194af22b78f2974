"""What a selection lights up, and what fades."""

from dataclasses import dataclass, field
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from nnsim.engine.network import Network, ParameterRef
from nnsim.engine.references import Neuron
from nnsim.engine.structure import Structure
from nnsim.model.frame import Parts

Places = NDArray[np.intp]


@dataclass(frozen=True)
class Emphasis:
    """Which connections carry what is selected; the others fade.

    Nothing fades while a weight into an output is selected: its way is short.
    """

    selected: ParameterRef | None
    path: frozenset[ParameterRef]
    """The selected weight and those its error came back through, or all of the neuron in focus."""
    fades: bool
    places: Places = field(default_factory=lambda: np.empty(0, np.intp), compare=False)
    """Where the weights of the path stand among the parameters."""
    near: frozenset[Neuron] = frozenset()
    """The neuron in focus, and those it is connected with."""
    focus: Neuron | None = None
    """The one neuron that is chosen: all its weights show their numbers."""

    def is_lit(self, ref: ParameterRef) -> bool:
        """Whether a connection keeps its full strength."""
        return not self.fades or ref in self.path

    def is_near(self, neuron: Neuron) -> bool:
        """Whether a neuron keeps its border."""
        return self.focus is None or neuron in self.near


NOTHING: Parts = frozenset()


def emphasis_of(
    network: Network, selected: ParameterRef | None, chosen: Parts = NOTHING
) -> Emphasis:
    """Return what a selection lights up; a single chosen neuron is in focus."""
    part = next(iter(chosen)) if len(chosen) == 1 else None
    focus = None if isinstance(part, ParameterRef) else part
    return _emphasis(network.structure, selected, focus)


@lru_cache(maxsize=8)
def _emphasis(
    structure: Structure, selected: ParameterRef | None, focus: Neuron | None
) -> Emphasis:
    if focus is not None:
        into = structure.places_into(*focus) if focus[0] else np.empty(0, np.intp)
        places = np.concatenate((into, structure.places_out_of(*focus)))
        path = frozenset(structure.ref_in(place) for place in places.tolist())
        near = {focus, *((ref.layer, ref.to) for ref in path)}
        near |= {(ref.from_layer, ref.source) for ref in path if ref.source is not None}
        return Emphasis(selected, path, True, places, frozenset(near), focus)
    if selected is None:
        return Emphasis(None, frozenset(), False)
    hidden = selected.layer < len(structure.layers)
    refs = [selected, *(structure.refs_out_of(selected.layer, selected.to) if hidden else [])]
    places = np.array([structure.index_of(ref) for ref in refs], np.intp)
    return Emphasis(selected, frozenset(refs), hidden, places)
