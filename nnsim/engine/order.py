"""The order in which an epoch visits the samples, and how it is cut into batches."""

from collections.abc import Iterable
from functools import lru_cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from nnsim.errors import BadSamples

_MASK = 2**64 - 1
_GOLDEN = 0x9E3779B97F4A7C15


def _mixed(state: int) -> int:
    """The output function of SplitMix64 (Steele, Lea and Flood, OOPSLA 2014)."""
    state = ((state ^ (state >> 30)) * 0xBF58476D1CE4E5B9) & _MASK
    state = ((state ^ (state >> 27)) * 0x94D049BB133111EB) & _MASK
    return state ^ (state >> 31)


@lru_cache(maxsize=8)
def epoch_order(count: int, shuffle: bool, seed: int, epoch: int) -> NDArray[np.intp]:
    """Return the samples 0 … count − 1 in the order of that epoch.

    The table's order, or with shuffle a permutation that depends on (seed, epoch) and on nothing
    else, so that any step of a run can be had back: Fisher and Yates's, drawn from SplitMix64. The
    C kernels draw the same one (kernels/order.c).
    """
    order = list(range(count))
    if shuffle:
        state = _mixed(_mixed((seed + _GOLDEN) & _MASK) ^ (epoch & _MASK))
        for last in range(count - 1, 0, -1):
            state = (state + _GOLDEN) & _MASK
            other = (_mixed(state) * (last + 1)) >> 64
            order[last], order[other] = order[other], order[last]
    drawn = np.array(order, dtype=np.intp)
    drawn.flags.writeable = False
    return drawn


def batch_at(order: NDArray[np.intp], place: int, batch_size: int) -> NDArray[np.intp]:
    """Return the samples of the batch that begins at that place of an epoch's order.

    batch_size 0: all that are left. The last batch of an epoch may be smaller.
    """
    return order[place : place + (batch_size or len(order))]


def checked_batches(batches: Any, count: int) -> list[NDArray[np.int64]]:
    """Return given batches as arrays; raise BadSamples for an empty one or a sample not there."""
    if isinstance(batches, (str, bytes)) or not isinstance(batches, Iterable):
        raise BadSamples("The batches must be lists of samples, such as [[0, 3], [1, 2]].")
    checked = []
    for number, batch in enumerate(batches, start=1):
        try:
            rows = np.array(list(batch), dtype=np.int64)
        except (TypeError, ValueError, OverflowError):
            rows = np.empty((0, 0), dtype=np.int64)
        if rows.ndim != 1 or not len(rows) or not np.array_equal(rows, list(batch)):
            raise BadSamples(f"Batch {number} must be a list of samples, such as [0, 3].")
        if rows.min() < 0 or rows.max() >= count:
            raise BadSamples(
                f"Batch {number} names a sample that is not there: they count from 0 to "
                f"{count - 1}."
            )
        checked.append(rows)
    return checked
