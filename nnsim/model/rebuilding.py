"""What a change of structure makes of a whole document: numbers, samples, the optimizer's state."""

from dataclasses import replace
from enum import Enum

import numpy as np
from numpy.typing import NDArray

from nnsim.data.samples import MAX_CELLS, Samples
from nnsim.engine.initializers import INITIALIZERS
from nnsim.engine.losses import Loss, check_expected
from nnsim.engine.network import Network
from nnsim.engine.optimizers import Moments
from nnsim.engine.rearrangement import Rearrangement
from nnsim.engine.references import Neuron
from nnsim.engine.settings import Settings
from nnsim.engine.structure import Structure
from nnsim.errors import BadSamples
from nnsim.model.document import Document

Array = NDArray[np.float64]
Columns = NDArray[np.intp]


class Fresh(Enum):
    """Where new weights and biases get their numbers from."""

    zero = "zero"
    start_rule = "start rule"
    """The initializer of the settings: a function of the seed, the place and the new sizes."""


def rebuilt(
    document: Document, change: Rearrangement, fresh: Fresh, source: Network | None = None
) -> Document:
    """Carry a document over to another structure of its network.

    Weights and biases that stay keep their numbers, in the network and in the start weights, and
    their optimizer's state; for new ones that begins at 0. Names, notes and places go with their
    neurons. A new input is 0 in every sample, and so is what a new output is expected to be (−1 for
    the hinge loss). source: the network that copied numbers are of, the document's when not given.
    Raises BadSamples or BadSetting where samples or loss do not suit what becomes of the outputs.
    """
    drawn = _drawn(change.structure, document.settings) if fresh is Fresh.start_rule else 0.0
    validation = document.validation
    return replace(
        document,
        network=_carried(change, document.network, source or document.network, drawn),
        start=_carried(change, document.start, source or document.start, drawn),
        moments=_moments(document.moments, change),
        samples=_samples(document, document.samples, change, "sample"),
        validation=None
        if validation is None
        else _samples(document, validation, change, "validation sample"),
        drawing=document.drawing.moved(change.moved),
    )


def _carried(
    change: Rearrangement, network: Network, source: Network, drawn: Array | float
) -> Network:
    """The network after the change; what is fresh is drawn, what is copied is the source's."""
    new = np.where(change.copied >= 0, source.parameters[change.copied], drawn)
    return Network.on(change.structure, change.vector(network.parameters, new))


def _moments(moments: Moments, change: Rearrangement) -> Moments:
    """What the optimizer remembers, 0 of what is new; empty where it remembers nothing."""
    first, second = (
        change.vector(old, 0.0) if len(old) else old for old in (moments.first, moments.second)
    )
    return replace(moments, first=first, second=second)


def _drawn(structure: Structure, settings: Settings) -> Array:
    """Start weights for every place; other ones than those of the same seed in another network,
    or a new neuron could be given the very weights that its neighbour was once given."""
    draw = np.random.default_rng([settings.seed, structure.slot_count, *structure.sizes])
    return INITIALIZERS[settings.initializer](structure, draw, settings.start_range)


def _samples(document: Document, samples: Samples, change: Rearrangement, what: str) -> Samples:
    """The samples with a column for each input and output of the new network."""
    old, new = document.network.sizes, change.structure.sizes
    inputs = _kept_columns(change.moved, (0, old[0]), (0, new[0]))
    outputs = _kept_columns(change.moved, (len(old) - 1, old[-1]), (len(new) - 1, new[-1]))
    if (outputs < 0).all():  # another layer has become the outputs
        outputs = np.where(np.arange(new[-1]) < old[-1], np.arange(new[-1]), -1)
    if _same(inputs, old[0]) and _same(outputs, old[-1]):
        return samples
    loss = document.settings.loss_function
    blank = -1.0 if loss.name == "hinge" else 0.0
    expected = _columns(samples.expected, outputs, blank)
    _check_still_suits(loss, expected, what)
    return Samples(_columns(samples.inputs, inputs, 0.0), expected)


def _kept_columns(
    moved: dict[Neuron, Neuron], old: tuple[int, int], new: tuple[int, int]
) -> Columns:
    """For each neuron of a new layer (number, size) its index in the old layer; −1 for none."""
    columns = np.full(new[1], -1)
    for index in range(old[1]):
        layer, place = moved.get((old[0], index), (-1, -1))
        if layer == new[0]:
            columns[place] = index
    return columns


def _same(columns: Columns, count: int) -> bool:
    return len(columns) == count and bool((columns == np.arange(count)).all())


def _columns(table: Array, columns: Columns, blank: float) -> Array:
    """The columns of a table in another order, with blank ones for −1."""
    if len(table) * len(columns) > MAX_CELLS:
        raise BadSamples(
            f"{len(columns):,} columns for {len(table):,} samples are "
            f"{len(table) * len(columns):,} cells; the limit is {MAX_CELLS:,}."
        )
    chosen = table[:, columns]
    chosen[:, columns < 0] = blank
    return chosen


def _check_still_suits(loss: Loss, expected: Array, what: str) -> None:
    """Refuse to leave expected outputs that the loss cannot use."""
    try:
        check_expected(loss, expected, what)
    except BadSamples as error:
        raise BadSamples(
            f"{str(error).rstrip('.')} without what this edit takes away: "
            "change them first, or choose another loss."
        ) from error
