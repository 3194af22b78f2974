"""Networks of many layers: what a call sets up takes as long as there are layers, and no longer."""

import time

import numpy as np
import pytest

from nnsim.engine.kernels import Job, Rule, State, available
from nnsim.engine.kernels.structs import ACTIVATION_CODES

pytestmark = pytest.mark.skipif(not available(), reason="no C kernels on this machine")


def chain(layers, reach=1):
    """A job on layers of one neuron that read the last `reach` ones, and its state."""
    first = [max(0, layer + 1 - reach) for layer in range(layers)]
    width = [layer + 1 - begin for layer, begin in enumerate(first)]
    weights = np.cumsum([0, *width[:-1]]) + np.arange(layers)
    biases = weights + width
    codes = np.full(layers, ACTIVATION_CODES["tanh"], np.int32)
    ones = np.ones((1, 1))
    job = Job(
        1,
        [1] * layers,
        first,
        width,
        weights,
        biases,
        codes,
        np.zeros(layers),
        None,
        None,
        ones,
        0.5 * ones,
        Rule(learning_rate=0.1),
    )
    return job, State(np.full(job.parameter_count, 0.01))


@pytest.mark.parametrize("reach", [1, 3])
def test_a_call_on_a_deep_network_comes_back_soon(reach):
    job, state = chain(6000, reach)
    begun = time.perf_counter()

    taken = job.train(state, 1000, seconds=0.005)

    assert taken.done >= 1
    assert time.perf_counter() - begun < 2.0  # 20 milliseconds; by looking through all layers, 20 s
