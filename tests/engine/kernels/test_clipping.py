"""A gradient whose squares are too large for a number is shortened like any other."""

import pytest

from nnsim.data.samples import Samples
from nnsim.engine.by_kernels import take_steps_by_kernels
from nnsim.engine.by_numpy import take_steps_by_numpy
from nnsim.engine.network import Network
from nnsim.engine.settings import Settings
from nnsim.model.document import Document


@pytest.mark.parametrize("take", [take_steps_by_numpy, take_steps_by_kernels])
def test_a_norm_that_overflows(take):
    network = Network.dense([2, 1], ["linear"], [[[0.0, 0.0]]])
    samples = Samples([[1e80, 1.0]], [[1e80]])
    document = Document(network, samples, Settings(0.1, clip_norm=1.0))
    learned, table = document.learned, document.samples

    taken = take(learned, table.inputs, table.expected, document.settings, 1, None, None, None)

    assert taken.learned.network.parameters == pytest.approx([0.1, 1e-81], rel=1e-12)
