"""Ian Goodfellow, Yoshua Bengio and Aaron Courville, “Deep Learning”, 2016, section 6.1.

https://www.deeplearningbook.org/contents/mlp.html, “Example: Learning XOR”: a linear model's best
is ½ everywhere; a 2-2-1 network with ReLU is right. All numbers are whole and printed exactly.
"""

import numpy as np
import pytest

from nnsim import Document, Network, Samples, Settings, metrics, train
from nnsim.engine.forward import forward
from tests.worked_examples.as_printed import rounded

XOR = Samples([[0, 0], [0, 1], [1, 0], [1, 1]], [[0], [1], [1], [0]])


@pytest.fixture
def network():
    weights = [[[1, 1], [1, 1]], [[1, -2]]]
    return Network.dense([2, 2, 1], ["relu", "linear"], weights, [[0, -1], None])


def test_the_hidden_layer(network):
    passed = forward(network, XOR.inputs)

    assert passed.pre_activations[0].tolist() == [[0, -1], [1, 0], [1, 0], [2, 1]]  # XW + c
    assert np.maximum(passed.pre_activations[0], 0).tolist() == [[0, 0], [1, 0], [1, 0], [2, 1]]


def test_the_outputs_are_right_for_every_sample(network):
    assert forward(network, XOR.inputs).outputs.tolist() == XOR.expected.tolist()
    assert metrics(Document(network, XOR)).loss == 0


def test_a_linear_model_learns_weights_0_and_bias_one_half():
    start = Network.dense([2, 1], ["linear"], [[[0.7, -0.3]]], [[0.2]])
    settings = Settings(learning_rate=0.5, loss="squared", batch_size=0)
    trained = train(Document(start, XOR, settings), 1000).document

    assert trained.network.parameters.tolist() == pytest.approx([0, 0, 0.5], abs=1e-12)
    assert rounded(forward(trained.network, XOR.inputs).outputs, 1) == ["0.5"] * 4
