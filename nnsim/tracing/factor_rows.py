"""Which weights and biases a table lists, and in which order."""

from dataclasses import dataclass
from enum import Enum

import numpy as np
from numpy.typing import NDArray

from nnsim.engine.network import Network
from nnsim.engine.references import Neuron
from nnsim.tracing.factor_columns import factor_column
from nnsim.tracing.trace import Trace

Rows = NDArray[np.intp]
LARGEST = 20


class Only(Enum):
    """What is left out of the table."""

    all = "all weights and biases"
    largest = "the largest deltas"
    frozen = "frozen ones"
    zero = "those whose delta is 0"


@dataclass(frozen=True)
class Listing:
    """Sorted by a column (None: by target neuron), and what is listed at all.

    Numbers are sorted by their size, whatever their sign: the largest first, or last.
    """

    column: str | None = None
    largest_first: bool = True
    layer: int | None = None
    """Only what leads into that layer."""
    neuron: Neuron | None = None
    """Only what leads into or out of that neuron; layer 0 for an input."""
    only: Only = Only.all

    @property
    def is_plain(self) -> bool:
        """Whether it lists everything in the usual order."""
        return self == Listing()


def listed_rows(network: Network, trace: Trace | None, listing: Listing) -> Rows:
    """Return the rows to list, each a place in `network.refs()`, in their order.

    Without a trace there are no deltas: nothing is left out or sorted by what is not there.
    """
    rows = np.flatnonzero(_kept(network, trace, listing))
    if trace is None:
        return rows
    if listing.only is Only.largest:
        rows = _sorted(trace, rows, "delta", largest_first=True)[:LARGEST]
    if listing.column is not None:
        rows = _sorted(trace, np.sort(rows), listing.column, listing.largest_first)
    return rows


def _kept(network: Network, trace: Trace | None, listing: Listing) -> NDArray[np.bool_]:
    places = network.structure.places
    kept = np.ones(len(places), dtype=np.bool_)
    if listing.layer is not None and 1 <= listing.layer <= len(network.layers):
        slot = network.structure.slots[listing.layer - 1]
        kept &= (places >= slot.weights) & (places < slot.end)
    if listing.neuron is not None:
        kept &= np.isin(places, _around(network, listing.neuron))
    if listing.only is Only.frozen:
        frozen = network.structure.frozen
        kept &= np.zeros_like(kept) if frozen is None else frozen[places]
    if listing.only is Only.zero and trace is not None:
        kept &= factor_column(trace, "delta") == 0
    return kept


def _around(network: Network, neuron: Neuron) -> Rows:
    """The places of what leads into a neuron and out of it; none of one that is not there."""
    layer, index = neuron
    structure = network.structure
    if layer >= len(structure.sizes) or index >= structure.sizes[layer]:
        return np.empty(0, dtype=np.intp)
    into = structure.places_into(layer, index) if layer else np.empty(0, dtype=np.intp)
    return np.concatenate((into, structure.places_out_of(layer, index)))


def _sorted(trace: Trace, rows: Rows, column: str, largest_first: bool) -> Rows:
    """Rows by the size of a number; equal ones in their usual order, those without one last."""
    sizes = np.abs(factor_column(trace, column)[rows])
    keys = -sizes if largest_first else sizes
    return rows[np.argsort(keys, kind="stable")]  # NaN comes last
