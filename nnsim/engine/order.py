"""The order in which an epoch visits the samples."""

from functools import lru_cache

import numpy as np
from numpy.typing import NDArray


@lru_cache(maxsize=8)
def epoch_order(count: int, shuffle: bool, seed: int, epoch: int) -> NDArray[np.intp]:
    """Return the samples 0 … count − 1 in the order of that epoch.

    The table's order, or with shuffle a permutation that depends on (seed, epoch) and on nothing
    else, so that any step of a run can be had back.
    """
    order = np.random.default_rng((seed, epoch)).permutation(count) if shuffle else np.arange(count)
    order.flags.writeable = False
    return order
