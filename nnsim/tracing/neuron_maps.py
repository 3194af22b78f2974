"""Maps of a network's neurons: the output of each over two inputs."""

import numpy as np
from numpy.typing import NDArray

from nnsim.data.samples import Samples
from nnsim.engine.forward import forward
from nnsim.engine.network import Network

SIDE = 22
"""A map has so many points each way."""
MARGIN = 0.1
"""So much of the samples' range is shown beyond it on each side."""

Array = NDArray[np.float64]


def map_range(samples: Samples) -> Array:
    """Return the least and the largest of each input that maps show, [2, 2], one row an input.

    It is the samples' range and a little more; −1 … 1 where there are none, and never empty.
    """
    inputs = samples.inputs
    if not len(inputs) or inputs.shape[1] != 2 or not np.isfinite(inputs).all():
        return np.array([[-1.0, 1.0], [-1.0, 1.0]])
    low, high = inputs.min(axis=0), inputs.max(axis=0)
    wide = np.where(high > low, high - low, 2.0)
    middle = (low + high) / 2
    half = wide * (0.5 + MARGIN)
    return np.column_stack((middle - half, middle + half))


def neuron_maps(network: Network, samples: Samples) -> list[Array]:
    """Return for each layer, inputs first, the outputs of its neurons, [neurons, 22, 22].

    The first input grows from left to right, the second from bottom to top, over `map_range`.
    network: one with two inputs.
    """
    (left, right), (bottom, top) = map_range(samples)
    across, up = np.linspace(left, right, SIDE), np.linspace(top, bottom, SIDE)
    grid = np.stack(np.meshgrid(across, up), axis=-1).reshape(-1, 2)
    passed = forward(network, grid)
    return [outputs.T.reshape(-1, SIDE, SIDE) for outputs in passed.activations]
