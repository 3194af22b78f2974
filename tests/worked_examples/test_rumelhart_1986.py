"""Rumelhart, Hinton and Williams, “Learning Internal Representations by Error Propagation”, 1986.

Parallel Distributed Processing, volume 1, chapter 8, figure 2: exclusive-or with one hidden unit.
The inputs go to it and past it to the output, all four with the weight 1; its weight to the output
is −2; the thresholds are 1.5 for the hidden unit and 0.5 for the output.
"""

import pytest

from nnsim import Document, Layer, Network, Samples
from nnsim.engine.forward import forward


@pytest.fixture
def network():
    layers = [Layer(("threshold(1.5)",), False), Layer(("threshold(0.5)",), False, reach=2)]
    return Network(2, layers, [1, 1, 1, 1, -2])


@pytest.mark.parametrize(
    ("inputs", "hidden", "output"),
    [([0, 0], 0, 0), ([0, 1], 0, 1), ([1, 0], 0, 1), ([1, 1], 1, 0)],
)
def test_it_is_exclusive_or(network, inputs, hidden, output):
    trace = Document(network, Samples([inputs], [[output]])).trace()

    assert (trace.neuron(1, 0).output, trace.outputs[0]) == (hidden, output)


def test_without_the_hidden_unit_it_is_or(network):
    cut = network.without(network.refs_out_of(1, 0))
    outputs = forward(cut, Samples([[0, 0], [0, 1], [1, 0], [1, 1]], [[0]] * 4).inputs).outputs

    assert outputs[:, 0].tolist() == [0, 1, 1, 1]
