"""The order in which an epoch visits the samples, and how it is cut into batches."""

from collections.abc import Iterable
from functools import lru_cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from nnsim.engine import kernels
from nnsim.errors import BadSamples

_GOLDEN = 0x9E3779B97F4A7C15
Whole = NDArray[np.uint64]


@lru_cache(maxsize=2)
def epoch_order(count: int, shuffle: bool, seed: int, epoch: int) -> NDArray[np.intp]:
    """Return the samples 0 … count − 1 in the order of that epoch; read-only.

    The table's order, or with shuffle a permutation that depends on (seed, epoch) and on nothing
    else, so that any step of a run can be had back: Fisher and Yates's, drawn from SplitMix64.
    """
    if not shuffle:
        order = np.arange(count, dtype=np.intp)
    elif kernels.available():
        order = kernels.epoch_order(count, shuffle, seed, epoch).astype(np.intp, copy=False)
    else:
        order = np.array(drawn(count, seed, epoch), dtype=np.intp)
    order.flags.writeable = False
    return order


def drawn(count: int, seed: int, epoch: int) -> list[int]:
    """Return the shuffled order of that epoch. The C kernels draw the same one (kernels/order.c).

    Place after place, last first, is swapped with one that is drawn from those up to it: of n
    places that with the number ⌊x·n / 2⁶⁴⌋, for a random x of 64 bits (Lemire, arXiv 1805.10941).
    """
    order = list(range(count))
    state = _mixed(_mixed(_whole(seed) + _whole(_GOLDEN)) ^ _whole(epoch))
    draws = _mixed(state + np.arange(1, count, dtype=np.uint64) * _whole(_GOLDEN))
    places = np.arange(count, 1, -1, dtype=np.uint64)
    high, low = draws >> _whole(32), draws & _whole(2**32 - 1)
    others = (high * places + (low * places >> _whole(32))) >> _whole(32)
    for last, other in zip(range(count - 1, 0, -1), others.tolist(), strict=True):
        order[last], order[other] = order[other], order[last]
    return order


def _whole(number: int) -> Whole:
    """A whole number of 64 bits, whose sums and products keep their last 64."""
    return np.array([number], dtype=np.uint64)


def _mixed(state: Whole) -> Whole:
    """The output function of SplitMix64 (Steele, Lea and Flood, OOPSLA 2014)."""
    state = (state ^ (state >> _whole(30))) * _whole(0xBF58476D1CE4E5B9)
    state = (state ^ (state >> _whole(27))) * _whole(0x94D049BB133111EB)
    return state ^ (state >> _whole(31))


def batch_at(order: NDArray[np.intp], place: int, batch_size: int) -> NDArray[np.intp]:
    """Return the samples of the batch that begins at that place of an epoch's order.

    batch_size 0: all that are left. The last batch of an epoch may be smaller.
    """
    return order[place : place + (batch_size or len(order))]


def checked_batches(batches: Any, count: int) -> list[NDArray[np.int64]]:
    """Return given batches as arrays of their own, at least one.

    Raises BadSamples for none, and by its number for one that is empty or names a sample not there.
    """
    if not isinstance(batches, Iterable) or isinstance(batches, (str, bytes)):
        batches = ()
    checked = [_checked_batch(batch, number, count) for number, batch in enumerate(batches, 1)]
    if not checked:
        raise BadSamples("The batches must be lists of samples, at least one: [[0, 3], [1, 2]].")
    return checked


def _checked_batch(batch: Any, number: int, count: int) -> NDArray[np.int64]:
    rows = _whole_numbers(batch)
    if rows is None or not len(rows):
        raise BadSamples(f"Batch {number} must be a list of samples, such as [0, 3].")
    if rows.min() < 0 or rows.max() >= count:
        raise BadSamples(
            f"Batch {number} names a sample that is not there: they count from 0 to {count - 1}."
        )
    return rows.astype(np.int64)


def _whole_numbers(batch: Any) -> NDArray[Any] | None:
    """The whole numbers of a list as an array [numbers]; None where there are others in it."""
    try:
        listed = batch if isinstance(batch, np.ndarray) else list(batch)
        rows = np.array(listed)
    except (TypeError, ValueError):
        return None
    is_whole = rows.ndim == 1 and (rows.dtype.kind in "iu" or not len(rows))
    has_switch = listed is not batch and any(isinstance(n, (bool, np.bool_)) for n in listed)
    return rows if is_whole and not has_switch else None
