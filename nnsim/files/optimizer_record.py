"""What the optimizer remembers, as a project file holds it, so that training goes on to the bit."""

import msgspec
import numpy as np
from numpy.typing import NDArray

from nnsim.engine.network import Network
from nnsim.engine.optimizers import OPTIMIZERS, Moments, Optimizer
from nnsim.errors import BadFile
from nnsim.files.layer_tables import LayerNumbers, flat_numbers, number_records, place_in_file
from nnsim.model.document import MAX_STEPS, Document

Array = NDArray[np.float64]

PLACE = "optimizer"


class OptimizerRecord(msgspec.Struct, forbid_unknown_fields=True, frozen=True):
    """The steps of the optimizer so far, and its moments in the shape of the layers."""

    steps: int
    first: list[LayerNumbers] | None = None
    second: list[LayerNumbers] | None = None


def optimizer_record(document: Document) -> dict[str, object] | None:
    """Return what a file says of the optimizer; None where it is what a reader takes anyway."""
    moments = document.moments
    usual = usual_moments(document.settings.optimizer, document.network, document.position.step)
    if moments == usual:
        return None
    record: dict[str, object] = {"steps": moments.steps}
    for name in ("first", "second"):
        if len(numbers := getattr(moments, name)):
            record[name] = number_records(document.network, numbers)
    return record


def usual_moments(optimizer: str, network: Network, step: int) -> Moments:
    """Return the moments of a file that says nothing of them: nothing is remembered yet.

    An optimizer that remembers no numbers has counted the steps, to no effect.
    """
    rule = OPTIMIZERS[optimizer]
    if not (rule.uses_first or rule.uses_second):
        return Moments(step)
    return rule.begin(len(network.parameters))


def moments_from(record: OptimizerRecord, optimizer: str, network: Network) -> Moments:
    """Return the moments in a file; raise BadFile where they are not of this optimizer."""
    if not 0 <= record.steps <= MAX_STEPS:
        raise BadFile(f"{PLACE}.steps: a whole number from 0 to {MAX_STEPS} is needed here.")
    rule = OPTIMIZERS[optimizer]
    first = _moment(record.first, rule.uses_first, rule, network, f"{PLACE}.first")
    second = _moment(record.second, rule.uses_second, rule, network, f"{PLACE}.second")
    if len(negative := np.flatnonzero(second < 0)):
        place = place_in_file(network.structure, int(negative[0]), f"{PLACE}.second")
        raise BadFile(f"{place}: a mean of squares is at least 0.")
    return Moments(record.steps, first, second)


def _moment(
    layers: list[LayerNumbers] | None,
    is_used: bool,
    rule: Optimizer,
    network: Network,
    place: str,
) -> Array:
    if layers is None and is_used:
        raise BadFile(f"{place}: the optimizer {rule.name} needs these numbers.")
    if layers is None:
        return np.empty(0)
    if not is_used:
        raise BadFile(f"{place}: the optimizer {rule.name} has no such numbers.")
    return flat_numbers(layers, network.structure, place)
