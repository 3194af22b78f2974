"""How good a network is on a table of samples: loss, error of each output, accuracy."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from nnsim.engine.forward import forward
from nnsim.engine.losses import LOSSES, Loss
from nnsim.engine.network import Network

Array = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Metrics:
    """What a network makes of many samples."""

    loss: float
    """The mean over the samples of E, without penalties."""
    errors: Array
    """The mean over the samples of |output − expected|, for each output."""
    accuracy: float
    """The part of the samples whose class is right, from 0 to 1.

    With several outputs the class is the largest output. With one it is the side of the middle
    between the lowest and the highest expected output of the table that the output lies on.
    """


def metrics_of(
    network: Network, inputs: Array, expected: Array, loss: Loss = LOSSES["half_squared"]
) -> Metrics:
    """Measure a network on samples: inputs [samples, inputs], expected [samples, outputs].

    All are NaN when there are no samples.
    """
    if not len(inputs):
        return Metrics(np.nan, np.full(expected.shape[1], np.nan), np.nan)
    passed = forward(network, inputs)
    with np.errstate(all="ignore"):
        losses = loss.of_samples(passed.outputs, expected, passed.pre_activations[-1])
        errors = np.abs(passed.outputs - expected).mean(axis=0)
        right = _classes(passed.outputs, expected) == _classes(expected, expected)
        return Metrics(float(losses.mean()), errors, float(right.mean()))


def _classes(values: Array, expected: Array) -> NDArray[np.intp]:
    if values.shape[1] > 1:
        return np.asarray(values.argmax(axis=1), dtype=np.intp)
    middle = (expected.min() + expected.max()) / 2.0
    return np.asarray(values[:, 0] > middle, dtype=np.intp)
