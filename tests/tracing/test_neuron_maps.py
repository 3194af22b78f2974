"""Maps of neurons: their outputs at the points that the map says it shows."""

import numpy as np
import pytest

from nnsim.data.samples import Samples
from nnsim.engine.forward import forward
from nnsim.engine.initializers import with_uniform_weights
from nnsim.engine.network import Network
from nnsim.tracing.neuron_maps import SIDE, map_range, neuron_maps

NETWORK = with_uniform_weights(Network.dense([2, 5, 1], ["tanh", "sigmoid"]), seed=3)


def test_each_point_of_a_map_is_the_output_there():
    samples = Samples([[0, 5], [2, 9]], [[0], [1]])
    (left, right), (bottom, top) = map_range(samples)
    maps = neuron_maps(NETWORK, samples)
    assert [m.shape for m in maps] == [(2, SIDE, SIDE), (5, SIDE, SIDE), (1, SIDE, SIDE)]
    for row, column in ((0, 0), (SIDE - 1, 3), (7, SIDE - 1)):
        x = left + (right - left) * column / (SIDE - 1)
        y = top + (bottom - top) * row / (SIDE - 1)
        passed = forward(NETWORK, np.array([x, y]))
        for layer, outputs in enumerate(passed.activations):
            assert maps[layer][:, row, column] == pytest.approx(outputs)


@pytest.mark.parametrize(
    ("inputs", "wanted"),
    [
        ([[0, 5], [2, 9]], [[-0.2, 2.2], [4.6, 9.4]]),
        ([[1, 1]], [[-0.2, 2.2], [-0.2, 2.2]]),
    ],
)
def test_the_range_is_that_of_the_samples_and_a_little_more(inputs, wanted):
    samples = Samples(inputs, [[0]] * len(inputs))
    assert map_range(samples) == pytest.approx(np.array(wanted))
