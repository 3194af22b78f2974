"""Michael Negnevitsky, “Artificial Intelligence: A Guide to Intelligent Systems”, 2nd ed., 2005.

Section 6.4: a 2-2-1 sigmoid network for exclusive-or, the first training sample (1, 1) → 0, with
learning rate 0.1. Printed to four digits, rounded. A threshold θ there is a weight from a fixed
input −1, so it is minus our bias; its error gradient δ is minus our error signal.
"""

import pytest

from nnsim import Document, Network, Samples, Settings, train
from tests.worked_examples.as_printed import of_layer, rounded


def document_with(weights, thresholds, **settings):
    biases = [[-threshold for threshold in row] for row in thresholds]
    network = Network.dense([2, 2, 1], ["sigmoid", "sigmoid"], weights, biases)
    samples = Samples([[1, 1], [0, 1], [1, 0], [0, 0]], [[0], [1], [1], [0]])
    return Document(network, samples, Settings(**settings))


@pytest.fixture
def document():
    weights = [[[0.5, 0.4], [0.9, 1.0]], [[-1.2, 1.1]]]
    return document_with(weights, [[0.8, -0.1], [0.3]], learning_rate=0.1)


def test_the_outputs_and_the_error(document):
    trace = document.trace()

    assert rounded(of_layer(trace, 1, "output"), 4) == ["0.5250", "0.8808"]
    assert rounded([*trace.outputs, *trace.errors], 4) == ["0.5097", "0.5097"]


def test_the_error_gradients(document):
    trace = document.trace()
    gradients = [-signal for layer in (1, 2) for signal in of_layer(trace, layer, "signal")]

    assert rounded(gradients, 4) == ["0.0381", "-0.0147", "-0.1274"]


def test_the_weight_corrections(document):
    step = document.trace().step
    hidden, outputs = document.network.weights_in(step.update)

    assert rounded(outputs, 4) == ["-0.0067", "-0.0112"]
    assert rounded(hidden[:, 0], 4) == rounded(hidden[:, 1], 4) == ["0.0038", "-0.0015"]


def test_the_new_weights_and_thresholds(document):
    network = train(document, 1).document.network
    hidden, outputs = network.weights

    assert rounded(hidden[0], 4) == ["0.5038", "0.4038"]  # w13, w23
    assert rounded(hidden[1], 4) == ["0.8985", "0.9985"]  # w14, w24
    assert rounded(outputs, 4) == ["-1.2067", "1.0888"]  # w35, w45
    assert rounded(-network.biases[0], 4) == ["0.7962", "-0.0985"]  # θ3, θ4
    assert rounded(-network.biases[1], 4) == ["0.3127"]  # θ5


def test_the_trained_network():
    """Its weights after 224 epochs, the outputs they give, and the sum of squared errors 0.0010."""
    weights = [[[4.7621, 4.7618], [6.3917, 6.3917]], [[-10.3788, 9.7691]]]
    trained = document_with(weights, [[7.3061, 2.8441], [4.5589]], loss="squared")
    traces = [trained.trace(sample) for sample in range(4)]

    outputs = rounded([trace.outputs for trace in traces], 4)
    assert outputs == ["0.0155", "0.9849", "0.9849", "0.0175"]
    assert rounded([sum(trace.loss for trace in traces)], 4) == ["0.0010"]
