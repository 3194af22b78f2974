"""The one sample that a new network begins with."""

import numpy as np
from numpy.typing import NDArray

from nnsim.data.samples import Samples
from nnsim.engine.losses import Loss, check_expected
from nnsim.engine.network import Network
from nnsim.errors import BadSamples


def first_sample(network: Network, loss: Loss, inputs: float = 0.0) -> Samples:
    """Return one sample with all inputs alike, whose expected outputs suit the loss.

    They are zeros where the loss takes zeros, else those of the first class: 1, 0, 0 or 1, −1, −1.
    """
    first_class = np.zeros((1, network.output_count))
    first_class[0, 0] = 1.0
    choices = (np.zeros_like(first_class), first_class, 2.0 * first_class - 1.0)
    expected = next(choice for choice in choices if _suits(loss, choice))
    return Samples(np.full((1, network.input_count), inputs), expected)


def _suits(loss: Loss, expected: NDArray[np.float64]) -> bool:
    try:
        check_expected(loss, expected)
    except BadSamples:
        return False
    return True
